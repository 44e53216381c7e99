"""What people wrote about somebody: the name goes out of the text, the text stays."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from app.attendance.models import Attendance
from app.availability.models import Absence, ClosedPeriod
from app.extensions import Base, db
from app.guests.models import Guest
from app.joining.models import JoinRequest
from app.library.models import Link
from app.mail.models import Message
from app.meetings.models import Cycle, Duty, Meeting, PublishedVersion
from app.networks.models import Network, Organisation, Programme, Room
from app.people.models import Person
from app.pulse.models import Pulse, PulseAnswer
from app.reminders.models import MailText
from app.reports.models import YearWords
from app.results.models import Agreement, Result
from app.rounds.models import DateRemark, DateRound
from app.swaps.models import Swap
from app.text import whole
from app.topics.models import Reply, Topic

INSTEAD = "…"
Texts = list[tuple[type[Base], ColumnElement[bool], tuple[str, ...]]]


def of(person: Person) -> list[str]:
    """By what a text names the person: the address, and a name of more than one word."""
    return [word for word in (person.email, person.name if " " in person.name else None) if word]


def forget(person: Person, programmes: Collection[int], now: datetime) -> None:
    """No text of these programmes names the person any more. Call it while name and address are still known."""
    words = of(person)
    for model, condition, columns in _texts(programmes):
        for row in db.session.scalars(select(model).where(condition)):
            if _emptied(row, columns, words) and isinstance(row, Meeting):
                row.network.changed(now)
    if person.email:
        sender = update(Programme).where(Programme.id.in_(programmes), Programme.sender_email == person.email)
        db.session.execute(sender.values(sender_name="", sender_email=""))
        colleague = update(Attendance).where(Attendance.colleague_email == person.email)
        db.session.execute(colleague.where(_at_meetings(Attendance, programmes)).values(colleague_email=""))


def _emptied(row: object, columns: Collection[str], words: list[str]) -> bool:
    """Take the words out; whether there were any."""
    found = {name: without(getattr(row, name), words) for name in columns}
    changed = {name: value for name, value in found.items() if value != getattr(row, name)}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def without(value: object, words: list[str]) -> object:
    """A text, or all texts in something of JSON, with the words left out."""
    if isinstance(value, str):
        for word in words:
            value = whole(word).sub(INSTEAD, value)
        return value
    if isinstance(value, dict):
        return {key: without(each, words) for key, each in value.items()}
    return [without(each, words) for each in value] if isinstance(value, list) else value


def _networks(programmes: Collection[int]) -> Any:
    return select(Network.id).where(Network.programme_id.in_(programmes))


def _at_meetings(model: Any, programmes: Collection[int]) -> ColumnElement[bool]:
    return model.meeting_id.in_(select(Meeting.id).where(Meeting.network_id.in_(_networks(programmes))))


def _texts(programmes: Collection[int]) -> Texts:
    """Wherever people write sentences of their own, in these programmes."""
    networks = _networks(programmes)
    organisations = select(Organisation.id).where(Organisation.programme_id.in_(programmes))
    cycles = select(Cycle.id).where(Cycle.network_id.in_(networks))
    rounds = select(DateRound.id).where(DateRound.network_id.in_(networks))
    return [
        (Absence, Absence.organisation_id.in_(organisations), ("reason",)),
        (Room, Room.organisation_id.in_(organisations), ("address", "directions", "screen")),
        (ClosedPeriod, ClosedPeriod.programme_id.in_(programmes), ("name", "source")),
        (Network, Network.programme_id.in_(programmes), ("goal", "for_whom", "rhythm", "usual_programme")),
        (Programme, Programme.id.in_(programmes), ("about",)),
        (Organisation, Organisation.programme_id.in_(programmes), ("offers", "website")),
        (DateRound, DateRound.network_id.in_(networks), ("note",)),
        (DateRemark, DateRemark.round_id.in_(rounds), ("words",)),
        (MailText, MailText.network_id.in_(networks), ("subject", "opening", "closing")),
        (Meeting, Meeting.network_id.in_(networks), ("place", "topic", "running_order", "question")),
        (Cycle, Cycle.network_id.in_(networks), ("draft",)),
        (PublishedVersion, PublishedVersion.cycle_id.in_(cycles), ("rows",)),
        (Topic, Topic.network_id.in_(networks), ("title", "why", "answer", "choices", "hidden_because")),
        (Reply, Reply.topic_id.in_(select(Topic.id).where(Topic.network_id.in_(networks))), ("text", "hidden_because")),
        (JoinRequest, JoinRequest.programme_id.in_(programmes), ("subject", "words", "answer")),
        (Link, Link.network_id.in_(networks), ("title", "theme")),
        (Swap, Swap.network_id.in_(networks), ("words",)),
        (YearWords, YearWords.programme_id.in_(programmes), ("words",)),
        (Message, Message.network_id.in_(networks), ("subject", "note", "error", "params")),
        (Message, Message.network_id.is_(None) & (Message.kind == "X3"), ("params",)),  # written to the site
        (Attendance, _at_meetings(Attendance, programmes), ("colleague_name",)),
        (Guest, _at_meetings(Guest, programmes), ("name", "organisation")),
        (Duty, _at_meetings(Duty, programmes), ("handed_back_reason",)),
        (Result, _at_meetings(Result, programmes), ("outcomes", "next_time", "recording_consent")),
        (Agreement, Agreement.network_id.in_(networks), ("text",)),
        (PulseAnswer, _at_meetings(PulseAnswer, programmes), ("sentence",)),
        (Pulse, _at_meetings(Pulse, programmes), ("sentences",)),
    ]
