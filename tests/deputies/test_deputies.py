"""A manager with a colleague's networks for some days: rights, mails, and who acted."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.audit import Audit
from app.deputies.actions import stand_in
from app.deputies.personal import forget, personal_data
from app.errors import Refused
from app.extensions import db
from app.mail.models import Message
from app.networks.models import Deputy, Network
from app.networks.queries import managed_networks, managers_of
from app.people.models import Person
from app.portfolio.letters import KINDS as DIGEST
from app.reminders.manager_letters import KINDS as ALARMS
from app.reminders.manager_mails import plan_alarms
from tests import make

FIRST, LAST = date(2027, 7, 19), date(2027, 8, 6)
BEFORE, DURING = (datetime(2027, 7, day, 9, tzinfo=UTC) for day in (16, 26))


@pytest.fixture
def travel(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEFORE) as traveller:
        yield traveller


def two_managers() -> tuple[Network, Network, Person, Person]:
    """Mia manages Noord, Tom Zuid, in one programme."""
    programme = make.programme()
    noord = make.network(programme=programme, name="Noord")
    zuid = make.network(programme=programme, name="Zuid")
    mia = make.manager(network=noord, first_name="Mia", last_name="Mol")
    tom = make.manager(network=zuid, first_name="Tom", last_name="Tak")
    return noord, zuid, mia, tom


def away(app: Flask, mia: Person, tom: Person, **changes: str) -> FlaskClient:
    """Mia names Tom on the page."""
    number = db.session.query(Network).first().programme_id
    data = {"manager": f"{number}-{mia.id}", "deputy": f"{number}-{tom.id}", "first": f"{FIRST}", "last": f"{LAST}"}
    client = make.browser(app, mia)
    answer = client.post("/deputies", data={**data, **changes})
    assert answer.status_code == 302, answer.text
    return client


def test_a_deputy_has_the_networks_on_these_days_only(app: Flask, travel: time_machine.Traveller) -> None:
    noord, _, mia, tom = two_managers()
    away(app, mia, tom)
    found = []
    for day in (FIRST - timedelta(1), FIRST, LAST, LAST + timedelta(1)):
        travel.move_to(datetime(day.year, day.month, day.day, 10, tzinfo=UTC))
        page = make.browser(app, tom).get(f"/networks/{noord.slug}/settings").status_code
        found.append(([network.name for network in managed_networks(tom)], page))
    assert found == [(["Zuid"], 404), (["Noord", "Zuid"], 200), (["Noord", "Zuid"], 200), (["Zuid"], 404)]


def test_the_log_says_who_acted(app: Flask, travel: time_machine.Traveller) -> None:
    noord, _, mia, tom = two_managers()
    away(app, mia, tom)
    travel.move_to(DURING)
    data = {"name": "Noord", "region": "NL-Midden", "mode": "online", "state": "active", "size_wanted": 7}
    make.browser(app, tom).post(f"/networks/{noord.slug}/settings", data={**data, "timezone": "Europe/Amsterdam"})
    said = [(row.verb, row.person_id) for row in db.session.query(Audit).order_by(Audit.id)]
    assert said == [("deputy-set", mia.id), ("changed", tom.id)]


def test_mails_of_who_is_away_go_to_the_deputy(app: Flask, travel: time_machine.Traveller) -> None:
    noord, zuid, mia, tom = two_managers()
    away(app, mia, tom)
    starts = datetime(2027, 8, 5, 10, tzinfo=UTC)
    for network in (noord, zuid):
        make.meeting(network=network, starts_at=starts)
    rows = {each: make.message(person=each, kind="M1", key=f"M1-{each.id}") for each in (mia, tom)}
    before = [DIGEST["M1"].still_true(rows[each], clock.now()) for each in (mia, tom)]
    travel.move_to(DURING)
    during = [DIGEST["M1"].still_true(rows[each], clock.now()) for each in (mia, tom)]
    text = DIGEST["M1"].render([rows[tom]], clock.now()).text
    assert (before, during, "Noord" in text, "Zuid" in text) == ([True, True], [False, True], True, True)
    assert ([p.name for p in managers_of(noord)], [p.name for p in managers_of(zuid)]) == (["Tom Tak"], ["Tom Tak"])


def test_an_alarm_planned_before_goes_to_who_is_there_when_it_leaves(
    app: Flask, travel: time_machine.Traveller
) -> None:
    noord, _, mia, tom = two_managers()
    away(app, mia, tom, first="2027-07-20", last="2027-08-06")
    make.meeting(network=noord, starts_at=datetime(2027, 7, 30, 10, tzinfo=UTC))  # no topic: alarm on 20 July
    travel.move_to(datetime(2027, 7, 19, 10, tzinfo=UTC))
    plan_alarms(clock.now())
    travel.move_to(datetime(2027, 7, 20, 10, tzinfo=UTC))
    plan_alarms(clock.now())
    topics = db.session.query(Message).filter(Message.kind == "M2", Message.key.like("M2-topic%")).order_by(Message.id)
    assert [(m.person_id, ALARMS["M2"].still_true(m, clock.now())) for m in topics] == [(mia.id, False), (tom.id, True)]


def test_a_deputy_names_no_further_deputy(app: Flask, travel: time_machine.Traveller) -> None:
    _, _, mia, tom = two_managers()
    away(app, mia, tom)
    travel.move_to(DURING)
    number = db.session.query(Network).first().programme_id
    data = {
        "manager": f"{number}-{mia.id}",
        "deputy": f"{number}-{tom.id}",
        "first": "2027-09-01",
        "last": "2027-09-02",
    }
    answers = [make.browser(app, tom).post("/deputies", data=data).status_code]
    answers.append(make.browser(app, tom).post(f"/deputies/{db.session.query(Deputy.id).scalar()}/removal").status_code)
    assert (answers, db.session.query(Deputy).count()) == ([422, 404], 1)


def test_the_programmes_manager_names_and_withdraws_a_deputy_for_a_colleague(
    app: Flask, travel: time_machine.Traveller
) -> None:
    noord, _, mia, tom = two_managers()
    boss = make.programme_manager(programme=noord.programme)
    number = noord.programme_id
    data = {"manager": f"{number}-{mia.id}", "deputy": f"{number}-{tom.id}", "first": f"{FIRST}", "last": f"{LAST}"}
    client = make.browser(app, boss)
    client.post("/deputies", data=data)
    page = client.get("/deputies").text
    removal = client.post(f"/deputies/{db.session.query(Deputy.id).scalar()}/removal").status_code
    assert ("Tom Tak for Mia Mol" in page, removal, db.session.query(Deputy).count()) == (True, 302, 0)


def test_two_deputies_on_one_day_and_a_deputy_for_oneself_are_refused(
    app: Flask, travel: time_machine.Traveller
) -> None:
    noord, _, mia, tom = two_managers()
    stand_in(noord.programme, mia, tom, FIRST, LAST, BEFORE)
    with pytest.raises(Refused):
        stand_in(noord.programme, mia, tom, LAST, LAST + timedelta(3), BEFORE)
    with pytest.raises(Refused):
        stand_in(noord.programme, mia, mia, LAST + timedelta(1), LAST + timedelta(3), BEFORE)


def test_who_loses_the_own_role_is_no_deputy_any_more(app: Flask, travel: time_machine.Traveller) -> None:
    noord, _, mia, tom = two_managers()
    stand_in(noord.programme, mia, tom, FIRST, LAST, BEFORE)
    travel.move_to(DURING)
    db.session.query(Network).session.execute(db.text("delete from role where person_id = :p"), {"p": tom.id})
    assert managed_networks(tom) == []


def test_it_is_in_the_data_of_both_and_goes_with_one(app: Flask, travel: time_machine.Traveller) -> None:
    noord, _, mia, tom = two_managers()
    stand_in(noord.programme, mia, tom, FIRST, LAST, BEFORE)
    days = {"from": "2027-07-19", "until": "2027-08-06"}
    found = personal_data(mia), personal_data(tom)
    forget(mia, make.NOW)
    assert found == ([{**days, "stands_in": False}], [{**days, "stands_in": True}])
    assert db.session.query(Deputy).count() == 0
