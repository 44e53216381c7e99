"""When organisations cannot: a list of its own, or a column beside the members."""

from app.transfer.reading import organisations
from app.transfer.reading.days import Period, day, periods
from app.transfer.reading.desk import Desk
from app.transfer.reading.headings import Table
from app.transfer.reading.lines import records
from app.transfer.reading.proposal import Absence, Organisation, Place
from app.transfer.reading.tables import Cell, Line
from app.transfer.reading.values import plain


def read(desk: Desk, table: Table) -> None:
    for line, at in records(desk, table):
        name = plain(table.cell(line, "organisation")).value
        organisation = (
            organisations.elsewhere(desk, at, table.heading("organisation"), name, new=True) if name else None
        )
        if organisation is None:
            continue
        if "since" in table.fields:
            _between(desk, table, line, at, organisation)
        of_line(desk, table, line, at, organisation)


def of_line(desk: Desk, table: Table, line: Line, at: Place, organisation: Organisation) -> None:
    """The periods of one cell; the same period in another row is the same absence."""
    cell = table.cell(line, "absence")
    note = table.cell(line, "reason").text
    found = desk.take(
        at,
        table.heading("absence"),
        cell,
        periods(cell, desk.year, note),
        (organisation.name, cell.text),
        lambda text: periods(Cell(text), desk.year, note).value or None,
    )
    for period in found or ():
        _add(organisation, period, cell.text if isinstance(cell.value, str) else note)


def _between(desk: Desk, table: Table, line: Line, at: Place, organisation: Organisation) -> None:
    """A first and a last day in columns of their own."""
    days = []
    for field in ("since", "until"):
        cell = table.cell(line, field)
        read = day(cell, desk.year, since_1904=table.sheet.since_1904)
        about = (organisation.name, field, cell.text)
        days.append(
            desk.take(at, table.heading(field), cell, read, about, lambda text: day(Cell(text), desk.year).value)
        )
    first, last = days[0], days[1] or days[0]
    if first and last and first <= last:
        _add(organisation, Period(first, last), table.cell(line, "reason").text)
    elif first and last:
        desk.note(at, table.heading("until"), str(last), None, "refused", "date_impossible")


def _add(organisation: Organisation, period: Period, reason: str) -> None:
    if all(each.period != period for each in organisation.absences):
        organisation.absences.append(Absence(period, " ".join(reason.split())[:200]))
