"""Feed tokens: derived from the feed key, stored as hashes."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.calendars.models import FeedLink
from app.edge.web import settings
from app.extensions import db
from app.networks.models import Network
from app.people.models import Person

REPLACED_FOR = timedelta(days=30)
IS_CURRENT = FeedLink.replaced_at.is_(None), FeedLink.ends_at.is_(None)


def token_of(link: FeedLink) -> str:
    """The token of a link, derived anew: HMAC(feed key, person, scope, network, counter)."""
    return _token(settings().feed_key, link.person_id, link.scope, link.network_id, link.counter)


def _token(key: str, person_id: int, scope: str, network_id: int | None, counter: int) -> str:
    message = f"{person_id}/{scope}/{network_id or ''}/{counter}".encode()
    mac = hmac.digest(key.encode(), message, "sha256")
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def current(person: Person, scope: str, network: Network | None = None) -> FeedLink | None:
    query = select(FeedLink).where(FeedLink.person_id == person.id, FeedLink.scope == scope, *IS_CURRENT)
    query = query.where(FeedLink.network_id == network.id) if network else query
    return db.session.scalars(query).first()


def make(person: Person, scope: str, network: Network | None, now: datetime) -> FeedLink:
    """The person's link for this scope, made when it is not there."""
    return current(person, scope, network) or _add(person, scope, network, _last(person, scope, network) + 1, now)


def _last(person: Person, scope: str, network: Network | None) -> int:
    """The counter of the newest link of this scope, replaced ones too."""
    query = select(func.max(FeedLink.counter)).where(FeedLink.person_id == person.id, FeedLink.scope == scope)
    return db.session.scalar(query.where(FeedLink.network_id == network.id) if network else query) or 0


def end(link: FeedLink, now: datetime) -> None:
    """The link serves an empty calendar for thirty days."""
    link.replaced_at, link.made_from, link.body = now, None, None


def succeed(link: FeedLink, now: datetime, key: str = "") -> FeedLink:
    """The link after this one, by another feed key where one is given."""
    return _add(link.person, link.scope, link.network, link.counter + 1, now, key)


def _add(person: Person, scope: str, network: Network | None, counter: int, now: datetime, key: str = "") -> FeedLink:
    token = _token(key or settings().feed_key, person.id, scope, network.id if network else None, counter)
    link = FeedLink(
        person=person, scope=scope, network=network, counter=counter, token_hash=token_hash(token), made_at=now
    )
    db.session.add(link)
    db.session.flush()
    return link


def serving(person: Person) -> list[FeedLink]:
    """Those that show dates: the current ones, and of an old feed key those that live on for a while."""
    return list(
        db.session.scalars(select(FeedLink).where(FeedLink.person_id == person.id, FeedLink.replaced_at.is_(None)))
    )


def all_current(person: Person) -> list[FeedLink]:
    query = select(FeedLink).where(FeedLink.person_id == person.id, *IS_CURRENT)
    return list(db.session.scalars(query.order_by(FeedLink.id)))
