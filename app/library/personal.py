"""Addresses a person put into a library."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.extensions import db
from app.library.models import Link
from app.people.models import Person


def personal_data(person: Person) -> list[dict[str, Any]]:
    query = select(Link).where(Link.person_id == person.id, Link.kept).order_by(Link.id)
    return [{"network": link.network.name, "link": link.url, "title": link.title} for link in db.session.scalars(query)]


def forget(person: Person, now: datetime) -> None:
    """Links belong to the network and stay, nobody's."""
    db.session.execute(update(Link).where(Link.person_id == person.id).values(person_id=None))
