"""How many mails somebody gets in a year with everything on: invitations, turns, notes, how it was, questions."""

from datetime import UTC, datetime, timedelta
from statistics import median

import time_machine
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Meeting
from app.people.models import Person
from app.reminders.actions import reconcile_all
from app.results.actions import Notes, publish, save
from app.topics.actions import Asked, propose, reply
from app.worker import deliver
from tests.planning import years

MOST, JOINED = 20, "HPDNE"
PUBLISHED = datetime(2026, 12, 1, 9, tzinfo=UTC)


def mails_of(person: int) -> int:
    """Rows that leave together are one mail: of one person, at one instant, on one network's working morning."""
    query = select(Message.sent_at, Message.kind).where(Message.person_id == person, Message.state == "sent")
    found = db.session.execute(query).all()
    steps = {at.date() for at, kind in found if kind[0] in JOINED or kind == "Q1"}
    return len(steps) + sum(kind[0] not in JOINED and kind != "Q1" for _at, kind in found)


def test_the_median_is_at_most_twenty_a_year(app: Flask) -> None:
    with time_machine.travel(PUBLISHED, tick=False) as clock:
        network = years.network(members=8, people=2)
        cycle = years.published(network, PUBLISHED, number=6)
        meetings = [meeting.id for meeting in cycle.meetings]
        people = [person.id for member in network.memberships for person in member.people]
        for day in range(400):
            now = PUBLISHED + timedelta(days=day)
            clock.move_to(now)
            for number in meetings[::2]:  # every second meeting has its notes the day after, the others never
                meeting = db.session.get_one(Meeting, number)
                if meeting.notes_at is None and meeting.ends_at < now:
                    publish(save(meeting, Notes("It helps"), network.memberships[0].people[0], now), now)
            if day % 60 == 20 and day <= 320:  # six questions a year, of which every second is answered
                asker, other = (db.session.get_one(Person, people[(day + n) % len(people)]) for n in (0, 1))
                question, _new = propose(network, Asked(f"Who knows {day}?", "question"), asker, now)
                if day % 120 == 20:
                    reply(question, other, None, now, text="We do.")
            reconcile_all(now)
            db.session.commit()
            deliver(60)
            db.session.commit()

        counted = sorted(mails_of(person) for person in people)
        kinds = set(db.session.scalars(select(Message.kind).where(Message.state == "sent")))
        assert {"Y0", "H1", "P1", "D1", "D2", "N1", "N3", "E1", "Q1", "Q2", "Q3"} <= kinds
        assert counted[0] >= 12
        assert median(counted) <= MOST
