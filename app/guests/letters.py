"""The mails to guests: confirm your address (G0), you have a place or wait for one (G1), shortly before (G2), another
day, place or end of it (G3), what came out of it (G4)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from flask import has_request_context
from flask_babel import gettext as _

from app.edge.web import absolute
from app.extensions import db
from app.guests.links import guest_token
from app.guests.models import Guest
from app.guests.queries import takes_guests
from app.letters.layout import Frame, Item, Section, Stranger, speaking, write_to_stranger
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.meetings.letters import facts, from_to, gather, link_of, meeting_of, moment
from app.meetings.models import Meeting
from app.networks.letters import frame, full_day, short_day
from app.reminders.step_texts import directions, number_to_call
from app.reminders.subject_lines import until_when
from app.results.queries import published_of

Written = tuple[str, Section]  # subject and what it says


def _guest(message: Message) -> Guest | None:
    return db.session.get(Guest, message.params["guest_id"])


def _true(message: Message, now: datetime) -> bool:
    guest = _guest(message)
    return guest is not None and CONDITIONS[message.kind](message, guest, guest.meeting, now)


def _asked(message: Message, guest: Guest, meeting: Meeting, now: datetime) -> bool:
    return guest.confirmed_at is None and takes_guests(meeting, now)


def _has_place(message: Message, guest: Guest, meeting: Meeting, now: datetime) -> bool:
    return guest.listed and not meeting.cancelled and meeting.starts_at > now


def _comes_soon(message: Message, guest: Guest, meeting: Meeting, now: datetime) -> bool:
    same = message.params["starts_at"] == meeting.starts_at.isoformat()
    return same and bool(guest.seat) and _has_place(message, guest, meeting, now)


def _changed(message: Message, guest: Guest, meeting: Meeting, now: datetime) -> bool:
    return guest.confirmed_at is not None and meeting.starts_at > now


def _noted(message: Message, guest: Guest, meeting: Meeting, now: datetime) -> bool:
    return bool(guest.seat) and meeting.network.guests_get_notes and published_of(meeting) is not None


CONDITIONS: dict[str, Callable[[Message, Guest, Meeting, datetime], bool]] = {
    "G0": _asked,
    "G1": _has_place,
    "G2": _comes_soon,
    "G3": _changed,
    "G4": _noted,
}


def _write(messages: Sequence[Message], now: datetime) -> Letter:
    message, meeting = messages[0], meeting_of(messages[0])
    guest = _guest(message)
    assert guest is not None, "still_true comes before render"
    # Before the address is confirmed nothing leaves that somebody typed: it might be meant for somebody else.
    stranger = Stranger(guest.name if guest.confirmed_at else "", guest.email, guest.language)
    with speaking(stranger):
        subject, section = LETTERS[message.kind](message, guest, meeting, now)
        why = _("You get this mail because you asked for a place at a meeting of %(network)s.", network=_name(meeting))
        around = frame(meeting.network, why)
        if message.kind == "G0":  # anybody may have typed the address
            around = Frame(why, _name(meeting), around.sender)
        return write_to_stranger(stranger, subject, [section], around, [message.note])


def _name(meeting: Meeting) -> str:
    return meeting.network.name


def _own_page(guest: Guest) -> str:
    """In a request a letter is only looked at, by somebody else: no link of the guest's then."""
    if has_request_context():
        return absolute("meetings.meeting", slug=guest.meeting.network.slug, number=guest.meeting_id)
    return absolute("guests.place", token=guest_token(guest), lang=guest.language)


def _in_short(meeting: Meeting) -> list[tuple[str, str]]:
    """What and when; where, and by which link, is for who has a seat."""
    return facts(meeting)[:2]


def _confirm(message: Message, guest: Guest, meeting: Meeting, now: datetime) -> Written:
    section = Section(
        sentences=[
            _(
                "Somebody asked for a place with this address. Press the button and the place is yours, "
                "as long as one is free."
            )
        ],
        moment=moment(meeting),
        facts=_in_short(meeting),
        button=(_("Confirm"), _own_page(guest)),
        closing=[_("Did you not ask for this? Then do not press it, and nothing is kept of you after three days.")],
    )
    return _("Please confirm: a place on %(day)s", day=short_day(meeting.day)), section


