"""The years of a sample network: planned and published as they were, talked about, written down."""

from datetime import UTC, datetime, time, timedelta

from flask_babel import force_locale

from app.admin.sample.texts import Sample
from app.attendance import actions as attendance
from app.meetings.actions import set_content
from app.meetings.models import Cycle, Meeting
from app.meetings.queries import meetings_of_year
from app.networks.models import Network
from app.people.models import Person
from app.planning import actions as cycles
from app.planning.year_request import Wishes
from app.preparing.working_forms import BY_KEY, text_of
from app.publishing import actions as publishing
from app.results import actions as results
from app.topics import actions as topics
from app.turns import actions as turns

SOON = timedelta(days=45)  # topics of later meetings are open


def live(network: Network, sample: Sample, now: datetime, *, next_published: bool) -> None:
    """Last year closed, this year as far as it has come, the next one planned."""
    held: list[Meeting] = []
    for year in (now.year - 1, now.year):
        held += meetings_of_year(_published(network, _wishes(sample), year, datetime(year - 1, 11, 20, 9, tzinfo=UTC)))
    year = now.year + 1
    if next_published and now.month >= 9:
        held += meetings_of_year(_published(network, _wishes(sample), year, now))
    else:
        cycles.propose(cycles.open_year(network, year), _wishes(sample), now)
    turns.keep_owed(now)
    for number, meeting in enumerate(held):
        if meeting.starts_at < now + SOON:
            _talked_about(meeting, sample, number)
        if meeting.ends_at < now:
            _written_down(meeting, sample, number, now)
    upcoming = next((meeting for meeting in held if meeting.starts_at > now), None)
    if upcoming is not None:
        _answered(upcoming, now)
    for title, people in sample.wished:
        _wished(network, title, people, now)


def _wishes(sample: Sample) -> Wishes:
    start = time.fromisoformat(sample.start)
    values = {"number": sample.number, "mode": sample.mode, "minutes": sample.minutes, "weekdays": (sample.weekday,)}
    return Wishes(start=start, **values)  # type: ignore[arg-type]


def _published(network: Network, wishes: Wishes, year: int, then: datetime) -> Cycle:
    cycle = cycles.open_year(network, year)
    cycles.propose(cycle, wishes, then)
    publishing.publish(cycle, then, None, override="sample")
    return cycle


def _people(network: Network) -> list[Person]:
    return [member.people[0] for member in network.memberships]


def _talked_about(meeting: Meeting, sample: Sample, number: int) -> None:
    """Its topic was chosen, its programme made, its turns accepted some weeks before."""
    then, network = meeting.starts_at - timedelta(days=30), meeting.network
    title = sample.talked[number % len(sample.talked)]
    topic, _new = topics.propose(network, title, _people(network)[number % len(network.memberships)], then)
    topics.take(topic, meeting, then)
    with force_locale(network.programme.language):
        order = text_of(BY_KEY[sample.form], sample.minutes)
    set_content(meeting, topic=title, running_order=order, question=sample.question, now=then)
    speaks = {member.organisation_id: member.people[0] for member in network.memberships}
    for duty in meeting.duties:
        turns.confirm(duty, speaks[duty.organisation_id], then)


def _written_down(meeting: Meeting, sample: Sample, number: int, now: datetime) -> None:
    """Its notes the day after; people come in numbers that go up and down."""
    then = min(meeting.ends_at + timedelta(days=1), now)
    texts = {
        "outcomes": sample.outcomes[number % len(sample.outcomes)],
        "agreements": sample.agreed[number % len(sample.agreed)],
        "next_time": "",
    }
    seats = 2 * len(meeting.network.memberships)
    results.save(meeting, texts, seats - 1 - number % 4, _people(meeting.network)[0], then)
    meeting.notes_at = then  # published, and nobody is told


def _answered(meeting: Meeting, now: datetime) -> None:
    """Most have said that they come to the next meeting, one cannot; the rest is silent."""
    people = _people(meeting.network)
    for number, person in enumerate(people[:-1]):
        attendance.answer(meeting, person, "no" if number == 1 else "yes", now)


def _wished(network: Network, title: str, people: int, now: datetime) -> None:
    names = _people(network)[:people]
    topic, _new = topics.propose(network, title, names[0], now)
    for person in names:
        topics.wish(topic, person, now)
