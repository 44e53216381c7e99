"""Sheets that others have edited for years, and what a careful secretary would have entered."""

from openpyxl import Workbook

from tests.importing import sheets

HEAD = ("Organisatie", "Naam", "Mail", "Netwerk")
ANN = ("Alfa", "Ann Aalders", "a@alfa.example", "Kring")
BOB = ("Beta", "Bob Bos", "b@beta.example", "Kring")
BOTH = {"Kring": {"Alfa": ["Ann Aalders"], "Beta": ["Bob Bos"]}}


def book(*rows: tuple[object, ...]) -> Workbook:
    return sheets.workbook(Leden=rows)


def test_two_rows_of_headings_the_upper_one_merged() -> None:
    rows = [
        ("Ledenlijst 2027",),
        (),
        ("Organisatie", "Contactpersoon", None, "Netwerk"),
        (None, "Naam", "E-mail"),
        ANN,
        BOB,
    ]
    made = book(*rows)
    made.worksheets[0].merge_cells("A3:A4")
    made.worksheets[0].merge_cells("B3:C3")
    proposal = sheets.of_workbook(made)
    assert (sheets.members(proposal), [p.email for p in proposal.people]) == (BOTH, [ANN[2], BOB[2]])
    assert proposal.questions == []


def test_headings_that_stand_again_between_the_rows_are_no_organisation() -> None:
    proposal = sheets.of_workbook(book(HEAD, ANN, HEAD, BOB))
    assert (sheets.members(proposal), sheets.codes(proposal, "ignored")) == (BOTH, ["row_headings"])


def test_blocks_with_a_title_each_are_networks() -> None:
    proposal = sheets.of_workbook(book(("Kring Oost",), HEAD[:3], ANN[:3], (), ("Kring West",), HEAD[:3], BOB[:3]))
    assert sheets.members(proposal) == {"Kring Oost": {"Alfa": ["Ann Aalders"]}, "Kring West": {"Beta": ["Bob Bos"]}}
    assert proposal.questions == []


def test_notes_below_a_list_are_no_organisations() -> None:
    made = book(HEAD, ANN, BOB, (), ("* = nieuw dit jaar",), ("Laatst bijgewerkt 3-2-2026",), ("Stand: 1.2.2026",))
    made.worksheets[0].merge_cells("A7:D7")
    proposal = sheets.of_workbook(made)
    assert (sheets.members(proposal), sheets.codes(proposal, "ignored", "asked")) == (BOTH, ["row_note"] * 3)


def test_totals_by_formula_with_and_without_a_result_are_passed_over() -> None:
    rows = [
        (*HEAD, "Zaal", "Cap."),
        (*ANN, "Serre", 20),
        (None, None, None, None, "Totaal", 20),
        ("Totaal", "=SUM(F2:F2)"),
    ]
    proposal = sheets.of_workbook(book(*rows))
    assert ([room.name for room in proposal.rooms], sheets.codes(proposal, "ignored")) == (["Serre"], ["row_total"] * 2)


def test_a_vacancy_is_nobody_and_nobody_is_asked_for_an_address() -> None:
    rows = [("Gamma", "vacature"), ("Delta", "N.N."), ("Epsilon", "-"), ("Zeta", "?")]
    proposal = sheets.of_workbook(book(HEAD, ANN, BOB, *((*row, None, "Kring") for row in rows)))
    assert [person.name for person in proposal.people] == ["Ann Aalders", "Bob Bos"]
    assert (len(proposal.memberships), proposal.questions) == (6, [])


def test_several_networks_in_one_cell_where_each_stands_elsewhere() -> None:
    rows = [(*ANN[:3], "Kring, Groep"), BOB, ("Gamma", "Cor Smit", "c@gamma.example", "Groep")]
    proposal = sheets.of_workbook(book(HEAD, *rows))
    assert sheets.members(proposal) == BOTH | {"Groep": {"Alfa": ["Ann Aalders"], "Gamma": ["Cor Smit"]}}
    assert len(proposal.people) == 3


def test_a_name_with_a_comma_that_is_no_list_of_networks_stays_whole() -> None:
    proposal = sheets.of_workbook(book(HEAD, (*ANN[:3], "Zorg, Wonen en Welzijn")))
    assert list(sheets.members(proposal)) == ["Zorg, Wonen en Welzijn"]


def test_never_away_is_no_question() -> None:
    rows = "".join(f"Huis {n};{word}\n" for n, word in enumerate(["-", "geen", "n.v.t.", "keine", "nee"]))
    proposal = sheets.of_text("Organisatie;Wanneer niet\n" + rows)
    assert (proposal.absences, proposal.questions) == ([], [])


def test_an_empty_first_column_and_signs_in_headings_change_nothing() -> None:
    proposal = sheets.of_workbook(
        book((None, "Organisatie\u00a0", "Naam*", "E-mail:", "Netwerk"), (None, *ANN), (None, *BOB))
    )
    assert (sheets.members(proposal), proposal.questions) == (BOTH, [])
