"""Turns done minus turns owed since joining, as exact fractions: a fold over meetings, never a stored total."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from scheduling.model.fractions import common_unit, in_units
from scheduling.model.network import IN_PERSON, Network, PlannedMeeting


@dataclass(frozen=True, slots=True)
class Balance:
    """Negative: still to do."""

    host: Fraction = Fraction(0)
    prep: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class PastMeeting:
    """A meeting that was: who might have hosted and prepared it at the time (A_t, empty if online, and B_t), and who
    did."""

    may_host: tuple[str, ...]
    may_prepare: tuple[str, ...]
    preparers_per_meeting: int = 1
    host: str | None = None
    preparers: tuple[str, ...] = ()
    cancelled: bool = False


def fold(
    past: Iterable[PastMeeting], members: Iterable[str], start: Mapping[str, Balance] | None = None
) -> dict[str, Balance]:
    """Return the balance of every member after the past meetings; whoever is no member has no line.

    `start`: balances before the first of them, else 0. A turn that nobody took is owed all the same; a cancelled
    meeting counts for nobody.
    """
    begin, meetings = start or {}, [m for m in past if not m.cancelled]
    lines = {m: begin.get(m, Balance()) for m in members}
    unit = _unit(meetings, lines.values())
    host = {m: in_units(line.host, unit) for m, line in lines.items()}
    prep = {m: in_units(line.prep, unit) for m, line in lines.items()}
    for meeting in meetings:
        _share(host, meeting.may_host, unit)
        _add(host, (meeting.host,), unit)
        _share(prep, meeting.may_prepare, meeting.preparers_per_meeting * unit)
        _add(prep, meeting.preparers, unit)
    return {m: Balance(Fraction(host[m], unit), Fraction(prep[m], unit)) for m in lines}


def _unit(meetings: Iterable[PastMeeting], lines: Iterable[Balance]) -> int:
    """Return the common denominator of all that is counted."""
    pools = {len(pool) or 1 for m in meetings for pool in (m.may_host, m.may_prepare)}
    return lcm(*pools, common_unit(b for line in lines for b in (line.host, line.prep)))


def past_meeting(network: Network, row: PlannedMeeting) -> PastMeeting:
    """Return what the ledger needs to know of a planned meeting, with the rolls and rooms of now."""
    meeting = next(m for m in network.meetings if m.id == row.meeting)
    may_host, host = (network.may_host(meeting), row.host) if row.format == IN_PERSON else ((), None)
    return PastMeeting(may_host, network.may_prepare(meeting), network.preparers_per_meeting, host, row.preparers)


def at_end(network: Network, rows: Iterable[PlannedMeeting]) -> dict[str, Balance]:
    """Return the balances after the rows, starting from those in the network's members."""
    start = {m.org: Balance(m.host_balance, m.prep_balance) for m in network.members}
    return fold((past_meeting(network, r) for r in rows), start, start)


def _share(balance: dict[str, int], owing: tuple[str, ...], turns: int) -> None:
    if owing:
        # Whole: the unit is a multiple of every pool's size.
        _add(balance, owing, -turns // len(owing))


def _add(balance: dict[str, int], organisations: tuple[str | None, ...], amount: int) -> None:
    for organisation in organisations:
        if organisation in balance:
            balance[organisation] += amount
