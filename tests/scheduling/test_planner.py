"""Statuses are honest, and odd years do not break anything."""

import subprocess
import sys
from fractions import Fraction

import pytest

from scheduling.model.instance import Instance
from scheduling.model.network import ANY, Lock, Manager, Organisation
from scheduling.model.plan import Plan
from scheduling.model.year import Year
from scheduling.planner import plan
from scheduling.rules.check import check
from scheduling.rules.relaxing import drop, explain, wishes
from scheduling.search.capped_walk import CappedWalk
from scheduling.search.feasible import possible
from scheduling.search.walk import Walk
from tests.scheduling.made import START, away, days, instance, meeting, member, network, row

EVERY_DAY = {d: Fraction(0) for d in range(1, 8)}


def names(count):
    return tuple(member(f"o{i:02d}", room=99) for i in range(count))


def test_a_year_without_meetings_is_optimal():
    members = (member("a", host_balance=Fraction(1, 2)), member("b"))
    assert plan(instance(network(meetings=(), members=members))).objective == (0, 0, Fraction(1, 4), 0, 0)


def test_far_off_balances_and_holidays_of_all_are_counted_to_the_last():
    members = tuple(
        member(o, host_balance=Fraction(b), prep_balance=Fraction(b, 3))
        for o, b in zip("abc", (-90, 0, 2), strict=True)
    )
    everybody = {o: Organisation(o, school="school") for o in "abc"}
    whole = instance(network(members=members), organisations=everybody, calendars={"school": (days(0, 40),)})
    made = plan(whole)
    assert (made.status, made.objective) == ("optimal", check(whole, made).objective)
    assert made.objective[1] == 3 * 3 * 2


def test_a_programme_without_networks_is_optimal():
    made = plan(Instance("none", ()))
    assert (made.status, made.objective) == ("optimal", (0,) * 5)


def test_importing_the_planner_imports_no_holidays():
    code = "import sys, scheduling.planner; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_more_organisations_than_all_groups_can_be_tried_of_are_planned_all_the_same():
    made = plan(instance(network(members=names(34), preparers_per_meeting=3)), budget=0.2)
    assert check(instance(network(members=names(34), preparers_per_meeting=3)), made).violations == ()
    assert made.status in ("optimal", "feasible")


def test_very_large_groups_are_planned_all_the_same():
    whole = instance(network(members=names(40), preparers_per_meeting=9, host_may_prepare=True))
    assert check(whole, plan(whole, budget=0.2)).violations == ()


def test_many_free_formats_are_planned_with_a_bound():
    meetings = tuple(
        meeting(f"m{i}", 10 * i, 10 * i + 6, format=ANY, prefer="online" if i % 2 else None) for i in range(13)
    )
    whole = instance(network(meetings=meetings, in_person=(3, 5), weekdays=EVERY_DAY))
    made = plan(whole, budget=0.5)
    assert check(whole, made).violations == ()
    assert (made.status, made.certificate.bound <= made.objective) == ("feasible", True)


@pytest.mark.parametrize(
    "lock", [Lock(frozenset({"host"}), host=None), Lock(frozenset({"preparers"}), preparers=("a", "a"))]
)
def test_a_lock_against_the_rules_is_infeasible_and_no_crash(lock):
    made = plan(instance(network(meetings=(meeting("m1", 0, 6, locked=lock),))))
    assert (made.status, made.relax) == (
        "infeasible",
        ("format:n1/m1",) if lock.host is None and not lock.preparers else ("lock:n1/m1",),
    )


def test_locked_dates_out_of_order_are_facts_and_the_others_keep_off_them():
    fact = {"m1": 30, "m2": 10}
    locked = tuple(meeting(k, 0, 60, locked=Lock(frozenset({"date"}), days(d, d)[0])) for k, d in fact.items())
    one = network(meetings=(*locked, meeting("m3", 30, 31)), weekdays=EVERY_DAY)
    made = plan(instance(one))
    assert (made.status, made.networks["n1"][2].date) == ("optimal", days(31, 31)[0])


def test_strangers_may_be_locked_and_are_facts():
    lock = Lock(frozenset({"date", "format", "host", "preparers"}), START, "in_person", "x", ("y",))
    made = plan(instance(network(meetings=(meeting("m1", 0, 6, locked=lock), meeting("m2", 14, 20)))))
    assert (made.status, made.networks["n1"][0]) == ("optimal", row("m1", 0, "x", "y"))


def test_nothing_helps_against_no_organisations_at_all():
    made = plan(instance(network(members=())))
    assert (made.status, made.conflict, made.relax, made.relax_cost) == ("infeasible", (), None, None)


