"""What moves several networks: words that their topics share."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.text import folded
from app.topics.models import Topic

SINCE = timedelta(days=548)  # a year and a half: what moves people now
WORD = re.compile(r"[^\W\d_]{4,}")
# What says nothing about a subject, in the three languages, as `folded` leaves it.
_WORDS = """
about after again also always another because before being between could does doing during each even every from
have having here into just like make many more most much must never only other over same should since some such
than that their them then there these they this those through under until very want well were what when where
which while will with within without would your yours
aber alle allem allen aller alles also andere anderen anders auch beim bist dabei damit dann dass dein deine denn
deren dies diese diesem diesen dieser dieses doch dort durch eine einem einen einer eines einmal etwas euch euer
gegen habe haben hatte hier ihre ihrem ihren ihrer immer jede jedem jeden jeder jetzt kann kein keine konnen
machen mehr mein meine muss mussen nach nicht nichts noch oder ohne schon sehr sein seine sich sind soll sollen
sollte sonst uber unser unsere unter viel viele warum wann waren weil weiter wenn werden wenig wieder will wird
wollen wurde zwischen
aan achter alleen alle alles altijd andere anders been beter beide bent bijna boven daar daarom dagen deze dient
doen door dus elkaar elke ergens gaan geen goed haar hebben heeft hier hoeveel hoewel iedere iedereen iemand iets
jouw jullie kunnen langs lang maar maken meer meest mensen mijn minder moet moeten naar niemand niet niets nodig
nooit omdat onder onze onszelf ooit over samen steeds terug tijdens toch toen tussen twee vaak veel verder volgens
voor vooral waar waarom wanneer want waren wordt worden weer welke werd wiens wilt willen zelf zich zijn zonder
zoals zodat zullen zult zouden
"""
COMMON = frozenset(_WORDS.split())


@dataclass(frozen=True)
class Theme:
    """A word, or several that always stand together, and the topics that say it, newest first."""

    words: tuple[str, ...]
    topics: tuple[Topic, ...]

    @property
    def networks(self) -> int:
        return len({topic.network_id for topic in self.topics})


def themes(network_ids: Sequence[int], now: datetime) -> list[Theme]:
    """What topics of at least two of these networks share, those of most networks first."""
    query = (
        select(Topic)
        .where(Topic.network_id.in_(network_ids), Topic.created_at > now - SINCE)
        .where(Topic.hidden_at.is_(None), Topic.withdrawn_at.is_(None))
        .options(joinedload(Topic.network), joinedload(Topic.meeting))
        .order_by(Topic.created_at.desc(), Topic.id)
    )
    topics, written = defaultdict[str, dict[int, Topic]](dict), dict[str, str]()
    for topic in db.session.scalars(query):
        for word in WORD.findall(topic.title):
            plain = folded(word)
            if plain not in COMMON:
                topics[plain][topic.id] = topic
                written.setdefault(plain, word.lower())
    together = defaultdict[tuple[int, ...], list[str]](list)
    for plain, found in topics.items():
        if len({topic.network_id for topic in found.values()}) > 1:
            together[tuple(found)].append(plain)
    found_themes = [
        Theme(tuple(written[plain] for plain in words), tuple(topics[words[0]].values())) for words in together.values()
    ]
    return sorted(found_themes, key=lambda each: (-each.networks, -len(each.topics), each.words))
