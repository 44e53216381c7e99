"""Calendar entries -> iCalendar bytes (RFC 5545, 7986). The only file that imports icalendar.

What goes in decides every byte that comes out: no clock, no random UID, so two renderings of the same are identical.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, Event, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vDDDTypes, vDuration, vRecur, vText, vUri

PRODID = "-//Toerbeurt//Toerbeurt//EN"
COLOUR = "teal"
Value = vDDDTypes | vDuration | vRecur | vText | vUri
# One rule since 1996 (Directive 2000/84/EC): zones that change their clocks on the last Sundays of March and October.
# Offsets and names in winter and summer, and the hours on the wall at which summer begins and ends.
_CENTRAL = ("+0100", "+0200", "CET", "CEST", 2, 3)
_CENTRAL_ZONES = ("Amsterdam", "Berlin", "Brussels", "Luxembourg", "Paris", "Vienna", "Zurich")
ZONES = {f"Europe/{city}": _CENTRAL for city in _CENTRAL_ZONES} | {
    "Europe/London": ("+0000", "+0100", "GMT", "BST", 1, 2)
}


MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `start`, `end`: aware datetimes in a zone of ZONES, or dates (end excluded) for a whole day."""

    uid: str
    sequence: int
    changed: datetime  # the last change of what is shown: DTSTAMP and LAST-MODIFIED
    start: datetime | date
    end: datetime | date
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    conference: str = ""
    cancelled: bool = False
    transparent: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar: its name, its zone, when anything in it last changed, and its entries."""

    name: str
    zone: str
    modified: datetime
    entries: tuple[Entry, ...]


class _Text(vText):
    """TEXT escaped by RFC 5545 3.3.11; icalendar would turn a literal backslash-N into a line break."""

    def to_ical(self) -> bytes:
        text = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return text.replace("\n", "\\n").encode()


def render(feed: Feed) -> bytes:
    """Return the feed as bytes of iCalendar, entries ordered by start and UID.

    Raises ValueError for a zone that is not in ZONES. Source: RFC 5545, RFC 7986 (NAME, COLOR, REFRESH-INTERVAL,
    CONFERENCE).
    """
    calendar = _bare()
    _put(calendar, "NAME", _Text(feed.name))
    _put(calendar, "X-WR-CALNAME", _Text(feed.name))
    _put(calendar, "X-WR-TIMEZONE", _Text(feed.zone))
    _put(calendar, "LAST-MODIFIED", vDDDTypes(feed.modified.astimezone(UTC)))
    _put(calendar, "REFRESH-INTERVAL", vDuration(timedelta(hours=4)), VALUE="DURATION")
    _put(calendar, "X-PUBLISHED-TTL", _Text("PT4H"))
    _put(calendar, "COLOR", _Text(COLOUR))
    events = [_event(entry) for entry in sorted(feed.entries, key=_place)]
    own: dict[str, set[int]] = {feed.zone: set()}  # the one component that is there without an event (RFC 5545 3.6)
    return _filled(calendar, own | _zones(feed.entries), events)


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who invites whom (name, address), whether an answer is read, or that it is off again."""

    organiser: tuple[str, str]
    attendee: tuple[str, str]
    answered: bool
    cancelled: bool

    @property
    def method(self) -> str:
        """Return what the receiver is asked to do, the method of RFC 5546."""
        return "CANCEL" if self.cancelled else "REQUEST"


def render_one(entry: Entry) -> bytes:
    """Return one event as a file to put into any calendar: without a name, or programs make a calendar of it."""
    return _filled(_bare(), _zones([entry]), [_event(entry)])


def render_invitation(entry: Entry, invitation: Invitation) -> bytes:
    """Return the calendar part of an invitation mail, or of the mail that takes it back (RFC 5546, 6047).

    Of one that is taken back `entry` is as it stood, or cancelled; its SEQUENCE has to be above all sent before.
    """
    calendar = _bare()
    _put(calendar, "METHOD", _Text(invitation.method))
    event = _event(replace(entry, cancelled=True) if invitation.cancelled else entry)
    _put(event, "ORGANIZER", _address(invitation.organiser[1]), CN=_quotable(invitation.organiser[0]))
    _put(
        event,
        "ATTENDEE",
        _address(invitation.attendee[1]),
        CUTYPE="INDIVIDUAL",
        ROLE="REQ-PARTICIPANT",
        PARTSTAT="NEEDS-ACTION",
        RSVP="TRUE" if invitation.answered and not invitation.cancelled else "FALSE",
        CN=_quotable(invitation.attendee[0] or invitation.attendee[1]),
    )
    return _filled(calendar, _zones([entry]), [event])


def _quotable(name: str) -> str:
    """A parameter holds no double quotes (RFC 5545 3.2)."""
    return name.replace('"', "'")


def _address(address: str) -> vUri:
    return vUri(f"mailto:{address}")


def _bare() -> Calendar:
    calendar = Calendar()
    _put(calendar, "VERSION", _Text("2.0"))
    _put(calendar, "PRODID", _Text(PRODID))
    _put(calendar, "CALSCALE", _Text("GREGORIAN"))
    return calendar


def _filled(calendar: Calendar, zones: Mapping[str, Set[int]], events: Iterable[Event]) -> bytes:
    for zone, years in sorted(zones.items()):
        calendar.add_component(_timezone(zone, years))
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical(sorted=False))


