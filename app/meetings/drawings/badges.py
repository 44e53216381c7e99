"""The mark of an organisation: a colour and two initials, dealt within a network."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from app.networks.models import Network, Organisation

TONES = 12
IGNORED = {"stichting", "stg", "de", "het", "en", "van", "der", "the", "und", "and", "für", "zorggroep", "woonzorg"}
ELIDED = {"t", "s", "n"}  # of 't, 's and 'n: never an initial


@dataclass(frozen=True)
class Badge:
    """Two initials on a colour, ringed when the twelve colours are used up."""

    initials: str
    tone: int
    ringed: bool
    name: str


def badges_of(network: Network) -> dict[int, Badge]:
    """{organisation id: its badge} of everybody who is or was a member, dealt in the order of joining."""
    memberships = sorted(network.memberships, key=lambda membership: membership.id)
    return deal(dict.fromkeys(membership.organisation for membership in memberships))


def deal(organisations: Iterable[Organisation]) -> dict[int, Badge]:
    """A badge each: no initials twice, no colour twice before all are used."""
    dealt: dict[int, Badge] = {}
    taken: set[str] = set()
    for n, organisation in enumerate(organisations):
        letters = next(each for each in initials(organisation.short) if each not in taken)
        taken.add(letters)
        dealt[organisation.id] = Badge(letters, n % TONES, n >= TONES, organisation.short)
    return dealt


def initials(name: str) -> Iterator[str]:
    """The best two letters first ("De Linde": DL, "'t Wevershuys": WE), then others of the name, then figures."""
    parts = name.replace("’", " ").replace("'", " ").replace("-", " ").split()
    words = [part for part in parts if part[0].isalnum() and part.lower() not in ELIDED] or ["?"]
    telling = [word for word in words if word.lower() not in IGNORED] or words
    if len(telling) == 1 and words[0] != telling[0]:
        telling = [words[0], telling[0]]
    first, *rest = telling
    for letter in (rest[0] if rest else "") + first[1:]:
        if letter.isalnum():
            yield (first[0] + letter).upper()[:2]
    for number in count(1):
        yield f"{first[0].upper()[:1]}{number}"
