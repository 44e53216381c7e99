"""Stored bytes are served as long as they are right, without waiting for anybody, and what a fetch leaves is kept."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import icalendar
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.calendars import actions as calendars
from app.calendars import links
from app.calendars.current import Question
from app.calendars.models import FeedLink
from app.calendars.notes import Note, Notes, Rendering
from app.extensions import db
from app.networks.models import Network, Role
from app.people.models import Person
from tests import make
from tests.calendars.fetching import key_now
from tests.planning import years
from tests.planning.years import NOW
from tests.statements import statements

OUTLOOK = "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)"


@pytest.fixture
def network(app: Flask) -> Network:
    row = years.network(members=3)
    years.published(row, number=3)
    return row


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def link_of(person: Person, scope: str = "mine") -> FeedLink:
    link = calendars.feed_link(person, scope, None, NOW)
    db.session.commit()
    return link


def path(link: FeedLink) -> str:
    """Its address. Who fetches leaves a note only where nobody writes, and we have written."""
    where = f"/feeds/{links.token_of(link)}.ics"
    db.session.rollback()
    return where


def shown(client: FlaskClient, where: str) -> int:
    return len(icalendar.Calendar.from_ical(client.get(where).data).walk("VEVENT"))


def test_what_is_fresh_is_served_without_the_session(client: FlaskClient, network: Network) -> None:
    where = path(link_of(network.memberships[0].people[0]))
    client.get(where)

    with statements() as asked:
        assert client.get(where).status_code == 200
    assert asked == []


def test_whoever_has_it_is_sent_nothing_and_nothing_is_read(client: FlaskClient, network: Network) -> None:
    link = link_of(network.memberships[0].people[0])
    etag = client.get(path(link)).headers["ETag"].strip('"')

    found = Question(db.engine)(links.token_of(link), etag, NOW.date())

    assert found is not None
    assert found.etag == etag
    assert found.body is None


@pytest.mark.parametrize(
    ("sent", "status"),
    [('"{}"', 304), ('W/"{}"', 304), ('"zzz", "{}"', 304), ("*", 304), ('"zzz"', 200), ('"{}x"', 200)],
)
def test_what_the_program_says_it_has(client: FlaskClient, network: Network, sent: str, status: int) -> None:
    where = path(link_of(network.memberships[0].people[0]))
    first = client.get(where)
    sent = sent.format(first.headers["ETag"].strip('"'))

    again = client.get(where, headers={"If-None-Match": sent, "If-Modified-Since": first.headers["Last-Modified"]})

    assert (again.status_code, again.data) == (status, first.data if status == 200 else b"")


def test_by_the_day_alone_the_same_is_not_sent_again(client: FlaskClient, network: Network) -> None:
    where = path(link_of(network.memberships[0].people[0]))
    since = client.get(where).headers["Last-Modified"]

    assert client.get(where, headers={"If-Modified-Since": since}).status_code == 304
    assert client.get(where, headers={"If-Modified-Since": "Thu, 01 Jan 1998 00:00:00 GMT"}).status_code == 200


def test_a_role_that_ends_acts_at_the_next_fetch(client: FlaskClient, network: Network) -> None:
    manager = make.manager(network=network)
    where = path(link_of(manager, "all"))
    before = shown(client, where)
    db.session.delete(db.session.scalars(select(Role)).one())  # and no revision rises
    db.session.commit()

    assert (before, shown(client, where)) == (3, 0)


def test_a_deputy_has_the_networks_on_the_days_of_the_absence(client: FlaskClient, network: Network) -> None:
    away = make.programme_manager(programme=network.programme)
    deputy = make.manager(network=make.network(programme=network.programme))
    first = NOW.date() + timedelta(days=1)
    make.deputy(programme=network.programme, manager=away, deputy=deputy, first=first, last=first)
    where = path(link_of(deputy, "all"))
    seen = [shown(client, where)]
    for days in (1, 2):
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            seen.append(shown(client, where))

    assert seen == [0, 3, 0]


def test_a_change_in_the_last_of_eighty_networks_is_seen(app: Flask) -> None:
    programme = make.programme()
    networks = [make.network(programme=programme) for _ in range(80)]
    link = link_of(make.programme_manager(programme=programme), "all")
    before = key_now(link, NOW)
    networks[-1].changed(NOW)
    db.session.commit()

    assert key_now(link, NOW) != before


def test_when_a_day_takes_something_away_the_calendar_is_newer(client: FlaskClient, network: Network) -> None:
    meeting = make.meeting(network=network, starts_at=NOW - timedelta(days=29), status="cancelled")
    network.changed(NOW)
    where = path(link_of(network.memberships[0].people[0]))
    first = client.get(where)
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        later = client.get(where)
        same = client.get(where)

    assert f"meeting-{meeting.id}@".encode() in first.data
    assert f"meeting-{meeting.id}@".encode() not in later.data
    assert later.last_modified is not None
    assert first.last_modified is not None
    assert later.last_modified > first.last_modified
    assert same.last_modified == later.last_modified


@pytest.mark.parametrize(
    ("agent", "program"),
    [
        (OUTLOOK, "Outlook"),
        ("Google-Calendar-Importer", "Google"),
        ("iOS/17.5.1 (21F90) dataaccessd/1.0", "iPhone"),
        ("macOS/14.5 (23F79) dataaccessd/1.0", "Mac"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.3.0", "Thunderbird"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", ""),
        ("curl/8.5.0", ""),
    ],
)
def test_which_program_fetched_is_kept_by_its_name(
    client: FlaskClient, network: Network, agent: str, program: str
) -> None:
    link = link_of(network.memberships[0].people[0])
    client.get(path(link), headers={"User-Agent": agent})

    db.session.refresh(link)
    assert (link.fetched_at, link.fetched_by) == (NOW, program)


def test_notes_are_written_together_a_moment_later(app: Flask, network: Network) -> None:
    fetched = [link_of(network.memberships[n].people[0]) for n in range(2)]
    notes = Notes(db.engine)
    numbers = [link.id for link in fetched]
    db.session.rollback()
    for number in numbers:
        notes.add(Note(number, NOW, "Outlook", None), 0.05)
    timer = notes.timer
    assert timer
    timer.join()

    assert {(link.fetched_at, link.fetched_by) for link in fetched} == {(NOW, "Outlook")}


def test_while_nobody_can_write_a_rendering_is_made_once_and_kept_later(app: Flask, network: Network) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("one writer at a time is SQLite's")
    link = link_of(network.memberships[0].people[0])
    number = link.id
    db.session.rollback()
    made = Rendering("made from this", "etag", NOW, b"BEGIN:VCALENDAR")
    notes = Notes(db.engine)
    with closing(sqlite3.connect(str(db.engine.url.database))) as other:
        other.execute("begin immediate")
        notes.add(Note(number, NOW, "", made), 0)
        served = notes.rendering(number, "made from this"), notes.rendering(number, "made from something newer")
    notes.write()
    db.session.refresh(link)

    assert served == (made, None)
    assert (link.body, link.etag) == (made.body, "etag")
    assert notes.rendering(number, "made from this") is None
