"""What of the log somebody may read: their own lines, their organisation's, their networks', their programmes', all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import aliased

from app.audit import Audit
from app.extensions import db
from app.networks.models import Contact, Membership, Network, Programme
from app.networks.queries import roles_of
from app.people.models import Person
from app.text import by_name

SHOWN = 100
Named = TypeVar("Named", Network, Person)


@dataclass(frozen=True)
class Asked:
    """Which lines are wanted: of a network, of what a person did, of these days; `before` a line's number."""

    network: int | None = None
    person: int | None = None
    first: date | None = None
    last: date | None = None
    before: int | None = None


def rows_for(person: Person, asked: Asked, zone: ZoneInfo, most: int = SHOWN) -> Sequence[Audit]:
    """The newest lines this person may read, of those asked for."""
    query = select(Audit).where(readable(person), *_wanted(asked, zone))
    return db.session.scalars(query.order_by(Audit.id.desc()).limit(most)).all()


def _wanted(asked: Asked, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    one_day = timedelta(days=1)
    return [
        *([Audit.network_id == asked.network] if asked.network else []),
        *([Audit.person_id == asked.person] if asked.person else []),
        *([Audit.at >= datetime.combine(asked.first, time(), zone)] if asked.first else []),
        *([Audit.at < datetime.combine(asked.last + one_day, time(), zone)] if asked.last else []),
        *([Audit.id < asked.before] if asked.before else []),
    ]


def networks_in_log(person: Person) -> list[Network]:
    """Networks of which the person may read a line."""
    return _named(Network, select(Audit.network_id).where(readable(person)))


def people_in_log(person: Person) -> list[Person]:
    """Whose lines the person may read, but those who are known no more."""
    return _named(Person, select(Audit.person_id).where(readable(person)))


def _named(model: type[Named], numbers: Select[int | None]) -> list[Named]:
    found = db.session.scalars(select(model).where(model.id.in_(numbers)))
    return sorted((each for each in found if each.name), key=lambda each: by_name(each.name))


def rows_of(model: Any, numbers: Sequence[int | None]) -> dict[int, Any]:
    """{id: row} of these."""
    query = select(model).where(model.id.in_({number for number in numbers if number}))
    return {each.id: each for each in db.session.scalars(query)}


def readable(person: Person) -> ColumnElement[bool]:
    if person.site_admin:
        return true()
    roles = roles_of(person)
    programmes = {role.programme_id for role in roles if role.network_id is None}
    managed = select(Network.id).where(Network.programme_id.in_(programmes))
    return or_(
        Audit.person_id == person.id,
        Audit.network_id.in_({role.network_id for role in roles if role.network_id}),
        Audit.network_id.in_(managed) if programmes else false(),
        and_(Audit.programme_id.in_(programmes), Audit.network_id.is_(None)) if programmes else false(),
        _of_own_organisation(person),
    )


def _of_own_organisation(person: Person) -> ColumnElement[bool]:
    """What colleagues did in a network in which the person takes part for the same organisation."""
    own, own_place, colleague, place = aliased(Contact), aliased(Membership), aliased(Contact), aliased(Membership)
    return (
        select(colleague.id)
        .join(place, colleague.membership_id == place.id)
        .join(
            own_place, (own_place.network_id == place.network_id) & (own_place.organisation_id == place.organisation_id)
        )
        .join(own, own.membership_id == own_place.id)
        .where(own.person_id == person.id, own_place.left.is_(None))
        .where(colleague.person_id == Audit.person_id, place.network_id == Audit.network_id)
        .exists()
    )


def within_reach(person: Person) -> tuple[set[int], set[int]]:
    """Networks and programmes of which the person may read today what a line is about, with its names and days.

    Lines of one's own stay readable for ever; what they are about may have gone on since.
    """
    roles = roles_of(person)
    programmes = {role.programme_id for role in roles if role.network_id is None}
    whole = true() if person.site_admin else false()
    sits = select(Membership.network_id).join(Contact).where(Contact.person_id == person.id, Membership.left.is_(None))
    own = {role.network_id for role in roles}
    networks = select(Network.id).where(
        or_(whole, Network.programme_id.in_(programmes), Network.id.in_(own), Network.id.in_(sits))
    )
    reach = select(Programme.id).where(or_(whole, Programme.id.in_(programmes)))
    return set(db.session.scalars(networks)), set(db.session.scalars(reach))
