"""Why this date and this turn, and what to mind: codes and simple values, no words.

The app makes sentences of them. Every reason comes from the real calculation: balances of the ledger, and what the
plan would cost otherwise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from scheduling.model.instance import Instance
from scheduling.model.network import IN_PERSON, Meeting, Network, PlannedMeeting, Rows
from scheduling.model.plan import Plan, Reason
from scheduling.model.tiers import TIERS, Objective
from scheduling.model.year import Taken, Year
from scheduling.rules.balance import Balance, at_end
from scheduling.rules.check import check, within

Params = dict[str, str | int | tuple[str, ...] | None]
ALTERNATIVES = 4  # of those who could have had the turn; each costs a check of the year


def reasons(instance: Instance, plan: Plan) -> tuple[Reason, ...]:
    """Return one reason for every date, every host and every preparer of the plan, in the order of its rows."""
    year, out = Year(instance), []
    for network in instance.networks:
        story = _Story(year, network, plan.networks.get(network.id, ()))
        for t in range(len(story.rows)):
            out += story.of(t)
    return tuple(out)


class _Story:
    """The plan of one network, looked at alone: only the networks' days bind them to each other."""

    def __init__(self, year: Year, network: Network, rows: Rows) -> None:
        self.year, self.network, self.rows = year, network, rows
        self.alone = replace(year.instance, networks=(network,))
        self.meetings = {m.id: m for m in network.meetings}
        self.best = check(self.alone, {network.id: rows}).objective

    def of(self, t: int) -> list[Reason]:
        row = self.rows[t]
        found = [self._date(t, row, self.meetings[row.meeting])]
        if row.host is not None:
            found.append(self._host(t, row, row.host))
        found += [self._preparer(t, row, o) for o in row.preparers]
        return [Reason(code, params, self.network.id, row.meeting) for code, params in found]

    def _date(self, t: int, row: PlannedMeeting, meeting: Meeting) -> tuple[str, Params]:
        said: Params = {"date": row.date.isoformat()}
        if meeting.locked.date:
            return "date_locked", said
        if meeting.published and meeting.published.date == row.date:
            return "date_published", said
        candidates = [date.fromordinal(d) for d in self.year.candidates(self.network, meeting, Taken())]
        if candidates == [row.date]:
            return "date_only_day", said
        absent = self._absent(meeting, row.date)
        numbers = {d: len(self._absent(meeting, d)) for d in candidates}
        fewest = min(numbers.values(), default=len(absent))
        said |= {"of": len(self.network.on_roll(meeting)), "as_good": sum(n <= len(absent) for n in numbers.values())}
        if not absent:
            return self._among_equals(t, row, numbers, said)
        said |= {"absent": len(absent), "organisations": absent}
        if len(absent) <= fewest:
            return "date_fewest_absent", said
        other = min(d for d, n in numbers.items() if n == fewest)
        return "date_fits_the_others", said | {"other_date": other.isoformat(), "other_absent": fewest}

    def _among_equals(
        self, t: int, row: PlannedMeeting, numbers: Mapping[date, int], said: Params
    ) -> tuple[str, Params]:
        """Tell that all can come; if so on many days, a wish decided between them."""
        costs = self.network.weekdays
        others = [d for d, n in numbers.items() if not n and d != row.date]
        mine = costs.get(row.date.isoweekday(), Fraction(0))
        if (
            others
            and all(costs[d.isoweekday()] >= mine for d in others)
            and any(costs[d.isoweekday()] > mine for d in others)
        ):
            return "date_weekday_wish", said | {"weekday": row.date.isoweekday()}
        before = self.rows[t - 1].date if t else self.network.previous.date
        if others and before and self.network.target_gap is not None:
            return "date_spacing", said | {"gap": (row.date - before).days, "target": self.network.target_gap}
        return "date_all_present", said

    def _absent(self, meeting: Meeting, day: date) -> tuple[str, ...]:
        return tuple(m.org for m in self.network.on_roll(meeting) if day.toordinal() in self.year.away[m.org])

    def _host(self, t: int, row: PlannedMeeting, host: str) -> tuple[str, Params]:
        meeting, said = self.meetings[row.meeting], self._said(host)
        if "host" in meeting.locked:
            return "host_locked", said
        if meeting.published and meeting.published.host == host:
            return "host_published", said
        able = [o for o in self.network.may_host(meeting) if o != host]
        if not able:
            return "host_only_room", said
        free = [o for o in able if not self._shut(o, row.date)]
        if not free:
            return "host_others_absent", said | {"others": tuple(able)}
        owed = {o: b.host for o, b in self._before(t).items()}
        busy = {o: tuple(r.meeting for r in self.rows if r.host == o and r.meeting != row.meeting) for o in free}
        trials = {o: replace(row, host=o) for o in free}
        return self._turn("host", t, host, owed=owed, busy=busy, trials=trials)

    def _preparer(self, t: int, row: PlannedMeeting, who: str) -> tuple[str, Params]:
        meeting, said = self.meetings[row.meeting], self._said(who)
        if "preparers" in meeting.locked:
            return "preparer_locked", said
        if meeting.published and who in meeting.published.preparers:
            return "preparer_published", said
        able = [o for o in self.network.may_prepare(meeting) if o not in row.preparers]
        if not able:
            return "preparer_only_one", said
        free = [o for o in able if row.date.toordinal() not in self.year.away[o]]
        if not free:
            return "preparer_others_absent", said | {"others": tuple(able)}
        owed = {o: b.prep for o, b in self._before(t).items()}
        busy = {o: tuple(r.meeting for r in self.rows if o in r.preparers) for o in free}
        trials = {o: replace(row, preparers=tuple(o if x == who else x for x in row.preparers)) for o in free}
        return self._turn("preparer", t, who, owed=owed, busy=busy, trials=trials)

    def _turn(
        self,
        duty: str,
        t: int,
        who: str,
        *,
        owed: Mapping[str, Fraction],
        busy: Mapping[str, tuple[str, ...]],
        trials: Mapping[str, PlannedMeeting],
    ) -> tuple[str, Params]:
        """Tell that nobody who could is owed more; else that whoever is owed more has a turn at another meeting, may
        not now, or would cost more."""
        said = self._said(who) | {"balance": str(owed.get(who, Fraction(0)))}
        ranked = sorted(trials, key=lambda o: owed[o])
        said |= self._next_best(t, {o: trials[o] for o in ranked[:ALTERNATIVES]}, owed)
        ahead = [o for o in ranked if owed[o] < owed.get(who, Fraction(0))]
        if not ahead:
            return f"{duty}_most_owed", said
        first = ahead[0]
        said |= {"ahead": first, "ahead_balance": str(owed[first])}
        if busy[first]:
            return f"{duty}_others_have_turns", said | {"ahead_meetings": busy[first]}
        if check(self.alone, {self.network.id: self._with(t, trials[first])}).violations:
            return f"{duty}_not_twice", said
        return f"{duty}_fair_in_all", said

    def _next_best(self, t: int, trials: Mapping[str, PlannedMeeting], owed: Mapping[str, Fraction]) -> Params:
        """Return who would be the best other choice if all else stood, and in which tier and by how much the plan
        would be worse."""
        best: tuple[Objective, str] | None = None
        for name, row in trials.items():
            report = check(self.alone, {self.network.id: self._with(t, row)})
            if not report.violations and (best is None or report.objective < best[0]):
                best = report.objective, name
        if best is None:
            return {"next": None}
        said: Params = {"next": best[1], "next_balance": str(owed[best[1]]), "next_tier": None, "next_cost": "0"}
        for tier, mine, other in zip(TIERS, self.best, best[0], strict=True):
            if mine != other:
                return said | {"next_tier": tier, "next_cost": str(other - mine)}
        return said

    def _with(self, t: int, row: PlannedMeeting) -> Rows:
        return (*self.rows[:t], row, *self.rows[t + 1 :])

    def _before(self, t: int) -> dict[str, Balance]:
        return at_end(self.network, self.rows[:t])

    def _said(self, organisation: str) -> Params:
        return {"organisation": organisation}

    def _shut(self, organisation: str, day: date) -> bool:
        member = next(m for m in self.network.members if m.org == organisation)
        return day.toordinal() in self.year.away[organisation] or within(day, member.host_unavailable)


