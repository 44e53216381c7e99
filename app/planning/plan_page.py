"""What the pages of a year show: the draft line by line, the publication in words, the meeting for each role."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from app.availability.queries import absences_of, closed_days
from app.meetings import balances, drawings, phrases
from app.meetings.drawings import Badge, Strip
from app.meetings.models import Cycle, Duty, Meeting, TurnWish
from app.meetings.queries import cycle_of
from app.meetings.row import Row
from app.networks.models import Network, Programme
from app.networks.queries import manages, sits_for, with_members
from app.people.models import Person
from app.planning import drafts, turn_requests
from app.planning import sentences as reasons
from app.planning.actions import published_rows
from app.planning.drafts import Draft
from app.publishing import actions as publishing
from app.publishing.actions import Change, Notice


@dataclass(frozen=True)
class Line:
    row: Row
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    moved: tuple[str, ...]
    past: bool
    hosts: tuple[tuple[int, str, str], ...]  # id, name, why not


@dataclass(frozen=True)
class PlanView:
    draft: Draft | None
    version: int
    published: int | None
    lines: tuple[Line, ...]
    strip: Strip | None
    badges: dict[int, Badge]
    known_until: date | None
    unknown_days: bool
    conflict: tuple[str, ...]
    relaxations: tuple[tuple[str, str], ...]  # wish id, sentence on its button
    clashes: tuple[str, ...]
    no_room: tuple[str, ...]
    hosts: str  # who can host at all, said when the year is impossible
    changes: int
    cost: str  # of the last change by hand
    wishes: tuple[tuple[TurnWish, list[Row]], ...]  # who asks for a turn, and the meetings that could be meant


def of_year(network: Network, year: int, cycle: Cycle | None, now: datetime) -> PlanView:
    """The plan page of one year."""
    draft = drafts.of(cycle) if cycle else None
    badges = drawings.badges_of(m.organisation for m in network.memberships)
    first, last = date(year, 1, 1), date(year, 12, 31)
    closed = closed_days(network, first, last)
    lines = tuple(_line(network, draft, row, now) for row in draft.rows) if draft else ()
    relaxations = _relaxations(draft, network) if draft else ()
    strip = drawings.strip(year, draft.rows, badges, school=closed.school) if draft and draft.planned else None
    return PlanView(
        draft=draft,
        version=cycle.draft_version if cycle else 0,
        published=cycle.published if cycle else None,
        lines=lines,
        strip=strip,
        badges=badges,
        known_until=closed.known_until,
        unknown_days=closed.known_until is None or closed.known_until < last,
        conflict=tuple(dict.fromkeys(reasons.wish(each, network) for each in draft.conflict)) if draft else (),
        relaxations=relaxations,
        clashes=tuple(reasons.clash(each, network, draft) for each in draft.clashes) if draft else (),
        no_room=_without_room(network, max(first, now.astimezone(network.zone).date())),
        hosts=_hosts_there_are(network, draft, first) if draft and draft.conflict else "",
        wishes=_wishes(network, year, draft),
        cost=reasons.cost(draft.cost, phrases.names(network)) if draft and draft.cost else "",
        changes=len(publishing.changes_of(cycle, draft.rows)) if cycle and draft and draft.planned else 0,
    )


def _wishes(network: Network, year: int, draft: Draft | None) -> tuple[tuple[TurnWish, list[Row]], ...]:
    waiting = [wish for wish in turn_requests.wishes_of(network, year) if wish.answer is None]
    return tuple((wish, turn_requests.fitting(wish, draft.rows if draft else ())) for wish in waiting)


def rows_of(cycle: Cycle) -> tuple[Row, ...]:
    """The draft's rows, or those in force when there is no draft."""
    draft = drafts.of(cycle)
    return draft.rows if draft else tuple(published_rows(cycle))


def _relaxations(draft: Draft, network: Network) -> tuple[tuple[str, str], ...]:
    """The cheapest set that helps first, then the other wishes that clash."""
    sentences = {wish: reasons.relaxation(wish, network) for wish in (*draft.relax, *draft.conflict)}
    said: dict[str, str] = {}
    for wish, sentence in sentences.items():
        said.setdefault(sentence, wish)
    return tuple((wish, sentence) for sentence, wish in said.items())


def _hosts_there_are(network: Network, draft: Draft, first: date) -> str:
    """Who has a room for everybody, and when that room is closed."""
    members = network.members_on(first)
    need = sum(max(1, len(member.contacts)) for member in members)
    able = {m.organisation_id: m.organisation.short for m in members if balances.may_host(m, need)}
    absences = absences_of(list(able), first, date(first.year, 12, 31))
    closed: dict[int, list[str]] = {}
    for each in absences:
        closed.setdefault(each.organisation_id, []).append(phrases.absence(each))
    listed = {name: "; ".join(closed.get(number, ())) for number, name in able.items()}
    return reasons.hosts_there_are(listed, need, len(draft.rows))


def _without_room(network: Network, day: date) -> tuple[str, ...]:
    members = network.members_on(day)
    need = sum(max(1, len(member.contacts)) for member in members)
    return tuple(m.organisation.short for m in members if not balances.may_host(m, need))


