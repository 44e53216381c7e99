"""The order of equal turns, against every order there is."""

from collections import Counter
from dataclasses import replace
from itertools import permutations, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scheduling.model.network import IN_PERSON, ONLINE, Lock, Previous
from scheduling.model.year import Year
from scheduling.planner import plan
from scheduling.rules.check import check
from scheduling.search.turn_order import spread
from tests.scheduling.made import START, days, instance, meeting, member, network, row
from tests.scheduling.test_tiny_years import SLOW, tiny


def year_of(count, names, **kw):
    """Meetings online, a month apart."""
    meetings = tuple(meeting(f"m{t}", 30 * t, 30 * t + 6, format=ONLINE) for t in range(count))
    return instance(network(names=names, meetings=meetings, **kw))


def spread_of(whole, rows):
    return spread(Year(whole), whole.networks[0], rows)


def online(*preparers):
    return tuple(row(f"m{t}", 30 * t, None, *names) for t, names in enumerate(preparers))


def nearest(rows):
    turns = [(o, t) for t, r in enumerate(rows) for o in (*r.preparers, *([r.host] if r.host else []))]
    return min((u - t for a, t in turns for b, u in turns if a == b and u > t), default=len(rows))


def too_early(rows):
    """How many pairs of turns of one duty are the wrong way round: somebody's second before another's first, ..."""
    out = 0
    for kind in ([(r.host,) if r.host else () for r in rows], [r.preparers for r in rows]):
        had, before = Counter(), []
        for names in kind:
            out += sum(n > had[o] for o in names for n in before)
            before += [had[o] for o in names]
            had.update(names)
    return out


def test_everybody_prepares_once_before_anybody_does_twice():
    made = plan(year_of(12, "abcdefghij"))
    first = [r.preparers[0] for r in made.networks["n1"]][:10]
    assert sorted(first) == list("abcdefghij")


def test_second_turns_come_as_late_as_can_be():
    rows = spread_of(year_of(5, "abcd"), online("a", "b", "a", "c", "d"))
    assert nearest(rows) == 4
    assert [r.preparers for r in rows] == [("a",), ("b",), ("c",), ("d",), ("a",)]


def test_who_is_away_that_day_gets_no_turn_by_an_exchange():
    whole = year_of(5, "abcd")
    whole = replace(
        whole,
        organisations=whole.organisations | {"a": replace(whole.organisations["a"], unavailable=(days(120, 120),))},
    )
    rows = spread_of(whole, online("a", "b", "a", "c", "d"))
    assert rows[4].preparers != ("a",)
    assert nearest(rows) == 3


def test_what_is_locked_stays_and_the_rest_moves_around_it():
    whole = year_of(5, "abcd")
    one = whole.networks[0]
    locked = replace(one.meetings[2], locked=Lock(frozenset({"preparers"}), preparers=("a",)))
    whole = instance(replace(one, meetings=(*one.meetings[:2], locked, *one.meetings[3:])))
    rows = spread_of(whole, online("a", "b", "a", "c", "d"))
    assert [r.preparers for r in rows][2] == ("a",)
    assert nearest(rows) == 2


def test_turns_that_people_know_of_are_not_exchanged():
    whole = year_of(5, "abcd")
    one, rows = whole.networks[0], online("a", "b", "a", "c", "d")
    meetings = tuple(replace(m, published=r) for m, r in zip(one.meetings, rows, strict=True))
    assert spread_of(instance(replace(one, meetings=meetings)), rows) == rows


def test_hosts_change_places_too():
    meetings = tuple(meeting(f"m{t}", 30 * t, 30 * t + 6) for t in range(4))
    whole = instance(network(names="abcdef", meetings=meetings))
    old = tuple(row(f"m{t}", 30 * t, host, who) for t, (host, who) in enumerate(["ad", "be", "af", "cd"]))
    assert nearest(spread_of(whole, old)) == 3


def test_a_year_without_second_turns_is_left_as_it_is():
    rows = online("c", "a", "b")
    assert spread_of(year_of(3, "abc"), rows) == rows


def test_where_the_host_prepares_as_well_nothing_is_moved():
    meetings = tuple(meeting(f"m{t}", 30 * t, 30 * t + 6) for t in range(3))
    whole = instance(network(names="ab", meetings=meetings, host_may_prepare=True, no_repeat_host=False))
    rows = tuple(row(f"m{t}", 30 * t, "a", "a") for t in range(3))
    assert spread_of(whole, rows) == rows


def test_very_many_groups_of_preparers_are_left_where_they_are():
    names = "abcdefghijklmnopqrst"
    whole = year_of(6, names, preparers_per_meeting=5, no_repeat_preparer=False)
    rows = online(*(names[5 * (t % 4) : 5 * (t % 4) + 5] for t in (0, 1, 0, 2, 3, 1)))
    assert spread_of(whole, rows) == rows


def orders(one, rows):
    """Every way to give the hosts and the teams of these rows to its meetings, locked ones where they are."""
    hosts = set(permutations([r.host for r in rows if r.host]))
    teams = [o for r in rows for o in r.preparers]
    sizes = [len(r.preparers) for r in rows]
    for host_order, team_order in product(hosts, set(permutations(teams))):
        left, mine = list(host_order), list(team_order)
        yield tuple(
            replace(
                r,
                host=left.pop(0) if r.host else None,
                preparers=tuple(mine.pop(0) for _ in range(size)),
            )
            for r, size in zip(rows, sizes, strict=True)
        )


@SLOW
@given(tiny())
def test_no_order_at_the_same_cost_has_its_turns_farther_apart(whole):
    made = plan(whole)
    assume(made.networks)
    one = whole.networks[0]
    rows, report = made.networks[one.id], check(whole, made)
    equals = []
    for order in orders(one, rows):
        found = check(whole, {one.id: order})
        if (found.violations, found.objective) == ((), report.objective):
            equals.append((-nearest(order) if nearest(rows) else 0, too_early(order)))
    wanted = min(equals) if nearest(rows) else (0, too_early(rows))
    assert (-nearest(rows), too_early(rows)) == wanted


@pytest.mark.parametrize("count", [6, 26])
@given(st.integers(0, 3))
@SLOW
def test_an_exchange_changes_neither_dates_nor_who_has_how_many_turns(count, shift):
    names = "abcde"
    whole = year_of(count, names, previous=Previous(START, None, (names[shift],)))
    meetings = tuple(
        replace(m, format=IN_PERSON if t % 2 else ONLINE) for t, m in enumerate(whole.networks[0].meetings)
    )
    whole = instance(replace(whole.networks[0], meetings=meetings, members=tuple(member(x) for x in names)))
    rows = plan(whole).networks["n1"]
    again = spread_of(whole, rows)
    assert [(r.date, r.format) for r in again] == [(r.date, r.format) for r in rows]
    assert Counter(o for r in again for o in r.preparers) == Counter(o for r in rows for o in r.preparers)
    assert check(whole, {"n1": again}).objective == check(whole, {"n1": rows}).objective
