"""What a plan changes of what people have in their calendars."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.meetings.models import Cycle
from app.meetings.row import Row
from app.planning.actions import published_rows


@dataclass(frozen=True)
class Change:
    """One meeting before and after; `old` is None when it is new."""

    old: Row | None
    new: Row


def changes_of(cycle: Cycle, rows: Sequence[Row]) -> list[Change]:
    """What publishing `rows` would change of what people have now."""
    published = {row.meeting_id: row for row in published_rows(cycle)}
    changes = [Change(published.get(row.meeting_id), row) for row in rows]
    return [each for each in changes if (each.old.told() != each.new.told() if each.old else not each.new.cancelled)]
