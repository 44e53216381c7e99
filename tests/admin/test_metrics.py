"""Figures for Prometheus: counted from the database, for who holds the token."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.admin.models import BackupPlan
from app.config import BadSetting, read
from app.extensions import db
from app.mail.models import Heartbeat
from tests import make
from tests.conftest import KEYS
from tests.make import NOW

TOKEN = "a token of sixteen or more"


@pytest.fixture
def switched_on(app: Flask) -> Iterator[None]:
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, metrics_token=TOKEN)
    yield
    app.config["SETTINGS"] = before


def ask(client: FlaskClient, token: str = TOKEN) -> tuple[int, str]:
    with time_machine.travel(NOW, tick=False):
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.text


def test_without_the_setting_there_are_none(client: FlaskClient) -> None:
    assert (ask(client)[0], ask(client, "")[0]) == (404, 404)


@pytest.mark.usefixtures("switched_on")
def test_without_the_right_token_there_is_nothing_here(client: FlaskClient) -> None:
    assert (ask(client, "another token of sixteen")[0], client.get("/metrics").status_code) == (404, 404)


@pytest.mark.usefixtures("switched_on")
def test_the_figures_are_those_of_the_database_and_name_nobody(client: FlaskClient) -> None:
    person, network = make.person(email="anna@example.org", first_name="Annabel"), make.network(name="Zuidoost")
    make.message(person=person, network_id=network.id, due_at=NOW - timedelta(minutes=2))
    make.message(person=person, state="failed", error="550 anna@example.org")
    db.session.add_all([Heartbeat(name="clock", at=NOW - timedelta(seconds=7)), BackupPlan(id=1, days=7, weeks=4)])
    db.session.commit()
    status, text = ask(client)
    found = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert (status, {name: value for name, value in found.items() if value != "0.0"}) == (
        200,
        {
            'toerbeurt_mails{state="planned"}': "1.0",
            'toerbeurt_mails{state="failed"}': "1.0",
            "toerbeurt_overdue_seconds": "120.0",
            "toerbeurt_clock_seconds": "7.0",
            "toerbeurt_backup_seconds": "NaN",
            "toerbeurt_networks": "1.0",
            "toerbeurt_people": "1.0",
        },
    )
    assert [word in text for word in ("anna", "Annabel", "Zuidoost")] == [False, False, False]


def test_a_short_token_is_refused() -> None:
    with pytest.raises(BadSetting, match="METRICS_TOKEN is too weak"):
        read({**KEYS, "TOERBEURT_METRICS_TOKEN": "short"})
