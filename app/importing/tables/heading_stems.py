"""What a heading nobody listed means, by the stems its words are made of: "Mitgliedseinrichtung", "Kan hosten?"."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from app.importing.cells.person_names import key
from app.importing.tables.heading_words import LEFT_OUT, folded
from app.importing.tables.stem_words import STEMS

# Endings that other words have too: "Sport", "Antwort"; "Ansprechpartner".
ENDINGS = {
    "<ort>": r"(?<![wp])ort\b",
    "<partner>": r"(?<!ansprech)(?<!gesprachs)partner\b",
    "<deelnemer>": r"\bdeelnem(?!ende (?:org|inst|bedr|part))",
    "<teilnehmer>": r"\bteilnehm(?!ende (?:ein|org|tr|ver))",
}
LONGEST = 9  # words of a question that is still about one thing
RIVALS = frozenset(["network", "room", "person", "organisation", "host", "town"])  # that a heading may name beside it
GENDERED = re.compile(r"(?<=[a-zäöüß])(?:[:*_/·’']-?in(?:nen)?|-?\(in(?:nen)?\)|In(?:nen)?)\b")
ANYBODY = re.compile(r"\(?\b[mwdfvx]\s*/\s*[mwdfvx](?:\s*/\s*[mwdfvx])?\b\)?", re.IGNORECASE)
HINT = re.compile(r"\([^)]*\)|\[[^\]]*\]")
NUMBERED = re.compile(r"^\s*(?:vraag|frage|question)?\s*\d{1,2}\s*[.:)]\s+", re.IGNORECASE)
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
OF = re.compile(r" (?:van|der|des|von|of|vom|bij|beim) ")
NTH = {
    **dict.fromkeys(["eerste", "erste", "erster", "first", "1e", "1st", "hoofd", "haupt", "primary", "primair"], 1),
    **dict.fromkeys(["tweede", "zweite", "zweiter", "second", "2e", "2nd", "andere", "anderer", "other"], 2),
    **dict.fromkeys(["derde", "dritte", "dritter", "third", "3e", "3rd"], 3),
}


class Heading(NamedTuple):
    field: str
    plain: bool  # nothing else in it speaks of something else
    nth: int = 0  # of several alike, as far as the heading says so: "Contact 2"


def bare(text: str) -> str:
    """Without marks of gender, numbers of questions and camels' humps."""
    return CAMEL.sub(" ", ANYBODY.sub(" ", GENDERED.sub("", NUMBERED.sub("", text)))).replace("_", " ")


@lru_cache(1_000)
def meaning(text: str) -> Heading:
    """Of a heading that is no listed one; the hint in brackets counts where the rest says nothing."""
    written = bare(text)
    outside = HINT.sub(" ", written)
    words, nth = _counted(folded(key(outside)))
    field, plain = _of_words(words)
    if not field and outside != written:
        field, plain = _of_words(folded(key(written)))
        plain = False
    return Heading(field, plain, nth)


@lru_cache(1_000)
def counted(text: str) -> tuple[str, int]:
    """ "Tweede contactpersoon" is "contactpersoon" and 2; 0 where a heading does not say of which it is."""
    return _counted(folded(key(bare(text))))


def _counted(words: str) -> tuple[str, int]:
    """ "contact 2", "zweite ansprechperson", "e mail 1 value"."""
    nth = 0
    left = []
    for word, following in zip_longest(words.split(), words.split()[1:]):
        if word in NTH and following not in ("name", "names", "and") and not words.startswith("first"):
            nth = nth or NTH[word]
        elif word.isdigit() and len(word) == 1:
            nth = nth or int(word)
        elif word != "value":
            left.append(word)
    return " ".join(left), nth


def _of_words(words: str) -> tuple[str, bool]:
    """The first part of "naam van de contactpersoon" counts, unless it is no more than a name."""
    of = OF.search(words)
    head, rest = (words[: of.start()], words[of.end() :]) if of else (words, "")
    own = _matching(head)
    if own[:1] in (["name"], []) and rest:
        own = _matching(rest)
    if not own:
        return "", False
    field = own[0].removesuffix("?")
    rivals = RIVALS & set(own[1:]) if field in RIVALS else set()
    return field, field == own[0] and not rivals and len(words.split()) <= LONGEST


def _matching(words: str) -> list[str]:
    found = [field for field, pattern in PATTERNS if pattern.search(words)]
    return [LEFT_OUT] if LEFT_OUT in found else found


def _pattern(stems: str) -> re.Pattern[str]:
    parts = []
    for stem in stems.split(","):
        begin, end = stem.strip().startswith("-"), stem.strip().endswith("-")
        word = folded(key(stem))
        parts.append(ENDINGS.get(stem.strip()) or ("" if begin else r"\b") + word + ("" if end else r"\b"))
    return re.compile("|".join(parts))


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    _before, *parts = re.split(r"(?m)^([a-z_ ?]+):$", STEMS)
    return ((field, _pattern(stems)) for field, stems in zip(parts[::2], parts[1::2], strict=True))


PATTERNS = tuple(_patterns())
