"""Asking for a swap, answering, taking it back: signed in or by mail link; the manager on an organisation's behalf."""

from flask import Blueprint, abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clock import now
from app.edge import web
from app.extensions import db
from app.meetings.models import Duty, Meeting
from app.networks import access
from app.networks.models import Network
from app.people.models import Person
from app.swaps import actions, queries
from app.swaps.forms import AskForm
from app.swaps.models import Swap, SwapOffer
from app.turns.views import duty_of

pages = Blueprint("swaps", __name__)
Answer = str | tuple[str, int] | Response


def _page(duty: Duty, form: AskForm, partners: tuple[queries.Partner, ...], status: int = 200) -> Answer:
    return web.page("swaps/ask.html", status, duty=duty, form=form, partners=partners)


@access.own(pages, "/duties/<int:number>/swap", methods=["GET"])
def ask(person: Person, network: Network | None, number: int) -> Answer:
    duty = duty_of(person, network, number)
    return _page(duty, AskForm(formdata=None), queries.partners(duty, now()))


@access.own(pages, "/duties/<int:number>/swap", methods=["POST"])
def send(person: Person, network: Network | None, number: int) -> Answer:
    duty, form = duty_of(person, network, number), AskForm()
    partners = queries.partners(duty, now())
    form.offer(partners)
    if not form.validate() or not form.chosen:
        form.wanted.errors = [_("Tick at least one.")]
        return _page(duty, form, partners, 422)
    swap = actions.ask(duty, form.chosen, form.words.data or "", person, now())
    return _done(swap.meeting, asked(swap))


def asked(swap: Swap) -> str:
    silent = ", ".join(each.name for each in queries.not_mailed(swap))
    said = [
        _("Asked. You hear from us as soon as somebody answers."),
        _(
            "%(names)s: nobody there has a mail address. Please phone; the manager writes down the answer.",
            names=silent,
        ),
    ]
    return " ".join(said if silent else said[:1])


def _done(meeting: Meeting, said: str) -> Response:
    slug, number = meeting.network.slug, meeting.id
    db.session.commit()
    flash(said)
    answer: Response = web.back_to_meeting(slug, number)
    return answer


def _swap(person: Person, network: Network | None, swap: Swap, organisation_id: int) -> Swap:
    """The request, when the person may speak for that organisation in it."""
    if network is not None and swap.network_id != network.id:
        abort(404)
    day, by_link = swap.meeting.day, network is None
    if not access.acts_for(person, swap.network, organisation_id, day, by_link=by_link):
        abort(404)
    return swap


def _offer(person: Person, network: Network | None, number: int) -> SwapOffer:
    offer = db.session.get(SwapOffer, number) or abort(404)
    _swap(person, network, offer.swap, offer.organisation_id)
    return offer


@access.own(pages, "/offers/<int:number>/acceptance", methods=["POST"])
def accept(person: Person, network: Network | None, number: int) -> Response:
    offer = _offer(person, network, number)
    actions.accept(offer, person, now())
    return _done(offer.swap.meeting, _("Agreed. Everybody concerned is told, and the calendars follow."))


@access.own(pages, "/offers/<int:number>/refusal", methods=["POST"])
def decline(person: Person, network: Network | None, number: int) -> Response:
    offer = _offer(person, network, number)
    actions.decline(offer, person, now())
    return _done(offer.swap.meeting, _("Thank you for the answer. Nothing changes for you."))


@access.own(pages, "/swaps/<int:number>/withdrawal", methods=["POST"])
def withdraw(person: Person, network: Network | None, number: int) -> Response:
    found = db.session.get(Swap, number) or abort(404)
    swap = _swap(person, network, found, found.organisation_id)
    actions.withdraw(swap, now())
    return _done(swap.meeting, _("The request is withdrawn. Who was asked is told."))


@access.own(pages, "/swaps/<int:number>/undoing", methods=["POST"])
def undo(person: Person, network: Network | None, number: int) -> Response:
    found = db.session.get(Swap, number) or abort(404)
    either = [found.organisation_id, *(offer.organisation_id for offer in found.offers if offer.answer == "accepted")]
    day, by_link = found.meeting.day, network is None
    mine = next((o for o in either if access.acts_for(person, found.network, o, day, by_link=by_link)), 0)
    swap = _swap(person, network, found, mine)
    actions.undo(swap, person, now())
    return _done(swap.meeting, _("The swap is undone. Both turns are where they were."))
