"""A second import beside what the programme holds: what is new, what differs, and who is gone. Nothing silently."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.importing import proposal as says
from app.importing.cells.organisation_names import organisation_key
from app.importing.cells.person_names import key
from app.importing.cells.values import Read, yes_no
from app.importing.files.sheet import Cell
from app.importing.tables.desk import Desk, Known
from app.networks.models import Contact, Membership, Network, Organisation, Programme, Room
from app.networks.queries import with_members
from app.networks.sharing import shared
from app.people.models import Person
from app.planning.year_request import Wishes

Row = Organisation | Room | Membership | Network | Person


@dataclass(frozen=True)
class Decision:
    """A value of a row that is to change because somebody said so."""

    row: Row
    field: str
    value: Any
    networks: tuple[Network, ...]

    def as_json(self) -> dict[str, Any]:
        """For undoing: what it was and what it became."""
        was, now = getattr(self.row, self.field), self.value
        became = now.isoformat() if isinstance(now, date) else now
        return {"table": self.row.__tablename__, "id": self.row.id, "field": self.field, "was": was, "now": became}


@dataclass(frozen=True)
class Removal:
    """A contact who is to go because somebody said so; the person stays, in other networks too."""

    contact: Contact
    network: Network

    def as_json(self) -> dict[str, Any]:
        """For undoing."""
        values = {name: getattr(self.contact, name) for name in ("membership_id", "person_id", "position")}
        return {"table": "contact", "removed": values}


@dataclass
class Comparison:
    """Lines for the preview, and what was decided about rows that are there."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    shared: set[int] = field(default_factory=set)  # people (ids) other programmes know too: their names are theirs

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)

    def as_json(self) -> list[dict[str, Any]]:
        """What is to change and to go, for undoing."""
        return [each.as_json() for each in self.decisions] + [each.as_json() for each in self.removals]

    @property
    def lines(self) -> dict[str, list[str]]:
        return {"new": self.new, "changed": self.changed, "gone": self.gone}


def compare(programme: Programme, proposal: says.Proposal, answers: Mapping[str, Any], today: date) -> Comparison:
    """Puts its questions into the proposal's account. Empty for a programme that holds nothing yet."""
    found = Comparison()
    networks = {key(network.name): network for network in with_members([each.id for each in programme.networks])}
    if not networks:
        return found
    people = {person.id for each in networks.values() for member in each.memberships for person in member.people}
    found.shared = shared(people, programme)
    desk = Desk(proposal, answers, Known(), today)
    for said in proposal.networks.values():
        row = networks.get(key(said.name))
        if row is None:
            found.new.append(said.name)
            continue
        if said.rhythm and not row.wishes:
            found.decisions.append(Decision(row, "wishes", wishes_of(said), (row,)))
        if said.memberships:
            _network(desk, found, row, said)
    _organisations(desk, found, networks.values(), proposal)
    return found


def wishes_of(said: says.Network) -> dict[str, Any]:
    """What a network wishes of a year when a list says how often it meets."""
    return Wishes.from_json({"mode": said.mode, **said.rhythm.wishes}).to_json() if said.rhythm else {}


def _network(desk: Desk, found: Comparison, row: Network, said: says.Network) -> None:
    there = {organisation_key(m.organisation.name): m for m in row.memberships}
    listed = {organisation_key(name): membership for name, membership in said.memberships.items()}
    for name, membership in listed.items():
        if name not in there:
            found.new.append(f"{said.name}: {membership.organisation.name}")
            continue
        _people(desk, found, there[name], membership, row)
        _differs(desk, found, membership.at, there[name], "hosts", membership.hosts, (row,))
    if set(there) & set(listed):  # else it is another list altogether
        for name, present in there.items():
            if name not in listed and present.left is None:
                _gone(desk, found, present, row)


def _people(desk: Desk, found: Comparison, row: Membership, said: says.Membership, network: Network) -> None:
    by_address = {person.email: person for person in row.people if person.email}
    by_name = {key(person.name): person for person in row.people if person.name}
    listed = set()
    for person in said.people:
        here = by_address.get(person.email or "") or by_name.get(key(person.name))
        if here is None:
            found.new.append(f"{network.name}: {person.name or person.email} ({row.organisation.name})")
            continue
        listed.add(here.id)
        _person(desk, found, here, person, said, network)
    for contact in row.contacts if said.people else ():
        if contact.person_id not in listed:
            _contact_gone(desk, found, contact, said, network)


