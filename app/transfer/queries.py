"""Reads for imports: what a programme holds already, and the imports themselves."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.networks.models import Contact, Membership, Network, Organisation, Programme
from app.people.models import Person
from app.transfer.models import Import
from app.transfer.reading.desk import Known, KnownPerson

MANY = 500  # values in one IN (...)


def known(programme: Programme) -> Known:
    """What a reading has to know of the programme: three queries."""
    names = select(Organisation.name).where(Organisation.programme_id == programme.id).order_by(Organisation.name)
    networks = select(Network.name).where(Network.programme_id == programme.id).order_by(Network.name)
    people = (
        select(Person.email, Person.first_name, Person.last_name, Organisation.name)
        .join(Contact, Contact.person_id == Person.id)
        .join(Membership)
        .join(Organisation)
        .where(Organisation.programme_id == programme.id, Person.email.is_not(None))
    )
    return Known(
        organisations=tuple(db.session.scalars(names)),
        networks=tuple(db.session.scalars(networks)),
        people={email or "": KnownPerson(*rest) for email, *rest in db.session.execute(people)},
    )


def people_with(addresses: Iterable[str]) -> dict[str, Person]:
    """Everybody who has one of these addresses, in whatever programme."""
    wanted = sorted(addresses)
    found: dict[str, Person] = {}
    for n in range(0, len(wanted), MANY):
        query = select(Person).where(Person.email.in_(wanted[n : n + MANY]))
        found |= {person.email: person for person in db.session.scalars(query) if person.email}
    return found


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
