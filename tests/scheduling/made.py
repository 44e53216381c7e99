"""Small instances, keyword-only, and every plan of a tiny one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, product
from math import prod
from typing import Any

from scheduling.model.instance import Instance
from scheduling.model.network import IN_PERSON, ONLINE, Manager, Meeting, Member, Network, Organisation, PlannedMeeting
from scheduling.rules.check import check

START = date(2026, 9, 1)  # a Tuesday


def days(first: int, last: int) -> tuple[date, date]:
    """Window by numbers of days after the start."""
    return START + timedelta(first), START + timedelta(last)


def member(org: str, **kw: Any) -> Member:
    return Member(org, **{"since": date(2025, 1, 1), "room": 10, **kw})


def meeting(key: str, first: int, last: int, **kw: Any) -> Meeting:
    return Meeting(key, days(first, last), **{"format": IN_PERSON, **kw})


def network(**kw: Any) -> Network:
    names = kw.pop("names", "abc")
    usual = {
        "id": "n1",
        "manager": "boss",
        "members": tuple(member(x) for x in names),
        "meetings": (meeting("m1", 0, 6), meeting("m2", 14, 20)),
        "weekdays": {2: Fraction(0), 4: Fraction(1)},
    }
    return Network(**{**usual, **kw})


def instance(*networks: Network, **kw: Any) -> Instance:
    chosen = networks or (network(),)
    orgs = {m.org: Organisation(m.org) for n in chosen for m in n.members}
    usual = {"organisations": orgs, "managers": {"boss": Manager("boss")}}
    given = {k: {**usual.get(k, {}), **v} for k, v in kw.items()}
    return Instance("made", chosen, **{**usual, **given})


def away(org: str, first: int, last: int) -> dict[str, Organisation]:
    return {org: Organisation(org, (days(first, last),))}


def row(key: str, day: int, host: str | None, *preparers: str) -> PlannedMeeting:
    return PlannedMeeting(key, START + timedelta(day), ONLINE if host is None else IN_PERSON, host, preparers)


def _choices(network: Network, meeting: Meeting) -> Iterator[PlannedMeeting]:
    lock, orgs = meeting.locked, [m.org for m in network.members]
    first, last = meeting.window
    dates = [lock.date] if lock.date else [first + timedelta(i) for i in range((last - first).days + 1)]
    hosts = [lock.host] if "host" in lock else [None, *orgs]
    teams = [lock.preparers] if "preparers" in lock else list(combinations(orgs, network.preparers_per_meeting))
    for day, host, team in product(dates, hosts, teams):
        yield PlannedMeeting(meeting.id, day, ONLINE if host is None else IN_PERSON, host, team)


def _alone(whole: Instance, network: Network, meeting: Meeting) -> list[PlannedMeeting]:
    """Rows that break no rule when looked at alone."""
    one = replace(network, meetings=(meeting,), previous=type(network.previous)(), in_person=(0, 99))
    part = replace(whole, networks=(one,))
    return [r for r in _choices(network, meeting) if not check(part, {network.id: [r]}).violations]


def all_plans(whole: Instance, most: int) -> list[dict[str, list[PlannedMeeting]]] | None:
    """Every plan of rows that break no rule alone; None where they are too many."""
    slots = [(n.id, _alone(whole, n, m)) for n in whole.networks for m in n.meetings]
    if prod(len(rows) for _, rows in slots) > most:
        return None
    plans: list[dict[str, list[PlannedMeeting]]] = []
    for rows in product(*(rows for _, rows in slots)):
        plans.append({n.id: [] for n in whole.networks})
        for (name, _), chosen in zip(slots, rows, strict=True):
            plans[-1][name].append(chosen)
    return plans


def best_of_all(whole: Instance, most: int = 6000) -> tuple[Fraction, ...] | bool | None:
    """The least objective of all plans, None if there is no plan, False if they are too many."""
    plans = all_plans(whole, most)
    if plans is None:
        return False
    reports = (check(whole, plan) for plan in plans)
    return min((report.objective for report in reports if not report.violations), default=None)
