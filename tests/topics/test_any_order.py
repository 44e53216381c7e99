"""Whatever is done to topics, in any order: each is in one state, nobody gets a mail twice or one they do not want."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier
from typing import Any

import time_machine
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from app.errors import Refused
from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.meetings.models import Meeting
from app.networks.models import Network
from app.people.links import personal_token
from app.people.models import Person
from app.privacy.actions import erase
from app.topics import actions, queries
from app.topics.actions import Asked
from app.topics.models import Reply, Topic
from tests import make
from tests.conftest import empty_tables
from tests.reminders.world import NOW, world

BEGIN = datetime(2027, 1, 4, 9, tzinfo=UTC)
PICK = st.integers(0, 99)  # the n-th of what there is, counted round
TITLES = st.sampled_from(("Night shifts", "Rota", "Saying no"))
STATES = {"open", "chosen", "closed", "hidden", "withdrawn"}


class AnyOrder(RuleBasedStateMachine):
    """Four people of one network, of whom one wants no questions, one at once; a year with three meetings."""

    def __init__(self) -> None:
        super().__init__()
        network = make.network(name="Noord")
        members = [make.membership(network=network, people=2) for _each in range(2)]
        people = [person for member in members for person in member.people]
        people[1].questions, people[2].questions = "never", "once"
        for n in range(3):
            meeting = make.meeting(network=network, starts_at=BEGIN + timedelta(days=60 * (n + 1)))
            make.duty(meeting=meeting, organisation=members[0].organisation, kind="preparation")
        self.number, self.people, self.never = network.id, [person.id for person in people], people[1].id
        self.now, self.sent = BEGIN, Counter[str]()
        db.session.commit()

    def do(self, action: Callable[..., object], *given: Any, **more: Any) -> None:
        try:
            action(*given, self.now, **more)
        except Refused:
            db.session.rollback()
        db.session.commit()

    def person(self, pick: int) -> Person:
        return db.session.get_one(Person, self.people[pick % len(self.people)])

    def topic(self, pick: int) -> Topic | None:
        rows = db.session.scalars(select(Topic).order_by(Topic.id)).all()
        return rows[pick % len(rows)] if rows else None

    @rule(pick=PICK, title=TITLES, kind=st.sampled_from(("theme", "question", "dilemma")), unnamed=st.booleans())
    def ask(self, pick: int, title: str, kind: str, unnamed: bool) -> None:
        network = db.session.get_one(Network, self.number)
        asked = Asked(title, kind, unnamed=unnamed)
        actions.propose(network, asked, self.person(pick), self.now)
        db.session.commit()

    @rule(pick=PICK, who=PICK)
    def reply(self, pick: int, who: int) -> None:
        if topic := self.topic(pick):
            self.do(actions.reply, topic, self.person(who), None, text="I know.")

    @rule(pick=PICK)
    def withdraw_reply(self, pick: int) -> None:
        rows = db.session.scalars(select(Reply).order_by(Reply.id)).all()
        if rows:
            self.do(actions.withdraw_reply, rows[pick % len(rows)])

    @rule(pick=PICK, who=PICK)
    def it_matters(self, pick: int, who: int) -> None:
        if (topic := self.topic(pick)) and topic.is_open:
            self.do(actions.wish, topic, self.person(who))

    @rule(pick=PICK, which=PICK)
    def choose(self, pick: int, which: int) -> None:
        meetings = db.session.scalars(select(Meeting).order_by(Meeting.id)).all()
        if topic := self.topic(pick):
            self.do(actions.take, topic, meetings[which % 3])

    @rule(pick=PICK)
    def put_back(self, pick: int) -> None:
        if topic := self.topic(pick):
            self.do(actions.release, topic)

    @rule(pick=PICK)
    def cancel_or_hold_a_meeting(self, pick: int) -> None:
        meeting = db.session.scalars(select(Meeting).order_by(Meeting.id)).all()[pick % 3]
        meeting.status = "confirmed" if meeting.cancelled else "cancelled"
        db.session.commit()

    @rule(pick=PICK)
    def close(self, pick: int) -> None:
        if topic := self.topic(pick):
            self.do(lambda row, now: actions.close(row, "It is so.", now), topic)

    @rule(pick=PICK)
    def reopen(self, pick: int) -> None:
        if topic := self.topic(pick):
            self.do(actions.reopen, topic)

    @rule(pick=PICK)
    def withdraw(self, pick: int) -> None:
        if topic := self.topic(pick):
            self.do(actions.withdraw, topic)

    @rule(pick=PICK)
    def hide_or_show(self, pick: int) -> None:
        topic = self.topic(pick)
        if topic and topic.hidden_at:
            self.do(actions.show, topic)
        elif topic:
            self.do(lambda row, now: actions.hide(row, "Names somebody", now), topic)

    @rule(pick=PICK)
    def somebody_is_erased(self, pick: int) -> None:
        if len(self.people) > 2:
            person = self.person(pick)
            self.people.remove(person.id)
            self.do(erase, person)

    @rule(hours=st.integers(1, 24 * 20))
    def time_goes_by_and_mails_leave(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        for message in db.session.scalars(select(Message).where(Message.state == "planned").order_by(Message.id)):
            kind = KINDS[message.kind]
            if message.due_at > self.now or message.kind[0] != "Q":
                continue
            if kind.still_true(message, self.now):
                assert kind.render([message], self.now).text
                self.sent[f"{message.kind} {message.params['topic_id']} {message.person_id} {message.id}"] += 1
                message.state, message.sent_at = "sent", self.now
            else:
                message.cancel("untrue", self.now)
        db.session.commit()

    @invariant()
    def every_topic_is_in_one_state_and_on_one_list(self) -> None:
        db.session.expire_all()
        network, day = db.session.get_one(Network, self.number), self.now.date()
        listed = [each.topic.id for each in queries.open_topics([self.number], day)[self.number]]
        answered = [each.topic.id for each in queries.answered(network, day)]
        for topic in db.session.scalars(select(Topic)):
            assert topic.state in STATES
            assert (topic.id in listed, topic.id in answered) == (topic.state == "open", topic.state == "closed")
            assert topic.title or topic.state == "withdrawn"
        assert len(listed + answered) == len({*listed, *answered})

    @invariant()
    def a_meeting_keeps_one_topic(self) -> None:
        kept = [topic.meeting_id for topic in db.session.scalars(select(Topic).where(Topic.meeting_id.is_not(None)))]
        assert len(kept) == len(set(kept))

    @invariant()
    def nobody_gets_a_mail_twice_and_who_wants_none_gets_none(self) -> None:
        about = Counter(tuple(key.split()[:3]) for key in self.sent if not key.startswith("Q2"))
        assert max(about.values(), default=1) == 1
        assert not [key for key in self.sent if key.split()[2] == str(self.never)]

    @invariant()
    def answers_are_told_once_a_day_at_most(self) -> None:
        rows = db.session.scalars(select(Message).where(Message.kind == "Q2").order_by(Message.sent_at)).all()
        sent = [(row.params["topic_id"], row.sent_at) for row in rows if row.sent_at]
        for topic in {number for number, _at in sent}:
            times = [at for number, at in sent if number == topic]
            assert all(later - earlier >= timedelta(days=1) for earlier, later in pairwise(times))

    def teardown(self) -> None:
        db.session.rollback()
        empty_tables()
        db.session.expunge_all()


def test_a_topic_is_in_one_state_and_no_mail_leaves_twice(app: Flask) -> None:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    given = settings(max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=slow)
    run_state_machine_as_test(AnyOrder, settings=given)


def test_two_who_choose_at_once_have_one_winner(app: Flask) -> None:
    """Two topics for one meeting, by two people who prepare it."""
    w = world(topic="")
    make.duty(meeting=w.meeting, organisation=w.network.memberships[0].organisation, kind="preparation")
    rows = [make.topic(network=w.network, title=title) for title in ("Night shifts", "Rota")]
    with time_machine.travel(NOW, tick=False):
        here = f"/networks/{w.network.slug}/topics/choice"
        presses = [
            (f"/me/{personal_token(person)}{here}", {"meeting": w.meeting.id, "topic": row.id})
            for person, row in zip((w.host, w.preparer), rows, strict=True)
        ]
        db.session.commit()
        together = Barrier(2)

        def press(what: tuple[str, dict[str, int]]) -> int:
            together.wait()
            return app.test_client().post(what[0], data=what[1]).status_code

        with ThreadPoolExecutor(2) as pool:
            answers = sorted(pool.map(press, presses))

    db.session.expire_all()
    states = sorted(row.state for row in rows)
    chosen = next(row for row in rows if row.state == "chosen")
    assert answers[0] == 302
    assert answers[1] in (409, 422)
    assert states == ["chosen", "open"]
    assert w.meeting.topic == chosen.title
