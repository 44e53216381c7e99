"""Reads for imports: what a programme holds already, and the imports themselves."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import selectinload

from app.availability.models import Absence
from app.extensions import db
from app.importing.models import Import
from app.importing.tables.desk import Known, KnownPerson
from app.networks.models import Contact, Membership, Network, Organisation, Programme
from app.networks.sharing import known
from app.people.models import Person
from app.text import by_name

MANY = 500  # values in one IN (...)


def what_is_known(programme: Programme) -> Known:
    """What a reading has to know of the programme: three queries."""
    names = select(Organisation.name).where(Organisation.programme_id == programme.id)
    networks = select(Network.name).where(Network.programme_id == programme.id)
    people = (
        select(Person.email, Person.first_name, Person.last_name, Organisation.name)
        .join(Contact, Contact.person_id == Person.id)
        .join(Membership)
        .join(Organisation)
        .where(Organisation.programme_id == programme.id, Person.email.is_not(None))
    )
    return Known(
        organisations=tuple(sorted(db.session.scalars(names), key=by_name)),
        networks=tuple(sorted(db.session.scalars(networks), key=by_name)),
        people={email or "": KnownPerson(*rest) for email, *rest in db.session.execute(people)},
    )


def people_with(addresses: Iterable[str], programme: Programme) -> tuple[dict[str, int], set[str]]:
    """The ids of those with one of these addresses whom the programme knows, and the addresses of people of others."""
    rows: list[Row[str | None, int, bool]] = []
    for part in _parts(addresses):
        query = select(Person.email, Person.id, Person.as_typed).where(Person.email.in_(part))
        rows += db.session.execute(query.order_by(Person.as_typed.desc())).all()
    here = known([number for _email, number, _as_typed in rows], programme)
    found = {email or "": number for email, number, _as_typed in rows if number in here}
    return found, {email or "" for email, _number, as_typed in rows if not as_typed} - found.keys()


def people_numbered(ids: Iterable[int]) -> list[Person]:
    return [row for part in _parts(ids) for row in db.session.scalars(select(Person).where(Person.id.in_(part)))]


def networks_numbered(ids: Iterable[int]) -> list[Network]:
    return [row for part in _parts(ids) for row in db.session.scalars(select(Network).where(Network.id.in_(part)))]


def _parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    left = sorted(values)
    return (left[n : n + MANY] for n in range(0, len(left), MANY))


def networks_of(programme: Programme) -> list[tuple[int, str]]:
    query = select(Network.id, Network.name).where(Network.programme_id == programme.id)
    return [(number, name) for number, name in db.session.execute(query)]


def memberships_of(programme: Programme) -> Sequence[Row[int, int, int]]:
    """(membership, network, organisation) ids."""
    query = select(Membership.id, Membership.network_id, Membership.organisation_id).join(Network)
    return db.session.execute(query.where(Network.programme_id == programme.id)).all()


def contacts_of(programme: Programme) -> Sequence[Row[int, int, int, str, str]]:
    """(membership, organisation, person) ids with first and last name, in order."""
    query = (
        select(Contact.membership_id, Membership.organisation_id, Person.id, Person.first_name, Person.last_name)
        .join(Membership, Contact.membership_id == Membership.id)
        .join(Person, Contact.person_id == Person.id)
        .join(Network, Membership.network_id == Network.id)
        .where(Network.programme_id == programme.id)
        .order_by(Contact.membership_id, Contact.position, Contact.id)
    )
    return db.session.execute(query).all()


def absences_of(programme: Programme) -> set[tuple[Any, ...]]:
    """(organisation, first, last, weekday, only)."""
    query = (
        select(Absence.organisation_id, Absence.first, Absence.last, Absence.weekday, Absence.only)
        .join(Organisation)
        .where(Organisation.programme_id == programme.id)
    )
    return {tuple(row) for row in db.session.execute(query)}


def organisations_of(programme: Programme) -> list[Organisation]:
    query = select(Organisation).where(Organisation.programme_id == programme.id)
    return list(db.session.scalars(query.options(selectinload(Organisation.rooms)).order_by(Organisation.id)))


def import_in(programme: Programme, number: int, *, to_change: bool = False) -> Import | None:
    """The programme's import of this number; `to_change` keeps a second press waiting until the first is through."""
    query = select(Import).where(Import.id == number, Import.programme_id == programme.id)
    return db.session.scalars(query.with_for_update() if to_change else query).first()


def imports_of(programme: Programme) -> list[Import]:
    """Newest first, without the content of their files."""
    query = select(Import).where(Import.programme_id == programme.id)
    return list(db.session.scalars(query.order_by(Import.id.desc()).limit(20)))


def earlier_answers(programme: Programme) -> dict[str, Any]:
    """What was answered in this programme before: the same question is not put twice."""
    query = select(Import.answers).where(Import.programme_id == programme.id, Import.state == "done")
    return {
        question: value for each in db.session.scalars(query.order_by(Import.id)) for question, value in each.items()
    }
