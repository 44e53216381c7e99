"""Opening a meeting to guests; a guest asks, confirms, waits, gives back, hears of changes and is forgotten."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import or_, select

from app.audit import differences, record
from app.errors import Refused
from app.extensions import db, hold
from app.guests.models import Guest
from app.guests.queries import LISTED, MOST, coming_as_guests, place_of, places_of, seats_beyond, takes_guests, waiting
from app.mail import actions as mail
from app.mail.models import Message
from app.mail.personal import forget_mails
from app.meetings.models import Meeting
from app.people.actions import forget_tries
from app.reminders.queries import calendar_of, step_of
from scheduling.reminding.ladder import Facts, reminders

UNCONFIRMED, REMEMBERED = timedelta(days=3), timedelta(days=30)
NOTES_UNTIL = timedelta(days=29)  # after a meeting: what came out of it reaches a guest before they are forgotten
DOOR = ("open_to", "guest_seats")
KINDS = ("G0", "G1", "G2", "G3", "G4")


def open_door(meeting: Meeting, values: Mapping[str, Any], now: datetime) -> None:
    """{open_to, guest_seats}: who may come beside the members, and how many. Those who wait get seats that are new.

    Raises Refused for a meeting that is over or cancelled, seats the room has not, and fewer than are taken.
    """
    hold(meeting)
    if not meeting.ahead(now):
        raise Refused(_("This meeting is over or does not take place."))
    seats, room, taken = values["guest_seats"], seats_beyond(meeting), len(coming_as_guests(meeting))
    if seats < taken:
        raise Refused(ngettext("One guest has a seat already.", "%(num)s guests have a seat already.", taken))
    if room is not None and seats > max(room, taken):
        raise Refused(
            ngettext(
                "Beside the members the room has one seat.", "Beside the members the room has %(num)s seats.", room
            )
        )
    changed = differences(meeting, values, DOOR)
    meeting.open_to, meeting.guest_seats = values["open_to"], seats
    record("opened-to-guests", meeting, now, network_id=meeting.network_id, **changed)
    _move_up(meeting, now)
    meeting.network.changed(now)


def ask(meeting: Meeting, values: Mapping[str, str], now: datetime) -> None:
    """{name, email, organisation, language} of somebody who asks for a place: nothing is taken until they confirm (G0).

    Who has a place, or waits for one, hears of it once more instead; what they said then stays.
    """
    guest = _known(meeting, values["email"], now) or Guest(meeting=meeting, email=values["email"])
    kind = "G1" if guest.listed else "G0"
    if kind == "G0":
        guest.name, guest.organisation, guest.language = (values[key] for key in ("name", "organisation", "language"))
        guest.asked_at = now
    db.session.add(guest)
    db.session.flush()
    _tell(guest, kind, f"asked-{now:%Y-%m-%dT%H:%M}", now)
    record("guest-asked", guest, now, network_id=meeting.network_id)


def take(meeting: Meeting, values: Mapping[str, str], now: datetime) -> Guest:
    """A place for somebody of the programme, whose address is known: nothing is left to confirm."""
    hold(meeting)
    guest = _known(meeting, values["email"], now) or Guest(meeting=meeting, email=values["email"], asked_at=now)
    if guest.listed:
        return guest
    for name, value in values.items():
        setattr(guest, name, value)
    db.session.add(guest)
    db.session.flush()
    return confirm(guest, now)


def confirm(guest: Guest, now: datetime) -> Guest:
    """The address is right: the guest has a seat or, when all are taken, waits. Twice changes nothing.

    Raises Refused when the meeting takes no guests any more. Who comes first is decided by the lock on the meeting,
    and by the database: two rows never have one seat.
    """
    meeting = guest.meeting
    hold(meeting)
    guest = _as_it_is(guest)
    if guest.confirmed_at is not None:
        return guest
    if not takes_guests(meeting, now):
        raise Refused(_("This meeting takes no guests any more."))
    guest.confirmed_at, guest.told = now, as_told(meeting)
    guest.seat = next(iter(_free(meeting)), None)
    db.session.flush()
    _tell(guest, "G1", "place" if guest.seat else "waits", now)
    meeting.network.changed(now)
    record("guest-confirmed", guest, now, network_id=meeting.network_id, seat=guest.seat is not None)
    return guest


def give_back(guest: Guest, now: datetime) -> None:
    """The guest does not come: nothing of them stays, and who waits longest has the seat."""
    meeting = guest.meeting
    hold(meeting)
    guest = _as_it_is(guest)
    record("guest-gone", guest, now, network_id=meeting.network_id, seat=guest.seat is not None)
    _forget([guest], now)
    if takes_guests(meeting, now):
        _move_up(meeting, now)
    meeting.network.changed(now)


def take_off(guest: Guest, now: datetime) -> None:
    """A manager takes a guest off the list, who hears of it (G3); who waits longest has the seat. Twice is once.

    It bars nobody: who asks again has a place again as long as one is free. Raises Refused when the meeting is over.
    """
    meeting = guest.meeting
    hold(meeting)
    guest = _as_it_is(guest)
    if not meeting.ahead(now):
        raise Refused(_("This meeting is over or does not take place."))
    if not guest.listed:
        return
    record("guest-taken-off", guest, now, network_id=meeting.network_id, seat=guest.seat is not None)
    mail.cancel(_mails_to([guest]), now)
    guest.seat, guest.removed_at = None, now
    db.session.flush()
    _tell(guest, "G3", f"off-{now:%Y-%m-%dT%H:%M:%S}", now, was=None)
    if takes_guests(meeting, now):
        _move_up(meeting, now)
    meeting.network.changed(now)


def _known(meeting: Meeting, email: str, now: datetime) -> Guest | None:
    """Who has this address; somebody who was taken off begins anew, as another guest."""
    guest = place_of(meeting, email)
    if guest is None or guest.removed_at is None:
        return guest
    _forget([guest], now)
    return None


def _as_it_is(guest: Guest) -> Guest:
    """The row as somebody else may have left it while we waited for the meeting."""
    found = db.session.get(Guest, guest.id, populate_existing=True)
    if found is None:
        raise Refused(_("This place was given back already."))
    return found


def _free(meeting: Meeting) -> list[int]:
    """Seats nobody has, the first first."""
    taken = {guest.seat for guest in coming_as_guests(meeting)}
    return [seat for seat in range(1, min(meeting.guest_seats, MOST) + 1) if seat not in taken]


def _move_up(meeting: Meeting, now: datetime) -> None:
    """Who waits has what is free, and hears of it at once (G1). The meeting is held."""
    for guest, seat in zip(waiting(meeting), _free(meeting), strict=False):
        guest.seat = seat
        _tell(guest, "G1", "place", now)
        record("guest-moved-up", guest, now, network_id=meeting.network_id)
    db.session.flush()


def _tell(guest: Guest, kind: str, about: str, now: datetime, *, due: datetime | None = None, **more: object) -> None:
    meeting = guest.meeting
    mail.add(
        kind=kind,
        key=f"{kind}-{guest.id}-{about}",
        person_id=None,
        due_at=due or now,
        now=now,
        network_id=meeting.network_id,
        meeting_id=meeting.id,
        params={"guest_id": guest.id, **more},
    )


def as_told(meeting: Meeting) -> dict[str, Any]:
    """What a guest has to hear of when it changes."""
    host = meeting.host.id if meeting.host else None
    place = {"mode": meeting.mode, "room": meeting.room_id, "place": meeting.place, "host": host}
    times = {"starts_at": meeting.starts_at.isoformat(), "ends_at": meeting.ends_at.isoformat()}
    return {**times, **place, "status": meeting.status}


def keep_up(now: datetime) -> None:
    """What guests of meetings ahead, and of those just over, are to be told; twice in a row changes nothing."""
    query = select(Guest).join(Meeting).where(LISTED, Meeting.ends_at > now - NOTES_UNTIL)
    guests = list(db.session.scalars(query.order_by(Guest.meeting_id, Guest.id)))
    for meeting in {guest.meeting_id: guest.meeting for guest in guests}.values():
        here = [guest for guest in guests if guest.meeting_id == meeting.id]
        if meeting.starts_at > now:
            _tell_of_changes(meeting, here, now)
            _plan_reminder(meeting, [guest for guest in here if guest.seat], now)
        elif meeting.notes_at and meeting.network.guests_get_notes and meeting.ends_at < now:
            for guest in here:
                if guest.seat:
                    _tell(guest, "G4", "notes", now)


def _tell_of_changes(meeting: Meeting, guests: Iterable[Guest], now: datetime) -> None:
    """G3 to whoever knows another day, place or end of it."""
    is_so = as_told(meeting)
    for guest in guests:
        if guest.told != is_so:
            _tell(guest, "G3", f"{now:%Y-%m-%dT%H:%M:%S}", now, was=guest.told)
            guest.told = is_so


def _plan_reminder(meeting: Meeting, guests: list[Guest], now: datetime) -> None:
    """G2 leaves when members get theirs (D2); a meeting that was moved is reminded of anew, on its own day."""
    step = step_of(meeting.network_id, "D2")
    if meeting.cancelled or not guests or not step.on:
        return
    ids = tuple(guest.id for guest in guests)
    facts = Facts(meeting.id, meeting.starts_at, meeting.network.timezone, not meeting.in_person, participants=ids)
    due = {each.person: each.due for each in reminders(facts, [step], calendar_of(meeting.network, [meeting]), now)}
    for guest in guests:
        if guest.id in due:
            start = meeting.starts_at.isoformat()
            _tell(guest, "G2", start, now, due=due[guest.id], starts_at=start)


def forget_guests(now: datetime) -> int:
    """Who did not confirm within three days or was taken off three days ago, and all thirty days after their meeting.

    Returns how many.
    """
    over = Guest.meeting_id.in_(select(Meeting.id).where(Meeting.ends_at < now - REMEMBERED))
    silent = Guest.confirmed_at.is_(None) & (Guest.asked_at < now - UNCONFIRMED)
    off = Guest.removed_at < now - UNCONFIRMED
    gone = list(db.session.scalars(select(Guest).where(or_(over, silent, off))))
    _forget(gone, now)
    return len(gone)


def forget_address(email: str, now: datetime) -> None:
    """By the word of who has it: nothing of an address stays, its places go to who waits."""
    for guest in places_of(email):
        give_back(guest, now)


def forget_past(email: str, now: datetime) -> None:
    """What an address was a guest at; a place that is still to come is its owner's own, whoever else knew them."""
    _forget([guest for guest in places_of(email) if guest.meeting.ends_at < now], now)


def _forget(guests: Iterable[Guest], now: datetime) -> None:
    """The rows go, what is planned to them is not sent, and what was sent is no file any more."""
    gone = list(guests)
    if not gone:
        return
    forget_mails(_mails_to(gone), now)
    for guest in gone:
        forget_tries(guest.email)
        db.session.delete(guest)
    db.session.flush()


def _mails_to(guests: Sequence[Guest]) -> list[Message]:
    numbers = {guest.id for guest in guests}
    query = select(Message).where(Message.meeting_id.in_([guest.meeting_id for guest in guests]))
    rows = db.session.scalars(query.where(Message.kind.in_(KINDS)))
    return [row for row in rows if row.params.get("guest_id") in numbers]
