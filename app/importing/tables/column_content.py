"""What the cells of a column look like, whatever its heading says, and whether that suits a meaning."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from app.importing.cells import regions
from app.importing.cells.calendar_words import MONTH, WEEK, WEEKDAY
from app.importing.cells.first_names import FIRST_NAMES
from app.importing.cells.mail_addresses import addresses_in
from app.importing.cells.organisation_names import GENERIC, LEGAL_FORM
from app.importing.cells.person_names import INFIXES, key, without_form_of_address, without_titles
from app.importing.cells.rhythm import rhythm
from app.importing.cells.towns import TOWNS
from app.importing.cells.values import CROSSES, NO, YES
from app.importing.files.sheet import Cell

NOBODY = frozenset(["anonymous", "anoniem", "anonym"])  # what forms write for who did not say
LOOKED_AT = 80  # cells of a column
FEW = 3  # cells below which nothing is proven
PHONE = re.compile(r"\+?\(?\d[\d\s()/.\-–]{6,20}")
POSTCODE = re.compile(r"(?:[A-Z]{1,2}-?)?(?:\d{4}\s?[A-Z]{2}|\d{4,5})")
DUTCH_POSTCODE = re.compile(r"\d{4}\s?[A-Z]{2}")
DAY = re.compile(
    rf"\d{{1,2}}[-./]\d{{1,2}}(?:[-./](?:\d{{4}}|\d\d))?|\d{{4}}[-/]\d\d?[-/]\d\d?|\d\d?/\d{{4}}|(?:19|20)\d\d"
    rf"|\d{{1,2}}(?:\.|e)?\s*{MONTH}\b|\b{MONTH}\s+'?\d{{2,4}}|{WEEK}\s*\d{{1,2}}",
    re.IGNORECASE,
)
WHEN = re.compile(rf"{DAY.pattern}|\b{MONTH}\b|\b{WEEKDAY}\b", re.IGNORECASE)
COUNT = re.compile(r"(?:(?:ca|max|circa|ongeveer|etwa|bis|tot)\.?\s*)?(\d{1,3})(?:\s*[-–/]\s*\d{1,3})?\b(?![.:/]\d)")
STREET = re.compile(r"\D{4,}\s\d{1,4}\s?[a-zA-Z]?(?:[-–,/ ].*)?")
URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
CAPITAL = re.compile(r"[^\W\d_a-zà-öø-ÿ][\w'’\-.]*")
_OF_HOUSES = """
    bv vzw kita schule school gymnasium grundschule hogeschool universiteit klinik kliniek ziekenhuis hospital
    praxis praktijk gemeente kommune stadt caritas diakonie awo drk lebenshilfe werkstatt werkstatten bibliotheek
    bibliothek museum kirche kerk zentrum centrum kinderhaus jugendhilfe familienzentrum tagespflege sozialstation
    hospiz residenz residentie revalidatie instituut institut akademie academie bedrijf firma association trust
    college limited ltd inc
