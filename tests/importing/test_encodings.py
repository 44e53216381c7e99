"""A text that does not say its encoding: told with the words that show it, and another one may be chosen."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.importing.cells.person_names import question_id
from app.importing.proposal import Proposal
from app.importing.read import read
from app.people.models import Person
from tests import make
from tests.importing import sheets, world
from tests.importing.test_commands import run
from tests.importing.test_pages import send

TEXT = "Organisatie;Naam;Mail;Netwerk\nZorg Łódź;Ayşe Żółty;a@alfa.example;Kring\n".replace("ş", "s")


def of(data: bytes, chosen: str = "") -> Proposal:
    answers = {question_id("encoding", "l.csv"): chosen} if chosen else {}
    return read([("l.csv", data)], today=sheets.TODAY, answers=answers)


def test_a_guessed_encoding_is_told_with_words_that_show_it_and_can_be_chosen() -> None:
    guessed = of(TEXT.encode("cp1250"))
    assert [(item.found, item.kept) for item in guessed.encodings] == [("£ódŸ ¯ó³ty", "cp1252")]
    assert sheets.members(of(TEXT.encode("cp1250"), "cp1250")) == {"Kring": {"Zorg Łódź": ["Ayse Żółty"]}}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_where_nothing_is_guessed_nothing_can_be_chosen(encoding: str) -> None:
    for chosen in ("", "cp850"):
        proposal = of(TEXT.encode(encoding), chosen)
        assert (proposal.encodings, sheets.members(proposal)) == ([], {"Kring": {"Zorg Łódź": ["Ayse Żółty"]}})


def test_letters_encoded_twice_are_read_once_unless_somebody_says_otherwise() -> None:
    twice = "Organisatie;Naam;Netwerk\nAlfa;ZoÃ« MÃ¼ller;Kring\nBeta;Bob â€™t Hof;Kring\n".encode()
    assert sheets.members(of(twice)) == {"Kring": {"Alfa": ["Zoë Müller"], "Beta": ["Bob ’t Hof"]}}
    assert [item.kept for item in of(twice).encodings] == ["utf-8 twice"]
    assert sheets.members(of(twice, "utf-8"))["Kring"]["Alfa"] == ["ZoÃ« MÃ¼ller"]


def test_lines_of_two_encodings_in_one_file_are_both_read() -> None:
    mixed = b"Organisatie;Naam;Netwerk\n" + "Alfa;Zoë;Kring\n".encode() + "Beta;Jörg;Kring\n".encode("cp1252")
    assert sheets.members(of(mixed)) == {"Kring": {"Alfa": ["Zoë"], "Beta": ["Jörg"]}}


def test_the_preview_offers_encodings_where_there_is_a_doubt_and_reads_again(app: Flask) -> None:
    programme = make.programme()
    client = make.browser(app, make.programme_manager(programme=programme))
    assert "Are the letters right?" not in client.get(send(client, programme, ("l.csv", TEXT.encode()))).text
    where = send(client, programme, ("l.csv", TEXT.encode("cp1250")))
    assert "<mark>£ódŸ ¯ó³ty</mark>" in client.get(where).text
    client.post(f"{where}/answers", data={"answer-" + question_id("encoding", "l.csv"): "cp1250"})
    assert "<mark>Łódź Żółty</mark>" in client.get(where).text


def test_an_encoding_is_chosen_by_command(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_bytes(TEXT.encode("cp1250"))
    run(app, tmp_path / "l.csv", "--programme", "Samen", "--encoding", "cp1250", "--report", tmp_path / "r.json")
    assert [person.name for person in db.session.scalars(select(Person))] == ["Ayse Żółty"]
    assert json.loads((tmp_path / "r.json").read_text())["files"][0]["encoding"] == "cp1250"


def test_no_file_of_the_world_is_repaired_that_was_right() -> None:
    for name in world.EXPORTS["files"]:
        assert "utf-8 twice" not in [item.kept for item in world.reading(name).encodings]
