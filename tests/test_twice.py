"""A form sent twice, by an impatient finger or by two at once, is one row."""

from collections.abc import Callable
from datetime import date, time
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.availability.actions import add_absence, add_closed_period
from app.availability.models import Absence, ClosedPeriod
from app.errors import Refused
from app.extensions import Base, db
from app.meetings.models import Cycle
from app.networks.actions import add_room
from app.networks.models import Organisation, Programme, Room
from app.planning import actions as planning
from app.planning import drafts
from tests import make
from tests.everything import NOW, World
from tests.planning import years
from tests.test_routes import MATRIX, browser, laid_up, let_in, method_of, url_of, world
from tests.test_shared_people import posts

FORMS: dict[str, dict[str, str]] = {
    "networks.add_room": {"name": "Hall", "seats": "40"},
    "networks.save_absence": {"first": "2027-05-03", "last": "2027-05-07", "weekday": "", "only": ""},
    "admin.add_period": {"name": "Study days", "first": "2027-06-07", "last": "2027-06-08"},
    "planning.add_extra": {"date": "2027-05-20", "start": "10:00", "minutes": "90", "mode": "online"},
}
EACH_TIME = {"audit", "limit_count", "browser_session"}  # lines of the log, counted tries


def lines_of_drafts() -> int:
    return sum(len(drafts.rows_of(cycle)) for cycle in db.session.scalars(select(Cycle)))


def rows() -> dict[str, int]:
    db.session.expire_all()
    tables = [table for table in Base.metadata.sorted_tables if table.name not in EACH_TIME]
    counted = {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    return counted | {"lines of drafts": lines_of_drafts()}


POSTS = sorted(set(MATRIX) - {"people.end_session"})  # of which the matrix has nothing to press


@pytest.mark.parametrize("endpoint", POSTS)
def test_the_same_form_twice_adds_nothing_the_second_time(app: Flask, world: World, endpoint: str) -> None:
    if method_of(app, endpoint) == "GET":
        return  # it is read
    form = FORMS.get(endpoint) or posts(world).get(endpoint, [{}])[0]
    with time_machine.travel(NOW, tick=False):
        client = browser(app, world.people[min(let_in(endpoint) - {"feed holder"})])
        path = url_of(app, world, endpoint)
        client.post(path, data=form)
        once = rows()
        client.post(path, data=form)

    assert rows() == once


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("networks.add_room", "This stood here already; nothing was added."),
        ("networks.save_absence", "This stood here already; nothing was added."),
        ("admin.add_period", "This stood here already; nothing was added."),
        ("planning.add_extra", "At this time a meeting stands in the plan already; nothing was added."),
    ],
)
def test_what_was_sent_twice_is_said(app: Flask, world: World, endpoint: str, said: str) -> None:
    with time_machine.travel(NOW, tick=False):
        client = browser(app, world.people["programme manager"])
        path, before = url_of(app, world, endpoint), sum(rows().values())
        pages = [client.post(path, data=FORMS[endpoint], follow_redirects=True).text for _time in range(2)]

    assert [said in page for page in pages] == [False, True]
    assert sum(rows().values()) == before + 1


def _room(owner: Organisation) -> object:
    return add_room(owner, {"name": "Hall", "seats": 40, "address": "", "directions": ""}, NOW)


def _absence(owner: Organisation) -> object:
    days = {"first": date(2027, 5, 3), "last": date(2027, 5, 7), "weekday": None, "only": None, "reason": ""}
    return add_absence(owner, days, NOW) is not None


def _period(owner: Programme) -> object:
    return add_closed_period(
        owner, {"name": "Carnival", "first": date(2027, 2, 8), "last": date(2027, 2, 12), "source": ""}, NOW
    )


def _extra(owner: Cycle) -> object:
    return planning.add_extra(owner, date(2027, 5, 20), time(10), 90, "online", NOW)


def both_at_once(app: Flask, model: type[Base], number: int, add: Callable[[Any], object]) -> list[str]:
    """Two people press at the same moment: each has read before either writes."""
    ready, said = Barrier(2), []

    def press() -> None:
        with app.app_context():
            try:
                owner = db.session.get_one(model, number)
                if db.engine.dialect.name == "postgresql":  # on SQLite the second begins when the first is done
                    ready.wait(30)
                said.append(str(add(owner)))
                db.session.commit()
            except Refused as error:
                said.append(str(error.status))
            finally:
                db.session.remove()

    threads = [Thread(target=press) for _person in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


@pytest.mark.parametrize(
    ("model", "made", "add"),
    [(Organisation, Room, _room), (Organisation, Absence, _absence), (Programme, ClosedPeriod, _period)],
)
def test_two_who_send_the_same_at_once_make_one_row(
    app: Flask, model: type[Base], made: type[Base], add: Callable[[Any], object]
) -> None:
    programme = make.programme()
    owner = programme if model is Programme else make.organisation(programme=programme)
    number = owner.id
    db.session.commit()

    said = both_at_once(app, model, number, add)

    assert said == ["False", "True"]
    assert db.session.query(made).count() == 1


def test_two_who_add_the_same_meeting_at_once_add_one(app: Flask) -> None:
    cycle = years.published(years.network())
    before, number = len(planning.change_of_published(cycle, years.NOW).rows), cycle.id
    db.session.commit()

    said = both_at_once(app, Cycle, number, _extra)

    db.session.expire_all()
    assert said[0] in ("409", "422")
    assert lines_of_drafts() == before + 1


__all__ = ["laid_up", "world"]
