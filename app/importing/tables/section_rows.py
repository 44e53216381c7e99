"""Lines that are no records: names of networks between the rows, totals, blanks."""

import re

from app.importing.cells.person_names import key
from app.importing.files.sheet import Line
from app.importing.tables.heading_words import TOTALS
from app.importing.tables.table import Table

NUMBERED = re.compile(
    r"^\s*(?:lerend |leer|lern|learning |kompetenz)?(?:netwerk|network|netzwerk|groep|gruppe|group)\s*"
    r"(?:(?:nr\.?|no\.?)?\s*\d+\s*[-–—:.]*|[-–—:])\s*(?P<name>\S.*)$",
    re.IGNORECASE,
)
NOTE = re.compile(
    r"^\s*[*†]|=|^\s*(?:laatst|bijgewerkt|stand\b|versie|zuletzt|aktualisiert|last updated|bron\b|quelle|source|let op"
    r"|n\.?b\b|hinweis|legenda|legende|toelichting)",
    re.IGNORECASE,
)  # a line below a list that speaks of the list
STATE = re.compile(r"\s*[(\[–-]\s*(?P<state>[^()\[\]–-]+?)\s*[)\]]?\s*$")
STATES = {
    "forming": "in oprichting, in opbouw, nieuw, in grundung, im aufbau, in formation, forming, being founded",
    "idea": "idee, idea",
    "resting": "gepauzeerd, in rust, rust, pauze, ruht, pausiert, resting, paused, on hold",
    "ended": "gestopt, beeindigd, afgesloten, beendet, aufgelost, ended, closed, stopped",
    "active": "actief, aktiv, active, lopend",
}
STATE_WORDS = {key(word): state for state, words in STATES.items() for word in words.split(",")}


def is_total(line: Line) -> bool:
    return key(line.first.text).split(" ")[0] in TOTALS and len(line.written) <= 4


def network_in(line: Line, table: Table) -> str:
    """The text of a line that names the network of the rows below it, "" for any other line."""
    cell = line.alone
    if cell is None or "organisation" not in table.fields or NOTE.search(cell.text):
        return ""
    wide = ":" in cell.merged and cell.merged.split(":")[0][:1] != cell.merged.split(":")[1][:1]
    return cell.text.strip() if wide or NUMBERED.match(cell.text) else ""


def network_name(text: str) -> tuple[str, str]:
    """Name and state from "NETWERK 18 – ETEN EN GASTVRIJHEID (in oprichting)"."""
    numbered = NUMBERED.match(text)
    name = " ".join((numbered["name"] if numbered else text).split())
    ending = STATE.search(name)
    state = STATE_WORDS.get(key(ending["state"]), "") if ending else ""
    return (name[: ending.start()].strip(), state) if ending and state else (name, "active")
