"""One line of a year: a meeting as it is drafted, published and compared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypedDict, cast
from zoneinfo import ZoneInfo

from app.meetings.models import Cycle, Meeting
from app.meetings.queries import meetings_of_year

Day = date  # the name `date` is taken inside a class that has a field of that name
LOCKABLE = ("date", "mode", "host", "preparers")
# Beside who prepares, what a change of is worth a mail and a line in the comparison.
TOLD = ("date", "start", "minutes", "mode", "host", "room_id", "place", "link", "cancelled")


class Origin(StrEnum):
    """Where a line comes from; the letter its key begins with."""

    ASKED = "m"  # one of the meetings a manager asked for
    EXTRA = "x"  # one more, on a day of the manager's choice
    PUBLISHED = "p"  # people have it in their calendars: the number is the meeting's id
    RESTORED = "d"  # of a draft that an export brought back


@dataclass(frozen=True, order=True)
class RowKey:
    """What a line is called while it is drafted: "m3", "x1", "p17" in forms, in stored JSON and to the planner."""

    origin: Origin
    number: int

    @classmethod
    def parse(cls, text: str) -> "RowKey":
        """Raises ValueError for anything else."""
        return cls(Origin(text[:1]), int(text[1:]))

    def __str__(self) -> str:
        return f"{self.origin}{self.number}"


class Edit(TypedDict, total=False):
    """What somebody sets of a line."""

    date: Day | None
    start: time
    minutes: int
    mode: str
    host: int | None
    preparers: tuple[int, ...]
    room_id: int | None
    place: str
    link: str


@dataclass(frozen=True)
class Row:
    key: RowKey
    date: Day | None  # in the network's zone
    start: time
    minutes: int
    mode: str | None  # in-person, online, hybrid; None until a mixed year is planned
    host: int | None = None
    preparers: tuple[int, ...] = ()
    room_id: int | None = None
    place: str = ""
    link: str = ""
    cancelled: bool = False
    window: tuple[Day, Day] | None = None
    prefer: str | None = None
    locked: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Row":
        """Read what `to_json` wrote, now or before keys were typed."""
        window = values.get("window")
        return cls(
            key=RowKey.parse(values["key"]),
            date=Day.fromisoformat(values["date"]) if values["date"] else None,
            start=time.fromisoformat(values["start"]),
            minutes=values["minutes"],
            mode=values["mode"],
            host=values.get("host"),
            preparers=tuple(values.get("preparers") or ()),
            room_id=values.get("room_id"),
            place=values.get("place", ""),
            link=values.get("link", ""),
            cancelled=values.get("cancelled", False),
            window=(Day.fromisoformat(window[0]), Day.fromisoformat(window[1])) if window else None,
            prefer=values.get("prefer"),
            locked=tuple(values.get("locked") or ()),
        )

    def to_json(self) -> dict[str, Any]:
        return {each.name: plain(getattr(self, each.name)) for each in fields(self)}

    @property
    def meeting_id(self) -> int | None:
        """The published meeting it stands for."""
        return self.key.number if self.key.origin is Origin.PUBLISHED else None

    @property
    def first_day(self) -> Day:
        """Its day, or the first it may fall on."""
        return self.date or (self.window[0] if self.window else Day.max)

    def starts_at(self, zone: ZoneInfo) -> datetime:
        if self.date is None:
            raise ValueError("a line that starts has its day")
        return wall(self.date, self.start, zone)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        return self.starts_at(zone) + timedelta(minutes=self.minutes)

    def lock(self, *names: str) -> "Row":
        return replace(self, locked=tuple(name for name in LOCKABLE if name in {*self.locked, *names}))

    def told(self) -> dict[str, object]:
        """What a publication is compared by; preparers in any order are the same preparers."""
        return {name: getattr(self, name) for name in TOLD} | {"preparers": sorted(self.preparers)}

    def only_changed(self, edit: Edit) -> Edit:
        """The values of `edit` that are not so already."""
        changed = Change(self, replace(self, **edit)).fields
        return cast(Edit, {name: value for name, value in edit.items() if name in changed})

    @classmethod
    def of_letter(cls, meeting_id: int, values: Mapping[str, Any]) -> "Row":
        """What `for_letter` made of a published meeting: without its room and its link."""
        start, end = (datetime.fromisoformat(values[name]) for name in ("start", "end"))
        return cls(
            key=RowKey(Origin.PUBLISHED, meeting_id),
            date=start.date(),
            start=start.time(),
            minutes=int((end - start).total_seconds()) // 60,
            mode=values["mode"],
            host=values["host"],
            preparers=tuple(values["preparers"]),
            place=values["place"],
            cancelled=values["cancelled"],
        )

    def for_letter(self, zone: ZoneInfo) -> dict[str, Any]:
        """The row as a change mail carries it."""
        return {
            "start": self.starts_at(zone).astimezone(zone).isoformat(),
            "end": self.ends_at(zone).astimezone(zone).isoformat(),
            "mode": self.mode,
            "host": self.host,
            "preparers": sorted(self.preparers),
            "place": self.place,
            "cancelled": self.cancelled,
        }


@dataclass(frozen=True)
class Change:
    """One meeting before and after; `old` is None when it is new."""

    old: Row | None
    new: Row

    @property
    def fields(self) -> tuple[str, ...]:
        """What differs, by the names of `TOLD` and "preparers"; nothing of a new meeting."""
        was = self.old.told() if self.old else {}
        return tuple(name for name, value in self.new.told().items() if was and was[name] != value)


def differences(before: Iterable[Row], after: Iterable[Row]) -> list[Change]:
    """What the second year changes of the first, in its order: other values, and meetings that are new."""
    known = {row.key: row for row in before}
    changes = [Change(known.get(row.key), row) for row in after]
    return [each for each in changes if each.fields or (each.old is None and not each.new.cancelled)]


def plain(value: object) -> object:
    """A value of a row as JSON has it."""
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value) if isinstance(value, RowKey) else value


def wall(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant at which the clock on the wall says `clock`; ValueError for an hour that is skipped that night."""
    local = datetime.combine(day, clock, zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError(f"{clock:%H:%M} does not exist on {day}")
    return instant


def of_meeting(meeting: Meeting) -> Row:
    """The published meeting as a row."""
    host, start = meeting.host, meeting.local_start
    return Row(
        key=RowKey(Origin.PUBLISHED, meeting.id),
        date=start.date(),
        start=start.time().replace(second=0, microsecond=0),
        minutes=int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60,
        mode=meeting.mode,
        host=host.id if host else None,
        preparers=tuple(organisation.id for organisation in meeting.preparers),
        room_id=meeting.room_id,
        place=meeting.place,
        link=meeting.link,
        cancelled=meeting.cancelled,
    )


def published_rows(cycle: Cycle) -> list[Row]:
    """The year as people know it."""
    return [of_meeting(meeting) for meeting in meetings_of_year(cycle)]


def changes_of(cycle: Cycle, rows: Iterable[Row]) -> list[Change]:
    """What publishing `rows` would change of what people know."""
    return differences(published_rows(cycle), rows)


def by_date(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.first_day, row.start, row.key))
