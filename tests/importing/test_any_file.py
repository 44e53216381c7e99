"""Whatever is in a file: it is read or refused, and what is stored fits its columns."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from app.errors import Refused
from app.extensions import db
from app.importing import actions
from app.importing.files.opening import open_file
from app.importing.files.sheet import Unreadable
from app.importing.read import read
from app.importing.sentences import ACTIONS
from app.importing.tables.heading_words import FIELDS
from tests import make
from tests.importing import sheets
from tests.importing.test_importing import NOW, counted

TODAY = date(2026, 11, 24)
PIECES = [
    *(
        "Alfa",
        "Stichting Beta Zorg",
        "Beta",
        "Kring Oost",
        "NETWERK 3 – KRING WEST (in oprichting)",
        "Totaal",
        "x",
        "ja",
        "?",
    ),
    *(
        "ann@alfa.example",
        "a@b,c",
        "mailto:",
        "Vries, Jan de",
        "16 pers.",
        "n.v.t.",
        "wk 12",
        "31-6-2026",
        "12/11",
        "46275",
    ),
    *(
        "elke woensdag",
        "online",
        "VERVALLEN",
        "Alfa + Beta",
        "=1+1",
        "\u202e\x00",
        "é" * 300,
        "a" * 300 + "@alfa.example",
        "'",
        '"',
        "%s",
    ),
    "",
]
cells = st.one_of(st.sampled_from(PIECES), st.text(max_size=12))


@st.composite
def tables(draw: Any) -> str:
    """A few columns with headings somebody might use, and rows of anything."""
    heads = draw(st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=9))
    rows = draw(st.lists(st.lists(cells, max_size=10), max_size=8))
    lines = [heads, *rows] if draw(st.booleans()) else [["Lijst 2027"], [*heads, "organisatie"], *rows]
    return "\n".join(";".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line) for line in lines)


def outcome(content: str, answers: dict[str, Any]) -> Any:
    try:
        return read([("list.csv", content.encode("utf-8", "surrogatepass"))], today=TODAY, answers=answers)
    except Unreadable:
        return None


@given(tables(), st.one_of(st.none(), cells))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_list_is_read_or_refused_whatever_is_in_it_and_answered(content: str, answer: str | None) -> None:
    proposal = outcome(content, {})
    if proposal is not None:
        answers, answered = dict[str, str | None](), proposal
        for _round in range(3):  # an answer may lead to another question
            answers |= {item.question: answer for item in answered.questions}
            answered = outcome(content, answers)
        assert {item.action for item in proposal.items} <= set(ACTIONS)
        assert all(item.kept is None for item in proposal.items if item.action in ("asked", "refused", "dropped"))
        assert answer is not None or answered.questions == []


values = st.one_of(
    cells.filter(lambda text: not ILLEGAL_CHARACTERS_RE.search(text)),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(min_value=datetime(1905, 1, 1), max_value=datetime(2100, 1, 1)),
    st.times(),
)


@given(
    st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=9),
    st.lists(st.lists(values, max_size=9), max_size=6),
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_workbook_of_any_cells_is_read_or_refused(heads: list[str], rows: list[list[Any]]) -> None:
    with suppress(Unreadable):
        proposal = sheets.of_workbook(sheets.workbook(Leden=[["organisatie", *heads], *rows]))
        assert {item.action for item in proposal.items} <= set(ACTIONS)


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_bytes_are_opened_or_refused(data: bytes) -> None:
    with suppress(Unreadable):
        assert open_file("list", data).sheets


@given(tables())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_what_is_read_can_be_stored_twice_and_adds_once(app: Flask, content: str) -> None:
    programme = make.programme()
    data = content.encode("utf-8", "surrogatepass")
    try:
        actions.complete(actions.receive(programme, [("list.csv", data)], NOW), NOW)
        before = counted()
        again = actions.complete(actions.receive(programme, [("list.csv", data)], NOW), NOW)
        assert (set(again["added"].values()), counted()) == ({0}, before)
    except Refused:
        pass
    finally:
        db.session.rollback()


def test_names_longer_than_their_columns_are_cut(app: Flask) -> None:
    long = "Ж" * 300
    row = ";".join([long, f"{long} {long}", f"{'a' * 300}@alfa.example", long, long, long, long])
    content = f"Organisatie;Naam;Mail;Netwerk;Zaal;Plaats;Tel\n{row}\n"
    report = actions.complete(actions.receive(make.programme(), [("list.csv", content.encode())], NOW), NOW)
    assert report["added"]["memberships"] == 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\x00b.csv", "x" * 400, ""])
def test_any_file_name_will_do(app: Flask, name: str) -> None:
    row = actions.receive(make.programme(), [(name, b"Organisatie;Netwerk\nAlfa;Kring\n")], NOW)
    db.session.flush()
    assert len(row.names[0]) <= 200
