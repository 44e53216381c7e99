"""How a meeting was for somebody: half a minute, by link."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clock import now
from app.edge import web
from app.extensions import db
from app.meetings import phrases
from app.meetings.models import Meeting
from app.networks import access
from app.networks.models import Network
from app.networks.queries import takes_part
from app.people.models import Person
from app.pulse import actions, queries
from app.pulse.forms import PulseForm
from app.pulse.models import Pulse, PulseAnswer
from app.pulse.promise import promise

pages = Blueprint("pulse", __name__)
RULE = "/meetings/<int:number>/pulse"
Answer = tuple[str, int] | Response


@dataclass(frozen=True)
class Shown:
    """What a person sees of a pulse: their own answer while it is kept, the sums when it is closed, else nothing."""

    form: PulseForm | None  # for whom is asked, while it is open
    own: PulseAnswer | None
    promise: str
    closed: Pulse | None


def shown(meeting: Meeting, person: Person, form: PulseForm | None = None) -> Shown:
    own, closed = queries.answer_of(meeting, person), queries.closed_of(meeting)
    asked = queries.is_open(meeting, now()) and not closed and person.id in queries.asked(meeting)
    return Shown((form or PulseForm(formdata=None, obj=own)) if asked else None, own, promise(meeting), closed)


def _meeting(person: Person, network: Network | None, number: int) -> Meeting:
    """A meeting on whose day the person took part: nobody else is asked."""
    meeting = access.within(network, Meeting, number) if network else db.session.get(Meeting, number) or abort(404)
    return meeting if takes_part(person, meeting.network, meeting.day) else abort(404)


def _page(person: Person, network: Network | None, meeting: Meeting, form: PulseForm | None = None) -> Answer:
    return web.page("pulse/pulse.html", 422 if form else 200, meeting=meeting, pulse=shown(meeting, person, form))


@access.own(pages, RULE, methods=["GET"])
def show(person: Person, network: Network | None, number: int) -> Answer:
    return _page(person, network, _meeting(person, network, number))


@access.own(pages, RULE, methods=["POST"])
def answer(person: Person, network: Network | None, number: int) -> Answer:
    meeting, form = _meeting(person, network, number), PulseForm()
    if not form.validate():
        return _page(person, network, meeting, form)
    actions.answer(meeting, person, form.atmosphere.data, form.goal.data, form.sentence.data or "", now())
    db.session.commit()
    flash(_("Thank you, it is saved. You can change it until %(day)s.", day=phrases.day(queries.last_day(meeting))))
    return redirect(web.own_url("pulse.show", meeting.network.slug, number=number))
