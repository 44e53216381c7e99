"""Colours and lines through names are evidence: asked, never stored as a member with turns by themselves."""

from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

from app.importing.proposal import Item, Proposal
from tests import make
from tests.importing import sheets
from tests.importing.test_pages import send

YELLOW = PatternFill("solid", fgColor="FFFF00")
HEAD = ["Netwerk", "Organisatie", "Contactpersoon", "E-mail"]
ALL = ("Alfa", "Beta", "Gamma", "Delta", "Epsilon")
ROWS = [
    ["Oost", name, f"Ann {name}", f"ann@{name.lower()}.example"]
    for name in ("Alfa", "Beta", "Gamma", "Delta", "Epsilon")
]


def book(*, coloured: int = 0, struck: tuple[int, ...] = (), crosses: tuple[str, ...] = ()) -> Workbook:
    """Five members, one row of them yellow, or single cells of the second row struck through, and a matrix."""
    matrix = [["Organisatie", "Oost", "West"], *([name, "x", ""] for name in crosses), ["Zeta", "", "x"]]
    made = sheets.workbook(Leden=[HEAD, *ROWS], Matrix=matrix)
    for cell in made["Leden"][coloured] if coloured else ():
        cell.fill = YELLOW
    for column in struck:
        made["Leden"].cell(2, column).font = Font(strike=True)
    return made


def members(proposal: Proposal) -> list[str]:
    return list(sheets.members(proposal)["Oost"])


def asked(proposal: Proposal, code: str) -> Item:
    [item] = [item for item in proposal.questions if item.code == code]
    return item


def test_a_coloured_row_without_a_cross_is_asked_with_its_colour_and_not_stored() -> None:
    made = book(coloured=3, crosses=("Alfa", "Gamma", "Delta", "Epsilon"))
    proposal = sheets.of_workbook(made)
    question = asked(proposal, "coloured_without_cross")
    assert (question.found, question.about) == ("Beta", "Oost, yellow")
    assert "Beta" not in members(proposal)
    assert "Beta" not in proposal.organisations
    assert "Beta" in members(sheets.of_workbook(made, answers={question.question or "": "yes"}))


def test_a_coloured_row_with_its_cross_is_a_member_and_its_colour_is_told() -> None:
    proposal = sheets.of_workbook(book(coloured=3, crosses=ALL))
    assert members(proposal) == list(ALL)
    assert [(item.found, item.about) for item in proposal.items if item.code == "row_coloured"] == [("Oost", "yellow")]


def test_an_organisation_whose_name_alone_is_struck_through_is_asked() -> None:
    made = book(struck=(2,), crosses=ALL)
    proposal = sheets.of_workbook(made)
    assert asked(proposal, "row_struck_through").found == "Alfa"
    assert "Alfa" not in members(proposal)


def test_a_person_whose_name_is_struck_through_is_asked_and_the_organisation_stays() -> None:
    made = book(struck=(3,), crosses=ALL)
    proposal = sheets.of_workbook(made)
    question = asked(proposal, "person_struck_through")
    assert sheets.members(proposal)["Oost"]["Alfa"] == []
    answered = sheets.of_workbook(made, answers={question.question or "": "yes"})
    assert sheets.members(answered)["Oost"]["Alfa"] == ["Ann Alfa"]


def grid(*, coloured: tuple[str, ...] = (), struck: tuple[str, ...] = (), listed: bool = False) -> Workbook:
    """Five organisations, all but the last with a cross in "Oost", and cells that look unlike the others."""
    crosses = [[name, "x" if name != ALL[-1] else "", "" if name != ALL[-1] else "x"] for name in ALL]
    made = sheets.workbook(
        **({"Leden": [HEAD, *ROWS]} if listed else {}), Matrix=[["Organisatie", "Oost", "West"], *crosses]
    )
    for place in coloured:
        made["Matrix"][place].fill = YELLOW
    for place in struck:
        made["Matrix"][place].font = Font(strike=True)
    return made


@pytest.mark.parametrize(
    ("looks", "code", "found", "about"),
    [
        ({"coloured": ("B3",)}, "cross_coloured", "x", "Beta, Oost, yellow"),
        ({"struck": ("B3",)}, "cross_struck_through", "x", "Beta, Oost"),
        ({"struck": ("A3",)}, "row_struck_through", "Beta", ""),
    ],
)
def test_a_cross_that_looks_unlike_the_others_is_no_member_until_somebody_says_so(
    looks: dict[str, tuple[str, ...]], code: str, found: str, about: str
) -> None:
    proposal = sheets.of_workbook(grid(**looks))  # type: ignore[arg-type]
    question = asked(proposal, code)
    assert (question.found, question.about) == (found, about)
    assert members(proposal) == ["Alfa", "Gamma", "Delta"]
    assert "Beta" not in proposal.organisations
    answered = sheets.of_workbook(grid(**looks), answers={question.question or "": "yes"})  # type: ignore[arg-type]
    assert members(answered) == list(ALL[:4])


def test_an_empty_cell_of_a_grid_with_a_colour_is_asked_with_its_colour() -> None:
    made = grid(coloured=("C3",))
    proposal = sheets.of_workbook(made)
    question = asked(proposal, "coloured_without_cross")
    assert (question.found, question.about) == ("Beta", "West, yellow")
    assert list(sheets.members(proposal)["West"]) == ["Epsilon"]
    answered = sheets.of_workbook(made, answers={question.question or "": "yes"})
    assert list(sheets.members(answered)["West"]) == ["Epsilon", "Beta"]


def test_a_member_of_a_list_whose_cross_is_struck_through_is_asked() -> None:
    made = grid(struck=("B3",), listed=True)
    proposal = sheets.of_workbook(made)
    question = asked(proposal, "cross_struck_through")
    assert "Beta" not in members(proposal)
    answered = sheets.of_workbook(made, answers={question.question or "": "yes"})
    assert sheets.members(answered)["Oost"]["Beta"] == ["Ann Beta"]


def test_a_coloured_cross_of_a_member_of_the_list_is_told_with_its_colour() -> None:
    proposal = sheets.of_workbook(grid(coloured=("B3",), listed=True))
    assert "Beta" in members(proposal)
    assert [(each.action, each.about) for each in proposal.items if each.code == "cell_coloured"] == [
        ("told", "Beta, yellow")
    ]


@pytest.mark.parametrize(
    "coloured", [("B1", "B2", "B3", "B4", "B5", "B6"), ("A3", "B3", "C3"), ("B2", "B3", "B4", "B5")], ids=str
)
def test_a_colour_of_a_whole_row_or_column_of_the_grid_is_no_evidence_about_a_cell(coloured: tuple[str, ...]) -> None:
    proposal = sheets.of_workbook(grid(coloured=coloured))
    assert proposal.questions == []
    assert members(proposal) == list(ALL[:4])


@pytest.mark.parametrize(("language", "words"), [("nl", "Oost, geel"), ("de", "Oost, gelb"), ("en", "Oost, yellow")])
def test_the_colour_is_named_in_the_readers_language(app: Flask, language: str, words: str) -> None:
    programme = make.programme()
    client = make.browser(app, make.programme_manager(programme=programme, language=language))
    content: Any = sheets.saved(book(coloured=3, crosses=("Alfa", "Gamma", "Delta", "Epsilon")))
    assert words in client.get(send(client, programme, ("leden.xlsx", content))).text
