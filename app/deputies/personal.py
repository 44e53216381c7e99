"""What is kept about whom somebody stands in for, and how it goes when the person does."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select

from app.extensions import db
from app.networks.models import Deputy
from app.people.models import Person


def personal_data(person: Person) -> list[dict[str, Any]]:
    """The days somebody stood in for the person, and the other way round."""
    query = select(Deputy).where(or_(Deputy.manager_id == person.id, Deputy.deputy_id == person.id))
    return [
        {"from": row.first.isoformat(), "until": row.last.isoformat(), "stands_in": row.deputy_id == person.id}
        for row in db.session.scalars(query.order_by(Deputy.id))
    ]


def forget(person: Person, now: datetime) -> None:
    db.session.execute(delete(Deputy).where(or_(Deputy.manager_id == person.id, Deputy.deputy_id == person.id)))
