"""Which reminders a meeting has, for whom and when: meeting + ladder + people + calendar -> reminders.

Offsets count in local calendar days from the day of the meeting (negative = before). Everything leaves at 08:00 on
the clock of the network's zone; instants are aware UTC.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOST, SUBSTITUTE, PREPARER, PARTICIPANT = "host", "substitute", "preparer", "participant"
NOTE_TAKER = "note-taker"
BEFORE, AFTER = "HPD", "NE"  # kinds of steps, by whether the meeting is still to come
SEND_AT = time(8)
HOLD_BEYOND = 14  # days before the meeting: what is due earlier than this is held over school holidays
MERGE_WITHIN = 3  # days to the next of its kind within which a held step merges

Day = date  # the name `date` is taken inside classes that have a field of that name


@dataclass(frozen=True, slots=True)
class Step:
    """One rung. `in_person`, `online`: offset in days, None = not in that mode."""

    id: str
    in_person: int | None
    online: int | None
    only: str | None = None  # the condition under which it goes: unconfirmed, no_topic, missing, no_notes, pulse
    on: bool = True
    wait: int = 0  # days an in-person step waits for the programme

    @property
    def kind(self) -> str:
        """Return H, P, D, N or E: steps of one kind replace each other."""
        return self.id[0]

    @property
    def after(self) -> bool:
        """Return whether it comes after the meeting."""
        return self.kind in AFTER


LADDER = (
    Step("H1", -42, -14),
    Step("H2", -28, None, only="unconfirmed"),
    Step("H3", -14, None),
    Step("H4", -2, -1),
    Step("P1", -42, -21),
    Step("P2", -28, -14, only="no_topic"),
    Step("P3", -14, -7),
    Step("P4", -3, -2, only="missing"),
    Step("D1", -14, -7, wait=4),
    Step("D2", -2, -1),
    Step("N1", 1, 1, only="no_notes"),
    Step("N2", 7, 7, only="no_notes"),
    Step("E1", 3, 3, only="pulse"),
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days without work: `closed` public holidays, `school` days of the school holidays."""

    closed: Collection[date] = ()
    school: Collection[date] = ()

    def works(self, day: date) -> bool:
        """Return whether people work that day."""
        return day.weekday() < 5 and day not in self.closed

    def working_day(self, day: date, step: int) -> date:
        """Return `day`, or the nearest working day before (step -1) or after (step 1) it."""
        while not self.works(day):
            day += timedelta(step)
        return day

    def after_school_holidays(self, day: date) -> date:
        """Return the first working day after the holidays `day` lies in."""
        while day in self.school or not self.works(day):
            day += timedelta(1)
        return day


@dataclass(frozen=True, slots=True)
class Facts:
    """What the ladder has to know of a meeting. People are ids; of an organisation the contact comes first."""

    meeting: int
    starts_at: datetime
    zone: str
    online: bool = False  # hybrid counts as in person
    host: tuple[int, ...] = ()
    preparers: tuple[tuple[int, ...], ...] = ()
    participants: tuple[int, ...] = ()
    holds: frozenset[str] = frozenset()  # the conditions of steps that hold now
    has_programme: bool = False
    silent: frozenset[tuple[int, str]] = frozenset()  # (person, step): all that step asks of them is done

    @property
    def day(self) -> date:
        """Return the day of the meeting on the clock of its zone."""
        return self.starts_at.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Reminder:
    """One step for one person, at an instant in UTC."""

    meeting: int
    step: str
    person: int
    audience: str
    due: datetime

    @property
    def key(self) -> tuple[int, str, int]:
        """Return what makes it this reminder; who gets one already gets no second."""
        return self.meeting, self.step, self.person


@dataclass(frozen=True, slots=True)
class Timed:
    """A step on its day; `held` = put off over the school holidays."""

    step: Step
    date: Day
    held: bool = False


def changed(ladder: Iterable[Step], rules: Mapping[str, tuple[bool, int | None, int | None]]) -> tuple[Step, ...]:
    """Return the ladder with a network's own rules: {step: (on, days in person, days online)}."""
    out = []
    for step in ladder:
        on, in_person, online = rules.get(step.id, (step.on, step.in_person, step.online))
        out.append(replace(step, on=on, in_person=in_person, online=online))
    return tuple(out)


