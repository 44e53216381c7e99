"""Proposing a topic, saying that it matters, and choosing one for a meeting."""

from datetime import datetime

from flask_babel import gettext as _

from app.audit import record
from app.errors import Refused
from app.extensions import db
from app.meetings.actions import set_content
from app.meetings.models import Meeting
from app.networks.models import Network
from app.people.models import Person
from app.topics import queries
from app.topics.models import Topic, TopicWish

OPEN = "open"  # in place of a topic: an open agenda


def propose(network: Network, title: str, person: Person, now: datetime) -> tuple[Topic, bool]:
    """The topic of this title (one line) and whether it is new: the same open title again is no second one."""
    found = queries.open_titled(network, title)
    if found is not None:
        return found, False
    topic = Topic(network=network, title=title, person_id=person.id, created_at=now)
    db.session.add(topic)
    db.session.flush()
    record("topic-proposed", topic, now, network_id=network.id)
    return topic, True


def wish(topic: Topic, person: Person, now: datetime) -> None:
    """It matters to the person; a second press changes nothing."""
    if queries.wish_of(topic, person) is None:
        db.session.add(TopicWish(topic_id=topic.id, person_id=person.id))
        record("topic-wished", topic, now, network_id=topic.network_id)


def unwish(topic: Topic, person: Person, now: datetime) -> None:
    """Take back that a topic matters to somebody; nothing changes when it did not."""
    row = queries.wish_of(topic, person)
    if row is not None:
        db.session.delete(row)
        record("topic-not-wished", topic, now, network_id=topic.network_id)


def remove(topic: Topic, now: datetime) -> None:
    """An open topic goes from the list, and with it to whom it matters."""
    record("topic-removed", topic, now, network_id=topic.network_id)
    db.session.delete(topic)


def take(topic: Topic, meeting: Meeting, now: datetime) -> None:
    """An open topic becomes that of a meeting ahead that has none. Raises Refused when somebody was ahead."""
    if not meeting.ahead(now) or meeting.has_topic or not topic.is_open:
        raise Refused(_("This topic cannot be chosen for this meeting any more. Look at the list again."))
    set_content(meeting, topic=topic.title, now=now)
    topic.meeting = meeting
    record("topic-chosen", topic, now, network_id=topic.network_id, meeting=meeting.id)


def choose(meeting: Meeting, choice: str, now: datetime) -> None:
    """For a meeting without a topic: OPEN, or the number of an open topic; what is open no more is left alone."""
    if choice == OPEN:
        set_content(meeting, topic="", open_agenda=True, now=now)
    elif (topic := _topic(meeting, choice)) is not None:
        take(topic, meeting, now)


def _topic(meeting: Meeting, choice: str) -> Topic | None:
    topic = db.session.get(Topic, int(choice)) if choice.isdecimal() and len(choice) < 10 else None
    return topic if topic and topic.network_id == meeting.network_id and topic.is_open else None
