"""Topics a person put, what they answered, and what matters to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from app.extensions import db
from app.people.models import Person
from app.topics.models import Reply, Topic, TopicWish


def personal_data(person: Person) -> list[dict[str, Any]]:
    """For the person alone: also what they asked without a name."""
    proposed = db.session.scalars(select(Topic).where(Topic.person_id == person.id).order_by(Topic.id))
    wished = select(Topic).join(TopicWish, TopicWish.topic_id == Topic.id).where(TopicWish.person_id == person.id)
    replies = db.session.scalars(select(Reply).where(Reply.person_id == person.id).order_by(Reply.id))
    return [
        *[
            {"network": each.network.name, "kind": each.kind, "proposed": each.title, "why": each.why}
            for each in proposed
        ],
        *[{"network": topic.network.name, "matters": topic.title} for topic in db.session.scalars(wished)],
        *[
            {"network": row.topic.network.name, "about": row.topic.title, "choice": row.choice, "answer": row.text}
            for row in replies
        ],
    ]


def forget(person: Person, now: datetime) -> None:
    """Topics and answers belong to the network and stay, nobody's; that something matters to the person goes."""
    db.session.execute(delete(TopicWish).where(TopicWish.person_id == person.id))
    for model in (Topic, Reply):
        db.session.execute(update(model).where(model.person_id == person.id).values(person_id=None))
