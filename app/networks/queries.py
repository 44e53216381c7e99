"""Reads about programmes, networks and the people in them."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.networks.models import Contact, Membership, Network, Organisation, Programme, Role
from app.people.models import Person


def roles_of(person: Person) -> list[Role]:
    return list(db.session.scalars(select(Role).where(Role.person_id == person.id)))


def network_by_slug(slug: str) -> Network | None:
    return db.session.scalars(select(Network).where(Network.slug == slug)).first()


def programme_by_name(name: str) -> Programme | None:
    return db.session.scalars(select(Programme).where(Programme.name == name)).first()


def programmes() -> list[Programme]:
    return list(db.session.scalars(select(Programme).order_by(Programme.name)))


def managed_programmes(person: Person) -> list[Programme]:
    """Programmes the person manages as a whole."""
    whole = select(Role.programme_id).where(Role.person_id == person.id, Role.role == "programme_manager")
    return list(db.session.scalars(select(Programme).where(Programme.id.in_(whole)).order_by(Programme.name)))


def managed_networks(person: Person) -> list[Network]:
    """Networks the person may change: by a role of their own or through the programme."""
    mine = select(Role.network_id).where(Role.person_id == person.id, Role.network_id.is_not(None))
    whole = select(Role.programme_id).where(Role.person_id == person.id, Role.role == "programme_manager")
    query = select(Network).where(or_(Network.id.in_(mine), Network.programme_id.in_(whole)))
    return list(db.session.scalars(query.options(joinedload(Network.programme)).order_by(Network.name)))


def manages(person: Person, network: Network) -> bool:
    return any(
        role.network_id == network.id or (role.network_id is None and role.programme_id == network.programme_id)
        for role in roles_of(person)
    )


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
        .order_by(Network.name)
    )
    return list(db.session.scalars(query))


def managers_of(network: Network) -> list[Person]:
    """Who answers for the network: its own managers first, else those of the programme."""
    query = select(Role).where(Role.programme_id == network.programme_id).options(joinedload(Role.person))
    roles = list(db.session.scalars(query.order_by(Role.id)))
    own = [role.person for role in roles if role.network_id == network.id]
    return own or [role.person for role in roles if role.network_id is None]


def organisations_named(programme: Programme, name: str) -> Organisation | None:
    query = select(Organisation).where(Organisation.programme_id == programme.id, Organisation.name == name)
    return db.session.scalars(query).first()
