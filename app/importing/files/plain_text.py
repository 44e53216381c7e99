"""A text file with delimiters -> one sheet. The encoding follows a fixed order of evidence, never statistics."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from app.importing.files import vcards
from app.importing.files.address_lines import lines_of
from app.importing.files.sheet import LONGEST_TEXT, UPLOAD, Cell, Limits, Line, Opened, Sheet, Unreadable

MOST_SHARED = 10_000
DELIMITERS = ";,\t|"
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
GUESSES = ("cp1252", "mac_roman", "cp1250", "cp1254", "cp850", "iso8859_15")
TWICE = "utf-8 twice"
BETWEEN_WORDS = re.compile(r'[\s;,|"]+')
ENCODED_TWICE = re.compile(r"[\u00c2-\u00f4][\u00a0-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{1,3}")
MOST_LOOKED_AT = 200_000  # letters in search of doubtful words
MOST_SHOWN = 6  # doubtful words beside the choice of an encoding
TEXT_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
SEPARATOR_LINE = re.compile(r"sep=(.)\s*(?:\r\n|\r|\n|$)", re.IGNORECASE)


def open_text(name: str, data: bytes, limits: Limits = UPLOAD, chosen: str = "") -> Opened:
    """Raises Unreadable for what is no text with columns."""
    text, encoding = decode(name, data, chosen)
    doubtful = " ".join(islice(_doubtful(text), MOST_SHOWN)) if encoding in (*GUESSES, TWICE) else ""
    cards = vcards.lines_of(name, text, limits)
    if cards:
        return Opened(name, encoding, (Sheet(name, "", cards),), doubtful=doubtful)
    addresses = lines_of(text[:MOST_LOOKED_AT])
    if addresses:
        return Opened(name, encoding, (Sheet(name, "", addresses, addresses=True),), doubtful=doubtful)
    announced = SEPARATOR_LINE.match(text)
    delimiter = announced[1] if announced else likely_delimiter(text)
    cells: dict[str, Cell] = {}
    records = _records(name, text, delimiter, limits)
    lines = tuple(_line(number, record, cells) for number, record in enumerate(records, start=1))
    return Opened(name, encoding, (Sheet(name, "", lines[1:] if announced else lines),), doubtful=doubtful)


def _doubtful(text: str) -> Iterator[str]:
    """Words by which a person sees whether the encoding is right, each once."""
    words = dict.fromkeys(BETWEEN_WORDS.split(text[:MOST_LOOKED_AT]))
    return (word[:40] for word in words if not word.isascii())


def decode(name: str, data: bytes, chosen: str = "") -> tuple[str, str]:
    """The text and its encoding: a mark, else strict UTF-8, else UTF-16, else Mac by its line ends, else Windows.

    `chosen` counts only where the last two would be a guess, or the text was encoded twice.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), encoding
    if b"\0" in data:
        return _utf16(name, data), "utf-16"
    try:
        return _once(data.decode("utf-8"), chosen)
    except UnicodeDecodeError:
        likely = "mac_roman" if b"\r" in data and b"\n" not in data else "cp1252"
        encoding = chosen if chosen in GUESSES else likely
        text = data.decode(encoding, errors="replace")
        return (text if chosen else ENCODED_TWICE.sub(_once_less, text)), encoding


def _once(text: str, chosen: str) -> tuple[str, str]:
    """ "ZoÃ«" was encoded twice on its way."""
    less = text if chosen == "utf-8" else ENCODED_TWICE.sub(_once_less, text)
    return less, "utf-8" if less == text else TWICE


def _once_less(found: re.Match[str]) -> str:
    """As UTF-8 when it is just that: lines of another encoding than the rest of a file are met this way too."""
    try:
        return found[0].encode("cp1252").decode("utf-8")
    except UnicodeError:
        return found[0]


def _utf16(name: str, data: bytes) -> str:
    """UTF-16 without a mark: every other byte of plain text is zero, and which one tells the order."""
    encoding = "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"
    if data.count(0) * 3 < len(data):
        raise Unreadable("no_text", name)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("no_text", name) from error


def likely_delimiter(text: str) -> str:
    """The sign that cuts most of the first lines into the same number of cells."""
    return max(DELIMITERS, key=lambda sign: (_evenness(text[:20_000], sign), -DELIMITERS.index(sign)))


def _evenness(text: str, delimiter: str) -> float:
    widths = Counter(len(record) for record in csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    width, lines = max(widths.items(), key=lambda pair: pair[1], default=(0, 0))
    return lines * (width - 1) / max(1, widths.total()) if width > 1 else 0


def _records(name: str, text: str, delimiter: str, limits: Limits) -> Iterator[list[str]]:
    """All records, unless there are more than anybody's list has."""
    lines = cells = 0
    try:
        for record in csv.reader(_text_lines(text), delimiter=delimiter):
            cells += len(record)
            lines += 1
            if cells > limits.cells or lines > limits.lines or len(record) > limits.columns:
                raise Unreadable("too_large", name)
            yield record
    except csv.Error as error:
        raise Unreadable("no_text", name) from error


def _text_lines(text: str) -> Iterator[str]:
    """With their ends; a buffer over a text would take four bytes for each letter."""
    return (found[0] for found in TEXT_LINE.finditer(text))


def _line(number: int, record: list[str], cells: dict[str, Cell]) -> Line:
    """What stands in many cells is held once."""
    return Line(number, tuple(shared(text[:LONGEST_TEXT], cells) for text in record))


def shared(text: str, cells: dict[str, Cell]) -> Cell:
    """Neighbours say the same: a full store begins anew."""
    found = cells.get(text)
    if found is None:
        if len(cells) >= MOST_SHARED:
            cells.clear()
        found = cells[text] = Cell(text or None)
    return found
