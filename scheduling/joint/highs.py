"""Which columns to take, at the least cost: a linear programme for the prices of days, an integer one for the choice.

The only file that imports highspy, an optional extra. Its numbers are floats and are believed in two ways only: prices
are rounded to integers before they prove anything, and a choice is counted again in integers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from scheduling.model.tiers import Tier

DEAR = 1_000_000.0  # an artificial column: dearer than any real one
MOST_NODES = 500
Limit = tuple[str, str, int] | Tier  # a day of a manager or an organisation, or a tier that is settled


@dataclass(frozen=True, slots=True)
class Column:
    """One way to fill the group's place; `uses` says how much of each limit it takes."""

    group: int
    cost: int
    uses: Mapping[Limit, int]


def available() -> bool:
    """Return whether the optional extra is installed."""
    return find_spec("highspy") is not None


@cache
def _highspy() -> ModuleType:
    """Load it when first needed: with numpy it takes a tenth of a second."""
    return import_module("highspy")


def _model() -> Any:
    kind = _highspy().Highs
    model = kind.__new__(kind)
    super(kind, model).__init__()  # its own __init__ also subscribes to messages, and that prints a banner
    # One thread, the same all through the process: HiGHS refuses another number later on.
    for name, value in (("output_flag", False), ("threads", 1), ("parallel", "off"), ("random_seed", 0)):
        model.setOptionValue(name, value)
    return model


class LinearProgramme:
    """A linear programme that grows: exactly one column of every group, no limit used above its capacity."""

    def __init__(self, groups: int, capacity: Mapping[Limit, int]) -> None:
        self.model, self.capacity = _model(), capacity
        self.groups = groups
        self.number: dict[Limit, int] = {}
        for group in range(groups):
            self.model.addRow(1.0, 1.0, 0, [], [])
            self.model.addCol(DEAR, 0.0, _highspy().kHighsInf, 1, [group], [1.0])

    def add(self, column: Column) -> None:
        """Add a column, without an upper bound: that would falsify the prices."""
        for limit in column.uses:
            if limit not in self.number:
                self.number[limit] = self.groups + len(self.number)
                self.model.addRow(-_highspy().kHighsInf, float(self.capacity[limit]), 0, [], [])
        places = [column.group, *(self.number[limit] for limit in column.uses)]
        amounts = [1.0, *map(float, column.uses.values())]
        self.model.addCol(float(column.cost), 0.0, _highspy().kHighsInf, len(places), places, amounts)

    def solve(self, scale: int) -> dict[Limit, int]:
        """Return what a unit of every limit is worth, as integers in units of 1/scale; worthless ones left out."""
        self.model.run()
        duals = self.model.getSolution().row_dual
        prices = {limit: round(-duals[i] * scale) for limit, i in self.number.items()}
        return {limit: price for limit, price in prices.items() if price > 0}


def choose(columns: Sequence[Column], groups: int, capacity: Mapping[Limit, int]) -> tuple[list[int] | None, bool]:
    """Return the places in `columns` of the cheapest choice, one column a group, and whether that is certain.

    `capacity`: how much there is of every limit. None: no choice was found; that is certain too if the second value is
    true. What HiGHS answers is counted again in integers before it is believed.
    """
    model = _model()
    # Costs are whole numbers, so half a unit of gap is none.
    for name, value in (("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5), ("mip_max_nodes", MOST_NODES)):
        model.setOptionValue(name, value)
    number = {limit: groups + i for i, limit in enumerate(dict.fromkeys(x for c in columns for x in c.uses))}
    for _ in range(groups):
        model.addRow(1.0, 1.0, 0, [], [])
    for limit in number:
        model.addRow(-_highspy().kHighsInf, float(capacity[limit]), 0, [], [])
    for i, column in enumerate(columns):
        places = [column.group, *(number[limit] for limit in column.uses)]
        amounts = [1.0, *map(float, column.uses.values())]
        model.addCol(float(column.cost), 0.0, 1.0, len(places), places, amounts)
        model.changeColIntegrality(i, _highspy().HighsVarType.kInteger)
    model.run()
    known = _highspy().HighsModelStatus
    sure = model.getModelStatus() in (known.kOptimal, known.kInfeasible)
    values = model.getSolution().col_value if model.getInfo().primal_solution_status == 2 else []
    chosen = [i for i, value in enumerate(values) if value > 0.5]
    return (chosen, sure) if len(chosen) == groups and _fits(columns, chosen, capacity) else (None, sure and not chosen)


def _fits(columns: Sequence[Column], chosen: Iterable[int], capacity: Mapping[Limit, int]) -> bool:
    used: dict[Limit, int] = {}
    groups = set()
    for i in chosen:
        groups.add(columns[i].group)
        for limit, amount in columns[i].uses.items():
            used[limit] = used.get(limit, 0) + amount
    return len(groups) == len(list(chosen)) and all(amount <= capacity[limit] for limit, amount in used.items())