def _place(entry: Entry) -> tuple[str, str]:
    start = entry.start.astimezone(UTC) if isinstance(entry.start, datetime) else entry.start
    return start.isoformat(), entry.uid


def _zones(entries: Iterable[Entry]) -> dict[str, set[int]]:
    """{zone: years in which something is}."""
    found: dict[str, set[int]] = {}
    for entry in entries:
        if isinstance(entry.start, datetime):
            found.setdefault(str(entry.start.tzinfo), set()).add(entry.start.year)
    return found


def _event(entry: Entry) -> Event:
    event = Event()
    changed = vDDDTypes(entry.changed.astimezone(UTC))
    _put(event, "UID", _Text(entry.uid))
    _put(event, "DTSTAMP", changed)
    _put(event, "LAST-MODIFIED", changed)
    event.add("SEQUENCE", entry.sequence)
    _when(event, "DTSTART", entry.start)
    _when(event, "DTEND", entry.end)
    _put(event, "SUMMARY", _Text(entry.summary))
    for name, text in (("DESCRIPTION", entry.description), ("LOCATION", entry.location)):
        if text:
            _put(event, name, _Text(text))
    _put(event, "STATUS", _Text("CANCELLED" if entry.cancelled else "CONFIRMED"))
    _put(event, "TRANSP", _Text("TRANSPARENT" if entry.transparent or entry.cancelled else "OPAQUE"))
    if entry.url:
        _put(event, "URL", vUri(entry.url))
    if entry.conference:
        _put(event, "CONFERENCE", vUri(entry.conference), VALUE="URI")
    return event


def _when(event: Event, name: str, value: datetime | date) -> None:
    if isinstance(value, datetime):
        wall = vDDDTypes(value.replace(tzinfo=None))
        _put(event, name, wall, TZID=str(value.tzinfo))
    else:
        _put(event, name, vDDDTypes(value), VALUE="DATE")


def _put(component: Component, name: str, value: Value, **params: str) -> None:
    """Add exactly this property: encoded by us, with these parameters and no others."""
    value.params.clear()
    for key, text in params.items():
        value.params[key] = text
    component.add(name, value, encode=False)


def _timezone(name: str, years: Set[int]) -> Timezone:
    """Return a constant VTIMEZONE: icalendar's own generated ones have the summer onset an hour late.

    Where the time zone database of this machine says otherwise for one of the years, it is what the database says.
    """
    if name not in ZONES:
        raise ValueError(f"no time zone rule for {name}")
    zone = Timezone()
    _put(zone, "TZID", _Text(name))
    if not all(_as_written(name, year) for year in years):
        for part in _observances(ZoneInfo(name), min(years), max(years)):
            zone.add_component(part)
        return zone
    winter, summer, winter_name, summer_name, spring, autumn = ZONES[name]
    zone.add_component(_observance(TimezoneDaylight(), winter, summer, summer_name, datetime(1970, 3, 29, spring), 3))
    zone.add_component(_observance(TimezoneStandard(), summer, winter, winter_name, datetime(1970, 10, 25, autumn), 10))
    return zone


def _as_written(name: str, year: int) -> bool:
    """Whether the database has the two changes of ZONES in a year, at one o'clock UTC of these Sundays."""
    winter, summer = ZONES[name][:2]
    for month, before, after in ((3, winter, summer), (10, summer, winter)):
        last = datetime(year, month, 31, 1, tzinfo=UTC)
        onset = last - timedelta(days=(last.weekday() + 1) % 7)
        sides = (onset - MINUTE).astimezone(ZoneInfo(name)), onset.astimezone(ZoneInfo(name))
        if [f"{side:%z}" for side in sides] != [before, after]:
            return False
    return True


def _observances(zone: ZoneInfo, first: int, last: int) -> Iterator[Component]:
    """Each offset from a year before the first to a year behind the last, with the instant it begins."""
    at, end = datetime(first - 1, 1, 1, tzinfo=UTC), datetime(last + 2, 1, 1, tzinfo=UTC)
    yield _since(zone, datetime(1970, 1, 1), at, at)
    while at < end:
        after = at + timedelta(days=1)
        if at.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            onset = next(m for m in _minutes(at) if m.astimezone(zone).utcoffset() != at.astimezone(zone).utcoffset())
            wall = onset + (at.astimezone(zone).utcoffset() or timedelta())
            yield _since(zone, wall.replace(tzinfo=None), at, onset)
        at = after


def _minutes(at: datetime) -> Iterator[datetime]:
    return (at + number * MINUTE for number in range(24 * 60 + 1))


def _since(zone: ZoneInfo, wall: datetime, before: datetime, after: datetime) -> Component:
    here = after.astimezone(zone)
    part = TimezoneDaylight() if here.dst() else TimezoneStandard()
    _put(part, "TZOFFSETFROM", _Text(f"{before.astimezone(zone):%z}"))
    _put(part, "TZOFFSETTO", _Text(f"{here:%z}"))
    _put(part, "TZNAME", _Text(f"{here:%Z}"))
    _put(part, "DTSTART", vDDDTypes(wall))
    return part


def _observance(part: Component, before: str, after: str, name: str, onset: datetime, month: int) -> Component:
    for key, offset in (("TZOFFSETFROM", before), ("TZOFFSETTO", after)):
        _put(part, key, _Text(offset))
    _put(part, "TZNAME", _Text(name))
    _put(part, "DTSTART", vDDDTypes(onset))
    _put(part, "RRULE", vRecur({"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"}))
    return part
