"""What can be done when a turn is given back: who could take it over, online instead, another day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from app.availability.queries import absences_of, days_away
from app.meetings import balances, phrases
from app.meetings.models import Duty, Meeting
from app.meetings.queries import meetings_of
from app.meetings.row import Edit, Row
from app.networks.models import Membership, Network, Organisation
from app.networks.queries import with_members
from app.planning.actions import change_of_published
from app.planning.elsewhere import busy_days
from app.planning.instance import as_planned, instance_of
from app.planning.turn_limit import turns_in
from app.publishing.reassigning import values_for
from app.text import by_name
from scheduling.model.instance import Instance
from scheduling.model.network import seats_of
from scheduling.model.year import Year
from scheduling.rules import check

SUBSTITUTES, DAYS = 5, 3
NOT_BEFORE, NOT_AFTER = timedelta(days=7), timedelta(days=56)  # from today; from the day it was


@dataclass(frozen=True)
class Option:
    """One way out: `choice` names it in the address, `values` are what it changes of the meeting's row."""

    choice: str
    values: Edit
    title: str
    why: str
    organisation: Organisation | None = None


@dataclass(frozen=True)
class Repair:
    substitutes: tuple[Option, ...]
    online: Option | None
    days: tuple[Option, ...]

    def chosen(self, choice: str) -> Option | None:
        every = (*self.substitutes, *([self.online] if self.online else []), *self.days)
        return next((option for option in every if option.choice == choice), None)

    @property
    def best(self) -> tuple[Option, ...]:
        """The best of each sort, as the manager's mail offers them."""
        return (*self.substitutes[:1], *([self.online] if self.online else []), *self.days[:1])


def options(duty: Duty, expected: int, now: datetime) -> Repair:
    """The ways out for a turn, best first; a host's room must hold the `expected` people."""
    meeting = duty.meeting
    network = with_members([meeting.network_id])[0]
    online = _online(network) if duty.kind == "host" and meeting.in_person else None
    return Repair(_substitutes(duty, network, expected, now), online, _other_days(meeting, network, now))


def _online(network: Network) -> Option:
    why = _("Nobody has to travel and nobody needs a room. The turn to host stays owed.")
    return Option("online", {"mode": "online", "link": network.link}, _("Online instead"), why)


def _substitutes(duty: Duty, network: Network, expected: int, now: datetime) -> tuple[Option, ...]:
    meeting = duty.meeting
    meetings = [each for each in meetings_of([network.id]) if not each.cancelled and each.id != meeting.id]
    which = 0 if duty.kind == "host" else 1
    turns = {number: balance[which] for number, balance in balances.balances(network, meetings).items()}
    full = _with_all_turns(meeting, network, now)
    ranked = sorted(
        able_to(duty, network, expected),
        key=lambda m: (m.organisation_id in full, turns[m.organisation_id], by_name(m.organisation.name)),
    )
    past = [each for each in meetings if each.ends_at <= now]
    found = (_substitute(m.organisation, duty, turns, past, expected) for m in ranked[:SUBSTITUTES])
    return tuple(_said_if_full(option, full) for option in found)


def _with_all_turns(meeting: Meeting, network: Network, now: datetime) -> dict[int, int]:
    """{organisation: its turns this year} of those who have as many as the network asks for at most."""
    cycle = meeting.cycle
    draft = change_of_published(cycle, now)
    asked = instance_of(network, cycle.year, draft.wishes, draft.rows, {}, busy_days(network, cycle.year))
    most = asked.networks[0].max_turns
    return {number: turns for number, turns in turns_in(draft.rows).items() if most is not None and turns >= most}


def _said_if_full(option: Option, full: Mapping[int, int]) -> Option:
    turns = full.get(option.organisation.id) if option.organisation else None
    if turns is None:
        return option
    more = _("It has %(turns)s turns this year already, as many as you ask for at most.", turns=turns)
    return replace(option, why=f"{option.why} {more}")


def able_to(duty: Duty, network: Network, expected: int) -> list[Membership]:
    """The members who could do this turn instead: free that day, and with a room for the `expected` people."""
    busy, members = _not_free(duty, network), network.members_on(duty.meeting.day)
    return [m for m in members if m.organisation_id not in busy and _able(m, duty, expected)]


