"""What the pages of a year show: the draft line by line, the publication in words, the meeting for each role."""

from dataclasses import dataclass
from datetime import date, datetime

from app.availability.queries import absences_of, closed_days
from app.meetings import balances, drawings, phrases
from app.meetings.drawings import Badge, Strip
from app.meetings.models import Cycle, TurnWish
from app.meetings.row import Row, changes_of, published_rows
from app.networks.models import Network
from app.planning import drafts, sentences
from app.planning.drafts import Draft
from app.planning.turn_requests import queries as requests


@dataclass(frozen=True)
class DraftLine:
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
    lines: tuple[DraftLine, ...]
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
        conflict=tuple(dict.fromkeys(sentences.wish(each, network) for each in draft.conflict)) if draft else (),
        relaxations=relaxations,
        clashes=tuple(sentences.clash(each, network, draft) for each in draft.clashes) if draft else (),
        no_room=_without_room(network, max(first, now.astimezone(network.zone).date())),
        hosts=_hosts_there_are(network, draft, first) if draft and draft.conflict else "",
        wishes=_wishes(network, year, draft),
        cost=sentences.cost(draft.cost, phrases.names(network)) if draft and draft.cost else "",
        changes=len(changes_of(cycle, draft.rows)) if cycle and draft and draft.planned else 0,
    )


def _wishes(network: Network, year: int, draft: Draft | None) -> tuple[tuple[TurnWish, list[Row]], ...]:
    waiting = [wish for wish in requests.wishes_of(network, year) if wish.answer is None]
    return tuple((wish, requests.fitting(wish, draft.rows if draft else ())) for wish in waiting)


def rows_of(cycle: Cycle) -> tuple[Row, ...]:
    """The draft's rows, or those in force when there is no draft."""
    draft = drafts.of(cycle)
    return draft.rows if draft else tuple(published_rows(cycle))


def _relaxations(draft: Draft, network: Network) -> tuple[tuple[str, str], ...]:
    """The cheapest set that helps first, then the other wishes that clash."""
    buttons = {wish: sentences.relaxation(wish, network) for wish in (*draft.relax, *draft.conflict)}
    said: dict[str, str] = {}
    for wish, sentence in buttons.items():
        said.setdefault(sentence, wish)
    return tuple((wish, sentence) for sentence, wish in said.items())


def _hosts_there_are(network: Network, draft: Draft, first: date) -> str:
    """Who has a room for everybody, and when that room is closed."""
    members = network.members_on(first)
    need = balances.seats_needed(members)
    able = {m.organisation_id: m.organisation.short for m in members if balances.may_host(m, need)}
    absences = absences_of(list(able), first, date(first.year, 12, 31))
    closed: dict[int, list[str]] = {}
    for each in absences:
        closed.setdefault(each.organisation_id, []).append(phrases.absence(each))
    listed = {name: "; ".join(closed.get(number, ())) for number, name in able.items()}
    return sentences.hosts_there_are(listed, need, len(draft.rows))


def _without_room(network: Network, day: date) -> tuple[str, ...]:
    members = network.members_on(day)
    need = balances.seats_needed(members)
    return tuple(m.organisation.short for m in members if not balances.may_host(m, need))


def _line(network: Network, draft: Draft, row: Row, now: datetime) -> DraftLine:
    known = phrases.names(network)
    of_row = [each for each in draft.reasons if each.meeting == str(row.key)]
    warned = [each for each in draft.warnings if each.meeting == str(row.key)]
    moved = [each for each in draft.moved if each.key == row.key]
    today = now.astimezone(network.zone).date()
    return DraftLine(
        row=row,
        reasons=tuple(sentences.sentence(each, known) for each in of_row),
        warnings=tuple(sentences.sentence(each, known) for each in warned),
        moved=tuple(sentences.move(each, known) for each in moved),
        past=bool(row.date and row.date < today),
        hosts=_hosts(network, row),
    )


def _hosts(network: Network, row: Row) -> tuple[tuple[int, str, str], ...]:
    day = row.first_day
    members = network.members_on(day)
    need = balances.seats_needed(members)
    listed = [(m.organisation_id, m.organisation.short, sentences.why_no_host(m, need, day)) for m in members]
    return tuple(sorted(listed, key=lambda each: (bool(each[2]), each[1])))
