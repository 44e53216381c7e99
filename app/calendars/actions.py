"""Giving and renewing feed links."""

from datetime import datetime

from app.audit import record
from app.calendars import links
from app.calendars.models import FeedLink
from app.networks.models import Network
from app.people.models import Person


def feed_link(person: Person, scope: str, network: Network | None, now: datetime) -> FeedLink:
    """The person's link of a scope ("mine", "network" or "all"), made when it is not there."""
    return links.make(person, scope, network, now)


def renew(person: Person, now: datetime) -> int:
    """Fresh links for all of the person's feeds; the old ones serve an empty calendar for thirty days."""
    open_links = links.all_current(person)
    for link in open_links:
        links.renew(link, now)
    record("feeds-renewed", person, now)
    return len(open_links)


def end(person: Person, now: datetime) -> None:
    """The address is somebody else's: whoever read it before gets an empty calendar from now on."""
    for link in links.all_current(person):
        links.end(link, now)
    record("feeds-ended", person, now)
