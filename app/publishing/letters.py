"""The mails of a publication: the year (Y0, which app/reports completes), the welcome (W0), a change (C1, C1x)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.batch import once
from app.extensions import db
from app.letters.layout import Item, Section, addressee, personal_link, personal_page, recipient, speaking, write
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.meetings.letters import facts, from_to, gather, memberships_in, moment, roles, where
from app.meetings.models import Cycle, Meeting
from app.meetings.queries import meetings_of, meetings_of_year
from app.meetings.row import Change, Row, of_meeting
from app.networks.letters import frame, full_day, member_why, short_day
from app.networks.models import Network, Organisation
from app.people.models import Person
from app.publishing import year_in_letter

URGENT_DAYS = 3


def _network_of(message: Message) -> Network:
    return db.session.get_one(Network, message.network_id)


def in_force(message: Message, now: datetime) -> bool:
    """The year is published, and the person still takes part."""
    person, network = recipient(message), _network_of(message)
    cycle = db.session.get(Cycle, message.params["cycle_id"])
    if person is None or cycle is None or not cycle.published:
        return False
    return bool(memberships_in(network, person, now.astimezone(network.zone).date()))


def year(messages: Sequence[Message], now: datetime, told: Sequence[Section] = ()) -> Letter:
    """The dates of a year with the reader's own turns; `told` comes after them."""
    message = messages[0]
    person, network = addressee(message), _network_of(message)
    cycle = db.session.get_one(Cycle, message.params["cycle_id"])
    today = now.astimezone(network.zone).date()
    meetings = [each for each in _meetings(cycle) if not each.cancelled and not each.imported]
    named = network.year_name(cycle.year)
    with speaking(person):
        sentence = _("The dates of %(network)s for %(year)s are set.", network=network.name, year=named)
        dates = _dates(person, network, meetings, today, sentence, _("The year, with your own turns marked:"))
        own = _own(person, network, today)
        drawn = year_in_letter.months(cycle.year, meetings, own)
        section = replace(dates, year=drawn, heading=_("%(year)s: the dates", year=named))
        subject = _("%(network)s %(year)s: dates and your turns", network=network.name, year=named)
        return write(person, subject, [section, *told], frame(network, member_why(network)), [message.note])


def _dates(
    person: Person, network: Network, meetings: Sequence[Meeting], today: date, sentence: str, title: str
) -> Section:
    own = _own(person, network, today)
    return Section(
        sentences=[sentence],
        list_title=title,
        items=[_year_item(each, own) for each in meetings],
        button=(_("Put the dates into my calendar"), personal_link("calendars.subscribe", "calendars.mine")),
        closing=[_("Does a turn of yours not suit you? Swap it on your own page, or reply to this mail.")],
    )


def _own(person: Person, network: Network, today: date) -> set[int]:
    return {member.organisation_id for member in memberships_in(network, person, today)}


def _ahead(network: Network, now: datetime) -> list[Meeting]:
    return [each for each in meetings_of([network.id], now) if not each.cancelled and not each.imported]


def _takes_part_from(person: Person, network: Network, today: date) -> date | None:
    """The day from which the person takes part: today for who does already, None for who does no more."""
    joined = [member.joined for member in memberships_in(network, person, today)]
    return max(min(joined), today) if joined else None


def is_new(message: Message, now: datetime) -> bool:
    """Still takes part, now or later, and there are dates to tell."""
    person, network = recipient(message), _network_of(message)
    first = _takes_part_from(person, network, now.astimezone(network.zone).date()) if person else None
    return first is not None and any(meeting.day >= first for meeting in _ahead(network, now))


