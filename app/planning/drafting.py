"""How the draft of a year is filled by the planner, and looked over when it was changed by hand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from flask_babel import gettext as _

from app.errors import Stale
from app.extensions import unlocked
from app.meetings.models import Cycle
from app.meetings.row import Row, RowKey, by_date, differences, published_rows
from app.networks.models import Network
from app.planning.drafts import PLANNED, Clash, CostByHand, Draft, Move
from app.planning.elsewhere import ALONE, Busy, Instead, busy_days
from app.planning.instance import as_planned, filled, instance_of
from scheduling import planner
from scheduling.host_regions import spread
from scheduling.model.instance import Instance
from scheduling.model.network import PlannedMeeting
from scheduling.model.plan import Plan, Reason
from scheduling.model.tiers import NO_COST, Tier
from scheduling.rules import check
from scheduling.rules import reasons as explain
from scheduling.rules.balance import Balance
from scheduling.rules.relaxing import drop

BUDGET_SECONDS = 2.0
TOGETHER = "networks together"
MOVABLE = ("date", "start", "mode", "host", "preparers", "cancelled")


def asked_of(cycle: Cycle, draft: Draft, anchors: Mapping[RowKey, Row], busy: Busy) -> Instance:
    """The instance of a draft; `anchors` are the rows it should differ from as little as possible."""
    made = instance_of(cycle.network, cycle.year, draft.wishes, by_date(draft.rows), anchors, busy)
    return drop(made, draft.dropped)


def fill(cycle: Cycle, draft: Draft, anchors: Mapping[RowKey, Row], instead: Instead = ALONE) -> Draft:
    """Fill the rows that are not locked, moving as little as possible of `anchors`; says what moved and why.

    Nobody waits for the planner: the writer's lock is free meanwhile. Raises Stale when the year changed under it.
    """
    network, rows = cycle.network, by_date(draft.rows)
    draft, busy = replace(draft, together=0), busy_days(network, cycle.year, instead)
    asked = asked_of(cycle, draft, anchors, busy)
    made_from = (cycle.draft_version, network.revision)
    with unlocked():
        result = planner.plan(asked, budget=BUDGET_SECONDS)
    if (cycle.draft_version, network.revision) != made_from:
        raise Stale(_("Somebody else changed this year meanwhile. Nothing of yours is stored: please try again."))
    if result.status not in PLANNED:
        return _unfilled(draft, rows, result)
    result = _spread(draft, asked, result, network)
    after = tuple(by_date(filled(rows, result.networks[network.slug], network, cycle.year)))
    moved = tuple(moves(anchors.values(), after))
    filled_draft = replace(draft, rows=after, status=result.status, conflict=(), relax=(), moved=moved)
    # Nobody knows a draft that was never published: why it is so is told without it.
    told = asked if cycle.published else asked_of(cycle, draft, {}, busy)
    return _explained(cycle, _certified(filled_draft, result), told, result, busy)


def _unfilled(draft: Draft, rows: Sequence[Row], result: Plan) -> Draft:
    """The draft with what stands in the way."""
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


def joined(cycle: Cycle, draft: Draft, rows: Sequence[PlannedMeeting], proven: bool, instead: Instead) -> Draft:
    """A draft filled with its part of a plan of several networks, explained as if the others stood already."""
    busy = busy_days(cycle.network, cycle.year, instead)
    asked = asked_of(cycle, draft, {}, busy)
    result = Plan(asked.name, "optimal" if proven else "feasible", {cycle.network.slug: tuple(rows)})
    result = _spread(draft, asked, result, cycle.network)
    after = tuple(by_date(filled(by_date(draft.rows), result.networks[cycle.network.slug], cycle.network, cycle.year)))
    draft = replace(draft, rows=after, status=result.status, conflict=(), relax=(), moved=())
    objective = check.check(asked, result).objective
    draft = replace(draft, objective=objective, bound=NO_COST, method=TOGETHER, together=len(instead))
    return _explained(cycle, draft, asked, result, busy)


def _spread(draft: Draft, asked: Instance, result: Plan, network: Network) -> Plan:
    """The hosts in the order the manager would like best, among those that are as good."""
    return spread(asked, result, regions_of(network)) if draft.wishes.spread else result


def regions_of(network: Network) -> dict[str, str]:
    """{organisation: its region, or its town when that is all we know}."""
    places = {m.organisation_id: m.organisation.region or m.organisation.town for m in network.memberships}
    return {str(number): place.casefold() for number, place in places.items() if place}


def _regions(network: Network, rows: Sequence[Row]) -> list[Reason]:
    """Of each host whether the meeting in person before was in another region."""
    regions, out = regions_of(network), []
    for before, row in pairwise(row for row in rows if row.host and not row.cancelled):
        places = regions.get(str(before.host)), regions.get(str(row.host))
        if None not in places:
            code = "region_again" if places[0] == places[1] else "region_other"
            out.append(Reason(code, {"organisation": str(before.host)}, network.slug, str(row.key)))
    return out


def _certified(draft: Draft, result: Plan) -> Draft:
    """What the planner proved of it."""
    certificate = result.certificate
    return replace(
        draft,
        objective=result.objective or (),
        method=certificate.method if certificate else "",
        bound=certificate.bound if certificate else (),
    )


def review(cycle: Cycle, draft: Draft, *, reasons: bool = True) -> Draft:
    """The draft as it stands, with its reasons, warnings and clashes worked out anew; nothing is moved.

    Without `reasons`, which take longest, for what nobody reads: each asks what the next best would have been.
    """
    if not draft.planned:
        return draft
    draft = replace(draft, rows=tuple(by_date(draft.rows)), status="feasible", objective=(), bound=(), together=0)
    busy = busy_days(cycle.network, cycle.year)
    asked = asked_of(cycle, draft, {}, busy)
    planned = tuple(as_planned(row) for row in draft.rows if not row.cancelled)
    result = Plan(asked.name, "feasible", {cycle.network.slug: planned})
    return _explained(cycle, draft, asked, result, busy, reasons=reasons)


def _explained(cycle: Cycle, draft: Draft, asked: Instance, result: Plan, busy: Busy, *, reasons: bool = True) -> Draft:
    regions = _regions(cycle.network, draft.rows) if draft.wishes.spread else ()
    shared = _shared(cycle.network, draft.rows, busy)
    report = check.check(asked, result)
    ledger = report.ledger.get(cycle.network.slug, {})
    return replace(
        draft,
        reasons=(*explain.reasons(asked, result), *regions) if reasons else (),
        warnings=(*explain.warnings(asked, result), *shared),
        clashes=tuple(_clashes(cycle, draft, report)),
        worst=max(map(_off, ledger.values()), default=Fraction(0)),
        ends={int(number): balance for number, balance in ledger.items()},
    )


def cost_of(before: Draft, after: Draft) -> CostByHand | None:
    """What a change by hand costs: by how much each tier but stability is worse, and who ends furthest from where
    they would have. None when one of the two is not a plan."""
    if not before.objective or not after.objective:
        return None
    said = (Tier.ATTENDANCE, Tier.UNFAIRNESS, Tier.PREFERENCE, Tier.SPACING)
    worse = {tier: after.objective[tier] - before.objective[tier] for tier in said}
    further = {number: _off(ends) - _off(before.ends.get(number, Balance())) for number, ends in after.ends.items()}
    who = max(further, key=lambda number: (further[number], str(number)), default=None)
    return CostByHand(worse, who, further[who] if who else Fraction(0))


def _off(balance: Balance) -> Fraction:
    """How far an organisation is off, in turns, one way or the other."""
    return max(abs(balance.host), abs(balance.prep))


def _clashes(cycle: Cycle, draft: Draft, report: check.Report) -> list[Clash]:
    """Rules broken by what this draft would change; what is published already was answered for then."""
    in_force = published_rows(cycle) if cycle.id else []
    settled = {row.key for row in in_force} - {change.new.key for change in differences(in_force, draft.rows)}
    broken = [each for each in (*report.violations, *report.notes) if each.code != check.KNOWN_UNTIL]
    found = [Clash(each.rule, RowKey.parse(each.meeting) if each.meeting else None) for each in broken]
    return [each for each in found if each.meeting not in settled]


def _shared(network: Network, rows: Sequence[Row], busy: Busy) -> list[Reason]:
    """Who is expected in another network that day: an organisation is a notice, the same person is a conflict."""
    found: dict[tuple[RowKey, str, str], tuple[str, ...]] = {}
    for row in rows:
        taken = busy.shared.get(row.date, ()) if row.date and not row.cancelled else ()
        for other, organisation in taken:
            conflict = row.date in busy.people.get(organisation, ())
            each = row.key, "person_elsewhere" if conflict else "organisation_elsewhere", other
            found[each] = (*found.get(each, ()), str(organisation))
    return [
        Reason(code, {"organisations": who, "network": other}, network.slug, str(key))
        for (key, code, other), who in found.items()
    ]


def moves(before: Iterable[Row], after: Iterable[Row]) -> list[Move]:
    """What differs from the rows before, field by field."""
    return [
        Move(change.new.key, name, getattr(change.old, name), getattr(change.new, name))
        for change in differences(before, after)
        for name in MOVABLE
        if name in change.fields
    ]
