"""The least that turns cost against all ways to give them, and what a turn costs against the check."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.model.network import IN_PERSON, ONLINE, PlannedMeeting, Previous
from scheduling.model.year import Year
from scheduling.rules.check import check
from scheduling.search.roster import Roster, make_scale
from scheduling.search.turn_bound import DutyYear
from tests.scheduling.made import all_plans
from tests.scheduling.search.test_dates import MANY, window, with_calendars
from tests.scheduling.test_tiny_years import tiny

INFINITE = 10**9
RISE = 20


@st.composite
def duties(draw):
    """Members a to c and a stranger; up to four meetings with none to two seats."""
    people, count = draw(st.integers(1, 4)), draw(st.integers(0, 4))
    members = draw(st.integers(max(0, people - 1), people))
    seats = draw(st.lists(st.sampled_from([0, 1, 1, 2]), min_size=count, max_size=count))
    return {
        "first": [draw(st.integers(-30, 30)) if o < members else 0 for o in range(people)],
        "members": members,
        "rise": RISE,
        "able": [sorted(draw(st.sets(st.integers(0, people - 1)))) for _ in seats],
        "seats": seats,
        "apart": [draw(st.booleans()) for _ in seats],
        "infinite": INFINITE,
        "bits": 4,
        "caps": draw(st.sampled_from([None, [draw(st.integers(0, 3)) for _ in range(people)]])),
    }


def most_turns(given, t, o):
    """The most meetings from t on that o can take, no two apart ones in a row."""
    row = [u for u in range(t, len(given["seats"])) if given["seats"][u]]
    forbidden = {(u, v) for u, v in pairwise(row) if given["apart"][v]}
    able = [u for u in row if o in given["able"][u]]
    choices = (some for n in range(len(able) + 1) for some in combinations(able, n))
    return max(len(c) for c in choices if not any(pair in forbidden for pair in pairwise(c)))


def price(given, before, taken):
    """What the turns cost on top of those taken before: each further one of a member more than the last."""
    rise = [RISE if o < given["members"] else 0 for o in range(len(given["first"]))]
    return sum(given["first"][o] * n + rise[o] * sum(range(before[o], before[o] + n)) for o, n in taken.items())


def ways(given, t, before=None):
    """Every way to fill the seats from meeting t on in which nobody takes more turns than they can and may."""
    seats = [given["able"][u] for u in range(t, len(given["seats"])) for _ in range(given["seats"][u])]
    before, everybody = before or [0] * len(given["first"]), range(len(given["first"]))
    caps = given["caps"] or [sum(before) + len(seats)] * len(everybody)
    most = [min(most_turns(given, t, o), caps[o] - before[o]) for o in everybody]
    fillings = (Counter(way) for way in product(*seats))
    return [taken for taken in fillings if all(n <= most[o] for o, n in taken.items())]


@settings(max_examples=150, deadline=None)
@given(duties(), st.data())
def test_the_least_that_turns_to_come_cost_is_the_cheapest_of_all_ways_to_give_them(given, data):
    duty = DutyYear(**given)
    assert duty.rest(len(given["seats"]), 0) == 0
    for t in range(len(given["seats"])):
        before = [data.draw(st.integers(0, t)) for _ in given["first"]]
        key = sum(n * duty.turn(o) for o, n in enumerate(before))
        best = min([price(given, before, way) for way in ways(given, t, before)], default=INFINITE)
        assert duty.rest(t, key) == best
        team = [o for o in range(len(before)) if data.draw(st.booleans())]
        mask, turns = sum(1 << o for o in team), sum(map(duty.turn, team))
        assert (
            duty.rest_after(t, key, mask, turns) == DutyYear(**given).rest(t, key + turns) == duty.rest(t, key + turns)
        )


@settings(max_examples=150, deadline=None)
@given(duties())
def test_the_shares_are_a_cheapest_way_to_fill_all_meetings(given):
    duty, shares = DutyYear(**given), Counter()
    shares.update(dict(duty.shares))
    if duty.rest(0, 0) < INFINITE:
        assert shares in ways(given, 0)
        assert price(given, [0] * len(given["first"]), shares) == duty.rest(0, 0)


def roster_of(whole):
    year, network = Year(whole), whole.networks[0]
    days = year.days(network, year.standing())
    scale, unit = make_scale(network, days)
    return Roster(year, network, days, scale, unit)


def offered(roster, t):
    """{(day, format, host, preparers): its packed cost} of all that the roster offers for a meeting."""
    out = {}
    for format_, team in product(roster.formats(t), roster.teams[t]):
        for host, cost, bars in roster.hosts[t] if format_ == IN_PERSON else [(None, 0, None)]:
            both = zip(bars or [0] * len(roster.days[t]), team.bars or [0] * len(roster.days[t]), strict=True)
            for day, (one, two) in zip(roster.days[t], both, strict=True):
                who = None if host is None else roster.ids[host], tuple(roster.ids[o] for o in team.who)
                total = roster.format_cost(t, format_) + cost + team.cost + one + two
                if total < roster.infinite:
                    out[day, format_, *who] = total
    return out


def judged(whole, t):
    """The same from the check, of a meeting all by itself: {choice: objective} of whatever breaks no rule."""
    network = replace(whole.networks[0], previous=Previous(), in_person=None, host_may_prepare=True, quorum=0)
    network = replace(network, weights={**network.weights, "absent": Fraction(0), "school": Fraction(0)})
    meeting, names = network.meetings[t], [m.org for m in network.members]
    # How many turns somebody has is a question of the whole year.
    network = replace(network, meetings=(meeting,), closed=(), max_turns=None)
    network = replace(network, weekdays=dict.fromkeys(range(1, 8), Fraction(0)))
    part = replace(whole, networks=(network,), managers={})
    lock, out = meeting.locked, {}
    teams = [lock.preparers] if "preparers" in lock else combinations(names, network.preparers_per_meeting)
    dates = [lock.date] if lock.date else window(meeting)
    hosts = [None, *names, *({lock.host} - {None, *names})]
    for day, host, team in product(dates, hosts, teams):
        row = PlannedMeeting(meeting.id, day, ONLINE if host is None else IN_PERSON, host, team)
        report = check(part, {network.id: [row]})
        if not report.violations:
            out[day.toordinal(), row.format, host, team] = report.objective
    return out


@MANY
@given(with_calendars(tiny()))
def test_what_is_offered_for_a_meeting_is_all_that_breaks_no_rule_at_what_the_check_says_it_costs(whole):
    roster = roster_of(whole)
    for t, meeting in enumerate(roster.meetings):
        known = {choice: cost for choice, cost in judged(whole, t).items() if choice[0] in roster.days[t]}
        found = offered(roster, t)
        assert found.keys() == known.keys()
        for choice, packed in found.items():
            stability, attendance, _unfairness, preference, _spacing = roster.scale.tiers(packed)
            moved = 10 * (meeting.published is not None and meeting.published.date.toordinal() != choice[0])
            assert (stability + moved, preference) == (known[choice][0], known[choice][3])
            assert attendance == known[choice][1]


@MANY
@given(tiny())
def test_turns_one_after_another_cost_the_unfairness_that_the_check_counts(whole):
    roster, network = roster_of(whole), whole.networks[0]
    for rows in (all_plans(whole, 300) or [])[:40]:
        report = check(whole, rows)
        if report.violations:
            continue
        mine = rows[network.id]
        hosting, alone = roster.hosting(tuple(r.format == IN_PERSON for r in mine))
        preparing, alone_too = roster.preparing()
        total = alone + alone_too
        for duty, turns in (
            (hosting, [(r.host,) if r.host else () for r in mine]),
            (preparing, [r.preparers for r in mine]),
        ):
            key, given = 0, 0
            for team in turns:
                given += sum(duty.cost(key, roster.number[o]) for o in team)
                key += sum(duty.turn(roster.number[o]) for o in team)
            assert duty.rest(0, 0) <= given
            total += given
        assert roster.scale.tiers(total) == (0, 0, report.objective[2], 0, 0)


@MANY
@given(with_calendars(tiny()), st.data())
def test_two_turns_in_a_row_are_apart_exactly_if_they_would_break_a_rule(whole, data):
    """One organisation does everything, the meeting before included."""
    network = replace(whole.networks[0], previous=Previous(None, "a", ("a",)))
    whole = replace(whole, networks=(network,))
    roster, in_person = roster_of(whole), tuple(data.draw(st.booleans()) for _ in network.meetings)
    rows = [
        PlannedMeeting(m.id, m.window[0], IN_PERSON if here else ONLINE, "a" if here else None, ("a",))
        for m, here in zip(network.meetings, in_person, strict=True)
    ]
    found = {(f.rule, f.meeting) for f in check(whole, {network.id: rows}).violations}
    ids = [m.id for m in network.meetings]
    assert roster.hosting(in_person)[0].apart == [("H9", key) in found for key in ids]
    assert roster.preparing()[0].apart == [("H10", key) in found for key in ids]