def _place(message: Message, guest: Guest, meeting: Meeting, now: datetime) -> Written:
    if guest.waits:
        section = Section(
            sentences=[
                _("All seats for guests are taken. You are on the waiting list."),
                _("As soon as somebody gives a seat back you get a mail, and it is yours."),
            ],
            moment=moment(meeting),
            facts=_in_short(meeting),
            button=(_("I do not want to wait"), _own_page(guest)),
        )
        return _("You are on the waiting list for %(day)s", day=short_day(meeting.day)), section
    section = _coming(guest, meeting, _("You have a place. This is where and when:"))
    return _("You have a place on %(day)s: %(network)s", day=short_day(meeting.day), network=_name(meeting)), section


def _coming(guest: Guest, meeting: Meeting, *sentences: str) -> Section:
    """What who comes has to know, and the way to give the place back."""
    return Section(
        sentences=sentences,
        moment=moment(meeting),
        facts=facts(meeting),
        button=(_("I cannot come after all"), _own_page(guest)),
        closing=[
            *directions(meeting),
            _("Can you not come? Press the button, and somebody else has your place."),
        ],
    )


def _soon(message: Message, guest: Guest, meeting: Meeting, now: datetime) -> Written:
    call, programme, link = number_to_call(meeting), meeting.running_order, link_of(meeting)
    section = _coming(
        guest,
        meeting,
        _("Here is once more what you need on the day."),
        *([_("Programme:") + "\n" + programme] if programme else []),
        *([_("To dial in: %(link)s", link=link)] if link else []),
    )
    section = replace(section, closing=[*section.closing, *([call] if call else [])])
    when = until_when(meeting.day, now.astimezone(meeting.network.zone).date())
    return _(
        "See you %(when)s: %(network)s, %(time)s", when=when, network=_name(meeting), time=_start(meeting)
    ), section


def _start(meeting: Meeting) -> str:
    return f"{meeting.local_start:%H:%M}"


def _change(message: Message, guest: Guest, meeting: Meeting, now: datetime) -> Written:
    day = short_day(meeting.day)
    if guest.removed_at:
        return _("Your place on %(day)s is taken away: %(network)s", day=day, network=_name(meeting)), _off(meeting)
    if meeting.cancelled:
        section = Section(sentences=[_("This meeting does not take place.")], moment=moment(meeting))
        section = replace(section, facts=_in_short(meeting))
        return _("Cancelled: %(network)s on %(d)s", network=_name(meeting), d=day), section
    was = message.params["was"] or {}
    old = [datetime.fromisoformat(was[name]).astimezone(meeting.network.zone) for name in ("starts_at", "ends_at")]
    moved = (old[0], old[1]) != (meeting.local_start, meeting.local_end)
    said = _("It was to be: %(day)s, %(time)s", day=full_day(old[0].date()), time=from_to(old[0], old[1]))
    sentences = [_("Something changed. This holds now:"), *([said] if moved else [])]
    section = _coming(guest, meeting, *sentences) if guest.seat else Section(
        sentences=[*sentences, _("You are still on the waiting list.")],
        moment=moment(meeting),
        facts=_in_short(meeting),
        button=(_("I do not want to wait"), _own_page(guest)),
    )  # fmt: skip
    return _("Changed: %(network)s on %(d)s", network=_name(meeting), d=day), section


def _off(meeting: Meeting) -> Section:
    return Section(
        sentences=[
            _("Who manages %(network)s took you off the list of guests of this meeting.", network=_name(meeting))
        ],
        moment=moment(meeting),
        facts=_in_short(meeting),
        closing=[
            _("Is this a mistake? Answer this mail."),
            _("Three days from now nothing is kept of you here."),
        ],
    )


def _notes(message: Message, guest: Guest, meeting: Meeting, now: datetime) -> Written:
    result = published_of(meeting)
    assert result is not None, "still_true comes before render"
    section = Section(
        sentences=[_("This is what came out of the meeting of %(network)s:", network=_name(meeting))],
        items=[Item(line) for line in result.outcomes.splitlines() if line.strip()],
        closing=[_("Thank you for having been there. Thirty days after the meeting nothing is kept of you here.")],
    )
    return _("Notes of %(d)s are ready", d=short_day(meeting.day)), section


LETTERS: dict[str, Callable[[Message, Guest, Meeting, datetime], Written]] = {
    "G0": _confirm,
    "G1": _place,
    "G2": _soon,
    "G3": _change,
    "G4": _notes,
}
KINDS = {kind: Kind(_true, _write, gather=gather) for kind in LETTERS}