def test_who_could_come_only_before_the_meeting_before_is_passed_over():
    """Only b may host the second meeting, on the first day; the first meeting may be on the second day or the third."""
    members = (member("a", hosts=False), member("b"))
    meetings = (meeting("m1", 1, 2, format="online"), meeting("m2", 0, 3))
    one = network(members=members, meetings=meetings, weekdays=EVERY_DAY, no_repeat_preparer=False)
    assert plan(instance(one)).status == "optimal"
    assert plan(instance(one, organisations=away("b", 1, 3))).status == "infeasible"


def test_without_an_answer_in_time_nothing_is_claimed():
    assert plan(crowded(7)).status == "infeasible"
    assert possible(crowded(7), most=1).known is False
    found = explain(crowded(7), lambda _: None)
    assert (found.conflict, found.relax) == (None, None)


def test_where_not_all_groups_can_be_looked_at_nothing_is_claimed():
    """Of 13 no two groups of 7 have nobody in common, but looking at all pairs takes too long."""
    meetings = (meeting("m1", 0, 6, format="online"), meeting("m2", 14, 20, format="online"))
    made = plan(instance(network(members=names(13), meetings=meetings, preparers_per_meeting=7)), budget=0.1)
    assert made.status in ("unknown", "infeasible")


def test_where_hardly_anybody_of_very_many_can_prepare_nothing_is_claimed():
    absent = {f"o{i:02d}": Organisation(f"o{i:02d}", (days(0, 30),)) for i in range(35)}
    whole = instance(network(members=names(40), preparers_per_meeting=9), organisations=absent)
    assert plan(whole, budget=0.1).status in ("unknown", "infeasible")


def test_a_meeting_without_its_format_counts_for_those_in_person():
    """Nobody has a room; once a format is free, `in_person` is no longer waived."""
    made = plan(instance(network(members=(member("a", room=0), member("b", room=0)), in_person=(2, 2))))
    assert (made.relax_cost, set(made.relax)) == (12, {"format:n1/m1", "format:n1/m2", "in_person:n1"})


def test_an_organisation_without_its_absences_is_expected_everywhere():
    """Only b could prepare, and is away; without its absences it would sit in two meetings on one day."""
    members = (member("a", prepares=False), member("b"))
    one = network(id="n1", meetings=(meeting("m1", 0, 0, format="online"),), members=members)
    two = network(id="n2", meetings=(meeting("m1", 0, 0),), members=tuple(map(member, "bde")), manager="other")
    made = plan(instance(one, two, organisations=away("b", 0, 0)))
    assert (made.relax_cost, made.relax) == (7, ("prepares:n1/a",))


def test_a_conflict_found_before_the_steps_ran_out_is_told():
    whole = instance(network(members=(member("a"), member("b", room=0), member("c", room=0))))
    answers = iter([True, False])

    def forgetful(asked):
        return next(answers, None) if asked is None else next(answers, possible(asked).rows is not None)

    assert explain(whole, forgetful).conflict


def crowded(last):
    """Two networks of one manager with one day for both of their meetings."""
    one = network(id="n1", meetings=(meeting("m1", 0, last - 7),), members=(member("a"), member("b")))
    two = network(id="n2", meetings=(meeting("m1", 0, last - 7),), members=(member("c"), member("d")))
    return instance(one, two)


def test_a_network_that_is_squeezed_out_is_planned_first():
    wide = network(id="n1", meetings=(meeting("m1", 0, 6),), members=(member("a"), member("b")))
    narrow = network(id="n2", meetings=(meeting("m1", 0, 0),), members=(member("c"), member("d")))
    made = plan(instance(wide, narrow))
    assert (made.status, made.networks["n1"][0].date, made.networks["n2"][0].date) == ("feasible", days(2, 2)[0], START)
    assert made.networks.keys() == {"n1", "n2"}


def test_two_networks_that_squeeze_each_other_out_get_a_plan_all_the_same():
    """Each has one meeting with one day, and its other one would rather take the only day of the other network."""
    one = network(id="n1", meetings=(meeting("m1", 0, 0), meeting("m2", 10, 11)), weekdays=EVERY_DAY, names="abc")
    two = network(id="n2", meetings=(meeting("m1", 0, 1), meeting("m2", 10, 10)), weekdays=EVERY_DAY, names="def")
    made = plan(instance(one, two))
    assert (made.status, check(instance(one, two), made).violations) == ("feasible", ())
    assert plan(instance(one, two), joint=True).status == "optimal"


def test_together_with_nothing_lost_the_programme_is_optimal():
    wide = network(
        id="n1",
        members=(member("a"), member("b")),
        host_may_prepare=True,
        no_repeat_host=False,
        no_repeat_preparer=False,
    )
    other = network(id="n2", members=(member("c"), member("d"), member("e")), manager="other")
    assert plan(instance(wide, other), joint=True).status == "optimal"
    assert plan(instance(wide, other)).status == "feasible"


