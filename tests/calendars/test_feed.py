"""The feed as a calendar fetches it."""

from datetime import date, datetime, time, timedelta

import icalendar
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.calendars import actions as calendars
from app.calendars import links
from app.calendars.models import FeedLink
from app.extensions import db
from app.meetings.models import Cycle
from app.meetings.queries import meetings_of_year
from app.meetings.row import Origin, RowKey
from app.people.models import Person
from app.planning import actions
from app.publishing import actions as publishing
from tests import make
from tests.calendars.strict import components
from tests.planning import years
from tests.planning.years import NOW

LATER = NOW + timedelta(days=1)


def feed_of(person: Person, scope: str = "mine") -> str:
    link = calendars.feed_link(person, scope, None, NOW)
    db.session.commit()
    return f"/feeds/{links.token_of(link)}.ics"


def events(client: FlaskClient, path: str) -> dict[str, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(client.get(path).data)
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def member_without_turn(cycle: Cycle) -> Person:
    busy = {duty.organisation_id for meeting in meetings_of_year(cycle) for duty in meeting.duties}
    return next(m.people[0] for m in cycle.network.memberships if m.organisation_id not in busy)


@pytest.fixture
def cycle(app: Flask) -> Cycle:
    return years.published(years.network(members=12))


def test_the_published_year_stands_in_the_feed_and_drafts_do_not(client: FlaskClient, cycle: Cycle) -> None:
    path = feed_of(member_without_turn(cycle))
    actions.add_extra(cycle, date(2027, 5, 20), time(10), 90, "online", NOW)
    db.session.commit()

    with time_machine.travel(NOW, tick=False):
        found = events(client, path)

    assert sorted(found) == sorted(f"meeting-{m.id}@localhost" for m in meetings_of_year(cycle))
    assert {event.decoded("DTSTART").isoformat() for event in found.values()} == {
        m.local_start.isoformat() for m in meetings_of_year(cycle)
    }


def test_who_prepares_has_the_day_the_programme_is_due(client: FlaskClient, cycle: Cycle) -> None:
    meeting = meetings_of_year(cycle)[0]
    member = next(m for m in cycle.network.memberships if m.organisation_id == meeting.preparers[0].id)

    with time_machine.travel(NOW, tick=False):
        event = events(client, feed_of(member.people[0]))[f"preparation-{meeting.id}@localhost"]

    assert event.decoded("DTSTART") == meeting.day - timedelta(days=10)
    assert str(event["TRANSP"]) == "TRANSPARENT"


def test_two_fetches_are_the_same_bytes_and_the_second_is_not_sent(client: FlaskClient, cycle: Cycle) -> None:
    path = feed_of(member_without_turn(cycle))
    with time_machine.travel(NOW, tick=False):
        first, second = client.get(path), client.get(path)
        third = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])
    assert (third.status_code, third.data) == (304, b"")


def test_a_move_keeps_the_uid_and_raises_the_sequence(client: FlaskClient, cycle: Cycle) -> None:
    path, meeting = feed_of(member_without_turn(cycle)), meetings_of_year(cycle)[0]
    with time_machine.travel(NOW, tick=False):
        before = client.get(path)
    actions.change_meeting(meeting, {"date": date(2027, 2, 18)}, "", LATER)
    publishing.publish(cycle, LATER, None, override="x")
    db.session.commit()

    with time_machine.travel(LATER, tick=False):
        after = client.get(path)
        event = events(client, path)[f"meeting-{meeting.id}@localhost"]

    assert (event.decoded("DTSTART").day, event["SEQUENCE"]) == (18, 1)
    assert "Moved from Thursday, 11 February 2027" in str(event["DESCRIPTION"])
    assert (
        before.headers["Last-Modified"] < after.headers["Last-Modified"] or before.last_modified < after.last_modified
    )


