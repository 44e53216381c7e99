"""The public instances, with what is true of each."""

import json
from pathlib import Path

import pytest

from scheduling.joint.many_networks import _in_good_order, _Programme, plan_together, total_value
from scheduling.model.instance import Instance
from scheduling.model.plan import Plan
from scheduling.model.year import Year
from scheduling.planner import plan
from scheduling.rules.check import check
from scheduling.rules.relaxing import drop, wishes
from scheduling.search.feasible import possible
from scheduling.search.one_network import OneNetwork

HERE = Path(__file__).parent
NAMES = sorted(f.stem for f in (HERE / "instances").glob("*.json"))


def read(name: str) -> tuple[Instance, Plan]:
    wanted = json.loads((HERE / "expected" / f"{name}.plan.json").read_text())
    return Instance.from_json(json.loads((HERE / "instances" / f"{name}.json").read_text())), Plan.from_json(wanted)


SINGLE = [n for n in NAMES if len(read(n)[0].networks) == 1 and read(n)[1].objective]
SEVERAL = [n for n in NAMES if len(read(n)[0].networks) > 1 and read(n)[1].objective]
IMPOSSIBLE = [n for n in NAMES if read(n)[1].status == "infeasible"]


@pytest.mark.parametrize("name", NAMES)
def test_an_instance_and_its_plan_survive_json(name):
    instance, wanted = read(name)
    assert Instance.from_json(instance.to_json()) == instance
    assert Plan.from_json(wanted.to_json()) == wanted


@pytest.mark.parametrize("name", SINGLE)
def test_a_single_network_gets_its_proven_optimum(name):
    instance, wanted = read(name)
    made = plan(instance)
    assert (made.status, made.objective, made.certificate.bound) == ("optimal", wanted.objective, wanted.objective)
    assert check(instance, made).violations == ()


@pytest.mark.parametrize("name", SEVERAL)
def test_several_networks_get_a_plan_without_a_clash(name):
    instance, wanted = read(name)
    made = plan(instance, budget=3.0)
    assert check(instance, made).violations == ()
    assert made.certificate.bound <= wanted.objective <= made.objective


@pytest.mark.parametrize("name", ["22-three-networks", "23-five-networks"])
def test_a_few_networks_together_get_their_proven_optimum(name):
    instance, wanted = read(name)
    made = plan(instance, joint=True)
    assert (made.status, made.objective) == ("optimal", wanted.objective)


@pytest.mark.parametrize("budget", [0, 0.005, 0.01, 0.02, 0.04, 0.1])
@pytest.mark.parametrize("name", ["09-more-meetings-than-members", "13-formats-free", "25-every-week"])
def test_with_too_few_steps_a_plan_is_still_right_about_itself(name, budget):
    instance, wanted = read(name)
    made = plan(instance, budget)
    assert check(instance, made).violations == ()
    assert made.certificate.bound <= wanted.objective <= made.objective


def test_a_search_that_may_not_widen_is_still_right_about_itself():
    instance, wanted = read("07-three-organisations")
    year, network = Year(instance), instance.networks[0]
    one = OneNetwork(year, network, [year.candidates(network, m, year.standing()) for m in network.meetings])
    assert one.searches[0].run(16, one.limit, allowance=-1) is None
    one.solve(10**9, widths=(2,))
    assert one.scale.tiers(one.bound()) <= wanted.objective <= one.scale.tiers(one.limit)
    assert check(instance, {network.id: one.rows()}).violations == ()


@pytest.mark.parametrize("name", SINGLE + SEVERAL)
def test_the_check_agrees_with_the_expected_plan(name):
    instance, wanted = read(name)
    report = check(instance, wanted)
    assert (report.violations, report.objective) == ((), wanted.objective)


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_an_impossible_year_names_a_minimal_conflict_and_the_cheapest_way_out(name):
    instance, wanted = read(name)
    made = plan(instance)
    prices = wishes(instance)
    assert (made.status, made.relax_cost) == ("infeasible", wanted.relax_cost)
    assert sum(prices[w] for w in made.relax) == made.relax_cost
    assert possible(drop(instance, made.relax)).rows
    others = [w for w in prices if w not in made.conflict]
    assert possible(drop(instance, others)).rows is None
    assert all(possible(drop(instance, [*others, w])).rows for w in made.conflict)


@pytest.mark.parametrize("allowance", [60_000, 300_000])
@pytest.mark.parametrize("name", SEVERAL)
def test_without_the_extra_networks_together_get_a_good_plan_and_an_honest_bound(name, allowance):
    instance, wanted = read(name)
    made = plan_together(Year(instance), allowance, joint=True, extra=False)
    report = check(instance, made.rows)
    assert report.violations == ()
    assert made.bound <= wanted.objective <= report.objective == made.value


@pytest.mark.parametrize("name", ["22-three-networks", "23-five-networks"])
def test_better_orders_never_make_a_programme_worse(name):
    instance, wanted = read(name)
    programme = _Programme(Year(instance), 3_000_000)
    programme.solve_alone()
    first, better = (_in_good_order(programme, programme.bound(), patient) for patient in (False, True))
    assert wanted.objective <= total_value(better) <= total_value(first)
