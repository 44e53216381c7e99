"""Founding programmes and networks; organisations that join and leave; their people and rooms."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.audit import differences, record
from app.errors import Refused
from app.extensions import Base, db, hold
from app.mail import actions as mail
from app.networks.models import Contact, Membership, Network, Organisation, Programme, Role, Room
from app.networks.queries import last_of_programme, left_alone, organisations_named, programme_by_name
from app.networks.sharing import known_here, may_write, shared
from app.people.actions import set_address
from app.people.models import Person
from app.people.queries import by_email
from app.text import slugify

# Holidays are never unknown: a programme starts with a region, and its manager sees and changes it.
FIRST_REGION = {"nl": "NL-Midden", "de": "DE-NW", "en": "NL-Midden"}


CHOICES_OF_NETWORK = ("state", "mode", "region", "timezone", "size_wanted", "minimum", "keeps_names", "pulse", "formal")

# What stands beside its networks below the public address of a programme.
PAGES_OF_A_PROGRAMME = {"members", "start", "asked", "open"}


def free_slug(model: type[Programme | Network], name: str) -> str:
    """A slug made from `name` that no other row of `model` has."""
    base = slugify(name)
    taken = set(db.session.scalars(select(model.slug).where(model.slug.like(f"{base}%")))) | PAGES_OF_A_PROGRAMME
    return base if base not in taken else next(s for n in range(2, 10_000) if (s := f"{base}-{n}") not in taken)


def found_programme(name: str, *, language: str, now: datetime, region: str | None = None) -> Programme:
    """The programme of that name, made when it is not there; its region is the language's commonest unless given."""
    programme = programme_by_name(name)
    if programme is None:
        region = region or FIRST_REGION[language]
        programme = Programme(name=name, slug=free_slug(Programme, name), language=language, region=region)
        db.session.add(programme)
        db.session.flush()
        record("founded", programme, now, programme_id=programme.id)
    return programme


def found_network(programme: Programme, values: Mapping[str, Any], now: datetime) -> Network:
    """A new network; raises Refused when the programme has one of that name."""
    if any(network.name == values["name"] for network in programme.networks):
        raise Refused(_("There is already a network of this name."))
    network = Network(programme=programme, slug=free_slug(Network, values["name"]), **values)
    db.session.add(network)
    db.session.flush()
    network.changed(now)
    record("founded", network, now, network_id=network.id, programme_id=programme.id)
    return network


def change_network(network: Network, values: Mapping[str, Any], now: datetime) -> None:
    """Set columns of a network, {name: value}. Raises Refused when another one of the programme has this name."""
    clash = select(Network.id).where(
        Network.programme_id == network.programme_id, Network.name == values["name"], Network.id != network.id
    )
    if db.session.scalar(clash):
        raise Refused(_("There is already a network of this name."))
    changed = differences(network, values, CHOICES_OF_NETWORK)
    for name, value in values.items():
        setattr(network, name, value)
    address_people(network, now)
    network.changed(now)
    record("changed", network, now, network_id=network.id, **changed)


def begin(network: Network, now: datetime) -> None:
    """A network in formation is active from now on; nothing happens when it is already. Raises Refused for others."""
    if network.state == "active":
        return
    if network.state not in ("idea", "forming"):
        raise Refused(_("Only a network in formation begins. Change its state in the settings."))
    changed = differences(network, {"state": "active"}, CHOICES_OF_NETWORK)
    network.state = "active"
    network.changed(now)
    record("begun", network, now, network_id=network.id, **changed)


def address_people(network: Network, now: datetime) -> None:
    """Its people are addressed as the network says, unless they chose for themselves or are known elsewhere too."""
    formal = network.addresses_formally
    other = {p.id: p for each in network.memberships for p in each.people if p.formal_here != formal}
    for number in other.keys() - shared(other, network.programme):
        other[number].formal_here = formal
        other[number].changed(now)


def person_for(
    programme: Programme,
    first_name: str,
    last_name: str,
    email: str | None,
    now: datetime,
    within: Membership | None = None,
) -> Person:
    """Whom the programme knows by this address, else a new person, as typed.

    `within`: the typist sees only who sits in that membership's network or organisation. Where others know the address,
    the new row waits for its owner to say "that is me": nobody learns that, nor another name.
    """
    person = known_here(programme, email, within) if email else None
    if person is None:
        known = bool(email and by_email(email))
        values = {"first_name": first_name, "last_name": last_name, "email": email or None, "as_typed": known}
        person = Person(**values, language=programme.language)
        db.session.add(person)
        db.session.flush()
        person.changed(now)
    return person


