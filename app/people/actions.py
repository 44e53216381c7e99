"""Signing in and out, limits, and what people change about themselves."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app.audit import record
from app.errors import TooOften
from app.extensions import db
from app.mail.actions import add
from app.people.links import digest, new_secret, sign_in_secrets
from app.people.models import BrowserSession, Limit, Person, SignInLink
from app.people.queries import by_email

LINK_LIFE = timedelta(minutes=20)
HOUR = 3600
PER_ADDRESS, PER_NETWORK_ADDRESS = 10, 30


def count_try(key: str, limit: int, now: datetime, sentence: object) -> None:
    """Count one try of `key` in this hour; raises TooOften beyond `limit`."""
    window = int(now.timestamp()) // HOUR
    row = db.session.get(Limit, (key, window), with_for_update=True)
    if row is None:
        db.session.execute(delete(Limit).where(Limit.window < window))
        row = Limit(key=key, window=window, count=0)
        db.session.add(row)
    row.count += 1
    if row.count > limit:
        raise TooOften(sentence)


def make_link(person: Person, now: datetime) -> tuple[SignInLink, str, str]:
    """A fresh way in for `person`: the row, the secret of its link and its typed code."""
    link = SignInLink(person=person, salt=new_secret(), expires_at=now + LINK_LIFE)
    db.session.add(link)
    db.session.flush()
    secret, code = sign_in_secrets(link)
    link.link_hash, link.code_hash = digest(secret), digest(code)
    return link, secret, code


def ask_to_sign_in(email: str, now: datetime) -> None:
    """Queue the sign-in mail if the address is known; silent otherwise."""
    person = by_email(email)
    if person is None:
        return
    link, _, _ = make_link(person, now)
    add(kind="sign_in", key=f"sign_in-{link.id}", person_id=person.id, due_at=now, now=now, params={"link_id": link.id})


def use(link: SignInLink, browser: str, now: datetime) -> str:
    """Sign in by a usable link: it is spent, a session begins; returns the secret for the cookie."""
    link.used_at = now
    secret = new_secret()
    session = BrowserSession(
        person=link.person, secret_hash=digest(secret), started_at=now, seen_at=now, browser=browser[:200]
    )
    db.session.add(session)
    db.session.flush()
    record("sign-in", session, now)
    return secret


def end_session(session: BrowserSession, now: datetime) -> None:
    record("sign-out", session, now)
    db.session.delete(session)


def end_other_sessions(person: Person, keep: int, now: datetime) -> int:
    """End the person's sessions except `keep`; returns how many."""
    query = select(BrowserSession).where(BrowserSession.person_id == person.id, BrowserSession.id != keep)
    sessions = db.session.scalars(query).all()
    for session in sessions:
        end_session(session, now)
    return len(sessions)


def change_preferences(person: Person, *, language: str, wants_mail: bool, phone: str, now: datetime) -> None:
    """Language of mails and calendar, and whether participant mails are wanted at all."""
    person.language, person.wants_mail, person.phone = language, wants_mail, phone
    person.changed(now)
    record("preferences", person, now, language=language, wants_mail=wants_mail)


def renew_personal_link(person: Person, now: datetime) -> None:
    """All links mailed before stop working."""
    person.link_counter += 1
    record("link-renewed", person, now)
