"""No page of another site presses a button here; a mail program may stop mails with one click."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.people.links import unsubscribe_token
from app.people.models import Person
from tests import make

OURS = [{}, {"Origin": "http://localhost"}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {"Origin": "null"}]
FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "null"},
]


def rename(client: FlaskClient, headers: dict[str, str]) -> int:
    return client.post("/preferences/name", data={"first_name": "New"}, headers=headers).status_code


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_post_from_another_site_is_refused(app: Flask, headers: dict[str, str]) -> None:
    person = make.person(first_name="Old")
    client = make.browser(app, person)

    assert rename(client, headers) == 403
    assert db.session.scalars(select(Person.first_name)).one() == "Old"


@pytest.mark.parametrize("headers", OURS)
def test_a_post_from_our_own_pages_counts(app: Flask, headers: dict[str, str]) -> None:
    assert rename(make.browser(app, make.person()), headers) == 302


@pytest.mark.parametrize("headers", FOREIGN)
def test_one_click_stops_mails_from_wherever_it_is_pressed(client: FlaskClient, headers: dict[str, str]) -> None:
    person = make.person()
    token = unsubscribe_token(person.id)
    db.session.commit()

    answer = client.post(f"/stop-mails/{token}", data={"List-Unsubscribe": "One-Click"}, headers=headers)

    assert answer.status_code == 200
    assert db.session.scalars(select(Person.wants_mail)).one() is False


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_link_from_another_site_opens_a_page(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.get("/sign-in", headers=headers).status_code == 200
