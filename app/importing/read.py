"""Files and answers -> a proposal. Nothing is stored here, and nothing doubtful is decided here."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.importing.cells.organisation_names import Directory
from app.importing.cells.person_names import key, question_id
from app.importing.cells.regions import shared
from app.importing.cells.values import Read, plain
from app.importing.files.opening import open_again, open_file
from app.importing.files.sheet import UPLOAD, Limits, Opened, Sheet, Unreadable
from app.importing.lists import (
    absences,
    date_polls,
    members,
    membership_matrix,
    networks,
    past_meetings,
    rooms,
)
from app.importing.proposal import Item, Place, Proposal
from app.importing.tables.desk import Desk, Known, Progress
from app.importing.tables.first_rows import first_rows
from app.importing.tables.headings import find
from app.importing.tables.kind_of_table import kind_of
from app.importing.tables.meanings import WHOSE
from app.importing.tables.records import list_columns
from app.importing.tables.table import Table

YEAR = re.compile(r"(?<![\d\-/.])20\d\d(?![\d\-/.]\d|\d)")


def read(
    files: Iterable[tuple[str, bytes]],
    *,
    today: date,
    answers: Mapping[str, Any] | None = None,
    known: Known | None = None,
    network: str = "",
    limits: Limits = UPLOAD,
    progress: Progress | None = None,
) -> Proposal:
    """What the files (name, content) say; raises Unreadable when one cannot be opened or none says anything.

    `answers` maps the ids of questions to values, null meaning "leave it out"; `known` is what the programme holds;
    `network` names the network of rows that name none.
    """
    answers = answers or {}
    chosen = ((name, data, str(answers.get(question_id("encoding", name)) or "")) for name, data in files)
    opened = [
        open_again(name, data, encoding) if limits is UPLOAD else open_file(name, data, limits, encoding)
        for name, data, encoding in chosen
    ]
    tables = [_found(sheet, answers) for each in opened for sheet in each.sheets if not sheet.hidden]
    likely = [table for table in tables if _likely(table)]
    known_kinds = any(table.kind for table in tables)
    unclear = [] if likely or known_kinds else [table for table in tables if _unclear(table)]
    if not (unclear or likely or known_kinds):
        raise Unreadable("no_headings", ", ".join(each.file for each in opened))
    known = known or Known()
    proposal = Proposal(_plan_year(tables, today), [{"file": each.file, "encoding": each.encoding} for each in opened])
    desk = Desk(proposal, answers, known, today, network, progress=progress)
    mapped = [table for table in tables if table.lines and table.kind not in ("crosses", "poll")]
    proposal.tables = first_rows((table, any(table is each for each in unclear)) for table in mapped)
    for table in unclear:
        _ask_whose(desk, table)
    for table in likely:
        list_columns(desk, table)
    _learn_names(desk, tables, limits)
    _account_for_files(desk, opened, tables)
    _read_tables(desk, tables)
    _finish(desk, opened)
    return proposal


def _found(sheet: Sheet, answers: Mapping[str, Any]) -> Table:
    table = find(sheet, answers)
    return replace(table, kind="poll") if date_polls.is_poll(table.columns, table.lines) else table


def _likely(table: Table) -> bool:
    """Whether it would be a list of something if its columns meant what they likely do."""
    assumed = tuple(replace(column, field=column.field or column.proposed) for column in table.columns)
    return bool(table.lines and not table.kind and kind_of(assumed, table.lines))


def _unclear(table: Table) -> bool:
    return bool(table.lines) and any(column.heading and not column.field for column in table.columns)


def _ask_whose(desk: Desk, table: Table) -> None:
    """Some headings are known, but none says organisation."""
    headings = [column.heading for column in table.columns if column.heading]
    unknown = tuple(column.heading for column in table.columns if column.heading and not column.field)
    at = Place(table.sheet.file, table.sheet.name, table.row)
    code, _id = WHOSE
    proposal = unknown[0] if len(unknown) == 1 else ""
    desk.ask(at, "column", "", Read(None, "asked", code, proposal, unknown), tuple(headings))


def _plan_year(tables: Sequence[Table], today: date) -> int:
    """The year in a title or the name of a sheet or file of members or absences, else that of their days to come.

    Else it is this year, from July the next.
    """
    for table in tables:
        if table.kind in ("members", "absences"):
            found = YEAR.search(" ".join([*table.titles[:2], table.sheet.name, table.sheet.file]))
            if found:
                return int(found[0])
    near = range(today.year, today.year + 3)
    to_come = Counter(year for table in tables for year in _years_of_days(table) if year in near)
    return to_come.most_common(1)[0][0] if to_come else today.year + (today.month >= 7)


def _years_of_days(table: Table) -> Iterator[int]:
    """Years that stand in the cells of days that do not suit."""
    for line in table.lines if table.kind in ("members", "absences") else ():
        for field in ("absence", "since", "until"):
            for found in re.findall(r"(?<!\d)20\d\d(?!\d)", table.cell(line, field).text):
                yield int(found)


def _year_of(table: Table, default: int) -> int:
    for text in (table.sheet.name, *table.titles[:2], table.sheet.file):
        found = YEAR.search(text)
        if found:
            return int(found[0])
    return default


def _learn_names(desk: Desk, tables: Sequence[Table], limits: Limits) -> None:
    """All full names first, so that a short form is known for one wherever it stands."""
    desk.directory = Directory(desk.known.organisations)
    names = [*desk.known.networks]
    for table in tables:
        if table.kind in ("members", "crosses"):
            for line in table.lines:
                desk.directory.add(plain(table.cell(line, "organisation")).value or "")
        if table.kind == "crosses":
            names += [" ".join(c.heading.split()) for c in table.columns if not (c.field or c.nameless)]
        if table.kind in ("members", "history"):
            names += [plain(table.cell(line, "network")).value for line in table.lines]
    if len(desk.directory) > limits.organisations:
        raise Unreadable("too_large", ", ".join(each["file"] for each in desk.proposal.files))
    for name in names:
        if key(name) and not name.isupper():
            desk.network_names.setdefault(key(name), name)


def _account_for_files(desk: Desk, opened: Sequence[Opened], tables: Sequence[Table]) -> None:
    for each in opened:
        if each.doubtful or each.encoding == "utf-16":
            desk.proposal.items.append(_encoding(each))
        for sheet in each.sheets:
            if sheet.hidden:
                desk.note(Place(sheet.file, sheet.name), "sheet", sheet.name, Read(None, "ignored", "sheet_hidden"))
        if not each.looks:
            desk.note(Place(each.file), "sheet", None, Read(None, "told", "looks_not_read"))
    for table in tables:
        for title in table.titles if table.kind else ():
            desk.note(Place(table.sheet.file, table.sheet.name), "row", title, Read(None, "ignored", "row_title"))
        if not table.kind and table.sheet.lines and not _likely(table):
            name = table.sheet.name or table.sheet.file
            desk.note(Place(table.sheet.file, table.sheet.name), "sheet", name, Read(None, "ignored", "sheet_unknown"))


def _encoding(each: Opened) -> Item:
    """Told with the words that show it; one may choose another where it was a guess."""
    question = question_id("encoding", each.file) if each.doubtful else None
    return Item(Place(each.file), "encoding", each.doubtful or None, each.encoding, "told", "encoding", question)


def _read_tables(desk: Desk, tables: Sequence[Table]) -> None:
    """Rooms before members, who may mention them; history and absences last, they speak of members."""
    of = {
        kind: [table for table in tables if table.kind == kind] for kind in ("rooms", "members", "crosses", "history")
    }
    several = sum(not {"network"} & set(table.fields) for table in of["members"]) > 1
    for table in of["rooms"]:
        rooms.read(desk, table)
    for table in of["members"]:
        members.read(desk, table, several)
    for table in of["crosses"]:
        membership_matrix.read(desk, table)
    for table in of["history"]:
        past_meetings.read(desk, table, _year_of(table, desk.year - 1))
    for table in tables:
        if table.kind == "absences":
            absences.read(desk, table)
        elif table.kind == "poll":
            date_polls.read(desk, table)
        elif table.kind == "networks":
            networks.read(desk, table)


def _finish(desk: Desk, opened: Sequence[Opened]) -> None:
    _date_memberships(desk)
    for network in desk.proposal.networks.values():
        network.region = shared(network)
    _list_outsiders(desk)
    order = [(each.file, sheet.name) for each in opened for sheet in each.sheets]
    sheets = {where: n for n, where in enumerate(order)}
    desk.proposal.items.sort(key=lambda item: (sheets.get((item.at.file, item.at.sheet), -1), item.at.row or 0))


def _date_memberships(desk: Desk) -> None:
    """Without a date, a member joined with its first turn, else on 1 January of the plan year."""
    for network in desk.proposal.networks.values():
        for membership in network.memberships.values():
            if membership.joined is None:
                first = _first_turn(network.meetings, membership.organisation)
                membership.joined = first or date(desk.year, 1, 1)
                code = "joined_first_turn" if first else "joined_new_year"
                about = f"{membership.organisation.name}, {network.name}"
                desk.note(membership.at, "joined", None, Read(membership.joined, "told", code), about)


def _first_turn(meetings: Sequence[Any], organisation: object) -> date | None:
    turns = [m.day for m in meetings if m.host is organisation or organisation in m.preparers]
    return min(turns, default=None)


def _list_outsiders(desk: Desk) -> None:
    inside = {membership.organisation.name for membership in desk.proposal.memberships} | set(desk.known.organisations)
    for name in desk.proposal.organisations:
        if name not in inside:
            desk.note(Place(desk.proposal.files[0]["file"]), "organisation", name, Read(name, "told", "in_no_network"))
