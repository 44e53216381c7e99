"""A Bundesland, or a Dutch region of school holidays, by its name or its code."""

from app.importing.cells.person_names import key
from app.importing.cells.values import Read
from app.importing.files.sheet import Cell
from app.importing.proposal import Network
from scheduling.days import holidays

BY_CODE = {key(code).removeprefix("de "): code for code in holidays.REGIONS}
BY_NAME = {key(name): code for code, name in holidays.REGIONS.items()}
ALSO = {
    **dict.fromkeys(("nrw", "nordrhein westf"), "DE-NW"),
    **dict.fromkeys(("meck pomm", "mecklenburg vorp"), "DE-MV"),
    **{"ba wu": "DE-BW", "bawu": "DE-BW", "baden wurtt": "DE-BW", "bay": "DE-BY", "nds": "DE-NI", "rlp": "DE-RP"},
    **{"noord": "NL-Noord", "midden": "NL-Midden", "zuid": "NL-Zuid"},
    **{f"regio {part.lower()}": f"NL-{part}" for part in ("Noord", "Midden", "Zuid")},
}
CODES = BY_CODE | BY_NAME | ALSO


def code(text: str) -> str | None:
    """Umlauts may be written as two letters: "Thueringen", "Baden-Wuerttemberg"."""
    word = key(text).removeprefix("de ")
    return CODES.get(word) or CODES.get(word.replace("ue", "u"))


def region(cell: Cell) -> Read:
    text = cell.text.strip()
    if not text:
        return Read(None)
    found = code(text)
    if found is None:
        return Read(None, "asked", "region_unknown", options=tuple(sorted(holidays.REGIONS)))
    return Read(found) if found == text else Read(found, "told", "region_read")


def shared(network: Network) -> str | None:
    """The region of a network: that of its members, when they all say the same."""
    said = {membership.organisation.region for membership in network.memberships.values()} - {None}
    return said.pop() if len(said) == 1 else None
