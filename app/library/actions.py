"""Putting an address into the library, declining one that was found, changing and removing one."""

from datetime import datetime

from app.audit import record
from app.extensions import db
from app.library.models import Link
from app.library.queries import link_to
from app.networks.models import Network
from app.people.models import Person


def keep(network: Network, url: str, title: str, theme: str, person: Person, now: datetime) -> Link:
    """The address stands in the library under this title and theme; one that stood there gets them."""
    link = _put(network, url, person, now)
    link.title, link.theme, link.kept = title, theme, True
    record("link-kept", link, now, network_id=network.id)
    return link


def decline(network: Network, url: str, person: Person, now: datetime) -> Link:
    """The address is offered no more; putting it in by hand is possible."""
    link = _put(network, url, person, now)
    link.kept = False
    record("link-declined", link, now, network_id=network.id)
    return link


def _put(network: Network, url: str, person: Person, now: datetime) -> Link:
    link = link_to(network, url) or Link(network=network, url=url, added_at=now, person_id=person.id)
    db.session.add(link)
    db.session.flush()
    return link


def change(link: Link, title: str, theme: str, now: datetime) -> None:
    """Another title or theme."""
    link.title, link.theme = title, theme
    record("link-changed", link, now, network_id=link.network_id)


def remove(link: Link, now: datetime) -> None:
    """Out of the library, and offered no more though it still stands in a text."""
    link.kept = False
    record("link-removed", link, now, network_id=link.network_id)
