"""What the page of all networks' years shows."""

from dataclasses import dataclass
from datetime import datetime

from app.meetings import phrases
from app.meetings.models import Cycle
from app.meetings.queries import cycles_in
from app.networks.models import Network, Programme
from app.networks.queries import with_members
from app.planning import drafts
from app.planning.drafts import Draft
from app.planning.sentences import clash, wish
from app.publishing.preview import Preview, preview_of


@dataclass(frozen=True)
class ProgrammeLine:
    network: Network
    cycle: Cycle
    state: str  # none, draft, impossible, clash, published
    days: tuple[str, ...]
    note: str
    preview: Preview | None  # of what can be published

    @property
    def mails(self) -> int:
        return len(self.preview.notices) if self.preview else 0


def of_programme(programme: Programme, year: int, now: datetime) -> list[ProgrammeLine]:
    """All active networks of a programme and how far their year is."""
    active = with_members([network.id for network in programme.networks if network.state == "active"])
    cycles = cycles_in([network.id for network in active], year)
    return [_programme_line(network, cycles.get(network.id), year, now) for network in active]


def _programme_line(network: Network, known: Cycle | None, year: int, now: datetime) -> ProgrammeLine:
    cycle = known or Cycle(network_id=network.id, year=year, draft_version=0)
    draft = drafts.of(cycle)
    state, note = _state(cycle, draft, network)
    planned = draft.rows if draft and draft.planned else ()
    days = tuple(phrases.day(row.date) for row in planned if row.date and not row.cancelled)
    preview = preview_of(cycle, draft, now) if draft and state == "draft" else None
    return ProgrammeLine(network, cycle, state, days, note, preview)


def _state(cycle: Cycle, draft: Draft | None, network: Network) -> tuple[str, str]:
    if draft is None:
        return ("published" if cycle.published else "none"), ""
    if draft.status not in drafts.PLANNED:
        return "impossible", phrases.joined(list(dict.fromkeys(wish(each, network) for each in draft.conflict)))
    if draft.clashes:
        return "clash", clash(draft.clashes[0], network, draft)
    return "draft", ""
