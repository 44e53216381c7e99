"""Text as people paste it, made safe at the form's edge."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

# Words before a Dutch, German or Romance name that it is not sorted by, as long as they are small.
_SMALL = re.compile(r"('s|'t|d'|da|de|del|den|der|di|do|dos|du|el|het|in|la|le|op|te|ten|ter|van|vom|von|zu|zum|zur)")
_CALCULATED = ("=", "+", "-", "@", "\t", "\r")  # how a formula begins (OWASP, CSV injection)
_SPELLED = {ord("ß"): "ss", ord("ø"): "o", ord("ł"): "l", ord("đ"): "d", ord("ı"): "i"}
# C0 and C1 controls but for the line break, lone surrogates, line separators, bidi controls, byte order mark.
_UNWANTED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


def clean(text: str | None) -> str | None:
    """Composed (NFC), without control characters; line breaks stay."""
    if text is None:
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _UNWANTED.sub("", unicodedata.normalize("NFC", lines)).strip()


def one_line(text: str | None) -> str | None:
    """`clean`, on one line with single spaces."""
    text = clean(text)
    return None if text is None else " ".join(text.split())


def uncalculated(row: Sequence[Any]) -> list[Any]:
    """The cells of a line, none of which a spreadsheet would calculate: such text gets an apostrophe in front."""
    return [f"'{cell}" if isinstance(cell, str) and cell.startswith(_CALCULATED) else cell for cell in row]


def whole(words: str) -> re.Pattern[str]:
    """What finds these words, in whatever case, but not as a part of others."""
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)


def by_name(name: str) -> tuple[str, str]:
    """What names are sorted by: Ç beside C, whatever case, and small words before a name behind it (de Vries: V).

    A capital belongs to the name: De Linde stands under D.
    """
    words = name.replace("’", "'").split()
    while len(words) > 1 and _SMALL.fullmatch(words[0]):
        words.append(words.pop(0))
    return folded(" ".join(words)), name


def folded(text: str) -> str:
    """As one looks for it: whatever case, without accents."""
    spelled = unicodedata.normalize("NFKD", text.casefold().translate(_SPELLED))
    return "".join(letter for letter in spelled if not unicodedata.combining(letter))


def slugify(text: str) -> str:
    """A name as it stands in an address: letters a-z, figures and hyphens."""
    spelled = text.lower().translate(_SPELLED)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "x"
