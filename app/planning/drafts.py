"""The draft of a year: what was asked, the rows, why they are so, and what stands in the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from app.meetings.models import Cycle
from app.meetings.queries import meetings_of_year
from app.meetings.row import Change, Row, RowKey, by_date, differences, of_meeting, plain
from app.networks.models import Network
from app.planning.instance import ALONE, Instead, busy_days, filled, instance_of
from app.planning.year_request import Wishes
from scheduling import planner
from scheduling.host_regions import spread
from scheduling.model.instance import Instance
from scheduling.model.network import PlannedMeeting
from scheduling.model.plan import Plan, Reason
from scheduling.model.tiers import TIERS
from scheduling.rules import check
from scheduling.rules import reasons as explain
from scheduling.rules.balance import Balance
from scheduling.rules.relaxing import drop

BUDGET_SECONDS = 2.0
TOGETHER, NO_BOUND = "networks together", ("0",) * len(TIERS)
PLANNED = ("optimal", "feasible")
SIMPLE = ("status", "reason", "base", "relax_cost", "method", "worst", "ends", "cost", "together")
LISTS = ("reasons", "warnings", "clashes", "conflict", "relax", "objective", "bound", "dropped", "moved")


@dataclass(frozen=True)
class Draft:
    wishes: Wishes
    rows: tuple[Row, ...]
    status: str = "unknown"
    reasons: tuple[dict[str, Any], ...] = ()
    warnings: tuple[dict[str, Any], ...] = ()
    clashes: tuple[dict[str, Any], ...] = ()  # rules broken or overridden by hand; publishing asks for a reason
    conflict: tuple[str, ...] = ()
    relax: tuple[str, ...] = ()
    relax_cost: int | None = None
    objective: tuple[str, ...] = ()  # five tiers, exact fractions as text
    method: str = ""
    worst: str = "0"  # turns the organisation furthest off will be off after this year
    ends: dict[str, list[str]] = field(default_factory=dict)  # {organisation: its balances (hosting, preparing) after}
    cost: dict[str, Any] | None = None  # of the last change by hand
    bound: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()  # wishes the manager gave up, by button
    moved: tuple[dict[str, Any], ...] = ()  # what the last proposal changed
    together: int = 0  # networks it was planned with, as one whole
    reason: str = ""  # one line for the mails and the log
    base: int | None = None  # the published version it was made from

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Draft":
        rows = tuple(Row.from_json(row) for row in values["rows"])
        known: dict[str, Any] = {key: tuple(values.get(key) or ()) for key in LISTS}
        known |= {key: values[key] for key in SIMPLE if key in values}
        return cls(Wishes.from_json(values["wishes"]), rows, **known)

    def to_json(self) -> dict[str, Any]:
        return {
            "wishes": self.wishes.to_json(),
            "rows": [row.to_json() for row in self.rows],
            **{key: getattr(self, key) for key in SIMPLE},
            **{key: list(getattr(self, key)) for key in LISTS},
        }

    @property
    def planned(self) -> bool:
        """Whether every row has its day."""
        return all(row.date and row.mode for row in self.rows if not row.cancelled)

    def row(self, key: RowKey) -> Row:
        return next(row for row in self.rows if row.key == key)

    def named(self, key: str) -> Row | None:
        """The row that a form names."""
        return next((row for row in self.rows if str(row.key) == key), None)

    def with_row(self, row: Row) -> "Draft":
        return replace(self, rows=tuple(row if each.key == row.key else each for each in self.rows))


def of(cycle: Cycle) -> Draft | None:
    return Draft.from_json(cycle.draft) if cycle.draft else None


def store(cycle: Cycle, draft: Draft | None) -> None:
    """Keep the draft; its version tells two editors apart."""
    cycle.draft = draft.to_json() if draft else None
    cycle.draft_version = (cycle.draft_version or 0) + 1


def instance(cycle: Cycle, draft: Draft, anchors: Mapping[RowKey, Row], instead: Instead = ALONE) -> Instance:
    """The instance of a draft; `anchors` are the rows it should differ from as little as possible."""
    made = instance_of(cycle.network, cycle.year, draft.wishes, by_date(draft.rows), anchors, instead)
    return drop(made, draft.dropped)


def plan(cycle: Cycle, draft: Draft, anchors: Mapping[RowKey, Row], instead: Instead = ALONE) -> Draft:
    """Fill the rows that are not locked, moving as little as possible of `anchors`; says what moved and why."""
    network, rows = cycle.network, by_date(draft.rows)
    draft = replace(draft, together=0)
    asked = instance(cycle, draft, anchors, instead)
    result = planner.plan(asked, budget=BUDGET_SECONDS)
    if result.status not in PLANNED:
        return replace(
            draft,
            rows=tuple(rows),
            status=result.status,
            conflict=result.conflict or (),
            relax=result.relax or (),
            relax_cost=result.relax_cost,
            objective=(),
            bound=(),
            reasons=(),
            warnings=(),
            clashes=(),
            moved=(),
        )
    result = _spread(draft, asked, result, network)
    after = tuple(by_date(filled(rows, result.networks[network.slug], network)))
    draft = replace(
        draft, rows=after, status=result.status, conflict=(), relax=(), moved=tuple(moves(anchors.values(), after))
    )
    return _explained(cycle, _certified(draft, result), asked, result, instead)


def joined(cycle: Cycle, draft: Draft, rows: Sequence[PlannedMeeting], proven: bool, instead: Instead) -> Draft:
    """A draft filled with its part of a plan of several networks, explained as if the others stood already."""
    asked = instance(cycle, draft, {}, instead)
    result = Plan(asked.name, "optimal" if proven else "feasible", {cycle.network.slug: tuple(rows)})
    result = _spread(draft, asked, result, cycle.network)
    after = tuple(by_date(filled(by_date(draft.rows), result.networks[cycle.network.slug], cycle.network)))
    draft = replace(draft, rows=after, status=result.status, conflict=(), relax=(), moved=())
    objective = tuple(map(str, check.check(asked, result).objective))
    draft = replace(draft, objective=objective, bound=NO_BOUND, method=TOGETHER, together=len(instead))
    return _explained(cycle, draft, asked, result, instead)


def _spread(draft: Draft, asked: Instance, result: Plan, network: Network) -> Plan:
    """The hosts in the order the manager would like best, among those that are as good."""
    return spread(asked, result, regions_of(network)) if draft.wishes.spread else result


def regions_of(network: Network) -> dict[str, str]:
    """{organisation: its region, or its town when that is all we know}."""
    places = {m.organisation_id: m.organisation.region or m.organisation.town for m in network.memberships}
    return {str(number): place.casefold() for number, place in places.items() if place}


def _regions(network: Network, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Of each host whether the meeting in person before was in another region."""
    regions, out = regions_of(network), []
    for before, row in pairwise(row for row in rows if row.host and not row.cancelled):
        places = regions.get(str(before.host)), regions.get(str(row.host))
        if None not in places:
            code = "region_again" if places[0] == places[1] else "region_other"
            out.append({"code": code, "params": {"organisation": str(before.host)}, "meeting": str(row.key)})
    return out


