"""What a participant's own page shows: the next meeting, my turns, my answer."""

from dataclasses import dataclass
from datetime import datetime

from app.attendance.models import Attendance
from app.attendance.queries import answers_of
from app.closing.models import Stay
from app.closing.queries import asked_of
from app.meetings.drawings.badges import Badge, badges_of
from app.meetings.drawings.year_strip import Strip, strip
from app.meetings.letters import roles
from app.meetings.models import Duty, Meeting
from app.meetings.queries import meetings_of
from app.meetings.row import of_meeting
from app.meetings.year_page import open_turns
from app.networks.models import Membership, Network
from app.networks.network_year import year_of
from app.networks.queries import answering_for, memberships_of, with_members
from app.people.models import Person
from app.rounds.models import DateRound
from app.rounds.queries import open_dates, rounds_for
from app.swaps.models import Swap
from app.swaps.queries import of_members
from app.topics.queries import Wished, open_topics

LATER = 12  # lines of the list of later meetings


@dataclass(frozen=True)
class NetworkOfMine:
    network: Network
    managers: tuple[Person, ...]


@dataclass(frozen=True)
class YearOfMine:
    """The meetings of all the person's networks in one year."""

    strip: Strip
    name: str
    meetings: tuple[Meeting, ...]
    badges: dict[int, Badge]


@dataclass(frozen=True)
class Personal:
    at: datetime
    upcoming: tuple[Meeting, ...]
    answers: dict[int, Attendance]
    turns: tuple[Duty, ...]
    own: frozenset[int]  # meetings with a turn of the person's organisation: they may set its topic
    roles: tuple[str, ...]  # who hosts and prepares the next meeting, with a telephone number
    organisations: frozenset[int]
    networks: tuple[NetworkOfMine, ...]
    year: YearOfMine | None
    first: Meeting | None  # the one this visit is about
    rounds: tuple[DateRound, ...]
    swaps: tuple[Swap, ...]
    stays: tuple[Stay, ...]  # whether they stay, where nothing is said
    prepared: frozenset[int]  # those of `own` that it prepares
    topics: dict[int, list[Wished]]  # open ones, of networks they take part in today

    def choices(self, meeting: Meeting, chosen: str) -> list[Wished]:
        """Topics offered for a meeting: the three wished most, and the one a mail chose."""
        wished = self.topics.get(meeting.network_id, [])
        return [each for n, each in enumerate(wished) if n < 3 or str(each.topic.id) == chosen]

    def asks_topic(self, meeting: Meeting) -> bool:
        return meeting.id in self.prepared and not meeting.has_topic

    @property
    def later(self) -> list[Meeting]:
        return [meeting for meeting in self.upcoming if meeting is not self.first][:LATER]

    @property
    def managers(self) -> list[tuple[Person, list[str]]]:
        """Whom to ask, each once, with the names of the networks."""
        names: dict[Person, list[str]] = {}
        for each in self.networks:
            for manager in each.managers:
                names.setdefault(manager, []).append(each.network.name)
        return list(names.items())

    def swap_of(self, duty: Duty) -> Swap | None:
        """The open request of the organisation to swap this turn."""
        return next((swap for swap in self.open_swaps if swap.duty is duty), None)

    @property
    def open_swaps(self) -> list[Swap]:
        """What waits for an answer stands in front."""
        return [swap for swap in self.swaps if swap.state(self.at) == "open"]

    @property
    def other_swaps(self) -> list[Swap]:
        return [swap for swap in self.swaps if swap.state(self.at) != "open"]


def of_person(person: Person, now: datetime, asked: int | None = None) -> Personal:
    """Everything from now on, in all networks the person sits in; the meeting `asked` for comes first."""
    mine = memberships_of(person, now.date())
    networks = with_members([membership.network_id for membership in mine])
    meetings = [m for m in meetings_of([n.id for n in networks]) if not m.imported and _member(mine, m)]
    upcoming = [meeting for meeting in meetings if meeting.ends_at > now]
    open_meetings = [meeting for meeting in upcoming if not meeting.cancelled]
    first = next((m for m in upcoming if m.id == asked), open_meetings[0] if open_meetings else None)
    turns = [duty for meeting in open_meetings for duty in meeting.duties if _mine(mine, meeting, duty)]
    return Personal(
        at=now,
        upcoming=tuple(upcoming),
        answers=answers_of(person, [meeting.id for meeting in upcoming]),
        turns=tuple(turns),
        own=frozenset(duty.meeting_id for duty in turns),
        roles=tuple(roles(first)) if first else (),
        organisations=frozenset(membership.organisation_id for membership in mine),
        networks=tuple(NetworkOfMine(network, tuple(answering_for(network))) for network in networks),
        year=_year(networks, meetings, mine, now) if meetings else None,
        first=first,
        rounds=tuple(row for row in rounds_for(person, now.date()) if open_dates(row, person.id)),
        swaps=tuple(of_members(mine, now)),
        stays=tuple(row for row in asked_of(person, now.date()) if row.answer is None),
        prepared=frozenset(duty.meeting_id for duty in turns if duty.kind == "preparation"),
        topics=open_topics([each.network_id for each in mine if each.on(now.date())], now.date()),
    )


def _member(mine: list[Membership], meeting: Meeting) -> bool:
    return any(m.network_id == meeting.network_id and m.on(meeting.day) for m in mine)


def _mine(mine: list[Membership], meeting: Meeting, duty: Duty) -> bool:
    return any(m.network_id == meeting.network_id and m.organisation_id == duty.organisation_id for m in mine)


def _year(networks: list[Network], meetings: list[Meeting], mine: list[Membership], now: datetime) -> YearOfMine:
    """The year of the next meeting; when none is ahead, that of the last one."""
    shown = next((m for m in meetings if m.ends_at > now), meetings[-1])
    year, begins = shown.network.year_of(shown.day), shown.network.year_begins
    today = now.astimezone(shown.network.zone).date()
    of_year = [meeting for meeting in meetings if year_of(meeting.day, begins) == year]
    badges = {number: badge for network in networks for number, badge in badges_of(network).items()}
    own = [membership.organisation_id for membership in mine]
    return YearOfMine(
        strip(
            year, map(of_meeting, of_year), badges, begins=begins, today=today, mine=own, open_turns=open_turns(of_year)
        ),
        shown.network.year_name(year),
        tuple(of_year),
        badges,
    )
