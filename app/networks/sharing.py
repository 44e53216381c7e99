"""People are shared by programmes: who is known where, and whose name and address a manager may write.

A person is known in a programme by a place or a role there, now or before, or by a mail about one of its networks.
"""

from collections.abc import Iterable, Sequence
from itertools import islice

from sqlalchemy import Row, or_, select, union_all

from app.extensions import db
from app.mail.models import Message
from app.networks.models import Contact, Membership, Network, Programme, Role
from app.networks.queries import own_roles_of, roles_of
from app.people.models import Person

MANY = 500  # values in one IN (...)


def _traces(ids: Sequence[int]) -> Sequence[Row[int, int]]:
    """(person, programme) for each of these people and each programme that knows them."""
    places = select(Contact.person_id, Network.programme_id).join(Membership, Membership.id == Contact.membership_id)
    places = places.join(Network, Network.id == Membership.network_id)
    mails = select(Message.person_id, Network.programme_id).join(Network, Network.id == Message.network_id)
    found = union_all(
        places.where(Contact.person_id.in_(ids)),
        select(Role.person_id, Role.programme_id).where(Role.person_id.in_(ids)),
        mails.where(Message.person_id.in_(ids)).distinct(),
    )
    return db.session.execute(found).all()


def programmes_of(person: Person) -> set[int]:
    """Every programme (ids) that knows the person."""
    return {programme for _person, programme in _traces([person.id])}


def shared(people: Iterable[int], programme: Programme) -> set[int]:
    """Those among these people (ids) whom another programme knows too, and site admins: not this programme's alone."""
    left, found = iter(people), set()
    while part := list(islice(left, MANY)):
        found |= {person for person, other in _traces(part) if other != programme.id}
        found |= set(db.session.scalars(select(Person.id).where(Person.id.in_(part), Person.site_admin)))
    return found


def known(people: Iterable[int], programme: Programme) -> set[int]:
    """Those among these people (ids) whom this programme knows."""
    left, found = iter(people), set()
    while part := list(islice(left, MANY)):
        found |= {person for person, other in _traces(part) if other == programme.id}
    return found


def known_here(programme: Programme, email: str, within: Membership | None = None) -> Person | None:
    """Whom the programme knows by this address; with `within`, whom the people of that membership do.

    Others see what they typed, until the owner of the address says "that is me".
    """
    people = db.session.scalars(select(Person).where(Person.email == email).order_by(Person.as_typed)).all()
    ids = [person.id for person in people]
    knowing = known(ids, programme)
    if within is not None:
        seen = or_(Membership.network_id == within.network_id, Membership.organisation_id == within.organisation_id)
        query = select(Contact.person_id).join(Membership).where(Contact.person_id.in_(ids), seen)
        knowing &= set(db.session.scalars(query))
    return next((person for person in people if person.id in knowing), None)


def may_write(manager: Person, person: Person, programme: Programme) -> bool:
    """Whether `manager` may write name and address of `person`: of this programme alone, without a role above."""
    if manager.id == person.id or shared([person.id], programme):
        return False
    held = {(role.programme_id, role.network_id) for role in roles_of(manager)}
    return all(
        {(role.programme_id, None), (role.programme_id, role.network_id)} & held for role in own_roles_of(person)
    )
