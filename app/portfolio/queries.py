"""What needs a manager across all networks, most pressing first, with a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from app.attendance.queries import silent_at
from app.closing.models import Stay
from app.closing.queries import people_to_ask, stays_in, to_ask, year_over
from app.extensions import db
from app.joining.queries import waiting_in, waiting_to_start
from app.mail.models import Message
from app.meetings.drawings.badges import badges_of
from app.meetings.drawings.year_strip import Strip, strip
from app.meetings.models import Cycle, Duty, Meeting
from app.meetings.queries import meetings_of, turns_of_leavers
from app.meetings.row import Row, of_meeting
from app.meetings.year_page import open_turns
from app.networks.models import Network, Organisation, Programme
from app.networks.personal import contacts_of
from app.networks.queries import own_roles_of, with_members, without_manager
from app.people.models import Person
from app.people.queries import typed_with
from app.portfolio.afterwards import Afterwards, afterwards
from app.rounds.models import DateRound
from app.rounds.queries import asked, open_rounds_of

SOON = timedelta(days=30)
HOST_BY, TOPIC_BY, SILENT_BY = timedelta(days=28), timedelta(days=28), timedelta(days=14)
ANSWER_BY = timedelta(days=7)  # who asks to join
SOMEDAY = 60  # days that what has no day may wait
# How much sooner than its day something hurts: who waits for it, and how hard it is to mend late.
WEIGHTS = {
    "handed_back": 5,
    "failed_mail": 4,
    "left_turn": 3,
    "no_manager": 3,
    "no_host_word": 3,
    "silent": 2,
    "round": 2,
    "who_stays": 1.2,
    "close": 1.1,
    "staying": 0.5,
    "requests": 2,
    "no_notes": 0.1,
}

ALIKE = ("failed_mail", "no_manager")  # mended on one page, whoever manages the networks
OF_A_YEAR = ("plan", "impossible", "publish", "close", "who_stays", "staying")


@dataclass(frozen=True)
class Need:
    """One thing to do: `what` names it, `day` and `meeting` say where, `endpoint` does it."""

    what: str  # a key of `app.edge.filters.need`
    network: Network
    meeting: Meeting | None = None
    duty: Duty | None = None
    organisation: Organisation | None = None
    year: int = 0
    count: int = 0
    of: int = 0  # whom `count` is a part of
    until: date | None = None
    networks: tuple[Network, ...] = ()  # when one button does it for several
    people: frozenset[int] = frozenset()  # whom the button mails

    def pressing(self, today: date) -> float:
        """Days left, the fewer the more people wait for it."""
        day = self.meeting.day if self.meeting else self.until
        days = max(0, (day - today).days) if day else (0 if self.what == "failed_mail" else SOMEDAY)
        return (days + 1) / WEIGHTS.get(self.what, 1)


@dataclass(frozen=True)
class Line:
    """A network on the start page: its year, its next meeting, what it needs, most pressing first."""

    network: Network
    strip: Strip | None
    next_meeting: Meeting | None
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True)
class Portfolio:
    together: list[Need] = field(default_factory=list)  # the same of several networks, with one button
    waiting: list[Line] = field(default_factory=list)
    quiet: list[Line] = field(default_factory=list)
    forming: list[Network] = field(default_factory=list)
    resting: list[Network] = field(default_factory=list)
    coming: int = 0  # meetings in the next thirty days
    starting: list[tuple[Programme, int]] = field(default_factory=list)  # how many ask there for a new network

    @property
    def count_waiting(self) -> int:
        """How many networks need something, alone or with others."""
        return len({need.network.id for need in self.needs} | {n.id for need in self.together for n in need.networks})

    @property
    def needs(self) -> list[Need]:
        return [*self.together, *(need for line in self.waiting for need in line.needs)]


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


def portfolio(network_ids: Sequence[int], now: datetime, together: Sequence[int] = ()) -> Portfolio:
    """Everything the start page shows of these networks; programmes in `together` are the reader's as a whole."""
    networks = with_members(network_ids)
    first = min([n.span(n.year_of(now.date()))[0] for n in networks], default=now.date())
    begin = datetime.combine(first, time(), now.tzinfo)
    meetings = [m for m in meetings_of(network_ids, begin) if not m.cancelled]
    found = _Found(
        _cycles(network_ids, first.year - 1),
        _failed(network_ids),
        open_rounds_of(network_ids),
        silent_at([m for m in meetings if now < m.starts_at < now + SILENT_BY and not m.imported]),
        without_manager([network for network in networks if network.programme_id in together]),
        afterwards(networks, now),
        stays_in(network_ids),
        waiting_in(network_ids),
    )
    lines: list[Line] = []
    view = Portfolio(coming=sum(now < m.starts_at < now + SOON for m in meetings))
    view.starting.extend(waiting_to_start(together))
    for network in networks:
        if network.state in ("idea", "forming"):
            view.forming.append(network)
            needs = tuple(_ready(network, now) + _requests(network, found) + _nobodys(network, found))
            lines += [Line(network, None, None, needs)] if needs else []
        elif network.state in ("resting", "ended"):
            view.resting.append(network)
            needs = tuple(_still_ahead(network, meetings, now) + _nobodys(network, found))
            lines += [Line(network, None, None, needs)] if needs else []
        else:
            lines.append(_line(network, [m for m in meetings if m.network_id == network.id], found, now))
    grouped, lines = _group(lines, together)
    view.together.extend(sorted(grouped, key=lambda need: need.pressing(now.date())))
    view.waiting.extend(sorted((line for line in lines if line.needs), key=lambda each: _first(each, now)))
    named = {network.id for need in grouped for network in need.networks}
    view.quiet.extend(line for line in lines if not line.needs and line.network.id not in named)
    return view


