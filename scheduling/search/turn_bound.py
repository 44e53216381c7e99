"""One kind of duty over a year: what a turn costs in the ledger, and the least that the turns still to come must cost.

Organisations are numbers here, members first in their order. A key holds the number of turns of every organisation in
one integer.
"""

from collections import Counter
from collections.abc import Mapping
from copy import copy
from functools import cached_property
from heapq import heapify, heappop, heapreplace

Rest = tuple[int, int]  # the least packed cost of turns still to come, and who takes them as bits


class DutyYear:
    """One kind of duty over the year: whom it may fall to at each meeting, and convex costs of one more turn.

    first[o] is the packed cost of the first turn of o, every further turn costs `rise` more (nothing for strangers,
    who have no ledger). `bits`: the width of a counter in a key. `caps`: the most turns of each organisation; none: as
    many as fall to it.
    """

    def __init__(
        self,
        first: list[int],
        members: int,
        rise: int,
        *,
        able: list[list[int]],
        seats: list[int],
        apart: list[bool],
        infinite: int,
        bits: int,
        caps: list[int] | None = None,
    ) -> None:
        self.first, self.members, self.rise, self.infinite = first, members, rise, infinite
        self.able, self.seats, self.apart, self.caps = able, seats, apart, caps
        self.bits, self.full = bits, (1 << bits) - 1
        self.rises = [rise] * members + [0] * (len(first) - members)
        self._memo: list[dict[int, Rest]] = [{} for _ in range(len(seats) + 1)]

    def cost(self, key: int, o: int) -> int:
        """Return the packed cost of one more turn of o after those in the key."""
        return self.first[o] + ((key >> o * self.bits) & self.full) * self.rises[o]

    def turn(self, o: int) -> int:
        """Return one turn of o as it counts in a key."""
        return 1 << o * self.bits

    @cached_property
    def _limits(self) -> list[dict[int, tuple[int, int]]]:
        """Return from each meeting on, for everybody who can take a turn: most turns, places as bits."""
        places, taken, skipped = [0] * len(self.first), [0] * len(self.first), [0] * len(self.first)
        out: list[dict[int, tuple[int, int]]] = [{}]
        for t in reversed(range(len(self.seats))):
            here = set(self.able[t]) if self.seats[t] else set()
            mask = ((1 << self.seats[t]) - 1) << self._start[t]
            apart = self._apart_from_next(t)
            for o in range(len(self.first)):
                if self.seats[t]:
                    # Most turns from here on, with this one and without: repeats lower the number and never say which.
                    best = max(taken[o], skipped[o])
                    taken[o], skipped[o] = (1 + (skipped[o] if apart else best) if o in here else -(10**6)), best
                places[o] |= mask if o in here else 0
            most = map(max, taken, skipped)
            out.append({o: (n, places[o]) for o, n in enumerate(most) if n > 0})
        return out[::-1]

    def _apart_from_next(self, t: int) -> bool:
        """Return whether nobody may take this turn and the next one of the row; `apart` says it at the later of the
        two."""
        later = next((u for u in range(t + 1, len(self.seats)) if self.seats[u]), None)
        return later is not None and self.apart[later]

    @cached_property
    def _start(self) -> list[int]:
        out = [0]
        for seats in self.seats:
            out.append(out[-1] + seats)
        return out

    def dearer(self, prices: Mapping[int, int]) -> "DutyYear":
        """Return the same duty where every turn of an organisation costs so much more."""
        if not prices:
            return self
        other = copy(self)  # with all that is known of who can take which turn
        other.first = [cost + prices.get(o, 0) for o, cost in enumerate(self.first)]
        other.infinite = self.infinite + sum(prices.values()) * self.full
        other._memo = [{} for _ in self._memo]
        for known in ("_cheapest", "turns", "shares"):
            other.__dict__.pop(known, None)
        return other

    def rest(self, t: int, key: int) -> int:
        """Return the least packed cost of all turns from meeting t on, after those in the key.

        Nobody minds dates, the other duty, or repeats but for the number of turns they allow. What is left is the
        cheapest basis of a transversal matroid: take the cheapest turn that still fits beside those taken (Edmonds,
        Matroids and the greedy algorithm, 1971).
        """
        return self._rest(t, key)[0]

    def _rest(self, t: int, key: int) -> Rest:
        known = self._memo[t].get(key)
        if known is None:
            known = self._memo[t][key] = self._fill(t, key)[:2]
        return known

    def rest_after(self, t: int, key: int, team: int, turns: int) -> int:
        """Return the rest from meeting t on when the team has taken its turns too.

        These make nothing cheaper, and the cheapest rest no dearer if none of the team is in it.
        """
        after = key + turns
        known = self._memo[t].get(after)
        if known is None:
            before = self._rest(t, key)
            if team & before[1]:
                return self.rest(t, after)
            known = self._memo[t][after] = before
        return known[0]

    @cached_property
    def _cheapest(self) -> dict[int, int]:
        """Return who has which place in the cheapest way to fill all meetings."""
        return self._fill(0, 0)[2]

    @cached_property
    def turns(self) -> Counter[int]:
        """Return how many turns each organisation has in the cheapest way to fill all meetings."""
        return Counter(self._cheapest.values())

    @cached_property
    def shares(self) -> list[tuple[int, int]]:
        """Return (organisation, turns) of the cheapest way to fill all meetings."""
        return sorted(self.turns.items())

    def most(self, o: int) -> int:
        """Return the most turns that the organisation can take."""
        most = self._limits[0].get(o, (0, 0))[0]
        return most if self.caps is None else min(most, self.caps[o])

    def rivals(self) -> set[tuple[int, int]]:
        """Return (holder, other) for every place in the cheapest way that another could have."""
        limits = self._limits[0].items()
        return {(o, other) for place, o in self._cheapest.items() for other, (_, places) in limits if places & place}

    def effort(self, t: int) -> int:
        """Return the steps of working out one rest after meeting t."""
        return 6 + self._start[-1] - self._start[t]

    def _fill(self, t: int, key: int) -> tuple[int, int, dict[int, int]]:
        """Return the cheapest rest: its cost, who is in it as bits, and who has which place."""
        limits, rises = self._limits[t], self.rises
        open_places = self._start[-1] - self._start[t]
        free = ((1 << open_places) - 1) << self._start[t]
        owner: dict[int, int] = {}
        offers = self._offers(t, key)
        heapify(offers)
        total = takers = 0
        while offers and free:
            cost, o, most = offers[0]
            spot = self._place(o, free, owner, limits)
            free ^= spot
            if spot:
                total += cost
                takers |= 1 << o
            # Convex: the next turn of o is dearer, so o goes back at the new price and the greedy choice stays right.
            if spot and most > 1:
                heapreplace(offers, (cost + rises[o], o, most - 1))
            else:
                heappop(offers)
        return self.infinite if free else total, takers, owner

    def _offers(self, t: int, key: int) -> list[tuple[int, int, int]]:
        """Return (cost of the next turn, organisation, most turns) from meeting t on, after those in the key."""
        first, rises, bits, full, limits = self.first, self.rises, self.bits, self.full, self._limits[t]
        if self.caps is None:
            return [(first[o] + (key >> o * bits & full) * rises[o], o, most) for o, (most, _) in limits.items()]
        out = []
        for o, (most, _) in limits.items():
            had = key >> o * bits & full
            left = self.caps[o] - had
            if left > 0:
                out.append((first[o] + had * rises[o], o, most if most < left else left))
        return out

    def _place(self, o: int, free: int, owner: dict[int, int], limits: dict[int, tuple[int, int]]) -> int:
        """Give o a place, moving others along a path where needed; return the bit of the place that is no longer
        free, or 0."""
        spot = limits[o][1] & free
        if spot:
            spot &= -spot
            owner[spot] = o
            return spot
        came: dict[int, tuple[int, int]] = {}
        queue, seen = [(o, 0)], 0
        # Breadth first along who could give up a place for another (augmenting paths); the queue grows meanwhile.
        for who, held in queue:
            new = limits[who][1] & ~seen
            seen |= new
            while new:
                bit = new & -new
                new ^= bit
                came[bit] = (who, held)
                if bit & free:
                    found = bit
                    while bit:
                        owner[bit], bit = came[bit]
                    return found
                queue.append((owner[bit], bit))
        return 0
