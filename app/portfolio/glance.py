"""The year of all one's networks at a glance: a small strip each, and who carries how much across them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from app.meetings.drawings.badges import badges_of
from app.meetings.drawings.year_strip import Strip, strip
from app.meetings.models import Meeting
from app.meetings.queries import drafts_of, meetings_of
from app.meetings.row import Row, of_meeting
from app.meetings.year_page import open_turns
from app.networks.models import Network, Organisation
from app.networks.network_year import shared_name
from app.networks.queries import with_members
from app.planning import drafts
from app.text import by_name


@dataclass(frozen=True)
class Line:
    network: Network
    strip: Strip
    meetings: int
    draft: bool  # drawn as drafted: nobody knows it yet


@dataclass(frozen=True)
class Carried:
    """What one organisation does in all of these networks together."""

    organisation: Organisation
    networks: tuple[str, ...]
    minutes: int  # of meetings at which it is expected
    host: int
    preparation: int

    @property
    def turns(self) -> int:
        return self.host + self.preparation

    @property
    def hours(self) -> int:
        return round(self.minutes / 60)


@dataclass(frozen=True)
class Glance:
    year: int
    name: str
    lines: tuple[Line, ...]
    carried: tuple[Carried, ...]  # who has most turns first


def of_networks(network_ids: Sequence[int], year: int, now: datetime) -> Glance:
    """The year in all of these networks, with a number of queries that does not grow with them."""
    networks = [n for n in with_members(network_ids) if n.state not in ("idea", "ended")]
    spans = [network.span(year) for network in networks]
    first = datetime.combine(min((span[0] for span in spans), default=now.date()), time(), UTC)
    last = datetime.combine(max((span[1] for span in spans), default=now.date()), time(), UTC) + timedelta(1)
    known = {network.id: network for network in networks}
    held = [m for m in meetings_of(list(known), first, last) if known[m.network_id].year_of(m.day) == year]
    drafted = {cycle.network_id: drafts.rows_of(cycle) for cycle in drafts_of(list(known), [year])}
    of_network = {n.id: [m for m in held if m.network_id == n.id and not m.cancelled] for n in networks}
    lines = [_line(n, year, of_network[n.id], drafted.get(n.id, ()), now) for n in networks]
    carried = _carried(networks, of_network)
    return Glance(year, shared_name(year, [n.year_begins for n in networks]), tuple(lines), tuple(carried))


def _line(network: Network, year: int, held: Sequence[Meeting], drafted: Sequence[Row], now: datetime) -> Line:
    rows = list(map(of_meeting, held)) or [row for row in drafted if row.date and not row.cancelled]
    today = now.astimezone(network.zone).date()
    begins, opened = network.year_begins, open_turns(held)
    drawn = strip(year, rows, badges_of(network), begins=begins, today=today, open_turns=opened)
    return Line(network, drawn, len(drawn.marks), bool(rows and not held))


def _carried(networks: Iterable[Network], held: dict[int, list[Meeting]]) -> list[Carried]:
    """Whoever is a member on the day of a meeting is expected there; turns count for who has them."""
    members = [m for network in networks for m in network.memberships]
    organisations = {m.organisation_id: m.organisation for m in members}
    out = []
    for number, organisation in organisations.items():
        own = [m for m in members if m.organisation_id == number]
        there = [each for m in own for each in held[m.network_id] if m.on(each.day)]
        kinds = [d.kind for each in there for d in each.duties if d.organisation_id == number and not d.handed_back]
        if there:
            minutes = sum(_minutes(each) for each in there)
            there_in = {m.network.name for m in own if any(m.on(e.day) for e in held[m.network_id])}
            names = tuple(sorted(there_in, key=by_name))
            out.append(Carried(organisation, names, minutes, kinds.count("host"), kinds.count("preparation")))
    return sorted(out, key=lambda each: (-each.turns, -each.minutes, by_name(each.organisation.name)))


def _minutes(meeting: Meeting) -> int:
    return int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60
