"""The open meetings of a programme as one calendar, for everybody."""

from datetime import datetime

from flask_babel import gettext as _

from app.calendars.rendering import uid_of
from app.edge.web import absolute, settings
from app.guests.queries import public_meetings
from app.meetings.models import Meeting
from app.networks.models import Programme
from app.public.meeting_queries import MeetingPage, seen_meetings
from scheduling.days.icalendar_feed import Entry, Feed, render


def open_calendar(programme: Programme, now: datetime) -> bytes:
    """The feed's bytes, in the language spoken now."""
    shown = zip(public_meetings(programme, now), seen_meetings(programme, now), strict=True)
    entries = tuple(_entry(meeting, page) for meeting, page in shown)
    changed = max((entry.changed for entry in entries), default=now.replace(hour=0, minute=0, second=0, microsecond=0))
    name = _("Open meetings of %(programme)s", programme=programme.name)
    return render(Feed(name, programme.timezone or settings().timezone, changed, entries))


def _entry(meeting: Meeting, shown: MeetingPage) -> Entry:
    """The same meeting as in a member's calendar, with what strangers may know of it."""
    page = absolute("public.meeting", programme=shown.programme, network=shown.network, number=shown.number)
    return Entry(
        uid=uid_of(meeting, "open"),
        sequence=meeting.sequence,
        changed=meeting.changed_at,
        start=shown.start,
        end=shown.end,
        summary=f"{shown.network_name}: {shown.topic}" if shown.topic else shown.network_name,
        description=_("Guests are welcome: ask for a place on the page."),
        location=", ".join(part for part in shown.where or (_("online"),) if part),
        url=page,
    )
