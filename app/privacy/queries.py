"""What is known of a person, from all areas; and whose time is coming."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import exists, or_, select

from app.attendance import personal as attendance
from app.audit import Audit
from app.calendars import personal as calendars
from app.closing import personal as closing
from app.deputies import personal as deputies
from app.extensions import db
from app.guests import personal as guests
from app.importing import personal as importing
from app.joining import personal as joining
from app.library import personal as library
from app.mail import personal as mail
from app.meetings import personal as meetings
from app.networks import personal as networks
from app.networks.models import Contact, Membership, Network, Programme, Role
from app.networks.queries import last_of_programme, left_alone, own_roles_of
from app.networks.sharing import programmes_of
from app.people import personal as people
from app.people.models import Person
from app.privacy.models import Erasure
from app.pulse import personal as pulse
from app.results import personal as results
from app.rounds import personal as rounds
from app.swaps import personal as swaps
from app.topics import personal as topics

# Each offers personal_data(person) and forget(person, now); `people` empties the row itself and goes last.
AREAS = {
    "deputies": deputies,
    "turns": meetings,
    "swaps": swaps,
    "stays": closing,
    "dates": rounds,
    "attendance": attendance,
    "requests": joining,
    "guest": guests,
    "topics": topics,
    "library": library,
    "pulse": pulse,
    "results": results,
    "calendars": calendars,
    "networks": networks,
    "person": people,
}


def data_of(person: Person) -> dict[str, Any]:
    """Everything that is known of a person, by area, for them to take along."""
    log = db.session.scalars(select(Audit).where(Audit.person_id == person.id).order_by(Audit.id))
    return {
        **{name: area.personal_data(person) for name, area in AREAS.items()},
        "imports": importing.personal_data(person),
        "mails": mail.personal_data(person.id),
        "log": [{"at": row.at.isoformat(), "what": f"{row.verb} {row.object}"} for row in log],
    }


def programmes_that_knew(person: Person) -> set[int]:
    """Where the person has or had a place or role, or waits for erasure."""
    waits = select(Erasure.programme_id).where(Erasure.person_id == person.id, Erasure.programme_id.is_not(None))
    return programmes_of(person) | {number or 0 for number in db.session.scalars(waits)}


def networks_in(programmes: Collection[int]) -> set[int]:
    return set(db.session.scalars(select(Network.id).where(Network.programme_id.in_(programmes))))


def erasures_of(programme: Programme) -> list[Erasure]:
    query = select(Erasure).where(Erasure.programme_id == programme.id)
    return list(db.session.scalars(query.order_by(Erasure.day, Erasure.id)))


def erasure_of(person: Person) -> Erasure | None:
    return db.session.scalars(select(Erasure).where(Erasure.person_id == person.id)).first()


def managed_alone(person: Person) -> list[tuple[Role, str]]:
    """What nobody else manages, by programme: a role of the person in it, and the names. It is handed over first."""
    found = []
    for programme in {role.programme_id for role in own_roles_of(person)}:
        roles = [role for role in own_roles_of(person) if role.programme_id == programme]
        whole = [role.programme.name for role in roles if role.network_id is None and last_of_programme(role)]
        names = whole or [network.name for network in left_alone(roles)]
        found += [(roles[0], ", ".join(names))] if names else []
    return found


def without_place(today: date) -> list[Person]:
    """People with a name or address who take part in nothing and manage nothing, today or later."""
    sits = exists().where(Contact.person_id == Person.id, Contact.membership_id == Membership.id)
    sits = sits.where(or_(Membership.left.is_(None), Membership.left >= today))
    manages = exists().where(Role.person_id == Person.id)
    known = or_(Person.email.is_not(None), Person.last_name != "", Person.first_name != "")
    query = select(Person).where(known, ~Person.site_admin, ~sits, ~manages)
    return list(db.session.scalars(query.order_by(Person.id)))


def last_place(person: Person) -> Membership | None:
    """Where somebody who has left sat last."""
    query = select(Membership).join(Contact).where(Contact.person_id == person.id)
    return db.session.scalars(query.order_by(Membership.left.desc())).first()