def _not_free(duty: Duty, network: Network) -> set[int]:
    """Who has a turn at the meeting already, is away that day, is expected elsewhere, or whose room is closed."""
    day = duty.meeting.day
    members = [member.organisation_id for member in network.memberships]
    away, closed = days_away(absences_of(members, day, day), day, day)
    elsewhere = busy_days(network, network.year_of(day))
    lists: list[Mapping[int, Any]] = [away, elsewhere.people]
    if duty.kind == "host":
        lists += [closed, elsewhere.rooms]
    busy = {number for days in lists for number in days if day in days[number]}
    return busy | {each.organisation_id for each in duty.meeting.duties}


def _able(member: Membership, duty: Duty, expected: int) -> bool:
    own = balances.as_member(member)
    able = own.can_host(seats_of(expected)) if duty.kind == "host" else own.prepares
    return able and own.has_turn(duty.meeting.day)


def _substitute(
    organisation: Organisation, duty: Duty, turns: Mapping[int, Fraction], past: Sequence[Meeting], expected: int
) -> Option:
    balance, values = phrases.turns(turns[organisation.id]), values_for(duty, organisation.id)
    if duty.kind == "preparation":
        done = sum(organisation in each.preparers for each in past)
        why = _("%(balance)s; prepared so far: %(done)s; free that day.", balance=balance, done=done)
        return Option(f"organisation-{organisation.id}", values, organisation.name, why, organisation)
    room = organisation.largest_room
    assert room is not None, "whoever may host has a room"
    why = _(
        "%(room)s with %(seats)s seats for %(expected)s people; %(balance)s; hosted so far: %(done)s; "
        "free that day. Distance not known.",
        room=room.name,
        seats=room.seats,
        expected=expected,
        balance=balance,
        done=sum(each.host == organisation for each in past),
    )
    return Option(f"organisation-{organisation.id}", values, organisation.name, why, organisation)


def _other_days(meeting: Meeting, network: Network, now: datetime) -> tuple[Option, ...]:
    """The best days on which everything else can stay as it is, by the rules and the score of the planner."""
    cycle = meeting.cycle
    draft = change_of_published(cycle, now)
    first = now.astimezone(network.zone).date() + NOT_BEFORE
    last = min(meeting.day + NOT_AFTER, network.span(network.year_of(meeting.day))[1])
    rows = [replace(row, window=(first, last)) if row.meeting_id == meeting.id else row for row in draft.rows]
    if first > last:
        return ()
    instance = instance_of(network, cycle.year, draft.wishes, rows, {}, busy_days(network, cycle.year))
    row = next(row for row in rows if row.meeting_id == meeting.id)
    scored = []
    standing = _report(instance, rows, row)
    for day in _candidates(instance, row):
        report = _report(instance, rows, replace(row, date=day))
        if day != meeting.day and not set(report.violations) - set(standing.violations):
            scored.append((report.objective, abs((day - meeting.day).days), day))
    return tuple(_another_day(day, network) for _score, _distance, day in sorted(scored)[:DAYS])


def _candidates(instance: Instance, row: Row) -> list[date]:
    year, network = Year(instance), instance.networks[0]
    meeting = next(each for each in network.meetings if each.id == str(row.key))
    return [date.fromordinal(day) for day in year.candidates(network, meeting, year.standing(network.id))]


def _report(instance: Instance, rows: Sequence[Row], changed: Row) -> check.Report:
    planned = [as_planned(changed if row.key == changed.key else row) for row in rows if not row.cancelled]
    return check.check(instance, {instance.networks[0].id: planned})


def _another_day(day: date, network: Network) -> Option:
    members = network.members_on(day)
    away, _closed = days_away(absences_of([m.organisation_id for m in members], day, day), day, day)
    absent = [m.organisation.short for m in members if away.get(m.organisation_id)]
    why = (
        _("Everything else stays. Not there: %(names)s.", names=phrases.joined(absent))
        if absent
        else _("Everything else stays, and nobody has said that they are away.")
    )
    return Option(day.isoformat(), {"date": day}, phrases.full_day(day), why)
