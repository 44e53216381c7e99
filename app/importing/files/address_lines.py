"""The address line of a mail, pasted: "Jan de Vries <jan@x.nl>; Bosch, Ann <ann@y.nl>", or addresses only."""

import re

from app.importing.files.sheet import Cell, Line

LABEL = re.compile(r"\A\s*(?:aan|to|an|cc|bcc|kopie)\s*:", re.IGNORECASE)
PART = re.compile(r"([^;,\n]*)([;,\n]?)")
ADDRESS = re.compile(r"<?([^\s@<>]{1,64}@[^\s@<>]{3,190})>?")
AROUND = " \r\"'"
HEADINGS = Line(1, (Cell("Name"), Cell("E-mail")))


def lines_of(text: str) -> tuple[Line, ...]:
    """A name and an address per line below their headings; nothing when the text is anything else."""
    found = [HEADINGS]
    last = ""  # of "Bosch, Ann <ann@y.nl>", before its comma
    for part, sign in PART.findall(LABEL.sub("", text.strip())):
        before, _space, end = part.strip(AROUND).rpartition(" ")
        address = ADDRESS.fullmatch(end)
        if address:
            name = ", ".join(each for each in (last, before.strip(AROUND)) if each)
            found.append(Line(len(found), (Cell(name or None), Cell(address[1]))))
            last = ""
        elif part.strip(AROUND):
            if last or sign != ",":
                return ()
            last = part.strip(AROUND)
    return tuple(found) if len(found) > 1 and not last else ()
