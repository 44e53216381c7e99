"""Every rule is found broken where it is broken, and a fact is only a note."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from scheduling.model.from_json import row as read_row
from scheduling.model.instance import Instance
from scheduling.model.network import ANY, Lock, Manager, Organisation, Previous
from scheduling.model.plan import Plan
from scheduling.rules.balance import Balance
from scheduling.rules.check import KNOWN_UNTIL, check
from tests.scheduling.made import START, away, days, instance, meeting, member, network, row

GOOD = [row("m1", 0, "a", "b"), row("m2", 14, "b", "c")]


def broken(rows, whole=None):
    return sorted({f.rule for f in check(whole or instance(), {"n1": rows}).violations})


def test_a_good_plan_breaks_nothing():
    assert broken(GOOD) == []


CASES = {
    "H0": ([GOOD[0]], instance()),
    "H1": ([row("m1", 7, "a", "b"), GOOD[1]], instance(network(weekdays={d: Fraction(0) for d in range(1, 8)}))),
    "H2": ([row("m1", 1, "a", "b"), GOOD[1]], instance()),
    "H3": (GOOD, instance(network(closed=("feast",)), calendars={"feast": (days(0, 0),)})),
    "H4": (GOOD, instance(managers={"boss": Manager("boss", (days(0, 0),))})),
    "H5": (GOOD, instance(network(min_gap=15))),
    "H6": ([row("m1", 0, None, "b"), GOOD[1]], instance()),
    "H7": (GOOD, instance(network(members=(member("a", host_unavailable=(days(0, 0),)), member("b"), member("c"))))),
    "H8": ([row("m1", 0, "a", "b", "c"), row("m2", 14, "b", "a")], instance()),
    "H9": ([GOOD[0], row("m2", 14, "a", "c")], instance()),
    "H10": ([GOOD[0], row("m2", 14, "c", "b")], instance()),
    "H11": (GOOD, instance(network(quorum=70), organisations=away("c", 0, 0))),
    "H12": (
        GOOD,
        instance(network(in_person=(0, 1), meetings=(meeting("m1", 0, 6, format=ANY), meeting("m2", 14, 20)))),
    ),
    "H13": (
        GOOD,
        instance(
            network(meetings=(meeting("m1", 0, 6, locked=Lock(frozenset({"host"}), host="c")), meeting("m2", 14, 20)))
        ),
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_broken_rule_is_found(rule):
    assert broken(*CASES[rule]) == [rule]


@pytest.mark.parametrize(
    ("rows", "whole", "rules"),
    [
        ([row("m1", 0, "z", "b"), GOOD[1]], instance(), ["H6"]),
        ([replace(GOOD[0], host=None), GOOD[1]], instance(), ["H6"]),
        ([row("m1", 0, "a", "z"), GOOD[1]], instance(), ["H8"]),
        (GOOD, instance(organisations=away("a", 0, 0)), ["H7"]),
        (GOOD, instance(organisations=away("b", 0, 0)), ["H8"]),
        ([row("m1", 0, "a", "a"), GOOD[1]], instance(), ["H8"]),
        ([row("m1", 0, "a", "b", "b"), GOOD[1]], instance(), ["H8"]),
        (
            [row("m1", 0, "a", "b", "b"), row("m2", 14, "b", "c", "a")],
            instance(network(preparers_per_meeting=2)),
            ["H8"],
        ),
        (GOOD, instance(network(previous=Previous(START, "a", ("b",)))), ["H10", "H5", "H9"]),
        (
            GOOD,
            instance(
                network(
                    meetings=(
                        meeting("m1", 0, 6, locked=Lock(frozenset({"preparers"}), preparers=("c",))),
                        meeting("m2", 14, 20),
                    )
                )
            ),
            ["H13"],
        ),
    ],
)
def test_other_ways_to_break_a_rule(rows, whole, rules):
    assert broken(rows, whole) == rules


JUDGED = json.loads((Path(__file__).parent / "judged.json").read_text())


@pytest.mark.parametrize("case", JUDGED, ids=lambda case: case["instance"]["name"])
def test_another_programme_that_knows_only_the_rules_judges_the_same(case):
    """Plans good and bad with every oddity, judged by code that shares nothing with this one."""
    rows = {n: [read_row(r, "a row") for r in some] for n, some in case["rows"].items()}
    report = check(Instance.from_json(case["instance"]), rows)
    assert sorted(f.rule for f in report.violations) == case["violations"]
    assert sorted(f.rule for f in report.notes) == case["notes"]
    assert report.objective == tuple(map(Fraction, case["objective"]))
    assert report.ledger == {
        n: {o: Balance(Fraction(b["host_balance"]), Fraction(b["prep_balance"])) for o, b in lines.items()}
        for n, lines in case["ledger"].items()
    }


def locked_all(row_):
    return Lock(frozenset({"date", "format", "host", "preparers"}), row_.date, row_.format, row_.host, row_.preparers)


def test_what_is_locked_on_both_sides_is_noted_and_not_broken():
    rows = [row("m1", 30, "a", "a"), row("m2", 12, "a", "a", "z")]
    meetings = tuple(meeting(r.meeting, 0, 6, locked=locked_all(r), format="online") for r in rows)
    one = network(meetings=meetings, quorum=100, closed=("feast",), in_person=(0, 1))
    whole = instance(
        one,
        calendars={"feast": (days(0, 40),)},
        organisations=away("a", 0, 40),
        managers={"boss": Manager("boss", (days(0, 40),), 0)},
    )
    report = check(whole, {"n1": rows})
    assert report.violations == ()
    assert {f.rule for f in report.notes} == {"H1", "H3", "H2", "H4", "H5", "H7", "H8", "H9", "H10", "H11", "H12"}


def rules_of(report):
    return [f.rule for f in report.violations], [f.rule for f in report.notes]


def test_hosting_and_preparing_count_together_against_the_most_turns():
    rows = [row("m1", 0, "a", "b"), row("m2", 14, "c", "a")]
    assert rules_of(check(instance(network(max_turns=2)), {"n1": rows})) == ([], [])
    online = [row("m1", 0, None, "a"), row("m2", 14, None, "b")]
    assert "H15" not in [f.rule for f in check(instance(network(max_turns=1)), {"n1": online}).violations]
    report = check(instance(network(max_turns=1)), {"n1": rows})
    assert [(f.rule, f.meeting, f.text) for f in report.violations] == [
        ("H15", None, "a has 2 turns, at most 1 wanted")
    ]


def test_turns_that_are_all_locked_break_no_limit_and_one_that_is_free_does():
    rows = [row("m1", 0, "a", "b"), row("m2", 14, "c", "a")]
    locked = tuple(replace(m, locked=locked_all(r)) for m, r in zip(network().meetings, rows, strict=True))
    assert rules_of(check(instance(network(max_turns=1, meetings=locked)), {"n1": rows})) == ([], ["H15"])
    half = (locked[0], network().meetings[1])
    assert rules_of(check(instance(network(max_turns=1, meetings=half)), {"n1": rows})) == (["H15"], [])


def test_two_networks_share_the_days_of_a_manager_and_of_an_organisation():
    one, two = network(), network(id="n2", names="cd", members=(member("c"), member("d")))
    rows = {"n1": GOOD, "n2": [row("m1", 0, "c", "d"), row("m2", 16, "d", "c")]}
    found = check(instance(one, two), rows).violations
    assert [(f.rule, f.network, f.meeting) for f in found] == [("H4", "n2", "m1"), ("H14", "n2", "m1")]
    free = instance(
        one,
        two,
        managers={"boss": Manager("boss", max_per_day=2)},
        organisations={"c": Organisation("c", one_per_day=False)},
    )
    assert check(free, rows).violations == ()


def test_rows_and_meetings_may_be_named_in_any_order():
    one = network(meetings=(meeting("z", 0, 6), meeting("a", 14, 20)))
    rows = [row("a", 14, "b", "c"), row("z", 0, "a", "b")]
    assert check(instance(one), {"n1": rows}) == check(instance(one), {"n1": rows[::-1]})
    assert broken(rows, instance(one)) == []


def test_a_network_nobody_knows_is_a_violation():
    assert [f.rule for f in check(instance(), {"n1": GOOD, "n9": []}).violations] == ["H0"]


def test_an_unlisted_manager_has_one_meeting_a_day():
    one, two = network(manager="x"), network(id="n2", manager="x", members=(member("d"), member("e")))
    rows = {"n1": GOOD, "n2": [row("m1", 0, "d", "e"), row("m2", 16, "e", "d")]}
    assert [f.rule for f in check(instance(one, two), rows).violations] == ["H4"]


def test_the_score_of_every_tier():
    published = (row("m1", 2, "c", "c"), row("m2", 14, None, "c"))
    meetings = (
        meeting("m1", 0, 6, published=published[0]),
        meeting("m2", 14, 20, format=ANY, prefer="online", published=published[1]),
    )
    members = (member("a", host_avoid=(days(0, 0),)), member("b"), member("c"))
    one = network(meetings=meetings, members=members, target_gap=10, previous=Previous(days(-7, 0)[0], "b"))
    whole = instance(
        one,
        organisations={"c": Organisation("c", (days(0, 0),)), "b": Organisation("b", school="holidays")},
        calendars={"holidays": (days(14, 14),)},
    )
    report = check(whole, Plan("made", "feasible", {"n1": tuple(GOOD)}))
    hosting, preparing = 2 * Fraction(1, 3) ** 2 + Fraction(2, 3) ** 2, Fraction(1, 3) ** 2 * 2 + Fraction(2, 3) ** 2
    assert report.objective == (10 + 3 + 2 + 3 + 2, 10 + 3 + 4, hosting + preparing, 2 + 2 + 2, 3 + 4)


def test_a_calendar_that_ends_is_noted():
    whole = instance(network(closed=("feast",)), calendars={"feast": ()}, known_until={"feast": START})
    assert [(f.rule, f.code, f.meeting) for f in check(whole, {"n1": GOOD}).notes] == [("H3", KNOWN_UNTIL, "m2")]
