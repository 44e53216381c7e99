"""Logs say what happened without saying to whom."""

import json
import logging
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from app import create_app
from app.extensions import db
from app.people.links import personal_token
from app.serving import _without_address
from tests import make
from tests.conftest import settings_in


def test_a_request_is_logged_by_its_route_without_tokens_or_addresses(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    person = make.person(email="secret@example.org")
    db.session.commit()
    token = personal_token(person)

    answer = app.test_client().get(f"/me/{token}")

    said = capsys.readouterr().err
    line = json.loads(said.splitlines()[-1])
    assert (line["route"], line["status"], line["id"]) == ("/me/<token>", 200, answer.headers["X-Request-ID"])
    assert token not in said
    assert "secret@example.org" not in said


SECRET = "a-secret-that-stands-in-no-log"


def _address_of(rule: Rule) -> str:
    """An address of this rule whose every part is the secret, or a number."""
    parts = {name: 7 if isinstance(kind, IntegerConverter) else SECRET for name, kind in rule._converters.items()}
    assert rule.map is not None
    return rule.map.bind("localhost").build(rule.endpoint, parts)


def test_what_goes_wrong_in_any_page_is_logged_without_its_address(
    app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    failed = 0
    for rule in app.url_map.iter_rules():
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        monkeypatch.setitem(app.view_functions, rule.endpoint, _fail)
        answer = app.test_client().open(_address_of(rule), method=method, data={"password": SECRET})
        failed += answer.status_code == 500
    said = capsys.readouterr().err
    assert failed > 100
    assert SECRET not in said
    assert said.count('"event": "failed"') == failed


def _fail(**parts: object) -> None:
    raise RuntimeError("something of ours")


def test_gunicorn_s_own_errors_hold_no_address() -> None:
    record = logging.LogRecord(
        "gunicorn.error", 40, "", 0, "Error handling request %s %s", ("GET", f"/me/{SECRET}"), None
    )
    _without_address(record)
    assert record.getMessage() == "Error handling request GET -"


def test_while_the_database_is_away_a_feed_asks_to_come_again(tmp_path: Path) -> None:
    away = create_app(settings_in(tmp_path, database_url="postgresql+psycopg://nobody@127.0.0.1:9/nothing"))
    answer = away.test_client().get(f"/feeds/{SECRET}.ics")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_a_feed_under_a_foreign_name_is_refused_without_repeating_it(app: Flask) -> None:
    answer = app.test_client().get("/feeds/x.ics", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_a_page_under_a_foreign_name_is_refused_without_repeating_it(app: Flask) -> None:
    answer = app.test_client().get("/sign-in", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil" not in answer.text
