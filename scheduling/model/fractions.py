"""Fractions as whole numbers over a common denominator: sums of whole numbers are many times faster, and as exact."""

from collections.abc import Iterable
from fractions import Fraction
from math import lcm


def common_unit(values: Iterable[Fraction]) -> int:
    """Return the least number that makes all of the values whole."""
    return lcm(1, *(v.denominator for v in values))


def in_units(value: Fraction | int, unit: int) -> int:
    """Return `unit` times the value, which must be whole."""
    return value.numerator * (unit // value.denominator)


def sum_of_squares(values: list[Fraction]) -> Fraction:
    """Return the exact sum of the squares."""
    unit = common_unit(values)
    return Fraction(sum(in_units(v, unit) ** 2 for v in values), unit * unit)
