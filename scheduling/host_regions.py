"""Hosts in another order, so that neighbouring meetings in person are in different regions, at no cost at all."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations, islice, pairwise

from scheduling.model.instance import Instance
from scheduling.model.network import Lock, Meeting, PlannedMeeting, Rows
from scheduling.model.plan import Plan
from scheduling.planner import plan as best
from scheduling.rules.check import check

MOST_TRIES, SECONDS = 40, 0.1  # exchanges looked at before one is taken, and the budget of each
FIXED = frozenset({"date", "format", "host"})


def spread(instance: Instance, plan: Plan, regions: Mapping[str, str]) -> Plan:
    """Return the plan with hosts exchanged while that makes neighbouring meetings in the same region fewer.

    For an instance of one network. `regions`: {organisation: its region}; whoever is not in it is near nobody else.
    Who prepares is chosen anew each time; no rule is broken and no tier of the objective changes, so what was proven of
    the plan is true of this one.
    """
    while plan.networks and (better := _better(instance, plan, regions)):
        plan = better
    return plan


def near(rows: Iterable[PlannedMeeting], regions: Mapping[str, str]) -> int:
    """Return how often a meeting in person is in the region of the one before."""
    places = [regions.get(row.host, row.host) for row in rows if row.host is not None]
    return sum(one == other for one, other in pairwise(places))


def _better(instance: Instance, plan: Plan, regions: Mapping[str, str]) -> Plan | None:
    """Return the exchange that helps most and costs nothing, the earliest of equals."""
    rows, report = plan.networks[instance.networks[0].id], check(instance, plan)
    orders = sorted(_exchanges(rows), key=lambda order: near(order, regions))
    for order in islice((o for o in orders if near(o, regions) < near(rows, regions)), MOST_TRIES):
        made = best(_fixed(instance, order), budget=SECONDS)
        found = check(instance, made)
        if (found.objective, found.violations) == (report.objective, report.violations):
            return replace(plan, networks=made.networks)
    return None


def _exchanges(rows: Rows) -> Iterator[Rows]:
    for i, j in combinations([n for n, row in enumerate(rows) if row.host is not None], 2):
        out = list(rows)
        out[i], out[j] = replace(rows[i], host=rows[j].host), replace(rows[j], host=rows[i].host)
        yield tuple(out)


def _fixed(instance: Instance, rows: Rows) -> Instance:
    """Return everything as in these rows but the preparers, unless they are locked."""
    network = instance.networks[0]
    meetings = tuple(_meeting(m, row) for m, row in zip(network.meetings, rows, strict=True))
    return replace(instance, networks=(replace(network, meetings=meetings),))


def _meeting(meeting: Meeting, row: PlannedMeeting) -> Meeting:
    lock = Lock(meeting.locked.fields | FIXED, row.date, row.format, row.host, meeting.locked.preparers)
    return replace(meeting, locked=lock)
