"""Every oddity at once on years so small that all their plans can be tried."""

from datetime import timedelta
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scheduling.model.instance import Instance
from scheduling.model.network import ANY, IN_PERSON, ONLINE, Lock, Manager, Organisation, PlannedMeeting, Previous
from scheduling.planner import plan
from scheduling.rules.balance import at_end
from scheduling.rules.check import check
from scheduling.rules.relaxing import drop, wishes
from scheduling.search.feasible import possible
from tests.scheduling.made import START, all_plans, best_of_all, days, instance, meeting, member, network

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
number = st.integers(0, 8)


@st.composite
def full_row(draw, key, names, size, day):
    host = draw(st.sampled_from([None, *names]))
    team = draw(st.permutations(names))[:size]
    return PlannedMeeting(key, START + timedelta(day), ONLINE if host is None else IN_PERSON, host, tuple(team))


@st.composite
def a_meeting(draw, key, first, names, size):
    kw = {"format": draw(st.sampled_from([IN_PERSON, ONLINE, ANY])), "prefer": draw(st.sampled_from([None, ONLINE]))}
    row = draw(full_row(key, names, size, first + draw(st.integers(0, 9))))
    if draw(st.integers(0, 3)) == 0:
        fields = draw(st.sets(st.sampled_from(["date", "format", "host", "preparers"]), min_size=1))
        fields |= {"format"} if "host" in fields else set()
        kw["locked"] = Lock(frozenset(fields), **{f: getattr(row, f) for f in fields})
    elif draw(st.booleans()):
        kw["published"] = row
    return meeting(key, first, first + draw(st.integers(4, 8)), **kw)


@st.composite
def a_member(draw, name):
    return member(
        name,
        seats=draw(st.integers(1, 2)),
        room=draw(st.sampled_from([0, 9, 9])),
        hosts=draw(st.integers(0, 4)) > 0,
        prepares=draw(st.integers(0, 4)) > 0,
        host_balance=Fraction(draw(st.integers(-4, 4)), 3),
        prep_balance=Fraction(draw(st.integers(-4, 4)), 4),
        until=draw(st.sampled_from([None, None, START + timedelta(15)])),
        duties_from=draw(st.sampled_from([None, None, START + timedelta(10)])),
        host_avoid=(days(0, 3),) if draw(st.booleans()) else (),
        host_unavailable=(days(14, 17),) if draw(st.integers(0, 3)) == 0 else (),
    )


@st.composite
def a_network(draw, key, names, count, starts=(0, 12, 24)):
    size = draw(st.integers(1, min(2, len(names) - 1)))
    return network(
        id=key,
        members=tuple(draw(a_member(n)) for n in names),
        meetings=tuple(draw(a_meeting(f"m{i}", starts[i], names, size)) for i in range(count)),
        preparers_per_meeting=size,
        min_gap=draw(st.sampled_from([1, 10, 14])),
        target_gap=draw(st.sampled_from([None, 12])),
        quorum=draw(st.sampled_from([0, 60])),
        host_may_prepare=draw(st.booleans()),
        no_repeat_host=draw(st.booleans()),
        no_repeat_preparer=draw(st.booleans()),
        in_person=draw(st.sampled_from([None, (1, 2)])),
        max_turns=draw(st.sampled_from([None, None, 1, 2, 3])),
        previous=draw(st.sampled_from([Previous(), Previous(START - timedelta(12), names[0], (names[-1],))])),
    )


def absences(draw, names):
    return {
        n: Organisation(
            n, tuple(days(f, f + draw(st.integers(0, 3))) for f in draw(st.lists(st.integers(0, 28), max_size=3)))
        )
        for n in names
    }


@st.composite
def tiny(draw):
    names = "abc"[: draw(st.integers(2, 3))]
    one = draw(a_network("n1", names, draw(st.integers(2, 3))))
    return instance(one, organisations=absences(draw, names), managers={"boss": Manager("boss", (days(1, 1),))})


