"""The page of a meeting."""

from flask import Blueprint, g
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from app.attendance.queries import answers_for
from app.clock import now
from app.edge import web
from app.meetings import page
from app.meetings.forms import MeetingForm
from app.meetings.models import Meeting
from app.meetings.row import of_meeting
from app.networks import access
from app.networks.models import Network
from app.swaps.queries import of_meeting as swaps_of
from app.topics.queries import topic_of

pages = Blueprint("meetings", __name__)
Answer = str | tuple[str, int] | Response


def meeting_page(network: Network, meeting: Meeting, status: int = 200, **forms: object) -> Answer:
    view = page.of_meeting(network, meeting, g.person, now())
    given: dict[str, object] = {"change_form": change_form(meeting), "people": answers_for(meeting)}
    given |= {"swaps": swaps_of(meeting, view.organisations, now()), "topic": topic_of(meeting)}
    return web.page("meetings/meeting.html", status, network=network, meeting=meeting, view=view, **given | forms)


def change_form(meeting: Meeting) -> MeetingForm:
    row = of_meeting(meeting)
    values = {
        "date": row.date,
        "start": meeting.local_start.time(),
        "minutes": row.minutes,
        "mode": row.mode,
        "host": str(row.host or ""),
        "room_id": str(row.room_id or ""),
        "place": row.place,
        "link": row.link,
    }
    return _offering(MeetingForm(formdata=None, data=values), meeting).showing()


def changed_form(meeting: Meeting) -> MeetingForm:
    """What was sent."""
    return _offering(MeetingForm(), meeting).over(meeting, change_form)


def _offering(form: MeetingForm, meeting: Meeting) -> MeetingForm:
    members = meeting.network.members_on(meeting.day)
    rooms = [room for member in members for room in member.organisation.rooms]
    nobody = SelectChoice("", "–")
    form.host.choices = [nobody, *[SelectChoice(str(m.organisation_id), m.organisation.name) for m in members]]
    form.room_id.choices = [nobody, *[SelectChoice(str(r.id), f"{r.organisation.short}: {r.name}") for r in rooms]]
    if not (meeting.network.hosted or meeting.in_person):
        del form.host, form.room_id
    return form


@pages.get("/networks/<slug>/meetings/<int:number>")
@access.participant
def meeting(network: Network, number: int) -> Answer:
    return meeting_page(network, access.within(network, Meeting, number))
