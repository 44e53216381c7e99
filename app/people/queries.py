"""Reads about people and their sessions."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from app.extensions import db
from app.people.links import digest
from app.people.models import AddressChange, BrowserSession, Person, SignInLink

# How long a session lives unused, and at all.
IDLE_PARTICIPANT, LONGEST_PARTICIPANT = timedelta(days=14), timedelta(days=90)
IDLE_MANAGER, LONGEST_MANAGER = timedelta(hours=12), timedelta(days=30)


def by_email(email: str) -> Person | None:
    """Who signs in with this address."""
    query = select(Person).where(Person.email == email.strip().lower(), ~Person.as_typed)
    return db.session.scalars(query).first()


def typed_with(email: str | None) -> list[Person]:
    """Those whom managers of other programmes typed with this address."""
    query = select(Person).where(Person.email == email, Person.as_typed).order_by(Person.id)
    return list(db.session.scalars(query))


def change_of(person: Person) -> AddressChange | None:
    return db.session.scalars(select(AddressChange).where(AddressChange.person_id == person.id)).first()


def open_link(secret: str, now: datetime) -> SignInLink | None:
    """The unused sign-in link with this secret."""
    return _usable(SignInLink.link_hash == digest(secret), now)


def open_code(code: str, email: str, now: datetime) -> SignInLink | None:
    """The unused sign-in link with this typed code, for this address."""
    plain = code.replace(" ", "").replace("-", "").upper()
    link = _usable(SignInLink.code_hash == digest(plain), now)
    return link if link is not None and link.person.email == email.strip().lower() else None


def _usable(condition: ColumnElement[bool], now: datetime) -> SignInLink | None:
    query = select(SignInLink).where(condition, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
    return db.session.scalars(query).first()


def live_session(secret: str, now: datetime) -> BrowserSession | None:
    """The session behind a cookie, unless it is too old or was idle for too long for a participant."""
    return db.session.scalars(
        select(BrowserSession).where(BrowserSession.secret_hash == digest(secret), *live(now))
    ).first()


def live(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return BrowserSession.seen_at > now - IDLE_PARTICIPANT, BrowserSession.started_at > now - LONGEST_PARTICIPANT


def too_old_for_a_manager(session: BrowserSession, now: datetime) -> bool:
    return session.seen_at < now - IDLE_MANAGER or session.started_at < now - LONGEST_MANAGER


def sessions_of(person: Person) -> list[BrowserSession]:
    query = select(BrowserSession).where(BrowserSession.person_id == person.id)
    return list(db.session.scalars(query.order_by(BrowserSession.seen_at.desc())))