def _person(
    desk: Desk, found: Comparison, row: Person, said: says.Person, membership: says.Membership, network: Network
) -> None:
    """Another name under the same address is asked about; a name nobody knew is taken. Shared people say it alone."""
    names = [("first_name", said.first), ("last_name", said.last)]
    if not said.name or said.name == row.name:
        return
    if row.id in found.shared:
        desk.note(membership.at, "person", said.name, Read(row.name, "told", "name_own"), membership.organisation.name)
        return
    if row.name:
        found.changed.append(f"{membership.organisation.name}: {row.name} → {said.name}")
        doubt = Read(None, "asked", "value_changed", options=("here", "file"))
        about = (f"{membership.organisation.name}, {row.name}", "", said.name)
        if desk.ask(membership.at, "person", said.name, doubt, about, parse=_here_or_file) != "file":
            return
    found.decisions += [Decision(row, name, value, (network,)) for name, value in names]


def _contact_gone(desk: Desk, found: Comparison, contact: Contact, said: says.Membership, network: Network) -> None:
    name = contact.person.name or contact.person.email or ""
    found.gone.append(f"{network.name}: {name} ({said.organisation.name})")
    doubt = Read(None, "asked", "contact_gone", options=("yes", "no"))
    about = (name, said.organisation.name, network.name)
    if desk.ask(said.at, "person", name, doubt, about, parse=lambda text: yes_no(Cell(text)).value):
        found.removals.append(Removal(contact, network))


def _gone(desk: Desk, found: Comparison, row: Membership, network: Network) -> None:
    """Their last day is today, or the day that is answered; "no" leaves everything as it is."""
    name, at = row.organisation.name, says.Place(desk.proposal.files[0]["file"])
    found.gone.append(f"{network.name}: {name}")
    doubt = Read(None, "asked", "membership_gone", options=("yes", "no"))
    about = (name, network.name, row.joined.isoformat())
    answer = desk.ask(at, "organisation", name, doubt, about, parse=_left)
    if answer:
        last = desk.today if answer is True else answer
        found.decisions.append(Decision(row, "left", max(row.joined, last), (network,)))


def _left(text: str) -> bool | date | None:
    said = yes_no(Cell(text)).value
    if said is not None:
        return bool(said)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _organisations(desk: Desk, found: Comparison, networks: Any, proposal: says.Proposal) -> None:
    rows: dict[str, Organisation] = {}
    homes: dict[str, list[Network]] = {}
    for network in networks:
        for membership in network.memberships:
            name = organisation_key(membership.organisation.name)
            rows[name] = membership.organisation
            homes.setdefault(name, []).append(network)
    for said in proposal.organisations.values():
        name = organisation_key(said.name)
        if name in rows:
            _organisation(desk, found, rows[name], said, tuple(homes[name]))


def _organisation(
    desk: Desk, found: Comparison, row: Organisation, said: says.Organisation, networks: tuple[Network, ...]
) -> None:
    at = says.Place(desk.proposal.files[0]["file"])
    for name in ("town", "region"):
        _differs(desk, found, at, row, name, getattr(said, name), networks)
    names = [key(room.name) for room in said.rooms]
    for room in said.rooms:
        same = [each for each in row.rooms if key(each.name) == key(room.name)]
        if len(same) == 1 and names.count(key(room.name)) == 1:
            for name in ("seats", "address"):
                _differs(desk, found, at, same[0], name, getattr(room, name), networks)
        elif not same:
            found.new.append(f"{row.name}: {room.name}")


def _differs(
    desk: Desk, found: Comparison, at: says.Place, row: Row, name: str, value: object, networks: tuple[Network, ...]
) -> None:
    """Kept as it is here, which may have been typed by hand, unless somebody says otherwise."""
    here = getattr(row, name)
    if value in (None, "") or here in (None, "") or value == here:
        return
    whose = _name_of(row)
    found.changed.append(f"{whose}: {_shown(here)} → {_shown(value)}")
    doubt = Read(None, "asked", "value_changed", options=("here", "file"))
    about = (f"{whose}, {_shown(here)}", networks[0].name if isinstance(row, Membership) else "", _shown(value))
    if desk.ask(at, name, _shown(value), doubt, about, parse=_here_or_file) == "file":
        found.decisions.append(Decision(row, name, value, networks))


_here_or_file: Callable[[str], str | None] = {"here": "here", "file": "file"}.get


def _name_of(row: Row) -> str:
    if isinstance(row, Room):
        return f"{row.organisation.name}, {row.name}"
    return row.name if isinstance(row, Organisation | Network | Person) else row.organisation.name


def _shown(value: object) -> str:
    return {True: "✓", False: "✗"}.get(value, str(value)) if isinstance(value, bool) else str(value)
