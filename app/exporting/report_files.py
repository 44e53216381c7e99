"""The report of a year as a workbook or a table that opens right in Dutch and German programs."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from flask import render_template
from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _

from app.exporting.sheets import TYPES as ALL_TYPES
from app.exporting.sheets import table, workbook
from app.meetings import phrases
from app.reports.queries import MeetingLine, NetworkReport

KINDS = ("xlsx", "csv", "html")
TYPES = {"xlsx": ALL_TYPES["xlsx"], "csv": ALL_TYPES["csv"], "html": "text/html; charset=utf-8"}
Cell = str | int | float | date | None
# Day first and a year of four figures, as the spreadsheet of that language writes and reads a date.
DAY = {"nl": "%d-%m-%Y", "de": "%d.%m.%Y"}
DAY_CELL, HOURS_CELL = "dd-mm-yyyy", "0.0"


def written(kind: str, parts: Sequence[NetworkReport], title: str, words: str) -> bytes:
    """The bytes of a report: all its sheets, the table of its meetings, or a page of its own."""
    if kind == "html":
        language = str(get_locale().language)
        page = render_template("reports/file.html", parts=parts, title=title, words=words, language=language)
        return page.encode()
    return _xlsx(parts, title, words) if kind == "xlsx" else _csv(parts)


def _xlsx(parts: Sequence[NetworkReport], title: str, words: str) -> bytes:
    sheets: dict[str, Iterable[list[Cell]]] = {
        _("Numbers"): [[title], [words], [], *numbers(parts)],
        _("Meetings"): meetings(parts),
        _("What came of it"): outcomes(parts),
    }
    return workbook(sheets, number_formats={date: DAY_CELL, datetime: DAY_CELL, float: HOURS_CELL}, width=18)


def _csv(parts: Sequence[NetworkReport]) -> bytes:
    """The meetings, with decimals and days as the language has them."""
    return table([_typed(cell) for cell in row] for row in meetings(parts))


def _typed(cell: Cell) -> Cell:
    if isinstance(cell, date):
        return cell.strftime(DAY.get(get_locale().language, "%d/%m/%Y"))
    return str(format_decimal(cell, "0.##")) if isinstance(cell, float) else cell


def numbers(parts: Sequence[NetworkReport]) -> Iterable[list[Cell]]:
    """One row a network: how much of what."""
    yield [
        *(_("Network"), _("Organisations"), _("Meetings held"), _("Still to come"), _("Cancelled"), _("Hours")),
        *(_("Meetings with a head count"), _("People there, all together"), _("Organisations that hosted")),
        *(_("Organisations that prepared"), _("Topics"), _("Outcomes"), _("Agreements"), _("Agreements kept")),
    ]
    for part in parts:
        n = part.numbers
        yield [
            *(part.network.name, n.organisations, len(n.held), n.ahead, n.cancelled, n.minutes / 60, len(n.counted)),
            *(n.people, n.hosts, n.preparers, n.topics, n.outcomes, n.agreed, n.kept),
        ]


def meetings(parts: Sequence[NetworkReport]) -> Iterable[list[Cell]]:
    yield [
        *(_("Network"), _("Date"), _("Topic"), _("How"), _("Host"), _("Preparation"), _("People"), _("Hours")),
        *(_("Atmosphere"), _("Towards the goal"), _("Status")),
    ]
    how = {mode: phrases.mode(mode) for mode in {line.mode for part in parts for line in part.numbers.lines}}
    status = {True: _("held"), False: _("to come")}
    for part in parts:
        for line in part.numbers.lines:
            mood: Sequence[Cell] = line.mood or (None, None)
            turns = [line.host, " + ".join(line.preparers)]
            yield [
                *(part.network.name, line.day, line.topic, how[line.mode], *turns, line.people),
                *(line.minutes / 60, *mood, status[line.held]),
            ]


def outcomes(parts: Sequence[NetworkReport]) -> Iterable[list[Cell]]:
    yield [_("Network"), _("Date"), _("What"), _("In words"), _("Kept")]
    for part in parts:
        for line in part.numbers.held:
            yield from _of_meeting(part, line)


def _of_meeting(part: NetworkReport, line: MeetingLine) -> Iterable[list[Cell]]:
    for text in line.outcomes:
        yield [part.network.name, line.day, _("Outcome"), text, ""]
    for text, done in line.agreements:
        yield [part.network.name, line.day, _("Agreement"), text, _("yes") if done else _("no")]
