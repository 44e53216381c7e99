"""Two calendars, a Dutch and a German one, over a year in which everything happens: what programs rely on holds."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from app.calendars import actions as calendars
from app.calendars.links import token_of
from app.errors import Refused
from app.extensions import db
from app.meetings.models import Meeting
from app.networks import actions as networks
from app.people.models import Person
from app.publishing import actions as publishing
from tests import make
from tests.calendars import strict
from tests.journeys.test_lifecycle import PICK, Life
from tests.planning.years import NOW

Facts = dict[int, tuple[object, ...]]  # of what the entries of each meeting are made
CURRENT: dict[str, Flask] = {}


@dataclass
class Calendar:
    """What a program has of one address: the last answer, and what it knows of each event."""

    person: int
    path: str
    etag: str = ""
    modified: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    body: bytes = b""
    events: dict[str, tuple[object, str]] = field(default_factory=dict)  # UID -> (of what, its text)


class Followed(Life):
    """The life of a year, looked at by two who subscribed to it and fetch after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.sequences: dict[str, int] = {}
        self.of_meeting: dict[str, int] = {}
        readers = zip(self.network.memberships, ("nl", "de"), strict=False)
        self.calendars = [self._subscribed(member.people[0], language) for member, language in readers]

    def _subscribed(self, person: Person, language: str) -> Calendar:
        person.language = language
        link = calendars.feed_link(person, "mine", None, self.now)
        db.session.commit()
        return Calendar(person.id, f"/feeds/{token_of(link)}.ics")

    @rule()
    def somebody_joins(self) -> None:
        if len(self.network.memberships) < 9:
            organisation = make.organisation(programme=self.network.programme)
            member = networks.join(self.network, organisation, self.now.date(), self.now)
            networks.add_contact(member, make.person(), self.now)

    @rule(pick=PICK, days=st.integers(0, 200))
    def somebody_leaves(self, pick: int, days: int) -> None:
        member = self.network.memberships[pick % len(self.network.memberships)]
        left = max(member.joined, self.now.date() + timedelta(days))
        values = {name: getattr(member, name) for name in ("joined", "duties_from", "prepares", "hosts")}
        networks.change_membership(member, {**values, "left": left}, self.now)

    @rule(which=st.integers(0, 1))
    def a_reader_speaks_another_language(self, which: int) -> None:
        person = db.session.get_one(Person, self.calendars[which].person)
        person.language = "de" if person.language == "nl" else "nl"
        person.changed(self.now)

    @precondition(lambda self: self.cycle.published > 1)
    @rule()
    def the_last_change_is_undone(self) -> None:
        try:
            with db.session.begin_nested():
                publishing.undo(self.cycle, self.now, None)
        except Refused:  # what is over stays
            return

    @invariant()
    def calendars_are_as_programs_need_them(self) -> None:
        db.session.commit()
        self.now += timedelta(minutes=1)  # a change has an instant of its own
        held = {meeting.id: meeting for meeting in self.meetings}
        for calendar in self.calendars:
            language = db.session.get_one(Person, calendar.person).language
            facts = {number: (language, *self._facts(each, calendar.person)) for number, each in held.items()}
            db.session.rollback()
            self._fetch(calendar, facts)

    def _facts(self, meeting: Meeting, person: int) -> tuple[object, ...]:
        """Of what an entry is made."""
        mine = {m.organisation_id for m in meeting.network.members_on(meeting.day) if m.people[0].id == person}
        turns = [(duty.kind, duty.organisation.name, duty.organisation_id in mine) for duty in meeting.duties]
        return (meeting.starts_at, meeting.ends_at, meeting.status, meeting.moved_from, meeting.mode, str(turns))

    def _fetch(self, calendar: Calendar, facts: Facts) -> None:
        client: FlaskClient = CURRENT["app"].test_client()
        with time_machine.travel(self.now, tick=False):
            answer = client.get(calendar.path)
            again = client.get(calendar.path, headers={"If-None-Match": answer.headers["ETag"]})
        modified = parsedate_to_datetime(answer.headers["Last-Modified"])
        assert again.status_code == 304
        assert (answer.headers["ETag"] == calendar.etag) == (answer.data == calendar.body)
        assert modified > calendar.modified if answer.data != calendar.body else modified == calendar.modified
        assert modified <= self.now
        calendar.etag, calendar.modified, calendar.body = answer.headers["ETag"], modified, answer.data
        self._look_at(calendar, strict.events(answer.data), facts)

    def _look_at(
        self, calendar: Calendar, found: dict[str, strict.Event], facts: dict[int, tuple[object, ...]]
    ) -> None:
        for uid, event in found.items():
            number = self.of_meeting.setdefault(uid, int(uid.partition("-")[2].partition("@")[0]))
            assert uid in (f"meeting-{number}@localhost", f"preparation-{number}@localhost")
            assert number in facts  # ids are never used again
            assert int(event.values["SEQUENCE"]) >= self.sequences.get(uid, 0)
            before = calendar.events.get(uid)
            assert before is None or before[0] != facts[number] or before[1] == event.text, (before, event.text)
            self.sequences[uid] = int(event.values["SEQUENCE"])
        calendar.events = {uid: (facts[self.of_meeting[uid]], event.text) for uid, event in found.items()}


def test_calendars_hold_over_a_year_of_changes(app: Flask) -> None:
    CURRENT["app"] = app
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    given = settings(max_examples=4, stateful_step_count=12, deadline=None, suppress_health_check=slow)
    run_state_machine_as_test(Followed, settings=given)
    assert NOW.year == 2026  # it begins before the end of one year, and goes on behind the end of the next
