"""What the pages of closing a year show: who stays, what goes along, how far the networks of a programme are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from fractions import Fraction

from app.closing.models import Stay
from app.closing.queries import of_this_year, people_to_ask, stays_in, to_ask
from app.meetings import balances, phrases
from app.meetings.models import Cycle, Meeting
from app.meetings.queries import cycles_in, meetings_of
from app.networks.models import Membership, Network, Programme
from app.networks.network_year import shared_name
from app.results.models import Agreement
from app.results.queries import open_agreements, open_counts
from app.text import by_name
from app.topics.models import Topic
from app.topics.queries import Wished, open_topics

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class MemberLine:
    """An organisation and the year to come: what it said, if it was asked, and from when or until when it is there."""

    member: Membership
    stay: Stay | None
    leaves: date | None
    joins: date | None
    host: Fraction  # turns done minus turns owed, which go along
    preparation: Fraction

    @property
    def owes(self) -> bool:
        return self.leaves is None and min(self.host, self.preparation) <= -HALF


@dataclass(frozen=True)
class Closing:
    """One network's year at its end."""

    cycle: Cycle
    over: bool
    last: date | None  # of the meetings still ahead
    next_planned: bool  # or published
    next_published: bool
    members: tuple[MemberLine, ...]
    to_ask: int  # people who would be asked now
    without_notes: tuple[Meeting, ...]
    agreements: tuple[Agreement, ...]
    topics: tuple[Topic, ...]

    @property
    def asked(self) -> bool:
        return any(line.stay for line in self.members)

    @property
    def owing(self) -> list[MemberLine]:
        return [line for line in self.members if line.owes]


def of_network(network: Network, cycle: Cycle, now: datetime) -> Closing:
    """`network`: loaded with its members."""
    today = now.astimezone(network.zone).date()
    meetings = [each for each in meetings_of([network.id]) if not each.cancelled]
    mine = [each for each in meetings if each.cycle_id == cycle.id]
    ahead = [each for each in mine if each.ends_at > now]
    rows = [row for row in stays_in([network.id]).get(network.id, []) if row.year == cycle.year + 1]
    after = cycles_in([network.id], cycle.year + 1).get(network.id)
    return Closing(
        cycle=cycle,
        over=bool(cycle.published) and not ahead,
        last=ahead[-1].day if ahead else None,
        next_planned=after is not None and bool(after.draft or after.published),
        next_published=after is not None and bool(after.published),
        members=tuple(_members(network, cycle.year, rows, [m for m in meetings if m.ends_at <= now])),
        to_ask=0 if after is not None and after.published else len(_unasked([network], cycle.year, rows)),
        without_notes=tuple(m for m in mine if m.ends_at <= now and not m.notes_at and not m.imported),
        agreements=tuple(open_agreements(network)),
        topics=tuple(each.topic for each in open_topics([network.id], today)[network.id]),
    )


def _members(network: Network, year: int, rows: Sequence[Stay], past: Sequence[Meeting]) -> list[MemberLine]:
    """Who is there at the end of the year, and who joins after it."""
    first, said = network.span(year + 1)[0], {row.membership_id: row for row in rows}
    turns = balances.balances(network, past)
    there = [m for m in network.memberships if m.left is None or m.left >= network.span(year)[1]]
    return [
        MemberLine(
            m,
            said.get(m.id),
            m.left if m.left and m.left < network.span(year + 1)[1] else None,
            m.joined if m.joined >= first else None,
            *turns[m.organisation_id],
        )
        for m in sorted(there, key=lambda m: by_name(m.organisation.name))
    ]


def _unasked(networks: Sequence[Network], year: int, rows: Sequence[Stay]) -> set[int]:
    """People who would get a mail if the members were asked now."""
    known = {row.membership_id for row in rows if row.year == year + 1}
    members = [member for network in networks for member in to_ask(network, year) if member.id not in known]
    return {person.id for member in members for person in people_to_ask(member)}


@dataclass(frozen=True)
class NetworkLine:
    """A network in the table of its programme: `state` is closed, over, running, or none without a published year."""

    network: Network
    state: str
    last: date | None
    stays: tuple[Stay, ...]
    leaving: tuple[str, ...]  # with who said so, and when
    joining: tuple[str, ...]
    agreements: int
    topics: int
    planned: bool

    @property
    def said(self) -> int:
        return sum(row.answer is not None for row in self.stays)


