"""What a network wishes to talk about: propose, "matters to me too", choose one for a meeting."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clock import now, today
from app.edge import web
from app.errors import Refused
from app.extensions import db
from app.meetings.models import Meeting
from app.networks import access
from app.networks import queries as networks
from app.networks.models import Network
from app.people.models import Person
from app.topics import actions, queries
from app.topics.forms import ChoiceForm, TopicForm
from app.topics.models import Topic

pages = Blueprint("topics", __name__)
Answer = tuple[str, int] | Response


def _token() -> str | None:
    return (request.view_args or {}).get("token")


def _manages(person: Person, network: Network) -> bool:
    """A link gives nobody the rights of a manager."""
    return not _token() and networks.manages(person, network)


def _takes_part(person: Person, network: Network) -> bool:
    return networks.takes_part(person, network, today(network.timezone))


def _meetings(person: Person, network: Network) -> list[Meeting]:
    return queries.to_choose_for(person, network, now(), manages=_manages(person, network))


def _url(endpoint: str, **values: Any) -> str:
    """A page of this area, by link for who came by link."""
    token = _token()
    return (
        url_for(f"topics.{endpoint}_by_link", token=token, **values)
        if token
        else url_for(f"topics.{endpoint}", **values)
    )


def _page(person: Person, network: Network, form: TopicForm | None = None, choice: ChoiceForm | None = None) -> Answer:
    wished = queries.open_topics([network.id], today(network.timezone))[network.id]
    free = [meeting for meeting in _meetings(person, network) if not meeting.has_topic]
    shown = choice or ChoiceForm(formdata=None)
    shown.offer(free, wished)
    return web.page(
        "topics/show.html",
        422 if form or choice else 200,
        network=network,
        person=person,
        token=_token(),
        url=_url,
        wished=wished,
        mine=queries.mattering_to(person, network),
        takes_part=_takes_part(person, network),
        manages=_manages(person, network),
        form=form or TopicForm(formdata=None),
        choice=shown,
        talked_about=queries.meetings_with_topic(network),
    )


def _done(network: Network, said: str) -> Response:
    slug = network.slug
    db.session.commit()
    flash(said)
    return redirect(_url("show", slug=slug))


def _open(network: Network, number: int) -> Topic:
    topic = access.within(network, Topic, number)
    if not topic.is_open:
        raise Refused(_("This topic has been chosen for a meeting."))
    return topic


def _mattering(person: Person, network: Network, number: int) -> Topic:
    """To whom it matters only who takes part can say."""
    topic = _open(network, number)
    if not _takes_part(person, network):
        abort(404)
    return topic


@access.own_network(pages, "/topics", methods=["GET"])
def show(person: Person, network: Network) -> Answer:
    return _page(person, network)


@access.own_network(pages, "/topics", methods=["POST"])
def propose(person: Person, network: Network) -> Answer:
    form, takes_part = TopicForm(), _takes_part(person, network)
    if not takes_part and not _manages(person, network):
        abort(404)
    if not form.validate():
        return _page(person, network, form)
    topic, new = actions.propose(network, form.title.data, person, now())
    if takes_part:
        actions.wish(topic, person, now())
    return _done(network, _proposed(new, takes_part))


def _proposed(new: bool, takes_part: bool) -> str:
    if new:
        return _("Your topic stands on the list.")
    if takes_part:
        return _("This topic stood on the list already; now it matters to you too.")
    return _("This topic stands on the list already.")


@access.own_network(pages, "/topics/<int:number>/wish", methods=["POST"])
def wish(person: Person, network: Network, number: int) -> Answer:
    actions.wish(_mattering(person, network, number), person, now())
    return _done(network, _("Noted: this topic matters to you too."))


@access.own_network(pages, "/topics/<int:number>/wish/removal", methods=["POST"])
def unwish(person: Person, network: Network, number: int) -> Answer:
    actions.unwish(_mattering(person, network, number), person, now())
    return _done(network, _("Noted: this topic does not matter to you any more."))


@access.own_network(pages, "/topics/<int:number>/removal", methods=["POST"])
def remove(person: Person, network: Network, number: int) -> Answer:
    topic = _open(network, number)
    if topic.person_id != person.id and not _manages(person, network):
        abort(404)
    actions.remove(topic, now())
    return _done(network, _("The topic is off the list."))


@access.own_network(pages, "/topics/choice", methods=["POST"])
def take(person: Person, network: Network) -> Answer:
    meetings = {meeting.id: meeting for meeting in _meetings(person, network)}
    if not meetings:
        abort(404)
    form = ChoiceForm()
    wished = queries.open_topics([network.id], today(network.timezone))[network.id]
    form.offer([meeting for meeting in meetings.values() if not meeting.has_topic], wished)
    if not form.validate():
        return _page(person, network, choice=form)
    topic = access.within(network, Topic, form.topic.data)
    actions.take(topic, meetings[form.meeting.data], now())
    return _done(network, _("Chosen. It stands in everybody's calendar and in the mails to come."))
