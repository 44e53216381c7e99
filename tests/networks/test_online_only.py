"""Where nothing is in person no page speaks of hosts and rooms."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from app.extensions import db
from app.networks.models import Membership, Network
from app.people.links import personal_token
from app.reminders.queries import ladder_of
from tests import make
from tests.forms import forms_of
from tests.planning import years

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HOSTING = re.compile(r"\b(hosts?|hosting|hosted|rooms?|Attic|in person)\b", re.IGNORECASE)
PAGES = ("", "/turns", "/years/2027/plan", "/members/{member}", "/meetings/{meeting}", "/reminders")


@pytest.fixture(autouse=True)
def clock(app: Flask) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def network_of(mode: str) -> Network:
    """Three members with rooms, and a published year."""
    network = years.network(members=4)
    network.mode = mode
    for member in network.memberships:
        member.organisation.name = f"Org {member.id}"
        member.organisation.rooms[0].name = "Attic"
    years.published(network, number=4, mode=mode)
    before = make.meeting(network=network, starts_at=NOW - timedelta(days=30), mode=mode)
    make.duty(meeting=before, organisation=network.memberships[0].organisation, kind="preparation")
    db.session.commit()
    return network


def seen(app: Flask, network: Network, page: str) -> set[str]:
    """Words of hosting on a page, as the manager sees it; a choice between modes may name them."""
    member = network.memberships[0]
    upcoming = db.session.query(make.Meeting).filter_by(network_id=network.id).order_by(make.Meeting.starts_at.desc())
    path = page.format(member=member.id, meeting=upcoming[0].id)
    client = make.browser(app, make.manager(network=network, language="en"))
    return words(client.get(f"/networks/{network.slug}{path}").text)


def words(text: str) -> set[str]:
    body = re.sub(r"<select.*?</select>|<svg.*?</svg>", " ", text.partition("<main")[2], flags=re.DOTALL)
    plain = re.sub(r"<[^>]+>", " ", body).replace("with the rights of a host", "")  # of the call
    return {found.lower() for found in HOSTING.findall(plain)}


@pytest.mark.parametrize("page", PAGES)
def test_a_network_that_only_calls_has_no_word_of_hosting_on_its_pages(app: Flask, page: str) -> None:
    assert seen(app, network_of("online"), page) == set()


@pytest.mark.parametrize("page", PAGES)
def test_a_network_that_meets_has_them(app: Flask, page: str) -> None:
    assert seen(app, network_of("in-person"), page) != set()


@pytest.mark.parametrize(("mode", "some"), [("online", False), ("in-person", True)])
def test_the_page_of_a_person_speaks_of_hosts_only_where_there_are_any(app: Flask, mode: str, some: bool) -> None:
    person = network_of(mode).memberships[0].people[0]

    page = app.test_client().get(f"/me/{personal_token(person)}").text

    assert bool(words(page)) is some


@pytest.mark.parametrize(("mode", "there"), [("online", {"H1", "H4o", "D2o"}), ("in-person", {"H1", "H2", "H3", "H4"})])
def test_the_mails_one_can_word_are_those_that_leave_there(app: Flask, mode: str, there: set[str]) -> None:
    network = network_of(mode)
    client = make.browser(app, make.manager(network=network, language="en"))

    page = client.get(f"/networks/{network.slug}/reminders").text
    answers = {kind: client.get(f"/networks/{network.slug}/reminders/{kind}").status_code for kind in ("H3", "H4o")}

    assert there <= set(re.findall(r'/reminders/(\w+)"', page))
    assert "Opening the call: is the link ready?" in page
    assert ("online: Opening the call" in page, "Host: confirm the room" in page) == (mode != "online",) * 2
    assert answers["H3"] == (404 if mode == "online" else 200)
    assert answers["H4o"] == 200
    assert "The mail that brings the notes is not in this list" in page


def test_saving_the_reminders_of_an_online_network_keeps_what_is_not_shown(app: Flask) -> None:
    network = network_of("online")
    client = make.browser(app, make.manager(network=network, language="en"))
    path = f"/networks/{network.slug}/reminders"
    form = next(each for each in forms_of(client.get(path).text) if each.action.endswith("/reminders"))

    saved = client.post(path, data={**form.same, "H1_online": "9"})

    steps = {step.id: (step.on, step.in_person, step.online) for step in ladder_of(network.id)}
    assert saved.status_code == 302
    assert steps["H1"] == (True, -42, -9)
    assert steps["H2"] == (True, -28, None)
    assert steps["D1"] == (True, -14, -7)


def test_saving_a_membership_of_an_online_network_keeps_whether_it_hosts(app: Flask) -> None:
    network = network_of("online")
    member: Membership = network.memberships[0]
    member.hosts = False
    client = make.browser(app, make.manager(network=network))
    path = f"/networks/{network.slug}/members/{member.id}"
    form = next(each for each in forms_of(client.get(path).text) if each.action == path)

    answer = client.post(path, data=form.same | {"prepares": "y"})

    db.session.refresh(member)
    assert (answer.status_code, member.hosts, "hosts" in form.same) == (302, False, False)


def test_what_was_in_person_before_keeps_its_turns_on_the_page(app: Flask) -> None:
    network = network_of("in-person")
    network.mode = "online"
    db.session.commit()

    assert "hosted" in seen(app, network, "")


def test_an_organisation_that_joins_a_network_of_calls_is_asked_for_no_room(app: Flask) -> None:
    network = network_of("online")
    client = make.browser(app, make.manager(network=network))
    values = {"organisation": "Newcomer", "joined": "2026-12-01", "room": "Hall", "seats": "12"}

    client.post(f"/networks/{network.slug}/organisations", data=values)

    joined = next(each for each in network.memberships if each.organisation.name == "Newcomer")
    assert joined.organisation.rooms == []
