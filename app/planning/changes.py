"""What a plan changes of what people have in their calendars."""

from collections.abc import Sequence

from app.meetings.models import Cycle
from app.meetings.row import Change, Row, differences
from app.planning.actions import published_rows


def changes_of(cycle: Cycle, rows: Sequence[Row]) -> list[Change]:
    """What publishing `rows` would change of what people have now."""
    return differences(published_rows(cycle), rows)