"""
OF_HOUSES = GENERIC | frozenset(_OF_HOUSES.split())
GENERAL = frozenset(["de", "het", "t", "der", "die", "das", "st", "van", "von"])  # in names of houses and of people


@lru_cache(4_000)
def kinds(text: str) -> frozenset[str]:
    """What a text may be, by its shape alone."""
    found = {kind for kind, test in SHAPES.items() if test(text)}
    return frozenset(found)


def _is_yes_no(text: str) -> bool:
    first = re.split(r"[\s,;(.!]", text.casefold(), maxsplit=1)[0]
    return (first in YES | NO and not first.isdigit()) or text.casefold() in CROSSES


def _is_count(text: str) -> bool:
    found = COUNT.match(text)
    return found is not None and 4 <= int(found[1]) <= 400 and not PHONE.fullmatch(text) and len(text) < 40


def _is_town(text: str) -> bool:
    return key(text) in TOWNS or key(text.partition("(")[0]) in TOWNS


def _names_a_house(text: str) -> bool:
    words = set(key(text).split()) - GENERAL
    stems = any(
        word.endswith(("zorg", "haus", "huis", "heim", "verein", "stichting", "groep", "kita")) for word in words
    )
    return bool(words & OF_HOUSES) or stems or bool(LEGAL_FORM.search(key(text)))


def _is_name(text: str) -> bool:
    """The shape of "Ann Bakker", "Bakker, Ann" or "Bob van der Cools"; houses may have it too."""
    words = without_titles(without_form_of_address(text)).replace(",", " ").split()
    if not 2 <= len(words) <= 6 or any(sign.isdigit() or sign in "@&/+" for sign in text):
        return False
    return all(CAPITAL.fullmatch(word) or word.replace("’", "'") in INFIXES for word in words)


def _is_person(text: str) -> bool:
    words = [key(word) for word in without_titles(without_form_of_address(text)).replace(",", " ").split()]
    return _is_name(text) and not _names_a_house(text) and bool(FIRST_NAMES & {words[0], words[-1]} if words else False)


def _is_word(text: str) -> bool:
    return CAPITAL.fullmatch(text) is not None


SHAPES: dict[str, Callable[[str], bool]] = {
    "address": lambda text: bool(addresses_in(text)),
    "phone": lambda text: (
        PHONE.fullmatch(text) is not None and sum(sign.isdigit() for sign in text) >= 8 and not DAY.match(text)
    ),
    "postcode": lambda text: POSTCODE.fullmatch(text) is not None,
    "dutch postcode": lambda text: DUTCH_POSTCODE.fullmatch(text) is not None,
    "day": lambda text: DAY.search(text) is not None and len(text) <= 40 and not URL.search(text),
    "when": lambda text: WHEN.search(text) is not None,
    "count": _is_count,
    "figure": lambda text: any(sign.isdigit() for sign in text),
    "yes or no": _is_yes_no,
    "town": _is_town,
    "region": lambda text: regions.code(text) is not None,
    "house": _names_a_house,
    "name": _is_name,
    "person": _is_person,
    "first name": lambda text: key(text) in FIRST_NAMES,
    "infix": lambda text: all(word.lower() in INFIXES for word in text.split()),
    "word": _is_word,
    "street": lambda text: STREET.fullmatch(text) is not None and not DAY.fullmatch(text),
    "url": lambda text: URL.fullmatch(text) is not None,
    "rhythm": lambda text: bool(rhythm(text)),
    "anonymous": lambda text: text.casefold() in NOBODY,
    "long": lambda text: len(text) > 60,
}


@dataclass(frozen=True)
class Content:
    """How many of the first cells of a column have which shape."""

    count: int
    distinct: int
    shapes: Counter[str]

    def share(self, *names: str) -> float:
        """Of the cells, those of the most frequent of these shapes."""
        return max(self.shapes[name] for name in names) / self.count if self.count else 0.0

    @property
    def repeats(self) -> bool:
        """Few values, each several times, as the names of networks are."""
        return self.count >= 4 and 1 < self.distinct <= self.count * 0.6

    @property
    def typed(self) -> float:
        """The share of what no name of anything looks like."""
        return self.share("address", "phone", "day", "yes or no", "url", "dutch postcode")


def content(cells: Iterable[Cell]) -> Content:
    shapes: Counter[str] = Counter()
    texts: set[str] = set()
    count = 0
    for cell in cells:
        text = " ".join((cell.text or cell.link.removeprefix("mailto:") or cell.formula).split())
        if not text:
            continue
        count += 1
        texts.add(text)
        shapes.update(_of_cell(cell, text))
        if count == LOOKED_AT:
            break
    return Content(count, len(texts), shapes)


def _of_cell(cell: Cell, text: str) -> frozenset[str]:
    if isinstance(cell.value, bool):
        return frozenset(["yes or no"])
    if isinstance(cell.value, date | datetime):
        return frozenset(["day", "when", "figure"])
    linked = frozenset(["address"]) if cell.link and addresses_in(cell.link) else frozenset()
    return kinds(text[:200]) | linked


def suits(field: str, found: Content) -> int:
    """1 where the cells prove a meaning, -1 where they speak against it, 0 where they say nothing."""
    if not found.count:
        return 0
    verdict = CHECKS.get(field, _untyped)(found)
    return 0 if verdict < 0 and found.count < FEW else verdict


def _needs(*shapes: str, enough: float = 0.5) -> Callable[[Content], int]:
    def check(found: Content) -> int:
        share = found.share(*shapes)
        return 1 if share >= enough else -1 if share < 0.1 else 0

    return check


def _untyped(found: Content) -> int:
    return -1 if found.typed >= 0.5 else 0


def _person(found: Content) -> int:
    if found.typed >= 0.5 or (found.share("house") >= 0.6 and found.share("person") < 0.2):
        return -1
    return 1 if found.share("person") >= 0.3 or found.share("name") >= 0.8 > 5 * found.share("house") else 0


def _one_word(found: Content) -> int:
    if found.typed >= 0.5 or found.share("person") >= 0.6:
        return -1
    return 1 if found.share("first name", "word") >= 0.5 else 0


def _organisation(found: Content) -> int:
    if (
        found.typed >= 0.5
        or (found.share("person") >= 0.6 and found.share("house") < 0.2)
        or found.share("town") >= 0.7
    ):
        return -1
    return 1 if found.share("house") >= 0.3 else 0


def _town(found: Content) -> int:
    if found.typed >= 0.5 or found.share("person", "street") >= 0.5:
        return -1
    return 1 if found.share("town") >= 0.3 else 0


def _network(found: Content) -> int:
    if found.typed >= 0.5 or found.share("person") >= 0.5:
        return -1
    return 1 if found.repeats else 0


def _room(found: Content) -> int:
    return -1 if found.typed >= 0.5 or found.share("town", "person") >= 0.6 else 0


def _street(found: Content) -> int:
    if found.share("address", "phone", "day", "yes or no", "url") >= 0.5 or found.share("town", "person") >= 0.6:
        return -1
    return 1 if found.share("street") >= 0.4 else 0


def _seats(found: Content) -> int:
    if found.share("address", "phone", "yes or no") >= 0.5 or found.share("figure") < 0.1:
        return -1
    return 1 if found.share("count") >= 0.5 else 0


def _absence(found: Content) -> int:
    if found.share("address", "phone", "person") >= 0.5:
        return -1
    return 1 if found.share("when") >= 0.3 else 0


def _host(found: Content) -> int:
    if found.share("address", "phone", "day") >= 0.5:
        return -1
    return 1 if found.share("yes or no") >= 0.5 else 0


def _anything(_found: Content) -> int:
    return 0


CHECKS: dict[str, Callable[[Content], int]] = {
    "email": _needs("address"),
    "phone": _needs("phone", "figure"),
    "postcode": _needs("postcode"),
    "joined": _needs("day"),
    "date": _needs("day", "when"),
    "since": _needs("day", "when"),
    "until": _needs("day", "when"),
    "region": lambda found: 1 if found.share("region") >= 0.5 else _untyped(found),
    "rhythm": lambda found: 1 if found.share("rhythm") >= 0.5 else _untyped(found),
    "infix": lambda found: 1 if found.share("infix") >= 0.5 else _untyped(found),
    "person": _person,
    "first": _one_word,
    "last": _one_word,
    "organisation": _organisation,
    "town": _town,
    "network": _network,
    "room": _room,
    "address": _street,
    "seats": _seats,
    "absence": _absence,
    "host": _host,
    **dict.fromkeys(
        ("birth", "diet", "salutation", "remark", "reason", "attended", "status", "time", "end_time"), _anything
    ),
    **dict.fromkeys(("wheelchair", "parking", "transport", "screen", "title", "preparers", "topic"), _anything),
}


def likely(found: Content) -> str:
    """What the cells mean by themselves; "" where they do not say."""
    if found.count < FEW:
        return ""
    return next((field for field, test in ALONE if test(found)), "")


ALONE: tuple[tuple[str, Callable[[Content], bool]], ...] = (
    ("email", lambda found: found.share("address") >= 0.7 and found.distinct > 1),
    ("phone", lambda found: found.share("phone") >= 0.7 and found.share("day") < 0.3),
    ("postcode", lambda found: found.share("dutch postcode") >= 0.7),
    ("town", lambda found: found.share("town") >= 0.5),
    ("region", lambda found: found.share("region") >= 0.7 and found.share("word") >= 0.5),
    ("address", lambda found: found.share("street") >= 0.7 and found.share("count", "phone", "day") < 0.3),
    ("person", lambda found: found.share("person") >= 0.5 and not found.repeats),
    ("organisation", lambda found: found.share("house") >= 0.6 and found.share("long") < 0.2),
)
