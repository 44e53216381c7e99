"""Is this the same organisation? Spellings that differ in case and signs are; short forms are only likely to be."""

from collections.abc import Iterable
from difflib import SequenceMatcher

from app.transfer.reading.names import key

JOINING = frozenset(["en", "and", "und"])
GENERIC = frozenset(
    [
        *(
            "stichting",
            "zorg",
            "zorggroep",
            "zorgcentrum",
            "woonzorg",
            "woonzorggroep",
            "zorgcooperatie",
            "huize",
            "residentie",
        ),
        *(
            "ouderenzorg",
            "wonen",
            "welzijn",
            "thuis",
            "groep",
            "de",
            "het",
            "t",
            "van",
            "met",
            "der",
            "die",
            "das",
            "the",
            "bv",
        ),
        *(
            "gmbh",
            "ev",
            "ggmbh",
            "pflege",
            "haus",
            "seniorenzentrum",
            "verein",
            "foundation",
            "group",
            "care",
            "vereniging",
        ),
    ]
)
SHORTEST_STEM = 5
STEM = 3  # letters by which the directory looks names up
CLOSE = 0.9


def organisation_key(name: str) -> str:
    return " ".join(word for word in key(name).split() if word not in JOINING)


def _telling(key_of_name: str) -> list[str]:
    return [word for word in key_of_name.split() if word not in GENERIC]


def is_short_form(short: str, full: str) -> bool:
    """Of two keys: whether each word of `short` stands in `full`, whole or as the stem of a longer one."""
    own, words = short.split(), full.split()
    return own != words and bool(_telling(short)) and all(any(_stem(word, other) for other in words) for word in own)


def _stem(word: str, other: str) -> bool:
    return word == other or (len(word) >= SHORTEST_STEM and other.startswith(word))


def is_slip(a: str, b: str) -> bool:
    """Of two keys: whether they differ by a letter or two and by no figure."""
    if a == b or len(a) < 8 or [sign for sign in a if sign.isdigit()] != [sign for sign in b if sign.isdigit()]:
        return False
    matcher = SequenceMatcher(None, a, b)
    return matcher.real_quick_ratio() >= CLOSE and matcher.quick_ratio() >= CLOSE and matcher.ratio() >= CLOSE


class Directory:
    """The organisations named in full so far, found by the first letters of their words."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names: dict[str, str] = {}  # by key
        self._keys: dict[str, set[str]] = {}  # by the first letters of each word
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        own = organisation_key(name)
        if own and own not in self._names:
            self._names[own] = name
            for word in own.split():
                self._keys.setdefault(word[:STEM], set()).add(own)

    def exact(self, name: str) -> str | None:
        return self._names.get(organisation_key(name))

    def likely(self, name: str, among: Iterable[str] | None = None) -> list[str]:
        """Longer names this may be short for, or names it may be a slip of."""
        own = organisation_key(name)
        found = {other for word in _telling(own) for other in self._keys.get(word[:STEM], ())}
        if among is not None:
            found &= {organisation_key(other) for other in among}
        short = {other for other in found if is_short_form(own, other)}
        return sorted(self._names[other] for other in short or {other for other in found if is_slip(own, other)})

    def __len__(self) -> int:
        return len(self._names)
