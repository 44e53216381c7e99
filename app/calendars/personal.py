"""A person's feed links, and how they end."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete

from app.calendars.links import all_current
from app.calendars.models import FeedLink
from app.extensions import db
from app.people.models import Person


def personal_data(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "calendar": link.network.name if link.network else link.scope,
            "made": link.made_at.isoformat(),
            "last_fetched": link.fetched_at.isoformat() if link.fetched_at else None,
        }
        for link in all_current(person)
    ]


def forget(person: Person, now: datetime) -> None:
    """Every link of the person stops working at once."""
    db.session.execute(delete(FeedLink).where(FeedLink.person_id == person.id))
