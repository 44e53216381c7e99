"""Is this the same organisation? Spellings that differ in case and signs are; short forms are only likely to be."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

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
SHORTEST_SLIP = 8
SHORTEST_WORD = 3


@lru_cache(20_000)
def organisation_key(name: str) -> str:
    return " ".join(word for word in key(name).split() if word not in JOINING)


def _telling(key_of_name: str) -> list[str]:
    return [word for word in key_of_name.split() if word not in GENERIC]


def _stems(word: str) -> Iterator[str]:
    """What may be written for a word: itself, or its beginning."""
    yield word
    for end in range(SHORTEST_STEM, len(word)):
        yield word[:end]


def _without_a_letter(word: str) -> set[str]:
    """The word with any one letter gone. Figures stay: "Location 1" is no slip of "Location 2"."""
    if len(word) < SHORTEST_WORD:
        return set()
    return {word[:n] + word[n + 1 :] for n, sign in enumerate(word) if not sign.isdigit()}


class Directory:
    """The organisations named in full so far. Indexes keep a search from comparing everything with everything."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names: dict[str, str] = {}  # by key
        self._closed: dict[str, set[str]] = defaultdict(set)  # by the key without its spaces
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
        self._likely.clear()
        self._closed[own.replace(" ", "")].add(own)
        for word in own.split():
            for stem in _stems(word):
                self._by_stem[stem].add(own)
            for gap in {word} | _without_a_letter(word):
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
        return sorted(self._names[other] for other in found)

    def shorter(self, name: str) -> list[str]:
        """Names that may be short for this one."""
        if not self._names:
            return []
        alone = Directory([name])
        stems = {stem for word in _telling(organisation_key(name)) for stem in _stems(word)}
        near = {other for stem in stems for other in self._by_stem.get(stem, ())}
        return sorted(self._names[other] for other in near if alone._longer(other))

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
        return ((meant & self._names.keys()) | self._closed.get(own.replace(" ", ""), set())) - {own}

    def _near(self, word: str) -> set[str]:
        return {other for gap in {word} | _without_a_letter(word) for other in self._by_gap.get(gap, ())} - {word}

    def __len__(self) -> int:
        return len(self._names)
