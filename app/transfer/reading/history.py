"""Past meetings: when, at whose place, prepared by whom."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.transfer.reading import networks, organisations
from app.transfer.reading.days import day, week_of
from app.transfer.reading.desk import Desk
from app.transfer.reading.headings import Table
from app.transfer.reading.lines import records
from app.transfer.reading.names import key
from app.transfer.reading.proposal import Meeting, Network, Organisation, Place
from app.transfer.reading.sections import network_in
from app.transfer.reading.tables import Cell, Line
from app.transfer.reading.values import Read, count, plain

CANCELLED = re.compile(
    r"vervallen|afgelast|geannuleerd|niet doorgegaan|cancel|called off|ausgefallen|abgesagt|entfall", re.I
)
ONLINE = re.compile(r"^(?:online|digitaal|digital|teams|zoom|video|virtueel|virtuell|virtual)\b", re.IGNORECASE)
NOBODY = re.compile(r"^(?:[-–?]+|\(?(?:onbekend|unbekannt|unknown)\)?|n\.?v\.?t\.?)$", re.IGNORECASE)
FIRM_SPLIT = re.compile(r"\s*[+;/,\n]\s*")
LOOSE_SPLIT = re.compile(r"\s+(?:en|und|and|&)\s+")


@dataclass(frozen=True)
class _Row:
    line: Line
    at: Place
    network: Network
    date: Read


def read(desk: Desk, table: Table, year: int) -> None:
    rows = _rows(desk, table, year)
    weekdays = _usual_weekdays(rows)
    for row in rows:
        when = _day(desk, table, row, year, weekdays)
        if when:
            _meeting(desk, table, row, when)
    _modes(desk, table)


def _rows(desk: Desk, table: Table, year: int) -> list[_Row]:
    found = []
    section: Network | None = None
    for line, at in records(desk, table):
        if network_in(line, table):
            section = networks.of_text(desk, at, "row", network_in(line, table))
            continue
        cell = table.cell(line, "network")
        network = _network(desk, table, at, cell) if not cell.empty else section or _only(desk)
        if network:
            when = day(table.cell(line, "date"), year, since_1904=table.sheet.since_1904)
            found.append(_Row(line, at, network, when))
    return found


def _only(desk: Desk) -> Network | None:
    if desk.only_network:
        return desk.network(desk.only_network)
    return next(iter(desk.proposal.networks.values())) if len(desk.proposal.networks) == 1 else None


def _network(desk: Desk, table: Table, at: Place, cell: Cell) -> Network | None:
    """A network the lists of members know; where there are none, history may name new ones."""
    name = plain(cell).value
    if key(name) in desk.network_names or not desk.network_names:
        return networks.of_text(desk, at, table.heading("network"), name)
    options = sorted(desk.network_names.values())
    doubt = Read(None, "asked", "network_unknown", options=tuple(options))
    answer = desk.ask(at, table.heading("network"), name, doubt, (name,), lambda text: text or None)
    return desk.network(answer) if answer else None


def _usual_weekdays(rows: list[_Row]) -> dict[str, int]:
    found: dict[str, Counter[int]] = {}
    for row in rows:
        if row.date.value:
            found.setdefault(row.network.name, Counter())[row.date.value.weekday()] += 1
    return {name: weekdays.most_common(1)[0][0] for name, weekdays in found.items()}


def _day(desk: Desk, table: Table, row: _Row, year: int, weekdays: dict[str, int]) -> date | None:
    cell = table.cell(row.line, "date")
    if cell.empty:
        desk.note(row.at, table.heading("date"), "", None, "refused", "date_missing")
        return None
    monday = week_of(cell.text, year) if row.date.code == "date_only_week" else None
    read = row.date
    if monday and row.network.name in weekdays:
        read = replace(read, proposal=(monday + timedelta(weekdays[row.network.name])).isoformat())
    about = (row.network.name, cell.text, plain(table.cell(row.line, "topic")).value)
    return desk.take(row.at, table.heading("date"), cell, read, about, lambda text: day(Cell(text), year).value)  # type: ignore[no-any-return]


def _meeting(desk: Desk, table: Table, row: _Row, when: date) -> None:
    if any(meeting.day == when for meeting in row.network.meetings):
        desk.note(row.at, table.heading("date"), when.isoformat(), None, "ignored", "meeting_twice", row.network.name)
        return
    attended, host = table.cell(row.line, "attended"), plain(table.cell(row.line, "host")).value
    marks = f"{attended.text} {table.cell(row.line, 'status').text} {table.cell(row.line, 'remark').text}"
    online = bool(ONLINE.match(host))
    row.network.meetings.append(
        Meeting(
            day=when,
            host=None if online else _one(desk, table, row, "host", host),
            preparers=_several(desk, table, row),
            topic=plain(table.cell(row.line, "topic")).value[:200],
            attended=count(attended),
            cancelled=bool(CANCELLED.search(marks)),
            online=online,
        )
    )


def _one(desk: Desk, table: Table, row: _Row, field: str, name: str) -> Organisation | None:
    if not name or NOBODY.match(name):
        return None
    return organisations.elsewhere(desk, row.at, table.heading(field), name, row.network.memberships)


def _several(desk: Desk, table: Table, row: _Row) -> list[Organisation]:
    text = plain(table.cell(row.line, "preparers")).value
    found = [_one(desk, table, row, "preparers", name) for name in _names(desk, text)]
    return list({each.name: each for each in found if each}.values())


def _names(desk: Desk, text: str) -> list[str]:
    """Cut at signs first; at "and" only where the whole is nobody's name ("Peel en Maas")."""
    parts = []
    for part in FIRM_SPLIT.split(text):
        known = desk.directory.exact(part) or desk.directory.likely(part)
        parts += [part] if known else LOOSE_SPLIT.split(part)
    return [part.strip() for part in parts if part.strip()]


def _modes(desk: Desk, table: Table) -> None:
    """A network that always met online, or at times, is said to: the planner wants to know."""
    at = Place(table.sheet.file, table.sheet.name, table.row)
    for network in desk.proposal.networks.values():
        online = [meeting.online for meeting in network.meetings]
        mode = "online" if any(online) and all(online) else "mixed" if any(online) else network.mode
        if mode != network.mode:
            network.mode = mode
            desk.note(at, table.heading("host"), None, mode, "told", "mode_by_history", network.name)
