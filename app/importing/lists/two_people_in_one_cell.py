"""Two people in one cell: "Ann Aalders / Bob de Boer", with their two addresses where there are two."""

import re
from dataclasses import replace

from app.importing.cells.mail_addresses import addresses_in
from app.importing.cells.values import Read, plain
from app.importing.files.sheet import Cell
from app.importing.tables.desk import Record

SPLIT = re.compile(r"\s*(?:[/;+&\n]|\s(?:en|und|and)\s)\s*", re.IGNORECASE)


def apart(record: Record) -> list[Record]:
    """The record once per person, told; itself when its cell names one, or names nobody can tell apart."""
    column, written = record.table.fields.get("person"), record.cell("person").text
    people = [part for part in SPLIT.split(written.strip()) if part] if column else []
    if column is None or len(people) != 2 or not all(_whole(name) for name in people):
        return [record]
    addresses = addresses_in(record.cell("email").text)
    record.note("person", written, Read("; ".join(people), "told", "two_people"))
    return [_one(record, n, name, addresses) for n, name in enumerate(people)]


def _whole(name: str) -> bool:
    """A first and a last name: "Jan en Piet Smit" is not cut."""
    return len(plain(Cell(name)).value.split()) >= 2 and not any(sign.isdigit() for sign in name)


def _one(record: Record, n: int, name: str, addresses: list[str]) -> Record:
    """A single address is the first one's; the other is asked for theirs."""
    values = {"person": name, "email": addresses[n] if n < len(addresses) else ""}
    if len(addresses) != 2 and n == 0:
        values.pop("email")
    cells = list(record.line.cells)
    for field, text in values.items():
        column = record.table.fields.get(field)
        if column and column.number < len(cells):
            cells[column.number] = Cell(text or None)
    return replace(record, line=replace(record.line, cells=tuple(cells)))
