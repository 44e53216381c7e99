"""When organisations cannot: a list of its own, or a column beside the members."""

from dataclasses import replace
from datetime import date

from app.importing.cells.days import Period, day, periods
from app.importing.cells.named_periods import proposed, school_holidays_named
from app.importing.cells.values import Read
from app.importing.files.sheet import Cell
from app.importing.lists import organisations
from app.importing.proposal import Absence, Organisation
from app.importing.tables.desk import Desk, Record
from app.importing.tables.records import records
from app.importing.tables.table import Table


def read(desk: Desk, table: Table) -> None:
    for record in records(desk, table):
        name = record.text("organisation")
        organisation = organisations.elsewhere(record, "organisation", name, new=True) if name else None
        if organisation:
            _between(record, organisation)
            of_record(record, organisation)
        elif not name:
            record.note("row", record.line.first.text, Read(None, "ignored", "row_without_organisation"))


def of_record(record: Record, organisation: Organisation) -> None:
    """The periods of each column of them; the same period in another row is the same absence."""
    for part in record.each("absence"):
        _of_cell(part, organisation)


def _of_cell(record: Record, organisation: Organisation) -> None:
    cell, note, year = record.cell("absence"), record.text("reason"), record.desk.year
    said = periods(cell, year, note)
    named = school_holidays_named(cell.text, year, organisation.region) if said.action == "asked" else []
    if named:
        said = Read(tuple(named), "told", "period_holidays")
    elif said.action == "asked":
        said = replace(said, proposal=proposed(cell.text, year))
    found = record.take(
        "absence",
        said,
        organisation.name,
        cell.text,
        parse=lambda text: periods(Cell(text), year, note).value or None,
    )
    for period in found or ():
        _add(organisation, period, cell.text if isinstance(cell.value, str) else note)


def _between(record: Record, organisation: Organisation) -> None:
    """A first and a last day in columns of their own."""
    first, last = _edge(record, "since", organisation), _edge(record, "until", organisation)
    if first and (last is None or first <= last):
        _add(organisation, Period(first, last or first), record.text("reason"))
    elif first and last:
        record.note("until", last.isoformat(), Read(None, "refused", "date_impossible"))


def _edge(record: Record, field: str, organisation: Organisation) -> date | None:
    cell, year = record.cell(field), record.desk.year
    if cell.empty:
        return None
    found = day(cell, year, since_1904=record.table.sheet.since_1904, mixed=field in record.table.mixed)
    value: date | None = record.take(
        field, found, organisation.name, cell.text, parse=lambda text: day(Cell(text), year).value
    )
    return value


def _add(organisation: Organisation, period: Period, reason: str) -> None:
    if all(each.period != period for each in organisation.absences):
        organisation.absences.append(Absence(period, " ".join(reason.split())[:200]))
