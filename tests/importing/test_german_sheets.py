"""German lists: their words, their dates, their regions, their practices of one."""

from datetime import date, time

import pytest
from flask import Flask
from sqlalchemy import select

from app.exporting.network_json import export
from app.extensions import db
from app.importing import actions
from app.importing.read import read
from app.letters.layout import greeted
from app.meetings.queries import meetings_of
from app.networks.queries import network_by_slug
from app.people.models import Person
from tests import make
from tests.importing import sheets
from tests.importing.test_importing import NOW

ROWS = [
    ("Träger / Einrichtung", "Titel", "Vorname", "Nachname", "E-Mail", "Netzwerk", "Ort", "Bundesland", "Verhindert"),
    ("Caritas Ulm e.V.", "Dr.", "Jörg", "Groß", "j.gross@caritas.example", "Pflege Süd", "Ulm", "BW", "KW 30-35"),
    ("s.o.", "", "Prof. Dr. Änne", "Öztürk", "a@caritas.example", "Pflege Süd", "Ulm", "BW", "Buß- und Bettag"),
    ("Praxis Weiß", "", "Anna", "Weiß", "weiss@praxis.example", "Pflege Süd", "Köln", "NRW", "30.6.-14.7."),
    ("", "", "Beate", "Kern", "kern@einzel.example", "Pflege Süd", "", "", ""),
]
TEXT = "\r\n".join(";".join(row) for row in ROWS) + "\r\n"
HISTORY = (
    "Netzwerk;Datum;Uhrzeit;Gastgeber;Thema\n"
    "Austausch;04.02.2026;12-13 Uhr;online;Fälle\n"
    "Austausch;04.03.2026;12-13 Uhr;online;Fälle\n"
    "Werkstatt;12.05.2026;09:30 - 16:00;;Schmerz\n"
    "Abendkreis;19.05.2026 19.30 Uhr;;;Sterben\n"
)


def periods(written: str) -> list[str]:
    proposal = sheets.of_text(f"Einrichtung;Verhindert\nHaus A;{written}\n")
    return [str(absence.period) for absence in proposal.absences]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_german_list_says_the_same_in_every_encoding_and_as_a_workbook(encoding: str) -> None:
    text = read([("liste.csv", TEXT.encode(encoding))], today=sheets.TODAY)
    expected = {"Pflege Süd": {"Caritas Ulm e.V.": ["Jörg Groß", "Änne Öztürk"], "Praxis Weiß": ["Anna Weiß"]}}
    assert sheets.members(text) == expected
    assert sheets.members(sheets.of_workbook(sheets.workbook(Mitglieder=ROWS))) == expected


def test_a_region_is_read_by_name_or_code_and_the_network_has_one_when_all_agree() -> None:
    proposal = sheets.of_text(TEXT)
    assert [each.region for each in proposal.organisations.values()] == ["DE-BW", "DE-NW"]
    assert proposal.networks["pflege sud"].region is None
    assert sheets.of_text(TEXT.replace("NRW", "Baden-Württemberg")).networks["pflege sud"].region == "DE-BW"


def test_a_region_nobody_knows_is_asked_and_a_column_of_something_else_is_not() -> None:
    assert "region_unknown" in sheets.codes(sheets.of_text(TEXT.replace("NRW", "Absurdistan")), "asked")
    assert "region_unknown" not in sheets.codes(sheets.of_text(TEXT.replace("BW", "D").replace("NRW", "D")), "asked")


def test_titles_stay_out_of_names_and_a_region_is_stored(app: Flask) -> None:
    programme = make.programme()
    actions.complete(actions.receive(programme, [("liste.csv", TEXT.encode())], NOW), NOW)
    assert [(each.name, each.region) for each in programme.organisations] == [
        ("Caritas Ulm e.V.", "DE-BW"),
        ("Praxis Weiß", "DE-NW"),
    ]


def test_a_person_from_another_house_below_a_practice_is_asked_about() -> None:
    [question] = sheets.of_text(TEXT).questions
    assert (question.code, question.options) == ("organisation_missing", ("Praxis Weiß", "Beate Kern"))
    proposal = sheets.of_text(TEXT, answers={question.question or "": "Beate Kern"})
    assert sheets.members(proposal)["Pflege Süd"]["Beate Kern"] == ["Beate Kern"]


