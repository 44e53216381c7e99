"""The years of many networks at once: those that share a manager or a person are planned as one whole."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select

from app.clock import now
from app.errors import Refused
from app.extensions import db
from app.jobs.long_work import Outcome, Store, Tell
from app.meetings import balances
from app.meetings.models import Cycle
from app.meetings.queries import cycle_of
from app.meetings.row import Row
from app.networks.models import Network, Programme
from app.networks.queries import managers_by_network, with_members
from app.planning import actions, drafting, drafts
from app.planning.drafts import Draft
from app.planning.elsewhere import Instead, busy_days
from app.planning.instance import filled
from scheduling import planner
from scheduling.model.instance import Instance
from scheduling.model.network import Member, Organisation, Spans
from scheduling.model.plan import Plan

BUDGET_SECONDS = 10.0
PARTS = 100  # of a network, in the count of how far it is
TAKEN = "taken"  # the calendar of days a manager sits elsewhere
Part = tuple[Cycle, Draft]


def to_do(programme: Programme, year: int, *, again: bool = False) -> list[Network]:
    """Active networks without a published year and, unless `again`, without a draft."""
    active = with_members([network.id for network in programme.networks if network.state == "active"])
    query = select(Cycle).where(Cycle.network_id.in_([network.id for network in active]), Cycle.year == year)
    settled = {c.network_id for c in db.session.scalars(query) if c.published or (c.draft and not again)}
    return [n for n in active if n.id not in settled and n.school_region and n.memberships]


def groups(networks: Sequence[Network]) -> list[list[int]]:
    """Ids of networks that have to know of each other, directly or through a third."""
    managers = managers_by_network(networks[0].programme_id) if networks else {}
    marks = {n.id: {("manager", m) for m in managers.get(n.id, ())} | _seats(n) for n in networks}
    out: list[set[int]] = []
    for network in networks:
        near = [group for group in out if any(marks[network.id] & marks[other] for other in group)]
        out = [group for group in out if group not in near] + [{network.id}.union(*near)]
    return [sorted(group) for group in out]


def _seats(network: Network) -> set[tuple[object, ...]]:
    """Who sits in the network, and for whom."""
    return {("seat", m.organisation_id, contact.person_id) for m in network.memberships for contact in m.contacts}


def plan_networks(programme: Programme, year: int, again: bool, tell: Tell) -> Iterator[Store]:
    """Group by group: the drafts of one, and then how they are stored."""
    networks = to_do(programme, year, again=again)
    found, done, total = groups(networks), 0, len(networks)
    for group in found:
        tell("networks", PARTS * done, PARTS * total)
        yield _stored(_planned(group, year, _within(tell, done, len(group), total)))
        done += len(group)


def _within(tell: Tell, done: int, size: int, total: int) -> Tell:
    """How far the whole is while one group is planned: half of the group when each was planned by itself."""

    def told(step: str, part: int, of: int) -> None:
        half = 0 if step == "alone" else of
        tell(step, PARTS * done + PARTS * size * (half + part) // (2 * of), PARTS * total)

    return told


def _planned(group: Sequence[int], year: int, tell: Tell) -> list[Part]:
    """A draft for each of the group that can be planned at all, together if there is such a plan."""
    parts = _parts(with_members(group), year)
    if len(parts) > 1:
        result = planner.plan(_whole(parts, year), budget=BUDGET_SECONDS, joint=True, tell=tell)
        if result.status in drafts.PLANNED:
            return _joined(parts, result)
    return _one_by_one(parts)


def _parts(networks: Sequence[Network], year: int) -> list[Part]:
    """Each network with its rows still to be filled, fewest possible hosts first: the easy ones give way."""
    out = []
    for network in sorted(networks, key=lambda n: (_hosts(n, year), n.name)):
        cycle = cycle_of(network, year) or Cycle(network=network, network_id=network.id, year=year, draft_version=0)
        try:
            out.append((cycle, actions.to_plan(cycle, actions.wishes_for(network, year), now())[0]))
        except Refused:  # its own page says why
            continue
    return out


def _hosts(network: Network, year: int) -> int:
    return len(balances.able(network, network.span(year)[0])["host"])


def _whole(parts: Sequence[Part], year: int) -> Instance:
    """All of them as one instance, in which they know of each other's days by the rules themselves."""
    alone: Instead = dict.fromkeys((cycle.network_id for cycle, _ in parts), ())
    singles = [_asked_alone(cycle, draft, alone) for cycle, draft in parts]
    networks = [cycle.network for cycle, _ in parts]
    managers = _managers(networks)
    once = {str(seat[1]) for seat, count in Counter(s for n in networks for s in _seats(n)).items() if count > 1}
    own = [_own(single, managers[n.id]) for single, n in zip(singles, networks, strict=True)]
    return Instance(
        f"{networks[0].programme.slug}-{year}",
        tuple(each.networks[0] for each in own),
        _organisations(own, once),
        calendars={name: spans for each in own for name, spans in each.calendars.items()},
    )


