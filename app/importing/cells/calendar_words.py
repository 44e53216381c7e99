"""Months, weekdays and the small words between dates, in Dutch, German and English."""

import re

MONTHS = {
    "jan": 1, "feb": 2, "maa": 3, "mrt": 3, "mar": 3, "mär": 3, "apr": 4, "mei": 5, "mai": 5, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
MONTH = (
    r"(?:januar[iy]?|jan|februar[iy]?|feb|maart|mrt|märz|mär|march|mar|april|apr|mei|mai|may|jun[ie]?|jul[iy]?|"
    r"august(?:us)?|aug|september|sept?|okt(?:ober)?|oct(?:ober)?|november|nov|de[cz]ember|de[cz])"
)
WEEKDAYS = {
    "ma": 0, "mo": 0, "di": 1, "tu": 1, "wo": 2, "mi": 2, "we": 2, "do": 3, "th": 3, "vr": 4, "fr": 4, "za": 5, "sa": 5,
    "zo": 6, "so": 6, "su": 6,
}  # fmt: skip
WEEKDAY = (
    r"(?:maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|montag|dienstag|mittwoch|donnerstag|freitag|samstag|"
    r"sonntag|monday|tuesday|wednesday|thursday|friday|saturday|sunday|ma|di|wo|do|vr|za|zo|mo|mi|fr|sa|so)(?:en|s)?\b\.?"
)
WEEK = r"\b(?:weken|weeks?|wk|kw|kalenderwochen?|wochen?)\b\.?"
_TO = r"\bt/m\b|\btm\b|t\.m\.|\btot en met\b|\btot\b|\bbis\b|\bthrough\b|\buntil\b|\btill\b|\bto\b"
TO = rf"\s*(?:{_TO}|[-–—])\s*"
TO_WORD = rf"(?:\s*(?:{_TO})\s*|\s+[-–—]\s+)"
OPEN_END = re.compile(
    r"^(?:t/m|tm|tot|bis|until|till)\b(?=.*\d)"
    r"|\b(?:vanaf|sinds|from|since|ab|voor|before|vor|after|nach)\b",
    re.IGNORECASE,
)
WEEKLY = re.compile(
    r"\b(?:elke|iedere|altijd|alle|jede[nrs]?|every|each|always)\b|dagen\b|tags\b|days\b|woche?ns\b", re.IGNORECASE
)
ONLY_HOST = re.compile(
    r"niet ontvangen|alleen (?:ontvangen|de zaal)|geen (?:zaal|ruimte)|zaal (?:dicht|bezet)|kein(?:en)? raum"
    r"|nicht einladen"
    r"|nicht gastgeb|no room|not host|host only|nur (?:gastgeb|einladen|der raum)|only the room",
    re.IGNORECASE,
)
NO_PERIOD = re.compile(r"vakantie|ferien|holiday|feestdag|feiertag|kerst|pasen|ostern|easter|christmas", re.IGNORECASE)
