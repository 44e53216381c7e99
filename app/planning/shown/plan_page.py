"""What the plan page of a year shows: what was asked, the draft line by line, how everybody leaves the year."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from app.availability.queries import ClosedDays, absences_of, closed_days
from app.meetings import balances, phrases
from app.meetings.drawings.badges import Badge, badges_of
from app.meetings.drawings.year_strip import Strip, strip
from app.meetings.models import Cycle, TurnWish
from app.meetings.queries import meetings_of
from app.meetings.row import Row, changes_of, published_rows
from app.networks.models import Network
from app.planning import drafting, drafts, sentences
from app.planning.actions import change_of_published
from app.planning.drafts import Draft
from app.planning.shown import plan_lines
from app.planning.shown.plan_lines import DraftLine
from app.planning.turn_requests import queries as requests
from app.text import by_name


@dataclass(frozen=True)
class After:
    """How an organisation leaves the year."""

    badge: Badge
    turns: int  # in this year
    first: bool  # whether it comes first in the next one


@dataclass(frozen=True)
class PlanView:
    draft: Draft | None  # what stands on the page: the open draft, else the year as it is published
    open: bool  # whether it is a draft
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
    after: tuple[After, ...]
    asked: str
    changes: int  # to publish
    moved_else: int  # meetings that the last change by hand moved beside it
    can_undo: bool
    cost: str  # of the last change by hand
    hosted: bool  # whether anything is in person, or may be
    wishes: tuple[tuple[TurnWish, list[Row]], ...]  # who asks for a turn, and the meetings that could be meant


def of_year(network: Network, year: int, cycle: Cycle | None, now: datetime) -> PlanView:
    """The plan page of one year."""
    own = drafts.of(cycle) if cycle else None
    draft = own or (_in_force(cycle, now) if cycle and cycle.published else None)
    badges = badges_of(network)
    first, last = network.span(year)
    closed = closed_days(network, first, last)
    lines = plan_lines.of_draft(network, draft, meetings_of([network.id]), now) if draft else ()
    relaxations = _relaxations(draft, network) if draft else ()
    today = now.astimezone(network.zone).date()
    drawn = _drawn(network, year, draft, badges, closed, today) if draft and draft.planned else None
    return PlanView(
        draft=draft,
        open=own is not None,
        version=cycle.draft_version if cycle else 0,
        published=cycle.published if cycle else None,
        lines=lines,
        strip=drawn,
        badges=badges,
        known_until=closed.known_until,
        unknown_days=closed.known_until is None or closed.known_until < last,
        conflict=tuple(dict.fromkeys(sentences.wish(each, network) for each in draft.conflict)) if draft else (),
        relaxations=relaxations,
        clashes=tuple(sentences.clash(each, network, draft) for each in draft.clashes) if draft else (),
        no_room=_without_room(network, max(first, today)),
        hosts=_hosts_there_are(network, draft, (first, last)) if draft and draft.conflict else "",
        hosted=network.hosted or any(row.mode != "online" for row in (draft.rows if draft else ())),
        wishes=_wishes(network, year, draft),
        cost=sentences.cost(draft.cost, phrases.names(network)) if draft and draft.cost else "",
        after=_after(draft, badges) if draft and draft.planned else (),
        asked=sentences.asked(draft.wishes, phrases.month_names()) if draft else "",
        changes=len(changes_of(cycle, own.rows)) if cycle and own and own.planned else 0,
        moved_else=len({move.key for move in own.moved}) if own else 0,
        can_undo=cycle is not None and drafts.can_go_back(cycle),
    )


def _drawn(
    network: Network, year: int, draft: Draft, badges: Mapping[int, Badge], closed: ClosedDays, today: date
) -> Strip:
    return strip(year, draft.rows, badges, begins=network.year_begins, school=closed.school, today=today)


def _in_force(cycle: Cycle, now: datetime) -> Draft:
    """The year as it is published, with why it is so."""
    return drafting.review(cycle, change_of_published(cycle, now))


def _after(draft: Draft, badges: Mapping[int, Badge]) -> tuple[After, ...]:
    """Everybody with the turns of this year; first of all who is owed most at its end."""
    held = [row for row in draft.rows if not row.cancelled]
    turns = Counter(each for row in held for each in (row.host, *row.preparers))
    stands = {number: ends.host + ends.prep for number, ends in draft.ends.items()}
    least = min(stands.values(), default=Fraction(0))
    listed = [After(badges[number], turns[number], stands[number] == least < 0) for number in draft.ends]
    return tuple(sorted(listed, key=lambda each: by_name(each.badge.name)))


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


def _hosts_there_are(network: Network, draft: Draft, span: tuple[date, date]) -> str:
    """Who has a room for everybody, and when that room is closed."""
    members = network.members_on(span[0])
    need = balances.seats_needed(members)
    able = {m.organisation_id: m.organisation.short for m in members if balances.may_host(m, need)}
    absences = absences_of(list(able), *span)
    closed: dict[int, list[str]] = {}
    for each in absences:
        closed.setdefault(each.organisation_id, []).append(phrases.absence(each))
    listed = {name: "; ".join(closed.get(number, ())) for number, name in able.items()}
    return sentences.hosts_there_are(listed, need, len(draft.rows))


def _without_room(network: Network, day: date) -> tuple[str, ...]:
    members = network.members_on(day)
    need = balances.seats_needed(members)
    return tuple(m.organisation.short for m in members if not balances.may_host(m, need))
