"""Years one after another: plans, drop-outs, swaps, joiners and leavers, and a ledger that adds up."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scheduling.check import check
from scheduling.ledger import Balance, fold, past_meeting
from scheduling.nouns import Lock
from scheduling.planner import plan
from scheduling.values import ONLINE, Organisation
from tests.scheduling.made import best_of_all, instance, meeting, member, network

FIELDS = frozenset({"date", "format", "host", "preparers"})
EVERYBODY = "abcdefgh"


def worst(ledger):
    return max(abs(x) for balance in ledger.values() for x in (balance.host, balance.prep))


def lock(one, row):
    return replace(one, locked=Lock(FIELDS, row.date, row.format, row.host, row.preparers), published=None)


def planned_year(ledger, drop_outs):
    """Six meetings; whoever drops out of one is replaced by planning again, what was before it being a fact."""
    members = tuple(member(o, host_balance=ledger[o].host, prep_balance=ledger[o].prep) for o in EVERYBODY)
    formats = [ONLINE if t % 3 == 2 else "in_person" for t in range(6)]
    one = network(
        members=members, meetings=tuple(meeting(f"m{t}", 40 * t, 40 * t + 9, format=formats[t]) for t in range(6))
    )
    whole = instance(one)
    rows = plan(whole).networks["n1"]
    for t, drops in enumerate(drop_outs):
        if drops:
            who = rows[t].host or rows[t].preparers[0]
            away = Organisation(who, (*whole.organisations[who].unavailable, (rows[t].date, rows[t].date)))
            pairs = zip(whole.networks[0].meetings, rows, strict=True)
            known = [lock(m, r) if i < t else replace(m, published=r) for i, (m, r) in enumerate(pairs)]
            whole = replace(
                whole,
                networks=(replace(one, meetings=tuple(known)),),
                organisations={**whole.organisations, who: away},
            )
            rows = plan(whole).networks["n1"]
    return [past_meeting(one, r) for r in rows]


def listed_year(past, drop_outs, turn):
    """The same meetings by a plain list: whoever cannot come is passed over."""
    out = []
    for one, drops in zip(past, drop_outs, strict=True):
        turn += bool(drops)
        host = EVERYBODY[turn % 8] if one.host else None
        out.append(replace(one, host=host, preparers=(EVERYBODY[(turn + 4) % 8],)))
        turn += 1
    return out, turn


@pytest.mark.parametrize("seed", range(3))
def test_over_twenty_years_with_drop_outs_nobody_is_further_off_than_four_fifths_of_a_plain_list(seed):
    dice = random.Random(seed)
    ledger = listed = dict.fromkeys(EVERYBODY, Balance())
    far, far_listed, turn = Fraction(0), Fraction(0), 0
    for _ in range(20):
        drop_outs = [dice.random() < 0.2 for _ in range(6)]
        past = planned_year(ledger, drop_outs)
        by_list, turn = listed_year(past, drop_outs, turn)
        ledger, listed = fold(past, EVERYBODY, ledger), fold(by_list, EVERYBODY, listed)
        far, far_listed = max(far, worst(ledger)), max(far_listed, worst(listed))
        assert sum(b.host for b in ledger.values()) == sum(b.prep for b in ledger.values()) == 0
    assert far / far_listed <= Fraction(4, 5)
    assert far <= Fraction(3, 2)


class Years(RuleBasedStateMachine):
    """Years of two meetings so small that the calmest plan after a drop-out can be found by trying all."""

    @initialize()
    def found(self):
        self.members = {o: member(o) for o in "abc"}
        self.ledger = {o: Balance() for o in "abc"}
        self.left = Balance()
        self.publish()

    def publish(self):
        members = tuple(
            replace(m, host_balance=self.ledger[o].host, prep_balance=self.ledger[o].prep)
            for o, m in self.members.items()
        )
        meetings = (meeting("m1", 0, 3), meeting("m2", 14, 17))
        self.whole = instance(network(members=members, meetings=meetings, no_repeat_host=False, host_may_prepare=True))
        self.rows = plan(self.whole).networks["n1"]

    def again(self, meetings, organisations):
        """Plans once more; what comes out must be the best of all plans."""
        one = replace(self.whole.networks[0], meetings=tuple(meetings))
        whole = replace(self.whole, networks=(one,), organisations={**self.whole.organisations, **organisations})
        best, made = best_of_all(whole), plan(whole)
        assert (made.objective, made.status == "infeasible") == (best, best is None)
        if made.objective:
            assert check(whole, made).violations == ()
            self.whole, self.rows = whole, made.networks["n1"]

    @rule(t=st.integers(0, 1), host=st.booleans())
    def somebody_drops_out(self, t, host):
        who = self.rows[t].host if host else self.rows[t].preparers[0]
        absent = (*self.whole.organisations[who].unavailable, (self.rows[t].date, self.rows[t].date))
        pairs = zip(self.whole.networks[0].meetings, self.rows, strict=True)
        known = [lock(m, r) if i < t else replace(m, published=r) for i, (m, r) in enumerate(pairs)]
        self.again(known, {who: Organisation(who, absent)})

    @rule(cover=st.sampled_from("abc"), cancelled=st.booleans())
    def the_year_passes(self, cover, cancelled):
        """Somebody covers for the host of the first meeting; the second may be cancelled."""
        past = [past_meeting(self.whole.networks[0], r) for r in self.rows]
        past = [
            replace(past[0], host=cover if cover in self.members else past[0].host),
            replace(past[1], cancelled=cancelled),
        ]
        self.ledger = fold(past, self.members, self.ledger)
        self.publish()

    @precondition(lambda self: len(self.members) == 3)
    @rule(room=st.sampled_from([0, 10]))
    def somebody_joins(self, room):
        self.members["d"] = member("d", room=room)
        self.ledger["d"] = Balance()
        self.publish()

    @precondition(lambda self: len(self.members) == 4)
    @rule()
    def somebody_leaves(self):
        gone = self.ledger.pop("d")
        self.left = Balance(self.left.host + gone.host, self.left.prep + gone.prep)
        del self.members["d"]
        self.publish()

    @invariant()
    def the_ledger_adds_up(self):
        lines = [*self.ledger.values(), self.left]
        assert (sum(b.host for b in lines), sum(b.prep for b in lines)) == (0, 0)


Years.TestCase.settings = settings(
    max_examples=15, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)
TestYears = Years.TestCase
