"""Signing in by mail link or typed code."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.mail.models import Message
from app.people.actions import make_link
from app.people.models import BrowserSession, SignInLink
from tests import make

NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)


def link_for(email: str = "ann@example.org") -> tuple[str, str]:
    _link, secret, code = make_link(make.person(email=email), datetime.now(UTC))
    db.session.commit()
    return secret, code


def signed_in(client: FlaskClient) -> bool:
    return client.get("/preferences").status_code == 200


def test_every_address_gets_the_same_answer(client: FlaskClient) -> None:
    make.person(email="ann@example.org")
    db.session.commit()

    known = client.post("/sign-in", data={"email": "ann@example.org"})
    unknown = client.post("/sign-in", data={"email": "eve@example.org"})

    assert known.data.replace(b"ann@", b"") == unknown.data.replace(b"eve@", b"")


def test_only_a_known_address_gets_a_mail_and_no_row_holds_the_secret(client: FlaskClient) -> None:
    person = make.person(email="ann@example.org")
    db.session.commit()

    client.post("/sign-in", data={"email": " Ann@Example.org "})
    client.post("/sign-in", data={"email": "eve@example.org"})

    link = db.session.scalars(select(SignInLink)).one()
    assert [(m.person_id, m.params) for m in db.session.scalars(select(Message))] == [(person.id, {"link_id": link.id})]


def test_looking_at_the_link_signs_nobody_in(client: FlaskClient) -> None:
    secret, _code = link_for()

    for method in ("GET", "HEAD", "GET"):
        client.open(f"/sign-in/{secret}", method=method)

    assert (signed_in(client), db.session.scalars(select(BrowserSession)).all()) == (False, [])


def test_the_button_behind_the_link_signs_in_once(app: Flask) -> None:
    secret, _code = link_for()
    first, second = app.test_client(), app.test_client()

    first.post(f"/sign-in/{secret}")
    again = second.post(f"/sign-in/{secret}")

    assert (signed_in(first), again.status_code, signed_in(second)) == (True, 404, False)


def test_the_typed_code_signs_in_with_its_address_only(client: FlaskClient) -> None:
    _secret, code = link_for("ann@example.org")

    wrong = client.post("/sign-in/code", data={"email": "eve@example.org", "code": code})
    right = client.post("/sign-in/code", data={"email": "ann@example.org", "code": f"{code[:4].lower()} {code[4:]}"})

    assert (wrong.status_code, right.status_code, signed_in(client)) == (422, 302, True)


def test_wrong_tries_do_not_burn_the_link(client: FlaskClient) -> None:
    secret, _code = link_for("ann@example.org")
    for _n in range(5):
        client.post("/sign-in/code", data={"email": "ann@example.org", "code": "WRONGONE"})

    assert client.post(f"/sign-in/{secret}").status_code == 302


def test_a_link_is_good_for_twenty_minutes(client: FlaskClient) -> None:
    with time_machine.travel(NOW) as traveller:
        secret, _code = link_for()
        traveller.shift(timedelta(minutes=21))

        assert client.get(f"/sign-in/{secret}").status_code == 404


def test_the_eleventh_try_in_an_hour_is_refused_and_the_next_hour_is_free(client: FlaskClient) -> None:
    with time_machine.travel(NOW, tick=False) as traveller:
        *answers, refused = [client.post("/sign-in", data={"email": "eve@example.org"}) for _n in range(11)]
        traveller.shift(timedelta(hours=1))
        later = client.post("/sign-in", data={"email": "eve@example.org"}).status_code

    assert ([answer.status_code for answer in answers], later) == ([200] * 10, 200)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")


def test_signing_out_ends_the_session_on_the_server(app: Flask) -> None:
    client = make.browser(app, make.person())

    client.post("/sign-out")

    assert (signed_in(client), db.session.scalars(select(BrowserSession)).all()) == (False, [])


@pytest.mark.parametrize(
    ("hours", "manager", "stays"), [(11, True, True), (13, True, False), (13, False, True), (15 * 24, False, False)]
)
def test_managers_are_asked_again_after_twelve_quiet_hours_participants_after_a_fortnight(
    app: Flask, hours: int, manager: bool, stays: bool
) -> None:
    network = make.network()
    person = make.manager(network=network) if manager else make.person()
    with time_machine.travel(NOW) as traveller:
        client = make.browser(app, person)
        traveller.shift(timedelta(hours=hours))

        assert signed_in(client) == stays


def test_a_role_taken_away_acts_at_the_next_request(app: Flask) -> None:
    network = make.network()
    person = make.manager(network=network)
    client = make.browser(app, person)
    before = client.get(f"/networks/{network.slug}/settings").status_code

    db.session.execute(db.text("delete from role"))
    db.session.commit()

    assert (before, client.get(f"/networks/{network.slug}/settings").status_code) == (200, 404)


def test_preferences_are_saved_and_said_in_the_new_language(app: Flask) -> None:
    person = make.person(language="en")
    client = make.browser(app, person)

    client.post("/preferences", data={"language": "nl", "phone": "06 1", "wants_mail": "y"})

    db.session.refresh(person)
    assert (person.language, person.phone, person.wants_mail, person.revision) == ("nl", "06 1", True, 1)


def test_other_browsers_can_be_signed_out(app: Flask) -> None:
    person = make.person()
    here, there = make.browser(app, person), make.browser(app, person)

    here.post("/preferences/other-sessions/end")

    assert (signed_in(here), signed_in(there)) == (True, False)


@pytest.mark.parametrize("said", ["203.0.113.7:4711", "unknown", "[2001:db8::1]:443", "::ffff:203.0.113.7", "a, b"])
def test_whatever_a_proxy_says_of_the_asker_is_an_answer(client: FlaskClient, said: str) -> None:
    asked = client.post("/sign-in", data={"email": "ann@example.org"}, environ_overrides={"REMOTE_ADDR": said})
    assert asked.status_code == 200


def test_an_ipv4_address_written_as_ipv6_is_counted_as_what_it_is(client: FlaskClient) -> None:
    for number in range(30):
        client.post(
            "/sign-in", data={"email": f"ann{number}@example.org"}, environ_overrides={"REMOTE_ADDR": "203.0.113.7"}
        )
    for address, status in (("::ffff:203.0.113.7", 429), ("::ffff:203.0.113.8", 200)):
        asked = client.post("/sign-in", data={"email": "b@example.org"}, environ_overrides={"REMOTE_ADDR": address})
        assert asked.status_code == status


def test_who_wanted_a_page_of_a_network_gets_it_after_signing_in(app: Flask) -> None:
    member = make.membership(network=make.network())
    _link, secret, _code = make_link(member.primary, datetime.now(UTC))
    db.session.commit()
    client, page = app.test_client(), f"/networks/{member.network.slug}/learnt?q=bread"
    assert client.get(page).location == "/sign-in"
    assert client.post(f"/sign-in/{secret}").location == page
