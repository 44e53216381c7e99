"""What an instance is made of: organisations, managers, and networks with their members and meetings.

Spans are (first, last) pairs of dates, both included. Numbers that may be broken are exact fractions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

from scheduling.model.tiers import DEFAULT_WEIGHTS

IN_PERSON, ONLINE, ANY = "in_person", "online", "any"

Day = date  # the name `date` is taken inside classes that have a field of that name
Span = tuple[date, date]
Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who sits in networks: `unavailable`, when nobody of it can come; `school`, the calendar of its holidays."""

    id: str
    unavailable: Spans = ()
    school: str | None = None
    one_per_day: bool = True


@dataclass(frozen=True, slots=True)
class Manager:
    """Who leads the meetings of a network, of several at times."""

    id: str
    unavailable: Spans = ()
    max_per_day: int = 1


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation in a network, from its first day to its last, and what it can and likes to do there."""

    org: str
    since: date
    until: date | None = None
    duties_from: date | None = None  # a newcomer has no turn at a meeting whose roll begins earlier
    seats: int = 1
    room: int = 0  # places in its largest room; 0: none
    hosts: bool = True
    prepares: bool = True
    host_balance: Fraction = Fraction(0)
    prep_balance: Fraction = Fraction(0)
    host_avoid: Spans = ()
    host_unavailable: Spans = ()

    def can_host(self, need: int) -> bool:
        """Return whether it is willing to host and its room holds `need` people."""
        return self.hosts and self.room >= need

    def has_turn(self, first: date) -> bool:
        """Return whether it takes turns at a meeting whose roll begins on `first`: a newcomer's first one is free."""
        return self.duties_from is None or self.duties_from <= first


def seats_of(people: int) -> int:
    """Return the seats that an organisation with so many people needs: somebody comes even before one is named."""
    return max(1, people)


def seats_needed(members: Iterable[Member]) -> int:
    """Return the seats that a room must have for all of these members."""
    return sum(member.seats for member in members)


@dataclass(frozen=True, slots=True)
class Lock:
    """What stands fast of a meeting: `fields` names which of date, format, host and preparers are locked."""

    fields: frozenset[str] = frozenset()
    date: Day | None = None
    format: str | None = None
    host: str | None = None  # None and locked: a meeting without a host
    preparers: tuple[str, ...] = ()

    def __contains__(self, name: str) -> bool:
        return name in self.fields


@dataclass(frozen=True, slots=True)
class PlannedMeeting:
    """One row of a plan; also what was published before."""

    meeting: str
    date: Day
    format: str
    host: str | None
    preparers: tuple[str, ...]

    @property
    def on_duty(self) -> frozenset[str]:
        """Return who hosts or prepares."""
        return frozenset(self.preparers if self.host is None else (self.host, *self.preparers))


Rows = tuple[PlannedMeeting, ...]  # a network's part of a plan, in the order of its meetings


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is asked of one meeting of the year; what was published of it costs something to change."""

    id: str
    window: Span
    roll: Span | None = None  # None: the window
    format: str = ANY
    prefer: str | None = None  # says something only while the format is open
    locked: Lock = Lock()
    published: PlannedMeeting | None = None


@dataclass(frozen=True, slots=True)
class Previous:
    """The last meeting before the first one of the plan, as far as it is known."""

    date: Day | None = None
    host: str | None = None
    preparers: tuple[str, ...] = ()


@dataclass(frozen=True)  # without slots: it remembers its rolls
class Network:
    """Members and meetings in their order, and what the network wishes of its year."""

    id: str
    manager: str
    members: tuple[Member, ...]
    meetings: tuple[Meeting, ...]
    weekdays: Mapping[int, Fraction]
    closed: tuple[str, ...] = ()
    min_gap: int = 1
    target_gap: int | None = None
    quorum: int = 0  # per cent of the roll
    preparers_per_meeting: int = 1
    host_may_prepare: bool = False
    no_repeat_host: bool = True
    no_repeat_preparer: bool = True
    in_person: tuple[int, int] | None = None  # lowest and highest number of meetings; None: any
    max_turns: int | None = None  # of one organisation, hosting and preparing together; None: any number
    previous: Previous = Previous()
    weights: Mapping[str, Fraction] = field(default_factory=dict)

    def weight(self, name: str) -> Fraction:
        """Return what one of these costs: a key of DEFAULT_WEIGHTS, as the network weighs it."""
        return self.weights.get(name, DEFAULT_WEIGHTS[name])

    def on_roll(self, meeting: Meeting) -> tuple[Member, ...]:
        """Return the members who count at this meeting, whatever day is chosen."""
        return self._roll(meeting).members

    def with_turn(self, meeting: Meeting) -> tuple[Member, ...]:
        """Return the members on the roll to whom a turn can fall."""
        return self._roll(meeting).with_turn

    def may_host(self, meeting: Meeting) -> tuple[str, ...]:
        """Return A_t: on the roll, has a turn, willing, and a room for everybody's seats."""
        return self._roll(meeting).may_host

    def may_prepare(self, meeting: Meeting) -> tuple[str, ...]:
        """Return B_t: on the roll, has a turn, willing."""
        return self._roll(meeting).may_prepare

    @cached_property
    def _rolls(self) -> dict[Span, "Roll"]:
        """Keep those asked for before; every part of the planner asks for them."""
        return {}

    def _roll(self, meeting: Meeting) -> "Roll":
        span = meeting.roll or meeting.window
        known = self._rolls.get(span)
        if known is None:
            known = self._rolls[span] = roll(self.members, *span)
        return known


@dataclass(frozen=True, slots=True)
class Roll:
    """Who counts at a meeting, and whom its turns can fall to: A_t (`may_host`) and B_t (`may_prepare`)."""

    members: tuple[Member, ...]
    with_turn: tuple[Member, ...]
    may_host: tuple[str, ...]
    may_prepare: tuple[str, ...]


def roll(members: Iterable[Member], first: Day, last: Day) -> Roll:
    """Return the roll of a meeting: who is a member on all days from first to last, both included."""
    # By the days of the roll, never by the day that is chosen: else who counts, and with it what each one owes,
    # would depend on the date that is being looked for.
    here = tuple(m for m in members if m.since <= first and (m.until is None or m.until >= last))
    need = seats_needed(here)
    turn = tuple(m for m in here if m.has_turn(first))
    hosts = tuple(m.org for m in turn if m.can_host(need))
    return Roll(here, turn, hosts, tuple(m.org for m in turn if m.prepares))
