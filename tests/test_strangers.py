"""A form anybody may send: robots stumble over it, people whom their browser helps lose nothing."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.edge.strangers import FromStranger, allow
from app.errors import TooOften
from app.extensions import db
from tests import make

NOW = make.NOW


def sent(app: Flask, waited: timedelta, **data: str) -> FromStranger:
    """The form as it is sent a while after it was shown, and checked."""
    with time_machine.travel(NOW, tick=False) as traveller:
        with app.test_request_context():
            given = {"shown": FromStranger().shown.data, "homepage": "", **data}
        traveller.shift(waited)
        with app.test_request_context(method="POST", data=given):
            form = FromStranger()
            form.validate()
            return form


@pytest.mark.parametrize("waited", [timedelta(seconds=3), timedelta(hours=23)])
def test_who_takes_a_moment_is_taken_for_a_person(app: Flask, waited: timedelta) -> None:
    assert sent(app, waited).errors == {}


def test_who_fills_in_what_nobody_sees_is_asked_to_send_once_more(app: Flask) -> None:
    form = sent(app, timedelta(minutes=1), homepage="https://cheap.example")

    assert list(form.errors) == ["homepage"]
    assert form.homepage.data == ""


def test_who_is_faster_than_a_hand_keeps_the_moment_it_was_shown(app: Flask) -> None:
    form = sent(app, timedelta(seconds=2))

    assert form.errors == {"shown": ["That went very fast. Please look at it once more and send it again."]}
    assert sent(app, timedelta(seconds=5), shown=form.shown.data).errors == {}


@pytest.mark.parametrize("shown", ["", "made-up"])
def test_a_moment_that_is_not_signed_is_none(app: Flask, shown: str) -> None:
    form = sent(app, timedelta(minutes=1), shown=shown)

    assert list(form.errors) == ["shown"]
    assert form.shown.data != shown


def test_a_page_of_the_day_before_yesterday_is_shown_anew(app: Flask) -> None:
    form = sent(app, timedelta(days=2))

    assert "open for very long" in form.errors["shown"][0]
    assert sent(app, timedelta(days=2, seconds=5), shown=form.shown.data).errors == {}


def tries(app: Flask, *asked: tuple[str, str]) -> int:
    """How many of these (mail address, network address) in a row are allowed."""
    for done, (email, where) in enumerate(asked):
        with app.test_request_context(method="POST", environ_base={"REMOTE_ADDR": where}):
            try:
                allow("seat", email, NOW)
                db.session.commit()
            except TooOften:
                db.session.rollback()
                return done
    return len(asked)


def test_an_address_is_tried_five_times_an_hour_from_wherever(app: Flask) -> None:
    assert tries(app, *[("eve@example.org", f"192.0.2.{n}") for n in range(9)]) == 5


@pytest.mark.parametrize("where", ["192.0.2.7", "2001:db8:1:2::{n}"])
def test_one_network_address_tries_thirty_times_an_hour_for_whomever(app: Flask, where: str) -> None:
    assert tries(app, *[(f"p{n}@example.org", where.format(n=n)) for n in range(1, 41)]) == 30


def test_another_64_is_another_place(app: Flask) -> None:
    assert tries(app, *[(f"p{n}@example.org", f"2001:db8:1:{n}::1") for n in range(1, 41)]) == 40