@dataclass(frozen=True)
class _Found:
    cycles: dict[int, list[Cycle]]
    failed: dict[int, int]
    rounds: dict[int, list[DateRound]]
    silent: dict[int, int]  # {meeting: people who have not said anything}
    unmanaged: set[int]
    after: Afterwards
    stays: dict[int, list[Stay]]
    requests: dict[int, tuple[int, date]]  # {network: how many ask to join, since when}


def _first(line: Line, now: datetime) -> tuple[float, str]:
    return line.needs[0].pressing(now.date()), line.network.name


def _line(network: Network, mine: list[Meeting], found: _Found, now: datetime) -> Line:
    today = now.astimezone(network.zone).date()
    ahead = [meeting for meeting in mine if meeting.ends_at > now]
    cycles = found.cycles.get(network.id, [])
    needs = [*_at_the_end(network, cycles, mine, found.stays.get(network.id, ()), now)]
    closing = any(need.what == "close" for need in needs)
    needs += [need for need in _setup(network, cycles, now) if not (closing and need.what == "plan")]
    needs += _open_points(network, ahead, now)
    needs += [Need("silent", network, m, count=found.silent[m.id]) for m in ahead if found.silent.get(m.id)]
    needs += [_round(network, each, today) for each in found.rounds.get(network.id, [])]
    needs += [*_left_over(network, found.after), *_requests(network, found), *_nobodys(network, found)]
    if network.id in found.failed:
        needs.append(Need("failed_mail", network, count=found.failed[network.id]))
    first = ahead[0] if ahead else None
    year = network.year_of(first.day if first else today)
    rows = [of_meeting(meeting) for meeting in mine if network.year_of(meeting.day) == year]
    drawn = _drawn(network, year, rows, today, mine) if rows else None
    return Line(network, drawn, first, tuple(sorted(needs, key=lambda need: need.pressing(today))))


def _requests(network: Network, found: _Found) -> list[Need]:
    """Organisations that ask to join."""
    if network.id not in found.requests:
        return []
    count, first = found.requests[network.id]
    return [Need("requests", network, count=count, until=first + ANSWER_BY)]


def _drawn(network: Network, year: int, rows: list[Row], today: date, mine: list[Meeting]) -> Strip:
    begins, opened = network.year_begins, open_turns(mine)
    return strip(year, rows, badges_of(network), begins=begins, today=today, open_turns=opened)


def _left_over(network: Network, after: Afterwards) -> list[Need]:
    """What past meetings leave to do."""
    needs = [Need("nobody_came", network, organisation=each) for each in after.away[network.id]]
    if network.id in after.without_notes:
        needs.append(Need("no_notes", network, after.without_notes[network.id]))
    if network.id in after.overdue:
        needs.append(Need("overdue", network, count=after.overdue[network.id]))
    if network.id in after.falling:
        needs.append(Need("pulse_falls", network))
    return needs