@st.composite
def tiny_pair(draw):
    """Two networks of two that share a manager and a member, on nearly the same days."""
    one, two = draw(a_network("n1", "ab", 2, (0, 9))), draw(a_network("n2", "bc", 1))
    return instance(
        one,
        two,
        organisations=absences(draw, "abc"),
        managers={"boss": Manager("boss", max_per_day=draw(st.integers(1, 2)))},
    )


def agrees_with_all_plans(whole: Instance, joint: bool) -> None:
    best = best_of_all(whole, 800)
    assume(not isinstance(best, int))
    made = plan(whole, joint=joint)
    if best is None:
        assert made.status == "infeasible"
        return
    report = check(whole, made)
    assert (report.violations, report.objective) == ((), made.objective)
    assert made.certificate.bound <= best <= made.objective
    if len(whole.networks) == 1 or joint:
        assert made.status == "optimal"
    if made.status == "optimal":
        assert made.objective == best


@SLOW
@given(tiny())
def test_one_network_gets_the_best_of_all_plans(whole):
    agrees_with_all_plans(whole, joint=False)


@SLOW
@given(tiny_pair())
def test_two_networks_get_a_plan_exactly_if_there_is_one(whole):
    agrees_with_all_plans(whole, joint=False)


@SLOW
@given(tiny_pair())
def test_two_networks_together_get_the_best_of_all_plans(whole):
    agrees_with_all_plans(whole, joint=True)


def cheaper_sets(prices, most):
    """Every set of wishes that costs less than `most`."""
    sets = [((), 0)]
    for wish, price in prices.items():
        sets += [((*some, wish), cost + price) for some, cost in sets if cost + price < most]
    return [some for some, _ in sets]


@SLOW
@given(tiny())
def test_no_cheaper_set_of_wishes_makes_an_impossible_year_possible(whole):
    made = plan(whole)
    prices = wishes(whole)
    assume(made.relax is not None and made.relax_cost <= 9)
    assert possible(drop(whole, made.relax)).rows
    assert not [x for x in cheaper_sets(prices, made.relax_cost) if possible(drop(whole, x)).rows]
    others = [w for w in prices if w not in made.conflict]
    assert possible(drop(whole, others)).rows is None
    assert all(possible(drop(whole, [*others, w])).rows for w in made.conflict)


@SLOW
@given(tiny())
def test_asked_twice_the_plan_is_the_same_and_what_is_locked_stays(whole):
    made = plan(whole)
    assert plan(whole) == made
    assert Instance.from_json(whole.to_json()) == whole
    for known, rows in ((n, made.networks.get(n.id, ())) for n in whole.networks):
        for wanted, got in zip(known.meetings, rows, strict=False):
            assert all(getattr(wanted.locked, f) == getattr(got, f) for f in wanted.locked.fields)


@SLOW
@given(tiny())
def test_of_equals_the_earliest_dates_are_taken(whole):
    made = plan(whole)
    everything = all_plans(whole, 800)
    assume(made.status == "optimal" and everything is not None)
    reports = ((rows, check(whole, rows)) for rows in everything)
    equals = [rows["n1"] for rows, r in reports if not r.violations and r.objective == made.objective]
    mine = [row.date for row in made.networks["n1"]]
    assert mine == min([row.date for row in rows] for rows in equals)


@SLOW
@given(tiny())
def test_the_ledger_gains_what_is_done_and_loses_what_is_owed(whole):
    made = plan(whole)
    assume(made.networks)
    one = whole.networks[0]
    end = at_end(one, made.networks["n1"])
    meetings = {m.id: m for m in one.meetings}
    rows = made.networks["n1"]
    gained = sum(1 for r in rows if r.host) - sum(1 for r in rows if r.host and one.may_host(meetings[r.meeting]))
    assert sum(b.host for b in end.values()) == sum(m.host_balance for m in one.members) + gained
