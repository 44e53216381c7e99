"""What needs a manager across all networks, with a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Cycle, Duty, Meeting
from app.meetings.queries import meetings_of
from app.networks.models import Network
from app.networks.personal import contacts_of
from app.networks.queries import own_roles_of, with_members
from app.people.models import Person
from app.people.queries import typed_with

SOON = timedelta(days=30)
HOST_BY, TOPIC_BY = timedelta(days=28), timedelta(days=28)


@dataclass(frozen=True)
class Need:
    """One thing to do: `what` names it, `day` and `meeting` say where, `endpoint` does it."""

    what: (
        str  # handed_back, plan, publish, impossible, no_host_word, no_topic, failed_mail, no_region, no_members, start
    )
    network: Network
    meeting: Meeting | None = None
    duty: Duty | None = None
    year: int = 0
    count: int = 0


@dataclass(frozen=True)
class Portfolio:
    needs: list[Need] = field(default_factory=list)
    coming: list[Meeting] = field(default_factory=list)
    forming: list[Network] = field(default_factory=list)
    quiet: list[tuple[Network, Meeting | None]] = field(default_factory=list)
    resting: list[Network] = field(default_factory=list)


def written_down(person: Person) -> list[tuple[Person, list[str]]]:
    """Whom managers of other programmes typed with the person's address, and for what: networks and programmes."""
    return [
        (
            typed,
            [each.membership.network.name for each in contacts_of(typed)]
            + [role.network.name if role.network else role.programme.name for role in own_roles_of(typed)],
        )
        for typed in typed_with(person.email)
    ]


def portfolio(network_ids: Sequence[int], now: datetime) -> Portfolio:
    """Everything the start page shows of these networks."""
    networks = with_members(network_ids)
    meetings = [m for m in meetings_of(network_ids, now) if not m.cancelled]
    cycles = _cycles(network_ids, now.year)
    failed = _failed(network_ids)
    view = Portfolio()
    for network in networks:
        mine = [meeting for meeting in meetings if meeting.network_id == network.id]
        if network.state in ("idea", "forming"):
            view.forming.append(network)
        elif network.state in ("resting", "ended"):
            view.resting.append(network)
        else:
            _sort(view, network, mine, cycles.get(network.id, []), failed.get(network.id, 0), now)
    view.coming.sort(key=lambda meeting: meeting.starts_at)
    view.needs.sort(key=lambda need: need.what != "handed_back")  # the most pressing first
    return view


def _sort(
    view: Portfolio, network: Network, mine: list[Meeting], cycles: list[Cycle], failed: int, now: datetime
) -> None:
    needs = [*_setup(network, cycles, now), *_open_points(network, mine, now)]
    if failed:
        needs.append(Need("failed_mail", network, count=failed))
    view.needs.extend(needs)
    soon = [meeting for meeting in mine if meeting.starts_at < now + SOON]
    view.coming.extend(soon)
    if not needs and not soon:
        view.quiet.append((network, mine[0] if mine else None))


def _setup(network: Network, cycles: list[Cycle], now: datetime) -> list[Need]:
    """A region, members, and a published plan for the year to come."""
    if network.school_region is None:
        return [Need("no_region", network)]
    if not network.memberships:
        return [Need("no_members", network)]
    today = now.astimezone(network.zone).date()
    year = today.year + (today.month >= 9)
    cycle = next((each for each in cycles if each.year == year), None)
    if cycle is None or not (cycle.draft or cycle.published):
        return [Need("plan", network, year=year)]
    drafts = [each for each in cycles if each.draft]
    return [Need(_draft_need(each), network, year=each.year) for each in drafts]


def _draft_need(cycle: Cycle) -> str:
    status = (cycle.draft or {}).get("status")
    return "publish" if status in ("optimal", "feasible") else "impossible"


def _open_points(network: Network, mine: list[Meeting], now: datetime) -> list[Need]:
    needs = []
    for meeting in (each for each in mine if not each.imported):
        needs += [Need("handed_back", network, meeting, duty) for duty in meeting.duties if duty.handed_back]
        host = meeting.host_duty
        if host and not host.handed_back and host.confirmed_at is None and meeting.starts_at < now + HOST_BY:
            needs.append(Need("no_host_word", network, meeting))
        if not meeting.has_topic and meeting.starts_at < now + TOPIC_BY:
            needs.append(Need("no_topic", network, meeting))
    return needs


def _cycles(network_ids: Sequence[int], year: int) -> dict[int, list[Cycle]]:
    query = select(Cycle).where(Cycle.network_id.in_(network_ids), Cycle.year >= year).order_by(Cycle.year)
    found: dict[int, list[Cycle]] = {}
    for cycle in db.session.scalars(query):
        found.setdefault(cycle.network_id, []).append(cycle)
    return found


def _failed(network_ids: Sequence[int]) -> dict[int, int]:
    query = select(Message.network_id, func.count()).where(
        Message.network_id.in_(network_ids), Message.state.in_(("failed", "uncertain"))
    )
    return {network_id or 0: count for network_id, count in db.session.execute(query.group_by(Message.network_id))}
