"""One organisation in several spellings: proposed for merging, asked once, never merged silently."""

import pytest

from app.importing.cells.organisation_names import Directory
from tests.importing import sheets

HEAD = "Organisatie;Naam;Netwerk\n"
FIVE = (
    "Stichting De Vlierhof",
    "De Vlierhof",
    "Vlierhof Zorggroep",
    "Stichting De Vlier-hof",
    "Stichting De Vlierhoff",
)


def listed(*names: str) -> str:
    return HEAD + "".join(f"{name};Ann {n};Kring\n" for n, name in enumerate(names))


def test_five_spellings_are_four_questions_and_one_organisation_when_answered() -> None:
    questions = sheets.of_text(listed(*FIVE)).questions
    assert [question.found for question in questions] == list(FIVE[1:])
    assert all(FIVE[0] in question.options for question in questions)
    answers = {question.question or "": FIVE[0] for question in questions}
    merged = sheets.of_text(listed(*FIVE), answers=answers)
    assert sheets.members(merged) == {"Kring": {FIVE[0]: [f"Ann {n}" for n in range(5)]}}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Caritas Ulm e.V.", "Caritas Ulm gGmbH"),
        ("Zorggroep Twenterand", "Stichting Twenterand"),
        ("Haus Sankt Anna", "St. Anna Pflege"),
        ("Müller Pflege", "Mueller Pflege"),
        ("Ziekenhuis Gelderse Vallei", "ZGV"),
        ("Oostbrabant Wonen", "Oost-Brabant Wonen"),
        ("Аlfa Thuis", "Alfa Thuis"),
        ("Stichting Vlierenberg", "Stichting Vlierenburg"),
    ],
)
def test_of_two_that_look_alike_only_the_second_is_asked_and_one_answer_stores_both(first: str, second: str) -> None:
    [question] = sheets.of_text(listed(first, second)).questions
    assert (question.found, question.proposal, question.options) == (second, first, (first, second))
    apart = sheets.of_text(listed(first, second), answers={question.question or "": second})
    assert (list(sheets.members(apart)["Kring"]), apart.questions) == ([first, second], [])


@pytest.mark.parametrize(
    ("first", "second"),
    [("Locatie 11", "Locatie 12"), ("Haus A", "Haus B"), ("Zorggroep Oost", "Zorggroep West"), ("Stichting", "Zorg")],
)
def test_names_that_differ_in_what_tells_them_apart_are_two(first: str, second: str) -> None:
    assert sheets.of_text(listed(first, second)).questions == []


def test_what_was_said_to_be_the_same_is_so_in_other_sheets_too() -> None:
    book = sheets.workbook(
        Leden=[("Organisatie", "Netwerk"), ("Zorggroep Linde", "Kring"), ("Stichting Linde", "Kring")],
        Zalen=[("Organisatie", "Zaal", "Cap."), ("Stichting Linde", "Serre", 12)],
    )
    [question] = sheets.of_workbook(book).questions
    proposal = sheets.of_workbook(book, answers={question.question or "": "Zorggroep Linde"})
    assert [(name, len(o.rooms)) for name, o in proposal.organisations.items()] == [("Zorggroep Linde", 1)]


def test_in_other_sheets_a_name_that_differs_in_a_general_word_is_asked_and_not_taken() -> None:
    book = sheets.workbook(
        Leden=[("Organisatie", "Netwerk"), ("Zorggroep Linde", "Kring")],
        Zalen=[("Organisatie", "Zaal", "Cap."), ("Stichting Linde", "Serre", 12)],
    )
    proposal = sheets.of_workbook(book)
    assert ([q.proposal for q in proposal.questions], proposal.rooms) == (["Zorggroep Linde"], [])


def test_looking_for_names_alike_stays_quick_in_a_large_directory() -> None:
    directory = Directory(f"Stichting Zorg {n} Groep Oost" for n in range(5_000))
    assert directory.alike("Zorggroep 17 Oost") == ["Stichting Zorg 17 Groep Oost"]
