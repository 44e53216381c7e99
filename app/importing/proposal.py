"""What files say about a programme, before anything is stored, and the account of how each cell was read."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from app.importing.cells.days import Period
from app.importing.cells.person_names import key
from app.importing.cells.rhythm import Rhythm
from app.text import slugify


@dataclass(frozen=True, slots=True)
class Place:
    file: str
    sheet: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the import report; `code` names its sentence, the rest of it is the contract's."""

    at: Place
    field: str
    found: str | None
    kept: Any
    action: str
    code: str
    question: str | None = None
    proposal: str = ""
    options: tuple[str, ...] = ()
    free: bool = False  # the answer may be something else than one of the options
    about: str = ""  # whom or what it concerns, in the file's own words

    @property
    def put(self) -> bool:
        """Whether it was a question, open or answered."""
        return self.action == "asked" or self.code == "answered"

    def as_json(self) -> dict[str, Any]:
        item = {
            "file": self.at.file,
            "sheet": self.at.sheet or None,
            "row": self.at.row,
            "field": self.field,
            "found": self.found,
            "kept": self.kept,
            "action": self.action,
            "question": self.question if self.put else None,
            "code": self.code,
            "about": self.about,
        }
        if self.question and not self.put:
            item["choice"] = self.question  # may be answered like a question; nobody has to
        if self.action == "asked":
            item |= {"proposed": self.proposal or None, "options": list(self.options), "free": self.free}
        return item


@dataclass(frozen=True)
class ShownColumn:
    heading: str
    question: str  # under which its meaning may be said
    meant: str  # the field it is read as, "" = left out
    proposed: str  # the field it likely is, where that is open
    again: bool = False  # whether a table above has the same question


@dataclass(frozen=True)
class FirstRows:
    """The top of a table, so that somebody can say what its columns mean."""

    at: Place
    columns: tuple[ShownColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    open: bool = False  # whether one of them is asked about


@dataclass(slots=True)
class Person:
    first: str
    last: str
    email: str | None = None
    phone: str = ""
    title: str = ""

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()


@dataclass
class Room:
    name: str
    seats: int | None = None
    exact: bool = True  # its seats were a plain number
    address: str = ""
    directions: str = ""
    wheelchair: bool | None = None
    screen: str = ""


@dataclass
class Absence:
    period: Period
    reason: str = ""


@dataclass(slots=True)
class Organisation:
    name: str
    town: str = ""
    short: str = ""
    region: str | None = None
    rooms: list[Room] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)


@dataclass(slots=True)
class Membership:
    organisation: Organisation
    at: Place
    people: list[Person] = field(default_factory=list)
    hosts: bool | None = None
    joined: date | None = None
    colour: str = ""  # of its row, by name


@dataclass
class Meeting:
    day: date
    host: Organisation | None = None
    preparers: list[Organisation] = field(default_factory=list)
    topic: str = ""
    attended: int | None = None
    cancelled: bool = False
    online: bool = False
    start: time | None = None
    minutes: int | None = None


@dataclass
class Network:
    name: str
    state: str = "active"
    mode: str = "in-person"
    region: str | None = None
    rhythm: Rhythm = field(default_factory=Rhythm)
    memberships: dict[str, Membership] = field(default_factory=dict)  # by the organisation's name
    meetings: list[Meeting] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return slugify(self.name)


@dataclass
class Proposal:
    year: int
    files: list[dict[str, str]] = field(default_factory=list)
    networks: dict[str, Network] = field(default_factory=dict)  # by `names.key` of the name
    organisations: dict[str, Organisation] = field(default_factory=dict)  # by name
    items: list[Item] = field(default_factory=list)
    tables: list[FirstRows] = field(default_factory=list)  # whose columns may be said to mean something else

    @property
    def memberships(self) -> list[Membership]:
        return [membership for network in self.networks.values() for membership in network.memberships.values()]

    @property
    def people(self) -> list[Person]:
        """Each person once, however many networks they sit in."""
        return list({id(person): person for each in self.memberships for person in each.people}.values())

    @property
    def meetings(self) -> list[Meeting]:
        return [meeting for network in self.networks.values() for meeting in network.meetings]

    @property
    def rooms(self) -> list[Room]:
        return [room for organisation in self.organisations.values() for room in organisation.rooms]

    @property
    def absences(self) -> list[Absence]:
        return [absence for organisation in self.organisations.values() for absence in organisation.absences]

    @property
    def questions(self) -> list[Item]:
        """Each open question once, in the order of the files."""
        return list({item.question: item for item in reversed(self.items) if item.action == "asked"}.values())[::-1]

    @property
    def encodings(self) -> list[Item]:
        """Files whose encoding is a guess."""
        return [item for item in self.items if item.code == "encoding" and item.question]

    def network(self, name: str) -> Network | None:
        return self.networks.get(key(name))
