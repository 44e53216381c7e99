"""One line of a year: a meeting as it is drafted, published and compared."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.meetings.models import Meeting

Day = date  # the name `date` is taken inside a class that has a field of that name
LOCKABLE = ("date", "mode", "host", "preparers")
# What a change of is worth a mail and a line in the comparison.
TOLD = ("date", "start", "minutes", "mode", "host", "room_id", "place", "link", "cancelled")


@dataclass(frozen=True)
class Row:
    key: str
    meeting_id: int | None
    date: str | None  # ISO, in the network's zone
    start: str  # HH:MM
    minutes: int
    mode: str | None  # in-person, online, hybrid; None until a mixed year is planned
    host: int | None = None
    preparers: tuple[int, ...] = ()
    room_id: int | None = None
    place: str = ""
    link: str = ""
    cancelled: bool = False
    window: tuple[str, str] | None = None
    prefer: str | None = None
    locked: tuple[str, ...] = field(default=())

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Row":
        window = values.get("window")
        return cls(
            **{
                **values,
                "preparers": tuple(values.get("preparers") or ()),
                "locked": tuple(values.get("locked") or ()),
                "window": tuple(window) if window else None,
            }
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "preparers": list(self.preparers),
            "locked": list(self.locked),
            "window": list(self.window) if self.window else None,
        }

    @property
    def day(self) -> Day | None:
        return Day.fromisoformat(self.date) if self.date else None

    def starts_at(self, zone: ZoneInfo) -> datetime:
        return wall(self.date or "", self.start, zone)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        return self.starts_at(zone) + timedelta(minutes=self.minutes)

    def lock(self, *fields: str) -> "Row":
        return replace(self, locked=tuple(name for name in LOCKABLE if name in {*self.locked, *fields}))

    def told(self) -> tuple[Any, ...]:
        """What a publication is compared by; preparers in any order are the same preparers."""
        return (*(getattr(self, name) for name in TOLD), tuple(sorted(self.preparers)))

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


def wall(day: str, clock: str, zone: ZoneInfo) -> datetime:
    """The instant at which the clock on the wall says `clock`; ValueError for an hour that is skipped that night."""
    local = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError(f"{clock} does not exist on {day}")
    return instant


def of_meeting(meeting: Meeting) -> Row:
    """The published meeting as a row."""
    host = meeting.host
    return Row(
        key=f"p{meeting.id}",
        meeting_id=meeting.id,
        date=meeting.day.isoformat(),
        start=meeting.local_start.strftime("%H:%M"),
        minutes=int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60,
        mode=meeting.mode,
        host=host.id if host else None,
        preparers=tuple(organisation.id for organisation in meeting.preparers),
        room_id=meeting.room_id,
        place=meeting.place,
        link=meeting.link,
        cancelled=meeting.cancelled,
    )


def by_date(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.date or (row.window or ("9999",))[0], row.start, row.key))
