"""Hosts in an order that goes round the regions, where that costs nothing."""

from hypothesis import given
from hypothesis import strategies as st

from scheduling.host_regions import near, spread
from scheduling.model.network import Lock
from scheduling.model.plan import Plan
from scheduling.planner import plan
from scheduling.rules.check import check
from tests.scheduling.made import days, instance, meeting, member, network
from tests.scheduling.test_tiny_years import SLOW, tiny

WEEKS = tuple(meeting(f"m{n}", 7 * n, 7 * n + 6) for n in range(4))
REGIONS = {"a": "north", "b": "north", "c": "south", "d": "south"}


def hosts(made: Plan) -> str:
    return "".join(row.host or "-" for row in made.networks["n1"])


def test_hosts_go_round_the_regions() -> None:
    whole = instance(network(names="abcd", meetings=WEEKS))
    made = plan(whole)
    regions = dict(zip(hosts(made), ("north", "north", "south", "south"), strict=True))
    after = spread(whole, made, regions)

    assert (near(made.networks["n1"], regions), near(after.networks["n1"], regions)) == (2, 0)
    assert sorted(hosts(after)) == sorted(hosts(made))
    assert (after.status, after.objective, check(whole, after).objective) == ("optimal", made.objective, made.objective)


def test_a_closed_room_keeps_its_place_in_the_order() -> None:
    only_first = member("b", host_unavailable=(days(7, 40),))
    only_next = member("a", host_unavailable=(days(0, 6), days(14, 40)))
    whole = instance(network(members=(only_next, only_first, member("c"), member("d")), meetings=WEEKS))
    after = spread(whole, plan(whole), REGIONS)

    assert (hosts(after)[:2], check(whole, after).violations) == ("ba", ())


def test_who_is_fixed_stays() -> None:
    fixed = tuple(
        meeting(m.id, 7 * n, 7 * n + 6, locked=Lock(frozenset({"host"}), host=host))
        for n, (m, host) in enumerate(zip(WEEKS, "abcd", strict=True))
    )
    whole = instance(network(names="abcd", meetings=fixed))

    assert hosts(spread(whole, plan(whole), REGIONS)) == "abcd"


def test_without_regions_nothing_changes() -> None:
    whole = instance(network(names="abcd", meetings=WEEKS))
    made = plan(whole)

    assert spread(whole, made, {}) == made


@SLOW
@given(tiny(), st.fixed_dictionaries({name: st.sampled_from("xy") for name in "abc"}))
def test_the_objective_never_changes_and_no_rule_is_broken(whole, regions) -> None:
    made = plan(whole)
    after = spread(whole, made, regions)
    before, now = (check(whole, each.networks) for each in (made, after))

    assert (now.objective, now.violations) == (before.objective, before.violations)
    assert all(near(after.networks[n], regions) <= near(rows, regions) for n, rows in made.networks.items())
