"""Smaller faults: a locked database, a poison row, two workers by mistake, a worker that slept through its lease."""

import sqlite3
import threading
import time
from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.extensions import db
from app.mail.actions import add
from app.mail.models import Message
from app.worker import deliver
from tests import make
from tests.fakes import Relay
from tests.make import NOW
from tests.reminders.world import world

pytestmark = pytest.mark.usefixtures("clock")


def states() -> list[tuple[str, bool]]:
    db.session.expire_all()
    return [(row.state, row.ambiguous) for row in db.session.query(Message).order_by(Message.id)]


def test_a_database_locked_just_after_the_relay_took_a_mail_doubles_nothing(app: Flask, gate: Relay) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("locks of SQLite")
    w = world()
    w.message("D2", w.host)
    path = db.engine.url.database

    def lock() -> None:
        with closing(sqlite3.connect(path)) as other:
            other.execute("begin immediate")
            time.sleep(6)
            other.rollback()

    def locked() -> None:
        threading.Thread(target=lock).start()
        time.sleep(0.2)

    gate.on_body = locked
    assert deliver(5) == 1
    assert (states(), len(gate.received)) == ([("sent", False)], 1)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("C1", {"params": {}}),
        ("C1", {"params": {"changes": [{}]}}),
        ("Y0", {"params": {"cycle_id": "first"}, "network_id": None}),
        ("D2", {"meeting_id": None}),
        ("S1", {"params": {"swap_id": 4711}}),
    ],
)
def test_a_poison_row_is_shown_and_the_others_leave(
    app: Flask, gate: Relay, kind: str, values: dict[str, object]
) -> None:
    w = world()
    w.message(kind, w.manager, **values)
    for person in (w.host, w.substitute, w.preparer):
        w.message("D2", person)
    assert deliver(5) == 3
    assert sorted(states()) == [("failed", False), *[("sent", False)] * 3]


def test_a_worker_that_slept_through_its_lease_is_stopped_at_the_fence(
    app: Flask,
    gate: Relay,
    clock: time_machine.Traveller,
) -> None:
    """While the relay keeps it waiting for an answer to RCPT, another worker takes the mail and sends it."""
    w = world()
    w.message("D2", w.host)
    sent = []

    def another() -> None:
        gate.on_rcpt = lambda: None
        with app.app_context():
            db.session.query(Message).update({Message.lease_until: NOW - timedelta(days=1)})
            db.session.commit()
            sent.append(deliver(5))

    gate.on_rcpt = another
    assert (deliver(5), sent) == (0, [1])
    assert (states(), len(gate.received)) == ([("sent", False)], 1)


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_was_set_doubles_and_loses_nothing(
    app: Flask,
    gate: Relay,
    clock: time_machine.Traveller,
    jump: timedelta,
) -> None:
    w = world()
    w.message("D2", w.host)
    w.message("D2", w.preparer, due_at=NOW + timedelta(minutes=30))
    deliver(5)
    clock.shift(jump)
    deliver(5)
    clock.move_to(NOW + timedelta(hours=2))
    deliver(5)
    gone = jump > timedelta(days=300)  # the meeting is over by then: said too late it would be false
    assert states() == [("sent", False), ("cancelled" if gone else "sent", False)]
    assert len(gate.received) == 2 - gone


def test_the_same_mail_planned_by_two_workers_at_once_is_one_row(app: Flask) -> None:
    person = make.person().id
    db.session.commit()
    barrier = threading.Barrier(2)

    def plan() -> None:
        with app.app_context():
            barrier.wait()
            add(kind="H1", key="same", person_id=person, due_at=NOW, now=NOW)
            time.sleep(0.1)
            db.session.commit()

    both = [threading.Thread(target=plan) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert db.session.query(Message).filter_by(key="same").count() == 1


def test_two_workers_at_once_send_each_mail_once(app: Flask, gate: Relay) -> None:
    w = world()
    for n in range(30):
        w.message("X1", w.host, key=f"x-{n}", params={"audience": "all"}, subject=str(n), note=str(n))
    sent: list[int] = []

    def work() -> None:
        with app.app_context():
            sent.append(deliver(20))

    both = [threading.Thread(target=work) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert (sum(sent), len({mail["Subject"] for mail in gate.received}), len(gate.received)) == (30, 30, 30)
