"""Mails to and from managers: alarms (M2), words of their own (X1), contacts mail does not reach (X2), a test."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.attendance.queries import answers_for
from app.edge.web import absolute
from app.extensions import db
from app.letters.layout import Frame, Item, Section, addressee, recipient, speaking, write
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.meetings.letters import facts, gather, meeting_of, memberships_in, moment, reachable, roles
from app.meetings.models import Meeting
from app.networks.letters import frame, member_why, short_day
from app.networks.models import LIVE, Membership, Network
from app.networks.queries import answering_for
from app.people.models import Person
from app.reminders import hand_back_letter

ALL, DUTY = "all", "duty"


def lacks(meeting: Meeting, what: str) -> bool:
    """Whether a meeting has no host (online: nobody who opens it), no topic, or too few people."""
    if what == "host":
        duty = meeting.host_duty
        return duty is None or duty.confirmed_at is None if meeting.in_person else not meeting.preparers
    if what == "topic":
        return not meeting.has_topic
    answers, minimum = answers_for(meeting), meeting.network.minimum
    return answers.members < (len(answers.no) if minimum is None else minimum)


def _ahead(meeting: Meeting, now: datetime) -> bool:
    return meeting.starts_at > now and not meeting.cancelled and not meeting.imported and meeting.network.state in LIVE


def _to_manager(message: Message, now: datetime) -> bool:
    person, meeting = recipient(message), meeting_of(message)
    return person is not None and _ahead(meeting, now) and person in answering_for(meeting.network)


def _alarm_true(message: Message, now: datetime) -> bool:
    return _to_manager(message, now) and lacks(meeting_of(message), message.params["what"])


def _alarm(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, meeting = addressee(message), meeting_of(message)
    with speaking(person):
        lines = {"network": meeting.network.name, "d": short_day(meeting.day)}
        subject, sentence = {
            "host": (_("No room yet: %(network)s, %(d)s", **lines), _("Nobody has confirmed the place yet.")),
            "topic": (_("No topic yet: %(network)s, %(d)s", **lines), _("There is no topic for this meeting yet.")),
            "few": (_("Too few people: %(network)s, %(d)s", **lines), _few(meeting)),
        }[message.params["what"]]
        return _about(person, meeting, subject, Section(sentences=[sentence], facts=facts(meeting)), message)


def _few(meeting: Meeting) -> str:
    answers, minimum = answers_for(meeting), meeting.network.minimum
    if minimum is None:
        return _("More people have said no than are expected. Hold it, move it or cancel it on its page.")
    return ngettext(
        "%(num)s person is expected, and this network wants at least %(minimum)s. "
        "Hold it, move it or cancel it on its page.",
        "%(num)s people are expected, and this network wants at least %(minimum)s. "
        "Hold it, move it or cancel it on its page.",
        answers.members,
        minimum=minimum,
    )


def _about(person: Person, meeting: Meeting, subject: str, section: Section, message: Message) -> Letter:
    """A mail to the manager with the meeting as its one button."""
    where = absolute("networks.show", slug=meeting.network.slug)
    complete = Section(
        sentences=section.sentences,
        moment=moment(meeting),
        facts=section.facts,
        list_title=section.list_title,
        items=section.items,
        button=(_("Open the network"), where),
        roles=roles(meeting),
    )
    why = _("You get this mail because you manage %(network)s.", network=meeting.network.name)
    return write(person, subject, [complete], frame(meeting.network, why, answered=False), [message.note])


def unreachable(message: Message) -> tuple[Person, Membership] | None:
    """Whom a mail of the ladder did not reach, as long as that is so and the turn is theirs."""
    refused = db.session.get(Message, message.params["message_id"])
    person = db.session.get(Person, refused.person_id) if refused else None
    meeting = meeting_of(message)
    if person is None or person.address_failed_at is None:
        return None
    on_duty = [meeting.host, *meeting.preparers]
    members = [member for member in meeting.network.members_on(meeting.day) if member.organisation in on_duty]
    return next(((person, member) for member in members if person in member.people), None)


def _refused_true(message: Message, now: datetime) -> bool:
    return _to_manager(message, now) and unreachable(message) is not None


def _refused(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, meeting, found = addressee(message), meeting_of(message), unreachable(message)
    assert found is not None, "still_true comes before render"
    missed, member = found
    with speaking(person):
        subject = _(
            "%(organisation)s cannot be reached: %(network)s, %(d)s",
            organisation=member.organisation.name,
            network=meeting.network.name,
            d=short_day(meeting.day),
        )
        sentence = _("The address of %(name)s was refused, and there is a turn to be done.", name=missed.name)
        items = [Item(option) for option in _options(missed, member)]
        section = Section(sentences=[sentence], facts=facts(meeting), list_title=_("Three options:"), items=items)
        return _about(person, meeting, subject, section, message)


def _options(missed: Person, member: Membership) -> list[str]:
    instead = next((each for each in reachable(member) if each.address_failed_at is None), None)
    return [
        _("Correct the address of %(name)s.", name=missed.name),
        _("Call %(phone)s.", phone=missed.phone) if missed.phone else _("Ask at the organisation."),
        _("%(name)s gets the mails about this turn until then.", name=instead.name)
        if instead
        else _("Name another contact; nobody else of this organisation can be reached by mail."),
    ]


def _word_true(message: Message, now: datetime) -> bool:
    person, network = recipient(message), db.session.get_one(Network, message.network_id)
    if person is None or not memberships_in(network, person, now.astimezone(network.zone).date()):
        return False
    return message.params["audience"] == DUTY or person.wants_mail


def _word(messages: Sequence[Message], now: datetime) -> Letter:
    """What the manager wrote stands in the row itself: subject and note."""
    message = messages[0]
    person, network = addressee(message), db.session.get_one(Network, message.network_id)
    with speaking(person):
        around = frame(network, member_why(network), participant=message.params["audience"] == ALL)
        return write(person, message.subject or network.name, [], around, [message.note])


def _test(messages: Sequence[Message], now: datetime) -> Letter:
    person = addressee(messages[0])
    with speaking(person):
        section = Section(sentences=[_("This mail came through the outbox, as all others do. Mail works.")])
        around = Frame(_("You get this mail because you pressed the button for it."))
        return write(person, _("A test"), [section], around, [])


KINDS = {
    "M2": Kind(_alarm_true, _alarm, gather=gather),
    "M3": Kind(hand_back_letter.still_true, hand_back_letter.render, gather=gather),
    "X1": Kind(_word_true, _word, gather=gather, rather_not_twice=True),
    "X2": Kind(_refused_true, _refused, gather=gather),
    "test": Kind(lambda message, now: recipient(message) is not None, _test),
}
