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


@pytest.mark.parametrize(("language", "words"), [("nl", "Oost, geel"), ("de", "Oost, gelb"), ("en", "Oost, yellow")])
def test_the_colour_is_named_in_the_readers_language(app: Flask, language: str, words: str) -> None:
    programme = make.programme()
    client = make.browser(app, make.programme_manager(programme=programme, language=language))
    content: Any = sheets.saved(book(coloured=3, crosses=("Alfa", "Gamma", "Delta", "Epsilon")))
    assert words in client.get(send(client, programme, ("leden.xlsx", content))).text
