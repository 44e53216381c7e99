"""Reads about programmes, networks and the people in them."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.batch import once
from app.clock import today
from app.edge.web import settings
from app.extensions import db
from app.networks.models import Contact, Deputy, Membership, Network, Organisation, Programme, Role
from app.people.models import Person
from app.text import by_name


def roles_of(person: Person) -> list[Role]:
    """What the person may do today: their own roles, and those of colleagues whose deputy they are."""
    return list(db.session.scalars(select(Role).where(Role.id.in_(_acts_as(person)))))


def own_roles_of(person: Person) -> list[Role]:
    return list(db.session.scalars(select(Role).where(Role.person_id == person.id)))


def _acts_as(person: Person) -> CompoundSelect[int]:
    return roles_held(literal(person.id), literal(today(settings().timezone)))


def roles_held(person: ColumnElement[int], day: ColumnElement[date]) -> CompoundSelect[int]:
    """Ids of the person's roles and of those they have as a deputy on the day; a part of a query."""
    mine, own, theirs = aliased(Role), aliased(Role), aliased(Role)
    same = Deputy.manager_id == theirs.person_id, Deputy.programme_id == theirs.programme_id
    some = exists().where(own.person_id == person, own.programme_id == theirs.programme_id).correlate_except(own)
    stands_in = select(theirs.id).join(Deputy, and_(*same)).where(Deputy.deputy_id == person, some)
    return union_all(
        select(mine.id).where(mine.person_id == person).correlate_except(mine),
        stands_in.where(Deputy.first <= day, Deputy.last >= day).correlate_except(theirs, Deputy, own),
    )


def networks_managed(person: ColumnElement[int], day: ColumnElement[date]) -> Select[int]:
    """Ids of the networks the person may change on the day; a part of a query."""
    ours = aliased(Network)
    within = Role.programme_id == ours.programme_id, or_(Role.network_id.is_(None), Role.network_id == ours.id)
    roles = Role.id.in_(roles_held(person, day))
    return select(ours.id).join(Role, and_(*within)).where(roles).correlate_except(ours, Role)


def _today() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    day = today(settings().timezone)
    return Deputy.first <= day, Deputy.last >= day


def deputies_of(programme_ids: Collection[int], last_from: date) -> list[Deputy]:
    """Who stands in for whom in these programmes, today or later."""
    query = select(Deputy).where(Deputy.programme_id.in_(programme_ids), Deputy.last >= last_from)
    people = joinedload(Deputy.manager), joinedload(Deputy.deputy), joinedload(Deputy.programme)
    return list(db.session.scalars(query.options(*people).order_by(Deputy.first, Deputy.id)))


def handed_over(person: Person) -> set[int]:
    """Programmes in which somebody stands in for the person today."""
    return set(db.session.scalars(select(Deputy.programme_id).where(Deputy.manager_id == person.id, *_today())))


def network_by_slug(slug: str) -> Network | None:
    return db.session.scalars(select(Network).where(Network.slug == slug)).first()


def programme_by_name(name: str) -> Programme | None:
    return db.session.scalars(select(Programme).where(Programme.name == name)).first()


def public_programme(slug: str) -> Programme | None:
    """The programme of this slug, while it has a public page."""
    return db.session.scalars(select(Programme).where(Programme.slug == slug, Programme.public)).first()


def programmes() -> list[Programme]:
    return sorted(db.session.scalars(select(Programme)), key=lambda each: by_name(each.name))


def managed_programmes(person: Person) -> list[Programme]:
    """Programmes the person manages as a whole."""
    whole = select(Role.programme_id).where(Role.id.in_(_acts_as(person)), Role.role == "programme_manager")
    found = db.session.scalars(select(Programme).where(Programme.id.in_(whole)))
    return sorted(found, key=lambda each: by_name(each.name))


def managed_networks(person: Person) -> list[Network]:
    """Networks the person may change today: by a role of their own, through the programme, or as a deputy."""
    managed = networks_managed(literal(person.id), literal(today(settings().timezone)))
    query = select(Network).where(Network.id.in_(managed))
    found = db.session.scalars(query.options(joinedload(Network.programme)))
    return sorted(found, key=lambda each: by_name(each.name))


def manages(person: Person, network: Network) -> bool:
    return bool(role_in(person, network))


def role_in(person: Person, network: Network) -> str:
    """As what the person manages the network, their own or a colleague's role; empty when they do not."""
    within = (network.id, None)
    roles = [role for role in roles_of(person) if role.programme_id == network.programme_id]
    return max((role.role for role in roles if role.network_id in within), default="")


def sits_from(person: Person, network: Network, day: date) -> Membership | None:
    """The person's place in the network on `day`, else the next one to come."""
    query = (
        select(Membership)
        .join(Contact)
        .where(Contact.person_id == person.id, Membership.network_id == network.id)
        .where(or_(Membership.left.is_(None), Membership.left >= day))
    )
    return db.session.scalars(query.order_by(Membership.joined, Membership.id)).first()


def takes_part(person: Person, network: Network, day: date) -> bool:
    """Whether the person is a contact of an organisation that is a member on `day`."""
    return current_membership(person, network, day) is not None


def current_membership(person: Person, network: Network, day: date) -> Membership | None:
    query = (
        select(Membership)
        .join(Contact)
        .where(Contact.person_id == person.id, Membership.network_id == network.id, Membership.joined <= day)
        .where(or_(Membership.left.is_(None), Membership.left >= day))
    )
    return db.session.scalars(query.order_by(Membership.id)).first()


