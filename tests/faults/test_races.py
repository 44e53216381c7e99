"""A change one moment before or after the fence: the old mail never leaves after it, the right one leaves once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete

from app import clock as clocks
from app.attendance.actions import answer
from app.batch import reading
from app.extensions import db
from app.letters.kinds import KINDS
from app.mail import claims
from app.mail.mime import Mail, compose
from app.mail.models import Message
from app.mail.sending import Delivery, _hand_over, _note, _released, _settle
from app.mail.transports import transport
from app.meetings.models import Meeting
from app.networks.actions import change_membership
from app.networks.models import Membership
from app.people.actions import change_preferences
from app.people.models import Person
from app.planning.actions import change_meeting, draft_for_change, remove
from app.publishing.actions import publish
from app.worker import deliver
from tests.fakes import Relay
from tests.make import NOW
from tests.reminders.world import THURSDAY, world

pytestmark = pytest.mark.usefixtures("clock")

Change = Callable[[], None]


def _meeting() -> Meeting:
    return db.session.query(Meeting).one()


def _anna() -> Person:
    return db.session.query(Person).filter_by(first_name="Anna").one()


def _published(meeting: Meeting) -> None:
    publish(meeting.cycle, clocks.now(), None, override="a test")


def moved() -> None:
    change_meeting(_meeting(), {"date": date(2027, 4, 16)}, "", clocks.now())
    _published(_meeting())


def cancelled() -> None:
    draft = draft_for_change(_meeting().cycle, clocks.now())
    remove(_meeting().cycle, draft.rows[0].key, "", clocks.now())
    _published(_meeting())


def passed_on() -> None:
    change_meeting(_meeting(), {"host": _meeting().preparers[0].id}, "", clocks.now())
    _published(_meeting())


def left() -> None:
    member = db.session.query(Membership).join(Membership.organisation).filter_by(name="De Linde").one()
    change_membership(member, {"left": date(2026, 11, 1)}, clocks.now())


def opted_out() -> None:
    anna = _anna()
    change_preferences(anna, language="en", wants_mail=False, phone="", now=clocks.now())


def said_no() -> None:
    answer(_meeting(), _anna(), "no", clocks.now())


CHANGES = [(moved, "D2"), (cancelled, "D2"), (passed_on, "H3"), (left, "D2"), (opted_out, "D2"), (said_no, "D2")]


def once(app: Flask, change: Change) -> Change:
    """The change, made by another process, the first time this is called."""
    todo = [change]

    def make() -> None:
        if todo:
            with app.app_context():
                todo.pop()()
                db.session.commit()

    return make


def to_anna(gate: Relay) -> list[str]:
    return [str(mail["Subject"]) for mail in gate.received if str(mail["To"]).startswith("Anna")]


@pytest.mark.parametrize(("change", "kind"), CHANGES, ids=[change.__name__ for change, _ in CHANGES])
def test_a_change_just_before_the_fence_stops_the_mail_or_is_in_it(
    app: Flask, gate: Relay, change: Change, kind: str
) -> None:
    w = world()
    row = w.message(kind, w.host)
    number = row.id
    gate.on_rcpt = once(app, change)
    for _ in range(3):
        deliver(5)
    about = [mail for mail in gate.received if f"m-{number}-" in str(mail["Message-ID"])]
    db.session.expire_all()
    if change is moved:
        assert [("16 April" in each.as_string(), "15 April" in each.as_string()) for each in about] == [(True, False)]
    else:
        assert (about, db.session.get_one(Message, number).state) == ([], "cancelled")


@pytest.mark.parametrize(("change", "kind"), CHANGES, ids=[change.__name__ for change, _ in CHANGES])
def test_a_change_just_after_the_fence_is_told_by_its_own_mail_and_nothing_goes_twice(
    app: Flask, gate: Relay, change: Change, kind: str
) -> None:
    w = world()
    w.message(kind, w.host)
    gate.on_body = once(app, change)
    for _ in range(3):
        deliver(5)
    said = to_anna(gate)
    told = {moved: "Changed: ", cancelled: "Cancelled: ", passed_on: "De Berk h"}
    assert [subject[: len(told[change])] for subject in said[1:]] == ([told[change]] if change in told else [])
    assert len({mail["Message-ID"] for mail in gate.received}) == len(gate.received)


class Interleaved(RuleBasedStateMachine):
    """Any order of writing, changing, looking, sending and dying: what leaves is what was so at its fence."""

    app: Flask
    gate: Relay

    @initialize()
    def begin(self) -> None:
        db.session.rollback()
        for table in reversed(db.metadata.sorted_tables):
            db.session.execute(delete(table))
        db.session.commit()
        self.gate.received.clear()
        w = world()
        self.number = w.message("D2", w.host).id
        self.day, self.off, self.dead = THURSDAY, False, 0
        self.ready: list[tuple[Mail, dict[int, claims.Version]]] = []
        self.run = Delivery(lambda: False, line=transport(self.gate.url))

    @precondition(lambda self: not self.ready)
    @rule()
    def claim_and_write(self) -> None:
        claims.claim(self.run.token, clocks.now())
        with reading():
            versions = claims.versions(db.session.connection(), self.run.token)
            for row in db.session.scalars(claims.held(self.run.token).where(Message.id.in_(versions))):
                if KINDS["D2"].still_true(row, clocks.now()):
                    mail = compose(row, KINDS["D2"].render([row], clocks.now()), clocks.now())
                    self.ready.append((mail, versions))

    @rule(days=st.integers(0, 3))
    def move(self, days: int) -> None:
        self.day = THURSDAY + timedelta(days=days)
        meeting = _meeting()
        meeting.starts_at, meeting.ends_at = self.day, self.day + timedelta(hours=3)
        meeting.network.changed(clocks.now())
        db.session.commit()

    @rule(off=st.booleans())
    def opt(self, off: bool) -> None:
        change_preferences(_anna(), language="en", wants_mail=not off, phone="", now=clocks.now())
        db.session.commit()
        self.off = off

    @precondition(lambda self: self.ready)
    @rule(dies=st.booleans())
    def send(self, dies: bool) -> None:
        before = len(self.gate.received)
        _hand_over(self.run, *self.ready.pop())
        for mail in self.gate.received[before:]:
            assert f"{self.day.day} April 2027" in mail.get_body(("plain",)).get_content()
            assert not self.off
            if dies:
                self.dead, self.run.taken = self.dead + 1, None
        _settle(self.run)
        _note(self.run, _released)

    @rule()
    def lease_ends(self) -> None:
        self.ready.clear()
        db.session.query(Message).filter(Message.token.is_not(None)).update({Message.lease_until: NOW})
        db.session.commit()

    def teardown(self) -> None:
        if hasattr(self, "run"):
            self.run.line.abandon()
            db.session.rollback()
            row = db.session.get_one(Message, self.number)
            assert len(self.gate.received) <= 1 + self.dead
            assert row.ambiguous or row.state == "sending" or len(self.gate.received) <= 1
            db.session.rollback()


def test_in_any_interleaving_what_leaves_is_true_and_leaves_once(app: Flask, gate: Relay) -> None:
    machine = type("Machine", (Interleaved,), {"app": app, "gate": gate})
    few = settings(max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=few)