def _certified(draft: Draft, result: Plan) -> Draft:
    """What the planner proved of it."""
    certificate = result.certificate
    return replace(
        draft,
        objective=tuple(map(str, result.objective or ())),
        method=certificate.method if certificate else "",
        bound=tuple(map(str, certificate.bound)) if certificate else (),
    )


def review(cycle: Cycle, draft: Draft) -> Draft:
    """The draft as it stands, with its reasons, warnings and clashes worked out anew; nothing is moved."""
    if not draft.planned:
        return draft
    draft = replace(draft, rows=tuple(by_date(draft.rows)), status="feasible", objective=(), bound=(), together=0)
    asked = instance(cycle, draft, {})
    planned = tuple(as_planned(row) for row in draft.rows if not row.cancelled)
    return _explained(cycle, draft, asked, Plan(asked.name, "feasible", {cycle.network.slug: planned}))


def as_planned(row: Row) -> PlannedMeeting:
    return PlannedMeeting(
        str(row.key),
        row.date,  # type: ignore[arg-type]
        "online" if row.mode == "online" else "in_person",
        str(row.host) if row.host else None,
        tuple(map(str, row.preparers)),
    )


def _explained(cycle: Cycle, draft: Draft, asked: Instance, result: Plan, instead: Instead = ALONE) -> Draft:
    reasons = [reason_json(each) for each in explain.reasons(asked, result)]
    reasons += _regions(cycle.network, draft.rows) if draft.wishes.spread else []
    warnings = [reason_json(each) for each in explain.warnings(asked, result)]
    shared = _shared(cycle.network, cycle.year, draft.rows, instead)
    report = check.check(asked, result)
    ledger = report.ledger.get(cycle.network.slug, {})
    return replace(
        draft,
        reasons=tuple(reasons),
        warnings=(*warnings, *shared),
        clashes=tuple(_clashes(cycle, draft, report)),
        worst=_worst(ledger),
        ends={number: [str(each.host), str(each.prep)] for number, each in ledger.items()},
    )


