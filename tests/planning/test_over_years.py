"""Turns done and owed year by year, exact, as a picture and in numbers."""

from datetime import UTC, date, datetime
from fractions import Fraction

import time_machine
from flask import Flask

from app.extensions import db
from app.meetings import balances
from app.meetings.balances import YearOfTurns
from app.meetings.models import Meeting
from app.meetings.queries import meetings_of
from app.networks.models import Network
from tests import make

NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def held(network: Network, year: int, host: int, preparer: int, **values: object) -> Meeting:
    members = sorted(network.memberships, key=lambda each: each.id)
    meeting = make.meeting(network=network, starts_at=datetime(year, 3, 4, 12, tzinfo=UTC), **values)
    make.duty(meeting=meeting, organisation=members[host].organisation)
    make.duty(meeting=meeting, organisation=members[preparer].organisation, kind="preparation")
    return meeting


def network_of_two_and_a_joiner() -> Network:
    network = make.network()
    for joined in (date(2024, 1, 1), date(2024, 1, 1), date(2026, 1, 1)):
        make.membership(network=network, joined=joined)
    held(network, 2025, 0, 1)
    held(network, 2026, 2, 0)
    db.session.commit()
    db.session.expire_all()
    return network


def test_each_year_says_what_was_done_and_owed_from_joining_on(app: Flask) -> None:
    network = network_of_two_and_a_joiner()

    turns = balances.over_years(network, meetings_of([network.id]))

    first, second, joiner = (turns[m.organisation_id] for m in sorted(network.memberships, key=lambda each: each.id))
    assert first == [
        YearOfTurns(2025, (1, 0), (HALF, HALF), (HALF, -HALF)),
        YearOfTurns(2026, (0, 1), (THIRD, THIRD), (HALF - THIRD, THIRD - HALF + Fraction(1, 3))),
    ]
    assert [row.done for row in second] == [(0, 1), (0, 0)]
    assert joiner == [YearOfTurns(2026, (1, 0), (THIRD, THIRD), (1 - THIRD, -THIRD))]


def test_a_turn_given_back_is_not_done(app: Flask) -> None:
    network = make.network()
    for _n in range(2):
        make.membership(network=network)
    held(network, 2026, 0, 1).duties[0].handed_back_at = NOW
    db.session.commit()
    db.session.expire_all()

    turns = balances.over_years(network, meetings_of([network.id]))

    assert sum(row.done[0] for rows in turns.values() for row in rows) == 0


@time_machine.travel(NOW, tick=False)
def test_the_page_draws_it_and_says_it_in_numbers(app: Flask) -> None:
    network = network_of_two_and_a_joiner()
    person = min(network.memberships, key=lambda each: each.id).primary

    page = make.browser(app, person).get(f"/networks/{network.slug}/turns").text

    assert page.count("<polyline") == 6
    assert "hosted 1, prepared" in page
    assert "No turns are published yet." in page


def test_a_host_who_was_snowed_in_is_credited_by_hand(app: Flask) -> None:
    network = network_of_two_and_a_joiner()
    meeting = make.meeting(network=network, starts_at=datetime(2026, 9, 3, 12, tzinfo=UTC), mode="online")
    first = min(network.memberships, key=lambda each: each.id).organisation_id
    before = balances.balances(network, meetings_of([network.id]))
    path = f"/networks/{network.slug}/meetings/{meeting.id}/credit"

    with time_machine.travel(NOW, tick=False):
        browser = make.browser(app, make.manager(network=network))
        once = browser.post(path, data={"organisation": first})
        twice = browser.post(path, data={"organisation": first})
    db.session.expire_all()
    after = balances.balances(network, meetings_of([network.id]))

    assert (once.status_code, twice.status_code) == (302, 422)
    assert {number: after[number][0] - before[number][0] for number in after} == {
        number: Fraction(int(number == first)) for number in after
    }
