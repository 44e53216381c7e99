"""Two who edit the same: the second is shown both texts, and what the first stored stays."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.meetings.models import Cycle, Meeting
from app.networks.models import Membership
from app.planning import drafts
from app.results.models import Result
from tests.everything import NOW, World
from tests.test_routes import browser, laid_up, url_of, world

SETTINGS = {"name": "X", "region": "NL-Zuid", "mode": "online", "state": "active", "size_wanted": "7"}
SETTINGS |= {"timezone": "Europe/Berlin"}
PROGRAMME = {"name": "X", "language": "nl", "region": "NL-Zuid"}
MONTHS = {"keep_people": "12", "keep_answers": "12", "keep_mails": "12"}
MEETING = {"date": "2027-03-04", "start": "13:00", "minutes": "180", "mode": "online"}
# endpoint that stores: (endpoint of its page, a whole form, what two people change)
FORMS: dict[str, tuple[str, dict[str, str], str, tuple[str, str]]] = {
    "networks.save_settings": ("networks.settings", SETTINGS, "goal", ("Learn fast", "Learn slowly")),
    "networks.save_member": ("networks.member", {"hosts": "no"}, "joined", ("2026-03-01", "2026-05-01")),
    "networks.save_organisation": ("networks.member", {"name": "Org"}, "town", ("Delft", "Gouda")),
    "networks.save_contact": ("networks.edit_contact", {}, "first_name", ("Anna", "Berta")),
    "networks.save_room": ("networks.edit_room", {"seats": "30"}, "name", ("Attic", "Cellar")),
    "admin.save_programme": ("admin.programme", PROGRAMME, "sender_name", ("Left", "Right")),
    "privacy.save_retention": ("privacy.retention", MONTHS, "keep_people", ("113", "119")),
    "reminders.save_text": ("reminders.text", {}, "opening", ("Bread is served", "Cake is served")),
    "preparing.save_programme": ("preparing.programme", {"topic": "T"}, "running_order", ("- coffee", "- tea")),
    "preparing.save_programme_by_link": (
        "preparing.programme_by_link",
        {"topic": "T"},
        "running_order",
        ("- coffee", "- tea"),
    ),
    "preparing.save_room": ("preparing.room", {"name": "Attic"}, "directions", ("Bus 5", "Bus 7")),
    "preparing.save_room_by_link": ("preparing.room_by_link", {"name": "Attic"}, "directions", ("Bus 5", "Bus 7")),
    "publishing.change_meeting": ("meetings.meeting", MEETING, "place", ("Barn", "Boat")),
}


@pytest.fixture
def two(app: Flask, world: World) -> tuple[FlaskClient, FlaskClient]:
    person = world.people["programme manager"]
    world.values["contact"] = (
        db.session.get_one(Membership, world.numbers["networks"]).contacts[0].id
    )  # sits nowhere else
    return browser(app, person), browser(app, person)


def version_on(page: str, path: str) -> str:
    """What the form that posts to `path` carries unseen."""
    forms = [each.split("</form>")[0] for each in page.split("<form")[1:]]
    to_the_page_itself = [each for each in forms if "action=" not in each.split(">")[0]]
    form = next((each for each in forms if f'action="{path}"' in each), *to_the_page_itself[:1])
    found = re.search(r'name="version"[^>]*value="([^"]+)"', form, re.DOTALL)
    assert found, form
    return found[1]


@pytest.mark.parametrize("endpoint", sorted(FORMS))
def test_who_saves_over_a_newer_text_is_shown_both(
    app: Flask, world: World, two: tuple[FlaskClient, FlaskClient], endpoint: str
) -> None:
    page, form, field, (first, second) = FORMS[endpoint]
    path = url_of(app, world, endpoint)
    with time_machine.travel(NOW, tick=False):
        seen = [version_on(each.get(url_of(app, world, page)).text, path) for each in two]
        saved = two[0].post(path, data={**form, field: first, "version": seen[0]})
        if endpoint == "publishing.change_meeting":
            two[0].post(url_of(app, world, "publishing.publish"), data=_publication(app, world, two[0]))
        stale = two[1].post(path, data={**form, field: second, "version": seen[1]})
        now_there = two[1].get(url_of(app, world, page)).text

    assert (saved.status_code, stale.status_code) == (302, 409)
    assert f": {first}" in stale.text
    assert f": {second}" in stale.text
    assert first in now_there
    assert second not in now_there


def _publication(app: Flask, world: World, client: FlaskClient) -> dict[str, str]:
    text = client.get(url_of(app, world, "publishing.publication")).text
    return dict(re.findall(r'name="(version|digest)"\s+value="([^"]*)"', text)) | {"override": "a test"}


@pytest.mark.parametrize("endpoint", sorted(FORMS))
def test_who_saves_what_was_shown_last_is_not_stopped(
    app: Flask, world: World, two: tuple[FlaskClient, FlaskClient], endpoint: str
) -> None:
    page, form, field, values = FORMS[endpoint]
    path = url_of(app, world, endpoint)
    with time_machine.travel(NOW, tick=False):
        answers = []
        for client, value in zip(two, values, strict=True):
            version = version_on(client.get(url_of(app, world, page)).text, path)
            answers.append(client.post(path, data={**form, field: value, "version": version}).status_code)

    assert answers == [302, 302]


def test_the_same_sent_twice_is_no_quarrel(app: Flask, world: World, two: tuple[FlaskClient, FlaskClient]) -> None:
    path = url_of(app, world, "networks.save_room")
    with time_machine.travel(NOW, tick=False):
        version = version_on(two[0].get(url_of(app, world, "networks.edit_room")).text, path)
        data = {"name": "Attic", "seats": "30", "version": version}
        answers = [each.post(path, data=data).status_code for each in two]

    assert answers == [302, 302]


def test_notes_that_two_write_are_both_shown(app: Flask, world: World, two: tuple[FlaskClient, FlaskClient]) -> None:
    meeting = db.session.get_one(Meeting, world.numbers["meetings"])
    path = f"/networks/{meeting.network.slug}/meetings/{meeting.id}/notes"
    with time_machine.travel(meeting.ends_at + timedelta(hours=1), tick=False):
        people = [browser(app, world.people["programme manager"]) for _each in range(2)]
        seen = [version_on(each.get(path).text, path) for each in people]
        texts = ["We read together", "We wrote together"]
        answers = [
            each.post(path, data={"outcomes": text, "version": version})
            for each, text, version in zip(people, texts, seen, strict=True)
        ]

    db.session.expire_all()
    assert [answer.status_code for answer in answers] == [302, 409]
    assert [text in answers[1].text for text in texts] == [True, True]
    assert db.session.query(Result).one().outcomes == texts[0]


def test_a_ladder_that_two_change_is_stored_once(
    app: Flask, world: World, two: tuple[FlaskClient, FlaskClient]
) -> None:
    path = url_of(app, world, "reminders.save_ladder")
    with time_machine.travel(NOW, tick=False):
        page = two[0].get(path).text
        version = version_on(page, path)
        fields = dict(re.findall(r'name="(\w+_(?:in_person|online))"[^>]*value="(\d+)"', page, re.DOTALL))
        first, last = sorted(fields)[0], sorted(fields)[-1]
        answers = [
            each.post(path, data={**fields, name: "9", "version": version}).status_code
            for each, name in zip(two, (first, last), strict=True)
        ]

    assert answers == [302, 409]


BUTTONS: list[tuple[str, dict[str, str]]] = [
    ("planning.drop_draft", {}),
    ("planning.remove_row", {}),
    ("planning.relax", {"wish": "min_gap"}),
    ("planning.edit_table", {}),
]


@pytest.mark.parametrize(("endpoint", "data"), BUTTONS)
def test_a_button_of_a_plan_that_somebody_else_changed_shows_both(
    app: Flask, world: World, two: tuple[FlaskClient, FlaskClient], endpoint: str, data: dict[str, str]
) -> None:
    cycle = db.session.get_one(Cycle, db.session.get_one(Meeting, world.numbers["meetings"]).cycle_id)
    with time_machine.travel(NOW, tick=False):
        version = version_on(
            two[1].get(url_of(app, world, "planning.show")).text, url_of(app, world, "planning.edit_table")
        )
        extra = {"date": "2027-06-10", "start": "10:00", "minutes": "90", "mode": "online"}
        two[0].post(url_of(app, world, "planning.add_extra"), data=extra)
        stored = len(drafts.rows_of(cycle))
        answer = two[1].post(url_of(app, world, endpoint), data={**data, "version": version})

    db.session.expire_all()
    assert (answer.status_code, "As it is now" in answer.text) == (409, True)
    assert len(drafts.rows_of(cycle)) == stored


__all__ = ["laid_up", "world"]


def test_how_many_backups_are_kept_is_not_changed_over_a_newer_number(app: Flask, world: World) -> None:
    admins = [browser(app, world.people["site admin"]) for _each in range(2)]
    with time_machine.travel(NOW, tick=False):
        seen = [version_on(each.get("/backups").text, "/backups") for each in admins]
        saved = admins[0].post("/backups", data={"days": "9", "weeks": "4", "version": seen[0]})
        stale = admins[1].post("/backups", data={"days": "11", "weeks": "4", "version": seen[1]})
        again = version_on(admins[1].get("/backups").text, "/backups")
        fresh = admins[1].post("/backups", data={"days": "11", "weeks": "4", "version": again})

    assert (saved.status_code, stale.status_code, fresh.status_code) == (302, 409, 302)
    assert ": 9\n" in stale.text
    assert ": 11\n" in stale.text
