"""Columns nobody foresaw: mapped by hand, remembered, or left out and listed."""

from flask import Flask

from app.importing import actions
from app.importing.cells.person_names import question_id
from app.networks.models import Programme
from tests import make
from tests.importing import sheets
from tests.importing.test_importing import NOW
from tests.importing.test_pages import send

UNKNOWN = "Organisatie;Rubriek A;Rubriek B;Rubriek C\nAlfa;Ann Aalders;a@alfa.example;Oost\n"
MEANT = {"Rubriek A": "person", "Rubriek B": "email"}
ANSWERS = {question_id("column", heading): field for heading, field in MEANT.items()}
WHOSE = "Xyz;Mail;Netwerk\nAlfa;a@alfa.example;Kring\n"


def people(programme: Programme, answers: dict[str, str]) -> list[tuple[str, str | None]]:
    row = actions.receive(programme, [("l.csv", UNKNOWN.encode())], NOW)
    actions.answer(row, answers)
    return [(person.name, person.email) for person in actions.proposal_of(row, NOW).people]


def test_a_column_nobody_foresaw_is_left_out_listed_and_asks_nothing() -> None:
    proposal = sheets.of_text(UNKNOWN.replace("Rubriek C", "Netwerk"))
    assert ([item.field for item in proposal.columns], proposal.people) == (["Rubriek A", "Rubriek B"], [])
    assert (sheets.codes(proposal, "dropped"), proposal.questions) == (["not_kept_column"] * 2, [])


def test_what_somebody_says_it_means_is_read_and_told() -> None:
    proposal = sheets.of_text(UNKNOWN.replace("Rubriek C", "Netwerk"), answers=ANSWERS)
    assert [(person.name, person.email) for person in proposal.people] == [("Ann Aalders", "a@alfa.example")]
    assert [(item.field, item.kept) for item in proposal.columns] == [("Rubriek A", "person"), ("Rubriek B", "email")]


def test_the_next_list_of_the_programme_is_read_the_same_way_and_no_other_programmes(app: Flask) -> None:
    programme, named = make.programme(), ANSWERS | {question_id("column", "Rubriek C"): "network"}
    row = actions.receive(programme, [("l.csv", UNKNOWN.encode())], NOW)
    actions.answer(row, named)
    actions.complete(row, NOW)
    assert people(programme, {}) == [("Ann Aalders", "a@alfa.example")]
    assert people(make.programme(), {}) == []


def test_where_no_heading_says_organisation_it_is_asked_which_column_that_is() -> None:
    [question] = sheets.of_text(WHOSE).questions
    assert (question.code, question.options) == ("column_organisation", ("Xyz",))
    proposal = sheets.of_text(WHOSE, answers={question.question or "": "Xyz"})
    assert (list(sheets.members(proposal)["Kring"]), proposal.people[0].email) == (["Alfa"], "a@alfa.example")


def test_columns_are_named_in_the_preview_and_can_be_left_out_again(app: Flask) -> None:
    programme = make.programme()
    client = make.browser(app, make.programme_manager(programme=programme))
    where = send(client, programme, ("l.csv", UNKNOWN.replace("Rubriek C", "Netwerk").encode()))
    assert "2 columns nobody foresaw" in client.get(where).text
    client.post(f"{where}/answers", data={f"answer-{question}": field for question, field in ANSWERS.items()})
    page = client.get(where).text
    assert '<option value="person" selected>' in page
    client.post(f"{where}/answers", data={f"answer-{question}": "" for question in ANSWERS})
    assert '<option value="person" selected>' not in client.get(where).text
