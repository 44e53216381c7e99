"""A date poll: people down, days across. A "no" is an absence of the person's organisation; no answer is none."""

import re
from dataclasses import replace
from datetime import date

from app.importing.cells import person_names
from app.importing.cells.days import Period, day
from app.importing.cells.times import without_time
from app.importing.cells.values import NO, YES, Read
from app.importing.files.sheet import Cell
from app.importing.proposal import Absence, Organisation
from app.importing.tables.desk import Desk, Record
from app.importing.tables.records import records
from app.importing.tables.table import Column, Table

MAYBE = frozenset(["indien nodig", "misschien", "eventueel", "(ja)", "if need be", "maybe", "wenn nötig", "vielleicht"])
NOT_COMING = NO | {"verhinderd", "kan niet", "verhindert", "cannot", "✗", "✘"}


def is_poll(columns: tuple[Column, ...], lines: tuple[object, ...]) -> bool:
    """Names beside at least two columns that are days and nothing else."""
    columns = tuple(column for column in columns if column.field or not column.nameless)
    days = [column for column in columns if not column.field and _is_day(column.heading)]
    return bool(lines) and len(days) >= 2 and all(c in days or c.field in ("organisation", "person") for c in columns)


def _is_day(heading: str) -> bool:
    """In whatever year."""
    found = day(without_time(Cell(heading)), 2000)
    return found.code == "date_far" or bool(found.action != "refused" and (found.value or _iso(found.proposal)))


def _day(heading: str, year: int) -> date | None:
    found = day(without_time(Cell(heading)), year)
    return None if found.action == "refused" else found.value or _iso(found.proposal)


def _iso(text: str) -> date | None:
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def read(desk: Desk, table: Table) -> None:
    """A poll is about a year that stands in its days, else the plan year."""
    named = replace(table, kind="crosses")  # its days are no columns left out
    days = {c.number: found for c in table.columns if not c.field and (found := _day(c.heading, desk.year))}
    for record in records(desk, named):
        refused = [when for number, when in days.items() if _answer(record, number) in NOT_COMING]
        organisation = _organisation(record) if refused else None
        for when in refused if organisation else ():
            _absent(record, organisation, when)


def _answer(record: Record, number: int) -> str:
    """A word nobody knows is told; "if need be" comes."""
    written = record.line.cell(number).text.strip()
    word = written.casefold().rstrip(".!")
    if word and word not in YES | NOT_COMING | MAYBE:
        record.desk.note(record.at, "poll", written, Read(None, "ignored", "poll_answer"))
    return word


def _organisation(record: Record) -> Organisation | None:
    """That of the person of this name, when there is just one; asked otherwise."""
    name = " ".join(person_names.split(record.text("person") or record.text("organisation")))
    desk, word = record.desk, person_names.key(name)
    found = {
        m.organisation.name for m in desk.proposal.memberships for p in m.people if person_names.key(p.name) == word
    }
    found |= {p.organisation for p in desk.known.people.values() if person_names.key(f"{p.first} {p.last}") == word}
    exact = desk.directory.exact(name)
    found |= {exact} if exact else set()
    if len(found) == 1:
        return desk.organisation(found.pop())
    doubt = Read(None, "asked", "poll_person", options=tuple(sorted(found)))
    answer = desk.ask(record.at, "poll", name, doubt, (name,), parse=desk.directory.exact)
    return desk.organisation(answer) if answer else None


def _absent(record: Record, organisation: Organisation | None, when: date) -> None:
    if organisation is None:
        return
    record.desk.note(record.at, "poll", organisation.name, Read(when, "told", "poll_no"))
    if all(each.period != Period(when, when) for each in organisation.absences):
        organisation.absences.append(Absence(Period(when, when)))
