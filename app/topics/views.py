"""What a network wishes to talk about: ask, propose, "matters to me too", choose one for a meeting."""

from flask import Blueprint, abort, flash, g, redirect, request
from flask_babel import gettext as _
from flask_babel import ngettext
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
from app.swaps.actions import ask_who_brings
from app.topics import actions, queries
from app.topics.forms import KINDS, ChoiceForm, TopicForm
from app.topics.models import Topic
from app.topics.themes import themes as shared_themes

pages = Blueprint("topics", __name__)
Answer = tuple[str, int] | Response


def by_link() -> bool:
    return bool((request.view_args or {}).get("token"))


def manages(person: Person, network: Network) -> bool:
    """A link gives nobody the rights of a manager."""
    return not by_link() and networks.manages(person, network)


def sits(person: Person, network: Network) -> bool:
    return networks.takes_part(person, network, today(network.timezone))


def _meetings(person: Person, network: Network) -> list[Meeting]:
    return queries.to_choose_for(person, network, now(), manages=manages(person, network))


def _form(person: Person, network: Network, *, sent: bool = False) -> TopicForm:
    """A link of a page chooses what is asked; nothing is asked before the button."""
    kind = request.args.get("kind", "")
    chosen = {"kind": kind} if kind in [each.value for each in KINDS] else {}
    form = TopicForm() if sent else TopicForm(formdata=None, **chosen)
    return form.fitting(network, networks.current_membership(person, network, today(network.timezone)))


def _page(person: Person, network: Network, form: TopicForm | None = None, choice: ChoiceForm | None = None) -> Answer:
    day, at = today(network.timezone), now()
    wished = queries.open_topics([network.id], day)[network.id]
    asked = sorted((each for each in wished if each.topic.asked_now(at)), key=lambda each: each.topic.created_at)
    free = [meeting for meeting in _meetings(person, network) if not meeting.has_topic]
    shown = choice or ChoiceForm(formdata=None)
    shown.offer(free, wished)
    return web.page(
        "topics/show.html",
        422 if form or choice else 200,
        network=network,
        person=person,
        wished=[each for each in wished if each not in asked],
        asked=asked[::-1],
        elsewhere=queries.open_elsewhere(network, day),
        answered=queries.answered(network, day),
        mine=queries.mattering_to(person, network),
        takes_part=sits(person, network),
        manages=manages(person, network),
        form=form or _form(person, network),
        choice=shown,
        talked_about=queries.meetings_with_topic(network),
        most=None if "all" in request.args else queries.MOST,
    )


def done(network: Network, said: str, number: int | None = None) -> Response:
    """Back to the list, or to one topic."""
    slug = network.slug
    db.session.commit()
    flash(said)
    return redirect(web.own_url("topics.topic", slug, number=number) if number else web.own_url("topics.show", slug))


def _mattering(person: Person, network: Network, number: int) -> Topic:
    """To whom it matters only who takes part can say."""
    topic = access.within(network, Topic, number)
    if not sits(person, network) or topic.state in ("hidden", "withdrawn"):
        abort(404)
    if not topic.is_open:
        raise Refused(_("This topic has been chosen for a meeting."))
    return topic


@access.own_network(pages, "/topics", methods=["GET"])
def show(person: Person, network: Network) -> Answer:
    return _page(person, network)


@access.own_network(pages, "/topics", methods=["POST"])
def propose(person: Person, network: Network) -> Answer:
    membership = networks.current_membership(person, network, today(network.timezone))
    if membership is None and not manages(person, network):
        abort(404)
    form = _form(person, network, sent=True)
    if not form.validate():
        return _page(person, network, form)
    topic, new = actions.propose(network, form.asked(membership), person, now())
    if membership and not (new and topic.unnamed):
        actions.wish(topic, person, now())
    return done(network, _proposed(topic, new, takes_part=membership is not None), topic.id if topic.asks else None)


def _proposed(topic: Topic, new: bool, *, takes_part: bool) -> str:
    if new and topic.asks:
        told = len(queries.mails_about(topic, "Q1"))
        return (
            _("Asked.")
            + " "
            + ngettext(
                "One person hears of it with their next mail, or at once if they chose so.",
                "%(num)s people hear of it with their next mail, or at once if they chose so.",
                told,
            )
        )
    if new:
        return _("Your topic stands on the list.")
    if takes_part:
        return _("This topic stood on the list already; now it matters to you too.")
    return _("This topic stands on the list already.")


@access.own_network(pages, "/topics/<int:number>/wish", methods=["POST"])
def wish(person: Person, network: Network, number: int) -> Answer:
    actions.wish(_mattering(person, network, number), person, now())
    return done(network, _("Noted: this topic matters to you too."))


@access.own_network(pages, "/topics/<int:number>/wish/removal", methods=["POST"])
def unwish(person: Person, network: Network, number: int) -> Answer:
    actions.unwish(_mattering(person, network, number), person, now())
    return done(network, _("Noted: this topic does not matter to you any more."))


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
    topic, meeting = access.within(network, Topic, form.topic.data), meetings[form.meeting.data]
    actions.take(topic, meeting, now())
    return done(
        network, _("Chosen. It stands in everybody's calendar and in the mails to come.") + brought_in(topic, person)
    )


def brought_in(topic: Topic | None, person: Person) -> str:
    """Ask the organisation that brings a chosen topic in whether it prepares; what the page says of that."""
    swap = ask_who_brings(topic, person, now()) if topic else None
    if swap is None or topic is None or topic.brings is None:
        return ""
    return " " + _(
        "%(organisation)s brings it in and is asked to prepare that meeting.", organisation=topic.brings.name
    )


@access.own_network(pages, "/topics/<int:number>/release", methods=["POST"])
def release(person: Person, network: Network, number: int) -> Answer:
    topic = access.within(network, Topic, number)
    if topic.meeting is None or topic.meeting not in _meetings(person, network):
        abort(404)
    actions.release(topic, now())
    return done(network, _("It is back on the list; its meeting has no topic now."))


@pages.get("/themes")
@access.manager
def themes() -> Answer:
    """What moves several of the networks one manages."""
    ids = [network.id for network in networks.managed_networks(g.person)]
    return web.page("topics/themes.html", themes=shared_themes(ids, now()))
