"""Columns nobody foresaw: mapped by hand, remembered, or left out and listed."""

import re

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.importing import actions
from app.importing.cells.person_names import question_id
from app.importing.models import Import
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
    actions.answer(row, answers, NOW)
    return [(person.name, person.email) for person in actions.proposal_of(row, NOW).people]


def test_a_column_nobody_foresaw_is_left_out_listed_and_asks_nothing() -> None:
    proposal = sheets.of_text(UNKNOWN.replace("Rubriek C", "Netwerk"))
    assert ([item.field for item in proposal.items if item.code == "not_kept_column"], proposal.people) == (
        ["Rubriek A", "Rubriek B"],
        [],
    )
    assert (sheets.codes(proposal, "dropped"), proposal.questions) == (["not_kept_column"] * 2, [])


def test_what_somebody_says_it_means_is_read_and_told() -> None:
    proposal = sheets.of_text(UNKNOWN.replace("Rubriek C", "Netwerk"), answers=ANSWERS)
    assert [(person.name, person.email) for person in proposal.people] == [("Ann Aalders", "a@alfa.example")]
    assert [(item.field, item.kept) for item in proposal.items if item.code == "column_meaning"] == [
        ("Rubriek A", "person"),
        ("Rubriek B", "email"),
    ]


def test_the_next_list_of_the_programme_is_read_the_same_way_and_no_other_programmes(app: Flask) -> None:
    programme, named = make.programme(), ANSWERS | {question_id("column", "Rubriek C"): "network"}
    row = actions.receive(programme, [("l.csv", UNKNOWN.encode())], NOW)
    actions.answer(row, named, NOW)
    actions.complete(row, NOW)
    assert people(programme, {}) == [("Ann Aalders", "a@alfa.example")]
    assert people(make.programme(), {}) == []


def test_where_no_heading_says_organisation_it_is_asked_which_column_that_is() -> None:
    [question] = sheets.of_text(WHOSE).questions
    assert (question.code, question.options) == ("column_organisation", ("Xyz",))
    proposal = sheets.of_text(WHOSE, answers={question.question or "": "Xyz"})
    assert (list(sheets.members(proposal)["Kring"]), proposal.people[0].email) == (["Alfa"], "a@alfa.example")


def menus(page: str) -> dict[str, str]:
    """heading -> the meaning chosen in the menu over its column."""
    cells = re.findall(r'<span id="answer-[^"]*">([^<]*)</span>(.*?)</select>', page, re.DOTALL)
    chosen = {heading: re.search(r'<option value="(\w*)" selected>', options) for heading, options in cells}
    return {heading: found[1] if found else "" for heading, found in chosen.items()}


def test_each_column_has_a_menu_over_its_first_cells_and_can_be_left_out_again(app: Flask) -> None:
    programme = make.programme()
    client = make.browser(app, make.programme_manager(programme=programme))
    where = send(client, programme, ("l.csv", UNKNOWN.replace("Rubriek C", "Netwerk").encode()))
    page = client.get(where).text
    assert menus(page) == {"Organisatie": "organisation", "Rubriek A": "", "Rubriek B": "", "Netwerk": "network"}
    assert "<td>Ann Aalders</td>" in page
    client.post(f"{where}/answers", data={f"answer-{question}": field for question, field in ANSWERS.items()})
    assert menus(client.get(where).text)["Rubriek A"] == "person"
    client.post(f"{where}/answers", data={f"answer-{question}": "" for question in ANSWERS})
    assert menus(client.get(where).text)["Rubriek A"] == ""


LIKELY = "Netzwerk;Einrichtung;Unterwegs;Erreichbar\n" + "".join(
    f"Süd;Haus {n};{name};a{n}@haus.example\n" for n, name in enumerate(["Ann Bakker", "Jan Smit", "Eva Fuchs"])
)


def test_what_a_column_likely_means_is_chosen_and_marked_and_one_button_takes_it_all(app: Flask) -> None:
    programme = make.programme()
    client = make.browser(app, make.programme_manager(programme=programme))
    where = send(client, programme, ("l.csv", LIKELY.encode()))
    page = client.get(where).text
    assert (menus(page)["Unterwegs"], menus(page)["Erreichbar"]) == ("person", "email")
    assert page.count('<span class="you">proposed</span>') == 2
    client.post(f"{where}/answers", data={"proposals": "all"})
    page = client.get(where).text
    assert "3 people" in page
    assert '<span class="you">proposed</span>' not in page


def test_a_menu_left_as_it_was_says_nothing_of_what_is_sure(app: Flask) -> None:
    programme = make.programme()
    client = make.browser(app, make.programme_manager(programme=programme))
    where = send(client, programme, ("l.csv", LIKELY.encode()))
    data = {
        f"answer-{question_id('column', heading)}": field for heading, field in menus(client.get(where).text).items()
    }
    client.post(f"{where}/answers", data=data)
    [row] = db.session.scalars(select(Import))
    assert row.answers == {question_id("column", "Unterwegs"): "person", question_id("column", "Erreichbar"): "email"}
