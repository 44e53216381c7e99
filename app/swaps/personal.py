"""Swaps a person asked for or answered, and how their name goes from them."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.extensions import db
from app.people.models import Person
from app.swaps.models import Swap, SwapOffer


def personal_data(person: Person) -> list[dict[str, Any]]:
    asked = db.session.scalars(select(Swap).where(Swap.asked_by_id == person.id).order_by(Swap.id))
    answered = db.session.scalars(select(SwapOffer).where(SwapOffer.answered_by_id == person.id).order_by(SwapOffer.id))
    return [
        *[{"asked": row.asked_at.isoformat(), "words": row.words, "outcome": row.outcome} for row in asked],
        *[{"answered": row.answered_at.isoformat() if row.answered_at else None} for row in answered],
    ]


def forget(person: Person, now: datetime) -> None:
    """Swaps stay, the organisations'; the person's name and words go."""
    db.session.execute(update(Swap).where(Swap.asked_by_id == person.id).values(asked_by_id=None, words=""))
    answered = update(SwapOffer).where(SwapOffer.answered_by_id == person.id)
    db.session.execute(answered.values(answered_by_id=None))
