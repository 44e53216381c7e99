"""`toerbeurt import` from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.cli import import_files
from app.extensions import db
from app.networks.models import Membership, Network, Programme
from app.people.models import Person
from tests.importing import world

MANAGER = world.HERE / "manager"
GOOD = "Organisatie;Contactpersoon;E-mail;Netwerk\nAlfa;Ann Aalders;a@alfa.example;Kring Oost\n"


def run(app: Flask, *args: object) -> Result:
    return app.test_cli_runner().invoke(import_files, [str(arg) for arg in args])


def report(tmp_path: Path) -> Any:
    return json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "leden.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def memberships() -> int:
    return db.session.scalar(select(func.count()).select_from(Membership)) or 0


def test_a_clear_file_goes_in_with_exit_0(app: Flask, good: Path) -> None:
    result = run(app, good, "--programme", "Samen")
    assert (result.exit_code, memberships()) == (0, 1)
    assert db.session.scalars(select(Programme.name)).all() == ["Samen"]


def test_open_questions_are_exit_3_and_stand_in_the_report(app: Flask, tmp_path: Path) -> None:
    path = MANAGER / world.WORKBOOK
    result = run(app, path, "--programme", "Samen", "--report", tmp_path / "report.json")
    found = report(tmp_path)
    assert (result.exit_code, found["files"]) == (3, [{"file": world.WORKBOOK, "encoding": "xlsx"}])
    assert {item["action"] for item in found["items"] if item["question"]} == {"asked"}
    assert found["added"]["memberships"] == memberships() == 153


def test_answered_questions_make_it_exit_0(app: Flask, tmp_path: Path) -> None:
    run(app, MANAGER / world.WORKBOOK, "--programme", "Samen", "--report", tmp_path / "report.json")
    asked = {item["question"]: item["proposed"] for item in report(tmp_path)["items"] if item["action"] == "asked"}
    (tmp_path / "answers.json").write_text(json.dumps(asked), encoding="utf-8")
    args = (MANAGER / world.WORKBOOK, "--programme", "Samen", "--report", tmp_path / "report.json")
    result = run(app, *args, "--answers", tmp_path / "answers.json")
    assert (result.exit_code, report(tmp_path)["added"]["meetings"]) == (0, 13)


def test_a_dry_run_stores_nothing(app: Flask, good: Path, tmp_path: Path) -> None:
    result = run(app, good, "--programme", "Samen", "--dry-run", "--report", tmp_path / "report.json")
    assert (result.exit_code, memberships(), db.session.scalars(select(Programme)).all()) == (0, 0, [])
    assert report(tmp_path)["added"]["memberships"] == 1


def test_the_network_of_rows_that_name_none_is_given(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "leden.csv"
    path.write_text("Organisatie,Naam,Mail\nAlfa,Ann Aalders,a@alfa.example\n", encoding="utf-8")
    assert run(app, path, "--programme", "Samen").exit_code == 3
    assert run(app, path, "--programme", "Samen", "--network", "Kring Oost").exit_code == 0
    assert db.session.scalars(select(Network.name)).all() == ["Kring Oost"]


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4", b"PK\x03\x04 cut short", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"a,b\n1,2\n"]
)
def test_an_unreadable_file_is_exit_2_with_one_sentence(app: Flask, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "leden.xlsx").write_bytes(content)
    result = run(app, tmp_path / "leden.xlsx", "--programme", "Samen")
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert "leden.xlsx" in result.output
    assert db.session.scalars(select(Programme)).all() == []


@pytest.mark.parametrize("content", ["{", "[1]"])
def test_answers_that_are_none_are_exit_2(app: Flask, good: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "answers.json").write_text(content)
    assert run(app, good, "--programme", "Samen", "--answers", tmp_path / "answers.json").exit_code == 2
    assert memberships() == 0


def test_a_missing_file_is_exit_2(app: Flask, tmp_path: Path) -> None:
    assert run(app, tmp_path / "none.csv", "--programme", "Samen").exit_code == 2


def test_people_get_the_language_of_the_programme(app: Flask, good: Path) -> None:
    run(app, good, "--programme", "Samen")
    assert db.session.scalars(select(Person.language)).all() == ["en"]


def test_by_command_a_list_too_large_for_the_pages_is_read_in_silence(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "groot.csv"
    rows = (f"Instelling {n % 50};Ann {n};a{n}@alfa.example;Kring {n % 50}\n" for n in range(10_001))
    path.write_text("Organisatie;Naam;Mail;Netwerk\n" + "".join(rows), encoding="utf-8")
    result = run(app, path, "--programme", "Samen", "--dry-run")
    assert (result.exit_code, result.stderr) == (0, "")


def test_proposals_are_taken_on_being_told_to_and_what_they_bring_up_as_well(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "wer.csv"
    rows = "".join(f"Haus {n};Süd;Ann Bakker;a{n}@haus{n}.example;ja\n" for n in range(4))
    path.write_text(f"Einrichtung;Netzwerk;Wer;Erreichbar;Gastgeber\n{rows}", encoding="utf-8")
    assert run(app, path, "--programme", "Samen", "--dry-run").exit_code == 3
    result = run(app, path, "--programme", "Samen", "--accept-proposals", "--report", tmp_path / "report.json")
    assert (result.exit_code, report(tmp_path)["added"]["people"]) == (0, 4)
