"""Days as people write them in lists: several in a row, quarters, holidays by name, a week of a month."""

from datetime import date

import pytest

from app.importing.cells.days import Period, month, periods
from app.importing.cells.named_periods import proposed, school_holidays_named
from app.importing.cells.spelling_days import spelled_out
from app.importing.files.sheet import Cell
from app.importing.proposal import Proposal
from tests.importing import sheets


def absent(text: str) -> list[str]:
    return [str(period) for period in periods(Cell(text), 2027).value]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1. Quartal", ["2027-01-01/2027-03-31"]),
        ("Q2 2028", ["2028-04-01/2028-06-30"]),
        ("3e kwartaal", ["2027-07-01/2027-09-30"]),
        ("Karneval 4.-9.2.", ["2027-02-04/2027-02-09"]),
        ("Kieler Woche (19.-27.06.)", ["2027-06-19/2027-06-27"]),
        ("10./11./12. Mai", ["2027-05-10", "2027-05-11", "2027-05-12"]),
        ("3 en 4 maart", ["2027-03-03", "2027-03-04"]),
        ("3./4. März und 12. Mai", ["2027-03-03", "2027-03-04", "2027-05-12"]),
        ("KW 23", ["2027-06-07/2027-06-13"]),
        ("31-6-2027", []),
        ("24.12.-6.1.", ["2027-12-24/2028-01-06"]),
    ],
)
def test_days_are_read_as_people_write_them(text: str, days: list[str]) -> None:
    assert absent(text) == days


@pytest.mark.parametrize("text", ["n. V.", "nach Vereinbarung", "in overleg"])
def test_by_arrangement_is_no_absence_and_told(text: str) -> None:
    read = periods(Cell(text), 2027)
    assert (read.value, read.action, read.code) == ((), "told", "period_arranged")


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("eerste week van juni", "2027-05-31/2027-06-06"),
        ("letzte Woche im August", "2027-08-23/2027-08-29"),
        ("erste Juniwoche", "2027-05-31/2027-06-06"),
        ("2nd week of May", "2027-05-10/2027-05-16"),
    ],
)
def test_a_week_of_a_month_is_proposed_and_not_taken_for_the_month(text: str, week: str) -> None:
    assert (absent(text), proposed(text, 2027)) == ([], week)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Osterferien BW", date(2027, 3, 25), date(2027, 4, 3)),
        ("Sommerferien Bayern", date(2027, 8, 2), date(2027, 9, 13)),
        ("meivakantie regio Zuid", date(2027, 4, 24), date(2027, 5, 2)),
    ],
)
def test_school_holidays_of_a_region_are_known_by_name(text: str, first: date, last: date) -> None:
    assert school_holidays_named(text, 2027, None) == [Period(first, last)]


def test_school_holidays_without_a_region_are_those_of_the_organisation_or_none() -> None:
    assert school_holidays_named("Sommerferien", 2027, "DE-BY") == school_holidays_named("Sommerferien BY", 2027, None)
    assert school_holidays_named("Sommerferien", 2027, None) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("01/2026", date(2026, 1, 1)),
        ("Januar 2026", date(2026, 1, 1)),
        ("sinds maart 2024", date(2024, 3, 1)),
        ("jan '26", date(2026, 1, 1)),
        ("2019", date(2019, 1, 1)),
        ("12-3-2026", None),
        ("ooit", None),
    ],
)
def test_a_month_or_a_year_is_enough_for_when_somebody_joined(text: str, first: date | None) -> None:
    assert month(Cell(text)) == first


def members(cell: str) -> Proposal:
    return sheets.of_text(f"Netzwerk;Einrichtung;Bundesland;Geht nicht;Mitglied seit\nSüd;Alfa;Bayern;{cell}\n")


def test_what_was_understood_is_told_and_stored_in_a_list() -> None:
    proposal = members("Sommerferien;01/2026")
    assert [str(absence.period) for absence in proposal.absences] == ["2027-08-02/2027-09-13"]
    assert proposal.memberships[0].joined == date(2026, 1, 1)
    assert {"period_holidays", "date_month"} <= set(sheets.codes(proposal, "told"))


def test_what_was_not_understood_is_asked_with_the_sentence_it_stood_in() -> None:
    [question] = members("eigentlich immer Anfang März;").questions
    assert (question.code, question.found) == ("period_unclear", "eigentlich immer Anfang März")


def test_days_without_a_year_are_of_the_year_of_the_other_days_of_the_list() -> None:
    rows = "Süd;Alfa;3.5.2028\nSüd;Beta;KW 10\nSüd;Gamma;4.5.2028\n"
    proposal = sheets.of_text(f"Netzwerk;Einrichtung;Geht nicht\n{rows}")
    assert proposal.year == 2028
    assert str(proposal.organisations["Beta"].absences[0].period) == "2028-03-06/2028-03-12"


def test_a_cell_of_thousands_of_figures_is_asked_and_read_no_further_than_a_month_has_days() -> None:
    assert periods(Cell("1," * 2_000), 2027).action == "asked"
    assert spelled_out("1," * 2_000 + "2 Mai", 2027).endswith("1 Mai; 2 Mai")
