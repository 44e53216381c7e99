"""A proposal -> rows of a programme. What is there stays as it is; only what is missing is added."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from app.availability.models import Absence
from app.extensions import db
from app.importing import proposal as says
from app.importing import queries
from app.importing.cells.organisation_names import organisation_key
from app.importing.cells.person_names import key
from app.importing.storing import ids_by_name
from app.importing.storing.comparing import Comparison, wishes_of
from app.importing.storing.ids_by_name import Held, Row
from app.meetings.balances import able
from app.meetings.models import Cycle, Duty, Meeting
from app.meetings.queries import meetings_of
from app.networks.models import Contact, Membership, Network, Organisation, Programme, Room
from app.networks.queries import with_members
from app.networks.sharing import shared
from app.people.models import Person
from app.text import slugify

START, MINUTES = "13:30", 150  # of a past meeting, where a sheet knows only the day
OF_ROOM = ("seats", "address", "directions", "wheelchair", "screen")
Pair = tuple[int, says.Membership]  # a membership's id and what a file says of it


def store(programme: Programme, proposal: says.Proposal, now: datetime, comparison: Comparison) -> Held:
    """Add what the programme does not have yet, change what was decided, and flush; a second time adds nothing."""
    decided = _decided(comparison, now)
    held = ids_by_name.of_programme(programme, {p.email for p in proposal.people if p.email}, now)
    held.touched |= decided
    _organisations(held, list(proposal.organisations.values()))
    _networks(held, list(proposal.networks.values()))
    pairs = _memberships(held, proposal)
    _people(held, pairs)
    db.session.flush()
    db.session.expire_all()  # what was read before knows nothing of the new rows
    _meetings(held, proposal)
    for network in queries.networks_numbered(held.touched):
        network.changed(now)
    db.session.flush()
    return held


def _decided(comparison: Comparison, now: datetime) -> set[int]:
    """What was said to change and to go; returns the networks it touches."""
    for decision in comparison.decisions:
        setattr(decision.row, decision.field, decision.value)
        if isinstance(decision.row, Person):
            decision.row.changed(now)
    for removal in comparison.removals:
        removal.contact.person.changed(now)
        db.session.delete(removal.contact)
    db.session.flush()
    touched = {network.id for decision in comparison.decisions for network in decision.networks}
    return touched | {removal.network.id for removal in comparison.removals}


def _organisations(held: Held, said: Sequence[says.Organisation]) -> None:
    new = {name: each for each in said if (name := organisation_key(each.name)) not in held.there}
    rows = [
        {"programme_id": held.programme.id, "name": o.name, "town": o.town, "short_name": o.short, "region": o.region}
        for o in new.values()
    ]
    ids = held.add(Organisation, rows)
    held.organisations |= dict(zip(new, ids, strict=True))
    for each in said:
        row = held.there.get(organisation_key(each.name))
        if row is not None:
            row.town = row.town or each.town
            row.short_name = row.short_name or each.short
            row.region = row.region or each.region
    rooms, absences = list(_rooms(held, said)), list(_absences(held, said))
    held.add(Room, rooms)
    held.add(Absence, absences)
    grown = {row["organisation_id"] for row in rooms + absences}
    held.touched |= {network for network, organisation in held.memberships if organisation in grown}


def _rooms(held: Held, said: Sequence[says.Organisation]) -> Iterator[Row]:
    """Rooms are the same by name; of two with one name, the first is the first."""
    for each in said:
        name = organisation_key(each.name)
        left = list(held.there[name].rooms) if name in held.there else []
        for room in each.rooms:
            same = next((row for row in left if key(row.name) == key(room.name)), None)
            if same is None:
                values = {field: getattr(room, field) for field in OF_ROOM}
                yield {"organisation_id": held.organisations[name], "name": room.name, **values}
            else:
                left.remove(same)
                _complete(same, room)


def _complete(row: Room, said: says.Room) -> None:
    """What is not known of a room yet; what somebody typed stays."""
    for name in OF_ROOM:
        if getattr(row, name) in (None, ""):
            setattr(row, name, getattr(said, name))


def _absences(held: Held, said: Sequence[says.Organisation]) -> Iterator[Row]:
    there = queries.absences_of(held.programme)
    for each in said:
        number = held.organisations[organisation_key(each.name)]
        for absence in each.absences:
            period = absence.period
            if (number, period.first, period.last, period.weekday, period.only) not in there:
                yield {"organisation_id": number, **vars(period), "reason": absence.reason}


def _networks(held: Held, said: Sequence[says.Network]) -> None:
    new = {name: each for each in said if (name := key(each.name)) not in held.networks}
    slugs = _free_slugs([each.name for each in new.values()])
    rows = (
        {
            "programme_id": held.programme.id,
            "timezone": held.programme.timezone,
            "slug": slug,
            "wishes": wishes_of(each),
            **{field: getattr(each, field) for field in ("name", "state", "mode", "region")},
        }
        for each, slug in zip(new.values(), slugs, strict=True)
    )
    ids = held.add(Network, rows)
    held.networks |= dict(zip(new, ids, strict=True))
    held.touched |= set(ids)


def _free_slugs(names: Sequence[str]) -> list[str]:
    """A slug for each name that no network has yet."""
    taken = set(db.session.scalars(select(Network.slug))) if names else set()
    found = []
    for name in names:
        base = slugify(name)
        slug = base if base not in taken else next(s for n in range(2, 10_000) if (s := f"{base}-{n}") not in taken)
        taken.add(slug)
        found.append(slug)
    return found


def _memberships(held: Held, proposal: says.Proposal) -> list[Pair]:
    """One that has ended is there too: whoever ended it knew better than the list."""
    said = [
        ((held.networks[name], held.organisations[organisation_key(each.organisation.name)]), each)
        for name, network in proposal.networks.items()
        for each in network.memberships.values()
    ]
    new = {place: each for place, each in said if place not in held.memberships}
    rows = (
        {"network_id": network, "organisation_id": organisation, "joined": each.joined, "hosts": each.hosts}
        for (network, organisation), each in new.items()
    )
    held.memberships |= dict(zip(new, held.add(Membership, rows), strict=True))
    held.touched |= {network for network, _organisation in new}
    return [(held.memberships[place], each) for place, each in said]


def _people(held: Held, pairs: Sequence[Pair]) -> None:
    met: dict[str | int, int] = {}  # ids by identity of the person in the proposal
    new: dict[str | int, says.Person] = {}
    for _membership, said in pairs:
        organisation = held.organisations[organisation_key(said.organisation.name)]
        for person in said.people:
            known = _known(held, organisation, person)
            if known:
                met.setdefault(id(person), known)
            elif id(person) not in met:
                new.setdefault(person.email or id(person), person)
    before = set(met.values())
    met.update(zip(new, held.add(Person, (_person(held, person) for person in new.values())), strict=True))
    held.add(Contact, _contacts(held, pairs, met, before))
    _renew(held)


def _known(held: Held, organisation: int, said: says.Person) -> int | None:
    """By address, else by name within the organisation: their address may have been changed by hand."""
    by_address = held.addresses.get(said.email or "")
    by_name = held.namesakes.get((organisation, key(said.name))) if said.name and held.namesakes else None
    if by_name and by_address is None and said.email:
        held.given[by_name] = said.email
        held.addresses[said.email] = by_name
    return by_address or by_name


def _person(held: Held, said: says.Person) -> Row:
    values = {"first_name": said.first, "last_name": said.last, "title": said.title, "phone": said.phone}
    known = {"email": said.email, "as_typed": said.email in held.elsewhere, "language": held.programme.language}
    return values | known | {"revision": 1, "changed_at": held.now}


def _contacts(
    held: Held, pairs: Sequence[Pair], ids: Mapping[str | int, int], before: AbstractSet[int]
) -> Iterator[Row]:
    networks = {membership: network for (network, _organisation), membership in held.memberships.items()}
    for membership, said in pairs:
        sitting = held.contacts[membership]
        for person in said.people:
            number = ids.get(id(person)) or ids[person.email or ""]
            if number not in sitting:
                yield {"membership_id": membership, "person_id": number, "position": len(sitting)}
                sitting.append(number)
                held.touched.add(networks[membership])
                held.moved |= {number} & before


def _renew(held: Held) -> None:
    """People from before who sit somewhere new, or whose address nobody knew and no other programme has to know."""
    theirs = shared(held.given, held.programme)
    for row in queries.people_numbered(held.moved | set(held.given)):
        if not row.email and row.id in held.given and row.id not in theirs:
            row.email = held.given[row.id]
            row.as_typed = row.email in held.elsewhere
            held.moved.add(row.id)
        if row.id in held.moved:
            row.changed(held.now)


def _meetings(held: Held, proposal: says.Proposal) -> None:
    said = {held.networks[name]: each.meetings for name, each in proposal.networks.items() if each.meetings}
    there = {(meeting.network_id, meeting.day) for meeting in meetings_of(list(said))}
    query = select(Cycle).where(Cycle.network_id.in_(said))
    cycles = {(cycle.network_id, cycle.year): cycle for cycle in db.session.scalars(query)}
    rows: list[Cycle | Meeting] = []
    for network in with_members(list(said)):
        for meeting in said[network.id]:
            if (network.id, meeting.day) in there:
                continue
            place = network.id, network.year_of(meeting.day)
            if place not in cycles:
                cycles[place] = Cycle(network=network, year=place[1])
                rows.append(cycles[place])
            rows.append(_meeting(held, cycles[place], meeting))
            held.touched.add(network.id)
    db.session.add_all(rows)
    db.session.flush()
    for row in rows:
        held.made[row.__tablename__].append(row.id)


def _meeting(held: Held, cycle: Cycle, said: says.Meeting) -> Meeting:
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
        changed_at=held.now,
        topic=said.topic,
        attended=said.attended,
        imported=True,
        owed=able(network, said.day),
    )
    hosts = [("host", said.host)] if said.host else []
    for kind, organisation in [*hosts, *(("preparation", each) for each in said.preparers)]:
        owner = held.organisations[organisation_key(organisation.name)]
        row.duties.append(Duty(kind=kind, organisation_id=owner, owed_by_id=owner))
    return row


def _start(network: Network, said: says.Meeting) -> datetime:
    start = said.start or time.fromisoformat((network.wishes or {}).get("start", START))
    return datetime.combine(said.day, start, network.zone).astimezone(UTC)