@dataclass(frozen=True)
class ProgrammeClosing:
    programme: Programme
    year: int
    lines: tuple[NetworkLine, ...]
    forming: tuple[Network, ...]
    asking: tuple[Network, ...]  # those whose members can be asked now
    to_ask: int  # people who would be

    @property
    def name(self) -> str:
        return shared_name(self.year, [line.network.year_begins for line in self.lines])

    @property
    def next_name(self) -> str:
        return shared_name(self.year + 1, [line.network.year_begins for line in self.lines])

    @property
    def published(self) -> list[NetworkLine]:
        return [line for line in self.lines if line.state != "none"]

    @property
    def unpublished(self) -> list[str]:
        return [line.network.name for line in self.lines if line.state == "none"]

    @property
    def over(self) -> list[NetworkLine]:
        return [line for line in self.lines if line.state == "over"]

    @property
    def unplanned(self) -> int:
        return sum(not line.planned for line in self.lines)


@dataclass(frozen=True)
class _Found:
    """What was read of all networks at once, by network."""

    cycles: dict[int, Cycle]
    after: dict[int, Cycle]
    meetings: Sequence[Meeting]
    stays: dict[int, list[Stay]]
    agreements: dict[int, int]
    topics: dict[int, list[Wished]]


def of_programme(programme: Programme, year: int, now: datetime) -> ProgrammeClosing:
    """All its active networks and those in formation, with a number of statements that does not grow with them."""
    networks = of_this_year(programme)
    active = [network for network in networks if network.state == "active"]
    ids = [network.id for network in active]
    spans = [network.span(year) for network in active] or [(now.date(), now.date())]
    first = datetime.combine(min(span[0] for span in spans), time(), UTC)
    found = _Found(
        cycles_in(ids, year),
        cycles_in(ids, year + 1),
        [each for each in meetings_of(ids, first) if not each.cancelled],
        stays_in(ids),
        open_counts(ids),
        open_topics(ids, now.date()),
    )
    lines = [_line(network, year, found, now) for network in active]
    asking = tuple(line.network for line in lines if _asks(line, found.after.get(line.network.id), year, now))
    asked = [row for rows in found.stays.values() for row in rows]
    forming = [network for network in networks if network.state != "active"]
    return ProgrammeClosing(programme, year, tuple(lines), tuple(forming), asking, len(_unasked(asking, year, asked)))


def _asks(line: NetworkLine, after: Cycle | None, year: int, now: datetime) -> bool:
    """Whether it is time to ask who stays: the year ends, and the next one is not published."""
    network = line.network
    ends = line.state == "over" or network.year_to_plan(now.astimezone(network.zone).date()) > year
    return line.state in ("over", "running") and ends and not (after is not None and after.published)


def _line(network: Network, year: int, found: _Found, now: datetime) -> NetworkLine:
    cycle, after = found.cycles.get(network.id), found.after.get(network.id)
    own = [m for m in found.meetings if cycle and m.cycle_id == cycle.id]
    ahead = [meeting.day for meeting in own if meeting.ends_at > now]
    last_day, first = network.span(year)[1], network.span(year + 1)[0]
    stays = tuple(row for row in found.stays.get(network.id, ()) if row.year == year + 1)
    return NetworkLine(
        network=network,
        state=_state(cycle, bool(ahead)),
        last=max(ahead, default=None),
        stays=stays,
        leaving=tuple(_leaver(m, stays) for m in network.memberships if m.left == last_day),
        joining=tuple(m.organisation.short for m in network.memberships if m.joined >= first),
        agreements=found.agreements.get(network.id, 0),
        topics=len(found.topics[network.id]),
        planned=after is not None and bool(after.draft or after.published),
    )


def _leaver(member: Membership, stays: Sequence[Stay]) -> str:
    """Who leaves; of those who said so themselves also who it was and when, for one person may be wrong."""
    name = member.organisation.short
    for row in stays:
        if row.membership_id == member.id and row.answer == "leave" and row.answered_at:
            said = [row.answered_by.name] if row.answered_by else []
            day = row.answered_at.astimezone(member.network.zone).date()
            return f"{name} ({', '.join([*said, phrases.day(day)])})"
    return name


def _state(cycle: Cycle | None, ahead: bool) -> str:
    if cycle is None or not cycle.published:
        return "none"
    if cycle.closed_at:
        return "closed"
    return "running" if ahead else "over"
