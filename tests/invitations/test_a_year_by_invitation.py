"""Somebody lives by invitations for a year: whatever happens, their calendar is what a feed would show."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import icalendar
import pytest
import time_machine
from flask import Flask

from app.calendars.rendering import own_organisation
from app.clock import now
from app.extensions import db
from app.invitations.actions import choose
from app.meetings.models import Cycle, Meeting
from app.meetings.queries import meetings_of
from app.networks import actions as networks
from app.networks.models import Network
from app.networks.queries import with_members
from app.people.models import Person
from app.planning import actions as planning
from app.publishing import actions as publishing
from app.worker import bring_up_to_date, deliver
from tests.fakes import Relay
from tests.invitations.test_invitations import calendar_of
from tests.planning import years
from tests.planning.years import NOW


class Program:
    """A calendar program that obeys invitations: the highest SEQUENCE counts, at the same one the newest (RFC 5546)."""

    def __init__(self, relay: Relay, address: str) -> None:
        self.relay, self.address, self.read = relay, address, 0
        self.sequences: dict[str, int] = {}
        self.dates: dict[str, datetime] = {}

    def look(self) -> None:
        mails, self.read = self.relay.received[self.read :], len(self.relay.received)
        for mail in mails:
            if self.address in str(mail["To"]) and calendar_of(mail):
                self._obey(icalendar.Calendar.from_ical(calendar_of(mail)))

    def _obey(self, calendar: icalendar.Calendar) -> None:
        (event,) = calendar.walk("VEVENT")
        uid, sequence = str(event["UID"]), int(event["SEQUENCE"])
        if sequence < self.sequences.get(uid, 0):
            return
        self.sequences[uid] = sequence
        if calendar["METHOD"] == "CANCEL":
            self.dates.pop(uid, None)
        else:
            self.dates[uid] = event.decoded("DTSTART")


def shown(network: Network, person: Person, at: datetime) -> dict[str, datetime]:
    """The meetings a feed would show that are ahead, and the days their programmes are due."""
    loaded, out = with_members([network.id])[0], {}
    for meeting in meetings_of([network.id], at):
        own = own_organisation(person.id, loaded, meeting)
        if own is None or meeting.cancelled:
            continue
        out[f"meeting-{meeting.id}@localhost"] = meeting.local_start
        if own in {each.id for each in meeting.preparers}:
            out[f"preparation-{meeting.id}@localhost"] = meeting.day - timedelta(days=10)
    return out


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


class Year:
    """A network's year, and what happens in it to the first member and its meetings."""

    def __init__(self) -> None:
        cycle = years.published(years.network(members=5, people=1), number=6)
        self.number, self.cycle_number = cycle.network_id, cycle.id
        self.organisations = [member.organisation_id for member in cycle.network.memberships]
        self.member = cycle.network.memberships[0]
        self.person = self.member.people[0]

    @property
    def cycle(self) -> Cycle:
        return db.session.get_one(Cycle, self.cycle_number)

    def meeting(self, place: int) -> Meeting:
        return meetings_of([self.number])[place]

    def amend(self, place: int, **change: object) -> None:
        draft = planning.amended(self.cycle, {self.meeting(place).id: change}, "", now())
        publishing.amend(self.cycle, draft, now(), None, override="by hand")

    def move(self) -> None:
        self.amend(0, date=self.meeting(0).day + timedelta(days=3))

    def pass_on(self) -> None:
        busy = {duty.organisation_id for duty in self.meeting(1).duties}
        self.amend(1, preparers=(next(each for each in self.organisations if each not in busy),))

    def cancel(self) -> None:
        self.amend(2, cancelled=True)

    def undo(self) -> None:
        publishing.undo(self.cycle, now(), None)

    def leave(self) -> None:
        self._stay_until(now().date())

    def come_back(self) -> None:
        self._stay_until(None)

    def _stay_until(self, left: date | None) -> None:
        values = {"joined": self.member.joined, "duties_from": None, "prepares": True, "hosts": True, "left": left}
        networks.change_membership(self.member, values, now())

    def want_a_feed(self) -> None:
        choose(self.person, False, now())

    def want_invitations(self) -> None:
        choose(self.person, True, now())


STEPS = (
    Year.want_invitations,
    Year.move,
    Year.pass_on,
    Year.cancel,
    Year.undo,
    Year.leave,
    Year.come_back,
    Year.want_a_feed,
    Year.want_invitations,
)


def test_a_year_by_invitation(app: Flask, relay: Relay, clock: time_machine.Traveller) -> None:
    year = Year()
    program = Program(relay, year.person.email or "")

    for step in STEPS:
        step(year)
        db.session.commit()
        bring_up_to_date()
        deliver(60)
        program.look()
        db.session.expire_all()
        network = with_members([year.number])[0]
        assert program.dates == (shown(network, year.person, now()) if year.person.by_invitation else {}), step
        db.session.rollback()
        clock.shift(timedelta(days=1))
