"""A vCard file (RFC 6350 and the versions before it) -> one line per contact, below headings the tables know."""

import quopri
import re

from app.importing.cells.person_names import INFIXES
from app.importing.files.sheet import LONGEST_TEXT, Cell, Limits, Line, Unreadable

BEGIN = re.compile(r"\s*BEGIN:VCARD\b", re.IGNORECASE)
START, END = (re.compile(rf"^{word}:VCARD[ \t]*$", re.IGNORECASE | re.MULTILINE) for word in ("BEGIN", "END"))
FOLD = re.compile(r"\r?\n[ \t]")
SOFT_END = re.compile(r"=\r?\n")  # of quoted-printable
PROPERTY = re.compile(r"^(?:[\w-]+\.)?(?P<name>[\w-]+)(?P<parameters>(?:;[^:\r\n]*)?):(?P<value>.*)$", re.MULTILINE)
ESCAPED = re.compile(r"\\(.)")
CUT = re.compile(r"(?<!\\);")
HEADINGS = (
    *("Organisation", "Name", "Title", "First name", "Infix", "Last name", "E-mail", "E-mail 2", "Phone", "Phone 2"),
    *("Street", "Postcode", "Town", "Categories", "Notes"),
)
Properties = dict[str, list[tuple[str, str]]]  # name -> parameters in small letters, value


def lines_of(name: str, text: str, limits: Limits) -> tuple[Line, ...]:
    """Headings and contacts; nothing when the text is no vCard file. Raises Unreadable for too many contacts."""
    if not BEGIN.match(text):
        return ()
    parts = START.split(text.replace("\r\n", "\n"))[1:]
    if len(parts) >= limits.lines or len(parts) * len(HEADINGS) > limits.cells:
        raise Unreadable("too_large", name)
    cards = [_cells(_properties(END.split(part, maxsplit=1)[0])) for part in parts]
    used = [n for n, heading in enumerate(HEADINGS) if any(card[n] for card in cards)]
    rows = [[HEADINGS[n] for n in used], *([card[n] for n in used] for card in cards)]
    return tuple(_line(number, row) for number, row in enumerate(rows, start=1))


def _line(number: int, row: list[str]) -> Line:
    return Line(number, tuple(Cell(text[:LONGEST_TEXT] or None) for text in row))


def _properties(card: str) -> Properties:
    found: Properties = {}
    for each in PROPERTY.finditer(SOFT_END.sub("", FOLD.sub("", card))):
        parameters, value = each["parameters"].lower(), each["value"].strip()
        if "quoted-printable" in parameters:
            value = quopri.decodestring(value.encode("utf-8")).decode("utf-8", errors="replace")
        found.setdefault(each["name"].upper(), []).append((parameters, value))
    return found


def _cells(card: Properties) -> list[str]:
    family, given, more, title = _parts(card, "N", 4)
    _box, _more, street, town, _region, postcode = _parts(card, "ADR", 6)
    infix = more if more and all(word.lower() in INFIXES for word in more.split()) else ""
    first = given if infix else " ".join(part for part in (given, more) if part)
    written = _values(card, "FN") if not (first or family) else []
    mails, phones = _values(card, "EMAIL"), _values(card, "TEL")
    return [
        *(_parts(card, "ORG", 1)[0], *(written[:1] or [""]), title, first, infix, family),
        *(*mails[:2], "", "")[:2],
        *(*(phone.removeprefix("tel:") for phone in phones[:2]), "", "")[:2],
        *(street, postcode, town, ", ".join(_values(card, "CATEGORIES")), " ".join(_values(card, "NOTE"))),
    ]


def _values(card: Properties, name: str) -> list[str]:
    """Those at work or preferred first."""
    said = sorted(card.get(name, ()), key=lambda each: not re.search(r"work|pref", each[0]))
    return [text for _parameters, value in said if (text := _plain(value))]


def _parts(card: Properties, name: str, count: int) -> list[str]:
    """The components of the first property of this name, as many as asked for."""
    value = next((value for _parameters, value in card.get(name, ())), "")
    return [*(_plain(part) for part in CUT.split(value)), *[""] * count][:count]


def _plain(value: str) -> str:
    return ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], value).strip()
