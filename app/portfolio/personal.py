"""What a participant's own page shows: the next meeting, my turns, my answer."""

from dataclasses import dataclass
from datetime import datetime

from app.attendance.models import Attendance
from app.attendance.queries import answers_of
from app.meetings import drawings
from app.meetings.drawings import Badge, Strip
from app.meetings.letters import roles
from app.meetings.models import Duty, Meeting
from app.meetings.queries import meetings_of
from app.meetings.row import of_meeting
from app.networks.models import Membership, Network
from app.networks.queries import managers_of, memberships_of, with_members
from app.people.models import Person
from app.rounds.models import DateRound
from app.rounds.queries import open_dates, rounds_for
from app.swaps.models import Swap
from app.swaps.queries import of_members
from app.topics.queries import Wished, open_topics


@dataclass(frozen=True)
class NetworkYear:
    network: Network
    strip: Strip
    meetings: tuple[Meeting, ...]
    badges: dict[int, Badge]
    managers: tuple[Person, ...]


@dataclass(frozen=True)
class Personal:
    at: datetime
    upcoming: tuple[Meeting, ...]
    answers: dict[int, Attendance]
    turns: tuple[Duty, ...]
    own: frozenset[int]  # meetings with a turn of the person's organisation: they may set its topic
    roles: tuple[str, ...]  # who hosts and prepares the next meeting, with a telephone number
    organisations: frozenset[int]
    years: tuple[NetworkYear, ...]
    rounds: tuple[DateRound, ...]
    swaps: tuple[Swap, ...]
    prepared: frozenset[int]  # those of `own` that it prepares
    topics: dict[int, list[Wished]]  # open ones, of networks they take part in today

    def choices(self, meeting: Meeting, chosen: str) -> list[Wished]:
        """Topics offered for a meeting: the three wished most, and the one a mail chose."""
        wished = self.topics.get(meeting.network_id, [])
        return [each for n, each in enumerate(wished) if n < 3 or str(each.topic.id) == chosen]

    def asks_topic(self, meeting: Meeting) -> bool:
        return meeting.id in self.prepared and not meeting.has_topic

    @property
    def open_swaps(self) -> list[Swap]:
        """What waits for an answer stands in front."""
        return [swap for swap in self.swaps if swap.state(self.at) == "open"]

    @property
    def other_swaps(self) -> list[Swap]:
        return [swap for swap in self.swaps if swap.state(self.at) != "open"]


def of_person(person: Person, now: datetime) -> Personal:
    """Everything from now on, in all networks the person sits in."""
    mine = memberships_of(person, now.date())
    networks = with_members([membership.network_id for membership in mine])
    meetings = [m for m in meetings_of([n.id for n in networks]) if not m.imported and _member(mine, m)]
    upcoming = [meeting for meeting in meetings if meeting.ends_at > now]
    open_meetings = [meeting for meeting in upcoming if not meeting.cancelled]
    turns = [duty for meeting in open_meetings for duty in meeting.duties if _mine(mine, meeting, duty)]
    return Personal(
        at=now,
        upcoming=tuple(upcoming),
        answers=answers_of(person, [meeting.id for meeting in upcoming]),
        turns=tuple(turns),
        own=frozenset(duty.meeting_id for duty in turns),
        roles=tuple(roles(open_meetings[0])) if open_meetings else (),
        organisations=frozenset(membership.organisation_id for membership in mine),
        years=tuple(_year(network, meetings, mine, now) for network in networks),
        rounds=tuple(row for row in rounds_for(person, now.date()) if open_dates(row, person.id)),
        swaps=tuple(of_members(mine, now)),
        prepared=frozenset(duty.meeting_id for duty in turns if duty.kind == "preparation"),
        topics=open_topics([each.network_id for each in mine if each.on(now.date())], now.date()),
    )


def _member(mine: list[Membership], meeting: Meeting) -> bool:
    return any(m.network_id == meeting.network_id and m.on(meeting.day) for m in mine)


def _mine(mine: list[Membership], meeting: Meeting, duty: Duty) -> bool:
    return any(m.network_id == meeting.network_id and m.organisation_id == duty.organisation_id for m in mine)


def _year(network: Network, meetings: list[Meeting], mine: list[Membership], now: datetime) -> NetworkYear:
    own = [meeting for meeting in meetings if meeting.network_id == network.id]
    coming = [meeting for meeting in own if meeting.ends_at > now]
    today = now.astimezone(network.zone).date()
    year = coming[0].day.year if coming else today.year
    of_year = [meeting for meeting in own if meeting.day.year == year]
    badges = drawings.badges_of(m.organisation for m in network.memberships)
    turns = [m.organisation_id for m in mine if m.network_id == network.id]
    strip = drawings.strip(year, map(of_meeting, of_year), badges, today=today, mine=turns)
    return NetworkYear(network, strip, tuple(of_year), badges, tuple(managers_of(network)))