def test_a_list_of_people_only_is_one_question_and_then_each_is_a_practice() -> None:
    content = "Name;E-Mail;Netzwerk\nDr. Anna Weiß;w@praxis.example;Kreis\nFrau Eva Kern;k@eins.example;Kreis\n"
    [question] = sheets.of_text(content).questions
    answered = sheets.of_text(content, answers={question.question or "": "yes"})
    assert sheets.members(answered) == {"Kreis": {"Anna Weiß": ["Anna Weiß"], "Eva Kern": ["Eva Kern"]}}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("KW 30-35", ["2027-07-26/2027-09-05"]),
        ("KW 30 bis 35", ["2027-07-26/2027-09-05"]),
        ("KW 8 und 24.12.2027", ["2027-12-24", "2027-02-22/2027-02-28"]),
        ("30.6.-14.7.", ["2027-06-30/2027-07-14"]),
        ("30.6. bis 14.7.2027", ["2027-06-30/2027-07-14"]),
        ("24.12.2027 bis 6.1.2028", ["2027-12-24/2028-01-06"]),
        ("Buss- und Bettag", ["2027-11-17"]),
        ("Fronleichnam", ["2027-05-27"]),
        ("bis 3. März", []),
    ],
)
def test_days_as_germans_type_them(written: str, found: list[str]) -> None:
    assert periods(written) == found


def test_past_meetings_keep_their_time_and_length() -> None:
    meetings = [(m.day, m.start, m.minutes) for m in sheets.of_text(HISTORY).meetings]
    assert meetings == [
        (date(2026, 2, 4), time(12), 60),
        (date(2026, 3, 4), time(12), 60),
        (date(2026, 5, 12), time(9, 30), 390),
        (date(2026, 5, 19), time(19, 30), None),
    ]


def test_an_hour_online_is_stored_as_an_hour_online(app: Flask) -> None:
    actions.complete(actions.receive(make.programme(), [("liste.csv", HISTORY.encode())], NOW), NOW)
    network = network_by_slug("austausch")
    assert network is not None
    meetings = meetings_of([network.id])
    assert {(m.ends_at - m.starts_at).seconds // 60 for m in meetings} == {60}
    assert ({m.mode for m in meetings}, network.mode) == ({"online"}, "online")


def test_headings_with_umlauts_as_two_letters() -> None:
    content = (
        "Traeger;Vorname;Name;E-Mail (dienstlich);Netzwerk;Raum;Plaetze\nHaus;Eva;Kern;e@haus.example;Kreis;Saal;20\n"
    )
    proposal = sheets.of_text(content)
    assert [(room.name, room.seats) for room in proposal.rooms] == [("Saal", 20)]
    assert sheets.members(proposal) == {"Kreis": {"Haus": ["Eva Kern"]}}


def test_a_postcode_gets_its_lost_zero_back_and_stands_in_the_address() -> None:
    proposal = sheets.of_text(
        "Einrichtung;Raum;Plätze;Straße;PLZ;Ort;Netzwerk\nHaus;Saal;20;Am Markt 1;1067;Dresden;Kreis\n"
    )
    assert [room.address for room in proposal.rooms] == ["Am Markt 1, 01067 Dresden"]
    assert "postcode_zero" in sheets.codes(proposal, "told")


def test_titles_are_stored_beside_the_name_and_greeted_with_in_german(app: Flask) -> None:
    programme = make.programme(language="de")
    content = (
        TEXT + "Haus;;Ir. Jan;Smit;j@haus.example;Pflege Süd;;;\r\nHeim;Frau;Eva;Kern;e@heim.example;Pflege Süd;;;\r\n"
    )
    actions.complete(actions.receive(programme, [("liste.csv", content.encode())], NOW), NOW)
    people = {person.name: person for person in db.session.scalars(select(Person))}
    titles = {name: person.title for name, person in people.items() if name}
    assert titles == {
        "Jörg Groß": "Dr.",
        "Änne Öztürk": "Prof. Dr.",
        "Anna Weiß": "",
        "Jan Smit": "Ir.",
        "Eva Kern": "",
    }
    names = []
    for language in ("de", "nl"):
        people["Änne Öztürk"].language = language
        names.append(greeted(people["Änne Öztürk"]))
    assert names == ["Prof. Dr. Änne Öztürk", "Änne"]


def test_an_export_made_again_keeps_the_titles(app: Flask) -> None:
    programme = make.programme()
    actions.complete(actions.receive(programme, [("liste.csv", TEXT.encode())], NOW), NOW)
    [network] = programme.networks
    contacts = [
        contact
        for member in export([network.id], NOW)["networks"][0]["organisations"]
        for contact in member["contacts"]
    ]
    assert sorted(contact["title"] for contact in contacts) == ["", "Dr.", "Prof. Dr."]
