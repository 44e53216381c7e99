"""How long each part of a meeting takes."""

from collections.abc import Sequence

ROUND = 5  # minutes people reckon in


def shared(length: int, shares: Sequence[int]) -> list[int]:
    """Share `length` minutes out in the proportion of `shares` (positive), in fives where there is room for that.

    The parts add up to `length` exactly; each has a minute at least, as long as there are no more parts than minutes.
    """
    unit = ROUND if length // ROUND >= len(shares) else 1
    parts = [unit * each for each in _units(length // unit, shares)]
    parts[parts.index(max(parts))] += length % unit
    return parts


def _units(units: int, shares: Sequence[int]) -> list[int]:
    """Whole units in proportion, one at least; what is left over goes where most was cut off (largest remainder)."""
    exact = [units * share / sum(shares) for share in shares]
    found = [max(1, int(each)) for each in exact]
    places = range(len(shares))
    while sum(found) < units:
        found[max(places, key=lambda each: exact[each] - found[each])] += 1
    while sum(found) > units:
        found[max(places, key=lambda each: (found[each] > 1, found[each] - exact[each]))] -= 1
    return found
