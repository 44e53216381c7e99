"""Sessions end: unused, after a while in any case, one by one, and with the address they were given to."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.people.actions import ask_new_address, confirm_address, end_old_sessions
from app.people.links import personal_token
from app.people.models import BrowserSession, Person
from app.people.queries import change_of
from tests import make
from tests.make import NOW


def manager() -> Person:
    return make.manager(network=make.network())


def participant() -> Person:
    return make.membership(network=make.network()).people[0]


def signed_in(app: Flask, person: Person, started: timedelta, seen: timedelta) -> bool:
    with time_machine.travel(NOW, tick=False):
        client = make.browser(app, person)
        session = db.session.scalars(select(BrowserSession)).one()
        session.started_at, session.seen_at = NOW - started, NOW - seen
        db.session.commit()
        return client.get("/preferences").status_code == 200


@pytest.mark.parametrize(
    ("who", "started", "seen", "lives"),
    [
        (participant, timedelta(days=89), timedelta(days=13), True),
        (participant, timedelta(days=20), timedelta(days=15), False),
        (participant, timedelta(days=91), timedelta(0), False),
        (manager, timedelta(days=29), timedelta(hours=11), True),
        (manager, timedelta(days=1), timedelta(hours=13), False),
        (manager, timedelta(days=31), timedelta(0), False),
    ],
)
def test_a_session_ends_unused_and_in_any_case(
    app: Flask, who: type[Person], started: timedelta, seen: timedelta, lives: bool
) -> None:
    assert signed_in(app, who(), started, seen) is lives


def test_sessions_nobody_can_use_go(app: Flask) -> None:
    person = participant()
    for started, seen in ((91, 0), (20, 15), (20, 1)):
        row = make.session(person=person)
        row.started_at, row.seen_at = NOW - timedelta(days=started), NOW - timedelta(days=seen)
    db.session.flush()

    end_old_sessions(NOW)

    assert [row.seen_at for row in db.session.scalars(select(BrowserSession))] == [NOW - timedelta(days=1)]


def two_browsers(app: Flask, person: Person) -> tuple[FlaskClient, FlaskClient, int]:
    """Two browsers of one person, and the number of the second's session."""
    first, second = make.browser(app, person), make.browser(app, person)
    numbers = db.session.scalars(select(BrowserSession.id).order_by(BrowserSession.id)).all()
    return first, second, numbers[-1]


def test_one_session_is_ended_and_the_others_stay(app: Flask) -> None:
    first, second, number = two_browsers(app, participant())

    first.post(f"/preferences/sessions/{number}/end")

    assert first.get("/preferences").status_code == 200
    assert second.get("/preferences").location == "/sign-in"


def test_nobody_ends_a_session_of_somebody_else(app: Flask) -> None:
    first, _second, number = two_browsers(app, participant())
    stranger = make.browser(app, participant())

    assert stranger.post(f"/preferences/sessions/{number}/end").status_code == 404
    assert first.get("/preferences").status_code == 200


def test_after_a_change_of_address_old_links_and_sessions_end(app: Flask) -> None:
    person = participant()
    browser, token = make.browser(app, person), personal_token(person)
    ask_new_address(person, "new@there.example", NOW)
    change = change_of(person)
    assert change is not None

    for side in ("old", "new"):
        confirm_address(change, side, NOW)
    db.session.commit()

    assert person.email == "new@there.example"
    assert browser.get("/preferences").location == "/sign-in"
    assert app.test_client().get(f"/me/{token}").status_code == 410
