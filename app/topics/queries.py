"""Reads about topics: which are open and how much they matter, and for which meetings one can be chosen."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ScalarSelect, exists, func, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from app.extensions import db
from app.meetings.models import Meeting
from app.meetings.queries import meetings_of
from app.networks.models import Contact, Membership, Network
from app.networks.queries import memberships_of
from app.people.models import Person
from app.topics.models import Topic, TopicWish


@dataclass(frozen=True)
class Wished:
    """An open topic, and to how many of those who take part it matters."""

    topic: Topic
    people: int


def open_topics(network_ids: Collection[int], day: date) -> dict[int, list[Wished]]:
    """{network: its open topics, most wished first, then oldest}; a wish counts while its person takes part."""
    query = select(Topic, _people(day)).outerjoin(Topic.meeting).options(contains_eager(Topic.meeting))
    found: dict[int, list[Wished]] = defaultdict(list)
    for topic, people in db.session.execute(query.where(Topic.network_id.in_(network_ids))):
        if topic.is_open:
            found[topic.network_id].append(Wished(topic, people))
    return {number: sorted(found[number], key=_weight) for number in network_ids}


def _weight(each: Wished) -> tuple[int, datetime, int]:
    return -each.people, each.topic.created_at, each.topic.id


def _people(day: date) -> ScalarSelect[int]:
    takes_part = (
        exists()
        .where(Contact.person_id == TopicWish.person_id, Contact.membership_id == Membership.id)
        .where(Membership.network_id == Topic.network_id, Membership.joined <= day)
        .where(or_(Membership.left.is_(None), Membership.left >= day))
        .correlate(Topic, TopicWish)
    )
    count = select(func.count(TopicWish.id)).where(TopicWish.topic_id == Topic.id, takes_part)
    return count.correlate(Topic).scalar_subquery()


def open_titled(network: Network, title: str) -> Topic | None:
    """The open topic of this title, whatever its capitals and spaces."""
    same = select(Topic).where(Topic.network_id == network.id).order_by(Topic.id)
    return next((each for each in db.session.scalars(same) if each.is_open and _bare(each.title) == _bare(title)), None)


def _bare(title: str) -> str:
    return "".join(title.split()).casefold()


def wish_of(topic: Topic, person: Person) -> TopicWish | None:
    query = select(TopicWish).where(TopicWish.topic_id == topic.id, TopicWish.person_id == person.id)
    return db.session.scalars(query).first()


def mattering_to(person: Person, network: Network) -> set[int]:
    """Topics of a network that matter to the person."""
    query = select(TopicWish.topic_id).join(Topic).where(Topic.network_id == network.id)
    return set(db.session.scalars(query.where(TopicWish.person_id == person.id)))


def meetings_with_topic(network: Network) -> list[Meeting]:
    """What was talked about, and what is settled; newest first."""
    query = select(Meeting).where(Meeting.network_id == network.id, Meeting.topic != "", Meeting.status == "confirmed")
    return list(db.session.scalars(query.order_by(Meeting.starts_at.desc())))


def to_choose_for(person: Person, network: Network, now: datetime, *, manages: bool) -> list[Meeting]:
    """Meetings ahead whose topic the person may choose: those their organisation prepares, a manager's all."""
    mine = [each for each in memberships_of(person, now.date()) if each.network_id == network.id]
    ahead = [meeting for meeting in meetings_of([network.id], now) if meeting.ahead(now)]
    return [meeting for meeting in ahead if manages or any(_prepares(each, meeting) for each in mine)]


def _prepares(membership: Membership, meeting: Meeting) -> bool:
    return membership.on(meeting.day) and membership.organisation in meeting.preparers


def topics_of(network_ids: Collection[int]) -> list[Topic]:
    """All topics of these networks with their wishes, oldest first."""
    query = select(Topic).where(Topic.network_id.in_(network_ids)).options(selectinload(Topic.wishes))
    return list(db.session.scalars(query.order_by(Topic.created_at, Topic.id)))
