"""After an import: who may manage its networks, and what is missing to plan their first year."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import ngettext
from sqlalchemy import select

from app.extensions import db
from app.importing.models import Import
from app.networks.models import Network, Programme, Role
from app.networks.queries import with_members
from app.people.models import Person
from app.text import by_name

MISSING: Mapping[str, Callable[[int], str]] = {
    "members": lambda n: ngettext("%(num)s network has no member", "%(num)s networks have no member", n),
    "rhythm": lambda n: ngettext(
        "%(num)s network does not say how often it meets", "%(num)s networks do not say how often they meet", n
    ),
    "region": lambda n: ngettext(
        "%(num)s network has no region, whose holidays are kept free",
        "%(num)s networks have no region, whose holidays are kept free",
        n,
    ),
    "hosts": lambda n: ngettext(
        "of %(num)s member nobody knows whether it can host", "of %(num)s members nobody knows whether they can host", n
    ),
    "rooms": lambda n: ngettext(
        "%(num)s member that may host has no room", "%(num)s members that may host have no room", n
    ),
    "contacts": lambda n: ngettext("%(num)s member has no contact", "%(num)s members have no contact", n),
    "addresses": lambda n: ngettext(
        "%(num)s person has no address and gets no mail", "%(num)s people have no address and get no mail", n
    ),
}


def networks_without_manager(row: Import) -> list[Network]:
    """Those the import made that nobody manages yet as their own."""
    managed = select(Role.network_id).where(Role.programme_id == row.programme_id, Role.network_id.is_not(None))
    made = Network.id.in_(row.created.get("network", ()))
    query = select(Network).where(made, Network.id.not_in(managed))
    return sorted(db.session.scalars(query), key=lambda each: by_name(each.name))


def who_may_manage(programme: Programme) -> list[Person]:
    """Whoever has a role in the programme already."""
    having = select(Role.person_id).where(Role.programme_id == programme.id)
    found = db.session.scalars(select(Person).where(Person.id.in_(having)))
    return sorted(found, key=lambda each: (by_name(each.last_name), by_name(each.first_name)))


def missing(row: Import) -> dict[str, int]:
    """How many of what a first year needs are missing in the networks that the import made."""
    networks = with_members(row.created.get("network", ()))
    members = [member for network in networks for member in network.memberships if member.left is None]
    hosting = [member for member in members if member.network.hosted]
    people = {person.id: person for member in members for person in member.people}
    found: dict[str, Any] = {
        "members": [network for network in networks if not network.memberships],
        "rhythm": [network for network in networks if not network.wishes],
        "region": [network for network in networks if not (network.region or network.programme.region)],
        "hosts": [member for member in hosting if member.hosts is None],
        "rooms": [member for member in hosting if member.hosts is not False and not member.organisation.rooms],
        "contacts": [member for member in members if not member.people],
        "addresses": [person for person in people.values() if not person.email],
    }
    return {name: len(listed) for name, listed in found.items() if listed}
