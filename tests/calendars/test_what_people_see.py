"""What people see of their calendars: who read it last, who has none, one meeting as a file, the year on paper."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import icalendar
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.calendars import actions as calendars
from app.calendars.links import token_of
from app.calendars.models import FeedLink
from app.extensions import db
from app.mail.models import Message
from app.meetings import phrases
from app.meetings.models import Meeting
from app.meetings.queries import meetings_of
from app.networks.models import Network
from app.people.links import entry_token, personal_token
from app.people.models import Person
from tests import make
from tests.planning import years
from tests.planning.years import NOW


@pytest.fixture
def network(app: Flask) -> Network:
    row = years.network(members=3, people=2)
    years.published(row, number=3)
    return row


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def feed(person: Person) -> str:
    link = calendars.feed_link(person, "mine", None, NOW)
    db.session.commit()
    path = f"/feeds/{token_of(link)}.ics"
    db.session.rollback()
    return path


def first_meeting(network: Network) -> Meeting:
    return meetings_of([network.id])[0]


def test_the_calendar_page_says_which_program_read_it_and_when(app: Flask, network: Network) -> None:
    person = network.memberships[0].people[0]
    path, client = feed(person), make.browser(app, person)
    before = client.get("/calendar").text
    client.get(path, headers={"User-Agent": "Microsoft Outlook 16.0"})

    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        after = client.get("/calendar").text

    assert "No program has read it yet." in before
    assert "Last read: Outlook, yesterday 10:00" in after
    assert "No program" not in after


@pytest.mark.parametrize(("days", "said"), [(0, "today 10:00"), (1, "yesterday 10:00"), (5, "Tue 1 December 10:00")])
def test_when_it_was_in_words(app: Flask, days: int, said: str) -> None:
    then = datetime(2026, 12, 1, 10)

    assert phrases.lately(then, then + timedelta(days=days, hours=1)) == said


def test_the_manager_sees_who_is_reached_by_mail_alone(app: Flask, network: Network) -> None:
    reads, made_a_link = network.memberships[0].people
    gone = network.memberships[1].people[0]
    client = make.browser(app, make.manager(network=network))
    for person in (reads, gone):
        client.get(feed(person))
    feed(made_a_link)
    link = db.session.scalars(select(FeedLink).where(FeedLink.person_id == gone.id)).one()
    link.fetched_at = NOW - timedelta(days=31)
    db.session.commit()

    page = client.get(f"/networks/{network.slug}").text

    others = {person.name for member in network.memberships for person in member.people} - {reads.name}
    said = page.partition("Reached by mail alone: ")[2].partition("<")[0]
    assert "1 of 6 have the meetings in their own calendar" in page
    assert {name.strip() for name in said.split(",")} == others


def test_a_participant_does_not_see_who_reads_calendars(app: Flask, network: Network) -> None:
    page = make.browser(app, network.memberships[0].people[0]).get(f"/networks/{network.slug}").text

    assert "in their own calendar" not in page


def test_one_meeting_as_a_file_is_the_entry_of_the_calendar(app: Flask, network: Network) -> None:
    person, meeting = network.memberships[0].people[0], first_meeting(network)
    client, name = make.browser(app, person), f"{network.slug}-{meeting.day}.ics"
    number, path = meeting.id, feed(person)
    where = f"/networks/{network.slug}/meetings/{number}/meeting.ics"

    answer = client.get(where)
    by_link = app.test_client().get(f"/me/{personal_token(person)}{where}")

    one = answer.data.partition(b"BEGIN:VEVENT")[2].partition(b"END:VEVENT")[0]
    assert one in client.get(path).data
    assert by_link.data == answer.data
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    calendar = icalendar.Calendar.from_ical(answer.data)
    assert "X-WR-CALNAME" not in calendar
    assert [str(event["UID"]) for event in calendar.walk("VEVENT")] == [f"meeting-{number}@localhost"]


def test_another_network_s_meeting_is_no_file(app: Flask, network: Network) -> None:
    other = years.network(members=2)
    years.published(other, number=2)
    client = make.browser(app, network.memberships[0].people[0])
    number = first_meeting(other).id

    for slug in (network.slug, other.slug):
        assert client.get(f"/networks/{slug}/meetings/{number}/meeting.ics").status_code == 404


def entry_of(client: FlaskClient, path: str, number: int) -> icalendar.Event:
    events = icalendar.Calendar.from_ical(client.get(path).data).walk("VEVENT")
    return next(event for event in events if str(event["UID"]) == f"meeting-{number}@localhost")


def test_an_entry_leads_who_is_not_signed_in_to_their_page_by_a_mail(app: Flask, network: Network) -> None:
    person, number = network.memberships[0].people[0], first_meeting(network).id
    client = app.test_client()
    url = str(entry_of(client, feed(person), number)["URL"]).removeprefix("http://localhost")
    token = url.removeprefix("/me/").partition("?")[0]

    page = client.get(url)
    client.post(f"/me/{token}/new-link")

    assert page.status_code == 200
    assert "so its entries do not open your page" in page.text
    assert person.name not in page.text
    mails = db.session.scalars(select(Message).where(Message.kind == "A5"))
    assert [mail.person_id for mail in mails] == [person.id]


def test_an_entry_leads_who_is_signed_in_to_the_meeting_on_their_page(app: Flask, network: Network) -> None:
    person, number = network.memberships[0].people[0], first_meeting(network).id
    client = make.browser(app, person)
    url = str(entry_of(client, feed(person), number)["URL"]).removeprefix("http://localhost")

    answer = client.get(url)

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/me?meeting={number}")


def test_whoever_reads_a_calendar_can_change_nothing_by_its_links(app: Flask, network: Network) -> None:
    person, number = network.memberships[0].people[0], first_meeting(network).id
    stranger = make.browser(app, network.memberships[1].people[0])
    token = entry_token(person.id)

    for path in (f"/me/{token}/calendar", f"/me/{token}/mails", f"/me/{token}"):
        for answer in (stranger.get(path), stranger.post(path, data={"which": "mine", "answer": "no"})):
            assert "so its entries do not open your page" in answer.text or answer.status_code == 405
    assert db.session.scalars(select(FeedLink)).all() == []
    assert number


def test_the_year_on_paper_has_days_places_weeks_and_a_code(app: Flask, network: Network) -> None:
    client = make.browser(app, network.memberships[0].people[0])

    page = client.get(f"/networks/{network.slug}/years/2027/sheet").text

    for meeting in meetings_of([network.id]):
        assert phrases.place(meeting) in page
        assert f"week {meeting.day.isocalendar().week}" in page
    assert 'src="data:image/svg+xml' in page


def test_week_numbers_stand_where_people_plan_by_them(app: Flask) -> None:
    day = date(2027, 1, 3)

    said = [phrases.week(day, make.network(timezone=zone)) for zone in ("Europe/Berlin", "Europe/London")]

    assert said == ["week 53", ""]