def _asked_alone(cycle: Cycle, draft: Draft, alone: Instead) -> Instance:
    """What is asked of one of them, the days of the others left out."""
    return drafting.asked_of(cycle, draft, {}, busy_days(cycle.network, cycle.year, alone))


def _managers(networks: Sequence[Network]) -> dict[int, list[str]]:
    """{network: those of its managers who have several of these networks}."""
    found = managers_by_network(networks[0].programme_id)
    often = Counter(person for network in networks for person in found.get(network.id, ()))
    return {n.id: [f"manager {p}" for p in sorted(found.get(n.id, ())) if often[p] > 1] for n in networks}


def _own(single: Instance, managers: Sequence[str]) -> Instance:
    """The instance of one network with calendars of its own; days its managers are taken elsewhere are closed.

    An instance knows one manager of a network: they are members instead, without a seat or a turn.
    """
    network = single.networks[0]
    names = {name: f"{network.id} {name}" for name in (*single.calendars, TAKEN)}
    calendars = {names[name]: spans for name, spans in single.calendars.items()}
    calendars[names[TAKEN]] = single.manager(network).unavailable
    closed = tuple(names[name] for name in (*network.closed, TAKEN))
    organisations = {o.id: replace(o, school=names.get(o.school or "")) for o in single.organisations.values()}
    members = tuple(Member(each, date.min, seats=0, hosts=False, prepares=False) for each in managers)
    return Instance(
        single.name,
        (replace(network, manager=network.id, members=(*network.members, *members), closed=closed),),
        organisations | {each: Organisation(each) for each in managers},
        calendars=calendars,
    )


def _organisations(singles: Sequence[Instance], once: Collection[str]) -> dict[str, Organisation]:
    """An organisation of several networks is away when it is for one of them, and sits in one a day where the same
    person would have to sit in two."""
    away: dict[str, Spans] = {}
    out: dict[str, Organisation] = {}
    for each in (o for single in singles for o in single.organisations.values()):
        away[each.id] = tuple(sorted({*away.get(each.id, ()), *each.unavailable}))
        first = out.get(each.id, each)
        out[each.id] = replace(first, unavailable=away[each.id], one_per_day=first.one_per_day or each.id in once)
    return out


def _joined(parts: Sequence[Part], result: Plan) -> list[Part]:
    """Each network's part of the plan. One that clashes all the same (a room needed twice) is planned once more
    between the others; what was proven of the whole is not claimed any more then."""
    found, proven = {c.network_id: result.networks[c.network.slug] for c, _ in parts}, result.status == "optimal"
    rows: dict[int, Sequence[Row]] = {
        c.network_id: filled(d.rows, found[c.network_id], c.network, c.year) for c, d in parts
    }
    out, again = [], set()
    for cycle, draft in parts:
        others = {number: each for number, each in rows.items() if number != cycle.network_id}
        made = drafting.joined(cycle, draft, found[cycle.network_id], proven, others)
        if made.clashes:
            made = drafting.fill(cycle, draft, {}, others)
            again.add(cycle.network_id)
        rows[cycle.network_id] = made.rows
        out.append((cycle, made))
    if not again:
        return out
    return [(c, each if c.network_id in again else replace(each, status="feasible")) for c, each in out]


def _one_by_one(parts: Sequence[Part]) -> list[Part]:
    rows: dict[int, Sequence[Row]] = dict.fromkeys((cycle.network_id for cycle, _ in parts), ())
    out = []
    for cycle, draft in parts:
        made = drafting.fill(cycle, draft, {}, rows)
        rows[cycle.network_id] = made.rows if made.status in drafts.PLANNED else ()
        out.append((cycle, made))
    return out


def _stored(parts: Sequence[Part]) -> Store:
    """Each draft is kept if nobody changed the year meanwhile."""
    seen = [(cycle.network_id, cycle.year, cycle.draft_version or 0, cycle.published, draft) for cycle, draft in parts]

    def store(at: datetime, outcome: Outcome) -> None:
        networks = {network.id: network for network in with_members([each[0] for each in seen])}
        for number, year, version, published, draft in seen:
            cycle = actions.open_year(networks[number], year)
            same = (cycle.draft_version or 0, cycle.published) == (version, published)
            if same:
                actions.keep_proposal(cycle, draft, at)
            outcome.setdefault(draft.status if same else "left", []).append(cycle.network.slug)

    return store
