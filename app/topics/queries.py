"""Reads about topics: which are open and how much they matter, who is told, and where one can be chosen."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Meeting
from app.meetings.queries import meetings_of
from app.networks.models import Contact, Membership, Network, Programme
from app.networks.queries import memberships_of
from app.people.models import Person
from app.text import by_name
from app.topics.models import ASKING, Reply, Topic, TopicWish

MOST = 40  # topics of one list; the page leads to the others


@dataclass(frozen=True)
class Wished:
    """An open topic, to how many of those who take part it matters, and how many answers there are."""

    topic: Topic
    people: int
    replies: int = 0


def open_topics(network_ids: Collection[int], day: date) -> dict[int, list[Wished]]:
    """{network: its open topics, most wished first, then oldest}; a wish counts while its person takes part."""
    found: dict[int, list[Wished]] = defaultdict(list)
    for each in _wished(_listed(day).where(Topic.network_id.in_(network_ids), Topic.closed_at.is_(None))):
        if each.topic.is_open:
            found[each.topic.network_id].append(each)
    return {number: sorted(found[number], key=_weight) for number in network_ids}


def open_elsewhere(network: Network, day: date) -> list[Wished]:
    """What other networks of the programme ask or offer all its networks, newest first; nothing if it may not."""
    if not network.programme.shares_topics:
        return []
    there = select(Network.id).where(Network.programme_id == network.programme_id, Network.id != network.id)
    query = _listed(day).where(Topic.network_id.in_(there), Topic.reach == "programme", Topic.closed_at.is_(None))
    found = [each for each in _wished(query.options(joinedload(Topic.network))) if each.topic.is_open]
    return sorted(found, key=lambda each: (each.topic.created_at, each.topic.id), reverse=True)


def public_topics(programme: Programme) -> list[Topic]:
    """Offers and questions their authors show to strangers too, of networks that have a public page; newest first."""
    query = (
        select(Topic)
        .join(Network, Network.id == Topic.network_id)
        .where(Network.programme_id == programme.id, Network.public, Network.state != "ended")
        .where(Topic.public, Topic.reach == "programme", Topic.kind.in_((*ASKING, "offer")))
        .options(joinedload(Topic.network), joinedload(Topic.meeting))
    )
    found = db.session.scalars(query.order_by(Topic.created_at.desc(), Topic.id.desc()))
    return [topic for topic in found if topic.is_open] if programme.shares_topics else []


def answered(network: Network, day: date) -> list[Wished]:
    """What was closed, newest first."""
    query = _listed(day).where(Topic.network_id == network.id, Topic.closed_at.is_not(None))
    return _wished(query.order_by(Topic.closed_at.desc(), Topic.id))


def _listed(day: date) -> Select[Topic, int, int]:
    """Topics anybody of the network may see, with what counts for them."""
    replies = select(func.count(Reply.id)).where(Reply.topic_id == Topic.id, Reply.hidden_at.is_(None))
    query = select(Topic, _people(day), replies.correlate(Topic).scalar_subquery()).outerjoin(Topic.meeting)
    who = (joinedload(Topic.person), joinedload(Topic.organisation), joinedload(Topic.brings))
    return query.where(Topic.withdrawn_at.is_(None), Topic.hidden_at.is_(None)).options(
        contains_eager(Topic.meeting), *who
    )


def _wished(query: Select[Topic, int, int]) -> list[Wished]:
    return [Wished(topic, people, replies) for topic, people, replies in db.session.execute(query)]


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


def people_to(topic: Topic, day: date) -> int:
    """To how many of those who take part the topic matters."""
    return db.session.scalar(select(_people(day)).select_from(Topic).where(Topic.id == topic.id)) or 0


def open_titled(network: Network, title: str) -> Topic | None:
    """The open topic of this title, whatever its capitals and spaces."""
    same = select(Topic).where(Topic.network_id == network.id, Topic.closed_at.is_(None)).order_by(Topic.id)
    return next((each for each in db.session.scalars(same) if each.is_open and _bare(each.title) == _bare(title)), None)


def _bare(title: str) -> str:
    return "".join(title.split()).casefold()


def topic_of(meeting: Meeting) -> Topic | None:
    """The topic of the list that a meeting keeps, unless its author withdrew it or a manager hid it."""
    found = db.session.scalars(select(Topic).where(Topic.meeting_id == meeting.id)).first()
    return found if found and found.state in ("chosen", "closed") else None


def shared_with(network: Network, number: int) -> Topic | None:
    """A topic that another network of the programme asks or offers all its networks, while the programme allows it."""
    topic = db.session.get(Topic, number)
    if topic is None or topic.network_id == network.id or topic.reach != "programme" or topic.state == "hidden":
        return None
    programme = network.programme
    return topic if programme.shares_topics and topic.network.programme_id == programme.id else None


def reply_numbered(number: int) -> Reply | None:
    return db.session.get(Reply, number)


def by_organisation(row: Reply) -> tuple[str, str]:
    """By name, as people look for it: a comparison ranks nobody."""
    return by_name(row.organisation.name if row.organisation else "")


def replies_to(topic: Topic) -> list[Reply]:
    """All answers, oldest first, with who wrote them."""
    query = select(Reply).where(Reply.topic_id == topic.id).order_by(Reply.created_at, Reply.id)
    return list(db.session.scalars(query.options(joinedload(Reply.person), joinedload(Reply.organisation))))


def choice_of(topic: Topic, organisation_id: int | None) -> Reply | None:
    """What an organisation chose in a comparison."""
    query = select(Reply).where(Reply.topic_id == topic.id, Reply.organisation_id == organisation_id)
    return db.session.scalars(query.where(Reply.choice.is_not(None))).first()


def told_of(topic: Topic, day: date) -> dict[Person, int]:
    """{who hears of a question by mail: the network through which}: who takes part, but for who asked by name, and for
    who chose so also in the other networks of the programme."""
    own = Membership.network_id == topic.network_id
    if topic.reach == "programme" and topic.network.programme.shares_topics:
        there = select(Network.id).where(Network.programme_id == topic.network.programme_id)
        own = or_(own, and_(Membership.network_id.in_(there), Person.programme_questions))
    query = (
        select(Person, Membership.network_id)
        .join(Contact, Contact.person_id == Person.id)
        .join(Membership, Membership.id == Contact.membership_id)
        .where(own, Membership.joined <= day, or_(Membership.left.is_(None), Membership.left >= day))
        .where(Person.email.is_not(None), Person.address_failed_at.is_(None))
        .where(Person.wants_mail, Person.questions != "never")
        .order_by(Membership.network_id != topic.network_id, Membership.network_id, Person.id)
    )
    found: dict[Person, int] = {}
    for person, network_id in db.session.execute(query):
        if topic.unnamed or person.id != topic.person_id:
            found.setdefault(person, network_id)
    return found


def mails_about(topic: Topic, kind: str) -> list[Message]:
    """Mails of a kind about a topic, the newest last."""
    query = select(Message).where(Message.kind == kind, Message.key.like(f"{kind}-{topic.id}-%")).order_by(Message.id)
    return list(db.session.scalars(query))


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
    """All topics of these networks with their wishes and answers, oldest first; not what was withdrawn."""
    query = select(Topic).where(Topic.network_id.in_(network_ids), Topic.withdrawn_at.is_(None))
    query = query.options(selectinload(Topic.wishes), selectinload(Topic.replies).joinedload(Reply.organisation))
    return list(db.session.scalars(query.order_by(Topic.created_at, Topic.id)))