def holders(facts: Facts, kind: str) -> frozenset[int]:
    """Return the people to whom steps of a kind (H, P, D, N, E) may go, substitutes included."""
    if kind in ("D", "E"):
        return frozenset(facts.participants)
    if kind == "P":
        return frozenset(people[0] for people in facts.preparers if people)
    return frozenset(_openers(facts)[:1] if kind == "N" else _openers(facts))


def _openers(facts: Facts) -> tuple[int, ...]:
    """Return who hosts: the hosting organisation; online the first that prepares opens the call."""
    if facts.online:
        return next((people for people in facts.preparers if people), ())
    return facts.host


def reminders(facts: Facts, ladder: Sequence[Step], calendar: Calendar, now: datetime) -> tuple[Reminder, ...]:
    """Return the reminders of a meeting that are still to be, ordered by due instant (aware UTC).

    Of what is already due only the latest of each kind stands whose condition holds (late start); once the meeting
    has begun only its notes and how it was are asked for. `due` may lie before `now`.
    """
    found: dict[tuple[int, str, int], Reminder] = {}
    for kind in BEFORE + AFTER if facts.starts_at > now else AFTER:
        days = [step for step in ladder if step.kind == kind]
        dated = [(timed.step, _instant(timed.date, facts.zone)) for timed in schedule(facts, days, calendar)]
        for step, due in _without_missed(dated, facts, now):
            for person, audience in _recipients(facts, step):
                if (person, step.id) in facts.silent:
                    continue
                reminder = Reminder(facts.meeting, step.id, person, audience, due)
                found.setdefault(reminder.key, reminder)
    return tuple(sorted(found.values(), key=lambda each: (each.due, each.key)))


def schedule(facts: Facts, steps: Sequence[Step], calendar: Calendar) -> list[Timed]:
    """Return the steps of one kind on their days: shifted to working days, held over school holidays, merged."""
    timed = [_timed(facts, step, calendar) for step in steps if step.on and _offset(facts, step) is not None]
    return _merged(sorted(timed, key=lambda each: _offset(facts, each.step) or 0))


def _offset(facts: Facts, step: Step) -> int | None:
    """Return the days from the meeting; an in-person step that waits for the programme leaves at the latest `wait`
    days on."""
    if facts.online or step.in_person is None:
        return step.online if facts.online else None
    return step.in_person if facts.has_programme else step.in_person + step.wait


def _timed(facts: Facts, step: Step, calendar: Calendar) -> Timed:
    offset = _offset(facts, step) or 0
    day = facts.day + timedelta(offset)
    if -offset > HOLD_BEYOND and day in calendar.school:
        return Timed(step, calendar.after_school_holidays(day), held=True)
    return Timed(step, calendar.working_day(day, 1 if step.after else -1))


def _merged(steps: Iterable[Timed]) -> list[Timed]:
    """Make a held step within three days of the next of its kind one with it, on the later's day."""
    kept: list[Timed] = []
    for timed in steps:
        if kept and kept[-1].held and (timed.date - kept[-1].date).days <= MERGE_WITHIN:
            kept[-1] = _one_of(kept[-1], timed)
        else:
            kept.append(timed)
    return kept


def _one_of(held: Timed, following: Timed) -> Timed:
    """Return the later one; but where that goes only on a condition, the earlier one's text, which asks the same."""
    step = held.step if following.step.only and not held.step.only else following.step
    return replace(following, step=step)


def _instant(day: date, zone: str) -> datetime:
    return datetime.combine(day, SEND_AT, ZoneInfo(zone)).astimezone(UTC)


def _without_missed(dated: Sequence[tuple[Step, datetime]], facts: Facts, now: datetime) -> list[tuple[Step, datetime]]:
    """Return of the steps due by `now` only the latest that has something to say."""
    due = [(step, at) for step, at in dated if at <= now and (step.only is None or step.only in facts.holds)]
    return due[-1:] + [(step, at) for step, at in dated if at > now]


def _recipients(facts: Facts, step: Step) -> list[tuple[int, str]]:
    if step.kind in ("D", "E"):
        return [(person, PARTICIPANT) for person in facts.participants]
    if step.kind == "P":
        return [(people[0], PREPARER) for people in facts.preparers if people]
    openers = _openers(facts)
    if step.kind == "N":
        return [(person, NOTE_TAKER) for person in openers[:1]]
    out = [(person, HOST) for person in openers[:1]]
    if step.id == "H1" and not facts.online:
        out += [(person, SUBSTITUTE) for person in openers[1:2]]
    return out
