"""Whom somebody may name a deputy for, and who can be one."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.networks.models import Deputy, Role
from app.networks.queries import deputies_of, own_roles_of
from app.people.models import Person

Pair = tuple[int, int]  # programme, person


def colleagues(person: Person) -> Sequence[Role]:
    """All who manage something in the person's own programmes, one role each. A deputy names no further deputy."""
    programmes = {role.programme_id for role in own_roles_of(person)}
    query = select(Role).where(Role.programme_id.in_(programmes)).order_by(Role.id)
    roles = db.session.scalars(query.options(joinedload(Role.person), joinedload(Role.programme)))
    return list({(role.programme_id, role.person_id): role for role in roles}.values())


def in_their_hands(person: Person) -> set[Pair]:
    """For whom the person may say who stands in: for themselves; a programme's manager for everybody in it."""
    own = own_roles_of(person)
    whole = {role.programme_id for role in own if role.network_id is None}
    others = {(role.programme_id, role.person_id) for role in colleagues(person) if role.programme_id in whole}
    return others | {(role.programme_id, person.id) for role in own}


def coming(person: Person, day: date) -> list[Deputy]:
    """The deputies the person set, may set, or is."""
    mine = in_their_hands(person)
    rows = deputies_of({role.programme_id for role in own_roles_of(person)}, day)
    return [row for row in rows if (row.programme_id, row.manager_id) in mine or row.deputy_id == person.id]


def withdrawable(person: Person, number: int) -> Deputy | None:
    row = db.session.get(Deputy, number)
    return row if row is not None and (row.programme_id, row.manager_id) in in_their_hands(person) else None
