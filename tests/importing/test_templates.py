"""Empty workbooks to fill in: in three languages, read without a question."""

from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook

from app.importing.read import read
from tests import make
from tests.importing import sheets

YES = {"nl": "ja", "de": "ja", "en": "yes"}


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_a_filled_in_template_is_read_without_a_question(app: Flask, language: str) -> None:
    programme = make.programme()
    client = make.browser(app, make.programme_manager(programme=programme))
    answer = client.get(f"/programmes/{programme.slug}/import/template?language={language}")
    book = load_workbook(BytesIO(answer.data))
    members, rooms, absences, meetings = book.worksheets
    members.append(["Kring", "Alfa", "Ulm", "Ann", "Aalders", "a@alfa.example", YES[language], "2026-01-01"])
    rooms.append(["Alfa", "Zaal 1", 20, "Markt 1"])
    absences.append(["Alfa", "2027-03-01/2027-03-05"])
    meetings.append(["Kring", "2026-03-04", "Alfa"])
    proposal = read([("t.xlsx", sheets.saved(book))], today=sheets.TODAY)
    assert sheets.members(proposal) == {"Kring": {"Alfa": ["Ann Aalders"]}}
    assert (len(proposal.rooms), len(proposal.absences), len(proposal.meetings)) == (1, 1, 1)
    assert proposal.questions == []


def test_a_language_nobody_has_is_not_there(app: Flask) -> None:
    programme = make.programme()
    client = make.browser(app, make.programme_manager(programme=programme))
    assert client.get(f"/programmes/{programme.slug}/import/template?language=fr").status_code == 404
