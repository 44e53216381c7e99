"""The sample programme: two years of networks that never mail anybody."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.admin import sample
from app.admin.sample import invented
from app.commands import installation
from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Duty, Meeting
from app.meetings.queries import cycle_of
from app.networks.models import Network
from app.networks.queries import programme_by_name
from app.people.models import Person
from app.planning import drafts
from app.pulse.models import Pulse
from app.results.models import Agreement, Result
from app.topics.models import Topic
from app.worker import deliver, run_until_empty
from tests import make
from tests.fakes import Relay
from tests.forms import forms_of
from tests.kept import kept
from tests.make import NOW
from tests.reminders.world import world

JUNE = datetime(2026, 6, 15, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded_once(_app: Flask) -> Iterator[Callable[[], None]]:
    sample.load(NOW)
    with kept() as put_back:
        yield put_back


@pytest.fixture
def loaded(app: Flask, loaded_once: Callable[[], None]) -> Flask:
    loaded_once()
    return app


def named(name: str) -> Network:
    return db.session.scalars(select(Network).where(Network.name == name)).one()


def meetings(network: Network, year: int) -> list[Meeting]:
    rows = db.session.scalars(select(Meeting).where(Meeting.network_id == network.id).order_by(Meeting.starts_at))
    return [meeting for meeting in rows if meeting.day.year == year]


def test_loading_leaves_nothing_to_send(loaded: Flask) -> None:
    assert db.session.query(Message).count() == 0


def test_weeks_after_loading_nothing_has_left(loaded: Flask, relay: Relay, clock: time_machine.Traveller) -> None:
    clock.move_to(NOW + timedelta(days=60))

    run_until_empty(loaded)

    states = Counter(db.session.scalars(select(Message.state)))
    assert relay.received == []
    assert (states["sent"], states["failed"], states["cancelled"] > 5) == (0, 0, True)


def test_people_with_an_address_of_their_own_are_still_mailed(loaded: Flask, relay: Relay) -> None:
    w = world()
    anouk = db.session.scalars(select(Person).where(Person.email == "anouk@zonnehoek.example")).one()
    make.message(person=anouk, kind="D2", network_id=w.network.id, meeting_id=w.meeting.id)
    w.message("D2", w.host)

    deliver(5)

    assert [str(mail["To"]) for mail in relay.received] == [f"Anna de Vries <{w.host.email}>"]


def test_last_year_is_closed_and_this_one_has_come_so_far(loaded: Flask) -> None:
    network = named(invented.NETWORKS[0].name)

    last, this = meetings(network, 2025), meetings(network, 2026)

    assert (len(last), len(this)) == (5, 5)
    assert all(each.notes_at and each.attended and each.topic and each.owed for each in last)
    assert [each.notes_at is not None for each in this] == [each.ends_at < NOW for each in this]


@pytest.mark.parametrize(("now", "published"), [(NOW, True), (JUNE, False)])
def test_the_next_year_is_planned(app: Flask, now: datetime, published: bool) -> None:
    with time_machine.travel(now, tick=False):
        sample.load(now)

    cycle = cycle_of(named(invented.NETWORKS[0].name), 2027)

    assert cycle is not None
    assert (cycle.published is not None, drafts.of(cycle) is not None) == (published, not published)


def test_half_a_year_is_done_in_june(app: Flask) -> None:
    with time_machine.travel(JUNE, tick=False):
        sample.load(JUNE)

    done = [each.notes_at is not None for each in meetings(named(invented.PEER_CALL.name), 2026)]

    assert (done.count(True), done.count(False)) == (6, 4)


def test_topics_are_chosen_and_open(loaded: Flask) -> None:
    topics = list(db.session.scalars(select(Topic).where(Topic.network_id == named(invented.NETWORKS[0].name).id)))

    sample_of = invented.NETWORKS[0]
    wished, asked = {title for title, _people in sample_of.wished}, {each.title for each in sample_of.asked}

    assert {each.title for each in topics if each.is_open} == wished | asked
    assert len([each for each in topics if not each.is_open]) >= 10


def test_agreements_are_kept_open_and_late(loaded: Flask) -> None:
    agreed = list(db.session.scalars(select(Agreement)))

    assert any(each.done_at for each in agreed)
    assert any(not each.done_at and not each.overdue(NOW.date()) for each in agreed)
    assert any(each.overdue(NOW.date()) for each in agreed)


def test_a_pulse_goes_up_and_down_and_is_no_single_persons(loaded: Flask) -> None:
    network = named(invented.TEAM_THAT_LEARNS.name)
    pulses = db.session.scalars(select(Pulse).join(Meeting).where(Meeting.network_id == network.id)).all()

    means = [each.means for each in pulses]

    assert len({mean for mean in means if mean}) > 3
    assert min(each.answers for each in pulses) >= 4
    assert all(sum(each.atmosphere or []) == each.answers <= (each.asked or 0) for each in pulses)


def test_the_german_network_calls_for_an_hour_a_month_and_keeps_recordings_for_some_time(loaded: Flask) -> None:
    network = named(invented.PEER_CALL.name)
    held = meetings(network, 2026)
    kept = {row.meeting_id: bool(row.recording) for row in db.session.scalars(select(Result))}
    recorded = [kept[each.id] for each in held if each.notes_at]

    assert (network.programme.language, network.hosted, len(held)) == ("de", False, 10)
    assert {each.ends_at - each.starts_at for each in held} == {timedelta(hours=1)}
    assert all(each.host is None for each in held)
    assert held[0].running_order.startswith("Kollegialer Austausch 10-10-40\n- 10 Min.: Impuls")
    assert (recorded[0], recorded[-1]) == (False, True)


def test_one_manager_has_both_programmes(app: Flask, loaded: Flask) -> None:
    manager = db.session.scalars(select(Person).where(Person.email == sample.MANAGER_EMAIL)).one()

    page = make.browser(app, manager).get("/").text

    assert programme_by_name(sample.GERMAN_NAME) is not None
    assert (invented.PEER_CALL.name in page, invented.TEAM_THAT_LEARNS.name in page) == (True, True)


def test_strangers_and_search_engines_see_nothing_of_it_until_its_manager_switches_the_page_on(loaded: Flask) -> None:
    programme = programme_by_name(sample.NAME)
    assert programme is not None
    pages, anybody = [f"/p/{programme.slug}{path}" for path in ("", "/open", "/open.ics")], loaded.test_client()
    manager = db.session.scalars(select(Person).where(Person.email == sample.MANAGER_EMAIL)).one()
    before, hidden = [anybody.get(page).status_code for page in pages], anybody.get("/sitemap.xml").text
    with time_machine.travel(NOW, tick=False):
        desk = make.browser(loaded, manager)
        form = next(
            each for each in forms_of(desk.get(f"/programmes/{programme.slug}/public").text) if "public" in each.other
        )
        desk.post(f"/programmes/{programme.slug}/public", data={**form.same, "public": "y"})
        after = [anybody.get(page).status_code for page in pages]
        shown = anybody.get(pages[0]).text

    assert before == [404] * 3
    assert "/p/" not in hidden
    assert after == [200] * 3
    assert invented.NETWORKS[0].name in shown
    assert programme.slug in anybody.get("/sitemap.xml").text


def test_the_command_shows_it_to_strangers_at_once_and_says_where(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    with time_machine.travel(NOW, tick=False):
        installation.demo()
        _before, _sep, address = capsys.readouterr().out.strip().rpartition(" ")
        page = app.test_client().get(urlsplit(address).path)

    assert page.status_code == 200
    assert invented.NETWORKS[0].name in page.text


@pytest.mark.parametrize("now", [datetime(2026, 11, 30, 5, tzinfo=UTC), JUNE])
def test_nothing_of_it_was_done_in_days_to_come(app: Flask, now: datetime) -> None:
    """The day a calendar is told that something changed is the newest of these."""
    sample.load(now)
    done = (Meeting.changed_at, Meeting.notes_at, Network.changed_at, Topic.created_at, Duty.confirmed_at)
    assert [str(column) for column in done if db.session.scalars(select(column).where(column > now)).all()] == []
