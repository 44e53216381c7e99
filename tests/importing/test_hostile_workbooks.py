"""Small workbooks that never end: refused by what is counted first, or stopped in the child that reads them."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.extensions import db
from app.importing.files.opening import open_file
from app.importing.files.sheet import UPLOAD, Unreadable
from app.importing.models import Import
from tests import make
from tests.importing.hostile import HEAD, MEGABYTE, TAIL, Cost, cost, with_sheet, with_table, zipped

FAR = ["A1", "a1", "zz10000", "ZZ10000", "xfd1048576", "$GR$9999", "gr3000", "B2", "A0", "1A", ""]
NAMES = ["worksheets/sheet1.xml", "worksheets/sheet1.bin", "media/image1.png", "odd", "WORKSHEETS/Sheet1.XML"]
BEFORE = ["", "", "garbage", "<x></y>", "\ufeff"]
REPEATED = ["1", "2", "16384", "1048576", "99999999999", "-1", "x"]
MOST = Cost(2.0, 50 * MEGABYTE)


@st.composite
def workbooks(draw: Any) -> bytes:
    """A few cells at far places, many rows of one far cell, wide merges, under any name, behind anything."""
    column = draw(st.sampled_from(["A", "a", "GR", "xfd", "XFD"]))
    rows = draw(st.sampled_from([0, 1, 3_000]))
    cells = [f"{column}{n}" for n in range(1, rows + 1)] + draw(st.lists(st.sampled_from(FAR), max_size=4))
    where = draw(st.sampled_from([' r="{}"', "", ' r=" {}"']))
    lines = "".join(f"<row><c{where.format(cell)}><v>1</v></c></row>" for cell in cells)
    merge = ":".join(draw(st.lists(st.sampled_from(FAR), min_size=1, max_size=2)))
    merged = f'<mergeCells><mergeCell ref="{merge}"/></mergeCells>' if draw(st.booleans()) else ""
    sheet = draw(st.sampled_from(BEFORE)) + HEAD + lines + TAIL.replace("</worksheet>", merged + "</worksheet>")
    return with_sheet(sheet, draw(st.sampled_from(NAMES)), draw(st.sampled_from([1, 1, 90, 5_000])))


@st.composite
def tables(draw: Any) -> bytes:
    """Rows and cells of an OpenDocument sheet that stand there as often as they say."""
    count = st.sampled_from(REPEATED)
    said = ["", ' office:value-type="float" office:value="1"']

    def cell() -> str:
        value = draw(st.sampled_from(said))
        return f'<table:table-cell table:number-columns-repeated="{draw(count)}"{value}/>'

    rows = [
        f'<table:table-row table:number-rows-repeated="{draw(count)}">{cell()}{cell()}</table:table-row>'
        for _n in range(draw(st.integers(1, 3)))
    ]
    return with_table("".join(rows))


SOUND = cost(with_sheet(HEAD + '<row r="1"><c r="A1"><v>1</v></c></row>' + TAIL))


@given(st.one_of(workbooks(), tables()))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_workbook_is_read_within_its_bounds_or_refused(data: bytes) -> None:
    try:
        opened = open_file("list.xlsx", data)
    except Unreadable:
        return
    lines = [line for sheet in opened.sheets for line in sheet.lines]
    assert sum(len(line.written) for line in lines) <= UPLOAD.cells
    assert max((len(line.cells) for line in lines), default=0) <= UPLOAD.columns


@given(st.one_of(workbooks(), tables()))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_reading_it_costs_little_whatever_comes_of_it(data: bytes) -> None:
    spent = cost(data)
    assert spent.seconds < MOST.seconds
    assert spent.bytes - SOUND.bytes < MOST.bytes


def test_cells_without_a_place_are_counted_where_they_stand() -> None:
    row = f"<row>{'<c><v>1</v></c>' * 300}</row>"
    with pytest.raises(Unreadable, match="too_large"):
        open_file("list.xlsx", with_sheet(HEAD + row + TAIL))


def test_many_sheets_that_are_one_part_are_counted_as_many() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 1_001))
    with pytest.raises(Unreadable, match="too_large"):
        open_file("list.xlsx", with_sheet(HEAD + rows + TAIL, sheets=90))


def test_what_is_two_kinds_of_workbook_at_once_is_none() -> None:
    with pytest.raises(Unreadable, match="no_workbook"):
        open_file(
            "list.xlsx", zipped({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>", "content.xml": "<x/>"})
        )


def test_a_reading_that_takes_too_long_is_stopped() -> None:
    strings = "".join(f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{n}</t></is></c></row>' for n in range(1, 9_000))
    slow = type(UPLOAD)(seconds=0.05)
    with pytest.raises(Unreadable, match="too_large"):
        open_file("list.xlsx", with_sheet(HEAD + strings + TAIL), slow)


def test_a_hostile_workbook_is_refused_on_the_page_and_nothing_is_kept(app: Flask) -> None:
    programme = make.programme()
    client = make.browser(app, make.programme_manager(programme=programme))
    far = with_sheet(HEAD + '<row r="1"><c r="a1"/></row><row><c r="xfd1048576"/></row>' + TAIL, "odd")
    answer = client.post(f"/programmes/{programme.slug}/import", data={"files": (BytesIO(far), "list.xlsx")})
    assert answer.status_code == 422
    assert "too large to be read" in answer.text
    assert db.session.scalars(select(Import)).all() == []
