"""My data: see, take along, change the address, leave, erase; and what goes by itself."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.admin.merging import merge_people
from app.attendance import actions as attendance
from app.attendance.models import Attendance
from app.calendars import actions as calendars
from app.calendars.links import token_of
from app.errors import Refused
from app.extensions import Base, db
from app.letters.signing_in import KINDS
from app.mail.models import Message
from app.meetings.models import Meeting
from app.networks.models import Membership
from app.people.actions import ask_new_address, confirm_address
from app.people.links import address_token
from app.people.models import Person
from app.people.queries import change_of
from app.privacy import actions, queries
from app.privacy.models import Erasure
from app.rounds.models import DateRemark
from tests import make
from tests.everything import NOW as ROUTES_NOW
from tests.everything import build_world

NOW = datetime(2027, 6, 15, 9, tzinfo=UTC)


@pytest.fixture
def place(app: Flask) -> Membership:
    """An organisation with two people, a host turn in September and a past meeting."""
    network = make.network()
    row = make.membership(network=network, people=2)
    make.membership(network=network)
    make.duty(
        meeting=make.meeting(network=network, starts_at=datetime(2027, 9, 2, 12, tzinfo=UTC)),
        organisation=row.organisation,
    )
    past = make.meeting(network=network, starts_at=datetime(2027, 3, 4, 12, tzinfo=UTC), attended=9)
    person = row.primary
    person.first_name, person.last_name, person.email = "Quirine", "Zonderland", "quirine@zonderland.example"
    make.duty(meeting=past, organisation=row.organisation, confirmed_by_id=person.id)
    make.attendance(meeting=past, person=person)
    make.message(
        person=person,
        network_id=network.id,
        note="For Quirine Zonderland only",
        error="<quirine@zonderland.example> full",
    )
    make.message(person=row.people[1], network_id=network.id, note="Ask Quirine Zonderland")
    db.session.commit()
    return row


def whole_database() -> str:
    db.session.expire_all()
    return json.dumps([[str(row) for row in db.session.execute(select(t))] for t in Base.metadata.sorted_tables])


@time_machine.travel(NOW, tick=False)
def test_all_that_is_known_comes_as_one_file(app: Flask, place: Membership) -> None:
    browser = make.browser(app, place.primary)

    file = browser.get("/me/data.json")
    known: dict[str, Any] = json.loads(file.data)

    assert "attachment" in file.headers["Content-Disposition"]
    assert known["person"][0]["email"] == "quirine@zonderland.example"
    assert [each["organisation"] for each in known["networks"]] == [place.organisation.name]
    assert known["attendance"] == [
        {"network": place.network.name, "day": "2027-03-04", "answer": "yes", "colleague": ""}
    ]
    assert b"BEGIN:VEVENT" in browser.get("/me/data.ics").data


@time_machine.travel(NOW, tick=False)
def test_erasing_leaves_the_organisation_and_no_trace_of_the_person(app: Flask, place: Membership) -> None:
    person, browser = place.primary, make.browser(app, place.primary)
    link = calendars.feed_link(person, "mine", None, NOW)
    ask_new_address(person, "elsewhere@zonderland.example", NOW)
    db.session.commit()
    token, number = token_of(link), person.id

    unsure = browser.post("/me/data/erasure")
    sure = browser.post("/me/data/erasure", data={"sure": "y"})
    everything = whole_database().lower()

    assert (unsure.status_code, sure.status_code, browser.get("/me/data").status_code) == (422, 200, 302)
    assert [word for word in ("quirine", "zonderland") if word in everything] == []
    assert app.test_client().get(f"/feeds/{token}.ics").status_code == 404
    assert {row.state for row in db.session.scalars(select(Message).where(Message.person_id == number))} == {
        "cancelled"
    }
    past = db.session.scalars(select(Meeting).order_by(Meeting.starts_at)).first()
    assert past is not None
    assert (past.attended, past.duties[0].organisation_id) == (9, place.organisation_id)


@time_machine.travel(NOW, tick=False)
def test_the_last_manager_of_a_programme_cannot_be_erased(app: Flask, place: Membership) -> None:
    manager = make.programme_manager(programme=place.network.programme)

    with pytest.raises(Refused):
        actions.erase(manager, NOW)


@time_machine.travel(NOW, tick=False)
def test_leaving_the_last_network_sets_the_day_of_erasure(app: Flask, place: Membership) -> None:
    browser, person = make.browser(app, place.primary), place.primary
    contact = place.contacts[0].id

    browser.post(f"/me/places/{contact}/leaving")
    page = browser.get("/me/data").text

    assert [(row.person_id, row.day) for row in db.session.scalars(select(Erasure))] == [(person.id, date(2028, 6, 15))]
    assert "15 June 2028" in page
    assert [each.id for each in place.people] == [place.contacts[0].person_id]


def test_a_year_after_an_organisation_left_its_people_go(app: Flask, place: Membership) -> None:
    place.left = date(2027, 6, 30)
    db.session.commit()
    actions.keep_house(NOW)
    still_there = db.session.scalars(select(Erasure)).all()
    actions.keep_house(NOW + timedelta(days=20))
    planned = {row.person_id: row.day for row in db.session.scalars(select(Erasure))}

    gone = actions.keep_house(datetime(2028, 6, 30, 3, tzinfo=UTC))

    assert still_there == []
    assert planned == dict.fromkeys(planned, date(2028, 6, 30))
    assert (len(planned), gone) == (2, 2)
    assert "zonderland" not in whole_database().lower()


def test_a_manager_keeps_somebody_longer_and_who_returns_leaves_the_list(app: Flask, place: Membership) -> None:
    person, other = place.people
    place.left = date(2027, 6, 1)
    db.session.commit()
    actions.keep_house(NOW)
    erasure = queries.erasure_of(person)
    assert erasure is not None
    browser = make.browser(app, make.programme_manager(programme=place.network.programme))

    browser.post(f"/programmes/{place.network.programme.slug}/retention/{erasure.id}/keeping")
    make.contact(membership=make.membership(network=place.network), person=other)
    actions.keep_house(NOW)

    assert [(row.person_id, row.day) for row in db.session.scalars(select(Erasure))] == [(person.id, date(2029, 6, 1))]


def test_old_answers_and_mails_go_after_their_months(app: Flask, place: Membership) -> None:
    place.network.programme.keep_answers, place.network.programme.keep_mails = 3, 12
    attendance.answer(
        db.session.scalars(select(Meeting).order_by(Meeting.starts_at.desc())).first(), place.primary, "yes", NOW
    )
    for months in (2, 4):
        day = NOW.date() - timedelta(days=months * 31)
        asked = make.date_round(network=place.network, days=[day], year=2020 + months)
        asked.remarks.append(DateRemark(person_id=place.primary.id, words=f"{months} months ago"))
    db.session.commit()

    actions.keep_house(NOW)

    assert db.session.scalars(select(DateRemark.words)).all() == ["2 months ago"]
    assert [row.meeting.starts_at.month for row in db.session.scalars(select(Attendance))] == [9]
    assert len(db.session.scalars(select(Message)).all()) == 2


@time_machine.travel(NOW, tick=False)
def test_a_new_address_counts_when_both_have_confirmed_it(app: Flask, place: Membership) -> None:
    person = place.primary
    make.browser(app, person).post("/preferences/address", data={"email": "q@new.example"})
    mails = db.session.scalars(select(Message).where(Message.kind.in_(("A1", "A2"))).order_by(Message.kind)).all()
    letters = [KINDS[mail.kind].render([mail], NOW) for mail in mails]
    change = change_of(person)
    assert change is not None
    old, new = address_token(change, "old"), address_token(change, "new")

    looked = app.test_client().get(f"/address/{new}")
    app.test_client().post(f"/address/{new}")
    half = person.email
    app.test_client().post(f"/address/{old}")

    assert [letter.to[1] for letter in letters] == ["quirine@zonderland.example", "q@new.example"]
    assert (looked.status_code, half, person.email) == (200, "quirine@zonderland.example", "q@new.example")
    assert app.test_client().post(f"/address/{old}").status_code == 404


def test_an_address_of_somebody_else_is_refused_and_an_unreachable_old_one_not_asked(
    app: Flask, place: Membership
) -> None:
    person, other = place.people
    person.address_failed_at = NOW
    ask_new_address(person, other.email or "", NOW)
    change = change_of(person)
    assert change is not None

    assert change.old_confirmed_at == NOW
    with pytest.raises(Refused):
        confirm_address(change, "new", NOW)


@time_machine.travel(NOW, tick=False)
def test_renewing_ends_the_links_in_mails(client: FlaskClient, app: Flask, place: Membership) -> None:
    counter = place.primary.link_counter

    make.browser(app, place.primary).post("/preferences/link")

    assert place.primary.link_counter == counter + 1


@time_machine.travel(NOW, tick=False)
def test_the_register_is_written_from_the_settings(app: Flask, place: Membership) -> None:
    programme = place.network.programme
    programme.keep_people, place.network.keeps_names = 7, True
    db.session.commit()

    page = (
        make.browser(app, make.programme_manager(programme=programme))
        .get(f"/programmes/{programme.slug}/register")
        .text
    )

    assert "7 months after somebody takes part no more" in page
    assert f"Names of who was there are kept in: {place.network.name}." in page


def test_no_table_names_an_erased_person_but_the_log_and_the_outbox(app: Flask) -> None:
    with time_machine.travel(ROUTES_NOW, tick=False):
        person = build_world().people["contact"]
    assert person is not None
    calendars.feed_link(person, "mine", None, NOW)
    number = person.id

    actions.erase(person, NOW)
    db.session.commit()

    naming = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table is Person.__table__ for key in column.foreign_keys)
        if db.session.execute(select(table).where(column == number)).first()
    }
    assert naming <= {"audit", "message"}


def test_merging_two_who_both_wait_for_erasure_keeps_one(app: Flask, place: Membership) -> None:
    keep, drop = (make.person() for _n in range(2))
    for person in (keep, drop):
        make.erasure(person=person, programme=place.network.programme)

    merge_people(keep, drop, place.network.programme, make.programme_manager(programme=place.network.programme), NOW)

    assert [row.person_id for row in db.session.scalars(select(Erasure))] == [keep.id]
