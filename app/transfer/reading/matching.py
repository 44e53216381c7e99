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
CLOSE = 0.9


def organisation_key(name: str) -> str:
    return " ".join(word for word in key(name).split() if word not in JOINING)


def is_short_form(short: str, name: str) -> bool:
    """Whether each word of `short` stands in `name`, whole or as the stem of a longer one."""
    own, full = organisation_key(short).split(), organisation_key(name).split()
    telling = [word for word in own if word not in GENERIC]
    return own != full and bool(telling) and all(any(_stem(word, other) for other in full) for word in own)


def _stem(word: str, other: str) -> bool:
    return word == other or (len(word) >= SHORTEST_STEM and other.startswith(word))


def is_slip(name: str, other: str) -> bool:
    """Whether two names differ by a letter or two and by no figure."""
    a, b = organisation_key(name), organisation_key(other)
    if [sign for sign in a if sign.isdigit()] != [sign for sign in b if sign.isdigit()]:
        return False
    return a != b and len(a) > 7 and SequenceMatcher(None, a, b).ratio() >= CLOSE


class Directory:
    """The organisations named in full so far."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names: dict[str, str] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        if organisation_key(name):
            self._names.setdefault(organisation_key(name), name)

    def exact(self, name: str) -> str | None:
        return self._names.get(organisation_key(name))

    def likely(self, name: str, among: Iterable[str] | None = None) -> list[str]:
        """Longer names this may be short for, or names it may be a slip of."""
        names = sorted(self._names.values() if among is None else among)
        short = [other for other in names if is_short_form(name, other)]
        return short or [other for other in names if is_slip(name, other)]

    def __len__(self) -> int:
        return len(self._names)
