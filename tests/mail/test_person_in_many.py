"""The story person_in_many: a coach in three networks gets at most one mail a day, and has one personal feed."""

from collections import Counter
from datetime import datetime, timedelta

import icalendar
import time_machine
from flask import Flask

from app import clock as clocks
from app.calendars import actions as calendars
from app.calendars.current import networks_in
from app.calendars.rendering import render_feed
from app.extensions import db
from app.worker import run_until_empty
from tests import make
from tests.fakes import Relay
from tests.make import NOW


def test_a_coach_in_three_networks_gets_one_mail_a_day(app: Flask, relay: Relay, clock: time_machine.Traveller) -> None:
    programme = make.programme()
    coach = make.person(first_name="Coach", email="coach@example.org")
    starts = [NOW.replace(hour=12) + timedelta(days=days) for days in (16, 16, 17)]
    for start in starts:
        network = make.network(programme=programme)
        own, other = make.membership(network=network, people=0), make.membership(network=network)
        make.contact(membership=own, person=coach)
        meeting = make.meeting(network=network, starts_at=start)
        make.duty(meeting=meeting, organisation=own.organisation)
        make.duty(meeting=meeting, organisation=other.organisation, kind="preparation")
    db.session.commit()

    days: Counter[str] = Counter()
    for day in range(18):
        clock.move_to(NOW.replace(hour=7) + timedelta(days=day))
        relay.received.clear()
        run_until_empty(app)
        days[f"{clocks.now():%Y-%m-%d}"] += sum("coach@" in str(mail["To"]) for mail in relay.received)
    link = calendars.feed_link(coach, "mine", None, clocks.now())
    feed = icalendar.Calendar.from_ical(render_feed(link, networks_in(link, clocks.now()), clocks.now()))

    begins = {event.start for event in feed.walk("VEVENT") if isinstance(event.start, datetime)}
    assert sum(days.values()) >= 4
    assert max(days.values()) == 1
    assert len(begins) == 2
    assert len([e for e in feed.walk("VEVENT") if isinstance(e.start, datetime)]) == 3
