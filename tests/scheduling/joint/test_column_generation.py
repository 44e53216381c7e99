"""Many networks together, proven with the optional extra `joint`."""

import subprocess
import sys
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings

from scheduling.joint.column_generation import Columns
from scheduling.joint.many_networks import plan_together
from scheduling.model.network import ANY, Lock, Manager, Previous
from scheduling.model.year import Year
from scheduling.planner import plan
from scheduling.rules.check import check
from tests.scheduling.made import START, away, best_of_all, days, instance, meeting, member, network, row
from tests.scheduling.test_public_instances import read
from tests.scheduling.test_tiny_years import SLOW, tiny_pair

pytest.importorskip("highspy")
FREE = {"host_may_prepare": True, "no_repeat_host": False, "no_repeat_preparer": False}
EVERY_DAY = {d: Fraction(0) for d in range(1, 8)}


def prove(whole, allowance=1_000_000):
    year = Year(whole)
    return Columns(year, plan_together(year, 1_000_000, joint=False).rows, allowance).solve()


def pair(one, two, **kw):
    first = network(**{"id": "n1", "names": "ab", "weekdays": EVERY_DAY, **FREE, **one})
    second = network(**{"id": "n2", "names": "cd", "weekdays": EVERY_DAY, **FREE, **two})
    return instance(first, second, **kw)


def test_twenty_networks_of_one_manager_get_their_proven_optimum():
    whole, wanted = read("24-twenty-networks")
    proof = prove(whole, 5_000_000)
    assert (proof.bound, check(whole, proof.rows).objective) == (wanted.objective, wanted.objective)
    assert check(whole, proof.rows).violations == ()


def test_the_plan_says_how_it_was_proven():
    whole, wanted = read("23-five-networks")
    made = plan(whole, joint=True)
    assert (made.status, made.objective) == ("optimal", wanted.objective)
    assert made.certificate.method == "columns of dates, tier by tier"


def test_without_enough_steps_nothing_is_claimed():
    whole, _ = read("23-five-networks")
    assert [prove(whole, allowance).rows for allowance in (0, 1000, 50_000)] == [{}, {}, {}]
    assert plan(whole, budget=0.01, joint=True).status == "feasible"


@settings(SLOW, max_examples=15)
@given(tiny_pair())
def test_what_is_proven_is_the_best_of_all_plans(whole):
    best = best_of_all(whole, 800)
    assume(isinstance(best, tuple) and plan_together(Year(whole), 1_000_000, joint=False).rows)
    proof = prove(whole)
    if proof.rows:
        report = check(whole, proof.rows)
        assert (report.violations, report.objective, proof.bound) == ((), best, best)


def test_turns_that_depend_on_the_dates_are_priced_with_them():
    """On the first of the two days of n1 only a could host, who hosted last and would be in a row."""
    one = {
        "meetings": (meeting("m1", 0, 1),),
        "previous": Previous(START - timedelta(10), "a", ("a",)),
        "target_gap": 10,
        "members": (member("a"), member("b", host_unavailable=(days(0, 0),))),
    }
    whole = pair(one, {"meetings": (meeting("m1", 0, 1),), "target_gap": 10})
    assert prove(whole).bound == best_of_all(whole)


def test_days_on_which_nobody_or_the_wrong_one_could_host_are_left_out():
    """Best in date would be the first day, when no room is open, then the second, when only b could host again."""
    one = {
        "meetings": (meeting("m1", 0, 2),),
        "previous": Previous(START - timedelta(10)),
        "target_gap": 10,
        "members": (
            member("a", host_unavailable=(days(0, 1),)),
            member("b", host_balance=Fraction(1), host_unavailable=(days(0, 0),)),
        ),
    }
    whole = pair(one, {"meetings": (meeting("m1", 0, 2),), "target_gap": 10})
    proof = prove(whole)
    assert (proof.bound, proof.rows["n1"][0].date) == (best_of_all(whole), START + timedelta(2))


def test_where_a_dearer_day_may_make_cheaper_turns_nothing_is_claimed():
    """The published host is away on the published day: to keep the day or the host."""
    old = row("m1", 0, "a", "b")
    one = {"meetings": (meeting("m1", 0, 2, published=old),)}
    two = {"meetings": (meeting("m1", 0, 2, published=row("m1", 1, "c", "d")),)}
    third = network(id="n3", names="ef", meetings=(meeting("m1", 0, 2),), weekdays={2: Fraction(0), 4: Fraction(1)})
    whole = pair(one, two, organisations=away("a", 0, 0))
    assert prove(whole).rows == {}
    crowded = instance(*whole.networks, third, organisations=away("a", 0, 0))
    assert prove(crowded).rows == {}
    assert [plan(x, joint=True).objective for x in (whole, crowded)] == [best_of_all(x) for x in (whole, crowded)]


def test_a_locked_date_takes_the_day_from_the_others():
    locked = {"meetings": (meeting("m1", 0, 6, locked=Lock(frozenset({"date"}), START)),)}
    whole = pair(locked, {"meetings": (meeting("m1", 0, 2, format=ANY),)}, managers={"boss": Manager("boss")})
    proof = prove(whole)
    assert (proof.bound, proof.rows["n2"][0].date) == (best_of_all(whole), START + timedelta(1))


def test_without_the_extra_the_planner_works_all_the_same():
    code = "import sys; sys.modules['highspy'] = None; import scheduling.joint.highs as m; sys.exit(m.available())"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_extra_is_loaded_only_for_networks_together():
    code = "import sys, scheduling.planner; sys.exit('highspy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
