"""Where a reading keeps what it knows, writes its account and puts its questions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from app.transfer.reading.matching import Directory
from app.transfer.reading.names import key
from app.transfer.reading.proposal import Item, Network, Organisation, Person, Place, Proposal
from app.transfer.reading.tables import Cell
from app.transfer.reading.values import Read

Parse = Callable[[str], Any]


@dataclass(frozen=True)
class Known:
    """What the programme holds already."""

    organisations: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    people: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # by address: first and last name


@dataclass
class Desk:
    proposal: Proposal
    answers: Mapping[str, Any]
    known: Known
    only_network: str = ""  # the network all rows belong to, when whoever imports says so
    directory: Directory = field(default_factory=Directory)
    network_names: dict[str, str] = field(default_factory=dict)  # by key, as written with small letters somewhere
    by_address: dict[str, Person] = field(default_factory=dict)
    by_name: dict[tuple[str, str], Person] = field(default_factory=dict)
    told_short_forms: set[tuple[str, str]] = field(default_factory=set)

    @property
    def year(self) -> int:
        return self.proposal.year

    def note(
        self, at: Place, field: str, found: str | None, kept: Any, action: str, code: str, about: str = ""
    ) -> None:
        kept = kept.isoformat() if isinstance(kept, date) else kept
        self.proposal.items.append(Item(at, field, found, kept, action, code, about=about))

    def ask(
        self,
        at: Place,
        field: str,
        found: str,
        read: Read,
        about: tuple[str, ...],
        parse: Parse = str,
    ) -> Any:
        """The answer to a question, or None while it is open, left out or answered with something that is no answer."""
        question = f"{read.code.replace('_', '-')}-{_digest((read.code, *about))}"
        answer = self.answers.get(question, "")
        left_out = question in self.answers and answer is None
        value = None if left_out or answer == "" else parse(str(answer).strip())
        answered = left_out or value is not None
        kept = value if isinstance(value, str | int | bool | None) else str(answer)
        self.proposal.items.append(
            Item(
                at,
                field,
                found,
                kept,
                "told" if answered else "asked",
                "answered" if answered else read.code,
                question,
                "" if answered else read.proposal,
                () if answered else read.options,
                ", ".join(part for part in about if part and part != found),
            )
        )
        return value

    def take(self, at: Place, field: str, cell: Cell, read: Read, about: tuple[str, ...], parse: Parse = str) -> Any:
        """The value of a cell that was read, with its line in the account; asked for where it is doubtful."""
        found = cell.text or cell.formula or cell.link
        if read.action == "asked":
            return self.ask(at, field, found, read, about, parse)
        if read.action:
            kept = read.value if not isinstance(read.value, tuple) else "; ".join(map(str, read.value))
            self.note(
                at, field, found, kept, read.action, read.code, ", ".join(part for part in about if part != found)
            )
        return read.value

    def organisation(self, name: str) -> Organisation:
        """The organisation of this very name, noted when it is new."""
        return self.proposal.organisations.setdefault(name, Organisation(name))

    def network(self, name: str, state: str = "active") -> Network:
        return self.proposal.networks.setdefault(key(name), Network(name, state))


def _digest(parts: tuple[str, ...]) -> str:
    """The same in every run and for every file that says the same."""
    return sha256("|".join(key(part) or part for part in parts).encode()).hexdigest()[:10]
