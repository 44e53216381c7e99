"""Asking, answering and closing a topic; saying that it matters; choosing one for a meeting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from app.audit import record
from app.availability.queries import closed_days
from app.errors import Refused
from app.extensions import db, hold
from app.mail import actions as mail
from app.meetings.actions import set_content
from app.meetings.models import Meeting
from app.networks.models import Network
from app.people.models import Person
from app.topics import queries
from app.topics.models import ANSWER_WITHIN, MAY_EDIT, Reply, Topic, TopicWish
from scheduling.reminding.ladder import SEND_AT, Calendar

OPEN = "open"  # in place of a topic: an open agenda
ALONE_AFTER, EACH_DAY = timedelta(weeks=12), timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """A topic as somebody puts it. `choices`: what each organisation chooses from, in a comparison; `brings`: the
    organisation that would prepare it; `organisation_id`: for which it is put."""

    title: str
    kind: str = "theme"
    why: str = ""
    reach: str = "network"
    public: bool = False  # strangers may read it too
    choices: tuple[str, ...] = ()
    unnamed: bool = False
    brings: bool = False
    organisation_id: int | None = None


def propose(network: Network, asked: Asked, person: Person, now: datetime) -> tuple[Topic, bool]:
    """The topic and whether it is new: the same title, while it is open, is no second one. A question goes round (Q1),
    and after fourteen days its author is asked whether it is answered (Q3).

    Nothing is noted of who asks without a name: neither in the log nor by a wish or a mail.
    """
    found = queries.open_titled(network, asked.title)
    if found is not None:
        return found, False
    named = not asked.unnamed
    topic = Topic(
        network=network,
        title=asked.title,
        kind=asked.kind,
        why=asked.why,
        reach=asked.reach if network.programme.shares_topics else "network",
        public=asked.public and asked.reach == "programme" and network.programme.shares_topics,
        choices=list(asked.choices),
        unnamed=asked.unnamed,
        organisation_id=asked.organisation_id if named else None,
        brings_id=asked.organisation_id if named and asked.brings else None,
        person_id=person.id,
        created_at=now,
    )
    db.session.add(topic)
    db.session.flush()
    _noted("topic-proposed", topic, now)
    if topic.asks:
        _send_round(topic, now)
    return topic, True


def _noted(verb: str, topic: Topic, now: datetime) -> None:
    """In the log, unless it would say who asks."""
    if not topic.unnamed:
        record(verb, topic, now, network_id=topic.network_id)


def _today(topic: Topic, now: datetime) -> date:
    return now.astimezone(topic.network.zone).date()


def _morning(network: Network, at: datetime) -> datetime:
    """Eight o'clock on the first working day from then on."""
    day = at.astimezone(network.zone).date()
    calendar = Calendar(closed_days(network, day, day + ANSWER_WITHIN).public)
    return datetime.combine(calendar.working_day(day, 1), SEND_AT, network.zone)


def _send_round(topic: Topic, now: datetime) -> None:
    """Q1 goes with each person's next mail, alone when none leaves in twelve weeks; at once to who chose so."""
    told = queries.told_of(topic, _today(topic, now))
    alone = _morning(topic.network, now + ALONE_AFTER)
    mail.add_all(
        [
            {
                "kind": "Q1",
                "key": f"Q1-{topic.id}-{person.id}",
                "due_at": now if person.questions == "once" else alone,
                "created_at": now,
                "person_id": person.id,
                "network_id": network_id,
                "meeting_id": None,
                "params": {"topic_id": topic.id},
            }
            for person, network_id in told.items()
        ]
    )
    if topic.told_to_author and topic.person_id:
        _to_author("Q3", "answered", topic, topic.person_id, _morning(topic.network, now + ANSWER_WITHIN), now)


def _to_author(
    kind: str, about: str, topic: Topic, author: int, due: datetime, now: datetime, **params: object
) -> None:
    mail.add(
        kind=kind,
        key=f"{kind}-{topic.id}-{about}",
        person_id=author,
        due_at=due,
        now=now,
        network_id=topic.network_id,
        params={"topic_id": topic.id, **params},
    )


def edit(topic: Topic, values: Mapping[str, str], now: datetime) -> None:
    """Title and why, by its author, within a day. Raises Refused later, and when another open topic has the title."""
    if now >= topic.created_at + MAY_EDIT:
        raise Refused(_("The day to change it is over. You can still withdraw it and ask again."))
    other = queries.open_titled(topic.network, values["title"])
    if other not in (None, topic):
        raise Refused(_("Another open topic is called that already."))
    topic.title, topic.why = values["title"], values["why"]
    _noted("topic-edited", topic, now)


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


def reply(
    topic: Topic,
    person: Person,
    organisation_id: int | None,
    now: datetime,
    *,
    text: str = "",
    choice: str | None = None,
) -> Reply:
    """Keep what somebody knows about it; in a comparison what their organisation chooses, the later choice instead of
    the earlier. Who asked hears of it (Q2) once a day at most.

    Raises Refused when it is closed, hidden or withdrawn.
    """
    hold(topic)
    if topic.state not in ("open", "chosen"):
        raise Refused(_("This is closed: nothing can be added any more."))
    row = queries.choice_of(topic, organisation_id) if choice else None
    row = row or Reply(topic=topic, organisation_id=organisation_id)
    row.person_id, row.text, row.choice, row.created_at = person.id, text, choice, now
    db.session.add(row)
    db.session.flush()
    _noted("topic-answered", topic, now)
    if topic.told_to_author and topic.person_id and topic.person_id != person.id:
        _tell_author(topic, topic.person_id, now)
    return row


