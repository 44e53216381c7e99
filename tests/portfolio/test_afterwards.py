"""What past meetings leave on a manager's start page, each with the opposite fact beside it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from app.extensions import db
from app.meetings.models import Meeting
from app.networks.models import Network
from app.portfolio.queries import portfolio
from app.pulse.models import Pulse
from tests import make
from tests.statements import statements

NOW = datetime(2027, 3, 15, 9, tzinfo=UTC)
LEFT = ("no_notes", "overdue", "pulse_falls", "nobody_came")


@pytest.fixture
def network(app: Flask) -> Network:
    row = make.network(name="Noord")
    for name in ("De Linde", "De Berk"):
        make.membership(network=row, organisation=make.organisation(programme=row.programme, name=name), people=2)
    return row


def held(network: Network, days: int, **values: object) -> Meeting:
    return make.meeting(network=network, starts_at=NOW - timedelta(days=days), **values)


def left(network: Network) -> list[tuple[str, int, str]]:
    db.session.commit()
    db.session.expire_all()
    needs = portfolio([network.id], NOW).needs
    return [(n.what, n.count, n.organisation.name if n.organisation else "") for n in needs if n.what in LEFT]


@pytest.mark.parametrize(("days", "missing"), [(3, False), (8, True), (34, True), (36, False)])
def test_notes_are_missed_after_a_week_and_given_up_after_five(network: Network, days: int, missing: bool) -> None:
    meeting = held(network, days)
    assert left(network) == ([("no_notes", 0, "")] if missing else [])
    meeting.notes_at = NOW
    assert left(network) == []


def test_agreements_are_overdue_after_their_day_until_they_are_ticked(network: Network) -> None:
    meeting = held(network, 30, notes_at=NOW)
    row = make.agreement(meeting=meeting, text="Write it down", due=date(2027, 3, 14))
    for due in (date(2027, 3, 15), None):
        make.agreement(meeting=meeting, text="Another", due=due)
    assert left(network) == [("overdue", 1, "")]
    row.done_at = NOW
    assert left(network) == []


def test_a_pulse_falls_when_two_meetings_in_a_row_are_below_three(network: Network) -> None:
    low, fine = [0, 4, 0, 0, 0], [0, 0, 4, 0, 0]
    newest, before = (Pulse(meeting=held(network, days, notes_at=NOW), answers=4, closed_at=NOW) for days in (20, 50))
    for pulse in (newest, before):
        pulse.atmosphere, pulse.goal = fine, low
        db.session.add(pulse)
    assert left(network) == [("pulse_falls", 0, "")]
    before.goal = fine
    assert left(network) == []
    before.goal, newest.goal = low, fine
    assert left(network) == []


def test_an_organisation_of_which_nobody_came_three_times_is_named(network: Network) -> None:
    meetings = [held(network, days, notes_at=NOW) for days in (20, 50, 80)]
    linde, berk = network.memberships
    for meeting in meetings:
        make.attendance(meeting=meeting, person=linde.people[0])
    assert left(network) == [("nobody_came", 0, "De Berk")]
    make.attendance(meeting=meetings[2], person=berk.people[1], answer="colleague")
    assert left(network) == []


def test_where_nobody_says_who_comes_nobody_is_named_and_neither_is_a_newcomer(network: Network) -> None:
    meetings = [held(network, days, notes_at=NOW) for days in (20, 50, 80)]
    assert left(network) == []
    linde, berk = network.memberships
    for meeting in meetings:
        make.attendance(meeting=meeting, person=linde.people[0])
    berk.joined = meetings[1].day
    assert left(network) == []


def test_each_stands_on_the_page_with_its_button(app: Flask, network: Network) -> None:
    meetings = [held(network, days) for days in (10, 50, 80)]
    for meeting in meetings:
        make.attendance(meeting=meeting, person=network.memberships[0].people[0])
        make.agreement(meeting=meeting, text="Write it down", due=date(2027, 3, 1))
    meetings[1].notes_at = meetings[2].notes_at = NOW
    manager = make.manager(network=network, language="en")
    with time_machine.travel(NOW, tick=False):
        page = make.browser(app, manager).get("/").text
    assert "the notes of Fri 5 March are missing" in page
    assert "2 agreements are open after their day" in page
    assert "nobody of De Berk came three times" in page
    for path in (f"meetings/{meetings[0].id}/notes", "learnt"):
        assert f'href="/networks/{network.slug}/{path}"' in page


def test_three_networks_take_as_many_statements_as_one(app: Flask, network: Network) -> None:
    def asked(ids: list[int]) -> int:
        db.session.commit()
        db.session.expunge_all()  # as each request begins: with nothing that is known already
        with statements() as seen:
            portfolio(ids, NOW)
        return len(seen)

    networks = [network, *(make.network(programme=network.programme) for _n in range(2))]
    for each in networks:
        for days in (20, 50, 80):
            held(each, days)
    ids = [each.id for each in networks]
    assert asked(ids) == asked(ids[:1])
