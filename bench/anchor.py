"""CP-SAT on the instances of standard input, one solve a tier: prints a list of [seconds, objective or null].

Runs in an environment of its own (README.md). It knows the rules a made-up year of bench/years.py can have - one
network, formats given, nothing locked or published - and nothing of how the planner works.
"""

import json
import sys
import time
from fractions import Fraction
from math import lcm

from ortools.sat.python import cp_model

from scheduling import Instance
from scheduling.model.network import IN_PERSON
from scheduling.rules.check import within


class Model:
    def __init__(self, instance):
        self.instance, self.network = instance, instance.networks[0]
        self.cp = cp_model.CpModel()
        self.attendance, self.unfair, self.preference, self.spacing = [], [], [], []
        self.fixed = Fraction(0)
        self.days = [self._days(m) for m in self.network.meetings]
        self.hosts = [self._people(self.network.may_host(m) if m.format == IN_PERSON else ()) for m in self._meetings]
        self.teams = [self._people(self.network.may_prepare(m)) for m in self._meetings]
        for t, meeting in enumerate(self._meetings):
            self._meeting(t, meeting)
        self._gaps()
        self._rows()
        self._ledger(self.hosts, [self.network.may_host(m) for m in self._meetings], 1, "host_balance")
        size = self.network.preparers_per_meeting
        self._ledger(self.teams, [self.network.may_prepare(m) for m in self._meetings], size, "prep_balance")

    @property
    def _meetings(self):
        return self.network.meetings

    def _people(self, names):
        return {name: self.cp.new_bool_var("") for name in names}

    def _away(self, name, day):
        return within(day, self.instance.organisations[name].unavailable)

    def _days(self, meeting):
        """The days the meeting may fall on, each with its variable; attendance and weekday are counted."""
        network, calendars, out = self.network, self.instance.calendars, {}
        roll = [m.org for m in network.on_roll(meeting)]
        for number in range(meeting.window[0].toordinal(), meeting.window[1].toordinal() + 1):
            day = type(meeting.window[0]).fromordinal(number)
            away = sum(self._away(o, day) for o in roll)
            if (
                day.isoweekday() not in network.weekdays
                or within(day, self.instance.manager(network).unavailable)
                or any(within(day, calendars[c]) for c in network.closed)
                or 100 * (len(roll) - away) < network.quorum * len(roll)
            ):
                continue
            out[day] = self.cp.new_bool_var("")
            holiday = sum(
                within(day, calendars.get(self.instance.organisations[o].school, ())) and not self._away(o, day)
                for o in roll
            )
            self.attendance.append((10 * away + 3 * holiday) * out[day])
            self.preference.append(int(network.weekdays[day.isoweekday()]) * out[day])
        return out

    def _meeting(self, t, meeting):
        cp, hosts, team = self.cp, self.hosts[t], self.teams[t]
        cp.add_exactly_one(self.days[t].values())
        if meeting.format == IN_PERSON:
            cp.add_exactly_one(hosts.values())
        cp.add(sum(team.values()) == self.network.preparers_per_meeting)
        for day, chosen in self.days[t].items():
            for people in (hosts, team):
                for name in people:
                    if self._away(name, day):
                        cp.add_at_most_one(chosen, people[name])
        for member in self.network.members:
            if member.org in hosts:
                self._host(t, member)

    def _host(self, t, member):
        chosen = self.hosts[t][member.org]
        if not self.network.host_may_prepare:
            self.cp.add_at_most_one(chosen, self.teams[t][member.org])
        rather_not = [v for day, v in self.days[t].items() if within(day, member.host_avoid)]
        if rather_not:
            both = self.cp.new_bool_var("")
            self.cp.add(both >= chosen + sum(rather_not) - 1)
            self.preference.append(2 * both)

    def _gaps(self):
        before = self.network.previous.date.toordinal()
        for days in self.days:
            here = sum(day.toordinal() * v for day, v in days.items())
            self.cp.add(here - before >= self.network.min_gap)
            off = self.cp.new_int_var(0, 1000, "")
            self.cp.add_abs_equality(off, here - before - self.network.target_gap)
            self.spacing.append(off)
            before = here

    def _rows(self):
        """Nobody hosts or prepares twice in a row; any duty at neighbours costs 2."""
        previous = self.network.previous
        hosted, prepared = {previous.host: 1}, dict.fromkeys(previous.preparers, 1)
        last_hosted, last_prepared = hosted, prepared
        for hosts, team in zip(self.hosts, self.teams, strict=True):
            for name in team:
                if self.network.no_repeat_preparer:
                    self.cp.add(team[name] + prepared.get(name, 0) <= 1)
            for name in hosts:
                if self.network.no_repeat_host:
                    self.cp.add(hosts[name] + last_hosted.get(name, 0) <= 1)
            for name in {*hosts, *team}:
                before = [d[name] for d in (hosted, last_prepared) if name in d]
                both = self.cp.new_bool_var("")
                for one in before:
                    for two in (d[name] for d in (hosts, team) if name in d):
                        self.cp.add(both >= one + two - 1)
                self.preference.append(2 * both)
            hosted, prepared, last_prepared = hosts, team, team
            last_hosted = hosts or last_hosted

    def _ledger(self, turns, owing, size, balance):
        """Squares of the balances as convex costs of one more turn."""
        for member in self.network.members:
            owed = sum((Fraction(size, len(n)) for n, d in zip(owing, turns, strict=True) if member.org in n and d), 0)
            start = getattr(member, balance) - owed
            mine = [d[member.org] for d in turns if member.org in d]
            self.fixed += start * start
            more = [self.cp.new_bool_var("") for _ in mine]
            self.cp.add(sum(more) == sum(mine))
            for i, one in enumerate(more):
                self.unfair.append((2 * (start + i) + 1, one))


def solve(data):
    begin = time.perf_counter()
    model = Model(Instance.from_json(data))
    unit = lcm(1, *(c.denominator for c, _ in model.unfair))
    unfair = sum(int(c * unit) * v for c, v in model.unfair)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = 60
    values = []
    for tier in (sum(model.attendance), unfair, sum(model.preference), sum(model.spacing)):
        model.cp.minimize(tier)
        if solver.solve(model.cp) != cp_model.OPTIMAL:
            return time.perf_counter() - begin, None
        values.append(round(solver.objective_value))
        model.cp.add(tier <= values[-1])
    attendance, turns, *rest = values
    fair = Fraction(turns, unit) + model.fixed
    return time.perf_counter() - begin, [str(x) for x in (0, attendance, fair, *rest)]


if __name__ == "__main__":
    print(json.dumps([solve(data) for data in json.load(sys.stdin)]))