def sits_for(person: Person, network: Network, organisation_id: int, day: date) -> bool:
    """Whether the person is a contact of that organisation, a member on `day`."""
    query = (
        select(Membership.id)
        .join(Contact)
        .where(Contact.person_id == person.id, Membership.organisation_id == organisation_id)
        .where(Membership.network_id == network.id, Membership.joined <= day)
        .where(or_(Membership.left.is_(None), Membership.left >= day))
    )
    return db.session.scalars(query).first() is not None


def memberships_of(person: Person, day: date) -> list[Membership]:
    """Where the person sits from `day` on, networks loaded."""
    query = (
        select(Membership)
        .join(Contact)
        .where(Contact.person_id == person.id, or_(Membership.left.is_(None), Membership.left >= day))
        .options(joinedload(Membership.network), joinedload(Membership.organisation))
    )
    return list(db.session.scalars(query.order_by(Membership.id)))


def with_members(network_ids: Collection[int]) -> list[Network]:
    """These networks with memberships, organisations, rooms, contacts and people: six queries for any number."""
    members = selectinload(Network.memberships)
    query = (
        select(Network)
        .where(Network.id.in_(network_ids))
        .options(
            joinedload(Network.programme),
            members.joinedload(Membership.organisation).selectinload(Organisation.rooms),
            members.selectinload(Membership.contacts).joinedload(Contact.person),
        )
    )
    return sorted(db.session.scalars(query), key=lambda each: by_name(each.name))


def _counting(roles: Sequence[Role], network_id: int) -> list[Person]:
    """Who counts as the manager of a network: its own; where nobody is named, the only manager of the programme."""
    whole = _of_the_programme(roles)
    return [role.person for role in roles if role.network_id == network_id] or (whole if len(whole) == 1 else [])


def _of_the_programme(roles: Sequence[Role]) -> list[Person]:
    return [role.person for role in roles if role.network_id is None]


def last_of_programme(role: Role) -> bool:
    """Whether nobody else manages the whole programme."""
    whole = select(func.count()).where(Role.programme_id == role.programme_id, Role.network_id.is_(None))
    return role.network_id is None and (db.session.scalar(whole) or 0) < 2


def left_alone(roles: Sequence[Role]) -> list[Network]:
    """Networks of a programme that somebody manages, and nobody would without these roles in it."""
    programme = roles[0].programme_id
    before = _roles(programme)
    after = [role for role in before if role not in roles]
    networks = select(Network).where(Network.programme_id == programme, Network.state != "ended")
    alone = [n for n in db.session.scalars(networks) if _counted(before, n.id) and not _counted(after, n.id)]
    return sorted(alone, key=lambda each: by_name(each.name))


def without_manager(networks: Collection[Network]) -> set[int]:
    """Ids of those among these networks, but ended ones, whose manager nobody counts as."""
    programmes = {network.programme_id for network in networks}
    found: dict[int, list[Role]] = {}
    for role in db.session.scalars(select(Role).where(Role.programme_id.in_(programmes))):
        found.setdefault(role.programme_id, []).append(role)
    live = [network for network in networks if network.state != "ended"]
    return {network.id for network in live if not _counted(found.get(network.programme_id, ()), network.id)}


def _counted(roles: Sequence[Role], network_id: int) -> bool:
    """The same as `_counting`, of people who are not read."""
    whole = [role for role in roles if role.network_id is None]
    return len(whole) == 1 or any(role.network_id == network_id for role in roles)


def managers_of(network: Network) -> list[Person]:
    """Who counts as the network's manager, for who is away today the deputy; of two programme managers neither."""
    return _or_deputies(network.programme_id, _counting(_roles_in(network.programme_id), network.id))


def answering_for(network: Network) -> list[Person]:
    """Who hears what somebody has to see to, and has the replies: its managers, else all of the programme's."""
    return managers_of(network) or answering_for_programme(network.programme_id)


def answering_for_programme(programme: int) -> list[Person]:
    """Who manages the programme as a whole; for who is away today the deputy."""
    return _or_deputies(programme, _of_the_programme(_roles_in(programme)))


def managers_by_network(programme_id: int) -> dict[int, set[int]]:
    """{network: people who count as its manager}: they are expected at its meetings."""
    roles = _roles_in(programme_id)
    networks = db.session.scalars(select(Network.id).where(Network.programme_id == programme_id))
    return {number: {person.id for person in _counting(roles, number)} for number in networks}


def _or_deputies(programme: int, people: Sequence[Person]) -> list[Person]:
    deputies = once(("deputies", programme), lambda: _deputies_today(programme))
    instead = {each.manager_id: each.deputy for each in deputies}
    return list(dict.fromkeys(instead.get(person.id, person) for person in people))


def _roles_in(programme_id: int) -> list[Role]:
    return once(("roles", programme_id), lambda: _roles(programme_id))


def _roles(programme_id: int) -> list[Role]:
    query = select(Role).where(Role.programme_id == programme_id).options(joinedload(Role.person))
    return list(db.session.scalars(query.order_by(Role.id)))


def _deputies_today(programme_id: int) -> list[Deputy]:
    query = select(Deputy).where(Deputy.programme_id == programme_id, *_today()).options(joinedload(Deputy.deputy))
    return list(db.session.scalars(query.order_by(Deputy.id)))


def organisations_named(programme: Programme, name: str) -> Organisation | None:
    query = select(Organisation).where(Organisation.programme_id == programme.id, Organisation.name == name)
    return db.session.scalars(query).first()