def _line(network: Network, draft: Draft, row: Row, now: datetime) -> Line:
    known = phrases.names(network)
    of_row = [each for each in draft.reasons if each["meeting"] == row.key]
    warned = [each for each in draft.warnings if each["meeting"] == row.key]
    moved = [each for each in draft.moved if each["key"] == row.key]
    today = now.astimezone(network.zone).date()
    return Line(
        row=row,
        reasons=tuple(reasons.sentence(each, known) for each in of_row),
        warnings=tuple(reasons.sentence(each, known) for each in warned),
        moved=tuple(reasons.move(each, known) for each in moved),
        past=bool(row.day and row.day < today),
        hosts=_hosts(network, row),
    )


def _hosts(network: Network, row: Row) -> tuple[tuple[int, str, str], ...]:
    day = row.day or date.fromisoformat((row.window or ("2027-01-01",))[0])
    members = network.members_on(day)
    need = sum(max(1, len(member.contacts)) for member in members)
    listed = [(m.organisation_id, m.organisation.short, reasons.why_no_host(m, need, day)) for m in members]
    return tuple(sorted(listed, key=lambda each: (bool(each[2]), each[1])))


@dataclass(frozen=True)
class ChangeLine:
    day: str
    what: tuple[str, ...]


@dataclass(frozen=True)
class Publication:
    draft: Draft | None
    version: int
    changes: tuple[ChangeLine, ...]
    notices: tuple[Notice, ...]
    clashes: tuple[str, ...]
    warnings: tuple[str, ...]
    ready: bool
    unreachable: tuple[str, ...]


def of_publication(cycle: Cycle, now: datetime) -> Publication:
    """What publishing would change and who would get which mail: the calculation that publishing does."""
    network, draft = with_members([cycle.network_id])[0], drafts.of(cycle)
    if draft is None or not draft.planned or draft.status not in drafts.PLANNED:
        return Publication(draft, cycle.draft_version, (), (), (), (), False, ())
    return _publication(cycle, network, drafts.review(cycle, draft), now)


def of_amendment(cycle: Cycle, draft: Draft, now: datetime) -> Publication:
    """The same of a change of what is published, made beside any open draft; warnings only of what it changes."""
    changed = {change.new.key for change in publishing.changes_of(cycle, draft.rows)}
    draft = replace(draft, warnings=tuple(each for each in draft.warnings if each["meeting"] in changed))
    return _publication(cycle, with_members([cycle.network_id])[0], draft, now)


def _publication(cycle: Cycle, network: Network, draft: Draft, now: datetime) -> Publication:
    changes, notices = publishing.preview(cycle, draft, now)
    known = phrases.names(network)
    today = now.astimezone(network.zone).date()
    silent = [p for m in network.members_on(max(today, date(cycle.year, 1, 1))) for p in m.people if not p.email]
    return Publication(
        draft=draft,
        version=cycle.draft_version,
        changes=tuple(change_line(each, known) for each in changes),
        notices=tuple(notices),
        clashes=tuple(reasons.clash(each, network, draft) for each in draft.clashes),
        warnings=tuple(reasons.sentence(each, known) for each in draft.warnings),
        ready=bool(changes),
        unreachable=tuple(person.name for person in silent),
    )


def change_line(change: Change, known: dict[int, str]) -> ChangeLine:
    day = phrases.day((change.old or change.new).date or "")
    return ChangeLine(day, tuple(reasons.change(change, known)))


def needs_override(cycle: Cycle) -> bool:
    """Whether publishing asks for a reason because a rule is broken by hand."""
    draft = drafts.of(cycle)
    return bool(draft and draft.planned and drafts.review(cycle, draft).clashes)


@dataclass(frozen=True)
class Turn:
    duty: Duty
    state: str
    own: bool  # whether the person may speak for it


@dataclass(frozen=True)
class MeetingView:
    at: datetime
    badges: dict[int, Badge]
    may_write: bool
    turns: tuple[Turn, ...]
    organisations: frozenset[int]  # for whom the person may speak
    past: bool
    begun: bool


def of_meeting(network: Network, meeting: Meeting, person: Person, now: datetime) -> MeetingView:
    own = _speaks_for(network, meeting, person)
    return MeetingView(
        at=now,
        badges=drawings.badges_of(duty.organisation for duty in meeting.duties),
        may_write=may_write(network, meeting, person),
        turns=tuple(Turn(duty, duty.state(now), duty.organisation_id in own) for duty in meeting.duties),
        organisations=own,
        past=meeting.ends_at < now,
        begun=meeting.starts_at <= now,
    )


def _speaks_for(network: Network, meeting: Meeting, person: Person) -> frozenset[int]:
    """A manager for everybody, others for the organisations they sit there for."""
    members, manager = network.members_on(meeting.day), manages(person, network)
    return frozenset(m.organisation_id for m in members if manager or person in m.people)


def may_write(network: Network, meeting: Meeting, person: Person) -> bool:
    """Managers, and people of an organisation that hosts or prepares this meeting, write its topic and programme."""
    if manages(person, network):
        return True
    return any(sits_for(person, network, duty.organisation_id, meeting.day) for duty in meeting.duties)


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
    days = tuple(phrases.day(row.day) for row in planned if row.day and not row.cancelled)
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
