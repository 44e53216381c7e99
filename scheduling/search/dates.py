"""Candidate dates, and chains of dates with their costs as packed integers.

The five tiers of the objective lie in one integer, the first tier in the highest bits: adding integers adds tiers and
comparing them compares
lexicographically, exactly. Days are ordinals in here.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from scheduling.model.fractions import in_units
from scheduling.model.network import Meeting, Network
from scheduling.model.tiers import MOVED_DATE, Objective, Tier
from scheduling.model.year import Year


@dataclass(frozen=True, slots=True)
class Scale:
    """Bits and units of the tiers; `unit` times a value of a tier is a whole number."""

    bits: tuple[int, ...]
    units: tuple[int, ...]

    @property
    def infinite(self) -> int:
        """Return a packed cost above that of any plan."""
        # Whatever is added to it stays above every plan, and integers do not overflow.
        return 1 << (sum(self.bits) + 1)

    def one(self, tier: Tier) -> int:
        """Return the packed value of 1 in this tier."""
        return self.units[tier] << sum(self.bits[tier + 1 :])

    def raw(self, tier: Tier) -> int:
        """Return the packed value of one unit in this tier."""
        return 1 << sum(self.bits[tier + 1 :])

    def amount(self, tier: Tier, value: Fraction | int) -> int:
        """Return the packed value of so much in this tier."""
        return in_units(value, self.units[tier]) << sum(self.bits[tier + 1 :])

    def tiers(self, packed: int) -> Objective:
        """Return the five values that lie in a packed cost."""
        out = []
        for bits, unit in zip(reversed(self.bits), reversed(self.units), strict=True):
            out.append(Fraction(packed & ((1 << bits) - 1), unit))
            packed >>= bits
        return tuple(reversed(out))


@dataclass(frozen=True, slots=True)
class Gap:
    """What may and should lie between two neighbouring meetings, and the price of a day off the target; `least` None
    where both dates are facts."""

    least: int | None
    target: int | None
    price: int = 1

    def cost(self, before: int, after: int, infinite: int) -> int:
        """Return the packed cost of the days between two meetings, infinite if they are too few."""
        if self.least is not None and after - before < self.least:
            return infinite
        return 0 if self.target is None else self.price * abs(after - before - self.target)


def reach(values: list[int], days: list[int], following: list[int], gap: Gap, infinite: int) -> list[int]:
    """Return for every following day the least of value + cost of the gap, both lists of days ascending.

    Linear in their lengths. From the target gap on the cost rises with the distance: a running minimum does. Below it
    the cost falls, and the days leave that stretch one after another: a sliding minimum.
    """
    # Two facts may stand in any order.
    least = -(10**9) if gap.least is None else gap.least
    target = least if gap.target is None else max(least, gap.target)
    near: deque[tuple[int, int]] = deque()
    entered = left = 0
    far = 0
    out = []
    slope = 0 if gap.target is None else gap.price
    aim = gap.target or 0
    size = len(days)
    for day in following:
        edge = day - target
        while left < size and days[left] <= edge:
            # Kept as a line, with its value at day 0: one addition then gives the cost at any later day.
            value = values[left] - slope * days[left]
            if not left or value < far:
                far = value
            left += 1
        edge = day - least
        while entered < size and days[entered] <= edge:
            value = values[entered] + slope * days[entered]
            # Dearer and older: never the least again (a monotone queue).
            while near and near[-1][0] >= value:
                near.pop()
            near.append((value, entered))
            entered += 1
        # These have passed the target and are part of `far`.
        while near and near[0][1] < left:
            near.popleft()
        best = far + slope * (day - aim) if left else infinite
        if near:
            best = min(best, near[0][0] + slope * (aim - day))
        out.append(best if best < infinite else infinite)
    return out


def reach_back(values: list[int], days: list[int], earlier: list[int], gap: Gap, infinite: int) -> list[int]:
    """Return the same from the later meeting to the earlier one."""
    mirrored = reach(values[::-1], [-d for d in reversed(days)], [-d for d in reversed(earlier)], gap, infinite)
    return mirrored[::-1]


def day_costs(year: Year, network: Network, meeting: Meeting, days: list[int], scale: Scale) -> list[int]:
    """Return the packed cost of each day alone: a published date moved, people away or on holiday, the weekday."""
    absent, school = (scale.amount(Tier.ATTENDANCE, network.weight(w)) for w in ("absent", "school"))
    # By the rest of an ordinal by 7, which is 0 on Sundays.
    weekday: Mapping[int, int] = {w % 7: scale.amount(Tier.PREFERENCE, c) for w, c in network.weekdays.items()}
    costs = {d: weekday.get(d % 7, 0) for d in days}
    roll = [year.instance.organisations[m.org] for m in network.on_roll(meeting)]
    holidays = {name: year.calendar(name).intersection(days) for name in {o.school for o in roll}}
    for organisation in roll:
        away = year.away[organisation.id].intersection(days)
        for d in away:
            costs[d] += absent
        # Whoever is away counts as absent only.
        for d in holidays[organisation.school] - away:
            costs[d] += school
    if meeting.published:
        moved, old = MOVED_DATE * scale.one(Tier.STABILITY), meeting.published.date.toordinal()
        return [c if d == old else c + moved for d, c in costs.items()]
    return list(costs.values())
