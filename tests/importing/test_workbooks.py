"""Workbooks of any program: what another program opens is opened here."""

import zipfile
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.dimensions import ColumnDimension

from app.importing.files.opening import open_file
from app.importing.files.sheet import COMMAND, Opened, Unreadable
from app.importing.read import read
from tests.importing import sheets
from tests.importing.xlsb import xlsb

FILES = Path(__file__).parent / "files"
ODD_LOOKS = ["bad_colour", "fill_empty", "fill_ext", "font_family", "style_index"]
STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def texts(opened: Opened) -> list[list[str]]:
    return [[cell.text for cell in line.cells] for line in opened.sheets[0].lines]


def changed(data: bytes, part: str, changes: dict[bytes, bytes]) -> bytes:
    """A package with bytes of one part, or of all for "", replaced."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            for before, after in changes.items() if part in name else ():
                content = content.replace(before, after)
            new.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("name", ODD_LOOKS)
def test_a_style_nobody_understands_stops_no_list(name: str) -> None:
    proposal = read([("l.xlsx", (FILES / f"{name}.xlsx").read_bytes())], today=sheets.TODAY, network="Kring")
    assert len(proposal.organisations) == 4
    assert len([person.email for person in proposal.people if person.email]) == 4


@pytest.mark.parametrize("name", ["leden.ods", "old.xls"])
def test_sheets_of_other_programs_are_read_and_it_is_told_that_their_looks_are_not(name: str) -> None:
    proposal = read([(name, (FILES / name).read_bytes())], today=sheets.TODAY, network="Kring")
    assert len(proposal.people) >= 2
    assert proposal.files == [{"file": name, "encoding": name[-3:]}]
    assert "looks_not_read" in sheets.codes(proposal, "told")


def test_a_binary_workbook_is_read() -> None:
    data = xlsb([("Netwerk", "Organisatie", "Naam"), ("Kring", "Alfa", "Zoë Bakker")])
    assert sheets.members(read([("l.xlsb", data)], today=sheets.TODAY)) == {"Kring": {"Alfa": ["Zoë Bakker"]}}


def test_days_of_an_old_workbook_are_days() -> None:
    opened = open_file("old.xls", (FILES / "old.xls").read_bytes())
    assert opened.sheets[0].lines[1].cells[4].value == date(2025, 3, 1)


def test_a_workbook_behind_a_password_is_refused_and_the_sentence_says_so() -> None:
    with pytest.raises(Unreadable, match="password"):
        open_file("locked.xlsx", (FILES / "locked.xlsx").read_bytes())


def test_a_workbook_of_the_strict_standard_is_read() -> None:
    book = sheets.saved(sheets.workbook(Leden=[("Organisatie", "Lid sinds"), ("Alfa", datetime(2025, 3, 1))]))
    assert texts(open_file("l.xlsx", changed(book, "", STRICT))) == [
        ["Organisatie", "Lid sinds"],
        ["Alfa", "2025-03-01"],
    ]


def test_a_dimension_that_is_wrong_cuts_nothing_off() -> None:
    rows = [("Organisatie",), *((f"Instelling {n}",) for n in range(5_000))]
    book = sheets.saved(sheets.workbook(Leden=rows))
    wrong = changed(
        book,
        "sheet1",
        {b'<dimension ref="A1:A5001"/>': b'<dimension ref="A1"/>', b"<dimension ref=": b"<dimension ref="},
    )
    assert len(open_file("l.xlsx", wrong, COMMAND).sheets[0].lines) == 5_001


def test_values_are_what_the_cells_show() -> None:
    row = ("x", 12, 1.5, True, datetime(2027, 3, 9), datetime(2027, 3, 9, 13, 30), time(13, 30))
    [line] = open_file("l.xlsx", sheets.saved(sheets.workbook(A=[row]))).sheets[0].lines
    assert [cell.value for cell in line.cells] == ["x", 12, 1.5, True, date(2027, 3, 9), row[5], row[6]]


def test_what_a_person_sees_is_seen() -> None:
    book = sheets.workbook(A=[("a", "b", "c", "d", "=1+1"), ("merged", None, "x", None, None)])
    sheet = book.worksheets[0]
    sheet["A1"].font = Font(strike=True)
    sheet["B1"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["C1"].hyperlink = "mailto:ann@alfa.example"
    sheet.merge_cells("A2:B2")
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["D"] = ColumnDimension(sheet, index="D", min=4, max=4, hidden=True)
    [opened] = open_file("l.xlsx", sheets.saved(book)).sheets
    first, second = opened.lines
    assert [cell.struck for cell in first.cells] == [True, False, False, False, False]
    assert [cell.colour for cell in first.cells] == ["", "yellow", "", "", ""]
    assert first.cells[2].link == "mailto:ann@alfa.example"
    assert first.cells[4].formula == "=1+1"
    assert [(cell.merged, cell.filled, cell.text) for cell in second.cells[:2]] == [
        ("A2:B2", False, "merged"),
        ("", True, "merged"),
    ]
    assert (second.hidden, opened.hidden_columns) == (True, frozenset({4}))


@pytest.mark.parametrize(
    ("colour", "name"),
    [("FFFF0000", "red"), ("FFFFC000", "orange"), ("FF92D050", "green"), ("FFFFFFFF", ""), ("FFD9D9D9", "grey")],
)
def test_a_colour_is_called_what_people_call_it(colour: str, name: str) -> None:
    book = sheets.workbook(A=[("a",)])
    book.worksheets[0]["A1"].fill = PatternFill("solid", fgColor=colour)
    assert open_file("l.xlsx", sheets.saved(book)).sheets[0].lines[0].cells[0].colour == name
