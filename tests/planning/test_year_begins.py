"""A year that begins in any month is one year: planned, published, drawn, counted, taken back, followed by the next."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
import time_machine
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Refused
from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.meetings import balances, year_page
from app.meetings.drawings.year_strip import strip
from app.meetings.models import Cycle
from app.meetings.queries import cycle_of, cycles_of, meetings_of, meetings_of_year
from app.meetings.year_begins import begin_year_in
from app.networks import network_year as spans
from app.networks.models import Network
from app.planning import actions, drafts
from app.planning.elsewhere import busy_days
from app.planning.instance import new_rows
from app.planning.shown import day_map
from app.planning.year_request import Wishes
from app.portfolio.queries import portfolio
from app.publishing import actions as publishing
from tests import make
from tests.planning import years
from tests.planning.test_plan_pages import manager, wishes

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
FIRST, LAST = date(2026, 9, 1), date(2027, 8, 31)


@pytest.fixture(autouse=True)
def in_summer() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def school_network(**values: object) -> Network:
    return years.network(year_begins=9, **values)


def drafted(network: Network, year: int = 2026, **asked: object) -> Cycle:
    return years.drafted(network, NOW, year=year, **{"number": 6, "nth": "", **asked})


def published(network: Network, year: int = 2026) -> Cycle:
    cycle = drafted(network, year)
    publishing.publish(cycle, NOW, None)
    db.session.commit()
    return cycle


def rows_of(cycle: Cycle) -> list[date]:
    draft = drafts.of(cycle)
    assert draft is not None
    return [row.first_day for row in draft.rows]


def test_a_school_year_is_planned_as_one_in_its_own_order(app: Flask) -> None:
    cycle = drafted(school_network())
    days = rows_of(cycle)
    assert [(day.year, day.month) for day in days] == [
        (2026, 9), (2026, 11), (2027, 1), (2027, 3), (2027, 4), (2027, 6),
    ]  # fmt: skip
    assert drafts.of(cycle).status == "optimal"  # type: ignore[union-attr]


def test_a_year_that_begins_in_january_has_the_windows_it_had(app: Flask) -> None:
    network = years.network()
    rows = new_rows(network, 2027, Wishes(number=6))
    assert [row.window[0] for row in rows if row.window] == [date(2027, month, 1) for month in (1, 3, 4, 6, 9, 11)]
    assert {day.year for row in rows if row.window for day in row.window} == {2027}


@settings(max_examples=200)
@given(st.integers(1, 12), st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_every_day_lies_in_the_year_whose_span_holds_it(begins: int, day: date) -> None:
    year = spans.year_of(day, begins)
    first, last = spans.span_of(year, begins)
    assert first <= day <= last
    assert spans.span_of(year + 1, begins)[0] == last + timedelta(1)
    assert spans.months_of(year, begins)[0] == first
    assert [month.month for month in spans.months_of(year, begins)] == [(begins - 1 + n) % 12 + 1 for n in range(12)]


@settings(max_examples=100)
@given(st.integers(1, 52), st.sets(st.integers(1, 12)), st.integers(1, 12), st.sampled_from(["", "1", "4", "last"]))
def test_windows_follow_each_other_within_the_year(number: int, months: set[int], begins: int, nth: str) -> None:
    windows = Wishes(number=number, months=tuple(sorted(months)), nth=nth).windows(2026, begins)
    first, last = spans.span_of(2026, begins)
    assert len(windows) == number
    assert windows == sorted(windows)
    assert all(first <= begin <= end <= last for begin, end in windows)


def test_it_is_called_by_both_years_and_january_s_by_one() -> None:
    assert [spans.name_of(2026, begins) for begins in (1, 9)] == ["2026", "2026/27"]
    assert spans.name_of(2099, 8) == "2099/00"
    assert spans.shared_name(2026, [9, 9]) == "2026/27"
    assert spans.shared_name(2026, [1, 9]) == "2026"


@pytest.mark.parametrize(
    ("begins", "day", "year"),
    [(1, (2026, 8, 31), 2026), (1, (2026, 9, 1), 2027), (9, (2026, 4, 30), 2025), (9, (2026, 5, 1), 2026)],
)
def test_the_next_year_is_planned_in_the_last_four_months(begins: int, day: tuple[int, int, int], year: int) -> None:
    assert spans.year_to_plan(date(*day), begins) == year


def test_pages_and_letters_call_the_year_2026_27(app: Flask) -> None:
    network = school_network()
    browser, address = manager(app, network), f"/networks/{network.slug}/years/2026"
    browser.post(f"{address}/proposal", data=wishes(number=6, months=[], nth=""))
    assert "Plan 2026/27" in browser.get(f"{address}/plan").text
    assert "Days of 2026/27" in browser.get(f"{address}/days").text
    preview = browser.get(f"{address}/publication").text
    assert "Publish 2026/27" in preview
    browser.post(f"{address}/publication", data=years.hidden(preview))
    page = browser.get(f"/networks/{network.slug}").text
    assert "The year 2026/27" in page
    letter = db.session.query(Message).filter_by(kind="Y0").first()
    assert letter is not None
    assert "2026/27: dates and your turns" in KINDS["Y0"].render([letter], NOW).subject


def test_the_strip_begins_in_september_and_draws_all_meetings(app: Flask) -> None:
    network = school_network()
    cycle = published(network)
    view = year_page.of_network(network, NOW, 2026)
    assert [month for _x, month in view.strip.months][:5] == [
        date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1),
    ]  # fmt: skip
    assert [mark.day for mark in view.strip.marks] == [meeting.day for meeting in meetings_of_year(cycle)]
    assert [mark.x for mark in view.strip.marks] == sorted(mark.x for mark in view.strip.marks)
    assert view.years == (2026,)


def test_the_strip_of_a_january_year_is_drawn_as_before() -> None:
    days = [date(2028, 12, 29), date(2028, 12, 30), date(2028, 12, 31)]
    drawn = strip(2028, [], {}, school=days, today=date(2028, 2, 29))
    assert drawn.months[1][0] == 113.3
    assert [[round(x, 1) for x in span] for span in drawn.school] == [[1176.4, 6.4]]
    assert drawn.today == 202.9


def test_the_form_lists_the_months_in_the_order_of_the_year(app: Flask) -> None:
    found = []
    for network in (school_network(), years.network()):
        page = manager(app, network).get(f"/networks/{network.slug}/years/2026/plan").text
        found.append([int(number) for number in re.findall(r'name="months"[^>]*value="(\d+)"', page)])
    assert found == [[9, 10, 11, 12, *range(1, 9)], list(range(1, 13))]


def test_the_day_map_runs_from_september_to_august(app: Flask) -> None:
    months = day_map.of_year(school_network(), 2026)
    assert (months[0][0].day, months[-1][-1].day) == (FIRST, LAST)


def test_a_published_school_year_is_taken_back_as_one(app: Flask) -> None:
    cycle = published(school_network())
    publishing.undo(cycle, NOW, None)
    db.session.commit()
    assert [meeting.cancelled for meeting in meetings_of_year(cycle)] == [True] * 6


def test_one_that_gives_up_its_turn_in_spring_is_helped_within_the_same_year(app: Flask) -> None:
    cycle = published(school_network())
    late = meetings_of_year(cycle)[-1]
    assert late.day.year == 2027
    draft = actions.change_meeting(late, {"date": late.day + timedelta(7)}, "", NOW)
    assert draft.rows[-1].date == late.day + timedelta(7)
    assert [each.rule for each in draft.clashes if each.rule == "H1"] == []


def test_the_next_school_year_begins_with_the_balance_of_this_one(app: Flask) -> None:
    network = school_network(members=4)
    cycle = published(network)
    later = datetime(2027, 7, 1, 9, tzinfo=UTC)
    with time_machine.travel(later, tick=False):
        following = years.drafted(network, later, year=2027, number=6, nth="")
    held = meetings_of([network.id])
    turns = balances.over_years(network, held)
    assert {row.year for rows in turns.values() for row in rows} == {2026}
    assert all(sum(row.done) > 0 for rows in turns.values() for row in rows)
    assert [day.year for day in rows_of(following)] == [2027, 2027, 2028, 2028, 2028, 2028]
    stands = balances.balances(network, held)
    least = min(stands, key=lambda number: stands[number][0])
    draft = drafts.of(following)
    assert draft is not None
    assert least in {row.host for row in draft.rows}
    assert cycle.year == 2026


def test_other_networks_of_a_calendar_year_keep_off_its_days(app: Flask) -> None:
    school = school_network(members=2)
    cycle = published(school)
    other = years.network(programme=school.programme, members=1)
    other.memberships[0].organisation = school.memberships[0].organisation
    db.session.commit()
    db.session.expire_all()
    shared = busy_days(other, 2027).shared
    assert set(shared) == {meeting.day for meeting in meetings_of_year(cycle) if meeting.day.year == 2027}


def test_the_start_page_asks_for_the_school_year_from_may_on(app: Flask) -> None:
    network = school_network()
    at = datetime(2026, 5, 2, 9, tzinfo=UTC)
    (line,) = portfolio([network.id], at).waiting
    assert (line.needs[0].what, line.needs[0].year) == ("plan", 2026)
    assert portfolio([network.id], datetime(2026, 4, 29, 9, tzinfo=UTC)).waiting[0].needs[0].year == 2025


def test_past_meetings_of_a_list_belong_to_their_school_years(app: Flask) -> None:
    network = years.network(members=2)
    for day in (date(2025, 10, 1), date(2026, 2, 4), date(2026, 10, 7)):
        held = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        make.meeting(network=network, starts_at=held, imported=True).cycle.published = None
    db.session.commit()
    begin_year_in(network, 9, NOW)
    db.session.commit()
    assert {m.day: m.cycle.year for m in meetings_of([network.id])} == {
        date(2025, 10, 1): 2025,
        date(2026, 2, 4): 2025,
        date(2026, 10, 7): 2026,
    }


def test_the_month_of_a_network_with_a_plan_stays(app: Flask) -> None:
    network = years.network()
    years.drafted(network)
    with pytest.raises(Refused, match="begins in January"):
        begin_year_in(network, 9, NOW)
    assert network.year_begins == 1
    assert cycle_of(network, 2027) is not None


def test_the_month_is_chosen_in_the_settings_and_refused_there(app: Flask) -> None:
    network = years.network()
    browser = manager(app, network)
    fields = {"name": network.name, "size_wanted": "7", "region": "NL-Midden", "mode": "in-person", "state": "active"}
    fields |= {"timezone": network.timezone, "tone": "", "year_begins": "9"}
    browser.post(f"/networks/{network.slug}/settings", data=fields)
    db.session.expire_all()
    assert network.year_begins == 9
    drafted(network)
    page = browser.post(f"/networks/{network.slug}/settings", data=fields | {"year_begins": "1"}, follow_redirects=True)
    assert "The year of this network begins in September" in page.text
    db.session.expire_all()
    assert (network.year_begins, len(cycles_of(network))) == (9, 1)


def test_from_the_same_windows_a_year_over_new_year_is_proven_as_one_inside_it(app: Flask) -> None:
    network = years.network()
    inside = years.drafted(network, datetime(2026, 1, 1, tzinfo=UTC), year=2027, number=8, nth="")
    over = drafted(school_network(), number=8)
    found = [drafts.of(cycle) for cycle in (inside, over)]
    assert [draft.status for draft in found if draft] == ["optimal", "optimal"]
    assert all(draft.objective[2] >= Fraction(0) for draft in found if draft)
