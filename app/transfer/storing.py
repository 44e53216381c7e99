"""A proposal -> rows of a programme. What is there stays as it is; only what is missing is added."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import null, select

from app.availability.models import Absence
from app.cycles.ledger import able
from app.cycles.models import Cycle, Duty, Meeting
from app.cycles.queries import meetings_of
from app.extensions import Base, db
from app.networks.actions import free_slug
from app.networks.models import Contact, Membership, Network, Organisation, Programme, Room
from app.networks.queries import with_members
from app.people.models import Person
from app.transfer import queries
from app.transfer.comparing import Decision
from app.transfer.reading import proposal as says
from app.transfer.reading.matching import organisation_key
from app.transfer.reading.names import key

ADDED = ("networks", "organisations", "memberships", "people", "rooms", "absences", "meetings")
TABLES = ("network", "organisation", "membership", "person", "room", "absence", "meeting")
START, MINUTES = "13:30", 150  # of a past meeting, where a sheet knows only the day


@dataclass
class Shelf:
    """The programme's rows by what a file calls them, and the rows made so far."""

    programme: Programme
    now: datetime
    networks: dict[str, Network] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)  # by address
    namesakes: dict[tuple[int, str], Person] = field(default_factory=dict)  # by organisation and name, from before
    made: dict[str, list[Base]] = field(default_factory=lambda: defaultdict(list))
    met: dict[int, Person] = field(default_factory=dict)  # by identity of the person in the proposal
    touched: set[Network] = field(default_factory=set)

    def add(self, row: Base) -> None:
        db.session.add(row)
        self.made[row.__tablename__].append(row)

    @property
    def added(self) -> dict[str, int]:
        return {name: len(self.made[table]) for name, table in zip(ADDED, TABLES, strict=True)}

    @property
    def ids(self) -> dict[str, list[int]]:
        return {table: [row.id for row in rows] for table, rows in self.made.items() if rows}  # type: ignore[attr-defined]


def store(programme: Programme, proposal: says.Proposal, now: datetime, decisions: Sequence[Decision] = ()) -> Shelf:
    """Add what the programme does not have yet, change what was decided, and flush; a second time adds nothing."""
    shelf = _shelf(programme, proposal, now)
    for decision in decisions:
        setattr(decision.row, decision.field, decision.value)
        shelf.touched |= set(decision.networks)
    for organisation in proposal.organisations.values():
        _organisation(shelf, organisation)
    for network in proposal.networks.values():
        _network(shelf, network)
    db.session.flush()
    for network in proposal.networks.values():
        _meetings(shelf, shelf.networks[key(network.name)], network)
    for row in shelf.touched:
        row.changed(now)
    db.session.flush()
    return shelf


def _shelf(programme: Programme, proposal: says.Proposal, now: datetime) -> Shelf:
    shelf = Shelf(programme, now)
    shelf.organisations = {organisation_key(each.name): each for each in queries.organisations_of(programme)}
    networks = with_members([network.id for network in programme.networks])
    shelf.networks = {key(network.name): network for network in networks}
    shelf.people = queries.people_with(person.email for person in proposal.people if person.email)
    for network in networks:
        for membership in network.memberships:
            for person in membership.people:
                shelf.namesakes.setdefault((membership.organisation_id, key(person.name)), person)
    return shelf


def _organisation(shelf: Shelf, said: says.Organisation) -> None:
    row = shelf.organisations.get(organisation_key(said.name))
    if row is None:
        tone = len(shelf.organisations)
        row = Organisation(programme=shelf.programme, name=said.name, town=said.town, short_name=said.short, tone=tone)
        shelf.organisations[organisation_key(said.name)] = row
        shelf.add(row)
        db.session.flush()
    row.town = row.town or said.town
    row.short_name = row.short_name or said.short
    row.region = row.region or said.region
    changed = _rooms(shelf, row, said.rooms) + _absences(shelf, row, said.absences)
    if changed:
        shelf.touched |= {membership.network for membership in row.memberships}


def _rooms(shelf: Shelf, row: Organisation, said: list[says.Room]) -> int:
    """Rooms are the same by name; of two with one name, the first is the first."""
    left = list(row.rooms)
    added = 0
    for room in said:
        same = next((each for each in left if key(each.name) == key(room.name)), None)
        if same is not None:
            left.remove(same)
            _complete(same, room)
            continue
        values = {name: getattr(room, name) for name in ("seats", "address", "directions", "wheelchair", "screen")}
        shelf.add(Room(organisation=row, name=room.name, **values))
        added += 1
    return added


def _complete(row: Room, said: says.Room) -> None:
    """What is not known of a room yet; what somebody typed stays."""
    for name in ("seats", "address", "directions", "wheelchair", "screen"):
        if getattr(row, name) in (None, ""):
            setattr(row, name, getattr(said, name))


