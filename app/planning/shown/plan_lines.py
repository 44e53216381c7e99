"""The year line by line: what a meeting is, why, what moved, and who else could have its turns."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from app.availability.queries import absences_of, days_away
from app.meetings import balances, phrases
from app.meetings.models import Meeting
from app.meetings.row import Row
from app.networks.models import Membership, Network
from app.planning import sentences
from app.planning.drafts import Draft
from scheduling.model.plan import Reason

TURN = ("host_", "preparer_")


@dataclass(frozen=True)
class Choice:
    """Somebody who could have a turn: why not, or how they stand."""

    id: int
    name: str
    words: str


@dataclass(frozen=True)
class DraftLine:
    row: Row
    short: str  # why, in at most twelve words
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    moved: tuple[str, ...]
    past: bool
    hosts: tuple[Choice, ...]
    preparers: tuple[Choice, ...]


@dataclass(frozen=True)
class _Year:
    """What the lines of a draft have in common."""

    network: Network
    draft: Draft
    today: date
    known: Mapping[int, str]
    balances: Mapping[int, tuple[Fraction, Fraction]]  # before this year, hosting and preparing
    none_last_year: frozenset[tuple[int, str]]  # organisation and kind of duty
    away: Mapping[int, set[date]]


def of_draft(network: Network, draft: Draft, meetings: Sequence[Meeting], now: datetime) -> tuple[DraftLine, ...]:
    """The lines of a draft; `meetings` are all of the network."""
    days = [row.first_day for row in draft.rows] or [now.date()]
    members = [membership.organisation_id for membership in network.memberships]
    past = [meeting for meeting in meetings if meeting.ends_at <= now and not meeting.cancelled]
    year = _Year(
        network,
        draft,
        now.astimezone(network.zone).date(),
        phrases.names(network),
        balances.balances(network, past),
        _none_in(network.year_of(min(days)) - 1, network, meetings),
        days_away(absences_of(members, min(days), max(days)), min(days), max(days))[0],
    )
    return tuple(_line(year, row) for row in draft.rows)


def _none_in(year: int, network: Network, meetings: Sequence[Meeting]) -> frozenset[tuple[int, str]]:
    """Who was a member all that year, and had no turn of a kind in it."""
    held = [meeting for meeting in meetings if network.year_of(meeting.day) == year and not meeting.cancelled]
    done = balances.done(held)
    first, last = network.span(year)
    members = [m.organisation_id for m in network.memberships if m.on(first) and m.on(last)]
    kinds = ("host", "preparation") if held else ()
    return frozenset((member, kind) for member in members for kind in kinds if not done[member, kind])


def _line(year: _Year, row: Row) -> DraftLine:
    draft, known = year.draft, year.known
    past = bool(row.date and row.date < year.today)  # it is fixed because it has been, not by anybody
    of_row = [each for each in draft.reasons if each.meeting == str(row.key) and not past]
    warned = [each for each in draft.warnings if each.meeting == str(row.key)]
    moved = [each for each in draft.moved if each.key == row.key]
    members = year.network.members_on(row.first_day)
    return DraftLine(
        row=row,
        short=sentences.been() if past and not row.cancelled else _short(year, row, of_row),
        reasons=tuple(sentences.sentence(each, known) for each in of_row),
        warnings=tuple(sentences.sentence(each, known) for each in warned),
        moved=tuple(sentences.move(each, known) for each in moved),
        past=past,
        hosts=_choices(year, row, members, hosting=True),
        preparers=_choices(year, row, members, hosting=False),
    )


def _short(year: _Year, row: Row, reasons: Sequence[Reason]) -> str:
    """Why this organisation has the turn: of the host, or of the first who prepares an online meeting."""
    reason = next((each for each in reasons if each.code.startswith(TURN)), None)
    if reason is None:
        return ""
    who = int(str(reason.params["organisation"]))
    kind = "host" if reason.code.startswith("host_") else "preparation"
    turns = Counter(
        each
        for other in year.draft.rows
        if not other.cancelled and other.first_day <= row.first_day
        for each in ((other.host,) if kind == "host" else other.preparers)
    )
    return sentences.in_short(reason, turns[who], (who, kind) in year.none_last_year, year.known)


def _choices(year: _Year, row: Row, members: Sequence[Membership], *, hosting: bool) -> tuple[Choice, ...]:
    """Who could, most owed first; then who could not, with why not."""
    need = balances.seats_needed(members)
    listed = []
    for member in members:
        number = member.organisation_id
        why = sentences.why_no_host(member, need, row.first_day) if hosting else sentences.why_no_preparer(member)
        if not why and row.date in year.away.get(number, ()):
            why = sentences.away()
        balance = year.balances[number][0 if hosting else 1]
        rank = (bool(why), balance, member.organisation.short)
        listed.append((rank, Choice(number, member.organisation.short, why or phrases.turns(balance))))
    return tuple(choice for _rank, choice in sorted(listed, key=lambda each: each[0]))
