"""Preparing one meeting: its programme, where it is, and what guests read of the room."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.errors import Refused
from app.meetings.actions import set_content
from app.meetings.letters import link_of
from app.meetings.models import Meeting
from app.meetings.row import Edit, of_meeting
from app.networks import actions as networks
from app.networks.models import Room
from app.people.actions import set_phone
from app.people.models import Person
from app.planning.actions import amended
from app.publishing.actions import amend
from app.topics.actions import say


def refuse_over(meeting: Meeting, now: datetime) -> None:
    """Raise Refused for a meeting that is over or does not take place."""
    if not meeting.ahead(now):
        raise Refused(_("This meeting is over or does not take place."))


def save_programme(meeting: Meeting, values: Mapping[str, Any], by: Person, now: datetime) -> None:
    """Store topic, programme and question, and where it is: {field of the form: value}; calendars and mails follow."""
    where = Edit()
    if "place" in values:
        where["place"] = values["place"]
    if "link" in values:
        where["link"] = values["link"]
    _publish(meeting, where, by, now)
    say(meeting, values["topic"], now)  # one of the list, when it is called so
    set_content(meeting, **{name: value for name, value in values.items() if name not in where}, now=now)


def save_room(meeting: Meeting, values: Mapping[str, Any], phone: str | None, by: Person, now: datetime) -> None:
    """Store what guests read of the room, {column: value}; a meeting without one is in this one from now on.

    `phone`: the number of who speaks for the host, None when it is not theirs to say.
    """
    organisation, room = meeting.host, meeting.room
    assert organisation is not None, "only who hosts gets here"
    room = room or Room(organisation=organisation)
    networks.save_room(organisation, room, values, now)
    choose_room(meeting, room, by, now)
    if phone is not None:
        set_phone(by, phone, now)


def choose_room(meeting: Meeting, room: Room, by: Person, now: datetime) -> None:
    """The meeting is in this room of its host."""
    _publish(meeting, {"room_id": room.id}, by, now)


def _publish(meeting: Meeting, values: Edit, by: Person, now: datetime) -> None:
    """Publish where a meeting is. What was not known before is no change: nobody is mailed about it."""
    changed = of_meeting(meeting).only_changed(values)
    if not changed:
        return
    known = link_of(meeting) if "link" in changed else meeting.room or meeting.place
    draft = amended(meeting.cycle, {meeting.id: changed}, "", now)
    amend(meeting.cycle, draft, now, by, override="where it is", told=lambda notice: bool(known))
