"""Reasons come from the real calculation; the codes are what the screens stand on."""

from dataclasses import replace
from fractions import Fraction

import pytest

from scheduling.model.network import Lock, Organisation, Previous
from scheduling.model.plan import Plan, Reason
from scheduling.planner import plan
from scheduling.rules.reasons import reasons, warnings
from tests.scheduling.made import away, days, instance, meeting, member, network, row


def told(whole, *rows):
    """Code and parameters of every reason of meeting m1."""
    found = reasons(whole, Plan("made", "feasible", {"n1": rows}))
    return {r.code: dict(r.params) for r in found if r.meeting == "m1"}


def one_meeting(**kw):
    members = kw.pop("members", tuple(member(x) for x in "abc"))
    rest = {k: kw.pop(k) for k in ("weekdays", "previous", "target_gap", "host_may_prepare") if k in kw}
    return network(members=members, meetings=(meeting("m1", 0, 6, **kw),), **rest)


def test_every_date_host_and_preparer_has_a_reason():
    whole = instance()
    made = plan(whole)
    assert [(r.meeting, r.code.partition("_")[0]) for r in reasons(whole, made)] == [
        (m, c) for m in ("m1", "m2") for c in ("date", "host", "preparer")
    ]


def test_a_locked_meeting_is_as_it_is_because_it_is_locked():
    lock = Lock(frozenset({"date", "host", "preparers"}), days(0, 0)[0], None, "a", ("b",))
    assert told(instance(one_meeting(locked=lock)), row("m1", 0, "a", "b")) == {
        "date_locked": {"date": "2026-09-01"},
        "host_locked": {"organisation": "a"},
        "preparer_locked": {"organisation": "b"},
    }


def test_a_published_meeting_keeps_what_people_know():
    found = told(instance(one_meeting(published=row("m1", 0, "a", "b"))), row("m1", 0, "a", "b"))
    assert list(found) == ["date_published", "host_published", "preparer_published"]


def test_the_only_day_and_the_only_ones_who_can():
    members = (member("a"), member("b", room=0, hosts=True), member("c", room=0, prepares=False))
    found = told(instance(one_meeting(members=members, weekdays={2: Fraction(0)})), row("m1", 0, "a", "b"))
    assert list(found) == ["date_only_day", "host_only_room", "preparer_most_owed"]
    alone = (member("a", prepares=False), member("b"))
    assert "preparer_only_one" in told(instance(one_meeting(members=alone)), row("m1", 0, "a", "b"))


def test_the_others_are_absent():
    absent = {"b": Organisation("b", (days(0, 0),)), "c": Organisation("c", (days(0, 0),))}
    found = told(
        instance(one_meeting(host_may_prepare=True, members=tuple(member(x) for x in "abc")), organisations=absent),
        row("m1", 0, "a", "a"),
    )
    assert found["host_others_absent"] == {"organisation": "a", "others": ("b", "c")}
    assert found["preparer_others_absent"] == {"organisation": "a", "others": ("b", "c")}


def test_a_date_with_absences_says_how_many_and_whether_another_was_better():
    everywhere = instance(one_meeting(), organisations=away("c", 0, 6))
    assert told(everywhere, row("m1", 0, "a", "b"))["date_fewest_absent"] == {
        "date": "2026-09-01",
        "of": 3,
        "as_good": 2,
        "absent": 1,
        "organisations": ("c",),
    }
    once = instance(one_meeting(), organisations=away("c", 0, 0))
    found = told(once, row("m1", 0, "a", "b"))["date_fits_the_others"]
    assert (found["other_date"], found["other_absent"]) == ("2026-09-03", 0)


def test_among_days_when_all_can_come_the_weekday_or_the_spacing_decides():
    assert told(instance(one_meeting()), row("m1", 0, "a", "b"))["date_weekday_wish"]["weekday"] == 2
    same = {2: Fraction(0), 4: Fraction(0)}
    spaced = one_meeting(weekdays=same, previous=Previous(days(-9, 0)[0]), target_gap=9)
    assert told(instance(spaced), row("m1", 0, "a", "b"))["date_spacing"] == {
        "date": "2026-09-01",
        "of": 3,
        "as_good": 2,
        "gap": 9,
        "target": 9,
    }
    assert "date_all_present" in told(instance(one_meeting(weekdays=same)), row("m1", 0, "a", "b"))