def _absences(shelf: Shelf, row: Organisation, said: list[says.Absence]) -> int:
    there = {(a.first, a.last, a.weekday, a.only) for a in _absences_of(row)} if said else set()
    new = [a for a in said if (a.period.first, a.period.last, a.period.weekday, a.period.only) not in there]
    for absence in new:
        shelf.add(Absence(organisation=row, **vars(absence.period), reason=absence.reason))
    return len(new)


def _absences_of(row: Organisation) -> list[Absence]:
    return list(db.session.scalars(select(Absence).where(Absence.organisation_id == row.id)))


def _network(shelf: Shelf, said: says.Network) -> None:
    row = shelf.networks.get(key(said.name))
    if row is None:
        row = Network(
            programme=shelf.programme,
            name=said.name,
            slug=free_slug(Network, said.name),
            state=said.state,
            mode=said.mode,
            region=said.region,
            timezone=shelf.programme.timezone,
        )
        shelf.networks[key(said.name)] = row
        shelf.add(row)
        shelf.touched.add(row)
        db.session.flush()
    for membership in said.memberships.values():
        _membership(shelf, row, membership)


def _membership(shelf: Shelf, network: Network, said: says.Membership) -> None:
    """One that has ended is there too: whoever ended it knew better than the list."""
    organisation = shelf.organisations[organisation_key(said.organisation.name)]
    row = next((m for m in network.memberships if m.organisation is organisation), None)
    if row is None:
        hosts = null() if said.hosts is None else said.hosts  # None would mean the column's default
        row = Membership(network=network, organisation=organisation, joined=said.joined, hosts=hosts)
        shelf.add(row)
        shelf.touched.add(network)
    for person in said.people:
        _contact(shelf, row, _person(shelf, organisation, person))


def _person(shelf: Shelf, organisation: Organisation, said: says.Person) -> Person:
    """Known by address, else by name within the organisation: their address may have been changed by hand."""
    row = shelf.met.get(id(said)) or shelf.people.get(said.email or "")
    row = row or (shelf.namesakes.get((organisation.id, key(said.name))) if said.name else None)
    if row is None:
        row = Person(
            first_name=said.first,
            last_name=said.last,
            email=said.email,
            phone=said.phone,
            language=shelf.programme.language,
        )
        shelf.add(row)
        row.changed(shelf.now)
    if not row.email and said.email:
        row.email = said.email
        row.changed(shelf.now)
    shelf.met[id(said)] = row
    return row


def _contact(shelf: Shelf, membership: Membership, person: Person) -> None:
    if any(contact.person is person for contact in membership.contacts):
        return
    shelf.add(Contact(membership=membership, person=person, position=len(membership.contacts)))
    shelf.touched.add(membership.network)
    person.changed(shelf.now)


def _meetings(shelf: Shelf, network: Network, said: says.Network) -> None:
    if not said.meetings:
        return
    there = {meeting.day for meeting in meetings_of([network.id])}
    query = select(Cycle).where(Cycle.network_id == network.id)
    cycles = {cycle.year: cycle for cycle in db.session.scalars(query)}
    for meeting in said.meetings:
        if meeting.day not in there:
            if meeting.day.year not in cycles:
                cycles[meeting.day.year] = Cycle(network=network, year=meeting.day.year)
                shelf.add(cycles[meeting.day.year])
            _meeting(shelf, cycles[meeting.day.year], meeting)
            shelf.touched.add(network)


def _meeting(shelf: Shelf, cycle: Cycle, said: says.Meeting) -> None:
    """A past meeting with its turns, and who owed one then as far as we know."""
    network = cycle.network
    start = _start(network, said)
    mode = "online" if said.online else "hybrid" if network.mode == "hybrid" else "in-person"
    row = Meeting(
        cycle=cycle,
        network=network,
        starts_at=start,
        ends_at=start + timedelta(minutes=said.minutes or MINUTES),
        mode=mode,
        status="cancelled" if said.cancelled else "confirmed",
        changed_at=shelf.now,
        topic=said.topic,
        attended=said.attended,
        imported=True,
        owed=able(network, said.day, in_person=not said.online),
    )
    hosts = [("host", said.host)] if said.host else []
    for kind, organisation in [*hosts, *(("preparation", each) for each in said.preparers)]:
        owner = shelf.organisations[organisation_key(organisation.name)]
        row.duties.append(Duty(kind=kind, organisation=owner, owed_by=owner))
    shelf.add(row)


def _start(network: Network, said: says.Meeting) -> datetime:
    start = said.start or time.fromisoformat((network.wishes or {}).get("start", START))
    return datetime.combine(said.day, start, network.zone).astimezone(UTC)
