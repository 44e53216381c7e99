"""Turns a person spoke for and years they published, and how their name goes from them."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update

from app.extensions import db
from app.meetings.models import Duty, DutyTick, Meeting, PublishedVersion, TurnWish
from app.people.models import Person


def personal_data(person: Person) -> list[dict[str, Any]]:
    by = or_(Duty.confirmed_by_id == person.id, Duty.handed_back_by_id == person.id)
    turns = db.session.scalars(select(Duty).join(Meeting).where(by).order_by(Meeting.starts_at))
    years = db.session.scalars(select(PublishedVersion).where(PublishedVersion.by_id == person.id))
    spoken = [
        {"day": duty.meeting.day.isoformat(), "turn": duty.kind, "organisation": duty.organisation.name}
        for duty in turns
    ]
    return spoken + [{"published": row.at.isoformat(), "version": row.number} for row in years]


def forget(person: Person, now: datetime) -> None:
    """Turns and versions stay, the organisation's; who spoke for it is not known any more."""
    back = update(Duty).where(Duty.handed_back_by_id == person.id)
    db.session.execute(back.values(handed_back_by_id=None, handed_back_reason=""))
    db.session.execute(update(DutyTick).where(DutyTick.by_id == person.id).values(by_id=None))
    db.session.execute(update(Duty).where(Duty.confirmed_by_id == person.id).values(confirmed_by_id=None))
    db.session.execute(update(TurnWish).where(TurnWish.asked_by_id == person.id).values(asked_by_id=None))
    db.session.execute(update(PublishedVersion).where(PublishedVersion.by_id == person.id).values(by_id=None))