def test_who_is_owed_most_gets_the_turn_and_the_next_best_has_a_price():
    members = (member("a", host_balance=Fraction(-1)), member("b"), member("c", host_balance=Fraction(1, 2)))
    found = told(instance(one_meeting(members=members)), row("m1", 0, "a", "c"))
    assert found["host_most_owed"] == {
        "organisation": "a",
        "balance": "-1",
        "next": "b",
        "next_balance": "0",
        "next_tier": "unfairness",
        "next_cost": "2",
    }


def test_no_other_choice_has_no_price():
    members = (member("a", host_balance=Fraction(-1)), member("b"))
    found = told(instance(one_meeting(members=members)), row("m1", 0, "a", "b"))
    assert found["host_most_owed"] == {"organisation": "a", "balance": "-1", "next": None}


def test_an_equal_choice_costs_nothing():
    found = told(instance(one_meeting(members=tuple(member(x) for x in "abcd"))), row("m1", 0, "a", "b"))
    assert found["host_most_owed"] == {
        "organisation": "a",
        "balance": "0",
        "next": "c",
        "next_balance": "0",
        "next_tier": None,
        "next_cost": "0",
    }


def test_a_meeting_online_has_no_reason_for_a_host():
    online = instance(network(meetings=(meeting("m1", 0, 6, format="online"),)))
    assert list(told(online, row("m1", 0, None, "a"))) == ["date_weekday_wish", "preparer_most_owed"]


def test_a_plan_without_rows_has_no_reasons():
    assert reasons(instance(), Plan("made", "unknown")) == ()


@pytest.mark.parametrize(
    ("rows", "previous", "code"),
    [
        ((row("m1", 0, "b", "c"), row("m2", 14, "a", "b")), Previous(), "host_others_have_turns"),
        ((row("m1", 0, "b", "c"), row("m2", 14, "c", "b")), Previous(None, "a"), "host_not_twice"),
        ((row("m1", 0, "b", "c"), row("m2", 14, "c", "b")), Previous(), "host_fair_in_all"),
    ],
)
def test_who_is_owed_more_but_does_not_host_is_named(rows, previous, code):
    members = (member("a", host_balance=Fraction(-1)), member("b"), member("c"))
    found = told(instance(network(members=members, previous=previous)), *rows)
    assert found[code]["ahead"] == "a"


def test_warnings_name_absences_holidays_ends_of_calendars_and_missing_rooms():
    members = (member("a"), member("b", room=0), member("c"), member("d", room=0, hosts=False))
    one = network(members=members, closed=("feast",))
    orgs = {"a": Organisation("a", (days(0, 0),)), "c": Organisation("c", school="school")}
    calendars = {"feast": (), "school": (days(0, 0),)}
    whole = instance(one, organisations=orgs, calendars=calendars, known_until={"feast": days(5, 5)[0]})
    found = warnings(whole, Plan("made", "feasible", {"n1": (row("m1", 0, "c", "b"), row("m2", 14, "a", "c"))}))
    assert found == (
        Reason("absent", {"date": "2026-09-01", "count": 1, "of": 4, "organisations": ("a",)}, "n1", "m1"),
        Reason("school_holiday", {"date": "2026-09-01", "count": 1, "of": 4, "organisations": ("c",)}, "n1", "m1"),
        Reason("known_until", {"date": "2026-09-15", "calendar": "feast", "until": "2026-09-06"}, "n1", "m2"),
        Reason("without_room", {"count": 1, "organisations": ("b",)}, "n1"),
    )


def test_a_plan_without_cares_has_no_warnings():
    assert warnings(instance(), plan(instance())) == ()


def test_a_day_that_nothing_is_allowed_on_any_more_still_has_its_reason():
    shut = one_meeting(weekdays={7: Fraction(0)})  # no Sunday between the two days of its window
    whole = instance(replace(shut, meetings=(meeting("m1", 0, 3),)), organisations=away("c", 0, 0))
    assert "date_fewest_absent" in told(whole, row("m1", 0, "a", "b"))