def test_a_cancelled_meeting_says_so_in_its_title_until_thirty_days_after(client: FlaskClient, cycle: Cycle) -> None:
    path, meeting = feed_of(member_without_turn(cycle)), meetings_of_year(cycle)[0]
    actions.remove(cycle, RowKey(Origin.PUBLISHED, meeting.id), "", LATER)
    publishing.publish(cycle, LATER, None)
    db.session.commit()
    uid = f"meeting-{meeting.id}@localhost"

    with time_machine.travel(LATER, tick=False):
        event = events(client, path)[uid]
    with time_machine.travel(meeting.starts_at + timedelta(days=31), tick=False):
        later = events(client, path)

    assert (str(event["STATUS"]), str(event["TRANSP"])) == ("CANCELLED", "TRANSPARENT")
    assert str(event["SUMMARY"]).startswith("Cancelled: ")
    assert uid not in later


def test_the_feed_speaks_the_persons_language(client: FlaskClient, cycle: Cycle) -> None:
    person = member_without_turn(cycle)
    person.language = "de"
    person.changed(NOW)

    with time_machine.travel(NOW, tick=False):
        event = next(iter(events(client, feed_of(person)).values()))

    assert "Vorbereitung:" in str(event["DESCRIPTION"])


def test_who_left_sees_only_the_meetings_until_then(client: FlaskClient, cycle: Cycle) -> None:
    person = member_without_turn(cycle)
    path = feed_of(person)
    member = next(m for m in cycle.network.memberships if person in m.people)
    member.left = datetime(2027, 4, 30).date()
    cycle.network.changed(NOW)
    db.session.commit()

    with time_machine.travel(NOW, tick=False):
        found = events(client, path)

    assert {event.decoded("DTSTART").month for event in found.values()} == {2, 4}


def test_unknown_malformed_and_foreign_paths_get_the_same_bare_404(client: FlaskClient, app: Flask) -> None:
    answers = [client.get(path) for path in ("/feeds/x.ics", "/feeds/.ics", "/feeds/a/b.ics", "/feeds/x")]

    assert {(answer.status_code, answer.data) for answer in answers} == {(404, b"")}


def test_a_renewed_link_leaves_an_empty_calendar_for_thirty_days(client: FlaskClient, cycle: Cycle) -> None:
    person = member_without_turn(cycle)
    old = feed_of(person)
    calendars.renew(person, NOW)
    db.session.commit()

    with time_machine.travel(NOW + timedelta(days=29), tick=False):
        empty, fresh = events(client, old), events(client, feed_of(person))
        held = components(client.get(old).get_data())
    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        gone = client.get(old).status_code

    assert (empty, len(fresh), gone) == ({}, 5, 404)
    assert held == ["VTIMEZONE"]


def test_only_the_hash_of_a_token_is_stored(app: Flask, cycle: Cycle) -> None:
    token = feed_of(member_without_turn(cycle)).removeprefix("/feeds/").removesuffix(".ics")
    link = db.session.scalars(select(FeedLink)).one()

    stored = {str(getattr(link, column.key)) for column in FeedLink.__table__.columns}
    assert token not in " ".join(stored)


def test_head_and_other_methods(client: FlaskClient, cycle: Cycle) -> None:
    path = feed_of(member_without_turn(cycle))
    with time_machine.travel(NOW, tick=False):
        get, head = client.get(path), client.head(path)

    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(get.data)))
    assert get.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert client.post(path).status_code == 405
    assert "Set-Cookie" not in get.headers


def test_words_of_another_network_never_occur(client: FlaskClient, cycle: Cycle) -> None:
    other = years.network(name="Geheim", programme=cycle.network.programme)
    years.published(other)

    with time_machine.travel(NOW, tick=False):
        body = client.get(feed_of(member_without_turn(cycle))).data

    assert b"Geheim" not in body


def test_a_manager_follows_all_networks(client: FlaskClient, cycle: Cycle) -> None:
    manager = make.manager(network=cycle.network)
    with time_machine.travel(NOW, tick=False):
        found = events(client, feed_of(manager, "all"))

    assert len(found) == 5


def test_the_subscribe_page_offers_apple_google_outlook_and_the_address(app: Flask, cycle: Cycle) -> None:
    person = member_without_turn(cycle)
    client = make.browser(app, person)
    client.post("/calendar", data={"which": "mine"})

    page = client.get("/calendar").text

    address = f"http://localhost{feed_of(person)}"
    assert all(
        text in page for text in (address, "webcal://localhost/feeds/", "calendar.google.com", "outlook.office.com")
    )
