"""The log as a table or a workbook, a line in a row."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.exporting import sheets
from app.privacy.log_lines import Line

KINDS = ("csv", "xlsx")
MOST = 10_000  # lines; who wants older ones names their days
MINUTE = "%Y-%m-%d %H:%M"


def written(kind: str, lines: Sequence[Line], zone: ZoneInfo) -> bytes:
    rows = list(_rows(lines, zone))
    if kind == "csv":
        return sheets.table(
            [cell.strftime(MINUTE) if isinstance(cell, datetime) else cell for cell in row] for row in rows
        )
    return sheets.workbook({_("Log"): rows}, number_formats={datetime: "yyyy-mm-dd hh:mm"}, width=24)


def _rows(lines: Sequence[Line], zone: ZoneInfo) -> Iterable[list[str | datetime]]:
    yield [
        *(_("When"), _("What was done"), _("What it is about"), _("Before and now")),
        *(_("Who"), _("As what"), _("Which way"), _("Where")),
    ]
    for line in lines:
        changed = "; ".join(f"{field}: {before} → {after}" for field, before, after in line.changed)
        at = line.row.at.astimezone(zone).replace(tzinfo=None, microsecond=0)
        yield [at, line.done, line.about, changed, line.who, line.role, line.way, line.where]
