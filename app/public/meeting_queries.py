"""What strangers may read of open meetings, and of what the networks of a programme offer and ask; values, no rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.guests.queries import public_meeting, public_meetings, seats_taken
from app.meetings.models import Meeting
from app.networks.models import Programme
from app.networks.queries import public_programme
from app.topics.models import ASKING, Topic
from app.topics.queries import public_topics

FIRST = 3  # open meetings that stand on the page of a programme


@dataclass(frozen=True)
class MeetingPage:
    """`where`: organisation and town of the host, nothing for a meeting that is online. `seats`: those left."""

    programme: str
    language: str
    programme_name: str
    network: str
    network_name: str
    number: int
    topic: str
    aim: str
    start: datetime
    end: datetime
    moved_from: datetime | None
    mode: str
    where: tuple[str, str] | None
    seats: int
    contact: str

    @property
    def title(self) -> str:
        return self.topic or self.network_name


@dataclass(frozen=True)
class Said:
    """What somebody offers or asks, without a name."""

    kind: str
    title: str
    why: str
    network: str


@dataclass(frozen=True)
class Buffet:
    """All that is open in a programme: come and taste."""

    programme: str
    language: str
    programme_name: str
    contact: str
    meetings: tuple[MeetingPage, ...]
    offers: tuple[Said, ...]
    questions: tuple[Said, ...]


def meeting_page(programme: str, network: str, number: int, now: datetime) -> MeetingPage | None:
    """What strangers read of a meeting; None unless it is open to everybody, and its network and programme public."""
    meeting = public_meeting(programme, network, number, now)
    return seen_of_meeting(meeting) if meeting else None


def seen_of_meeting(meeting: Meeting) -> MeetingPage:
    """What strangers read, or would read, of a meeting."""
    return _pages([meeting])[0]


def seen_meetings(programme: Programme, now: datetime) -> tuple[MeetingPage, ...]:
    """Those of a programme, by start."""
    return tuple(_pages(public_meetings(programme, now)))


def buffet(slug: str, now: datetime) -> Buffet | None:
    """All that is open in a programme that has a public page; None where nothing is."""
    programme = public_programme(slug)
    shown = seen_buffet(programme, now) if programme else None
    return shown if shown and (shown.meetings or shown.offers or shown.questions) else None


def has_topics(programme: Programme) -> bool:
    return bool(public_topics(programme))


def seen_buffet(programme: Programme, now: datetime) -> Buffet:
    topics = public_topics(programme)
    return Buffet(
        programme=programme.slug,
        language=programme.language,
        programme_name=programme.name,
        contact=programme.sender_email,
        meetings=seen_meetings(programme, now),
        offers=tuple(_said(each) for each in topics if each.kind == "offer"),
        questions=tuple(_said(each) for each in topics if each.kind in ASKING),
    )


def _said(topic: Topic) -> Said:
    return Said(topic.kind, topic.title, topic.why, topic.network.name)


def _pages(meetings: Sequence[Meeting]) -> list[MeetingPage]:
    taken = seats_taken(meetings)
    return [_page(each, max(each.guest_seats - taken.get(each.id, 0), 0)) for each in meetings]


def _page(meeting: Meeting, seats: int) -> MeetingPage:
    network, programme = meeting.network, meeting.network.programme
    return MeetingPage(
        programme=programme.slug,
        language=programme.language,
        programme_name=programme.name,
        network=network.slug,
        network_name=network.name,
        number=meeting.id,
        topic=meeting.topic,
        aim=network.goal,
        start=meeting.local_start,
        end=meeting.local_end,
        moved_from=meeting.moved_from and meeting.moved_from.astimezone(network.zone),
        mode=meeting.mode,
        where=(meeting.host.name, meeting.host.town) if meeting.in_person and meeting.host else None,
        seats=seats,
        contact=programme.sender_email,
    )
