"""What of the log somebody may read: their own lines, their organisation's, their networks', their programmes', all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import aliased

from app.audit import Audit
from app.extensions import db
from app.networks.models import Contact, Membership, Network, Programme
from app.networks.queries import roles_of
from app.people.models import Person

SHOWN = 100


@dataclass(frozen=True)
class Line:
    row: Audit
    who: Person | None
    where: str
    changed: tuple[tuple[str, Any, Any], ...]  # (field, before, after)


def lines_for(person: Person, before: int | None = None) -> list[Line]:
    """The newest lines this person may read; those with smaller numbers than `before`."""
    query = select(Audit).where(_readable(person), *([Audit.id < before] if before else []))
    rows = db.session.scalars(query.order_by(Audit.id.desc()).limit(SHOWN)).all()
    people = {each.id: each for each in _all(Person, [row.person_id for row in rows])}
    networks = {each.id: each.name for each in _all(Network, [row.network_id for row in rows])}
    programmes = {each.id: each.name for each in _all(Programme, [row.programme_id for row in rows])}
    return [
        Line(
            row,
            people.get(row.person_id or 0),
            networks.get(row.network_id or 0) or programmes.get(row.programme_id or 0, ""),
            _changed(row.values),
        )
        for row in rows
    ]


def _all(model: Any, numbers: Sequence[int | None]) -> Sequence[Any]:
    return db.session.scalars(select(model).where(model.id.in_({number for number in numbers if number}))).all()


def _changed(values: dict[str, Any]) -> tuple[tuple[str, Any, Any], ...]:
    before, after = values.get("before", {}), values.get("after", {})
    return tuple((name, before.get(name), value) for name, value in after.items())


def _readable(person: Person) -> ColumnElement[bool]:
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
