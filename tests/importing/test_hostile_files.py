"""Files that are broken, wrong or meant to do harm: one exception, soon, with little memory."""

import re
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

import app.importing
from app.importing import sentences
from app.importing.files.opening import open_file
from app.importing.files.sheet import Unreadable
from app.importing.read import read
from app.importing.tables.desk import Known
from tests.importing import sheets, world
from tests.importing.hostile import HEAD, TAIL, with_sheet

ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


def _merged() -> bytes:
    merge = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return with_sheet((HEAD + ROW + "</sheetData>" + merge + "</worksheet>").encode())


def _far() -> bytes:
    return with_sheet((HEAD + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + TAIL).encode())


def _many() -> bytes:
    return with_sheet(
        (
            HEAD
            + "".join(f'<row r="{n}"><c r="A{n}"/><c r="B{n}"/><c r="C{n}"/></row>' for n in range(1, 25_000))
            + TAIL
        ).encode()
    )


def _large() -> bytes:
    return with_sheet(HEAD.encode() + b" " * (60 * 1024 * 1024) + TAIL.encode())


def _lying() -> bytes:
    """Says it is small; 60 MB come out."""
    data = bytearray(_large())
    size = (60 * 1024 * 1024 + len(HEAD) + len(TAIL)).to_bytes(4, "little")
    at = data.find(size)
    while at >= 0:
        data[at : at + 4] = (1000).to_bytes(4, "little")
        at = data.find(size, at)
    return bytes(data)


def _entities() -> bytes:
    nested = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return with_sheet(f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{nested}]><worksheet>&a11;</worksheet>')


def _cut() -> bytes:
    return world.file(world.WORKBOOK)[1][:20_000]


def _parts() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("[Content_Types].xml", "<x/>")
        for n in range(2_000):
            package.writestr(f"xl/{n}.xml", "<x/>")
    return stream.getvalue()


def _other_package() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    return stream.getvalue()


def _no_workbook_part() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("[Content_Types].xml", "<x/>")
        package.writestr("xl/workbook.xml", "<x/>")
    return stream.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "one merged cell over everything": (_merged, "too_large"),
    "a cell in the last corner": (_far, "too_large"),
    "more cells than anybody keeps": (_many, "too_large"),
    "sixty megabytes of nothing": (_large, "too_large"),
    "a size that is a lie": (_lying, "broken"),
    "entities in entities": (_entities, "broken"),
    "cut short": (_cut, "broken"),
    "two thousand parts": (_parts, "too_large"),
    "another office file": (_other_package, "no_workbook"),
    "a workbook without its parts": (_no_workbook_part, "broken"),
    "a very wide text": (lambda: b";" * 100_000, "too_large"),
    "a very long text": (lambda: b"a;b\n" * 40_000, "too_large"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n", "no_table_file"),
    "bytes": (lambda: bytes(range(256)) * 10, "no_text"),
    "nothing": (lambda: b" \n", "empty"),
    "an old workbook with nothing in it": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "broken"),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_files_are_refused_soon_and_with_little_memory(name: str) -> None:
    make, code = HOSTILE[name]
    data = make()
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(Unreadable) as refusal:
        open_file("list.xlsx", data)
    took, (_now, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refusal.value.code == code
    assert (took < 2, peak < 50 * 1024 * 1024) == (True, True)


def test_more_organisations_than_any_programme_has_are_refused() -> None:
    rows = "".join(f"Instelling {n} Zorg;Ann;Kring\n" for n in range(3_000))
    with pytest.raises(Unreadable, match="too_large"):
        sheets.of_text("Organisatie;Naam;Netwerk\n" + rows)


def test_the_longest_list_that_is_read_is_read_soon() -> None:
    rows = "".join(f"Instelling {n} Zorg;Ann {n};a{n}@alfa.example;Kring {n % 150}\n" for n in range(1_900))
    began = time.process_time()
    proposal = sheets.of_text("Organisatie;Naam;Mail;Netwerk\n" + rows)
    assert len(proposal.memberships) == 1_900
    assert time.process_time() - began < 5


def test_a_list_without_headings_is_refused() -> None:
    with pytest.raises(Unreadable, match="no_headings"):
        sheets.of_text("1;2\n3;4\n")


def test_every_code_of_a_reading_has_its_sentence() -> None:
    [folder] = app.importing.__path__
    code = "\n".join(path.read_text() for path in Path(folder).rglob("*.py"))
    said = set(re.findall(r'"(?:repaired|told|ignored|dropped|refused)",\s*f?"([a-z_0-9{}.\' ]+)"', code))
    asked = set(re.findall(r'"asked",\s*"([a-z_]+)"', code))
    assert {each for each in said if "{" not in each} - set(sentences.SAID) - set(sentences.ACTIONS) == set()
    assert asked - set(sentences.ASKED) - set(sentences.ACTIONS) == set()
    assert set(re.findall(r'Unreadable\(\s*"([a-z_]+)"', code)) == set(sentences.UNREADABLE)


def test_a_long_list_beside_a_large_programme_is_read_soon() -> None:
    known = Known(organisations=tuple(f"Stichting Zorg {n} Groep Oost" for n in range(1_900)))
    rows = "".join(f"Instelling Groep {n} Oost;Kring\n" for n in range(90))
    began = time.process_time()
    proposal = read([("list.csv", ("Organisatie;Netwerk\n" + rows).encode())], today=sheets.TODAY, known=known)
    assert (len(proposal.memberships) <= 90, time.process_time() - began < 5) == (True, True)


LONG = {
    "days without an end": "Organisatie;Wanneer niet\nAlfa;" + "1-2-" * 24_000,
    "months without an end": "Organisatie;Wanneer niet\n" + ("Alfa;" + "mei " * 970 + "\n") * 25,
    "addresses without an end": "Organisatie;Mail;Netwerk\nAlfa;" + "a@b." * 24_000 + ";Kring",
    "titles without an end": "Organisatie;Naam;Netwerk\nAlfa;" + "dr. " * 24_000 + ";Kring",
}


@pytest.mark.parametrize("name", sorted(LONG))
def test_a_hundred_kilobytes_in_one_cell_are_read_in_a_fifth_of_a_second(name: str) -> None:
    sheets.of_text("Organisatie;Netwerk\nAlfa;Kring\n")  # whatever is made once is made
    took = []
    for _try in range(3):  # the first may be one in which lines are counted
        began = time.process_time()
        sheets.of_text(LONG[name][:100_000])
        took.append(time.process_time() - began)
    assert min(took) < 0.2
