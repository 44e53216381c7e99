"""What the user asked for, as wishes with a name and a price; why they cannot all stand, and which to give up at the
least price."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import partial
from heapq import heappop, heappush
from itertools import combinations
from typing import TypeVar

from scheduling.model.instance import Instance
from scheduling.model.network import ANY, IN_PERSON, Lock, Manager, Meeting, Member, Network, Organisation, Span

Thing = TypeVar("Thing")
NO_LIMIT = 10**6
NEW_WEEKDAY = 9  # what a weekday costs that nobody asked for: chosen last


@dataclass(frozen=True, slots=True)
class Explanation:
    """`conflict`: wishes that cannot all stand, each of them needed. `relax`: the cheapest to give up. None where
    nothing helps or steps ran out."""

    conflict: tuple[str, ...] | None
    relax: tuple[str, ...] | None
    cost: int | None


def wishes(instance: Instance) -> dict[str, int]:
    """Return every wish of the instance that says something, with its price. Source: docs/planner.md."""
    out: dict[str, int] = {}
    sits = [m.org for n in instance.networks for m in n.members]
    for organisation in instance.organisations.values():
        if organisation.unavailable:
            out[f"unavailable:{organisation.id}"] = 5
        if organisation.one_per_day and sits.count(organisation.id) > 1:
            out[f"one_per_day:{organisation.id}"] = 6
    for manager in instance.managers.values():
        mine = [n for n in instance.networks if n.manager == manager.id]
        if manager.unavailable:
            out[f"manager:{manager.id}"] = 6
        if len(mine) > 1 and sum(len(n.meetings) for n in mine) > manager.max_per_day:
            out[f"max_per_day:{manager.id}"] = 6
    for network in instance.networks:
        out.update(_network_wishes(network))
    return out


def _network_wishes(network: Network) -> dict[str, int]:
    n = network.id
    out = {f"min_gap:{n}": 3, f"weekdays:{n}": 2}
    rules = {
        "no_repeat_host": (2, network.no_repeat_host),
        "no_repeat_preparer": (2, network.no_repeat_preparer),
        "host_not_preparer": (2, not network.host_may_prepare),
        "max_turns": (2, network.max_turns is not None),
        "preparers_per_meeting": (4, network.preparers_per_meeting > 1),
        "quorum": (4, network.quorum > 0),
        "in_person": (4, network.in_person is not None),
    }
    out.update({f"{name}:{n}": price for name, (price, says) in rules.items() if says})
    out.update({f"closed:{n}/{c}": 9 for c in network.closed})
    for member in network.members:
        out.update(_member_wishes(f"{n}/{member.org}", member))
    out[f"room:{n}"] = 6
    for meeting in network.meetings:
        place = f"{n}/{meeting.id}"
        out[f"window:{place}"] = 3
        if meeting.format == IN_PERSON:
            out[f"format:{place}"] = 4
        if meeting.locked.fields:
            out[f"lock:{place}"] = 20
    return out


def _member_wishes(place: str, member: Member) -> dict[str, int]:
    says = {
        "hosts": (7, not member.hosts),
        "prepares": (7, not member.prepares),
        "duties_from": (5, member.duties_from is not None),
        "host_unavailable": (6, bool(member.host_unavailable)),
    }
    return {f"{name}:{place}": price for name, (price, said) in says.items() if said}


def drop(instance: Instance, names: Iterable[str]) -> Instance:
    """Return the instance without these wishes. Raises ValueError for one it does not have."""
    organisations, managers = dict(instance.organisations), dict(instance.managers)
    parts: dict[str, dict[str, list[str]]] = {}
    for name in names:
        kind, _, place = name.partition(":")
        if kind in OF_ORGANISATION:
            organisations[place] = OF_ORGANISATION[kind](organisations[place])
        elif kind in OF_MANAGER:
            managers[place] = OF_MANAGER[kind](managers[place])
        else:
            network, part = _part(instance, kind, place)
            parts.setdefault(network, {}).setdefault(part, []).append(kind)
    networks = tuple(_without(n, parts[n.id]) if n.id in parts else n for n in instance.networks)
    return replace(instance, organisations=organisations, managers=managers, networks=networks)


def _part(instance: Instance, kind: str, place: str) -> tuple[str, str]:
    """Return the network whose wish it is and what in it; `/` may stand in names too."""
    for network in instance.networks:
        if kind in OF_NETWORK and place == network.id:
            return network.id, ""
        if place.startswith(f"{network.id}/") and _has(network, kind, place[len(network.id) + 1 :]):
            return network.id, place[len(network.id) + 1 :]
    raise ValueError(f"There is no wish {kind}:{place}.")


def _has(network: Network, kind: str, part: str) -> bool:
    if kind == "closed":
        return part in network.closed
    if kind in OF_MEMBER:
        return any(m.org == part for m in network.members)
    return kind in OF_MEETING and any(m.id == part for m in network.meetings)


def _more_weekdays(network: Network) -> Network:
    return replace(network, weekdays=dict.fromkeys(range(1, 6), Fraction(NEW_WEEKDAY)) | dict(network.weekdays))


def _any_room(network: Network) -> Network:
    return replace(network, members=tuple(replace(m, room=NO_LIMIT if m.room else 0) for m in network.members))


OF_ORGANISATION: dict[str, Callable[[Organisation], Organisation]] = {
    "unavailable": lambda o: replace(o, unavailable=()),
    "one_per_day": lambda o: replace(o, one_per_day=False),
}
OF_MANAGER: dict[str, Callable[[Manager], Manager]] = {
    "manager": lambda m: replace(m, unavailable=()),
    "max_per_day": lambda m: replace(m, max_per_day=NO_LIMIT),
}
OF_NETWORK: dict[str, Callable[[Network], Network]] = {
    "min_gap": lambda n: replace(n, min_gap=1),
    "weekdays": _more_weekdays,
    "no_repeat_host": lambda n: replace(n, no_repeat_host=False),
    "no_repeat_preparer": lambda n: replace(n, no_repeat_preparer=False),
    "host_not_preparer": lambda n: replace(n, host_may_prepare=True),
    "max_turns": lambda n: replace(n, max_turns=None),
    "preparers_per_meeting": lambda n: replace(n, preparers_per_meeting=1),
    "quorum": lambda n: replace(n, quorum=0),
    "in_person": lambda n: replace(n, in_person=None),
    "room": _any_room,
}
OF_MEMBER: dict[str, Callable[[Member], Member]] = {
    "hosts": lambda m: replace(m, hosts=True),
    "prepares": lambda m: replace(m, prepares=True),
    "duties_from": lambda m: replace(m, duties_from=None),
    "host_unavailable": lambda m: replace(m, host_unavailable=()),
}
OF_MEETING: dict[str, Callable[[Span, Meeting], Meeting]] = {
    # The roll stays: a wider window must not change who is a member.
    "window": lambda year, m: replace(m, roll=m.roll or m.window, window=year),
    "format": lambda _, m: replace(m, format=ANY),
    "lock": lambda _, m: replace(m, locked=Lock()),
}


def _without(network: Network, kinds: dict[str, list[str]]) -> Network:
    """Return the network without these wishes: their kinds by what they are about, "" being the network itself."""
    year = (
        min((m.window[0] for m in network.meetings), default=date.min),
        max((m.window[1] for m in network.meetings), default=date.max),
    )
    of_meeting = {kind: partial(change, year) for kind, change in OF_MEETING.items()}
    less = replace(
        network,
        closed=tuple(c for c in network.closed if "closed" not in kinds.get(c, ())),
        members=tuple(_changed(m, OF_MEMBER, kinds.get(m.org, ())) for m in network.members),
        meetings=tuple(_changed(m, of_meeting, kinds.get(m.id, ())) for m in network.meetings),
    )
    return _changed(less, OF_NETWORK, kinds.get("", ()))


def _changed(value: Thing, changes: Mapping[str, Callable[[Thing], Thing]], kinds: Iterable[str]) -> Thing:
    for kind in kinds:
        value = changes[kind](value) if kind in changes else value
    return value


class _OutOfSteps(Exception):
    """A question could not be answered within the steps."""


def explain(instance: Instance, possible: Callable[[Instance], bool | None]) -> Explanation:
    """Return why there is no plan; `possible` says whether an instance has one, or None if it does not know."""
    prices = wishes(instance)
    conflict: tuple[str, ...] | None = None

    def works(dropped: Iterable[str]) -> bool:
        answer = possible(drop(instance, dropped))
        if answer is None:
            raise _OutOfSteps
        return answer

    try:
        if not works(prices):
            return Explanation((), None, None)
        conflict = _minimal(works, list(prices), prices)
        return Explanation(conflict, *_Relaxing(instance, works, prices, conflict).cheapest())
    except _OutOfSteps:
        return Explanation(conflict, None, None)


class _Relaxing:
    """The cheapest wishes to drop.

    Dropping nearly every wish can only help, so every conflict must be hit: take the cheapest wishes that hit all
    conflicts found, and while that does not help, find another conflict among the rest. Three kinds can hurt. Without
    its format a meeting counts for `in_person`, which is waived while all formats are given; without its absences an
    organisation is expected everywhere: with the other rule dropped too, neither can hurt. Without its lock a meeting
    is no longer a fact that may break rules: which locks to drop is tried set by set, cheap ones first.
    """

    def __init__(
        self,
        instance: Instance,
        works: Callable[[Iterable[str]], bool],
        prices: dict[str, int],
        conflict: tuple[str, ...],
    ) -> None:
        self.works, self.prices = works, prices
        self.locks = [w for w in prices if w.startswith("lock:")]
        self.others = [w for w in prices if w not in self.locks]
        self.companions = _companions(instance, prices)
        rest = [w for w in prices if w not in conflict]
        same = len(self._hopeful(rest)) == len(rest)
        self.known = [conflict] if same and set(self.locks) <= set(conflict) else []

    def cheapest(self) -> tuple[tuple[str, ...], int]:
        best: tuple[int, tuple[str, ...]] = (NO_LIMIT, ())
        for count in range(len(self.locks) + 1):
            for dropped in combinations(self.locks, count):
                if sum(self.prices[w] for w in dropped) < best[0]:
                    best = min(best, self._with(dropped))
        return best[1], best[0]

    def _hopeful(self, dropped: Iterable[str]) -> list[str]:
        """Add the wishes that keep a dropped one from hurting dropped too."""
        out = dict.fromkeys(dropped)
        return list(out | dict.fromkeys(self.companions[w] for w in out if w in self.companions))

    def _with(self, locks: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
        """Return the cheapest relaxation that drops these locks and no other."""
        if not self.works([*locks, *self.others]):
            return NO_LIMIT, ()
        useless: set[tuple[str, ...]] = set()
        conflicts = [] if locks else [tuple(w for w in c if w not in self.locks) for c in self.known]
        while True:
            # The cheapest set that hits every conflict known is no dearer than any way out, so the first one that works
            # is the cheapest (hitting sets: Reiter, A theory of diagnosis from first principles, 1987).
            cost, chosen = cheapest_hit(conflicts, self.prices, useless, self.others)
            if self.works([*locks, *chosen]):
                return cost + sum(self.prices[w] for w in locks), (*locks, *chosen)
            hopeful = self._hopeful(chosen)
            if len(hopeful) > len(chosen) and self.works([*locks, *hopeful]):
                useless.add(chosen)
            else:
                keep = [w for w in self.others if w not in chosen]
                conflicts.append(_minimal(partial(self._hope, locks), self.others, self.prices, keep))

    def _hope(self, locks: tuple[str, ...], dropped: Iterable[str]) -> bool:
        return self.works([*locks, *self._hopeful(dropped)])


def _companions(instance: Instance, prices: dict[str, int]) -> dict[str, str]:
    """Return for every wish that could hurt when dropped, the one that keeps it from hurting when it is dropped too."""
    out = {}
    for network in instance.networks:
        for meeting in network.meetings:
            for wish in (f"format:{network.id}/{meeting.id}", f"lock:{network.id}/{meeting.id}"):
                if wish in prices and _counts(network):
                    out[wish] = f"in_person:{network.id}"
    for organisation in instance.organisations:
        absent, once = f"unavailable:{organisation}", f"one_per_day:{organisation}"
        if absent in prices and once in prices:
            out[absent] = once
    return out


def _counts(network: Network) -> bool:
    low, high = network.in_person or (0, len(network.meetings))
    return low > 0 or high < len(network.meetings)


def _minimal(
    works: Callable[[Iterable[str]], bool],
    names: list[str],
    prices: dict[str, int],
    keep: list[str] | None = None,
) -> tuple[str, ...]:
    """Return the wishes of `keep` that are left when all that is not needed for the conflict is taken out, dear ones
    first, many at a time, and at last one by one until each is needed beside the others."""
    # Halves first, then quarters: most wishes are no part of the conflict, and a question costs a search
    # (delta debugging: Zeller, Hildebrandt, Simplifying and isolating failure-inducing input, 2002).
    keep = sorted(names if keep is None else keep, key=lambda x: -prices[x])
    size = max(1, len(keep) // 2)
    while True:
        start, before = 0, len(keep)
        while start < len(keep):
            fewer = keep[:start] + keep[start + size :]
            if works([x for x in names if x not in fewer]):
                start += size
            else:
                keep = fewer
        if size == 1 and len(keep) == before:
            return tuple(x for x in names if x in keep)
        size = max(1, size // 2)


def cheapest_hit(
    conflicts: list[tuple[str, ...]],
    prices: dict[str, int],
    useless: Collection[tuple[str, ...]] = (),
    names: Collection[str] = (),
) -> tuple[int, tuple[str, ...]]:
    """Return the price and the cheapest set with a wish out of every conflict that is not `useless`.

    Partial sets are taken cheapest first; each branches on a conflict that is not hit yet, a useless one on all
    `names`.
    """
    heap: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    seen: set[tuple[str, ...]] = set()
    while True:
        cost, chosen = heappop(heap)
        open_ = next((c for c in conflicts if not set(c) & set(chosen)), None)
        if open_ is None and chosen not in useless:
            return cost, chosen
        for wish in names if open_ is None else open_:
            more = tuple(sorted({*chosen, wish}))
            if more not in seen:
                seen.add(more)
                heappush(heap, (sum(prices[w] for w in more), more))
