"""Names of people, in the orders people write them."""

import re
import unicodedata
from functools import lru_cache
from hashlib import sha256

SIGNS = re.compile(r"[^\w]+")
LONGEST_TITLE = 40
LONGEST = 100  # letters of a first and of a last name
INFIXES = frozenset(
    [
        "van",
        "de",
        "den",
        "der",
        "ter",
        "ten",
        "te",
        "'t",
        "'s",
        "in",
        "op",
        "aan",
        "bij",
        "onder",
        "over",
        "tot",
        "uit",
        "uijt",
        "von",
        "vom",
        "zu",
        "zum",
        "zur",
        "am",
        "im",
        "la",
        "le",
        "los",
        "el",
        "al",
        "da",
        "di",
        "du",
        "des",
        "del",
    ]
)
FORMS_OF_ADDRESS = re.compile(r"^(?:(?:dhr|de heer|mevrouw|mevr|mw|mr|mrs|ms|herrn?|frau)\b\.?\s+)+", re.IGNORECASE)


TITLES = re.compile(
    r"^(?:(?:univ\.?-?\s*)?(?:prof(?:essor(?:in)?)?|drs?|ir|ing|pd|priv\.?-?doz|dipl\.?[- ]?[a-zäöü]*|mag)\b\.?\s*"
    r"(?:(?:med|dent|vet|rer|nat|phil|jur|iur|theol|oec|pol|paed|päd|soc|sc|hum|h\.?\s?c|habil|mult)\b\.?\s*)*)+",
    re.IGNORECASE,
)
DEGREES = re.compile(r"(?:,?\s+(?:m\.?sc|b\.?sc|m\.a|b\.a|ph\.?d|mba|llm|ll\.m|mha|msn)\.?)+$", re.IGNORECASE)


@lru_cache(4_000)
def without_titles(text: str) -> str:
    """ "Prof. Dr. med. Anna Weiß, M.A." -> Anna Weiß. A title alone stays: it may be a name."""
    return DEGREES.sub("", TITLES.sub("", text)).strip() or text


@lru_cache(4_000)
def titles(text: str) -> str:
    """ "Prof. Dr." of "Prof. Dr. Anna Weiß" or of a cell that holds nothing else."""
    found = TITLES.match(text)
    return " ".join(found[0].split()) if found and len(found[0]) <= LONGEST_TITLE else ""


def split(text: str) -> tuple[str, str]:
    """First and last name: up to the first infix, else after the first word. "Vries, Jan de" -> Jan, de Vries."""
    last, comma, first = text.partition(",")
    if comma:
        return _cut(*_turned(last.strip(), first.split()))
    words = text.split()
    infix = next((n for n, word in enumerate(words) if n and _is_infix(word)), None)
    cut = infix or 1
    return _cut(" ".join(words[:cut]), " ".join(words[cut:]))


def _cut(first: str, last: str) -> tuple[str, str]:
    return first[:LONGEST], last[:LONGEST]


def _turned(last: str, words: list[str]) -> tuple[str, str]:
    cut = len(words)
    while cut > 1 and _is_infix(words[cut - 1]):
        cut -= 1
    return " ".join(words[:cut]), " ".join([*words[cut:], last])


def _is_infix(word: str) -> bool:
    return word.replace("’", "'").replace("‘", "'") in INFIXES


@lru_cache(4_000)
def without_form_of_address(text: str) -> str:
    return FORMS_OF_ADDRESS.sub("", text)


@lru_cache(4_000)
def key(text: str) -> str:
    """The same for "Hénk  Kersten" and "henk kersten": no accents, no case, no signs."""
    if text.isascii():
        return " ".join(SIGNS.sub(" ", text.lower()).split())
    letters = unicodedata.normalize("NFKD", text.translate(str.maketrans("ıłŁđĐøØß", "ilLdDoOs")))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(SIGNS.sub(" ", plain.casefold()).split())


def question_id(code: str, *about: str) -> str:
    """The same in every run and for every file that says the same."""
    words = "|".join(key(part) or part for part in about)
    return f"{code.replace('_', '-')}-{sha256(words.encode()).hexdigest()[:10]}"
