"""An address that cannot receive is stored by no door: a list, a form, a command, an export brought back."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.cli import cli
from app.errors import Refused
from app.exporting.network_json import export
from app.exporting.restoring import restore
from app.extensions import db
from app.importing import actions
from app.people.addresses import LEFTOVERS, receiving
from app.people.models import Person
from tests import make

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LIST = Path(__file__).parents[1] / "importing/files/addresses.csv"
WRONG = [
    *("ann", "ann@localhost", "ann@10.0.0.1", "ann@alfa..example", "ann@alfa-.example", "ann@alfa_zorg.example"),
    *(".ann@alfa.example", "ann.@alfa.example", "a..b@alfa.example", "jörg@alfa.example", "ann@alfa.example?subject=x"),
    *("'ann@alfa.example'", "{ann}@alfa.example", "a/b@alfa.example", "a|b@alfa.example", "`ann@alfa.example"),
    *("ann@alfa.example,bob@alfa.example", "ann bob@alfa.example", "a@b@alfa.example", "ann@" + "x" * 260 + ".example"),
]
RIGHT = ["ann@alfa.example", "a.b-c_d+net@sub.alfa.example", "r&d@alfa.example", "1@alfa.example"]


def stored() -> set[str]:
    return {email for email in db.session.scalars(select(Person.email)) if email}


@pytest.mark.parametrize("address", WRONG)
def test_what_no_mail_can_reach_is_no_address(address: str) -> None:
    assert receiving(address) is None


@pytest.mark.parametrize("address", RIGHT)
def test_what_mail_can_reach_is_an_address_in_small_letters(address: str) -> None:
    assert receiving(address.title()) == address


@pytest.mark.parametrize("address", WRONG)
def test_a_form_refuses_what_no_mail_can_reach(app: Flask, address: str) -> None:
    member = make.membership(network=make.network(), people=0)
    client = make.browser(app, make.manager(network=member.network))
    before = stored()
    path = f"/networks/{member.network.slug}/members/{member.id}/contacts"
    assert client.post(path, data={"first_name": "Jo", "last_name": "Bos", "email": address}).status_code == 422
    assert stored() == before


def test_a_form_takes_what_mail_can_reach(app: Flask) -> None:
    member = make.membership(network=make.network(), people=0)
    client = make.browser(app, make.manager(network=member.network))
    path = f"/networks/{member.network.slug}/members/{member.id}/contacts"
    client.post(path, data={"first_name": "Jo", "last_name": "Bos", "email": " A.B+net@Alfa.example "})
    assert "a.b+net@alfa.example" in stored()


@pytest.mark.parametrize("address", ["ann@localhost", "ann", "'ann@alfa.example'"])
def test_a_command_refuses_what_no_mail_can_reach(app: Flask, address: str) -> None:
    words = ["manager", "add", address, "--name", "Ann Bakker", "--programme", "Samen"]
    answer = app.test_cli_runner().invoke(cli, words)
    assert answer.exit_code == 2
    assert "is not an e-mail address" in answer.output
    assert stored() == set()


def test_an_export_with_such_an_address_is_refused_whole(app: Flask) -> None:
    member = make.membership(network=make.network(slug="kring"), people=1)
    member.people[0].email = "ann@localhost"
    db.session.flush()
    file = export([member.network.id], NOW)
    file["networks"][0] |= {"slug": "other", "name": "Other"}
    with pytest.raises(Refused, match="Mail cannot reach ann@localhost"):
        restore(file, NOW)


def test_a_list_stores_what_is_sure_asks_what_is_not_and_says_what_was_mended(app: Flask) -> None:
    row = actions.receive(make.programme(), [("list.csv", LIST.read_bytes())], NOW)
    report = actions.complete(row, NOW)
    assert all(not LEFTOVERS & set(address) and receiving(address) for address in stored())
    assert {f"ann{n}@alfa.example" for n in (3, 4, 7, 8, 9, 10, 12, 15, 16, 21, 22, 23)} <= stored()
    codes = {item["row"]: item["code"] for item in report["items"] if item["field"] == "E-mail"}
    assert [row for row, code in codes.items() if code == "two_addresses"] == [3, 7, 18, 19]
    assert [row for row, code in codes.items() if code == "address_wrong"] == [6, 12, 14, 15, 20, 21, 25]
    assert set(codes) == set(range(2, 26))