def _tell_author(topic: Topic, author: int, now: datetime) -> None:
    """The answers from now on, in the mail that waits already, else in one that leaves a day after the last."""
    before = queries.mails_about(topic, "Q2")
    if any(message.state == "planned" for message in before):
        return
    last = max((message.sent_at or message.due_at for message in before), default=None)
    due = max(now, last + EACH_DAY) if last else now
    _to_author("Q2", str(len(before) + 1), topic, author, due, now, since=now.isoformat())


def edit_reply(row: Reply, text: str, now: datetime) -> None:
    """By who wrote it, within a day."""
    if now >= row.created_at + MAY_EDIT:
        raise Refused(_("The day to change it is over. You can still take it back and answer again."))
    row.text = text
    _noted("answer-edited", row.topic, now)


def withdraw_reply(row: Reply, now: datetime) -> None:
    """By who wrote it, at any time: it is gone."""
    _noted("answer-withdrawn", row.topic, now)
    db.session.delete(row)
    db.session.flush()


def close(topic: Topic, answer: str, now: datetime) -> None:
    """It is answered: with one line, or none. Raises Refused unless it is open or chosen."""
    hold(topic)
    if topic.state not in ("open", "chosen"):
        raise Refused(_("It is closed already."))
    topic.answer, topic.closed_at = answer, now
    _noted("topic-closed", topic, now)


def reopen(topic: Topic, now: datetime) -> None:
    """It is not answered after all. Raises Refused when it is not closed or another open one has its title."""
    hold(topic)
    if topic.state != "closed":
        raise Refused(_("It is open already."))
    if queries.open_titled(topic.network, topic.title):
        raise Refused(_("Another open topic is called that already."))
    topic.closed_at = None
    _noted("topic-reopened", topic, now)


def withdraw(topic: Topic, now: datetime) -> None:
    """Its author takes it back, at any time: with nobody's answers it is gone, else its words are; answers stay."""
    hold(topic)
    _noted("topic-removed", topic, now)
    topic.meeting_id = None
    if any(row.person_id != topic.person_id for row in queries.replies_to(topic)):
        topic.withdrawn_at = topic.withdrawn_at or now
        topic.title = topic.why = topic.answer = ""
        topic.organisation_id = topic.brings_id = None
    else:
        db.session.delete(topic)
    db.session.flush()


def hide(row: Topic | Reply, reason: str, now: datetime) -> None:
    """A manager takes it from everybody's sight, and says why; its author and managers still see it."""
    row.hidden_at, row.hidden_because = now, reason
    topic = row if isinstance(row, Topic) else row.topic
    if row is topic:
        record("topic-hidden", topic, now, network_id=topic.network_id)
    else:
        record("answer-hidden", topic, now, network_id=topic.network_id)


def show(row: Topic | Reply, now: datetime) -> None:
    """What was hidden can be seen again. Raises Refused when another open topic has its title by now."""
    topic = row if isinstance(row, Topic) else row.topic
    if row is topic and queries.open_titled(topic.network, topic.title) not in (None, topic):
        raise Refused(_("Another open topic is called that already."))
    row.hidden_at, row.hidden_because = None, ""
    if row is topic:
        record("topic-shown", topic, now, network_id=topic.network_id)
    else:
        record("answer-shown", topic, now, network_id=topic.network_id)


def take(topic: Topic, meeting: Meeting, now: datetime) -> None:
    """An open topic becomes that of a meeting ahead that has none; of two who choose at once one wins.

    Raises Refused when somebody was ahead.
    """
    hold(meeting)
    hold(topic)
    if not meeting.ahead(now) or meeting.has_topic or not topic.is_open:
        raise Refused(_("This topic cannot be chosen for this meeting any more. Look at the list again."))
    _free(meeting)
    set_content(meeting, topic=topic.title, now=now)
    topic.meeting = meeting
    db.session.flush()
    record("topic-chosen", topic, now, network_id=topic.network_id, meeting=meeting.id)


def _free(meeting: Meeting) -> None:
    """A topic that hung on this meeting, and was open because the meeting has lost it, lets go of it."""
    for topic in db.session.scalars(select(Topic).where(Topic.meeting_id == meeting.id)):
        topic.meeting_id = None
    db.session.flush()


def release(topic: Topic, now: datetime) -> None:
    """Chosen, it goes back on the list; its meeting, while it is ahead, has no topic then."""
    hold(topic)
    meeting = topic.meeting
    if topic.state != "chosen" or meeting is None or not meeting.ahead(now):
        raise Refused(_("This topic belongs to no meeting ahead."))
    if queries.open_titled(topic.network, topic.title):
        raise Refused(_("Another open topic is called that already."))
    topic.meeting_id = None
    set_content(meeting, topic="", now=now)
    record("topic-released", topic, now, network_id=topic.network_id, meeting=meeting.id)


def choose(meeting: Meeting, choice: str, now: datetime) -> Topic | None:
    """For a meeting without a topic: OPEN, or the number of an open topic, which is returned when it is chosen; what
    is open no more is left alone."""
    if choice == OPEN:
        set_content(meeting, topic="", open_agenda=True, now=now)
    elif (topic := _topic(meeting, choice)) is not None:
        take(topic, meeting, now)
        return topic
    return None


def say(meeting: Meeting, topic: str, now: datetime) -> Topic | None:
    """A topic in somebody's own words; when it is one of the list, that one is chosen and returned."""
    listed = queries.open_titled(meeting.network, topic) if topic and not meeting.has_topic else None
    if listed:
        take(listed, meeting, now)
    else:
        set_content(meeting, topic=topic, now=now)
    return listed


def _topic(meeting: Meeting, choice: str) -> Topic | None:
    topic = db.session.get(Topic, int(choice)) if choice.isdecimal() and len(choice) < 10 else None
    return topic if topic and topic.network_id == meeting.network_id and topic.is_open else None
