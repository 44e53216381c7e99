"""Giving and renewing feed links."""

from datetime import datetime

from app.audit import record
from app.calendars import links
from app.calendars.models import FeedLink
from app.mail import actions as mail
from app.networks.models import Network, Programme
from app.networks.sharing import shared
from app.people.models import Person


def feed_link(person: Person, scope: str, network: Network | None, now: datetime) -> FeedLink:
    """The person's link of a scope ("mine", "network" or "all"), made when it is not there."""
    found = links.current(person, scope, network)
    if found is None:
        found = links.make(person, scope, network, now)
        record("feed-made", found, now, network_id=network.id if network else None, scope=scope)
    return found


def renew(person: Person, now: datetime) -> int:
    """Fresh links for all of the person's feeds; the old ones serve an empty calendar for thirty days."""
    current = links.all_current(person)
    for link in links.serving(person):
        links.end(link, now)
    for link in current:
        links.succeed(link, now)
    record("feeds-renewed", person, now)
    return len(current)


def end(person: Person, now: datetime) -> None:
    """The address is somebody else's: whoever read it before gets an empty calendar from now on."""
    for link in links.serving(person):
        links.end(link, now)
    record("feeds-ended", person, now)


def reset(person: Person, programme: Programme | None, now: datetime) -> int:
    """A manager ends somebody's links without seeing them; the person hears and makes new ones. Returns how many.

    Of a person other programmes know too, only those of this programme's networks; `programme` None: all.
    """
    whole = programme is None or not shared([person.id], programme)
    ended = [
        link
        for link in links.serving(person)
        if whole or (programme and link.network and link.network.programme_id == programme.id)
    ]
    for link in ended:
        links.end(link, now)
    if ended:
        mail.add(kind="F1", key=f"F1-{person.id}-{now:%Y-%m-%dT%H:%M}", person_id=person.id, due_at=now, now=now)
    programme_id = programme.id if programme else None
    record("feeds-reset", person, now, programme_id=programme_id, count=len(ended))
    return len(ended)
