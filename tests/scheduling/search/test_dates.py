"""Days against the rules themselves, and chains of days against all of them tried one by one."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.model.network import IN_PERSON, ONLINE, Lock, PlannedMeeting, Previous
from scheduling.model.year import Year
from scheduling.rules.check import check
from scheduling.search.dates import Gap, Scale, day_costs, reach, reach_back
from scheduling.search.roster import make_scale
from tests.scheduling import made
from tests.scheduling.made import START, away, days
from tests.scheduling.test_tiny_years import SLOW, tiny, tiny_pair

ABOUT_DAYS = {"H1", "H2", "H3", "H4", "H11", "H14"}
INFINITE = 10**6
MANY = settings(SLOW, max_examples=60)


def window(meeting):
    first, last = meeting.window
    return [first + timedelta(n) for n in range((last - first).days + 1)]


@st.composite
def perhaps_locked(draw, meeting):
    """A date that is locked alone, with all else, or with the preparers; now and then with strangers."""
    day = draw(st.sampled_from([None, None, *window(meeting)[:3]]))
    if day is None or meeting.locked.fields:
        return meeting
    names = draw(st.sampled_from([(), ("preparers",), ("format", "host"), ("format", "host", "preparers")]))
    who = draw(st.sampled_from("abz"))
    values = {"format": IN_PERSON, "host": who, "preparers": (who,)}
    return replace(meeting, locked=Lock(frozenset({"date", *names}), day, **{n: values[n] for n in names}))


@st.composite
def with_calendars(draw, instances):
    """Closed days, holidays, weekdays that cost, weights, a quorum that may be met exactly, and more that is locked."""
    whole = draw(instances)
    spans = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)).map(lambda x: days(x[0], sum(x))), max_size=3)
    weekdays = st.dictionaries(
        st.integers(1, 7), st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(3)]), min_size=3
    )
    networks = tuple(
        replace(
            n,
            manager=draw(st.sampled_from(["boss", "boss", "other"])),
            meetings=tuple(draw(perhaps_locked(m)) for m in n.meetings),
            closed=("feast",),
            weekdays=draw(weekdays),
            quorum=draw(st.sampled_from([0, 50, 100, 101])),
            weights=draw(st.sampled_from([{}, {"absent": Fraction(7, 2), "school": Fraction(1, 3)}])),
        )
        for n in whole.networks
    )
    organisations = {
        o.id: replace(
            o,
            unavailable=(*o.unavailable, *draw(spans)),
            school=draw(st.sampled_from([None, "school"])),
            one_per_day=draw(st.booleans()),
        )
        for o in whole.organisations.values()
    }
    calendars = {name: tuple(draw(spans)) for name in ("feast", "school")}
    managers = {"boss": replace(whole.managers["boss"], max_per_day=draw(st.sampled_from([0, 1, 1, 2])))}
    return replace(whole, networks=networks, organisations=organisations, managers=managers, calendars=calendars)


def broken(whole, network, meeting, day):
    """Rules about days that the meeting breaks on this day beside the meetings whose dates are locked."""
    kept = {n.id: [m for m in n.meetings if m.locked.date or (n, m) == (network, meeting)] for n in whole.networks}
    part = replace(whole, networks=tuple(replace(n, meetings=tuple(kept[n.id])) for n in whole.networks))
    rows = {n: [PlannedMeeting(m.id, m.locked.date or day, ONLINE, None, ()) for m in ms] for n, ms in kept.items()}
    return ABOUT_DAYS & {finding.rule for finding in check(part, rows).violations}


@MANY
@given(with_calendars(tiny_pair()))
def test_a_meeting_may_be_on_a_day_exactly_if_that_breaks_no_rule(whole):
    year = Year(whole)
    for network in whole.networks:
        for meeting, found in zip(network.meetings, year.days(network, year.standing()), strict=True):
            possible = [d for d in window(meeting) if not broken(whole, network, meeting, d)]
            wanted = [meeting.locked.date] if meeting.locked.date else possible
            assert [date.fromordinal(d) for d in found] == wanted


def test_who_sits_elsewhere_takes_the_day_and_who_is_away_from_there_does_not():
    every_day = dict.fromkeys(range(1, 8), Fraction(0))
    one = made.network(names="ab", meetings=(made.meeting("m1", 0, 6, locked=Lock(frozenset({"date"}), START)),))
    two = made.network(id="n2", manager="other", names="bc", meetings=(made.meeting("m1", 0, 1),), weekdays=every_day)
    found = []
    for absences in ({}, away("b", 0, 0)):
        year = Year(made.instance(one, two, organisations=absences))
        found.append([d - START.toordinal() for d in year.days(two, year.standing())[0]])
    assert found == [[1], [0, 1]]


@MANY
@given(with_calendars(tiny_pair()))
def test_a_day_that_is_excluded_is_left_out_for_that_meeting_only(whole):
    year, network = Year(whole), whole.networks[0]
    before = year.days(network, year.standing())
    for t, meeting in enumerate(network.meetings):
        for day in before[t]:
            excluded = frozenset({(network.id, meeting.id, day), ("n2", meeting.id, day + 1)})
            after = [[d for d in found if (u, d) != (t, day)] for u, found in enumerate(before)]
            assert year.days(network, year.standing(), excluded) == after


@MANY
@given(with_calendars(tiny_pair()), st.data())
def test_what_is_planned_takes_its_days_as_what_is_locked_does(whole, data):
    year, (one, two) = Year(whole), whole.networks
    rows = [
        PlannedMeeting(m.id, m.locked.date or data.draw(st.sampled_from(window(m))), ONLINE, None, ())
        for m in one.meetings
    ]
    fixed = tuple(replace(m, locked=Lock(frozenset({"date"}), r.date)) for m, r in zip(one.meetings, rows, strict=True))
    taken = year.standing()
    year.take_rows(taken, one, rows)
    assert taken == Year(replace(whole, networks=(replace(one, meetings=fixed), two))).standing()
    assert year.standing(two.id) == Year(replace(whole, networks=(one,))).standing()


@MANY
@given(with_calendars(tiny()))
def test_a_day_costs_what_the_check_says_a_meeting_on_it_costs(whole):
    year, network = Year(whole), whole.networks[0]
    for meeting in network.meetings:
        old = meeting.published and replace(meeting.published, format=ONLINE, host=None, preparers=())
        plain = replace(meeting, format=ONLINE, prefer=None, locked=Lock(), published=old)
        alone = replace(network, meetings=(plain,), previous=Previous())
        part = replace(whole, networks=(alone,))
        scale, _unit = make_scale(alone, [[d.toordinal() for d in window(plain)]])
        costs = day_costs(year, alone, plain, [d.toordinal() for d in window(plain)], scale)
        for day, cost in zip(window(plain), costs, strict=True):
            objective = check(part, {alone.id: [PlannedMeeting(plain.id, day, ONLINE, None, ())]}).objective
            stability, attendance, unfairness, preference, spacing = scale.tiers(cost)
            assert (stability, attendance, preference) == (objective[0], objective[1], objective[3])
            assert (unfairness, spacing) == (0, 0)


ascending = st.sets(st.integers(0, 25), max_size=8).map(sorted)
gaps = st.builds(Gap, st.sampled_from([None, 1, 5, 9]), st.sampled_from([None, 0, 3, 7, 12]), st.integers(1, 3))


@settings(max_examples=300, deadline=None)
@given(ascending, ascending, gaps, st.data())
def test_the_cheapest_way_to_a_day_is_the_cheapest_of_all_days_before_it(earlier, later, gap, data):
    worth = st.sampled_from([0, 1, 2, 5, 9, INFINITE])
    values = data.draw(st.lists(worth, min_size=len(earlier), max_size=len(earlier)))
    ways = [[v + gap.cost(b, d, INFINITE) for b, v in zip(earlier, values, strict=True)] for d in later]
    assert reach(values, earlier, later, gap, INFINITE) == [min([INFINITE, *w]) for w in ways]

    values = data.draw(st.lists(worth, min_size=len(later), max_size=len(later)))
    ways = [[v + gap.cost(d, a, INFINITE) for a, v in zip(later, values, strict=True)] for d in earlier]
    assert reach_back(values, later, earlier, gap, INFINITE) == [min([INFINITE, *w]) for w in ways]


def test_a_gap_costs_its_distance_from_the_target_and_below_the_least_it_cannot_be():
    gap = Gap(3, 7, 2)
    assert [gap.cost(10, day, INFINITE) for day in (12, 13, 17, 18)] == [INFINITE, 8, 0, 2]
    assert [Gap(None, None).cost(10, day, INFINITE) for day in (5, 30)] == [0, 0]
    assert Gap(None, 7).cost(10, 5, INFINITE) == 12


tier_values = st.tuples(*(st.integers(0, 7) for _ in range(5)))


@given(tier_values, tier_values)
def test_packed_tiers_add_and_compare_as_lists_of_fractions(one, two):
    scale = Scale((4, 5, 6, 7, 4), (1, 2, 3, 6, 1))

    def packed(tiers):
        return sum(scale.amount(t, Fraction(v, scale.units[t])) for t, v in enumerate(tiers))

    values = [tuple(map(Fraction, tiers, scale.units)) for tiers in (one, two)]
    assert [scale.tiers(packed(tiers)) for tiers in (one, two)] == values
    assert scale.tiers(packed(one) + packed(two)) == tuple(a + b for a, b in zip(*values, strict=True))
    assert (packed(one) < packed(two)) == (values[0] < values[1])
    assert packed(one) + packed(two) < scale.infinite
    for t in range(5):
        assert (scale.one(t), scale.raw(t)) == (scale.amount(t, 1), scale.amount(t, Fraction(1, scale.units[t])))
