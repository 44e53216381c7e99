"""From the manager's sheet to everybody's calendar: one unbroken line over HTTP.

An empty database, the Dutch workbook, 17 networks planned and published, a calendar subscribed, weeks pass, the right
mails leave, a host drops out, everybody is told once and the feed is right.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from app.extensions import db
from app.jobs.queries import open_jobs
from app.jobs.running import begun, run
from app.mail.models import Message
from app.meetings import balances
from app.meetings.models import Meeting
from app.meetings.queries import cycle_of, meetings_of_year
from app.networks.models import Network, Organisation
from app.networks.queries import network_by_slug
from app.people.actions import make_link
from app.people.models import Person
from app.worker import run_until_empty
from tests import make
from tests.conftest import settings_in
from tests.fakes import Relay
from tests.planning import years

MANAGER = "annelies.tuinstra@samenwijzer.example.org"
WORLD = Path(__file__).parents[1] / "importing" / "world"
WORKBOOK = next((WORLD / "manager").glob("*.xlsx"))
NOVEMBER = datetime(2026, 11, 24, 9, tzinfo=UTC)
OOST, MEMBER = "vrijwilligerscoordinatoren-oost", "w.elamrani@twevershuys.example.org"
CHANGE = re.compile("^Gewijzigd|^Jullie ontvangen nu|in jullie plaats$")  # everybody; who hosts now; who did


@pytest.fixture(scope="module")
def relay() -> Iterator[Relay]:
    relay = Relay()
    relay.start()
    yield relay
    relay.stop()


@pytest.fixture(scope="module")
def clock() -> Iterator[Any]:
    with time_machine.travel(NOVEMBER, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, relay: Relay, clock: Any) -> Iterator[Flask]:
    """A site of its own that goes through the whole story, test after test."""
    app = create_app(settings_in(tmp_path_factory.mktemp("site"), mail_url=relay.url, language="nl"))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, FEED_NOTES_PAUSE=0)
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def manager(site: Flask) -> FlaskClient:
    """The first manager: signed in by link, programme founded, workbook imported, questions answered."""
    with site.app_context():
        person = Person(email=MANAGER, site_admin=True, language="nl")
        db.session.add(person)
        _link, secret, _code = make_link(person, NOVEMBER)
        db.session.commit()
    client = site.test_client()
    client.post(f"/sign-in/{secret}")
    founding = {
        "programme": "Samenwijzer",
        "language": "nl",
        "region": "NL-Midden",
        "first_name": "Annelies",
        "email": MANAGER,
    }
    client.post(
        "/start", data={**founding, "last_name": "Tuinstra", "sender_email": "netwerken@samenwijzer.example.org"}
    )
    return client


def pressed(client: FlaskClient, path: str, **data: Any) -> str:
    """Press a button and follow where it leads; what the page says then."""
    answer = client.post(path, data=data, follow_redirects=True)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:2000])
    return answer.text


def long_work(site: Flask) -> None:
    """What the worker's child would do."""
    with site.app_context():
        job = open_jobs()[0]
        number = job.id
        assert begun(job)
        assert run(number)


def upload(manager: FlaskClient) -> str:
    with WORKBOOK.open("rb") as file:
        answer = manager.post(
            "/programmes/samenwijzer/import", data={"files": (file, WORKBOOK.name)}, content_type="multipart/form-data"
        )
    return answer.location


@pytest.fixture(scope="module")
def imported(manager: FlaskClient) -> str:
    address = upload(manager)
    asked = dict(re.findall(r'name="(answer-[^"]+)"[^>]*value="([^"]*)"', manager.get(address).text))
    weeks = {name: value for name, value in asked.items() if "only-week" in name}
    return pressed(manager, f"{address}/completion", **weeks)


@pytest.fixture(scope="module")
def second_upload(site: Flask, manager: FlaskClient, imported: str) -> tuple[int, int]:
    """How many rows there were before and after the same file came in again."""
    counts = []
    for _n in range(2):
        with site.app_context():
            counts.append(sum(db.session.query(model).count() for model in (Person, Network, Organisation, Meeting)))
        pressed(manager, f"{upload(manager)}/completion")
    return counts[0], counts[1]


