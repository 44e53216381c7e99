"""One cell at a time: addresses, places, yes and no, names, days and periods."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importing.cells import mail_addresses, person_names, values
from app.importing.cells.days import day, periods
from app.importing.cells.values import Read
from app.importing.files.sheet import Cell


@pytest.mark.parametrize(
    ("written", "value", "action"),
    [
        ("ann@alfa.example", "ann@alfa.example", ""),
        (" Ann@Alfa.Example\u00a0", "ann@alfa.example", "repaired"),
        ("mailto:ann@alfa.example", "ann@alfa.example", "told"),
        ("Ann Aalders <ann@alfa.example>", "ann@alfa.example", "told"),
        ("ann @ alfa.example", "ann@alfa.example", "told"),
        ("ann@alfa,example", None, "asked"),
        ("ann@alfa.example; bob@alfa.example", None, "asked"),
        ("ann at alfa.example", None, "asked"),
        ("jörg@alfa.example", None, "asked"),
        ("volgt", None, "asked"),
        ("", None, "asked"),
    ],
)
def test_addresses(written: str, value: str | None, action: str) -> None:
    read = mail_addresses.email(Cell(written))
    assert (read.value, read.action) == (value, action)


def test_a_slip_in_an_address_is_proposed_the_way_it_was_meant() -> None:
    assert mail_addresses.email(Cell("ann@alfa,example")).proposal == "ann@alfa.example"


def test_an_address_may_stand_only_in_the_link() -> None:
    assert mail_addresses.email(Cell("mail", link="mailto:Ann@alfa.example?subject=x")).value == "ann@alfa.example"


@pytest.mark.parametrize(
    ("written", "value", "action"),
    [
        (16, 16, ""),
        (16.0, 16, ""),
        ("16", 16, ""),
        ("16 pers.", 16, "told"),
        ("max 18", 18, "told"),
        ("±20", 20, "told"),
        ("12-14", 12, "told"),
        ("n.v.t. (online)", None, "told"),
        ("keine", None, "told"),
        ("-", None, "told"),
        ("genoeg", None, "asked"),
        (0, None, "asked"),
        ("", None, ""),
    ],
)
def test_numbers_of_places(written: object, value: int | None, action: str) -> None:
    read = values.seats(Cell(written))
    assert (read.value, read.action) == (value, action)


@pytest.mark.parametrize(
    ("written", "value", "action"),
    [
        ("ja ", True, ""),
        ("J", True, ""),
        ("nein", False, ""),
        (True, True, ""),
        ("X", True, "told"),
        ("ja, na de zomer", True, "told"),
        ("?", None, "asked"),
        ("weet niet", None, "asked"),
        ("", None, ""),
    ],
)
def test_yes_and_no(written: object, value: bool | None, action: str) -> None:
    read = values.yes_no(Cell(written))
    assert (read.value, read.action) == (value, action)


def test_a_cross_where_crosses_are_usual_is_nothing_to_tell() -> None:
    assert values.yes_no(Cell("x"), crosses_usual=True) == Read(True)


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Wilma El Amrani", ("Wilma", "El Amrani")),
        ("Koen van ’t Hof", ("Koen", "van ’t Hof")),
        ("Jan Willem de Vries", ("Jan Willem", "de Vries")),
        ("Uitslag, Wim", ("Wim", "Uitslag")),
        ("Vries, Jan de", ("Jan", "de Vries")),
        ("Joost op den Kamp", ("Joost", "op den Kamp")),
        ("Ann", ("Ann", "")),
        ("", ("", "")),
    ],
)
def test_names_of_people(written: str, parts: tuple[str, str]) -> None:
    assert person_names.split(written) == parts


def test_forms_of_address_are_left_out() -> None:
    assert person_names.without_form_of_address("Mevr. dr. Ann Aalders") == "dr. Ann Aalders"


def test_a_name_is_the_same_without_accents_case_and_signs() -> None:
    assert person_names.key("  Hénk KERSTEN") == person_names.key("Henk Kersten")


def test_letters_beyond_latin_1_survive_composed() -> None:
    assert values.plain(Cell("Łukasz C\u0327elik Ωμέγα")).value == "Łukasz Çelik Ωμέγα"


def test_control_and_direction_signs_go() -> None:
    assert values.plain(Cell("Alfa\x00\u202e\u200f Zorg")).value == "Alfa Zorg"


def test_a_formula_is_kept_as_text_and_told() -> None:
    read = values.plain(Cell('=HYPERLINK("https://phish.example";"De Serre")'))
    assert (str(read.value)[:10], read.action) == ("=HYPERLINK", "told")


@pytest.mark.parametrize(
    ("written", "value", "action"),
    [
        (datetime(2026, 2, 12), date(2026, 2, 12), "repaired"),
        ("2026-02-12", date(2026, 2, 12), "repaired"),
        ("9-4-2026", date(2026, 4, 9), "told"),
        ("9.4.26", date(2026, 4, 9), "told"),
        ("11 jun '26", date(2026, 6, 11), "told"),
        ("5. März 2026", date(2026, 3, 5), "told"),
        ("do 12/11", date(2026, 11, 12), "told"),
        (46275, date(2026, 9, 10), "told"),
        ("46275", date(2026, 9, 10), "told"),
        ("wk 12", None, "asked"),
        ("ma 12/11", None, "asked"),
        ("begin juni", None, "asked"),
        ("31-6-2026", None, "refused"),
        ("13/25/2026", None, "refused"),
    ],
)
def test_days(written: object, value: date | None, action: str) -> None:
    read = day(Cell(written), 2026)
    assert (read.value, read.action) == (value, action)


def test_a_serial_number_counts_from_1904_in_such_a_workbook() -> None:
    assert day(Cell(44813), 2026, since_1904=True).value == date(2026, 9, 10)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("week 8", "2027-02-22/2027-02-28"),
        ("KW 30–35", "2027-07-26/2027-09-05"),
        ("wk 53", "2026-12-28/2027-01-03"),
        ("wk 1", "2027-01-04/2027-01-10"),
        ("mei", "2027-05-01/2027-05-31"),
        ("mrt-aug", "2027-03-01/2027-08-31"),
        ("19. bis 23. April", "2027-04-19/2027-04-23"),
        ("audit 15-19 nov", "2027-11-15/2027-11-19"),
        ("1 t/m 5-3-2027", "2027-03-01/2027-03-05"),
        ("20 dec - 3 jan", "2027-12-20/2028-01-03"),
        ("zomervakantie (12 juli t/m 20 aug)", "2027-07-12/2027-08-20"),
        ("elke woensdag", "weekday 2"),
        ("dienstags", "weekday 1"),
        ("elke vrijdag in mei", "2027-05-01/2027-05-31 weekday 4"),
        ("geen zaal in juni", "2027-06-01/2027-06-30 host"),
        ("1-3-2027, 5-4-2027", "2027-03-01; 2027-04-05"),
        ("2027-02-22/2027-02-28", "2027-02-22/2027-02-28"),
        ("3 oktober (Leidens ontzet)", "2027-10-03"),
    ],
)
def test_periods(written: str, found: str) -> None:
    assert "; ".join(map(str, periods(Cell(written), 2027).value)) == found


@pytest.mark.parametrize(
    "written",
    [
        "schoolvakanties Noord",
        "Sommerferien",
        "half mei",
        "eind juni",
        "vanaf 1 okt",
        "weken 29 en 30",
        "locatie 2 in mei",
        "druk",
    ],
)
def test_doubtful_periods_are_asked(written: str) -> None:
    assert (periods(Cell(written), 2027).value, periods(Cell(written), 2027).action) == ((), "asked")


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    assert periods(Cell("5-3-2027 t/m 1-3-2027"), 2027).action == "refused"


@given(st.text(max_size=60))
def test_whatever_is_typed_has_a_reading(text: str) -> None:
    cell = Cell(text)
    reads = [
        values.plain(cell),
        mail_addresses.email(cell),
        values.seats(cell),
        values.yes_no(cell),
        day(cell, 2027),
        periods(cell, 2027),
    ]
    assert {read.action for read in reads} <= {"", "repaired", "told", "asked", "refused"}
    assert all(not read.value for read in reads if read.action in ("asked", "refused"))


@given(st.dates(date(2022, 1, 1), date(2037, 12, 31)))
def test_any_day_written_day_first_is_read_back(when: date) -> None:
    written = [f"{when.day}-{when.month}-{when.year}", f"{when:%d.%m.%Y}", when.isoformat()]
    assert {day(Cell(text), 2027).value for text in written} == {when}
