"""The mail address in a cell, with what people and programs leave around it."""

import re

from app.importing.cells.values import Read
from app.importing.files.sheet import Cell
from app.people.addresses import receiving
from app.text import clean

# What may stand around an address and in none: the rest is one, or a slip of one.
_AROUND = r"\s<>,;:()\[\]{}|/\\\"'`´‘’‚‛“”„*#?!&"
WRITTEN = re.compile(rf"[^@{_AROUND}]+(?:['’][^@{_AROUND}]+)*@[^@+={_AROUND}]+")
SUBJECT = re.compile(r"\?[a-z]+=[^\s>#\"']*", re.IGNORECASE)
STRAY = "._+-="  # at the edges of what was cut out
AT = re.compile(r"\s*[(\[{]\s*(?:at|ät)\s*[)\]}]\s*", re.IGNORECASE)
DOT = re.compile(r"\s*[(\[{]\s*(?:dot|punt|punkt)\s*[)\]}]\s*", re.IGNORECASE)
SPACED = re.compile(r"\s*@\s*")
SLIPS = ((r"\s+at\s+", "@"), (r"\s*[,;]\s*", "."), (r"\.{2,}", "."), (r"\.?@\.?", "@"), (r"_(?=[^@]*$)", "-"))


def email(cell: Cell) -> Read:
    """One address in lower case; asked when there are two, none or a likely slip."""
    raw = cell.text or ""
    text = " ".join((clean(raw) or "").split())
    whole = receiving(text)
    if whole:
        return Read(raw) if raw == whole else Read(whole, "repaired", "address_case")
    found, slips = _cut_out(text)
    if found and (len(found) > 1 or slips):
        return Read(None, "asked", "two_addresses", found[0], tuple(found), free=True)
    if found:
        return Read(found[0], "told", "address_in_text")
    return _linked(cell) or _mended(text)


def addresses_in(text: str) -> list[str]:
    """Each once, as far as mail can reach them."""
    return _cut_out(text)[0]


def _cut_out(text: str) -> tuple[list[str], bool]:
    """The addresses in a text, and whether there is something beside them that was meant to be one."""
    if "@" not in text:
        return [], False
    written = [part.lstrip(STRAY).rstrip(STRAY) for part in WRITTEN.findall(SUBJECT.sub(" ", text))]
    found = [receiving(part) for part in written]
    return list(dict.fromkeys(address for address in found if address)), None in found


def _linked(cell: Cell) -> Read | None:
    """An address that stands only in the hyperlink of a cell that reads "mail"."""
    found = addresses_in((clean(cell.link) or "").removeprefix("mailto:"))
    return Read(found[0], "told", "address_in_link") if found else None


def _mended(text: str) -> Read:
    """Spaces around the sign and "(at)" can only mean one thing; what else is likely is proposed."""
    if not text:
        return Read(None, "asked", "address_missing")
    closed = SPACED.sub("@", text.removeprefix("mailto:"))
    spoken = DOT.sub(".", AT.sub("@", closed))
    for said, code in ((closed, "address_spaces"), (spoken, "address_at")):
        address = receiving(said)
        if address:
            return Read(address, "told", code)
    likely = spoken
    for slip, meant in SLIPS:
        likely = re.sub(slip, meant, likely)
    return Read(None, "asked", "address_wrong", receiving(likely.strip(STRAY)) or "")