def organisation_for(programme: Programme, name: str, now: datetime, **values: object) -> Organisation:
    """The programme's organisation of this name, else a new one."""
    organisation = organisations_named(programme, name)
    if organisation is None:
        organisation = Organisation(programme=programme, name=name, **values)
        db.session.add(organisation)
        db.session.flush()
        record("added", organisation, now, programme_id=programme.id)
    return organisation


def join(network: Network, organisation: Organisation, joined: date, now: datetime, **values: object) -> Membership:
    """An organisation joins; raises Refused when it is a member on that day already."""
    if any(m.organisation_id == organisation.id and m.on(joined) for m in network.memberships):
        raise Refused(_("This organisation is a member of the network already."))
    membership = Membership(network=network, organisation=organisation, joined=joined, **values)
    db.session.add(membership)
    db.session.flush()
    network.changed(now)
    record("joined", membership, now, network_id=network.id, joined=joined.isoformat())
    return membership


def change_membership(membership: Membership, values: Mapping[str, Any], now: datetime) -> None:
    """Set columns of a membership, {name: value}; revisions of network and people rise.

    Who owed a turn at meetings that are over was kept before (`turns.actions.keep_owed`), so this alters no past.
    """
    changed = differences(membership, values, ("joined", "left", "duties_from", "hosts", "prepares"))
    for name, value in values.items():
        setattr(membership, name, value)
    membership.network.changed(now)
    for person in membership.people:
        person.changed(now)
    record("membership-changed", membership, now, network_id=membership.network_id, **changed)


def change_organisation(organisation: Organisation, values: Mapping[str, Any], now: datetime) -> None:
    """Name, short name, town; raises Refused for a name that another organisation has."""
    other = organisations_named(organisation.programme, values["name"])
    if other is not None and other.id != organisation.id:
        raise Refused(_("Another organisation has this name. Merge the two instead."))
    for name, value in values.items():
        setattr(organisation, name, value)
    _networks_changed(organisation, now)
    record("changed", organisation, now, programme_id=organisation.programme_id)


def _networks_changed(organisation: Organisation, now: datetime) -> None:
    for network in {membership.network for membership in organisation.memberships}:
        network.changed(now)


def add_contact(membership: Membership, person: Person, now: datetime) -> Contact:
    """A person takes part for this organisation, after those who already do."""
    if any(contact.person_id == person.id for contact in membership.contacts):
        raise Refused(_("This person takes part for this organisation already."))
    contact = Contact(membership=membership, person=person, position=len(membership.contacts))
    db.session.add(contact)
    db.session.flush()
    address_people(membership.network, now)
    membership.network.changed(now)
    person.changed(now)
    record("contact-added", contact, now, network_id=membership.network_id, person=contact.person_id)
    return contact


def make_primary(contact: Contact, now: datetime) -> None:
    """This contact first; the others keep their order behind."""
    rest = [each for each in contact.membership.contacts if each is not contact]
    for position, each in enumerate([contact, *rest]):
        each.position = position
    contact.membership.network.changed(now)
    record("contact-first", contact, now, network_id=contact.membership.network_id, person=contact.person_id)


def remove_contact(contact: Contact, now: datetime) -> None:
    """End somebody's place for an organisation; the person stays, and answers to what they took part in."""
    network, person = contact.membership.network, contact.person
    record("contact-removed", contact, now, network_id=network.id, person=contact.person_id)
    contact.membership.contacts.remove(contact)
    network.changed(now)
    person.changed(now)


def change_person(person: Person, values: Mapping[str, Any], network: Network, by: Person, now: datetime) -> None:
    """Name and address, by a manager; the old address is told.

    Raises Refused for whom the manager may not write, and for an address somebody else of the programme has.
    """
    if not may_write(by, person, network.programme):
        raise Refused(_("Only %(name)s can change this. Ask them to.", name=person.name or person.email))
    email = values["email"]
    if email != person.email:
        _move(person, email, network, now)
    for name, value in values.items():
        setattr(person, name, value)
    person.changed(now)
    record("changed", person, now, network_id=network.id)


