"""Made-up years, as JSON of instances: the same number, the same year on every machine."""

import random
from datetime import date, timedelta
from typing import Any

START, LENGTH = date(2030, 9, 2), 300
INSIDE = timedelta(weeks=-34)  # the same year from January to November: nothing of it is over New Year's
SCHOOLS = {
    "north": [["2030-10-12", "2030-10-20"], ["2030-12-21", "2031-01-05"], ["2031-02-22", "2031-03-02"]],
    "south": [["2030-10-26", "2030-11-03"], ["2030-12-21", "2031-01-05"], ["2031-02-15", "2031-02-23"]],
}
PUBLIC = ["2030-12-25", "2030-12-26", "2031-01-01", "2031-04-14", "2031-05-22", "2031-06-02"]
FORMATS = ("in_person", "in_person", "online")


def day(number: int) -> str:
    return (START + timedelta(number)).isoformat()


def absences(dice: random.Random) -> list[Any]:
    """A dozen trips, mostly short."""
    first = [dice.randrange(LENGTH) for _ in range(dice.randint(8, 14))]
    return [[day(d), day(d + dice.choice((0, 0, 1, 4, 10)))] for d in first]


def member(name: str, dice: random.Random, size: int) -> dict[str, Any]:
    return {
        "org": name,
        "from": "2025-09-01",
        "seats": dice.randint(1, 3),
        "room": dice.choice((0, 3 * size, 3 * size, 3 * size)),
        "host_balance": f"{dice.randint(-size, size)}/{size}",
        "prep_balance": f"{dice.randint(-size, size)}/{size}",
        "host_avoid": [[day(100), day(130)]] if dice.random() < 0.3 else [],
    }


def meeting(number: int, count: int, kind: str | None) -> dict[str, Any]:
    first, last = LENGTH * number // count, LENGTH * (number + 1) // count - 1
    return {
        "id": f"m{number + 1}",
        "window": [day(first), day(last)],
        "format": kind or FORMATS[number % len(FORMATS)],
        "prefer": FORMATS[number % len(FORMATS)],
    }


def network(
    key: str, names: list[str], dice: random.Random, *, meetings: int = 6, kind: str | None = None, **kw: Any
) -> dict[str, Any]:
    members = [member(n, dice, len(names)) for n in names]
    for host in members[:2]:
        host["room"] = 3 * len(names)
    weekdays = dice.sample("12345", 3)
    return {
        "id": key,
        "manager": "manager",
        "members": members,
        "meetings": [meeting(t, meetings, kind) for t in range(meetings)],
        "weekdays": dict(zip(weekdays, (0, 1, 2), strict=True)),
        "closed": ["public"],
        "min_gap": max(1, LENGTH // meetings // 2),
        "target_gap": LENGTH // meetings,
        "quorum": 50,
        "in_person": [0, meetings] if kind != "any" else [meetings // 2, meetings // 2 + 1],
        "previous": {"date": day(-40), "host": names[0], "preparers": [names[-1]]},
    } | kw


def instance(name: str, dice: random.Random, sizes: list[int], **kw: Any) -> dict[str, Any]:
    """Networks of these sizes under one manager; one member in seven already sits in another network."""
    organisations: dict[str, Any] = {}
    networks = []
    for i, size in enumerate(sizes):
        mine: set[str] = set()
        while len(mine) < size:
            others = sorted(organisations.keys() - mine)
            known = bool(others) and dice.random() < 0.15
            key = dice.choice(others) if known else f"o{len(organisations):03d}"
            mine.add(key)
            school = dice.choice(sorted(SCHOOLS))
            organisations.setdefault(key, {"unavailable": absences(dice), "school": school})
        networks.append(network(f"n{i + 1}", sorted(mine), dice, **kw))
    return {
        "format": "toerbeurt-instance/1",
        "name": name,
        "calendars": {**SCHOOLS, "public": PUBLIC},
        "organisations": organisations,
        "managers": {"manager": {"unavailable": absences(dice)[:5]}},
        "networks": networks,
    }


def shifted(value: Any, by: timedelta) -> Any:
    """The same instance, plan or date some days earlier or later; whole weeks keep its weekdays."""
    if isinstance(value, dict):
        return {key: shifted(each, by) for key, each in value.items()}
    if isinstance(value, list):
        return [shifted(each, by) for each in value]
    if isinstance(value, str) and len(value) == len("2030-09-02") and value[4] == value[7] == "-":
        return (date.fromisoformat(value) + by).isoformat()
    return value


def typical(number: int) -> dict[str, Any]:
    dice = random.Random(f"typical {number}")
    return instance(f"typical {number}", dice, [dice.randint(7, 10)])


KINDS: dict[str, dict[str, Any]] = {
    "2-3 organisations": {
        "sizes": (2, 3), "host_may_prepare": True, "no_repeat_host": False, "no_repeat_preparer": False,
    },
    "free formats": {"sizes": (7, 9), "kind": "any"},
    "pairs, 12 meetings": {"sizes": (7, 8), "meetings": 12, "preparers_per_meeting": 2},
    "more meetings than members": {"sizes": (5, 6), "meetings": 12},
    "60 organisations": {"sizes": (60, 60), "quorum": 20},
    "52 meetings": {"sizes": (10, 10), "meetings": 52, "kind": "online", "min_gap": 3},  # impossible: to be explained
    "52 meetings, manager never away": {
        "sizes": (10, 10), "meetings": 52, "kind": "online", "min_gap": 3, "quorum": 0, "away": False,
    },
}  # fmt: skip


def of_kind(kind: str, number: int) -> dict[str, Any]:
    dice = random.Random(f"{kind} {number}")
    wishes = dict(KINDS[kind])
    low, high = wishes.pop("sizes")
    away = wishes.pop("away", True)
    year = instance(f"{kind} {number}", dice, [dice.randint(low, high)], **wishes)
    return year if away else year | {"managers": {}}


def programme(networks: int, number: int) -> dict[str, Any]:
    dice = random.Random(f"programme {networks} {number}")
    return instance(f"programme {number}", dice, [dice.randint(7, 10) for _ in range(networks)])