def warnings(instance: Instance, plan: Plan) -> tuple[Reason, ...]:
    """Return what the manager should mind: absences, school holidays, calendars that end, members without a room."""
    out: list[Reason] = []
    for network in instance.networks:
        for row in plan.networks.get(network.id, ()):
            meeting = next(m for m in network.meetings if m.id == row.meeting)
            out += [Reason(c, p, network.id, row.meeting) for c, p in _of_meeting(instance, network, meeting, row)]
        out += [Reason(c, p, network.id) for c, p in _of_network(network, plan.networks.get(network.id, ()))]
    return tuple(out)


def _of_meeting(
    instance: Instance, network: Network, meeting: Meeting, row: PlannedMeeting
) -> Iterable[tuple[str, Params]]:
    day: Params = {"date": row.date.isoformat()}
    roll = [instance.organisations[m.org] for m in network.on_roll(meeting)]
    absent = tuple(o.id for o in roll if within(row.date, o.unavailable))
    holiday = tuple(
        o.id for o in roll if o.id not in absent and within(row.date, instance.calendars.get(o.school or "", ()))
    )
    if absent:
        yield "absent", day | {"count": len(absent), "of": len(roll), "organisations": absent}
    if holiday:
        yield "school_holiday", day | {"count": len(holiday), "of": len(roll), "organisations": holiday}
    for name in sorted({*network.closed, *(o.school for o in roll if o.school)} & instance.known_until.keys()):
        if row.date > instance.known_until[name]:
            yield "known_until", day | {"calendar": name, "until": instance.known_until[name].isoformat()}


def _of_network(network: Network, rows: Rows) -> Iterable[tuple[str, Params]]:
    """Report members who never had a room big enough although meetings are in person."""
    here = {r.meeting for r in rows if r.format == IN_PERSON}
    meetings = [m for m in network.meetings if m.id in here]
    able = {o for m in meetings for o in network.may_host(m)}
    turns = {x.org for m in meetings for x in network.with_turn(m) if x.hosts}
    without = tuple(m.org for m in network.members if m.org in turns - able)
    if without:
        yield "without_room", {"count": len(without), "organisations": without}
