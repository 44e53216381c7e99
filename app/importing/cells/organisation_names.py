"""Is this the same organisation? Spellings that differ in case and signs are; short forms are only likely to be."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from app.importing.cells.person_names import key
from app.text import by_name

JOINING = frozenset(["en", "and", "und"])
_GENERIC = """
    stichting st sint sankt vereniging cooperatie zorg zorggroep zorgcentrum zorgcooperatie zorgorganisatie
    zorginstelling thuiszorg woonzorg woonzorggroep woonzorgcentrum verpleeghuis ouderenzorg huize huis residentie
    wonen welzijn thuis groep de het t van met der die das the bv nv gmbh ggmbh mbh kg ev eg pflege pflegeheim
    pflegedienst altenheim haus seniorenzentrum seniorenheim verein stiftung einrichtung foundation group care
"""
GENERIC = frozenset(_GENERIC.split())
LEGAL_FORM = re.compile(r"\b(?:[ebn] v|e g|g gmbh)\b")  # "e.V." and its like, once the signs are gone
LOOKS_LIKE = str.maketrans("αβεηικμνορτυχаеорсухѕіј01", "abehikmnoptyxaeopcyxsijol")
INITIALS = range(3, 7)  # letters of an abbreviation
SHORTEST_STEM = 5
SHORTEST_SLIP = 8
SHORTEST_WORD = 3


@lru_cache(4_000)
def organisation_key(name: str) -> str:
    return " ".join(word for word in key(name).split() if word not in JOINING)


def _telling(key_of_name: str) -> list[str]:
    return [word for word in LEGAL_FORM.sub(" ", key_of_name).split() if word not in GENERIC]


def _closed(key_of_name: str) -> str:
    """Without spaces, letters of other alphabets and figures as the letters they look like."""
    return key_of_name.replace(" ", "").translate(LOOKS_LIKE)


def _initials(key_of_name: str) -> str:
    return "".join(word[0] for word in key_of_name.split())


def _stems(word: str) -> Iterator[str]:
    """What may be written for a word: itself, or its beginning."""
    yield word
    for end in range(SHORTEST_STEM, len(word)):
        yield word[:end]


@lru_cache(4_000)
def _gaps(word: str) -> frozenset[str]:
    """The word, and with any one letter gone. Figures stay: "Location 1" is no slip of "Location 2"."""
    if len(word) < SHORTEST_WORD:
        return frozenset([word])
    return frozenset([word, *(word[:n] + word[n + 1 :] for n, sign in enumerate(word) if not sign.isdigit())])


class Directory:
    """The organisations named in full so far. Indexes keep a search from comparing everything with everything."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names: dict[str, str] = {}  # by key
        self._rank: dict[str, int] = {}  # by key, the order they came in
        self._by_look: dict[str, set[str]] = defaultdict(set)
        self._by_telling: dict[str, set[str]] = defaultdict(set)
        self._by_initials: dict[str, set[str]] = defaultdict(set)
        self._by_stem: dict[str, set[str]] = defaultdict(set)
        self._by_gap: dict[str, set[str]] = defaultdict(set)  # words by themselves with a letter gone
        self._likely: dict[str, set[str]] = {}  # found before, until a name is added
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        own = organisation_key(name)
        if not own or own in self._names:
            return
        self._names[own] = name
        self._rank[own] = len(self._rank)
        self._likely.clear()
        self._by_look[_closed(own)].add(own)
        self._by_telling[" ".join(_telling(own))].add(own)
        self._by_initials[_initials(own)].add(own)
        for word in own.split():
            for stem in _stems(word):
                self._by_stem[stem].add(own)
            if word not in self._by_gap.get(word, ()):
                for gap in _gaps(word):
                    self._by_gap[gap].add(word)

    def exact(self, name: str) -> str | None:
        return self._names.get(organisation_key(name))

    def likely(self, name: str, among: Iterable[str] | None = None) -> list[str]:
        """Longer names this may be short for, each of its words whole or a stem of one of theirs; else likely slips."""
        own = organisation_key(name)
        found = self._likely.get(own)
        if found is None:
            found = self._likely[own] = self._longer(own) or self._slips(own)
        if among is not None:
            found = found & {organisation_key(other) for other in among}
        return sorted((self._names[other] for other in found), key=by_name)

    def longer(self, name: str) -> list[str]:
        """Names this may be short for. What may be a slip as well is left to `earlier`."""
        own = organisation_key(name)
        return sorted((self._names[other] for other in self._longer(own) - self._slips(own)), key=by_name)

    def alike(self, name: str) -> list[str]:
        """Names that differ by a slip, a general word ("Stichting", "e.V.") or their alphabet, and initials."""
        own = organisation_key(name)
        telling, initials = " ".join(_telling(own)), _initials(own)
        found = self._slips(own) | (self._by_telling.get(telling, set()) if telling else set())
        if len(own) in INITIALS:
            found |= self._by_initials.get(own, set())
        if len(initials) in INITIALS:
            found |= {initials} & self._names.keys()
        return sorted((self._names[other] for other in found - {own}), key=by_name)

    def earlier(self, name: str) -> list[str]:
        """Of the names alike, those to ask about here: they were there before, and are not short for this one."""
        rank = self._rank.get(organisation_key(name), len(self._rank))
        before = (other for other in self.alike(name) if self._rank[organisation_key(other)] < rank)
        return [other for other in before if name not in self.longer(other)]

    def shorter(self, name: str) -> list[str]:
        """Names that may be short for this one."""
        if not self._names:
            return []
        alone = Directory([name])
        stems = {stem for word in _telling(organisation_key(name)) for stem in _stems(word)}
        near = {other for stem in stems for other in self._by_stem.get(stem, ())}
        return sorted((self._names[other] for other in near if alone._longer(other)), key=by_name)

    def _longer(self, own: str) -> set[str]:
        if not _telling(own):
            return set()
        return set.intersection(*sorted((self._by_stem.get(word, set()) for word in own.split()), key=len)) - {own}

    def _slips(self, own: str) -> set[str]:
        """Names that differ by one letter of one word - gone, added or another - or by where their spaces are."""
        if len(own) < SHORTEST_SLIP:
            return set()
        words = own.split()
        meant = {
            " ".join((*words[:n], other, *words[n + 1 :])) for n, word in enumerate(words) for other in self._near(word)
        }
        return ((meant & self._names.keys()) | self._by_look.get(_closed(own), set())) - {own}

    def _near(self, word: str) -> set[str]:
        return {other for gap in _gaps(word) for other in self._by_gap.get(gap, ())} - {word}

    def __len__(self) -> int:
        return len(self._names)
