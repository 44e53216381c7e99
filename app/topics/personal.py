"""Topics a person proposed or that matter to them, and how it goes."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from app.extensions import db
from app.people.models import Person
from app.topics.models import Topic, TopicWish


def personal_data(person: Person) -> list[dict[str, Any]]:
    proposed = db.session.scalars(select(Topic).where(Topic.person_id == person.id).order_by(Topic.id))
    wished = select(Topic).join(TopicWish, TopicWish.topic_id == Topic.id).where(TopicWish.person_id == person.id)
    return [
        *[{"network": topic.network.name, "proposed": topic.title} for topic in proposed],
        *[{"network": topic.network.name, "matters": topic.title} for topic in db.session.scalars(wished)],
    ]


def forget(person: Person, now: datetime) -> None:
    """Topics belong to the network and stay, nobody's; that they matter to the person goes."""
    db.session.execute(delete(TopicWish).where(TopicWish.person_id == person.id))
    db.session.execute(update(Topic).where(Topic.person_id == person.id).values(person_id=None))
