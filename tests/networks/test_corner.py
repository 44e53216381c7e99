"""An organisation's own corner: rooms, absences, people and turns, changed by its own people."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.availability.models import Absence
from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.meetings.queries import meetings_of
from app.networks.models import Membership, Network
from app.publishing import actions as publishing
from tests import make
from tests.planning import years
from tests.planning.years import NOW


@pytest.fixture(autouse=True)
def at_the_same_moment() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def network(app: Flask) -> Network:
    network = years.network(programme=make.programme(language="en"))
    years.published(network)
    return network


@pytest.fixture
def own(network: Network) -> Membership:
    return min(network.memberships, key=lambda each: each.id)


@pytest.fixture
def contact(app: Flask, own: Membership) -> FlaskClient:
    return make.browser(app, own.primary)


def path(membership: Membership, rest: str = "") -> str:
    return f"/networks/{membership.network.slug}/members/{membership.id}{rest}"


def test_a_contact_keeps_rooms_absences_and_people_of_the_own_organisation(
    contact: FlaskClient, own: Membership
) -> None:
    contact.post(path(own, "/rooms"), data={"name": "Attic", "seats": "12"})
    contact.post(path(own, "/absences"), data={"first": "2027-05-03", "last": "2027-05-07", "weekday": "", "only": ""})
    contact.post(
        path(own, "/contacts"), data={"first_name": "Noor", "last_name": "Bakker", "email": "noor@example.org"}
    )
    db.session.expire_all()

    assert sorted(room.name for room in own.organisation.rooms) == ["Attic", "Garden room"]
    assert [each.organisation_id for each in db.session.scalars(select(Absence))] == [own.organisation_id]
    assert [person.email for person in own.people][-1] == "noor@example.org"


def test_membership_and_the_addresses_of_others_stay_with_the_manager(contact: FlaskClient, own: Membership) -> None:
    person = own.contacts[1]

    page = contact.get(path(own)).text
    membership = contact.post(path(own), data={"joined": "2020-01-01"})
    address = contact.post(path(own, f"/contacts/{person.id}"), data={"first_name": "X", "email": "mine@example.org"})

    assert (membership.status_code, address.status_code) == (404, 404)
    assert 'name="joined"' not in page


def test_another_organisation_of_the_same_network_is_not_theirs(contact: FlaskClient, own: Membership) -> None:
    other = max(own.network.memberships, key=lambda each: each.id)

    assert contact.get(path(other)).status_code == 404


def test_the_corner_shows_the_turns_past_and_to_come(app: Flask, network: Network) -> None:
    meeting = meetings_of([network.id])[0]
    host = next(each for each in network.memberships if each.organisation_id == meeting.host.id)

    page = make.browser(app, host.primary).get(path(host)).text

    assert "How it stands" in page
    assert f"/meetings/{meeting.id}" in page


def test_a_newcomer_is_welcomed_with_the_dates_to_come(contact: FlaskClient, own: Membership) -> None:
    contact.post(
        path(own, "/contacts"), data={"first_name": "Noor", "last_name": "Bakker", "email": "noor@example.org"}
    )
    message = db.session.scalars(select(Message).where(Message.kind == "W0")).one()

    letter = KINDS["W0"].render([message], NOW)

    assert KINDS["W0"].still_true(message, NOW)
    assert letter.subject == f"Welcome to {own.network.name}: the dates to come"
    assert letter.text.count("2027") >= 5


def test_before_a_year_is_published_a_newcomer_gets_no_mail(app: Flask) -> None:
    network = years.network()
    member = min(network.memberships, key=lambda each: each.id)
    browser = make.browser(app, member.primary)

    browser.post(path(member, "/contacts"), data={"first_name": "Noor", "last_name": "", "email": "noor@example.org"})
    message = db.session.scalars(select(Message).where(Message.kind == "W0")).one()

    assert not KINDS["W0"].still_true(message, NOW)


@pytest.mark.parametrize(("joined", "dates"), [(date(2026, 1, 1), 5), (date(2027, 5, 1), 3), (date(2028, 1, 1), 0)])
def test_a_newcomer_reads_from_when_they_take_part_and_only_dates_from_then(
    app: Flask, network: Network, joined: date, dates: int
) -> None:
    member = make.membership(network=network, joined=joined)
    publishing.welcome(member, member.people[0], NOW)
    db.session.commit()
    message = db.session.scalars(select(Message).where(Message.kind == "W0")).one()
    text = KINDS["W0"].render([message], NOW).text if dates else ""

    assert KINDS["W0"].still_true(message, NOW) is bool(dates)
    assert sum(line.startswith(("- ", "* ")) for line in text.splitlines()) == dates
    assert ("You take part from now on." in text) is (dates == 5)
    assert ("You take part from Saturday, 1 May 2027 on." in text) is (dates == 3)
