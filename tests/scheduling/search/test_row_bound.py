"""Bounds by prices: never above what a plan costs, and near enough to prove the years that other bounds leave open."""

import random
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scheduling.model.instance import Instance
from scheduling.model.network import IN_PERSON, ONLINE, Organisation
from scheduling.model.year import Year
from scheduling.planner import plan
from scheduling.search.beam import Search
from scheduling.search.one_network import OneNetwork
from scheduling.search.row_bound import least_sum
from tests.scheduling.made import days, instance, meeting, member, network
from tests.scheduling.test_tiny_years import tiny

PLENTY = 10**9


def one_network(whole: Instance) -> OneNetwork:
    year, first = Year(whole), whole.networks[0]
    return OneNetwork(year, first, year.days(first, year.standing()))


def priced(search: Search, limit: int, allowance: int = PLENTY) -> Search:
    search.price(limit, allowance)
    return search


def solved(whole: Instance) -> OneNetwork:
    known = one_network(whole)
    known.solve(PLENTY)
    return known


def best_at_prices(whole: Instance, known: OneNetwork) -> int:
    """The packed cost of the best plan that searches meet after prices were looked for, which must not rule it out."""
    searches = [priced(search, known.limit + 1) for search in one_network(whole).searches]
    assert min(search.bound for search in searches) <= known.limit
    found = [search.run(PLENTY, known.limit + 1, PLENTY) for search in searches if search.bound <= known.limit]
    return min(x.value for x in found if x is not None)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(tiny())
def test_no_plan_costs_less_than_prices_say(whole):
    known = solved(whole)
    assume(known.best is not None)
    assert best_at_prices(whole, known) == known.limit


FOUR = tuple(meeting(f"m{t}", 14 * t, 14 * t + 6) for t in range(4))
LITTLE_YEARS = {
    "one is owed far more than all others": {
        "members": (member("a", host_balance=Fraction(-5), prep_balance=Fraction(-5)), member("b"), member("c")),
        "meetings": FOUR,
    },
    "all are owed the same": {"names": "abcd", "meetings": FOUR},
    "two must take turns": {
        "members": (member("a"), member("b"), member("c", room=0), member("d", room=0)),
        "meetings": FOUR,
    },
}


@pytest.mark.parametrize("year", LITTLE_YEARS)
def test_the_best_plan_of_a_little_year_is_found_at_prices_too(year):
    whole = instance(network(**LITTLE_YEARS[year]))
    known = solved(whole)
    assert best_at_prices(whole, known) == known.limit < known.scale.infinite


def year_of_pairs(seed: int, **kw: object) -> Instance:
    """Twelve meetings prepared by two of seven, two in three of them in person, everybody away now and then."""
    dice = random.Random(seed)
    away = {n: [days(d, d + dice.choice((0, 2, 6))) for d in dice.sample(range(360), 12)] for n in "abcdefg"}
    members = [member(n, room=10 * (n < "e"), host_balance=Fraction(dice.randint(-7, 7), 7)) for n in away]
    meetings = [meeting(f"m{t}", 30 * t, 30 * t + 20, format=ONLINE if t % 3 == 2 else IN_PERSON) for t in range(12)]
    usual = {"preparers_per_meeting": 2, "min_gap": 14, "target_gap": 30}
    one = network(members=tuple(members), meetings=tuple(meetings), **usual | kw)
    return instance(one, organisations={n: Organisation(n, tuple(spans)) for n, spans in away.items()})


@pytest.mark.parametrize("seed", [21, 38])
def test_a_year_in_which_somebody_must_serve_twice_running_is_proven_in_a_second(seed):
    assert plan(year_of_pairs(seed), budget=1).status == "optimal"


def test_prices_raise_the_bound_by_the_duties_in_a_row_that_cannot_be_spared():
    known = one_network(year_of_pairs(21))
    known.solve(PLENTY, widths=(1, 16))
    bounds = [priced(one_network(year_of_pairs(21)).searches[0], known.limit).bound for _ in range(2)]
    assert known.root < bounds[0] == bounds[1] <= known.limit


def test_without_a_price_for_duties_in_a_row_there_is_nothing_to_gain():
    known = one_network(year_of_pairs(21, weights={"in_a_row": Fraction(0)}))
    known.solve(PLENTY)
    search = priced(one_network(year_of_pairs(21, weights={"in_a_row": Fraction(0)})).searches[0], known.limit)
    assert search.bound == known.limit


def test_a_meeting_that_nobody_can_host_and_prepare_at_once_has_no_plan():
    lone = network(names="a", meetings=(meeting("m1", 0, 6),))
    search = one_network(instance(lone)).searches[0]
    assert search.bound < search.infinite == priced(search, search.infinite).bound


def test_without_steps_there_are_no_prices():
    search = one_network(year_of_pairs(21)).searches[0]
    root = search.bound
    priced(search, search.infinite, allowance=0)
    assert (search.prices, search.bound) == (None, root)


def test_where_the_choices_are_too_many_there_are_no_prices():
    names = [f"o{n}" for n in range(60)]
    large = network(members=tuple(member(n, room=99) for n in names), preparers_per_meeting=2)
    search = one_network(instance(large)).searches[0]
    assert priced(search, search.infinite).prices is None


@given(st.integers(-200, 200), st.integers(10, 30), st.integers(0, 12), st.integers(0, 6))
def test_a_bound_is_raised_to_the_next_number_that_can_be(value, unit, row, most):
    raised = least_sum(value, unit, row, most)
    sums = {unit * a + row * b for a in range(-30, 30) for b in range(most + 1)}
    assert raised == (min(x for x in sums if x >= value) if row * most < unit else value)


def test_where_rows_together_reach_a_unit_the_bound_stays_as_it_is():
    assert least_sum(7, unit=10, row=5, most=3) == 7
