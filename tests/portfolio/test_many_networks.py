"""Pages over all networks of a programme ask the database as often for one, for twenty and for two hundred.

Members and turns are read five hundred at a time: two hundred networks of two are one portion.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.networks.models import Programme
from tests import make
from tests.statements import statements

NOW = datetime(2027, 11, 2, 9, tzinfo=UTC)
PAGES = {
    "the start page": lambda slug: "/",
    "the year at a glance": lambda slug: "/year?year=2027",
    "closing the year": lambda slug: f"/programmes/{slug}/years/2027/closing",
    "planning the next year": lambda slug: f"/programmes/{slug}/years/2028",
    "the report": lambda slug: f"/programmes/{slug}/years/2027/report",
}


@pytest.fixture(autouse=True)
def in_autumn() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def grown(programme: Programme, count: int) -> None:
    """So many more networks, each with two members and a meeting, which was or is to come."""
    for n in range(count):
        network = make.network(programme=programme, region="NL-Midden")
        members = [make.membership(network=network) for _each in range(2)]
        meeting = make.meeting(network=network, starts_at=NOW + timedelta(-100 if n % 2 else 20))
        make.duty(meeting=meeting, organisation=members[0].organisation)
        make.duty(meeting=meeting, organisation=members[1].organisation, kind="preparation")
    db.session.commit()


def asked(desk: FlaskClient, path: str) -> int:
    db.session.expire_all()
    with statements() as seen:
        answer = desk.get(path)
    assert answer.status_code == 200
    return len(seen)


def test_pages_of_one_of_twenty_and_of_two_hundred_networks_ask_as_often(app: Flask) -> None:
    programme = make.programme(region="NL-Midden")
    desk = make.browser(app, make.programme_manager(programme=programme))
    paths = {page: path(programme.slug) for page, path in PAGES.items()}
    grown(programme, 1)
    asked(desk, "/")  # the first visit notes the session
    counts = []
    for more in (0, 19, 180):
        grown(programme, more)
        counts.append({page: asked(desk, path) for page, path in paths.items()})
    assert counts == [counts[0]] * 3
