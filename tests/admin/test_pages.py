"""First run, programme settings, roles, merging, health."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from app.admin import sample
from app.admin.merging import merge_organisations, merge_people
from app.errors import Refused
from app.extensions import db
from app.mail.models import Heartbeat, Message
from app.networks.models import Membership, Organisation, Programme, Role
from app.people.models import NOBODY_YET, AddressChange, Person
from app.reminders.actions import reconcile_all
from app.reminders.queries import behind
from app.rounds.models import DateRemark
from tests import make
from tests.conftest import settings_in
from tests.forms import forms_of

NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)


def test_the_first_run_founds_the_programme_and_leads_to_the_upload(app: Flask) -> None:
    admin = make.person(site_admin=True, first_name="", last_name="", email=NOBODY_YET)
    client = make.browser(app, admin)
    data = {"programme": "Samen wijzer", "language": "nl", "region": "NL-Midden", "first_name": "Annelies"}

    away = client.get("/")
    answer = client.post("/start", data={**data, "sender_email": "post@example.org", "email": "Annelies@Example.org"})

    programme = db.session.scalars(select(Programme)).one()
    db.session.refresh(admin)
    assert (away.location, answer.location) == ("/start", f"/programmes/{programme.slug}/import")
    assert (programme.name, programme.region, programme.sender_email) == (
        "Samen wijzer",
        "NL-Midden",
        "post@example.org",
    )
    assert (admin.first_name, admin.language, admin.email) == ("Annelies", "nl", "annelies@example.org")
    assert [r.role for r in db.session.scalars(select(Role))] == ["programme_manager"]


@pytest.mark.parametrize(("ticked", "mails"), [({"try_out": "y"}, ["test"]), ({}, [])])
def test_the_first_run_sends_a_test_mail_when_asked(app: Flask, ticked: dict[str, str], mails: list[str]) -> None:
    admin = make.person(site_admin=True, first_name="", last_name="", email=NOBODY_YET)
    data = {"programme": "Samen wijzer", "language": "nl", "region": "NL-Midden", "first_name": "Annelies"}

    make.browser(app, admin).post("/start", data={**data, "email": "annelies@example.org", **ticked})

    assert [message.kind for message in db.session.scalars(select(Message))] == mails


def test_a_site_admin_with_an_address_confirms_another_one(app: Flask) -> None:
    admin = make.person(site_admin=True, email="known@example.org")
    client = make.browser(app, admin)
    data = {"programme": "Samen wijzer", "language": "nl", "region": "NL-Midden", "first_name": "Annelies"}

    client.post("/start", data={**data, "email": "other@example.org"})

    db.session.expire_all()
    assert admin.email == "known@example.org"
    assert [each.email for each in db.session.scalars(select(AddressChange))] == ["other@example.org"]


def test_the_sample_programme_can_be_loaded_twice_and_is_there_once(app: Flask) -> None:
    first = sample.load(NOW)
    again = sample.load(NOW)
    db.session.commit()

    assert first.id == again.id
    assert [network.state for network in first.networks].count("forming") == 1
    assert db.session.query(Programme).count() == 2


def test_a_role_is_given_to_a_new_address_and_withdrawn(app: Flask) -> None:
    programme = make.programme()
    network = make.network(programme=programme)
    client = make.browser(app, make.programme_manager(programme=programme))
    data = {"first_name": "Tom", "email": "tom@example.org", "network": network.slug}

    client.post(f"/programmes/{programme.slug}/roles", data=data)
    role = db.session.scalars(select(Role).where(Role.network_id == network.id)).one()
    client.post(f"/programmes/{programme.slug}/roles/{role.id}/removal")

    assert db.session.scalars(select(Role).where(Role.network_id == network.id)).all() == []


def test_another_region_plans_the_reminders_of_its_networks_anew(app: Flask) -> None:
    network = make.network(region="NL-Midden")
    reconcile_all(NOW)
    db.session.commit()
    client = make.browser(app, make.programme_manager(programme=network.programme))
    path = f"/programmes/{network.programme.slug}"
    kept = next(form for form in forms_of(client.get(path).text) if "sender_name" in form.same)

    answer = client.post(path, data=kept.same | {"region": "DE-TH"})

    assert answer.status_code == 302
    assert behind() == [network.id]


def test_the_last_manager_of_a_programme_stays(app: Flask) -> None:
    programme = make.programme()
    client = make.browser(app, make.programme_manager(programme=programme))
    role = db.session.scalars(select(Role)).one()

    answer = client.post(f"/programmes/{programme.slug}/roles/{role.id}/removal")

    assert (answer.status_code, len(db.session.scalars(select(Role)).all())) == (422, 1)


@pytest.mark.parametrize("make_one", [make.organisation, make.network])
def test_names_of_a_programme_stand_as_a_language_sorts_them(app: Flask, make_one: Callable[..., object]) -> None:
    programme = make.programme()
    names = ["Zonnehoek", "Çelik", "van der Veen", "’t Anker", "De Linde", "Dam", "aan Zee", "Élan", "Ede"]
    for name in names:
        make_one(programme=programme, name=name)
    manager = make.programme_manager(programme=programme)

    page = make.browser(app, manager).get(f"/programmes/{programme.slug}").text

    shown = [name for name in re.findall(r"<option[^>]*>([^<]*)</option>", page) if name in names]
    sorted_names = ["aan Zee", "’t Anker", "Çelik", "Dam", "De Linde", "Ede", "Élan", "van der Veen", "Zonnehoek"]
    assert shown[: len(names)] == sorted_names


def test_merging_organisations_keeps_people_rooms_and_turns(app: Flask) -> None:
    network = make.network()
    keep, drop = make.membership(network=network, people=1), make.membership(network=network, people=1)
    meeting = make.meeting(network=network, starts_at=datetime(2026, 3, 4, 12, tzinfo=UTC))
    duty = make.duty(meeting=meeting, organisation=drop.organisation)
    people = {keep.primary.id, drop.primary.id}

    merge_organisations(keep.organisation, drop.organisation, NOW)
    db.session.commit()

    (member,) = db.session.scalars(select(Membership))
    (organisation,) = db.session.scalars(select(Organisation))
    assert ({p.id for p in member.people}, len(organisation.rooms)) == (people, 2)
    assert (duty.organisation_id, duty.owed_by_id) == (organisation.id, organisation.id)


def test_organisations_with_a_turn_at_the_same_meeting_are_not_merged(app: Flask) -> None:
    network = make.network()
    one, two = make.membership(network=network), make.membership(network=network)
    meeting = make.meeting(network=network, starts_at=datetime(2026, 3, 4, 12, tzinfo=UTC))
    for member in (one, two):
        make.duty(meeting=meeting, organisation=member.organisation, kind="preparation")

    with pytest.raises(Refused):
        merge_organisations(one.organisation, two.organisation, NOW)


def test_merging_people_keeps_their_places_and_answers(app: Flask) -> None:
    network = make.network()
    elsewhere = make.network(programme=network.programme)
    member, other = make.membership(network=network), make.membership(network=elsewhere)
    keep, drop = make.person(email=None), make.person(email="real@example.org")
    for person in (keep, drop):
        make.contact(membership=member, person=person, position=5)
        meeting = make.meeting(network=network, starts_at=datetime(2027, 3, 4, 12, tzinfo=UTC))
    make.contact(membership=other, person=drop, position=5)
    make.attendance(meeting=meeting, person=drop)
    make.attendance(meeting=meeting, person=keep)
    asked = make.date_round(network=network, days=[NOW.date()])
    asked.remarks.append(DateRemark(person_id=drop.id, words="Not in May"))

    merge_people(keep, drop, network.programme, make.programme_manager(programme=network.programme), NOW)
    db.session.commit()

    assert keep.email == "real@example.org"
    assert db.session.scalars(select(Person).where(Person.id == drop.id)).all() == []
    assert [keep in m.people for m in (member, other)] == [True, True]
    assert db.session.scalars(select(DateRemark.person_id)).all() == [keep.id]


def beat(age: timedelta) -> None:
    db.session.add(Heartbeat(name="clock", at=NOW - age))
    db.session.commit()


@pytest.mark.parametrize(("age", "status"), [(timedelta(seconds=10), 200), (timedelta(minutes=10), 503)])
def test_health_follows_the_clock(client: FlaskClient, age: timedelta, status: int) -> None:
    beat(age)
    with time_machine.travel(NOW, tick=False):
        assert client.get("/healthz").status_code == status


def test_health_follows_the_oldest_overdue_mail(client: FlaskClient) -> None:
    beat(timedelta(0))
    make.message(person=make.person(), due_at=NOW - timedelta(hours=2))
    db.session.commit()
    with time_machine.travel(NOW, tick=False):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.json["overdue_seconds"]) == (503, 7200)


def test_ready_when_the_database_answers(client: FlaskClient) -> None:
    assert client.get("/readyz").status_code == 200


def test_the_styleguide_exists_only_for_whoever_builds_this(client: FlaskClient, tmp_path: Path) -> None:
    elsewhere = create_app(settings_in(tmp_path, debug=False))

    assert client.get("/styleguide").text.count("<svg") == 2
    assert "styleguide.show" not in elsewhere.view_functions
