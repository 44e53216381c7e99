"""At most so many turns for each organisation (H15), hosting and preparing together.

What is locked is a fact: it counts, and only further turns are kept within the limit. Counters lie in one integer as
in the keys of `turn_bound`, wide enough to carry the turns of both duties and a bit that tells who is over.
"""

from collections import Counter
from typing import NamedTuple

from scheduling.model.network import Network
from scheduling.search.turn_bound import DutyYear

SWEEPS = 2  # rounds of looking for prices


class TurnCap:
    """`most[o]`: the turns that o may have in all, those that are locked among them."""

    def __init__(self, network: Network, limit: int, number: dict[str, int]) -> None:
        # Wide enough for all turns of both duties below the bit that tells who is over.
        self.bits = (2 * len(network.meetings) + 3).bit_length() + 1
        self.full = (1 << self.bits) - 1
        self.locked = [[number[n] for n in _locked(m.locked.host, m.locked.preparers)] for m in network.meetings]
        facts = Counter(o for here in self.locked for o in here)
        # Nobody has more turns than two a meeting: a wider limit says nothing, and would not fit its counter.
        limit = min(limit, 2 * len(network.meetings))
        self.most = [max(limit, facts[o]) for o in range(len(number))]
        self.free = [max(0, limit - facts[o]) for o in range(len(number))]
        self.hosting = self._beside([n for m in network.meetings for n in m.locked.preparers], number)
        self.preparing = self._beside([m.locked.host for m in network.meetings if m.locked.host], number)
        high = 1 << self.bits - 1
        self.over = sum(high << o * self.bits for o in range(len(number)))
        self.room = self._room(high)

    def _beside(self, other: list[str], number: dict[str, int]) -> list[int]:
        """Return the most turns of one duty for everybody, beside those locked of the other."""
        facts = Counter(number[n] for n in other)
        return [most - facts[o] for o, most in enumerate(self.most)]

    def _room(self, high: int) -> list[int]:
        """Return for each meeting what to add to all turns up to it: whoever is over has the highest bit then."""
        room, out = sum((high - 1 - free) << o * self.bits for o, free in enumerate(self.free)), []
        for here in self.locked:
            # A fact takes no room: only turns that are free count against it.
            room -= sum(1 << o * self.bits for o in here)
            out.append(room)
        return out

    def allows(self, t: int, turns: int) -> bool:
        """Return whether nobody has too many turns after meeting t; `turns` of both duties in one key."""
        return not (turns + self.room[t]) & self.over

    def slack(self, prices: dict[int, int], turns: int) -> int:
        """Return the prices of all turns that are left over."""
        return sum(price * (self.most[o] - (turns >> o * self.bits & self.full)) for o, price in prices.items())

    def prices(self, hosting: DutyYear, preparing: DutyYear, step: int) -> dict[int, int]:
        """Return {organisation: price of a turn}, multiples of `step`, that bring the two duties within the limit.

        Each duty alone does not see the turns of the other. At any prices the cheapest way to fill both, less what
        all turns allowed are worth, costs no more than the best way within the limit (Lagrange): each price goes
        where that bound is highest, one organisation after another.
        """
        prices: dict[int, int] = {}
        for _ in range(SWEEPS):
            turns = hosting.dearer(prices).turns + preparing.dearer(prices).turns
            over = {o for o, n in turns.items() if n > self.most[o]}
            for o in sorted(prices.keys() | over):
                prices[o] = self._settled(o, (hosting, preparing), prices, step)
        return {o: price for o, price in prices.items() if price}

    def _settled(self, o: int, duties: tuple[DutyYear, DutyYear], prices: dict[int, int], step: int) -> int:
        """Return the price of o at which the bound is highest: there two of its tangents meet."""
        low, high = self._tangent(o, 0, duties, prices), self._tangent(o, duties[0].infinite, duties, prices)
        while low.slope > 0 > high.slope:
            price = (high.at_zero - low.at_zero) // (low.slope - high.slope)
            price -= price % step
            if price <= low.price or price >= high.price:
                break
            middle = self._tangent(o, price, duties, prices)
            low, high = (middle, high) if middle.slope > 0 else (low, middle)
        return max(low, high, key=lambda x: x.value).price

    def _tangent(self, o: int, price: int, duties: tuple[DutyYear, DutyYear], prices: dict[int, int]) -> "Tangent":
        """Return the bound at a price of o, and how it changes with the price."""
        asked = prices | {o: price}
        dearer = [duty.dearer(asked) for duty in duties]
        value = sum(duty.rest(0, 0) for duty in dearer) - self.slack(asked, 0)
        return Tangent(price, value, sum(duty.turns[o] for duty in dearer) - self.most[o])


def cap_of(network: Network, number: dict[str, int]) -> TurnCap | None:
    """Return the network's limit, `number` being the numbers of its organisations; None where it has none."""
    return None if network.max_turns is None else TurnCap(network, network.max_turns, number)


class Tangent(NamedTuple):
    """A bound at one price, and its slope there."""

    price: int
    value: int
    slope: int

    @property
    def at_zero(self) -> int:
        """Return where the tangent is at a price of nothing."""
        return self.value - self.slope * self.price


def _locked(host: str | None, preparers: tuple[str, ...]) -> list[str]:
    return [*([] if host is None else [host]), *preparers]
