"""After the list: who manages which network, and what is missing to plan the first year."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.networks.models import Network, Programme, Role
from app.people.models import Person
from tests import make
from tests.importing.test_pages import send

HEAD = "Netwerk;Organisatie;Contactpersoon;E-mail;Kan ontvangen;Ritme\n"
LISTED = (
    "Oost;Alfa;Ann Aalders;a@alfa.example;ja;6x per jaar\nOost;Beta;;;nee;\nWest;Gamma;Cem Demir;c@gamma.example;;\n"
)


@pytest.fixture
def programme(app: Flask) -> Programme:
    return make.programme(region=None)


@pytest.fixture
def boss(programme: Programme) -> Person:
    return make.programme_manager(programme=programme, first_name="Bea", last_name="Baas")


@pytest.fixture
def manager(app: Flask, boss: Person) -> FlaskClient:
    return make.browser(app, boss)


def imported(client: FlaskClient, programme: Programme) -> str:
    where = send(client, programme, ("leden.csv", (HEAD + LISTED).encode()))
    client.post(f"{where}/completion")
    return where


def managers() -> dict[str, list[int]]:
    rows = db.session.execute(select(Network.name, Role.person_id).join(Role, Role.network_id == Network.id))
    found: dict[str, list[int]] = {}
    for name, person in rows:
        found.setdefault(name, []).append(person)
    return found


def numbers() -> dict[str, int]:
    return {network.name: network.id for network in db.session.scalars(select(Network))}


def test_one_table_proposes_whoever_imports_for_every_new_network(manager: FlaskClient, programme: Programme) -> None:
    page = manager.get(imported(manager, programme)).text
    assert page.count("selected>Bea Baas</option>") == 2
    assert managers() == {}


def test_who_is_chosen_manages_from_then_on_and_the_table_is_gone(
    manager: FlaskClient, programme: Programme, boss: Person
) -> None:
    other = make.programme_manager(programme=programme)
    where, ids = imported(manager, programme), numbers()
    data = {f"manager-{ids['Oost']}": str(other.id), f"manager-{ids['West']}": str(boss.id)}
    page = manager.post(f"{where}/managers", data=data, follow_redirects=True).text
    assert managers() == {"Oost": [other.id], "West": [boss.id]}
    assert "Who manages these networks?" not in page


def test_a_network_left_open_stays_in_the_table(manager: FlaskClient, programme: Programme, boss: Person) -> None:
    where, ids = imported(manager, programme), numbers()
    page = manager.post(f"{where}/managers", data={f"manager-{ids['Oost']}": str(boss.id)}, follow_redirects=True).text
    assert f'name="manager-{ids["West"]}"' in page
    assert f'name="manager-{ids["Oost"]}"' not in page


def test_neither_strangers_nor_networks_of_others_are_taken(manager: FlaskClient, programme: Programme) -> None:
    stranger, elsewhere = make.person(), make.network()
    where, ids = imported(manager, programme), numbers()
    data = {f"manager-{ids['Oost']}": str(stranger.id), f"manager-{elsewhere.id}": "1", f"manager-{'9' * 30}": "1"}
    assert manager.post(f"{where}/managers", data=data).status_code == 302
    assert managers() == {}


def test_taking_the_import_back_takes_the_roles_back(manager: FlaskClient, programme: Programme, boss: Person) -> None:
    where, ids = imported(manager, programme), numbers()
    manager.post(f"{where}/managers", data={f"manager-{ids['Oost']}": str(boss.id)})
    manager.post(f"{where}/undoing")
    assert (managers(), numbers()) == ({}, {})


def test_what_the_first_year_lacks_is_said_with_counts(manager: FlaskClient, programme: Programme) -> None:
    page = manager.get(imported(manager, programme)).text
    lacking = [
        *("1 network does not say how often it meets", "of 1 member nobody knows whether it can host"),
        *("2 members that may host have no room", "1 member has no contact"),
        "2 networks have no region, whose holidays are kept free",
    ]
    assert [sentence in page for sentence in lacking] == [True] * 5
    assert "has no address" not in page