def _move(person: Person, email: str | None, network: Network, now: datetime) -> None:
    if email and known_here(network.programme, email) is not None:
        raise Refused(_("Somebody else has this address. Merge the two instead."))
    old, reached = person.email, person.address_failed_at is None
    set_address(person, email, now, as_typed=bool(email and by_email(email)))
    if old and reached:
        _write("A4", f"{person.id}-{now:%Y-%m-%dT%H:%M:%S}", person, network, now, to=old)


def ask_to_change(person: Person, network: Network, now: datetime) -> None:
    """A mail asks the person to look at their name and address, once a day at most. Raises Refused without address."""
    if not person.email:
        raise Refused(_("There is no address to write to."))
    _write("A3", f"{person.id}-{network.id}-{now:%Y-%m-%d}", person, network, now)
    record("asked-to-change", person, now, network_id=network.id)


def _write(kind: str, key: str, person: Person, network: Network, now: datetime, **params: str) -> None:
    values = {"person_id": person.id, "network_id": network.id}
    mail.add(kind=kind, key=f"{kind}-{key}", due_at=now, now=now, params=dict(params), **values)


def stands(model: type[Base], owner: Base, values: Mapping[str, Any]) -> bool:
    """Whether the owner has such a row already: a form sent twice, or by two at once, is one row."""
    hold(owner)
    return db.session.scalar(select(func.count()).select_from(model).filter_by(**values)) != 0


def add_room(organisation: Organisation, values: Mapping[str, Any], now: datetime) -> bool:
    """A room of the organisation; False when it has exactly this one already."""
    if stands(Room, organisation, {"organisation_id": organisation.id, **values}):
        return False
    save_room(organisation, Room(organisation=organisation), values, now)
    return True


def save_room(organisation: Organisation, room: Room, values: Mapping[str, Any], now: datetime) -> None:
    """Store a room, new or changed, {name: value}; every network of the organisation may be planned and told anew."""
    changed = differences(room, values, ("seats", "wheelchair"))
    for name, value in values.items():
        setattr(room, name, value)
    db.session.add(room)
    db.session.flush()
    _networks_changed(organisation, now)
    record("room-saved", room, now, programme_id=organisation.programme_id, **changed)


def remove_room(room: Room, now: datetime) -> None:
    """Drop a room. Meetings planned there keep their organisation and lose the room."""
    record("room-removed", room, now, programme_id=room.organisation.programme_id)
    _networks_changed(room.organisation, now)
    room.organisation.rooms.remove(room)


def grant(person: Person, programme: Programme, network: Network | None, now: datetime) -> Role:
    """A role on a network, or on the whole programme when `network` is None; nothing new when it is there."""
    role = "network_manager" if network else "programme_manager"
    query = select(Role).where(Role.person_id == person.id, Role.programme_id == programme.id, Role.role == role)
    query = query.where(Role.network_id == network.id) if network else query
    found = db.session.scalars(query).first()
    if found is None:
        found = Role(person=person, programme=programme, network=network, role=role)
        db.session.add(found)
        db.session.flush()
        where = {"programme_id": programme.id, "network_id": network.id if network else None}
        record("role-granted", found, now, **where, role=role, person=person.id)
        if network:
            network.changed(now)
    return found


def withdraw(role: Role, now: datetime) -> None:
    """Take a role away; raises Refused for the last manager of a programme, and of a network nobody else manages."""
    if last_of_programme(role):
        raise Refused(_("A programme needs at least one manager."))
    if alone := left_alone([role]):
        names = ", ".join(network.name for network in alone)
        raise Refused(_("Nobody else manages %(networks)s. Hand over first.", networks=names))
    where = {"programme_id": role.programme_id, "network_id": role.network_id}
    record("role-withdrawn", role, now, **where, role=role.role, person=role.person_id)
    db.session.delete(role)


def change_sender(programme: Programme, values: Mapping[str, Any], now: datetime) -> None:
    """Set columns of a programme, {name: value}: name, sender, language, region, how people are addressed, and
    whether questions may be asked of all its networks."""
    changed = differences(programme, values, ("language", "region", "formal", "shares_topics"))
    for name, value in values.items():
        setattr(programme, name, value)
    for network in programme.networks:
        address_people(network, now)
        network.changed(now)  # working days of reminders are those of the region
    record("changed", programme, now, programme_id=programme.id, **changed)
