"""The years of a sample network: planned and published as they were, talked about, written down."""

from datetime import UTC, datetime, time, timedelta

from flask_babel import force_locale

from app.admin.sample.invented import Question, Sample
from app.attendance import actions as attendance
from app.extensions import db
from app.library import actions as library
from app.meetings.actions import set_content
from app.meetings.models import Cycle, Meeting
from app.meetings.queries import meetings_of_year
from app.networks.models import Network
from app.people.models import Person
from app.planning import actions as cycles
from app.planning.year_request import Wishes
from app.preparing.working_forms import BY_KEY, text_of
from app.publishing import actions as publishing
from app.pulse.models import Pulse
from app.pulse.queries import KEPT_DAYS, closes_at
from app.results.actions import RECORDED_FOR
from app.results.models import Agreement, Result
from app.topics import actions as topics
from app.topics.models import Topic
from app.turns import actions as turns

PUBLISHED_BEFORE = timedelta(days=42)  # of its first day
SOON = timedelta(days=45)  # topics of later meetings are open


def live(network: Network, sample: Sample, now: datetime) -> None:
    """Last year closed, this year as far as it has come, the next one as far as it is planned."""
    held: list[Meeting] = []
    today = now.astimezone(network.zone).date()
    this = network.year_of(today)
    for year in range(this + 1 - sample.years, this + 1):
        then = datetime.combine(network.span(year)[0] - PUBLISHED_BEFORE, time(9), UTC)
        held += meetings_of_year(_published(network, _wishes(sample), year, then))
    year = this + 1
    if sample.planned == "published" and network.year_to_plan(today) == year:
        held += meetings_of_year(_published(network, _wishes(sample), year, now))
    elif sample.planned:
        cycles.propose(cycles.open_year(network, year), _wishes(sample), now)
    turns.keep_owed(now)
    for number, meeting in enumerate(held):
        if meeting.starts_at < now + SOON:
            _talked_about(meeting, sample, number, now)
        if meeting.ends_at < now:
            _written_down(meeting, sample, number, now)
    upcoming = next((meeting for meeting in held if meeting.starts_at > now), None)
    if upcoming is not None:
        _answered(upcoming, now)
    _between_meetings(network, sample, now)
    network.changed(now)


def _between_meetings(network: Network, sample: Sample, now: datetime) -> None:
    """What people wish to talk about, ask and keep."""
    for title, people in sample.wished:
        _wished(network, title, people, now)
    for question in sample.asked:
        _asked(network, question, now)
    for theme, title, url in sample.library:
        library.keep(network, url, title, theme, _people(network)[0], now)


def _wishes(sample: Sample) -> Wishes:
    start, weekdays = time.fromisoformat(sample.start), (sample.weekday,)
    return Wishes(number=sample.number, mode=sample.mode, minutes=sample.minutes, weekdays=weekdays, start=start)


def _published(network: Network, wishes: Wishes, year: int, then: datetime) -> Cycle:
    cycle = cycles.open_year(network, year)
    cycles.propose(cycle, wishes, then)
    publishing.publish(cycle, then, None, override="sample")
    return cycle


def _people(network: Network) -> list[Person]:
    return [member.people[0] for member in network.memberships]


def _talked_about(meeting: Meeting, sample: Sample, number: int, now: datetime) -> None:
    """Its topic was chosen, its programme made, its turns accepted some weeks before."""
    then, network = min(meeting.starts_at - timedelta(days=30), now), meeting.network
    title = sample.talked[number % len(sample.talked)]
    proposer = _people(network)[number % len(network.memberships)]
    db.session.add(Topic(network=network, title=title, person_id=proposer.id, created_at=then, meeting=meeting))
    with force_locale(network.programme.language):
        order = text_of(BY_KEY[sample.form], sample.minutes)
    set_content(meeting, topic=title, running_order=order, question=sample.question, now=then)
    speaks = {member.organisation_id: member.people[0] for member in network.memberships}
    for duty in meeting.duties:
        turns.confirm(duty, speaks[duty.organisation_id], then)


def _written_down(meeting: Meeting, sample: Sample, number: int, now: datetime) -> None:
    """Its notes the day after, which nobody is told of; people come in numbers that go up and down."""
    then, members = min(meeting.ends_at + timedelta(days=1), now), meeting.network.memberships
    meeting.attended, meeting.notes_at, meeting.changed_at = 2 * len(members) - 1 - number % 4, then, then
    notes = Result(meeting=meeting, outcomes=sample.outcomes[number % len(sample.outcomes)], saved_at=then)
    if sample.consent:
        notes.recording_consent, notes.recording_until = sample.consent, meeting.day + RECORDED_FOR
        notes.recording = f"https://video.example/{meeting.day}" if notes.recording_until >= now.date() else ""
    db.session.add(notes)
    db.session.add(_agreed(meeting, sample.agreed[number % len(sample.agreed)], number, now))
    if meeting.ends_at < now - timedelta(days=KEPT_DAYS + 1):
        db.session.add(_pulse(meeting, sample, number))


def _agreed(meeting: Meeting, text: str, number: int, now: datetime) -> Agreement:
    """Kept after some weeks, but for every fourth; the newest are open."""
    done = meeting.ends_at + timedelta(days=28)
    who = next((m.organisation for m in meeting.network.memberships if m.organisation.short in text), None)
    kept = done < now and number % 4 != 3
    return Agreement(
        meeting=meeting,
        network_id=meeting.network_id,
        text=text,
        organisation_id=who.id if who else None,
        due=meeting.day + timedelta(days=42),
        done_at=done if kept else None,
        done_by=_people(meeting.network)[0] if kept else None,
    )


def _pulse(meeting: Meeting, sample: Sample, number: int) -> Pulse:
    """How it was: sums of which nobody is a part that can be found."""
    answers = len(meeting.network.memberships) + 1
    atmosphere, goal = sample.moods[number % len(sample.moods)]
    return Pulse(
        meeting=meeting,
        asked=2 * len(meeting.network.memberships),
        answers=answers,
        atmosphere=_around(atmosphere, answers),
        goal=_around(goal, answers),
        sentences=[sample.said[number % len(sample.said)]],
        closed_at=closes_at(meeting),
    )


def _around(value: int, answers: int) -> list[int]:
    """Most choose this, one more and one less where there is more and less."""
    chosen = [min(value + 1, 5), max(value - 1, 1), *[value] * (answers - 2)]
    return [chosen.count(each) for each in range(1, 6)]


def _answered(meeting: Meeting, now: datetime) -> None:
    """Most have said that they come to the next meeting, one cannot; the rest is silent."""
    people = _people(meeting.network)
    for number, person in enumerate(people[:-1]):
        attendance.answer(meeting, person, "no" if number == 1 else "yes", now)


def _wished(network: Network, title: str, people: int, now: datetime) -> None:
    names = _people(network)[:people]
    topic, _new = topics.propose(network, topics.Asked(title), names[0], now)
    for person in names:
        topics.wish(topic, person, now)


def _asked(network: Network, question: Question, now: datetime) -> None:
    """Put by the last of the network some days ago, answered by the first ones."""
    *others, author = network.memberships
    asked = topics.Asked(
        question.title,
        question.kind,
        question.why,
        choices=question.choices,
        unnamed=question.unnamed,
        organisation_id=author.organisation_id,
    )
    topic, _new = topics.propose(network, asked, author.people[0], now - timedelta(days=5))
    for member, (choice, text) in zip(others, question.replies, strict=False):
        topics.reply(topic, member.people[0], member.organisation_id, now, text=text, choice=choice or None)
