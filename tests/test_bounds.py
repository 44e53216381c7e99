"""Ids, years and days far away: not found, or one sentence, and nothing stored; never an error of ours."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.availability.models import Absence, ClosedPeriod
from app.cli import cli
from app.extensions import db
from app.importing.cells.days import Period, day, periods
from app.importing.files.sheet import Cell
from app.meetings.models import Meeting
from app.networks.models import Membership
from tests import make
from tests.everything import NOW, World, build_world

FAR_IDS = (10**9, 2**31, 10**30, "9" * 5000)
FAR_DAYS = ("0027-02-07", "1899-12-31", "2020-12-31", "2038-01-01", "9999-12-31")


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    with time_machine.travel(NOW, tick=False):
        yield build_world()


@pytest.fixture
def manager(app: Flask, world: World) -> FlaskClient:
    person = world.people["programme manager"]
    assert person
    return make.browser(app, person)


@pytest.fixture
def site(world: World) -> str:
    return f"/networks/{world.values['slug']}"


@pytest.mark.parametrize("far", FAR_IDS)
def test_a_number_no_row_can_have_is_not_found_wherever_it_stands_in_an_address(
    app: Flask, world: World, manager: FlaskClient, far: object
) -> None:
    numbered = [rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule.replace("<int:year>", "2027")]
    found = {}
    for rule in numbered:
        path = rule.rule.replace("<int:number>", str(far)).replace("<int:year>", "2027")
        for name, value in {**world.values, "contact": far, "room": far, "absence": far, "wish": far}.items():
            path = path.replace(f"<int:{name}>", str(value)).replace(f"<{name}>", str(value))
        found[rule.endpoint] = manager.open(path, method="POST" if "POST" in (rule.methods or ()) else "GET")

    assert len(numbered) > 70
    assert {name: answer.status_code for name, answer in found.items() if answer.status_code != 404} == {}


@pytest.mark.parametrize("far", [*FAR_IDS, "-1", "1.5", "x", "\u0662"])
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/years/2027/proposal", "version"),
        ("/years/2027/cells", "version"),
        ("/years/2027/publication", "version"),
        ("/years/2027/publication/undo", "published"),
        ("/meetings/{number}/credit", "organisation"),
        ("/meetings/{number}/change", "host"),
        ("/meetings/{number}/count", "present"),
        ("/topics/choice", "topic"),
        ("/topics/choice", "meeting"),
    ],
)
def test_a_number_no_row_can_have_is_refused_in_a_form(
    world: World, manager: FlaskClient, site: str, path: str, field: str, far: object
) -> None:
    answer = manager.post(site + path.format(number=world.numbers["meetings"]), data={field: str(far)})

    assert answer.status_code in (404, 409, 422)


@pytest.mark.parametrize("far", FAR_IDS)
def test_a_number_no_row_can_have_is_left_out_of_a_link(world: World, manager: FlaskClient, far: object) -> None:
    own = f"/me/{world.values['token']}?meeting={far}&answer=yes&topic={far}"

    assert [manager.get(path).status_code for path in (own, f"/me?meeting={far}&topic={far}")] == [200, 200]


@pytest.mark.parametrize("year", ["0", "27", "1899", "9999", "999999999"])
def test_a_year_nobody_plans_is_said_to_be_unknown(manager: FlaskClient, site: str, year: str) -> None:
    answer = manager.get(f"{site}?year={year}")

    assert (answer.status_code, f"Nothing is known of the year {year}." in answer.text) == (422, True)


def test_a_year_long_ago_in_which_something_was_is_shown(app: Flask, world: World, manager: FlaskClient) -> None:
    network = db.session.get_one(Meeting, world.numbers["meetings"]).network
    make.meeting(network=network, starts_at=datetime(2011, 3, 4, 12, tzinfo=UTC))
    db.session.commit()

    assert manager.get(f"/networks/{network.slug}?year=2011").status_code == 200


@pytest.mark.parametrize("year", ["0", "2020", "2038", "9999", "1" * 30])
@pytest.mark.parametrize("page", ["plan", "days", "publication", "dates"])
def test_a_year_far_away_has_no_page_of_its_own(manager: FlaskClient, site: str, page: str, year: str) -> None:
    assert manager.get(f"{site}/years/{year}/{page}").status_code == 404


def stored(model: Any) -> int:
    db.session.expire_all()
    return int(db.session.query(model).count())


@pytest.mark.parametrize("when", FAR_DAYS)
def test_an_absence_lies_in_years_near_this_one(world: World, manager: FlaskClient, site: str, when: str) -> None:
    before = stored(Absence)
    path = f"{site}/members/{world.numbers['networks']}/absences"

    answer = manager.post(path, data={"first": when, "last": when, "weekday": "", "only": "", "reason": ""})

    assert (answer.status_code, stored(Absence)) == (422, before)
    assert "Choose a day from 2022 to 2037." in answer.text


@pytest.mark.parametrize("when", FAR_DAYS)
def test_a_closed_period_lies_in_years_near_this_one(world: World, manager: FlaskClient, when: str) -> None:
    before = stored(ClosedPeriod)
    data = {"name": "Closed", "first": when, "last": when}

    answer = manager.post(f"/programmes/{world.values['programme']}/closed-periods", data=data)

    assert (answer.status_code, stored(ClosedPeriod)) == (422, before)


@pytest.mark.parametrize("when", FAR_DAYS)
def test_a_meeting_is_moved_to_years_near_this_one(world: World, manager: FlaskClient, site: str, when: str) -> None:
    meeting = db.session.get_one(Meeting, world.numbers["meetings"])
    before = meeting.cycle.draft
    data = {"date": when, "start": "13:30", "minutes": "180", "mode": "online"}

    answer = manager.post(f"{site}/meetings/{meeting.id}/change", data=data)

    db.session.expire_all()
    assert (answer.status_code, meeting.cycle.draft) == (422, before)


@pytest.mark.parametrize("when", FAR_DAYS)
def test_a_day_typed_into_the_table_lies_in_years_near_this_one(
    world: World, manager: FlaskClient, site: str, when: str
) -> None:
    cycle = db.session.get_one(Meeting, world.numbers["meetings"]).cycle
    key, version, before = world.values["key"], cycle.draft_version, cycle.draft

    data = {"version": version, f"{key}-date": when, f"{key}-start": "13:30", f"{key}-mode": "online"}
    answer = manager.post(f"{site}/years/2027/cells", data=data)

    db.session.expire_all()
    assert (answer.status_code, cycle.draft) == (422, before)
    assert "A meeting lies in the years 2022 to 2037." in answer.text


@pytest.mark.parametrize("when", FAR_DAYS)
def test_a_command_moves_a_meeting_to_years_near_this_one(app: Flask, world: World, when: str) -> None:
    done = app.test_cli_runner().invoke(cli, ["meeting", "move", world.values["slug"], "2027-03-04", when])

    assert done.exit_code != 0
    assert str(done.exception) == "A meeting lies in the years 2022 to 2037."


@pytest.mark.parametrize("year", ["27", "1899", "2021", "2038", "9999", "1" * 30])
def test_a_command_takes_years_near_this_one(app: Flask, world: World, year: str) -> None:
    done = app.test_cli_runner().invoke(cli, ["cycle", "publish", world.values["slug"], year])

    assert (done.exit_code, "2022<=x<=2037" in done.output) == (2, True)


def test_a_member_of_long_ago_stays_one_when_something_else_is_changed(
    app: Flask, world: World, manager: FlaskClient, site: str
) -> None:
    member = db.session.get_one(Membership, world.numbers["networks"])
    member.joined, member.duties_from = date(1911, 1, 1), date(2013, 1, 1)
    db.session.commit()

    data = {"joined": "1911-01-01", "duties_from": "2013-01-01", "left": "2027-12-31", "hosts": "yes"}
    manager.post(f"{site}/members/{member.id}", data=data)

    db.session.expire_all()
    assert member.left == date(2027, 12, 31)


@pytest.mark.parametrize("text", ["7-2-0029", "31-12-1899", "1 maart 2099", "2099-03-01", "0027-02-07"])
def test_a_day_of_a_list_that_lies_far_away_is_asked(text: str) -> None:
    found = day(Cell(text), 2027)

    assert (found.value, found.action) == (None, "asked")


def test_a_period_of_a_list_that_lies_far_away_is_asked() -> None:
    far, near = periods(Cell("1-2-1899 t/m 5-2-1899"), 2027), periods(Cell("1-2-2028 t/m 5-2-2028"), 2027)

    assert (far.value, far.action) == ((), "asked")
    assert near.value == (Period(date(2028, 2, 1), date(2028, 2, 5)),)


def test_a_preview_shows_the_year_of_a_new_day(world: World, manager: FlaskClient, site: str) -> None:
    data = {"date": "2028-03-02", "start": "13:00", "minutes": "180", "mode": "online"}
    manager.post(f"{site}/meetings/{world.numbers['meetings']}/change", data=data)

    page = manager.get(f"{site}/years/2027/publication").text

    assert "Thu 4 March 2027" in page
    assert "moves to Thu 2 March 2028" in page