@pytest.fixture(scope="module")
def published(site: Flask, manager: FlaskClient, second_upload: tuple[int, int]) -> list[str]:
    """All 17 active networks, planned together and published; the impossible one after giving up one wish.

    There are two managers and nobody said who has which network: no day is taken by a network of the same manager.
    """
    year = "/programmes/samenwijzer/years/2027"
    pressed(manager, "/programmes/samenwijzer/roles", first_name="Bo", email="bo@samenwijzer.example.org")
    assert "wacht op zijn beurt" in pressed(manager, f"{year}/proposals")
    long_work(site)
    limburg = "/networks/kleine-zorgorganisaties-limburg/years/2027"
    page = manager.get(f"{limburg}/plan").text
    assert "Dezelfde organisatie twee keer achter elkaar laten ontvangen" in page
    pressed(manager, f"{limburg}/relaxation", wish="no_repeat_host:kleine-zorgorganisaties-limburg")
    page = manager.get(year).text
    shown = years.hidden(page)
    pressed(manager, f"{year}/publications", **shown)
    return sorted(name.removeprefix("digest-") for name in shown if name.startswith("digest-"))


def network(slug: str) -> Network:
    found = network_by_slug(slug)
    assert found is not None
    return found


def meetings(slug: str) -> list[Meeting]:
    cycle = cycle_of(network(slug), 2027)
    assert cycle is not None
    return meetings_of_year(cycle)


def addresses(slug: str, day: date) -> set[str]:
    return {p.email for m in network(slug).members_on(day) for p in m.people if p.email}


def events_of(site: Flask, email: str) -> dict[str, icalendar.Event]:
    """What a calendar reader sees after subscribing by the link of the page."""
    with site.app_context():
        client = make.browser(site, db.session.scalars(select(Person).where(Person.email == email)).one())
    client.post("/calendar", data={"which": "mine"})
    address = re.search(r'value="http://localhost(/feeds/[^"]+)"', client.get("/calendar").text)
    assert address is not None
    calendar = icalendar.Calendar.from_ical(site.test_client().get(address[1]).data)
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


@dataclass
class Story:
    """What was seen at each station of the line, in order."""

    meetings: int
    people: set[str]
    welcomed: Counter[str]
    calendar: dict[str, icalendar.Event]
    asked: list[str]
    told: Counter[str]
    repaired: icalendar.Event
    new_host: str
    owed_by_old_host: bool
    states: Counter[str]
    identities: Counter[str]


@pytest.fixture(scope="module")
def story(site: Flask, manager: FlaskClient, published: list[str], relay: Relay, clock: Any) -> Story:
    """Weeks pass after publishing; a host drops out; the manager repairs it."""
    run_until_empty(site)
    with site.app_context():
        people, first = addresses(OOST, date(2027, 1, 1)), meetings(OOST)[0]
        number, day, host = first.id, first.day, first.host_duty.organisation_id
        contact = next(m.primary for m in network(OOST).memberships if m.organisation_id == host)
        host_address = contact.email or "" if contact else ""
        made = len(db.session.scalars(select(Meeting).where(Meeting.imported.is_(False))).all())
    welcomed = Counter(
        str(m["To"]) for m in relay.received if str(m["Subject"]).endswith("Oost: data en jullie beurten")
    )
    calendar = events_of(site, MEMBER)
    pressed(manager, f"/networks/{OOST}/years/2027/publication", version=0)
    run_until_empty(site)
    again = len(relay.received)

    clock.move_to(datetime(2027, 1, 5, 9, tzinfo=UTC))
    run_until_empty(site)
    asked = [str(m["Subject"]) for m in relay.received[again:] if host_address in str(m["To"])]

    clock.move_to(datetime(2027, 2, 4, 9, tzinfo=UTC))
    run_until_empty(site)
    since = len(relay.received)
    new_host = repair(site, number, day)
    run_until_empty(site)
    told = Counter(str(m["To"]) for m in relay.received[since:] if CHANGE.search(str(m["Subject"])))
    with site.app_context():
        duty = meetings(OOST)[0].host_duty
        owed = duty is not None and duty.owed_by_id == host
        states = Counter(message.state for message in db.session.scalars(select(Message)))
    return Story(
        meetings=made,
        people=people,
        welcomed=welcomed,
        calendar=calendar,
        asked=asked,
        told=told,
        repaired=events_of(site, MEMBER)[f"meeting-{number}@localhost"],
        new_host=new_host,
        owed_by_old_host=owed,
        states=states,
        identities=Counter(str(m["Message-ID"]) for m in relay.received),
    )


