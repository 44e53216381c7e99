"""One cell -> a value, and what had to be done to get it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.importing.files.sheet import EMPTY, Cell
from app.text import clean

YES = frozenset(["ja", "j", "yes", "y", "jawel", "oui", "wahr", "waar", "true", "1", "si"])
NO = frozenset(["nee", "n", "no", "nein", "neen", "false", "onwaar", "falsch", "0"])
CROSSES = frozenset(["x", "v", "✓", "✔", "✗", "•"])
UNKNOWN = frozenset(["?", "??", "weet niet", "onbekend", "unbekannt", "unknown", "weiß nicht", "weiss nicht", "tbd"])
NONE = re.compile(
    r"(?:-+|–|n\.?\s?v\.?\s?t\.?|n/?a|geen|keine?|none|nvt|entfällt|not applicable)\b.*|[-–—]+", re.IGNORECASE
)
ESCAPED = re.compile(r"^'([=+\-@])")  # as exports write what a spreadsheet would calculate
PLAIN = re.compile(r"[A-Za-z0-9&.+/@-]+(?: [A-Za-z0-9&.+/@-]+)*")  # nothing in it has to be tidied
NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Read:
    """A value, with the action of the import report: "" (as it stood), repaired, told, asked, refused."""

    value: Any = None
    action: str = ""
    code: str = ""
    proposal: str = ""
    options: tuple[str, ...] = ()
    free: bool = False  # the answer may be something else than one of the options


NOTHING = Read("")


def plain(cell: Cell) -> Read:
    """Text on one line; told when it is a formula kept as text, repaired when spaces went."""
    return NOTHING if cell is EMPTY else tidied(cell.text or cell.formula)


@lru_cache(4_000)
def tidied(raw: str) -> Read:
    if PLAIN.fullmatch(raw):
        return Read(raw)
    value = ESCAPED.sub(r"\1", " ".join((clean(raw) or "").split()))
    if value.startswith("="):
        return Read(value, "told", "formula_as_text")
    if "\n" in raw.replace("\r", "\n"):
        return Read(value, "repaired", "line_break")
    return Read(value, "repaired", "spaces") if value != raw else Read(value)


def seats(cell: Cell) -> Read:
    """A number of places: the smaller of two, without its words; null where there is no room."""
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return _whole(float(cell.value))
    text = " ".join((clean(cell.text) or "").split())
    if not text:
        return Read(None)
    if NONE.fullmatch(text):
        return Read(None, "told", "seats_none")
    numbers = [int(number) for number in NUMBER.findall(text)]
    if not numbers or len(numbers) > 2 or not 1 <= min(numbers) <= 2000:
        return Read(None, "asked", "seats_unclear")
    if text == str(numbers[0]):
        return Read(numbers[0])
    return Read(min(numbers), "told", "seats_range" if len(numbers) > 1 else "seats_text")


def _whole(number: float) -> Read:
    if number.is_integer() and 1 <= number <= 2000:
        return Read(int(number))
    return Read(None, "asked", "seats_unclear")


def yes_no(cell: Cell, *, crosses_usual: bool = False) -> Read:
    """True, False or null; a lone cross among words is told, a question mark asked."""
    if isinstance(cell.value, bool):
        return Read(cell.value)
    text = " ".join((clean(cell.text) or "").split()).lower().rstrip(".!")
    if not text:
        return Read(None)
    if text in CROSSES:
        return Read(True) if crosses_usual else Read(True, "told", "cross_is_yes")
    first = re.split(r"[\s,;(]", text, maxsplit=1)[0]
    if text in UNKNOWN or first not in YES | NO:
        return Read(None, "asked", "yes_or_no", options=("yes", "no"))
    return Read(first in YES, *(() if first == text else ("told", "yes_no_text")))


def count(cell: Cell) -> int | None:
    """How many were there: the first number in the cell."""
    found = NUMBER.search(cell.text)
    return int(found[0]) if found and int(found[0]) < 10_000 else None


def unreadable_letters(text: str) -> bool:
    """Whether letters were lost on the way: "?" or the replacement sign inside a name."""
    return "\ufffd" in text or "?" in text
