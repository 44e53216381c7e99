"""A year told in numbers and in what came of it, of a network or of a whole programme. No person is in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from app.extensions import db
from app.meetings.models import Meeting
from app.meetings.queries import meetings_of
from app.networks.models import Network, Programme
from app.networks.network_year import shared_name
from app.networks.queries import with_members
from app.pulse.queries import closed
from app.reports.models import YearWords
from app.results.models import Agreement, Result
from app.results.queries import agreed_at, notes_of


@dataclass(frozen=True)
class MeetingLine:
    """One meeting that was held, or is still to come."""

    day: date
    mode: str
    held: bool
    topic: str
    host: str
    preparers: tuple[str, ...]
    people: int | None  # who was there, where somebody counted
    minutes: int
    outcomes: tuple[str, ...]
    agreements: tuple[tuple[str, bool], ...]  # what was agreed, and whether it is done
    mood: tuple[float, float] | None  # atmosphere and goal, 1 to 5


@dataclass(frozen=True)
class Numbers:
    """What the lines of a year come to."""

    organisations: int
    lines: tuple[MeetingLine, ...]
    cancelled: int

    @property
    def held(self) -> tuple[MeetingLine, ...]:
        return tuple(line for line in self.lines if line.held)

    @property
    def ahead(self) -> int:
        return len(self.lines) - len(self.held)

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.held)

    @property
    def hosts(self) -> int:
        """How many different organisations hosted."""
        return len({line.host for line in self.held if line.host})

    @property
    def preparers(self) -> int:
        return len({name for line in self.held for name in line.preparers})

    @property
    def counted(self) -> tuple[int, ...]:
        """How many people were at each meeting where somebody counted."""
        return tuple(line.people for line in self.held if line.people is not None)

    @property
    def people(self) -> int:
        return sum(self.counted)

    @property
    def topics(self) -> int:
        return len({line.topic for line in self.held if line.topic})

    @property
    def outcomes(self) -> int:
        return sum(len(line.outcomes) for line in self.held)

    @property
    def agreed(self) -> int:
        return sum(len(line.agreements) for line in self.held)

    @property
    def kept(self) -> int:
        return sum(done for line in self.held for _text, done in line.agreements)

    @property
    def moods(self) -> tuple[tuple[float, float], ...]:
        """Of each meeting that can be shown, oldest first."""
        return tuple(line.mood for line in self.held if line.mood is not None)


@dataclass(frozen=True)
class NetworkReport:
    network: Network
    year: int
    numbers: Numbers

    @property
    def name(self) -> str:
        return self.network.year_name(self.year)


@dataclass(frozen=True)
class ProgrammeReport:
    programme: Programme
    year: int
    parts: tuple[NetworkReport, ...]

    @property
    def name(self) -> str:
        return shared_name(self.year, [part.network.year_begins for part in self.parts])

    @property
    def numbers(self) -> Numbers:
        """All networks as one; an organisation of several networks is one organisation."""
        members = {number for part in self.parts for number in _members(part.network, self.year)}
        lines = sorted((line for part in self.parts for line in part.numbers.lines), key=lambda line: line.day)
        return Numbers(len(members), tuple(lines), sum(part.numbers.cancelled for part in self.parts))


def of_network(network: Network, year: int, now: datetime) -> NetworkReport:
    return _reports([network.id], year, now)[0]


def of_programme(programme: Programme, year: int, now: datetime) -> ProgrammeReport:
    """The same of every network of a programme that had or has a meeting in the year."""
    ids = list(db.session.scalars(select(Network.id).where(Network.programme_id == programme.id)))
    parts = tuple(report for report in _reports(ids, year, now) if report.numbers.lines or report.numbers.cancelled)
    return ProgrammeReport(programme, year, parts)


def words_of(programme_id: int, network_id: int | None, year: int) -> YearWords | None:
    query = select(YearWords).where(YearWords.programme_id == programme_id, YearWords.year == year)
    return db.session.scalars(query.where(YearWords.network_id == network_id)).first()


def words_in(network_ids: Sequence[int]) -> dict[tuple[int, int], str]:
    """{(network, year): the words of its report}."""
    query = select(YearWords.network_id, YearWords.year, YearWords.words).where(YearWords.network_id.in_(network_ids))
    return {(number, year): words for number, year, words in db.session.execute(query) if number is not None}


def words_of_all(programme_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """{programme: {its year: what its manager says of it as a whole}}."""
    query = select(YearWords).where(YearWords.programme_id.in_(programme_ids), YearWords.network_id.is_(None))
    found: dict[int, dict[str, str]] = {}
    for row in db.session.scalars(query.order_by(YearWords.year)):
        if row.words:
            found.setdefault(row.programme_id, {})[str(row.year)] = row.words
    return found


def _reports(network_ids: Sequence[int], year: int, now: datetime) -> list[NetworkReport]:
    """With a number of statements that does not grow with networks or meetings."""
    networks = with_members(network_ids)
    spans = [network.span(year) for network in networks] or [(now.date(), now.date())]
    first = datetime.combine(min(span[0] for span in spans), time(), UTC) - timedelta(1)
    last = datetime.combine(max(span[1] for span in spans), time(), UTC) + timedelta(2)
    known = {network.id: network for network in networks}
    meetings = [m for m in meetings_of(network_ids, first, last) if known[m.network_id].year_of(m.day) == year]
    notes, agreed = notes_of(network_ids), agreed_at([meeting.id for meeting in meetings])
    pulses = closed(network_ids)
    of_network: dict[int, list[MeetingLine]] = {network.id: [] for network in networks}
    for meeting in meetings:
        if not meeting.cancelled:
            pulse = pulses.get(meeting.id)
            mood = pulse.means if pulse else None
            line = _line(meeting, notes.get(meeting.id), agreed.get(meeting.id, []), mood, now)
            of_network[meeting.network_id].append(line)
    cancelled = [meeting.network_id for meeting in meetings if meeting.cancelled]
    return [
        NetworkReport(n, year, Numbers(len(_members(n, year)), tuple(of_network[n.id]), cancelled.count(n.id)))
        for n in networks
    ]


def _members(network: Network, year: int) -> set[int]:
    """The organisations that took part at some time of the year."""
    first, last = network.span(year)
    return {m.organisation_id for m in network.memberships if m.joined <= last and (m.left is None or m.left >= first)}


def _line(
    meeting: Meeting, notes: Result | None, agreed: Sequence[Agreement], mood: tuple[float, float] | None, now: datetime
) -> MeetingLine:
    host = meeting.host_duty
    return MeetingLine(
        day=meeting.day,
        mode=meeting.mode,
        held=meeting.ends_at <= now,
        topic=meeting.topic,
        host=host.organisation.name if host and not host.handed_back else "",
        preparers=tuple(organisation.name for organisation in meeting.preparers),
        people=meeting.attended,
        minutes=int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60,
        outcomes=tuple(line for line in notes.outcomes.splitlines() if line.strip()) if notes else (),
        agreements=tuple((each.text, each.done_at is not None) for each in agreed) if meeting.notes_at else (),
        mood=mood,
    )
