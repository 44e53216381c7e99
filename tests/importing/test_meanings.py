"""Headings the importer has never seen: understood by words and cells, proposed, or named; never guessed."""

from itertools import zip_longest

import pytest
from flask import Flask

from app.importing.cells.person_names import question_id
from app.importing.tables.heading_stems import meaning
from bench.headings import outcome, table_of
from bench.made_lists import lists
from tests.importing import sheets

PEOPLE = ["Ann Bakker", "Bob van der Cools", "Cem Demir", "Dieke Eck"]
HOUSES = ["Stichting Alfa", "Beta Wonen", "Gamma Thuiszorg", "Delta Groep"]
MAILS = ["ann@alfa.example", "bob@beta.example", "cem@gamma.example", "dieke@delta.example"]
PHONES = ["038-1234567", "06 12345678", "0570 123456", "+49 731 123456"]
TOWNS = ["Zwolle", "Deventer", "Kampen", "Ulm"]
GERMAN = (
    "Netzwerk;Mitgliedseinrichtung;Ort;Ansprechpartner:in;E-Mail;Gastgeber möglich;Mitglied seit\n"
    "Süd;Haus Sonne;Ulm;Jörg Groß;j@sonne.example;ja;1.3.2024\n"
    "Süd;Kita Regenbogen;Köln;Änne Öztürk;a@kita.example;nein;1.3.2025\n"
)


def fields(**columns: list[str]) -> dict[str, tuple[str, str]]:
    """heading -> what is taken and what is proposed, of columns beside one another."""
    rows = [list(columns), *zip_longest(*columns.values(), fillvalue="")]
    proposal = sheets.of_text("\n".join(";".join(row) for row in rows) + "\n")
    return {
        item.field: (str(item.kept or ""), item.proposal)
        for item in proposal.items
        if item.code in ("column_read", "column_likely", "not_kept_column")
    }


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Mitgliedseinrichtung", "organisation"),
        ("Trägerverein", "organisation"),
        ("Partner-Haus", "organisation"),
        ("Lidorganisatie", "organisation"),
        ("Ansprechpartner:in", "person"),
        ("Ansprechpartner*in (m/w/d)", "person"),
        ("Ansprechpartner_in", "person"),
        ("Teilnehmer/-in", "person"),
        ("TeilnehmerInnen", "person"),
        ("Voor- en achternaam", "person"),
        ("Contactpersoon 2", "person"),
        ("Your first and last name", "person"),
        ("Your first name", "first"),
        ("E-mail 1 - Value", "email"),
        ("Werkadres, plaats", "town"),
        ("Kan hosten", "host"),
        ("Kunnen jullie een bijeenkomst hosten?", "host"),
        ("In welke plaats is jullie kantoor?", "town"),
        ("Voor welk netwerk meld je je aan?", "network"),
        ("Wie viele Personen passen in Ihren Raum?", "seats"),
        ("Organisatie van de deelnemer", "organisation"),
        ("Name der Ansprechperson in der Einrichtung", "person"),
        ("Telefon Ansprechpartner", "phone"),
        ("Antwort", ""),
        ("Sport", ""),
    ],
)
def test_a_heading_says_what_its_words_are_made_of(heading: str, field: str) -> None:
    assert meaning(heading).field == field


def test_a_list_of_strangers_words_is_read_without_a_question() -> None:
    proposal = sheets.of_text(GERMAN)
    assert proposal.questions == []
    assert sheets.members(proposal) == {"Süd": {"Haus Sonne": ["Jörg Groß"], "Kita Regenbogen": ["Änne Öztürk"]}}
    assert [m.hosts for m in proposal.memberships] == [True, False]
    told = [item.field for item in proposal.items if item.code == "column_read"]
    assert told == ["Mitgliedseinrichtung", "Gastgeber möglich"]


def test_what_only_its_cells_tell_is_proposed_and_not_taken() -> None:
    found = fields(Organisatie=HOUSES, Netwerk=["Oost"] * 4, Bereikbaar=MAILS, Wij=PEOPLE)
    assert found == {"Bereikbaar": ("", "email"), "Wij": ("", "person")}


@pytest.mark.parametrize(
    ("heading", "cells", "proposed"),
    [
        ("Contact", MAILS, "email"),
        ("Contact", PHONES, "phone"),
        ("Locatie", TOWNS, "town"),
        ("Adres", MAILS, "email"),
        ("Telefoon", PEOPLE, "person"),
        ("Instelling", TOWNS, "town"),
        ("Vertegenwoordiger", HOUSES, ""),
        ("Groep", PEOPLE, "person"),
    ],
)
def test_cells_that_deny_their_heading_are_asked_about(heading: str, cells: list[str], proposed: str) -> None:
    found = fields(Organisatie=HOUSES, Netwerk=["Oost"] * 4, **{heading: cells})
    assert found == {heading: ("", proposed)}


def test_a_column_where_nobody_said_who_they_are_is_no_column_of_people() -> None:
    proposal = sheets.of_text(
        "Name;Organisatie;E-mail;Netwerk\n" + "".join(f"anonymous;Huis {n};a{n}@x.example;Oost\n" for n in range(4))
    )
    assert [person.name for person in proposal.people] == [""] * 4


def test_with_an_answer_a_column_means_what_somebody_said_even_against_its_heading() -> None:
    content = "Organisatie;Netwerk;Contactpersoon\nAlfa;Oost;Bob Cools\n"
    proposal = sheets.of_text(content, answers={question_id("column", "Contactpersoon"): None})
    assert proposal.people == []
    assert [item.field for item in proposal.items if item.code == "column_left_out"] == ["Contactpersoon"]


def test_of_made_up_lists_nothing_wrong_is_taken_as_sure_and_nearly_all_is_right(app: Flask) -> None:
    outcomes = []
    for made in lists(3):
        columns = {column.number: column for column in table_of(made)}
        outcomes += [outcome(truth, columns.get(n)) for n, truth in enumerate(made.truth)]
    assert outcomes.count("wrong") == 0
    assert outcomes.count("right") >= 0.95 * len(outcomes)