def repair(site: Flask, number: int, day: date) -> str:
    """The manager, signed in anew, gives the meeting to another organisation with a room for everybody."""
    with site.app_context():
        manager = make.browser(site, db.session.scalars(select(Person).where(Person.site_admin)).one())
        busy = {duty.organisation_id for duty in db.session.get_one(Meeting, number).duties}
        able = set(balances.able(network(OOST), day)["host"]) - busy
        other = db.session.get_one(Organisation, min(able))
        name, room = other.name, other.largest_room
        form = {"host": other.id, "room_id": room.id if room else ""}
    data = {
        "date": day.isoformat(),
        "start": "13:30",
        "minutes": 180,
        "mode": "in-person",
        "reason": "norovirus in huis",
    }
    preview = pressed(manager, f"/networks/{OOST}/meetings/{number}/change", **data, **form)
    pressed(manager, f"/networks/{OOST}/years/2027/publication", **years.hidden(preview), override="norovirus")
    return name


def test_the_workbook_comes_in_as_the_manager_has_it(site: Flask, imported: str) -> None:
    with site.app_context():
        states = Counter(each.state for each in db.session.scalars(select(Network)))
        active = [each for each in db.session.scalars(select(Network)) if each.state == "active"]
        sizes = {len(each.members_on(date(2027, 1, 1))) for each in active}

    assert states == {"active": 17, "forming": 3}
    assert sizes <= {7, 8, 9, 10, 11}


def test_a_second_upload_changes_nothing(second_upload: tuple[int, int]) -> None:
    before, after = second_upload

    assert before == after


def test_seventeen_networks_are_planned_and_published_as_last_year(published: list[str], story: Story) -> None:
    assert (len(published), story.meetings) == (17, 101)


def test_everybody_gets_one_mail_with_the_year(story: Story) -> None:
    assert {re.sub(r".*<|>", "", to) for to in story.welcomed} == story.people
    assert set(story.welcomed.values()) == {1}


def test_a_calendar_reader_sees_the_year_at_the_hour_on_the_wall(story: Story) -> None:
    first = min(event.decoded("DTSTART") for uid, event in story.calendar.items() if uid.startswith("meeting"))

    assert first.isoformat() == "2027-02-11T13:30:00+01:00"


def test_publishing_again_by_mistake_mails_nobody(site: Flask, story: Story) -> None:
    with site.app_context():
        year = db.session.scalars(select(Message).where(Message.kind == "Y0")).all()

    assert len(year) == len({(message.person_id, message.network_id) for message in year})


def test_after_the_christmas_holidays_the_host_is_asked_for_the_room(story: Story) -> None:
    assert any("is op do 11 februari bij jullie te gast: kun je de zaal bevestigen?" in each for each in story.asked)


def test_when_a_host_drops_out_everybody_is_told_once(story: Story) -> None:
    assert {re.sub(r".*<|>", "", to) for to in story.told} == story.people
    assert set(story.told.values()) == {1}


def test_the_feed_shows_the_new_place_and_the_turn_stays_owed(story: Story) -> None:
    assert story.new_host in str(story.repaired["LOCATION"])
    assert (int(story.repaired["SEQUENCE"]), story.owed_by_old_host) == (1, True)


def test_no_mail_was_lost_or_left_twice(story: Story) -> None:
    assert set(story.states) <= {"sent", "planned", "cancelled"}
    assert max(story.identities.values()) == 1
