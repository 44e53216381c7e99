"""A relay that is down for three days: what is due then leaves once, and only what still has something to say."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import ColumnElement, select

from app import clock as clocks
from app.extensions import db
from app.mail.models import Message, Relay
from app.mail.sending import FIRST_REST, LONGEST_REST
from app.people.actions import ask_to_sign_in
from app.reminders.actions import change_rules
from app.reminders.manager_mails import write_to
from app.worker import bring_up_to_date, deliver
from tests import fakes
from tests.make import NOW
from tests.reminders.world import World, world

UP_AGAIN = NOW + timedelta(days=3)  # a Friday, 10:00 in Amsterdam
MONDAY, THURSDAY = datetime(2026, 11, 30, 12, tzinfo=UTC), datetime(2026, 11, 26, 12, tzinfo=UTC)
RATE = 600  # mails a minute


class Later(fakes.Relay):
    """Nobody listens there until it is started; it notes when each mail came."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[float] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.at.append(monotonic())
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def later(app: Flask) -> Iterator[Later]:
    before, relay = app.config["SETTINGS"], Later()
    app.config["SETTINGS"] = replace(before, mail_url=f"{relay.url}?rate={RATE}")
    yield relay
    app.config["SETTINGS"] = before
    relay.stop()


def round_of_the_worker() -> int:
    bring_up_to_date()
    db.session.commit()
    return deliver(20, at_night=False)


def rest() -> timedelta:
    """How long the relay is left alone from now on."""
    until = db.session.get_one(Relay, 1).rest_until
    db.session.rollback()
    return until - clocks.now() if until else timedelta()


def ahead() -> World:
    """A meeting on Monday, two steps of each kind of which fall into the three days."""
    w = world(starts_at=MONDAY, running_order="13:00 Welcome")
    days = {"H3": -5, "H4": -2, "P3": -4, "P4": -3, "D1": -5, "D2": -2}
    change_rules(w.network, {step: (True, day, day) for step, day in days.items()}, NOW)
    return w


def states_of(which: ColumnElement[bool]) -> Counter[str]:
    """Of what is due."""
    return Counter(db.session.scalars(select(Message.state).where(which, Message.due_at <= clocks.now())))


def test_a_relay_down_for_three_days_loses_doubles_and_delays_nothing(
    app: Flask,
    later: Later,
    clock: time_machine.Traveller,
) -> None:
    w, over = ahead(), world(name_of_network="Zuid", starts_at=THURSDAY)
    write_to(w.network, "all", "The car park", "It is closed.", clocks.now())
    ask_to_sign_in(w.manager.email or "", clocks.now())
    db.session.commit()
    rests = []
    while clocks.now() < UP_AGAIN:
        before = clocks.now()
        assert round_of_the_worker() == 0
        left = rest()
        rests.append((left, left + (clocks.now() - before)))  # from the end of the round, and from its beginning
        clock.shift(left + timedelta(seconds=1) if len(rests) < 12 else timedelta(hours=4))
    tried = {row.attempts for row in db.session.query(Message)}
    db.session.rollback()

    later.start()
    clock.shift(LONGEST_REST * 1.25)
    while round_of_the_worker():
        pass

    grown = [min(FIRST_REST * 2**n, LONGEST_REST) for n in range(12)]
    assert all(
        most >= 0.75 * usual and least <= 1.25 * usual for usual, (least, most) in zip(grown, rests, strict=False)
    )
    assert max(least for least, _most in rests) <= LONGEST_REST * 1.25
    assert tried == {0}  # the relay was given a rest, not each mail a try
    assert Counter((str(mail["To"]).split()[0], str(mail["Subject"])) for mail in later.received) == {
        ("Anna", "The car park"): 1,
        ("Bert", "The car park"): 1,
        ("Cas", "The car park"): 1,
        ("Anna", "On Monday at your place: 3 people, 13:00 start"): 1,  # and what D2 says, in the same mail
        ("Anna", "How was Thu 26 November? Write the notes in ten minutes"): 1,
        ("Bert", "See you on Monday: Noord in Utrecht, 13:00"): 1,
        ("Cas", "Programme for Mon 30 November: it is there; is it still right?"): 1,
    }
    assert later.at[-1] - later.at[0] > (len(later.at) - 2) * 60 / RATE
    assert states_of(Message.network_id == w.network.id) == {"sent": 8, "cancelled": 8}
    assert states_of(Message.network_id == over.network.id) == {"cancelled": 5, "sent": 1}
    assert states_of(Message.kind == "sign_in") == {"cancelled": 1}
