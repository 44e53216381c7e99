"""Whatever becomes of members, rooms and people after a meeting, in any order: the balances up to it stay."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import time_machine
from flask import Flask, current_app
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from app.admin.merging import merge_organisations, merge_people
from app.errors import Refused
from app.extensions import db
from app.importing import actions as importing
from app.importing.models import Import
from app.meetings.balances import balances
from app.meetings.queries import meetings_of
from app.networks.models import Contact, Membership, Network, Organisation
from app.people.models import Person
from app.privacy.actions import erase
from app.turns.actions import keep_owed
from tests import make
from tests.conftest import EXAMPLES, empty_tables

BEGIN = datetime(2027, 1, 1, 9, tzinfo=UTC)
MEETINGS, MEMBERS = 8, 4
# So unlike each other that no import asks whether two of them are one.
NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper", "Kapok", "Linden")
NAMES += ("Maple", "Nutmeg", "Oak", "Poplar", "Quince", "Rowan", "Spruce", "Teak", "Umbrella", "Vine", "Willow", "Yew")
PICK = st.integers(0, 99)  # the n-th of what there is, counted round
DAY = st.integers(-200, 400).map(lambda days: (BEGIN + timedelta(days)).date())
MAYBE = st.none() | DAY
HOSTS = st.sampled_from(("yes", "no", ""))


class Afterwards(RuleBasedStateMachine):
    """Rooms have just enough places, so that one person more or less decides who may host."""

    def __init__(self) -> None:
        super().__init__()
        network = make.network(name="Noord")
        there = [make.organisation(programme=network.programme, name=name) for name in NAMES[:MEMBERS]]
        members = [make.membership(network=network, organisation=o, people=2, seats=6 + n) for n, o in enumerate(there)]
        for n in range(MEETINGS):
            meeting = make.meeting(network=network, starts_at=BEGIN + timedelta(days=14 * n), ends_at=self._end(n))
            for kind, member in (("host", members[n % 3]), ("preparation", members[(n + 1) % MEMBERS])):
                make.duty(meeting=meeting, organisation=member.organisation, kind=kind)
        self.number, self.over, self.new = network.id, 0, MEMBERS - 1
        self.slug, self.manager = network.slug, make.manager(network=network).id
        db.session.commit()
        self.expected: dict[int, tuple[Fraction, Fraction]] = {}
        self.another_meeting_ends()

    @staticmethod
    def _end(n: int) -> datetime:
        return BEGIN + timedelta(days=14 * n, hours=3)

    @property
    def now(self) -> datetime:
        return self._end(self.over - 1)

    @property
    def network(self) -> Network:
        return db.session.get_one(Network, self.number)

    @property
    def members(self) -> Sequence[Membership]:
        return sorted(self.network.memberships, key=lambda each: each.id)

    def member(self, pick: int) -> Membership:
        return self.members[pick % len(self.members)]

    def stands(self) -> dict[int, tuple[Fraction, Fraction]]:
        """Of all who have done or owe anything."""
        db.session.expire_all()
        found = balances(self.network, meetings_of([self.number])[: self.over])
        return {number: each for number, each in found.items() if any(each)}

    def press(self, path: str, data: Mapping[str, Any]) -> None:
        with time_machine.travel(self.now, tick=False):
            manager = make.browser(current_app, db.session.get_one(Person, self.manager))
            answer = manager.post(f"/networks/{self.slug}{path}", data={k: v for k, v in data.items() if v is not None})
        assert answer.status_code in (302, 422)

    def do(self, action: Callable[..., object], *given: Any) -> None:
        """As a command or a job would, with no page before it."""
        try:
            action(*given, self.now)
        except Refused:
            db.session.rollback()
        db.session.commit()

    @rule()
    def another_meeting_ends(self) -> None:
        """Its shares are those of this moment; nobody has kept them yet."""
        if self.over < MEETINGS:
            self.over += 1
            self.expected = self.stands()

    @rule()
    def the_clock_looks(self) -> None:
        keep_owed(self.now)
        db.session.commit()

    @rule(
        pick=PICK, joined=DAY, left=MAYBE, turns=MAYBE, hosts=st.sampled_from(("yes", "no", "")), prepares=st.booleans()
    )
    def a_membership_is_changed(
        self, pick: int, joined: date, left: date | None, turns: date | None, hosts: str, prepares: bool
    ) -> None:
        data = {
            "joined": joined,
            "left": left,
            "duties_from": turns,
            "hosts": hosts,
            "prepares": "y" if prepares else None,
        }
        self.press(f"/members/{self.member(pick).id}", data)

    @rule(joined=DAY)
    def one_joins(self, joined: date) -> None:
        self.new += 1
        self.press(
            "/organisations", {"organisation": f"Joiner {self.new}", "joined": joined, "room": "Hall", "seats": 90}
        )

    @rule(pick=PICK, seats=st.integers(1, 12))
    def a_room_is_changed(self, pick: int, seats: int) -> None:
        member = self.member(pick)
        room = f"/{member.organisation.rooms[0].id}" if member.organisation.rooms else ""
        self.press(f"/members/{member.id}/rooms{room}", {"name": "Hall", "seats": seats})

    @rule(pick=PICK)
    def a_room_goes(self, pick: int) -> None:
        member = self.member(pick)
        if member.organisation.rooms:
            self.press(f"/members/{member.id}/rooms/{member.organisation.rooms[0].id}/removal", {})

    @rule(pick=PICK)
    def somebody_comes(self, pick: int) -> None:
        self.press(f"/members/{self.member(pick).id}/contacts", {"first_name": "Jo"})

    @rule(pick=PICK)
    def somebody_goes(self, pick: int) -> None:
        if contacts := self.member(pick).contacts:
            self.press(f"/members/{self.member(pick).id}/contacts/{contacts[0].id}/removal", {})

    @rule(zone=st.sampled_from(("Europe/London", "Europe/Amsterdam")))
    def the_clock_on_the_wall_is_another(self, zone: str) -> None:
        data = {"name": "Noord", "region": "NL-Zuid", "mode": "online", "state": "active", "size_wanted": "7"}
        self.press("/settings", data | {"timezone": zone})

    @rule(pick=PICK, other=PICK)
    def two_organisations_are_one(self, pick: int, other: int) -> None:
        keep, drop = self.member(pick).organisation_id, self.member(other).organisation_id
        if keep != drop:
            self.do(merge_organisations, *(db.session.get_one(Organisation, each) for each in (keep, drop)))
            if db.session.get(Organisation, drop) is None:  # else both have a turn at one meeting
                nothing = (Fraction(), Fraction())
                one, two = self.expected.pop(keep, nothing), self.expected.pop(drop, nothing)
                both = (one[0] + two[0], one[1] + two[1])
                self.expected |= {keep: both} if any(both) else {}

    @rule(pick=PICK)
    def two_people_are_one(self, pick: int) -> None:
        people = self.member(pick).people
        if len(people) > 1:
            manager = db.session.get_one(Person, self.manager)
            self.do(merge_people, *people[:2], self.network.programme, manager)

    @rule(pick=PICK)
    def somebody_is_erased(self, pick: int) -> None:
        if people := [each.person for each in db.session.scalars(select(Contact).order_by(Contact.id))]:
            self.do(erase, people[pick % len(people)])

    @rule(pick=PICK)
    def a_list_is_imported(self, pick: int) -> None:
        self.new += 1
        name = self.member(pick).organisation.name
        lines = f"organisation;network;email\n{name};Noord;new{self.new}@example.org\n{NAMES[self.new]};Noord;\n"
        row = importing.kept(self.network.programme, [("members.csv", lines.encode())], self.now)
        self.do(importing.complete, row)

    @rule(pick=PICK)
    def an_import_is_taken_back(self, pick: int) -> None:
        if done := db.session.scalars(select(Import).where(Import.state == "done").order_by(Import.id)).all():
            self.do(importing.undo, done[pick % len(done)])

    @invariant()
    def every_balance_is_as_it_was_when_the_meeting_ended(self) -> None:
        assert self.stands() == self.expected

    def teardown(self) -> None:
        db.session.rollback()
        empty_tables()
        db.session.expunge_all()


def test_no_change_after_a_meeting_alters_a_balance_up_to_it(app: Flask) -> None:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    given = settings(max_examples=10 * EXAMPLES, stateful_step_count=15, deadline=None, suppress_health_check=slow)
    run_state_machine_as_test(Afterwards, settings=given)
