"""The life of a published year in any order: accept, give back, repair, swap, cover, undo, move, cancel, time."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import icalendar
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from app.availability.queries import absences_of, days_away
from app.calendars import actions as calendars
from app.calendars.current import networks_in
from app.calendars.rendering import render_feed
from app.errors import Refused
from app.extensions import db
from app.mail.models import Message
from app.meetings import balances as ledger
from app.meetings.models import Duty, Meeting
from app.meetings.queries import cycle_of, meetings_of_year, version
from app.meetings.row import Row, of_meeting
from app.networks.models import Network
from app.people.models import Person
from app.planning import actions
from app.publishing import actions as publishing
from app.publishing import ways_out
from app.reminders.actions import reconcile_all
from app.reminders.queries import facts_of
from app.swaps import actions as swaps
from app.swaps import queries
from app.swaps.models import Swap
from app.turns import actions as turns
from scheduling.reminding.ladder import holders
from tests import make
from tests.calendars.fetching import key_now
from tests.conftest import EXAMPLES, empty_tables
from tests.planning import years
from tests.planning.years import NOW

END = NOW + timedelta(days=420)
PICK = st.integers(0, 99)  # the n-th of what there is, counted round


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        network = years.network(members=6, people=1)
        make.manager(network=network)
        for n, member in enumerate(network.memberships):
            first = date(2027, 1, 4) + timedelta(days=21 * n)
            make.absence(organisation=member.organisation, first=first, last=first + timedelta(days=25))
        self.number, self.now = network.id, NOW
        self.overridden: set[int] = set()
        self.rendered: dict[str, bytes] = {}
        years.published(network, number=4)

    @property
    def network(self) -> Network:
        return db.session.get_one(Network, self.number)

    @property
    def cycle(self) -> Any:
        return cycle_of(self.network, 2027)

    @property
    def meetings(self) -> list[Meeting]:
        return meetings_of_year(self.cycle)

    def turn(self, pick: int) -> Duty | None:
        ahead = [d for m in self.meetings if m.starts_at > self.now and not m.cancelled for d in m.duties]
        return ahead[pick % len(ahead)] if ahead else None

    def contact(self, organisation_id: int) -> Person:
        return next(m.people[0] for m in self.network.memberships if m.organisation_id == organisation_id)

    def swap(self, pick: int, state: str) -> Swap | None:
        found = [each for each in db.session.scalars(select(Swap)) if each.state(self.now) == state]
        return found[pick % len(found)] if found else None

    @rule(pick=PICK)
    def accept(self, pick: int) -> None:
        if duty := self.turn(pick):
            turns.confirm(duty, self.contact(duty.organisation_id), self.now)

    @rule(pick=PICK)
    def give_back(self, pick: int) -> None:
        if duty := self.turn(pick):
            turns.hand_back(duty, self.contact(duty.organisation_id), "", self.now)

    @rule(pick=PICK, way=PICK)
    def repair(self, pick: int, way: int) -> None:
        duty = self.turn(pick)
        ways = ways_out.options(duty, 6, self.now) if duty else None
        if duty and ways and (every := [*ways.substitutes, *([ways.online] if ways.online else []), *ways.days]):
            draft = actions.amended(self.cycle, {duty.meeting_id: every[way % len(every)].values}, "", self.now)
            publishing.amend(self.cycle, draft, self.now, None, override="repair")

    def asked(self, pick: int, whom: int, cover: bool) -> Swap | None:
        duty = self.turn(pick)
        partners = queries.partners(duty, self.now) if duty else ()
        wanted: list[tuple[int, int | None]] = [(each.organisation.id, None) for each in partners]
        if not cover:
            wanted = [(each.organisation.id, turn.meeting_id) for each in partners for turn in each.turns]
        if duty and wanted:
            person = self.contact(duty.organisation_id)
            with suppress(Refused):  # a request about this turn is open
                return swaps.ask(duty, {wanted[whom % len(wanted)], wanted[0]}, "", person, self.now)
        return None

    def answered(self, swap: Swap, which: int, yes: bool) -> None:
        offer = swap.offers[which % len(swap.offers)]
        with suppress(Refused), db.session.begin_nested():  # refused: then nothing has happened
            (swaps.accept if yes else swaps.decline)(offer, self.contact(offer.organisation_id), self.now)

    @rule(pick=PICK, whom=PICK, cover=st.booleans())
    def ask(self, pick: int, whom: int, cover: bool) -> None:
        self.asked(pick, whom, cover)

    @rule(pick=PICK, whom=PICK, cover=st.booleans())
    def agree(self, pick: int, whom: int, cover: bool) -> None:
        if swap := self.asked(pick, whom, cover):
            self.answered(swap, whom, yes=True)

    @rule(pick=PICK, which=PICK, yes=st.booleans())
    def answer(self, pick: int, which: int, yes: bool) -> None:
        if swap := self.swap(pick, "open"):
            self.answered(swap, which, yes)

    @rule(pick=PICK, undo=st.booleans())
    def take_back(self, pick: int, undo: bool) -> None:
        swap = self.swap(pick, "accepted" if undo else "open")
        if swap and undo:
            with suppress(Refused), db.session.begin_nested():
                swaps.undo(swap, self.contact(swap.organisation_id), self.now)
        elif swap:
            swaps.withdraw(swap, self.now)

    @rule(pick=PICK, days=st.integers(1, 20))
    def move(self, pick: int, days: int) -> None:
        duty = self.turn(pick)
        if duty and duty.meeting.day + timedelta(days) <= date(2027, 12, 20):
            day = duty.meeting.day + timedelta(days)
            draft = actions.amended(self.cycle, {duty.meeting_id: {"date": day}}, "", self.now)
            self.overridden |= {duty.meeting_id} if draft.clashes else set()
            publishing.amend(self.cycle, draft, self.now, None, override="by hand")

    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        if duty := self.turn(pick):
            draft = actions.amended(self.cycle, {duty.meeting_id: {"cancelled": True}}, "", self.now)
            publishing.amend(self.cycle, draft, self.now, None)

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.now = min(self.now + timedelta(days), END)  # a feed shows a year back
        turns.keep_owed(self.now)

    @invariant()
    def each_meeting_has_its_host_and_preparers_as_published(self) -> None:
        db.session.commit()
        held = [meeting for meeting in self.meetings if not meeting.cancelled]
        turns = [(m.mode, sorted(duty.kind for duty in m.duties)) for m in held]
        published = version(self.cycle, self.cycle.published)
        assert published is not None
        assert all(kinds == (["host", "preparation"] if mode != "online" else ["preparation"]) for mode, kinds in turns)
        assert all(m.host not in m.preparers for m in held)
        assert [of_meeting(m).told() for m in self.meetings] == [Row.from_json(row).told() for row in published.rows]

    @invariant()
    def nobody_absent_hosts_without_a_recorded_override(self) -> None:
        for meeting in self.meetings:
            if meeting.host and not meeting.cancelled and meeting.id not in self.overridden:
                absences = absences_of([meeting.host.id], meeting.day, meeting.day)
                assert days_away(absences, meeting.day, meeting.day)[0] in ({}, {meeting.host.id: set()})

    @invariant()
    def the_ledger_adds_up(self) -> None:
        past = [meeting for meeting in self.meetings if meeting.ends_at < self.now and not meeting.cancelled]
        unprepared = sum(all(duty.handed_back for duty in meeting.preparation_duties) for meeting in past)
        hosts = [meeting.host_duty for meeting in past if meeting.in_person]
        unhosted = sum(duty is None or duty.handed_back for duty in hosts)  # owed all the same
        balances = ledger.balances(self.network, past).values()
        assert (sum(host for host, _ in balances), sum(prep for _, prep in balances)) == (-unhosted, -unprepared)

    @invariant()
    def the_feed_equals_the_plan_and_a_stored_one_is_never_stale(self) -> None:
        person = self.network.memberships[0].people[0]
        link = calendars.feed_link(person, "network", self.network, NOW)
        networks = networks_in(link, self.now)
        body = render_feed(link, networks, self.now)
        events = icalendar.Calendar.from_ical(body).walk("VEVENT")
        shown = {e["UID"]: (e.decoded("DTSTART"), int(e["SEQUENCE"])) for e in events if e.get("STATUS") != "CANCELLED"}
        held = {f"meeting-{m.id}@localhost": (m.local_start, m.sequence) for m in self.meetings if not m.cancelled}
        assert shown == held
        assert self.rendered.setdefault(key_now(link, self.now), body) == body

    @invariant()
    def reminders_go_to_who_has_the_turn(self) -> None:
        reconcile_all(self.now)
        ahead = {m.id: facts_of(m) for m in self.meetings}
        planned = db.session.scalars(
            select(Message).where(Message.state == "planned", Message.kind.regexp_match("^[HP]"))
        )
        assert all(m.person_id in holders(ahead[m.meeting_id], m.kind[0]) for m in planned if m.meeting_id in ahead)

    def teardown(self) -> None:
        db.session.rollback()
        empty_tables()
        db.session.expunge_all()


def test_the_whole_life_of_a_year(app: Flask) -> None:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    given = settings(max_examples=10 * EXAMPLES, stateful_step_count=18, deadline=None, suppress_health_check=slow)
    run_state_machine_as_test(Life, settings=given)
