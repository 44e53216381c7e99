"""Reads of the library: what a network keeps, and addresses that stand in what was written and are not in it yet."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Row, select

from app.extensions import db
from app.library.models import Link
from app.meetings.models import Meeting
from app.networks.models import Network
from app.results.models import Result
from app.text import by_name, folded
from app.topics.models import Reply, Topic

ADDRESS = re.compile(r"https?://[^\s<>\"'`\])}]+", re.IGNORECASE)
LONGEST = 500


@dataclass(frozen=True)
class Found:
    """An address that was written down, and where: a proposal for its title."""

    url: str
    title: str


def kept(network: Network, search: str = "") -> dict[str, list[Link]]:
    """{theme: its links by title}, of those that hold every word of `search`; no theme comes last."""
    query = select(Link).where(Link.network_id == network.id, Link.kept)
    words, themes = folded(search).split(), defaultdict[str, list[Link]](list)
    for link in sorted(db.session.scalars(query), key=lambda each: by_name(each.title or each.url)):
        if all(word in folded(f"{link.title} {link.theme} {link.url}") for word in words):
            themes[link.theme].append(link)
    return {theme: themes[theme] for theme in sorted(themes, key=lambda each: (not each, by_name(each)))}


def themes_of(network: Network) -> list[str]:
    """What links are filed under so far."""
    query = select(Link.theme).where(Link.network_id == network.id, Link.kept, Link.theme != "").distinct()
    return sorted(db.session.scalars(query), key=by_name)


def links_of(network_ids: Iterable[int]) -> list[Link]:
    """All kept links of these networks, as they were added."""
    query = select(Link).where(Link.network_id.in_(list(network_ids)), Link.kept)
    return list(db.session.scalars(query.order_by(Link.added_at, Link.id)))


def link_to(network: Network, url: str) -> Link | None:
    return db.session.scalars(select(Link).where(Link.network_id == network.id, Link.url == url)).first()


def written_down(network: Network) -> list[Found]:
    """Addresses in published notes, topics and answers that are neither kept nor declined, each once, newest first."""
    known = set(db.session.scalars(select(Link.url).where(Link.network_id == network.id)))
    found: dict[str, Found] = {}
    for title, text in _texts(network):
        for url in addresses(text):
            if url not in known:
                found.setdefault(url, Found(url, title))
    return list(found.values())


def addresses(text: str) -> list[str]:
    """The web addresses in a text, without the sentence's own marks behind them."""
    urls = (match.rstrip(".,;:!?*_") for match in ADDRESS.findall(text))
    return [url for url in dict.fromkeys(urls) if len(url) <= LONGEST]


def _texts(network: Network) -> Iterable[Row[str, str]]:
    """(what it is about, what was written), newest first; nothing of the hidden or withdrawn."""
    visible = (Topic.network_id == network.id, Topic.withdrawn_at.is_(None), Topic.hidden_at.is_(None))
    replies = select(Topic.title, Reply.text).join(Reply.topic).where(*visible, Reply.hidden_at.is_(None))
    topics = select(Topic.title, Topic.title + " " + Topic.why + " " + Topic.answer).where(*visible)
    notes = select(Meeting.topic, Result.outcomes).join(Result.meeting)
    notes = notes.where(Meeting.network_id == network.id, Meeting.notes_at.is_not(None))
    yield from db.session.execute(replies.order_by(Reply.id.desc()))
    yield from db.session.execute(topics.order_by(Topic.id.desc()))
    yield from db.session.execute(notes.order_by(Meeting.starts_at.desc()))
