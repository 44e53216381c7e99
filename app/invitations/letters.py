"""The mails that put a date into a calendar (I1) and take it out again (I2)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _

from app.calendars.rendering import entry_of, own_organisation, preparation_of
from app.edge.web import settings
from app.extensions import db
from app.invitations.queries import ASKED, BACK, MEETING, wants
from app.invitations.reply_addresses import organiser
from app.letters.layout import Section, addressee, recipient, speaking, write
from app.mail.kind_of_mail import CalendarPart, Kind, Letter
from app.mail.models import Message
from app.meetings.letters import facts, gather, meeting_of, moment
from app.meetings.models import Meeting
from app.networks.letters import frame, member_why, short_day
from app.people.models import Person
from scheduling.days.icalendar_feed import Entry, Invitation, render_invitation


def _wanted(message: Message, now: datetime) -> bool | None:
    """Whether the entry belongs into the reader's calendar; None when there is no telling, or it is over."""
    person, meeting = recipient(message), db.session.get(Meeting, message.meeting_id)
    if person is None or meeting is None or meeting.ends_at <= now or not person.wants_mail:
        return None
    return wants(person, meeting.network, meeting, message.params["about"], now)


def _asked_true(message: Message, now: datetime) -> bool:
    return _wanted(message, now) is True


def _back_true(message: Message, now: datetime) -> bool:
    return _wanted(message, now) is False


def _letter(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, meeting = addressee(message), meeting_of(message)
    network, back = meeting.network, message.kind == BACK
    with speaking(person):
        entry = _entry(person, meeting, message)
        given = {"what": entry.summary, "day": short_day(meeting.day)}
        subject = (
            _("Taken back: %(what)s, %(day)s", **given) if back else _("For your calendar: %(what)s, %(day)s", **given)
        )
        said = _("Take this date out of your calendar.") if back else _("This date belongs into your calendar.")
        hint = _("Your calendar program does it by itself, or offers to. The file below does the same.")
        section = Section(sentences=[said, hint], moment=moment(meeting), facts=facts(meeting))
        around = frame(network, member_why(network), participant=True)
        letter = write(person, subject, [section], around, [message.note])
        sender = organiser(letter.sender, network, person)
        invitation = Invitation(sender, (person.name, person.email or ""), bool(settings().inbox_url), back)
        part = CalendarPart(invitation.method, render_invitation(entry, invitation), sender)
    return replace(letter, calendar=part)


def _entry(person: Person, meeting: Meeting, message: Message) -> Entry:
    """As it stands in a feed, from the same row; SEQUENCE is above it once the entry was taken back and asked again."""
    entry = (
        entry_of(meeting, own_organisation(person.id, meeting.network, meeting), None, person.id)
        if message.params["about"] == MEETING
        else preparation_of(meeting, person.id)
    )
    above = message.params["above"] - (message.kind == BACK and meeting.cancelled)
    return replace(entry, sequence=entry.sequence + above)


KINDS = {
    ASKED: Kind(_asked_true, _letter, gather=gather),
    BACK: Kind(_back_true, _letter, gather=gather),
}