def cost_of(before: Draft, after: Draft) -> dict[str, Any] | None:
    """What a change by hand costs: by how much each tier but stability is worse, and who ends furthest from where
    they would have. None when one of the two is not a plan."""
    if not before.objective or not after.objective:
        return None
    pairs = zip(TIERS, before.objective, after.objective, strict=True)
    worse = {tier: str(Fraction(new) - Fraction(old)) for tier, old, new in pairs if tier != "stability"}
    further = {number: _off(ends) - _off(before.ends.get(number, ["0"])) for number, ends in after.ends.items()}
    who = max(further, key=lambda number: (further[number], number), default="")
    return {"worse": worse, "who": who, "turns": str(further.get(who, 0))}


def _off(ends: Sequence[str]) -> Fraction:
    return max(abs(Fraction(turns)) for turns in ends)


def _worst(ledger: Mapping[str, Balance]) -> str:
    """How far the organisation that is furthest off will be after this year, in turns, as an exact fraction."""
    return str(max([abs(turns) for each in ledger.values() for turns in (each.host, each.prep)], default=Fraction(0)))


def _clashes(cycle: Cycle, draft: Draft, report: check.Report) -> list[dict[str, Any]]:
    """Rules broken by what this draft would change; what is published already was answered for then."""
    in_force = list(map(of_meeting, meetings_of_year(cycle))) if cycle.id else []
    changed = {str(change.new.key) for change in differences(in_force, draft.rows)}
    settled = {str(row.key) for row in in_force} - changed
    found = [each for each in (*report.violations, *report.notes) if each.code != check.KNOWN_UNTIL]
    return [{"rule": each.rule, "meeting": each.meeting} for each in found if each.meeting not in settled]


def _shared(network: Network, year: int, rows: Sequence[Row], instead: Instead) -> list[dict[str, Any]]:
    """Who is expected in another network that day: an organisation is a notice, the same person is a conflict."""
    busy = busy_days(network, year, instead)
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        taken = busy.shared.get(row.date, ()) if row.date and not row.cancelled else ()
        for other, organisation in taken:
            conflict = row.date in busy.people.get(organisation, ())
            code = "person_elsewhere" if conflict else "organisation_elsewhere"
            found.setdefault((str(row.key), code, other), []).append(str(organisation))
    return [
        {"code": code, "params": {"organisations": who, "network": other}, "meeting": key}
        for (key, code, other), who in found.items()
    ]


def reason_json(reason: Reason) -> dict[str, Any]:
    params = {key: list(value) if isinstance(value, tuple) else value for key, value in reason.params.items()}
    return {"code": reason.code, "params": params, "meeting": reason.meeting}


MOVABLE = ("date", "start", "mode", "host", "preparers", "cancelled")


def moves(before: Iterable[Row], after: Iterable[Row]) -> list[dict[str, Any]]:
    """What differs from the rows before, field by field."""
    return [
        {"key": str(new.key), "field": name, "old": plain(getattr(old, name)), "new": plain(getattr(new, name))}
        for old, new in ((change.old, change.new) for change in differences(before, after))
        for name in MOVABLE
        if old and name in Change(old, new).fields
    ]