def _round(network: Network, row: DateRound, today: date) -> Need:
    """How many have said something, until when."""
    people = {person.id for member in asked(row, today) for person in member.people}
    answered = {answer.person_id for candidate in row.dates for answer in candidate.answers} & people
    return Need("round", network, year=row.year, count=len(answered), of=len(people), until=row.until)


def _group(lines: list[Line], together: Sequence[int]) -> tuple[list[Need], list[Line]]:
    """What several networks need alike stands in one row: mails that did not arrive, managers to name; a year to plan,
    to plan otherwise or to publish, which the page of the whole programme does."""
    grouped: dict[tuple[str, int, int], list[Need]] = {}
    for line in lines:
        for need in line.needs:
            if need.what in ALIKE or (need.what in OF_A_YEAR and line.network.programme_id in together):
                grouped.setdefault((need.what, need.year, need.network.programme_id), []).append(need)
    several = [needs for needs in grouped.values() if len(needs) > 1]
    gone = {id(need) for needs in several for need in needs}
    rows = [
        replace(
            needs[0],
            networks=tuple(need.network for need in needs),
            count=sum(need.count for need in needs),
            of=sum(need.of for need in needs),
            people=frozenset().union(*(need.people for need in needs)),
        )
        for needs in several
    ]
    return rows, [replace(line, needs=tuple(n for n in line.needs if id(n) not in gone)) for line in lines]


def _setup(network: Network, cycles: list[Cycle], now: datetime) -> list[Need]:
    """A region, members, and a published plan for the year to come."""
    if network.school_region is None:
        return [Need("no_region", network)]
    if not network.memberships:
        return [Need("no_members", network)]
    today = now.astimezone(network.zone).date()
    year, this = network.year_to_plan(today), network.year_of(today)
    cycle = next((each for each in cycles if each.year == year), None)
    if cycle is None or not (cycle.draft or cycle.published):
        return [Need("plan", network, year=year)]
    drafts = [each for each in cycles if each.draft and each.year >= this]
    return [Need(_draft_need(each), network, year=each.year) for each in drafts]


def _at_the_end(
    network: Network, cycles: list[Cycle], mine: list[Meeting], said: Sequence[Stay], now: datetime
) -> list[Need]:
    """Ask who stays while the next year is to be planned, see what they say, and close the year that is over."""
    over, today = year_over(network, cycles, mine, now), now.astimezone(network.zone).date()
    needs = [Need("close", network, year=over.year)] if over else []
    known = {cycle.year: cycle for cycle in cycles}
    year = over.year + 1 if over else network.year_to_plan(today)
    before, after = known.get(year - 1), known.get(year)
    if before is None or not before.published or before.closed_at or (after is not None and after.published):
        return needs
    rows = [row for row in said if row.year == year]
    if not rows:
        people = frozenset(person.id for member in to_ask(network, year - 1) for person in people_to_ask(member))
        return [Need("who_stays", network, year=year, count=len(people), people=people), *needs] if people else needs
    count = sum(row.answer is not None for row in rows)
    return [*needs, Need("staying", network, year=year, count=count, of=len(rows))] if count < len(rows) else needs


def _nobodys(network: Network, found: _Found) -> list[Need]:
    return [Need("no_manager", network)] if network.id in found.unmanaged else []


def _still_ahead(network: Network, meetings: Sequence[Meeting], now: datetime) -> list[Need]:
    """Of a network that rests or has ended: what calendars still say, though no mail does."""
    ahead = [meeting for meeting in meetings if meeting.network_id == network.id and meeting.ends_at > now]
    return [Need("still_ahead", network, ahead[0], count=len(ahead))] if ahead else []


def _ready(network: Network, now: datetime) -> list[Need]:
    """A network in formation that has as many members as it wants, who join today or later."""
    today = now.astimezone(network.zone).date()
    count = len({member.organisation_id for member in network.members_from(today)})
    ready = count >= network.size_wanted
    return [Need("ready", network, count=count, year=network.year_to_plan(today))] if ready else []


def _draft_need(cycle: Cycle) -> str:
    status = (cycle.draft or {}).get("status")
    return "publish" if status in ("optimal", "feasible") else "impossible"


def _open_points(network: Network, mine: list[Meeting], now: datetime) -> list[Need]:
    needs = [Need("left_turn", network, duty.meeting, duty) for duty in turns_of_leavers(network, mine)]
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
