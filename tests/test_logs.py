"""Logs say what happened without saying to whom."""

import json

import pytest
from flask import Flask

from app.extensions import db
from app.people.links import personal_token
from tests import make


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
