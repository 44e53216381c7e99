"""A second import of a changed sheet: new, changed and gone, asked and undone."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.importing import actions
from app.importing.models import Import
from app.importing.personal import forget
from app.networks.models import Contact, Membership, Network, Programme, Room
from app.people.models import Person
from tests import make
from tests.importing.test_importing import LATER, NOW, imported
from tests.importing.test_pages import send

HEAD = "Organisatie;Contactpersoon;E-mail;Netwerk;Zaal;Cap.\n"
ALFA = "Alfa;Ann Aalders;a@alfa.example;Kring;De Serre;20\n"
BETA = "Beta;Bob de Boer;b@beta.example;Kring;;\n"
GAMMA = "Gamma;Cor Smit;c@gamma.example;Kring;;\n"


@pytest.fixture
def programme(app: Flask) -> Programme:
    made = make.programme()
    imported(made, ("leden.csv", (HEAD + ALFA + BETA).encode()))
    return made


def again(programme: Programme, content: str, **by_code: str) -> Import:
    """Import it, each question of a code answered with the same word."""
    row = actions.receive(programme, [("leden.csv", (HEAD + content).encode())], LATER)
    questions = actions.proposal_of(row, LATER).questions
    actions.answer(row, {q.question: by_code[q.code] for q in questions if q.code in by_code}, NOW)
    actions.complete(row, LATER)
    return row


def left() -> dict[str, date | None]:
    return {m.organisation.name: m.left for m in db.session.scalars(select(Membership))}


def seats() -> list[int | None]:
    return list(db.session.scalars(select(Room.seats)))


def report(row: Import) -> dict[str, Any]:
    assert row.report is not None
    return row.report


def test_the_same_sheet_again_differs_in_nothing(programme: Programme) -> None:
    row = actions.receive(programme, [("leden.csv", (HEAD + ALFA + BETA).encode())], LATER)
    proposal, comparison = actions.compared(row, LATER)
    assert (proposal.questions, bool(comparison)) == ([], False)


def test_a_changed_sheet_shows_what_is_new_different_and_gone(programme: Programme) -> None:
    changed = HEAD + ALFA.replace(";20", ";24") + GAMMA
    row = actions.receive(programme, [("leden.csv", changed.encode())], LATER)
    _proposal, comparison = actions.compared(row, LATER)
    assert comparison.new == ["Kring: Gamma"]
    assert comparison.changed == ["Alfa, De Serre: 20 → 24"]
    assert comparison.gone == ["Kring: Beta"]


def test_nobody_leaves_and_nothing_changes_until_it_is_answered(programme: Programme) -> None:
    row = again(programme, ALFA.replace(";20", ";24"))
    assert (left(), seats(), report(row)["open"]) == ({"Alfa": None, "Beta": None}, [20], 2)


def test_whoever_left_has_a_last_day_and_the_file_counts_when_told(programme: Programme) -> None:
    row = again(programme, ALFA.replace(";20", ";24"), membership_gone="2027-01-31", value_changed="file")
    assert (left(), seats(), report(row)["open"]) == ({"Alfa": None, "Beta": date(2027, 1, 31)}, [24], 0)


def test_what_was_decided_is_undone_with_the_import(programme: Programme) -> None:
    row = again(programme, ALFA.replace(";20", ";24"), membership_gone="2027-01-31", value_changed="file")
    [network] = db.session.scalars(select(Network))
    revision = network.revision
    actions.undo(row, LATER)
    assert (left(), seats(), network.revision > revision) == ({"Alfa": None, "Beta": None}, [20], True)


def test_undoing_leaves_what_was_edited_since(programme: Programme) -> None:
    row = again(programme, ALFA.replace(";20", ";24") + BETA, value_changed="file")
    db.session.scalars(select(Room)).one().seats = 30
    actions.undo(row, LATER)
    assert seats() == [30]


def test_a_no_is_remembered(programme: Programme) -> None:
    again(programme, ALFA, membership_gone="no")
    row = again(programme, ALFA)
    assert (left(), report(row)["open"]) == ({"Alfa": None, "Beta": None}, 0)


def test_another_list_of_a_network_makes_nobody_gone(programme: Programme) -> None:
    row = actions.receive(programme, [("nieuw.csv", (HEAD + GAMMA).encode())], NOW)
    assert actions.compared(row, NOW)[1].gone == []


def test_the_preview_lists_it_and_asks(app: Flask, programme: Programme) -> None:
    client = make.browser(app, make.programme_manager(programme=programme))
    page = client.get(send(client, programme, ("leden.csv", (HEAD + ALFA + GAMMA).encode()))).text
    assert "Compared with what is here" in page
    assert "Beta is no longer in this list (Kring). Has it left?" in page


def people() -> list[str]:
    return sorted(contact.person.name for contact in db.session.scalars(select(Contact)))


def test_a_contact_who_is_gone_is_asked_about_and_stays_until_somebody_says_so(programme: Programme) -> None:
    other = ALFA.replace("Ann Aalders;a@", "Cor Smit;c@")
    row = again(programme, other + BETA)
    assert report(row)["compared"]["gone"] == ["Kring: Ann Aalders (Alfa)"]
    assert people() == ["Ann Aalders", "Bob de Boer", "Cor Smit"]


def test_a_contact_who_left_goes_and_comes_back_with_undo(programme: Programme) -> None:
    row = again(programme, ALFA.replace("Ann Aalders;a@", "Cor Smit;c@") + BETA, contact_gone="yes")
    assert people() == ["Bob de Boer", "Cor Smit"]
    actions.undo(row, LATER)
    assert people() == ["Ann Aalders", "Bob de Boer"]


def test_another_name_under_the_same_address_is_asked_about(programme: Programme) -> None:
    renamed = ALFA.replace("Ann Aalders", "Ann van Dam") + BETA
    row = again(programme, renamed)
    assert (report(row)["compared"]["changed"], people()[0]) == (["Alfa: Ann Aalders → Ann van Dam"], "Ann Aalders")
    row = again(programme, renamed, value_changed="file")
    assert (people()[0], report(row)["open"]) == ("Ann van Dam", 0)
    actions.undo(row, LATER)
    assert people()[0] == "Ann Aalders"


def test_the_report_lists_what_is_new(programme: Programme) -> None:
    row = again(programme, ALFA + BETA + GAMMA)
    assert report(row)["compared"] == {"new": ["Kring: Gamma"], "changed": [], "gone": []}


def test_who_leaves_takes_former_names_along(programme: Programme) -> None:
    row = again(programme, ALFA.replace("Ann Aalders", "Ann van Dam") + BETA, value_changed="file")
    forget(db.session.scalars(select(Person).where(Person.email == "a@alfa.example")).one(), [programme.id])
    assert "Aalders" not in str(row.created)
