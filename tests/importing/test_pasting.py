"""What people paste: rows from three spreadsheets, and the address line of a mail."""

import pytest
from flask import Flask

from app.importing import actions
from app.importing.files.address_lines import lines_of
from tests import make
from tests.importing import sheets
from tests.importing.test_importing import NOW, imported

LINE = 'Aan: Jan de Vries <Jan@alfa.example>; "Bosch, Ann" <ann@alfa.example>; bob@beta.example'
PASTED = {
    "Excel": "Organisatie\tNaam\tMail\tNetwerk\r\nAlfa\tAnn Aalders\ta@alfa.example\tKring\r\n",
    "Google Sheets": "Organisatie\tNaam\tMail\tNetwerk\nAlfa\tAnn Aalders\ta@alfa.example\tKring",
    "LibreOffice": '"Organisatie"\tNaam\tMail\tNetwerk\n"Alfa"\t"Ann\nAalders"\ta@alfa.example\tKring\n',
}


@pytest.mark.parametrize("program", sorted(PASTED))
def test_rows_of_every_spreadsheet_are_read(program: str) -> None:
    assert sheets.members(sheets.of_text(PASTED[program])) == {"Kring": {"Alfa": ["Ann Aalders"]}}


@pytest.mark.parametrize("sign", ["; ", ", ", ";\n", "\n"])
def test_an_address_line_asks_once_per_house_and_nothing_else(sign: str) -> None:
    proposal = sheets.of_text(LINE.replace("; ", sign), network="Kring")
    assert [(q.code, q.about) for q in proposal.questions] == [
        ("organisation_of_house", "alfa.example"),
        ("organisation_of_house", "beta.example"),
    ]
    alfa, beta = (question.question or "" for question in proposal.questions)
    answered = sheets.of_text(LINE.replace("; ", sign), {alfa: "Alfa", beta: "Beta"}, network="Kring")
    people = {name: [(p.name, p.email) for p in m.people] for name, m in answered.networks["kring"].memberships.items()}
    assert people == {
        "Alfa": [("Jan de Vries", "jan@alfa.example"), ("Ann Bosch", "ann@alfa.example")],
        "Beta": [("", "bob@beta.example")],
    }


def test_addresses_of_a_house_that_is_known_join_it_and_it_is_told(app: Flask) -> None:
    programme = make.programme()
    imported(programme, ("l.csv", PASTED["Excel"].encode()))
    row = actions.receive(programme, [("pasted.txt", b"Cor Smit <c@alfa.example>")], NOW, only_network="Kring")
    proposal = actions.proposal_of(row, NOW)
    assert sheets.members(proposal) == {"Kring": {"Alfa": ["Cor Smit"]}}
    assert "organisation_by_house" in sheets.codes(proposal, "told")


def test_an_address_anybody_may_have_says_nothing_of_an_organisation() -> None:
    [question] = sheets.of_text("Ann Aalders <ann@gmail.com>, bob@gmail.com", network="Kring").questions[:1]
    assert (question.code, question.proposal) == ("organisation_missing", "Ann Aalders")


def test_a_list_with_headings_is_no_address_line() -> None:
    assert sheets.of_text("Mail;Organisatie;Netwerk\na@alfa.example;Alfa;Kring\n").questions == []
    assert lines_of("Mail\na@alfa.example\nb@alfa.example\n") == ()
