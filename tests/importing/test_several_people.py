"""Several columns of one meaning: further people, further networks and days, or a second value that is told."""

import pytest

from app.importing.proposal import Proposal
from tests.importing import sheets

ANN, BOB = ("Ann Bakker", "ann@alfa.example"), ("Bob Cools", "bob@alfa.example")


def people(content: str) -> list[tuple[str, str | None]]:
    return [(person.name, person.email) for person in sheets.of_text(content).people]


def told(proposal: Proposal, code: str) -> list[tuple[str, str | None]]:
    return [(item.field, item.found) for item in proposal.items if item.code == code]


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        ("Contactpersoon;E-mail;Contactpersoon;E-mail", "Ann Bakker;ann@alfa.example;Bob Cools;bob@alfa.example"),
        ("E-Mail;Name;E-Mail;Name", "ann@alfa.example;Ann Bakker;bob@alfa.example;Bob Cools"),
        ("Contact 1;Contact 2;E-mail 1;E-mail 2", "Ann Bakker;Bob Cools;ann@alfa.example;bob@alfa.example"),
        ("Name;Name;E-Mail;E-Mail", "Ann Bakker;Bob Cools;ann@alfa.example;bob@alfa.example"),
        ("Kontakt;Vertretung;E-Mail;E-Mail Vertretung", "Ann Bakker;Bob Cools;ann@alfa.example;bob@alfa.example"),
        ("Kontakt;Vertretung;E-Mail Vertretung;E-Mail", "Ann Bakker;Bob Cools;bob@alfa.example;ann@alfa.example"),
        (
            "Vorname;Nachname;E-Mail;Vorname;Nachname;E-Mail",
            "Ann;Bakker;ann@alfa.example;Bob;Cools;bob@alfa.example",
        ),
        (
            "Contactpersoon;E-mail;Tweede contactpersoon;Mail tweede contactpersoon",
            "Ann Bakker;ann@alfa.example;Bob Cools;bob@alfa.example",
        ),
    ],
)
def test_each_person_of_a_row_has_their_own_address(headings: str, cells: str) -> None:
    assert people(f"Netwerk;Organisatie;{headings}\nOost;Alfa;{cells}\n") == [ANN, BOB]


def test_of_two_rows_of_headings_the_upper_one_says_whose_the_lower_ones_are() -> None:
    upper, lower = "Netzwerk;Einrichtung;Ansprechperson;;Vertretung;", ";;Name;E-Mail;Name;E-Mail"
    content = f"{upper}\n{lower}\nOst;Alfa;Ann Bakker;ann@alfa.example;Bob Cools;bob@alfa.example\n"
    assert people(content) == [ANN, BOB]


def test_one_address_beside_two_names_is_the_first_ones() -> None:
    content = "Netwerk;Organisatie;Contact;Vervanger;E-mail\nOost;Alfa;Ann Bakker;Bob Cools;ann@alfa.example\n"
    assert people(content) == [ANN, ("Bob Cools", None)]


def test_of_phone_and_mobile_the_first_that_says_something_is_kept_and_the_other_told() -> None:
    rows = "Care;Alfa;Ann Bakker;;06 1234567\nCare;Beta;Bob Cools;038 1234567;06 7654321\n"
    proposal = sheets.of_text(f"Network;Organisation;Contact;Phone;Mobile\n{rows}")
    assert [person.phone for person in proposal.people] == ["06 1234567", "038 1234567"]
    assert told(proposal, "second_value") == [("Mobile", "06 7654321")]


def test_town_and_branch_are_one_value_of_which_the_other_is_told() -> None:
    content = "Netwerk;Organisatie;Plaats;Vestigingsplaats\nOost;Alfa;Zwolle;Kampen\nOost;Beta;;Ede\n"
    proposal = sheets.of_text(content)
    assert [o.town for o in proposal.organisations.values()] == ["Zwolle", "Ede"]
    assert told(proposal, "second_value") == [("Vestigingsplaats", "Kampen")]


def test_days_that_do_not_suit_are_taken_from_all_their_columns() -> None:
    content = "Netwerk;Organisatie;Verhinderd;Verhinderd 2\nOost;Alfa;3-5-2027;10-5-2027\n"
    assert len(sheets.of_text(content).absences) == 2


def test_numbered_networks_are_two_and_a_group_beside_a_network_is_none() -> None:
    numbered = sheets.of_text("Netwerk 1;Netwerk 2;Organisatie\nOost;West;Alfa\n")
    grouped = sheets.of_text("Netwerk;Groep;Organisatie\nOost;West;Alfa\n")
    assert list(sheets.members(numbered)) == ["Oost", "West"]
    assert list(sheets.members(grouped)) == ["Oost"]
    assert told(grouped, "second_value") == [("Groep", "West")]


def test_a_column_without_a_heading_is_named_as_a_spreadsheet_names_it() -> None:
    proposal = sheets.of_text("Netwerk;Organisatie;\nOost;Alfa;iets\nOost;Beta;\n")
    assert told(proposal, "not_kept_column") == [("[C]", None)]


def test_what_a_list_has_no_place_for_is_named_and_can_be_mapped() -> None:
    proposal = sheets.of_text("Netwerk;Organisatie;Thema\nOost;Alfa;Onboarding\n")
    [item] = [item for item in proposal.items if item.code == "column_unused"]
    assert (item.field, item.action, item.question) == ("Thema", "dropped", proposal.tables[0].columns[2].question)


def test_another_row_that_says_something_else_is_told() -> None:
    content = "Netwerk;Organisatie;Plaats;Telefoon;Contact\nOost;Alfa;Zwolle;1234567;Ann Bakker\n"
    proposal = sheets.of_text(content + "Oost;Alfa;Kampen;7654321;Ann Bakker\n")
    assert told(proposal, "said_before") == [("Plaats", "Kampen"), ("Telefoon", "7654321")]


def test_seats_without_a_room_are_the_organisations_own_room() -> None:
    proposal = sheets.of_text("Netwerk;Organisatie;Plätze;Rollstuhl\nOst;Alfa;25;ja\n")
    assert [(room.name, room.seats, room.wheelchair) for room in proposal.rooms] == [("Alfa", 25, True)]


def test_a_second_column_of_names_under_a_strange_heading_is_proposed_as_people_too() -> None:
    names = [("Ann Bakker", "Jan Smit"), ("Eva Fuchs", "Bob Cools"), ("Peter Vos", "Anna Klein")]
    rows = "".join(f"Oost;Huis {n};{first};{second}\n" for n, (first, second) in enumerate(names))
    content = f"Netwerk;Organisatie;Contactpersoon;Achtervang\n{rows}"
    [question] = sheets.of_text(content).questions
    assert (question.field, question.proposal) == ("Achtervang", "person")
    proposal = sheets.of_text(content, answers={question.question or "": "person"})
    assert [person.name for person in proposal.people] == [name for pair in names for name in pair]
