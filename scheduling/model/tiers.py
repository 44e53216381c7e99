"""The five tiers of the objective, and what everything costs in them."""

from collections.abc import Iterable
from enum import IntEnum
from fractions import Fraction


class Tier(IntEnum):
    """What a plan is judged by, in this order: a later tier only decides between plans that are equal in all before.

    The number is the place in every tuple of five values.
    """

    STABILITY = 0
    ATTENDANCE = 1
    UNFAIRNESS = 2
    PREFERENCE = 3
    SPACING = 4


Objective = tuple[Fraction, ...]  # one value a tier; tuples compare as the tiers do, from the left
NO_COST: Objective = (Fraction(0),) * len(Tier)
TIERS = tuple(tier.name.lower() for tier in Tier)

# Stability: what a change of the published plan costs. The order is that in which one repairs by hand: another
# preparer, another host, online instead, and only then another date, which concerns everybody.
MOVED_DATE, MOVED_HOST, MOVED_FORMAT, MOVED_PREPARER = 10, 3, 2, 2

# The other tiers: what a network may weigh anew. Attendance: absent, school, format. Preference: avoid, in_a_row.
DEFAULT_WEIGHTS = {
    "absent": Fraction(10),
    "school": Fraction(3),
    "format": Fraction(4),
    "avoid": Fraction(2),
    "in_a_row": Fraction(2),
}


def sum_of(objectives: Iterable[Objective]) -> Objective:
    """Return the sum of the objectives of several networks, tier by tier."""
    total = NO_COST
    for objective in objectives:
        total = tuple(a + b for a, b in zip(total, objective, strict=True))
    return total
