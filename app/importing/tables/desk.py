"""Where a reading keeps what it knows, writes its account and puts its questions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from app.importing.cells.organisation_names import Directory
from app.importing.cells.person_names import key, question_id
from app.importing.cells.values import Read, plain
from app.importing.files.sheet import Cell, Line
from app.importing.proposal import Item, Network, Organisation, Person, Place, Proposal
from app.importing.tables.table import Table

Progress = Callable[[str, int, int], None]  # a file, how many rows of a table in it were read, of how many
Parse = Callable[[str], Any]
ALIKE = "organisation_alike"  # the question whether two spellings are one organisation
LONGEST = 200  # letters of a name of a network or organisation, and of a cell quoted in the account


@dataclass(frozen=True)
class KnownPerson:
    first: str
    last: str
    organisation: str


@dataclass(frozen=True)
class Known:
    """What the programme holds already."""

    organisations: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    people: Mapping[str, KnownPerson] = field(default_factory=dict)  # by address

    def address_of(self, name: str, organisation: str) -> str | None:
        """The address of somebody of this name in this organisation."""
        return self._addresses.get((key(name), organisation))

    @cached_property
    def directory(self) -> Directory:
        return Directory(self.organisations)

    @cached_property
    def _addresses(self) -> dict[tuple[str, str], str]:
        return {(key(f"{p.first} {p.last}"), p.organisation): address for address, p in self.people.items()}


@dataclass
class Desk:
    proposal: Proposal
    answers: Mapping[str, Any]
    known: Known
    today: date
    only_network: str = ""  # the network all rows belong to, when whoever imports says so
    directory: Directory = field(default_factory=Directory)
    network_names: dict[str, str] = field(default_factory=dict)  # by key, as written with small letters somewhere
    progress: Progress | None = None
    by_address: dict[str, Person] = field(default_factory=dict)
    by_name: dict[tuple[str, str], Person] = field(default_factory=dict)
    alike: dict[str, list[str]] = field(default_factory=dict)  # names an organisation of a list of members may be
    meant: dict[str, str] = field(default_factory=dict)  # which organisation a name stands for
    short_forms: set[tuple[str, str, str]] = field(default_factory=set)  # file, sheet and spelling, told once

    @property
    def year(self) -> int:
        return self.proposal.year

    def note(self, at: Place, field: str, found: str | None, read: Read, about: str = "") -> None:
        """A line of the account for what `read` says was done."""
        kept = ("; ".join(map(str, read.value)) or None) if isinstance(read.value, tuple) else _written(read.value)
        item = Item(at, field[:LONGEST], _quoted(found), _quoted(kept), read.action, read.code, about=about)
        self.proposal.items.append(item)

    def ask(self, at: Place, field: str, found: str, read: Read, about: tuple[str, ...], *, parse: Parse = str) -> Any:
        """The answer to a question; None while it is open, left out, or answered with what is no answer."""
        question = question_id(read.code, read.code, *about)
        given = self.answers.get(question, "")
        value = None if given is None or given == "" else parse(str(given).strip())
        answered = (question in self.answers and given is None) or value is not None
        about_text = ", ".join(part[:LONGEST] for part in about if part and part != found)
        found, field = found[:LONGEST], field[:LONGEST]
        kept = _written(given if isinstance(value, tuple) else value)
        item = Item(at, field, found, kept, "told", "answered", question, about=about_text)
        if not answered:
            item = Item(
                *(at, field, found, None, "asked", read.code, question),
                *(read.proposal, read.options, read.free or not read.options, about_text),
            )
        self.proposal.items.append(item)
        return value

    def organisation(self, name: str) -> Organisation:
        """The organisation of this very name, or of the one it was said to be; noted when it is new."""
        name = self._meant(name)[:LONGEST].strip()
        return self.proposal.organisations.setdefault(name, Organisation(name))

    def drop_outsider(self, organisation: Organisation) -> None:
        """An organisation that is a member of nothing, now that it is in doubt here."""
        if not any(each.organisation is organisation for each in self.proposal.memberships):
            self.proposal.organisations.pop(organisation.name, None)

    def _meant(self, name: str) -> str:
        """Through what was answered; an answer may be another spelling that was answered itself."""
        if name not in self.meant:
            self.meant[name] = name  # also where answers go round in a circle
            said = self.answers.get(question_id(ALIKE, ALIKE, name))
            if said and isinstance(said, str):
                self.meant[name] = self._meant(self.directory.exact(said) or said)
        return self.meant[name]

    def network(self, name: str, state: str = "active") -> Network:
        name = self.network_names.get(key(name), name)[:LONGEST].strip()
        return self.proposal.networks.setdefault(key(name), Network(name, state))


@dataclass(frozen=True)
class Record:
    """One line that says something, with the table that says what its cells mean."""

    desk: Desk
    table: Table
    line: Line
    at: Place

    def cell(self, field: str) -> Cell:
        return self.table.cell(self.line, field)

    def text(self, field: str) -> str:
        return str(plain(self.cell(field)).value or "")

    def each(self, field: str) -> list["Record"]:
        """The record once per column of a field of which every column counts."""
        tables = self.table.apart.get(field)
        return [replace(self, table=table) for table in tables] if tables else [self]

    def first(self, field: str, here: object, said: object, about: str = "") -> Any:
        """What was said first of somebody or something; told where this row says something else."""
        if here in (None, ""):
            return said
        if said not in (None, "", here):
            self.note(field, str(said), Read(here, "told", "said_before"), about)
        return here

    def note(self, field: str, found: str | None, read: Read, about: str = "") -> None:
        self.desk.note(self.at, self.table.heading(field, self.line), found, read, about)

    def ask(self, field: str, found: str, read: Read, *about: str, parse: Parse = str) -> Any:
        return self.desk.ask(self.at, self.table.heading(field, self.line), found, read, about, parse=parse)

    def take(self, field: str, read: Read, *about: str, parse: Parse = str) -> Any:
        """The value of a cell that was read, with its line in the account; asked for where it is doubtful."""
        cell = self.cell(field)
        found = cell.text or cell.formula or cell.link
        if read.action == "asked":
            return self.ask(field, found, read, *about, parse=parse)
        if read.action:
            self.note(field, found, read, ", ".join(part for part in about if part and part != found))
        return read.value


def _written(value: object) -> Any:
    return value if isinstance(value, str | int | bool | None) else str(value)


def _quoted(value: object) -> Any:
    return value[:LONGEST] if isinstance(value, str) else value
