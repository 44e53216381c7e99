"""Past meetings: when, at whose place, prepared by whom."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.importing.cells.days import day, week_of
from app.importing.cells.person_names import key
from app.importing.cells.times import Span, in_date, minutes_between, times, without_time
from app.importing.cells.values import Read, count
from app.importing.files.sheet import Cell
from app.importing.lists import networks, organisations
from app.importing.proposal import Meeting, Network, Organisation, Place
from app.importing.tables.desk import Desk, Record
from app.importing.tables.records import records
from app.importing.tables.section_rows import network_in
from app.importing.tables.table import Table
from app.text import by_name

CANCELLED = re.compile(
    r"vervallen|afgelast|geannuleerd|niet doorgegaan|cancel|called off|ausgefallen|abgesagt|entfall", re.IGNORECASE
)
ONLINE = re.compile(r"^(?:online|digitaal|digital|teams|zoom|video|virtueel|virtuell|virtual)\b", re.IGNORECASE)
NOBODY = re.compile(r"^(?:[-–?]+|\(?(?:onbekend|unbekannt|unknown)\)?|n\.?v\.?t\.?)$", re.IGNORECASE)
FIRM_SPLIT = re.compile(r"\s*[+;/,\n]\s*")
LOOSE_SPLIT = re.compile(r"\s+(?:en|und|and|&)\s+")


@dataclass(frozen=True)
class _Row:
    record: Record
    network: Network
    date: Read


def read(desk: Desk, table: Table, year: int) -> None:
    rows = _rows(desk, table, year)
    weekdays = _usual_weekdays(rows)
    for row in rows:
        when = _day(row, year, weekdays)
        if when:
            _meeting(row, when)
    _modes(desk, table)


def _rows(desk: Desk, table: Table, year: int) -> list[_Row]:
    found = []
    section: Network | None = None
    for record in records(desk, table):
        if network_in(record.line, table):
            section = networks.of_text(desk, record.at, "row", network_in(record.line, table))
            continue
        network = section or _only(desk) if record.cell("network").empty else _network(record)
        if network:
            when = day(
                without_time(record.cell("date")), year, since_1904=table.sheet.since_1904, mixed="date" in table.mixed
            )
            found.append(_Row(record, network, when))
        elif record.cell("network").empty:
            record.note("row", record.line.first.text, Read(None, "ignored", "row_without_network"))
    return found


def _only(desk: Desk) -> Network | None:
    if desk.only_network:
        return desk.network(desk.only_network)
    return next(iter(desk.proposal.networks.values())) if len(desk.proposal.networks) == 1 else None


def _network(record: Record) -> Network | None:
    """A network that a list of members or the programme knows; where there are none, history may name new ones."""
    desk, name = record.desk, record.text("network")
    if desk.proposal.network(name) or key(name) in map(key, desk.known.networks) or not _any_network(desk):
        return networks.of_text(desk, record.at, record.table.heading("network"), name)
    found = {network.name for network in desk.proposal.networks.values()} | set(desk.known.networks)
    options = sorted(found, key=by_name)
    doubt = Read(None, "asked", "network_unknown", options=tuple(options))
    answer = record.ask("network", name, doubt, name, parse=lambda text: text[:200] or None)
    return desk.network(answer) if answer else None


def _any_network(desk: Desk) -> bool:
    return bool(desk.known.networks) or any(network.memberships for network in desk.proposal.networks.values())


def _usual_weekdays(rows: list[_Row]) -> dict[str, int]:
    found: dict[str, Counter[int]] = {}
    for row in rows:
        if row.date.value:
            found.setdefault(row.network.name, Counter())[row.date.value.weekday()] += 1
    return {name: weekdays.most_common(1)[0][0] for name, weekdays in found.items()}


def _day(row: _Row, year: int, weekdays: dict[str, int]) -> date | None:
    record, cell = row.record, row.record.cell("date")
    if cell.empty:
        record.note("date", "", Read(None, "refused", "date_missing"))
        return None
    monday = week_of(cell.text, year) if row.date.code == "date_only_week" else None
    read = row.date
    if monday and row.network.name in weekdays:
        read = replace(read, proposal=(monday + timedelta(weekdays[row.network.name])).isoformat())
    about = (row.network.name, cell.text, record.text("topic"))
    value: date | None = record.take("date", read, *about, parse=lambda text: day(Cell(text), year).value)
    return value


def _meeting(row: _Row, when: date) -> None:
    record = row.record
    if any(meeting.day == when for meeting in row.network.meetings):
        record.note("date", when.isoformat(), Read(None, "ignored", "meeting_twice"), row.network.name)
        return
    if when > record.desk.today and when.year >= record.desk.year:
        record.note("date", when.isoformat(), Read(None, "ignored", "meeting_ahead"), row.network.name)
        return
    host = record.text("host")
    online = bool(ONLINE.match(host))
    marks = " ".join(record.text(field) for field in ("attended", "status", "remark"))
    start, minutes = _time(record)
    meeting = Meeting(
        day=when,
        host=None if online else _one(row, "host", host),
        preparers=_several(row),
        topic=record.text("topic")[:200],
        attended=count(record.cell("attended")),
        cancelled=bool(CANCELLED.search(marks)),
        online=online,
        start=start,
        minutes=minutes,
    )
    row.network.meetings.append(meeting)
    _note_unread(record, meeting)


def _note_unread(record: Record, meeting: Meeting) -> None:
    """What a row says in words where a number or a time is looked for, and how it says that it took place."""
    for field, code, unread in (
        ("attended", "attended_unclear", meeting.attended is None and not CANCELLED.search(record.text("attended"))),
        ("time", "time_unclear", meeting.start is None),
        ("end_time", "time_unclear", meeting.minutes is None),
        ("status", "status_read", True),
    ):
        if unread and (text := record.text(field)):
            record.note(field, text, Read(None, "ignored", code))


def _time(record: Record) -> Span:
    """From a column of its own, else beside the day."""
    start, minutes = times(record.cell("time"))
    if start is None:
        start, minutes = in_date(record.cell("date"))
    end, _minutes = times(record.cell("end_time"))
    return start, minutes or minutes_between(start, end)


def _one(row: _Row, field: str, name: str) -> Organisation | None:
    if not name or NOBODY.match(name):
        if name:
            row.record.note(field, name, Read(None, "told", "host_nobody"), row.network.name)
        return None
    return organisations.elsewhere(row.record, field, name, row.network.memberships)


def _several(row: _Row) -> list[Organisation]:
    written = [
        name for part in row.record.each("preparers") for name in _names(row.record.desk, part.text("preparers"))
    ]
    found = [_one(row, "preparers", name) for name in written]
    return list({each.name: each for each in found if each}.values())


def _names(desk: Desk, text: str) -> list[str]:
    """Cut at signs first; at "and" only where the whole is nobody's name ("Peel en Maas")."""
    parts: list[str] = []
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
            desk.note(at, table.heading("host"), None, Read(mode, "told", "mode_by_history"), network.name)
