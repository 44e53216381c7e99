"""Who has the meetings in a calendar of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from app.calendars.models import FeedLink
from app.extensions import db
from app.networks.models import Membership, Network
from app.people.models import Person
from app.text import by_name

LATELY = timedelta(days=30)  # a calendar that nobody read for so long is nobody's any more


@dataclass(frozen=True)
class Subscribers:
    """Of everybody who takes part: how many have the meetings in a calendar, and who has not."""

    count: int
    others: tuple[Person, ...]

    @property
    def everybody(self) -> int:
        return self.count + len(self.others)


def subscribers(network: Network, members: Sequence[Membership], now: datetime) -> Subscribers:
    people = {person.id: person for member in members for person in member.people}
    query = select(FeedLink.person_id).where(
        FeedLink.person_id.in_(people),
        FeedLink.replaced_at.is_(None),
        FeedLink.fetched_at > now - LATELY,
        or_(FeedLink.network_id.is_(None), FeedLink.network_id == network.id),
    )
    reading = {
        *db.session.scalars(query),
        *(each.id for each in people.values() if each.by_invitation and each.wants_mail),
    }
    others = sorted((each for each in people.values() if each.id not in reading), key=lambda each: by_name(each.name))
    return Subscribers(len(reading), tuple(others))