def test_two_meetings_a_day_of_one_manager_leave_room_for_one_beside_a_locked_one():
    locked = network(
        id="n1",
        members=(member("a"), member("b")),
        meetings=(meeting("m1", 0, 6, locked=Lock(frozenset({"date"}), START)),),
    )
    others = [
        network(id=f"n{i}", members=tuple(member(f"{x}{i}") for x in "ab"), meetings=(meeting("m1", 0, 2),))
        for i in (2, 3)
    ]
    whole = instance(locked, *others, managers={"boss": Manager("boss", max_per_day=2)})
    assert check(whole, plan(whole, budget=0.2)).violations == ()
    assert possible(whole).rows


def test_a_wish_with_a_slash_in_its_names_can_be_dropped():
    one = network(
        id="n/1",
        meetings=(meeting("m/1", 0, 6, format=ANY, locked=Lock(frozenset({"format"}), format="online")),),
        closed=("a/b",),
    )
    whole = instance(one, calendars={"a/b": ()}, organisations=away("a", 0, 0))
    dropped = drop(whole, wishes(whole))
    assert (dropped.networks[0].closed, dropped.networks[0].meetings[0].locked, dropped.organisations["a"]) == (
        (),
        Lock(),
        Organisation("a"),
    )


def test_an_invented_wish_cannot_be_dropped():
    with pytest.raises(ValueError, match="no wish"):
        drop(instance(), ["window:n1/m9"])


def test_a_plan_without_rows_says_so_in_json():
    assert Plan("made", "unknown").to_json() == {
        "format": "toerbeurt-plan/1",
        "instance": "made",
        "status": "unknown",
        "networks": {},
    }


def test_a_limit_of_turns_is_kept_although_the_ledger_asks_for_more():
    members = (member("a", host_balance=Fraction(-4), prep_balance=Fraction(-4)), *(member(x) for x in "bcd"))
    meetings = tuple(meeting(f"m{t}", 14 * t, 14 * t + 6) for t in range(5))
    free, limited = (instance(network(members=members, meetings=meetings, max_turns=n)) for n in (None, 3))
    turns = {n.networks[0].max_turns: turns_of("a", plan(n)) for n in (free, limited)}
    assert turns == {None: 5, 3: 3}
    assert plan(limited).status == "optimal"


def turns_of(name, made):
    return sum((r.host == name) + (name in r.preparers) for r in made.networks["n1"])


def test_too_few_turns_for_the_year_are_named_and_given_up_at_the_least_price():
    meetings = tuple(meeting(f"m{t}", 14 * t, 14 * t + 6) for t in range(3))
    made = plan(instance(network(meetings=meetings, max_turns=1)))
    assert (made.status, made.relax, made.relax_cost) == ("infeasible", ("max_turns:n1",), 2)
    assert "max_turns:n1" in made.conflict
    assert plan(drop(instance(network(meetings=meetings, max_turns=1)), made.relax)).status == "optimal"


def test_a_plan_that_keeps_the_limit_is_found_where_the_first_one_met_does_not():
    meetings = tuple(meeting(f"m{t}", 14 * t, 14 * t + 6, format="any") for t in range(6))
    whole = instance(network(names="abcdef", meetings=meetings, max_turns=2, in_person=(6, 6)))
    found = possible(whole)
    assert check(whole, found.rows).violations == ()


def test_a_limit_that_only_other_rules_make_impossible_is_explained():
    members = (member("a"), *(member(x, room=0) for x in "bcd"))
    meetings = tuple(meeting(f"m{t}", 14 * t, 14 * t + 6) for t in range(3))
    made = plan(instance(network(members=members, meetings=meetings, no_repeat_host=False, max_turns=2)))
    assert (made.status, made.relax, made.relax_cost) == ("infeasible", ("max_turns:n1",), 2)


def test_looking_for_a_plan_within_a_limit_ends_when_the_looks_are_used_up():
    meetings = tuple(meeting(f"m{t}", 14 * t, 14 * t + 6) for t in range(6))
    whole = instance(network(names="abcdef", meetings=meetings, max_turns=2))
    year = Year(whole)
    free = Walk(year, whole.networks[0], year.standing())
    assert free.rows()
    walk = CappedWalk(year, whole.networks[0], year.standing(), most=free.looks + 30)
    assert (walk.rows(), walk.whole) == (None, False)


def test_the_first_plan_met_is_taken_where_it_keeps_the_limit_already():
    whole = instance(network(meetings=(meeting("m1", 0, 6),), max_turns=1))
    found = possible(whole)
    assert check(whole, found.rows).violations == ()


def test_where_there_is_no_plan_at_all_the_limit_finds_none_either():
    nobody = tuple(member(x, prepares=False) for x in "abc")
    assert possible(instance(network(members=nobody, max_turns=1))).rows is None
