"""The mails of the ladder: when each is still true, and the steps of one person on one day as one mail."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from app.attendance.queries import who_said_no
from app.batch import once
from app.letters.layout import Page, Section, addressee, fill, lay_out, recipient, speaking
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.meetings.letters import gather, meeting_of
from app.meetings.models import Meeting
from app.networks.letters import frame, member_why
from app.networks.models import LIVE
from app.people.models import Person
from app.pulse.queries import asked, is_open, who_answered
from app.reminders.queries import LATEST, all_due, conditions, facts_of, step_of
from app.reminders.step_texts import section
from app.reminders.subject_lines import SUBJECTS, About
from app.reminders.wording.own_words import subject, text_of
from app.topics import letters as questions
from scheduling.reminding.ladder import AFTER, holders

ONLINE_ONLY, NEVER_ONLINE = ("H4o", "D2o"), ("H2", "H3", "H4", "D2")
AFTERWARDS = ("N3", "E1", "Q1")  # for participants too, but not the same for all
FOR_PARTICIPANTS = ("D1", "D2", "D2o", *AFTERWARDS)


def _true(message: Message, now: datetime) -> bool:
    """Still so, and not overtaken by a later step that leaves as well."""
    return _true_alone(message, now) and not any(_true_alone(each, now) for each in _later_steps(message, now))


def _true_alone(message: Message, now: datetime) -> bool:
    person, meeting = recipient(message), meeting_of(message)
    if person is None or not _in_time(message.kind, meeting, now) or not _mode_fits(message.kind, meeting):
        return False
    if message.kind == "N3":
        return meeting.notes_at is not None and _takes_part(person, meeting) and _takes_mail(person)
    network, kind = meeting.network_id, message.kind
    step = once(("step", network, kind), lambda: step_of(network, kind))
    if not step.on or (step.only and step.only not in conditions(meeting)):
        return False
    if step.kind == "E":
        return is_open(meeting, now) and _takes_mail(person) and _not_said(person, meeting)
    if step.kind == "D":
        return _takes_part(person, meeting) and _wanted(message, person, meeting)
    facts = facts_of(meeting)
    return person.id in holders(facts, step.kind) and (person.id, step.id) not in facts.silent


def _takes_part(person: Person, meeting: Meeting) -> bool:
    return person.id in once(("people", meeting.id), lambda: _people_of(meeting))


def _people_of(meeting: Meeting) -> set[int]:
    members = meeting.network.members_on(meeting.day)
    return {contact.person_id for member in members for contact in member.contacts}


def _not_said(person: Person, meeting: Meeting) -> bool:
    """Whether the person is asked how it was and has not answered yet."""
    if person.id in once(("pulse", meeting.id), lambda: who_answered(meeting.id)):
        return False
    return person.id in once(("asked", meeting.id), lambda: asked(meeting))


def _in_time(kind: str, meeting: Meeting, now: datetime) -> bool:
    """Before a meeting that takes place; what comes of it, for some weeks after it."""
    if meeting.cancelled or meeting.imported or meeting.network.state not in LIVE:
        return False
    return meeting.ends_at <= now < meeting.ends_at + LATEST if kind[0] in AFTER else meeting.starts_at > now


def _mode_fits(kind: str, meeting: Meeting) -> bool:
    return kind not in (NEVER_ONLINE if not meeting.in_person else ONLINE_ONLY)


def _wanted(message: Message, person: Person, meeting: Meeting) -> bool:
    """Participants may stop these mails; who said no is not expected, whose address was refused is not tried again."""
    if not _takes_mail(person):
        return False
    if message.kind == "D1":
        return True
    return person.wants_reminders and person.id not in once(("no", meeting.id), lambda: who_said_no(meeting.id))


def _takes_mail(person: Person) -> bool:
    return person.wants_mail and person.address_failed_at is None


def _later_steps(message: Message, now: datetime) -> list[Message]:
    """Later steps of the same kind for the same person that are due too: after an outage only the last one leaves."""
    meeting, token, person = message.meeting_id or 0, message.token, message.person_id
    due = once(("due", meeting, token or person), lambda: all_due(meeting, token, person, now))
    kind = message.kind
    return [each for each in due.get(person, ()) if each.kind[0] == kind[0] and each.kind > kind]


def _render(messages: Sequence[Message], now: datetime) -> Letter:
    """A mail is for one person; only what participants read before a meeting is the same for all of one language."""
    person, participant = addressee(messages[0]), all(message.kind in FOR_PARTICIPANTS for message in messages)
    same = participant and all(message.kind not in AFTERWARDS for message in messages)
    told = tuple(
        (message.kind, message.meeting_id, message.note, message.params.get("topic_id")) for message in messages
    )
    readers = str(person.locale) if same else person.id
    with speaking(person):
        return fill(once(("page", told, readers), lambda: _page(messages, person, now, participant)), person)


def _page(messages: Sequence[Message], person: Person, now: datetime, participant: bool) -> Page:
    first = messages[0]
    network = questions.network_of(first) if first.kind == "Q1" else meeting_of(first).network
    why = member_why(network) if participant else why_duty(network.name)
    around, notes = frame(network, why, participant=participant), [message.note for message in messages]
    title = questions.subject(first) if first.kind == "Q1" else subject(_about(first, person, now))
    return lay_out(title, [_section(message, person, now) for message in messages], around, notes)


def _section(message: Message, person: Person, now: datetime) -> Section:
    return questions.question(message) if message.kind == "Q1" else section(_about(message, person, now))


def _about(message: Message, person: Person, now: datetime) -> About:
    meeting = meeting_of(message)
    today = now.astimezone(meeting.network.zone).date()
    return About(
        message.kind,
        meeting,
        person,
        today,
        message.params.get("audience", ""),
        text_of(meeting.network_id, message.kind),
    )


def why_duty(network: str) -> str:
    return _("You get this mail because your organisation has a turn in %(network)s.", network=network)


KINDS = {
    **{kind: Kind(_true, _render, together=True, rides=kind == "N3", gather=gather) for kind in SUBJECTS},
    "Q1": Kind(questions.asked_true, _render, together=True, rides=True),
}
