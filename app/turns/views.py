"""The buttons of a turn: we will, we cannot."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clock import now
from app.edge import web
from app.edge.bounds import row_number
from app.errors import Refused
from app.extensions import db, reading
from app.meetings.models import Duty, Meeting
from app.networks import access
from app.networks.models import Network
from app.people.models import Person
from app.turns import actions
from app.turns.forms import HandBackForm

pages = Blueprint("turns", __name__)


@pages.before_app_request
def keep_what_is_over() -> None:
    """Before anything is changed, keep who owed a turn at what is over, in a transaction of its own."""
    if request.endpoint and not reading() and actions.keep_owed(now()):
        db.session.commit()


def duty_of(person: Person, network: Network | None, number: int) -> Duty:
    """The turn with this id, when it is the person's to speak for."""
    duty = db.session.get(Duty, number) or abort(404)
    there = duty.meeting.network
    if network is not None and there.id != network.id:
        abort(404)
    if not access.acts_for(person, there, duty.organisation_id, duty.meeting.day, by_link=network is None):
        abort(404)
    return duty


@access.own(pages, "/duties/<int:number>/answer")
def answer(person: Person, network: Network | None, number: int) -> str:
    """One turn with its two answers, for who comes from the mail about it."""
    duty = duty_of(person, network, number)
    token = (request.view_args or {}).get("token")
    return render_template("turns/answer.html", duty=duty, state=duty.state(now()), token=token)


def _done(duty: Duty, said: str) -> Response:
    db.session.commit()
    flash(said)
    answer: Response = web.back_to_meeting(duty.meeting.network.slug, duty.meeting_id)
    return answer


@access.own(pages, "/duties/<int:number>/confirmation", methods=["POST"])
def confirm(person: Person, network: Network | None, number: int) -> Response:
    duty = duty_of(person, network, number)
    actions.confirm(duty, person, now())
    return _done(duty, _("Thank you, this is noted."))


@access.own(pages, "/duties/<int:number>/return", methods=["POST"])
def hand_back(person: Person, network: Network | None, number: int) -> Response:
    duty, form = duty_of(person, network, number), HandBackForm()
    if not form.validate():
        raise Refused(form.errors["reason"][0])
    actions.hand_back(duty, person, form.reason.data or "", now())
    return _done(duty, _("Your turn is given back. The manager knows at once and looks for somebody else."))


@access.own(pages, "/duties/<int:number>/ticks", methods=["POST"])
def tick(person: Person, network: Network | None, number: int) -> Response:
    duty = duty_of(person, network, number)
    actions.tick(duty, request.form.getlist("item"), person, now())
    at = now().astimezone(duty.meeting.network.zone)
    return _done(duty, _("Saved at %(time)s.", time=at.strftime("%H:%M")))


@pages.post("/networks/<slug>/meetings/<int:number>/credit")
@access.network_manager
def credit(network: Network, number: int) -> Response:
    found = access.within(network, Meeting, number)
    members = {member.organisation_id for member in network.members_on(found.day)}
    organisation = request.form.get("organisation", type=row_number)
    actions.credit(found, organisation if organisation in members else abort(404), now())
    db.session.commit()
    flash(_("Counted as a turn to host."))
    return redirect(url_for("meetings.meeting", slug=network.slug, number=number))
