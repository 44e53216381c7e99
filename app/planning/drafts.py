"""The draft of a year as it is kept: what was asked, the rows, why they are so, and what stands in the way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from app.errors import Stale
from app.extensions import hold
from app.meetings.models import Cycle
from app.meetings.row import Row, RowKey, plain
from app.planning.year_request import Wishes
from scheduling.model.plan import Reason
from scheduling.model.tiers import Tier
from scheduling.rules.balance import Balance

PLANNED = ("optimal", "feasible")
Value = str | int | bool | date | time | tuple[int, ...] | None  # of one field of a row
READ: dict[str, Callable[[str], date | time]] = {"date": date.fromisoformat, "start": time.fromisoformat}
AS_IT_IS = ("status", "reason", "base", "relax_cost", "method", "together", "by_hand")


@dataclass(frozen=True)
class Clash:
    """A rule of the planner, H0 to H15, that the draft breaks or that was overridden by hand."""

    rule: str
    meeting: RowKey | None  # None: of the whole year


@dataclass(frozen=True)
class Move:
    """One field of a row that the last proposal changed."""

    key: RowKey
    field: str
    old: Value
    new: Value


@dataclass(frozen=True)
class CostByHand:
    """What a change by hand costs: by how much each tier is worse, and who ends how many turns further off."""

    worse: Mapping[Tier, Fraction]
    who: int | None
    turns: Fraction


@dataclass(frozen=True)
class Draft:
    wishes: Wishes
    rows: tuple[Row, ...]
    status: str = "unknown"
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    clashes: tuple[Clash, ...] = ()  # publishing asks for a reason
    conflict: tuple[str, ...] = ()  # wishes that cannot all be kept
    relax: tuple[str, ...] = ()
    relax_cost: int | None = None
    objective: tuple[Fraction, ...] = ()  # five tiers
    method: str = ""
    worst: Fraction = Fraction(0)  # turns the organisation furthest off will be off after this year
    ends: Mapping[int, Balance] = field(default_factory=dict)  # {organisation: how it stands after this year}
    cost: CostByHand | None = None  # of the last change by hand
    bound: tuple[Fraction, ...] = ()
    dropped: tuple[str, ...] = ()  # wishes the manager gave up, by button
    moved: tuple[Move, ...] = ()  # what the last proposal changed
    together: int = 0  # networks it was planned with, as one whole
    by_hand: int = 0  # cells that somebody set since the year was proposed
    reason: str = ""  # one line for the mails and the log
    base: int | None = None  # the published version it was made from

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Draft":
        """Read what `to_json` wrote, now or in an earlier version; what is not there is as in an empty draft."""
        return cls(
            Wishes.from_json(values["wishes"]),
            tuple(map(Row.from_json, values["rows"])),
            reasons=tuple(map(_reason, values.get("reasons") or ())),
            warnings=tuple(map(_reason, values.get("warnings") or ())),
            clashes=tuple(map(_clash, values.get("clashes") or ())),
            conflict=tuple(values.get("conflict") or ()),
            relax=tuple(values.get("relax") or ()),
            dropped=tuple(values.get("dropped") or ()),
            objective=_fractions(values.get("objective") or ()),
            bound=_fractions(values.get("bound") or ()),
            worst=Fraction(values.get("worst", 0)),
            ends={int(number): Balance(*_fractions(ends)) for number, ends in values.get("ends", {}).items()},
            cost=_cost(values["cost"]) if values.get("cost") else None,
            moved=tuple(map(_move, values.get("moved") or ())),
            **{name: values[name] for name in AS_IT_IS if name in values},
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "wishes": self.wishes.to_json(),
            "rows": [row.to_json() for row in self.rows],
            "reasons": [_reason_json(each) for each in self.reasons],
            "warnings": [_reason_json(each) for each in self.warnings],
            "clashes": [{"rule": each.rule, "meeting": plain(each.meeting)} for each in self.clashes],
            "conflict": list(self.conflict),
            "relax": list(self.relax),
            "dropped": list(self.dropped),
            "objective": list(map(str, self.objective)),
            "bound": list(map(str, self.bound)),
            "worst": str(self.worst),
            "ends": {str(number): [str(each.host), str(each.prep)] for number, each in self.ends.items()},
            "cost": _cost_json(self.cost) if self.cost else None,
            "moved": [_move_json(each) for each in self.moved],
            **{name: getattr(self, name) for name in AS_IT_IS},
        }

    @property
    def planned(self) -> bool:
        """Whether every row has its day."""
        return all(row.date and row.mode for row in self.rows if not row.cancelled)

    @property
    def publishable(self) -> bool:
        return self.planned and self.status in PLANNED

    def row(self, key: RowKey) -> Row:
        return next(row for row in self.rows if row.key == key)

    def named(self, key: str) -> Row | None:
        """The row that a form names."""
        return next((row for row in self.rows if str(row.key) == key), None)

    def with_row(self, row: Row) -> "Draft":
        return replace(self, rows=tuple(row if each.key == row.key else each for each in self.rows))


def _fractions(texts: Sequence[str]) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, texts))


def _reason(values: Mapping[str, Any]) -> Reason:
    params = {name: tuple(value) if isinstance(value, list) else value for name, value in values["params"].items()}
    return Reason(values["code"], params, values.get("network"), values["meeting"])


def _reason_json(reason: Reason) -> dict[str, Any]:
    params = {name: list(value) if isinstance(value, tuple) else value for name, value in reason.params.items()}
    return {"code": reason.code, "params": params, "network": reason.network, "meeting": reason.meeting}


def _clash(values: Mapping[str, Any]) -> Clash:
    return Clash(values["rule"], RowKey.parse(values["meeting"]) if values["meeting"] else None)


def _cost(values: Mapping[str, Any]) -> CostByHand:
    worse = {Tier[name.upper()]: Fraction(amount) for name, amount in values["worse"].items()}
    return CostByHand(worse, int(values["who"]) if values["who"] else None, Fraction(values["turns"]))


def _cost_json(cost: CostByHand) -> dict[str, Any]:
    worse = {tier.name.lower(): str(amount) for tier, amount in cost.worse.items()}
    return {"worse": worse, "who": str(cost.who or ""), "turns": str(cost.turns)}


def _move(values: Mapping[str, Any]) -> Move:
    old, new = (_value(values["field"], values[name]) for name in ("old", "new"))
    return Move(RowKey.parse(values["key"]), values["field"], old, new)


def _value(name: str, value: str | int | list[int] | None) -> Value:
    if isinstance(value, list):
        return tuple(value)
    return READ[name](value) if isinstance(value, str) and name in READ else value


def _move_json(move: Move) -> dict[str, Any]:
    return {"key": str(move.key), "field": move.field, "old": plain(move.old), "new": plain(move.new)}


def of(cycle: Cycle) -> Draft | None:
    return Draft.from_json(cycle.draft) if cycle.draft else None


def rows_of(cycle: Cycle) -> list[Row]:
    """The rows of its draft alone."""
    return [Row.from_json(row) for row in (cycle.draft or {}).get("rows", ())]


def store(cycle: Cycle, draft: Draft | None, *, undoable: bool = False) -> None:
    """Keep the draft; its version tells two editors apart. The one before is kept beside it where it is `undoable`.

    What followed something that happened elsewhere is not: going back would take that back in silence.
    Raises Stale when somebody stored another meanwhile.
    """
    _held(cycle)
    made = draft.to_json() if draft else None
    if made is not None and undoable:
        before = {name: value for name, value in cycle.draft.items() if name != "before"} if cycle.draft else None
        made["before"] = before
    cycle.draft = made
    cycle.draft_version = (cycle.draft_version or 0) + 1


def can_go_back(cycle: Cycle) -> bool:
    """Whether there is something to go back to: another draft, or the year as it is published."""
    return "before" in (cycle.draft or {}) and bool(cycle.published or (cycle.draft or {})["before"])


def go_back(cycle: Cycle) -> None:
    """The draft as it was before the last change; raises Stale when somebody stored another meanwhile."""
    _held(cycle)
    cycle.draft = (cycle.draft or {})["before"]
    cycle.draft_version += 1


def _held(cycle: Cycle) -> None:
    known = cycle.draft_version
    hold(cycle)
    if cycle.draft_version != known:
        raise Stale(_("Somebody else changed this year meanwhile. Nothing of yours is stored: please try again."))
