"""Bytes -> sheets, by what the file is, not by what it is called."""

from functools import lru_cache

from app.importing.files.plain_text import open_text
from app.importing.files.sheet import UPLOAD, Limits, Opened, Unreadable
from app.importing.files.workbook import open_workbook

WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # .xlsx, .xlsb and .ods; .xls, and .xlsx behind a password
NO_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x7fELF", b"MZ")


def open_file(name: str, data: bytes, limits: Limits = UPLOAD, encoding: str = "") -> Opened:
    """`encoding` is taken for a text that does not say its own. Raises Unreadable with a code for the sentence."""
    if not data.strip():
        raise Unreadable("empty", name)
    if data.startswith(NO_TABLES):
        raise Unreadable("no_table_file", name)
    return open_workbook(name, data, limits) if data.startswith(WORKBOOKS) else open_text(name, data, limits, encoding)


@lru_cache(8)
def open_again(name: str, data: bytes, encoding: str = "") -> Opened:
    """`open_file` for what a preview reads at every look: half of a look is opening."""
    return open_file(name, data, UPLOAD, encoding)
