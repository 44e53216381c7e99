"""What the page of all networks' years shows."""

from dataclasses import dataclass
from datetime import datetime

from app.meetings import phrases
from app.meetings.models import Cycle
from app.meetings.queries import cycle_of
from app.networks.models import Network, Programme
from app.networks.queries import with_members
from app.planning import drafts
from app.planning import sentences as reasons
from app.planning.drafts import Draft
from app.publishing import actions as publishing


@dataclass(frozen=True)
class ProgrammeLine:
    network: Network
    cycle: Cycle
    version: int
    state: str  # none, draft, impossible, clash, published
    ready: bool
    days: tuple[str, ...]
    mails: int
    note: str


def of_programme(programme: Programme, year: int, now: datetime) -> list[ProgrammeLine]:
    """All active networks of a programme and how far their year is."""
    active = with_members([network.id for network in programme.networks if network.state == "active"])
    return [_programme_line(network, year, now) for network in active]


def _programme_line(network: Network, year: int, now: datetime) -> ProgrammeLine:
    cycle = cycle_of(network, year) or Cycle(network_id=network.id, year=year, draft_version=0)
    draft = drafts.of(cycle)
    state, note, mails = _state(cycle, draft, network, now)
    planned = draft.rows if draft and draft.planned else ()
    days = tuple(phrases.day(row.date) for row in planned if row.date and not row.cancelled)
    return ProgrammeLine(network, cycle, cycle.draft_version or 0, state, state == "draft", days, mails, note)


def _state(cycle: Cycle, draft: Draft | None, network: Network, now: datetime) -> tuple[str, str, int]:
    if draft is None:
        return ("published" if cycle.published else "none"), "", 0
    if draft.status not in drafts.PLANNED:
        return (
            "impossible",
            phrases.joined(list(dict.fromkeys(reasons.wish(each, network) for each in draft.conflict))),
            0,
        )
    if draft.clashes:
        return "clash", reasons.clash(draft.clashes[0], network, draft), 0
    return "draft", "", len(publishing.preview(cycle, draft, now)[1])