def _welcome(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, network = addressee(message), _network_of(message)
    today = now.astimezone(network.zone).date()
    first = _takes_part_from(person, network, today) or today
    meetings = [meeting for meeting in _ahead(network, now) if meeting.day >= first]
    with speaking(person):
        sentence = _("Welcome to %(network)s. You take part from now on.", network=network.name)
        if first > today:
            told = {"network": network.name, "day": full_day(first)}
            sentence = _("Welcome to %(network)s. You take part from %(day)s on.", **told)
        section = _dates(person, network, meetings, today, sentence, _("The dates still to come, with your own turns:"))
        subject = _("Welcome to %(network)s: the dates to come", network=network.name)
        return write(person, subject, [section], frame(network, member_why(network)), [message.note])


def _meetings(cycle: Cycle) -> list[Meeting]:
    return once(("year", cycle.id), lambda: meetings_of_year(cycle))


def _year_item(meeting: Meeting, own: set[int]) -> Item:
    line = f"{full_day(meeting.day)}, {from_to(meeting.local_start, meeting.local_end)}"
    line += f" – {meeting.host.name}" if meeting.host else f" – {where(meeting)}"
    turns = [_("you host")] if meeting.host and meeting.host.id in own else []
    turns += [_("you prepare")] if any(each.id in own for each in meeting.preparers) else []
    return Item(f"{line} – {', '.join(turns)}" if turns else line, own=bool(turns))


@dataclass(frozen=True)
class Told:
    """One change of a change mail that is still so."""

    meeting: Meeting
    change: Change

    @property
    def was_on(self) -> date:
        """The day people had in their calendars; of a new meeting its own."""
        return (self.change.old or self.change.new).date or self.meeting.day


def still_so(message: Message) -> list[Told]:
    """The changes of a message that equal what is published now; the others are superseded."""
    out = []
    for told in message.params["changes"]:
        meeting = db.session.get(Meeting, told["meeting_id"])
        if meeting is not None and of_meeting(meeting).for_letter(meeting.network.zone) == told["new"]:
            old = Row.of_letter(meeting.id, told["old"]) if told["old"] else None
            out.append(Told(meeting, Change(old, Row.of_letter(meeting.id, told["new"]))))
    return out


def _change_true(message: Message, now: datetime) -> bool:
    ahead = [told for told in still_so(message) if told.meeting.ends_at > now]
    return bool(ahead) and recipient(message) is not None and _takes_part(message, ahead)


def _takes_part(message: Message, changes: Iterable[Told]) -> bool:
    """Then or now: whoever had the meeting in the calendar hears of it."""
    person, network = addressee(message), _network_of(message)
    return any(memberships_in(network, person, min(told.was_on, told.meeting.day)) for told in changes)


def _change(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, network, changes = addressee(message), _network_of(message), still_so(message)
    today = now.astimezone(network.zone).date()
    urgent = is_urgent((day for told in changes for day in (told.was_on, told.meeting.day)), today)
    with speaking(person):
        sections = [change_section(told) for told in changes]
        notes = [message.note, hurry() if urgent else None, reason_of(message)]
        around = frame(network, member_why(network), urgent=urgent)
        return write(person, change_subject(network, changes), sections, around, notes)


def is_urgent(days: Iterable[date], today: date) -> bool:
    return any(0 <= (day - today).days <= URGENT_DAYS for day in days)


def hurry() -> str:
    return _("Urgent: this concerns the next few days.")


def reason_of(message: Message) -> str | None:
    reason = message.params.get("reason")
    return _("Why: %(reason)s", reason=reason) if reason else None


def change_section(told: Told) -> Section:
    network, day = told.meeting.network.name, full_day(told.was_on)
    if told.meeting.cancelled:
        sentence = _("The meeting of %(network)s on %(day)s is cancelled.", network=network, day=day)
    elif told.change.old is None:
        sentence = _("%(network)s has a new meeting.", network=network)
    else:
        sentence = _("The meeting of %(network)s on %(day)s has changed.", network=network, day=day)
    lines = [f"{label}: {was} → {becomes}" for label, was, becomes in differences(told)]
    return Section(
        heading=short_day(told.was_on),
        sentences=[sentence, "\n".join(lines)] if lines else [sentence],
        moment=None if told.meeting.cancelled else moment(told.meeting),
        facts=[] if told.meeting.cancelled else facts(told.meeting),
        button=(_("Look at the meeting"), personal_page(told.meeting.id)),
        roles=[] if told.meeting.cancelled else roles(told.meeting),
        closing=[_("The calendar you subscribed to follows by itself.")],
    )


def differences(told: Told) -> list[tuple[str, str, str]]:
    """(what, old, new) in words, only what differs."""
    old, new, differs = told.change.old, told.change.new, set(told.change.fields)
    if old is None or told.meeting.cancelled:
        return []
    lines: list[tuple[str, set[str], Callable[[Row, ZoneInfo], str]]] = [
        (_("When"), {"date", "start", "minutes"}, _when),
        (_("How"), {"mode"}, lambda row, _zone: _modes()[row.mode or ""]),
        (_("Where"), {"host", "place"}, lambda row, _zone: _place(row)),
        (_("Preparation"), {"preparers"}, lambda row, _zone: _names(row.preparers) or _("nobody yet")),
    ]
    zone = told.meeting.network.zone
    return [(what, words(old, zone), words(new, zone)) for what, fields, words in lines if fields & differs]


def _when(row: Row, zone: ZoneInfo) -> str:
    start, end = row.starts_at(zone).astimezone(zone), row.ends_at(zone).astimezone(zone)
    return f"{full_day(start.date())}, {from_to(start, end)}"


def _place(row: Row) -> str:
    host = _names([row.host]) if row.host else ""
    return ", ".join(part for part in (host, row.place) if part) or _("not known yet")


def _names(organisation_ids: Iterable[int]) -> str:
    found = [db.session.get(Organisation, each) for each in organisation_ids]
    return ", ".join(organisation.name for organisation in found if organisation is not None)


def change_subject(network: Network, changes: Sequence[Told]) -> str:
    first, count = changes[0], len(changes)
    if all(told.meeting.cancelled for told in changes):
        if count > 1:
            return _("Cancelled: %(count)s meetings of %(network)s", network=network.name, count=count)
        return _("Cancelled: %(network)s on %(d)s", network=network.name, d=short_day(first.was_on))
    if count > 1:
        return _("Changed: %(count)s meetings of %(network)s", network=network.name, count=count)
    if first.change.old is None:
        return _("New: %(network)s on %(d)s", network=network.name, d=short_day(first.meeting.day))
    new = _new_in_short(first)
    return _("Changed: %(network)s of %(d)s is now %(new)s", network=network.name, d=short_day(first.was_on), new=new)


def _new_in_short(told: Told) -> str:
    """The weightiest of what changed, as the subject says it."""
    differs, meeting = set(told.change.fields), told.meeting
    host = meeting.host.name if meeting.host else ""
    words = (
        ("cancelled" in differs, _("on again")),
        ("date" in differs, short_day(meeting.day)),
        ("start" in differs, _("at %(time)s", time=f"{meeting.local_start:%H:%M}")),
        ("mode" in differs, _modes()[meeting.mode]),
        ("host" in differs and host, _("at %(organisation)s", organisation=host)),
        ("place" in differs and meeting.place, _("at: %(place)s", place=meeting.place)),
        (True, _("arranged differently")),
    )
    return next(text for so, text in words if so)


def _modes() -> dict[str, str]:
    return {"in-person": _("in person"), "online": _("online"), "hybrid": _("hybrid")}


KINDS = {
    "W0": Kind(is_new, _welcome),
    "C1": Kind(_change_true, _change, gather=gather),
    "C1x": Kind(_change_true, _change, gather=gather),
}
