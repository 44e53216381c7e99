"""Where a person takes part and what they manage, and how that ends."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.networks.actions import remove_contact, withdraw
from app.networks.models import Contact
from app.networks.queries import own_roles_of
from app.people.models import Person


def contacts_of(person: Person) -> list[Contact]:
    return list(db.session.scalars(select(Contact).where(Contact.person_id == person.id).order_by(Contact.id)))


def personal_data(person: Person) -> list[dict[str, Any]]:
    """Networks and organisations, and roles."""
    places = [
        {
            "network": contact.membership.network.name,
            "organisation": contact.membership.organisation.name,
            "from": contact.membership.joined.isoformat(),
            "until": contact.membership.left.isoformat() if contact.membership.left else None,
        }
        for contact in contacts_of(person)
    ]
    roles = [
        {"manages": role.network.name if role.network else role.programme.name, "role": role.role}
        for role in own_roles_of(person)
    ]
    return places + roles


def forget(person: Person, now: datetime) -> None:
    """No place and no role any more. Raises Refused for the last manager of a programme."""
    for role in own_roles_of(person):
        withdraw(role, now)
    for contact in contacts_of(person):
        remove_contact(contact, now)
    db.session.flush()
