"""Signing in and out, limits, and what people change about themselves."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import and_, delete

from app.audit import differences, record
from app.errors import Refused, TooOften
from app.extensions import db
from app.mail.actions import add
from app.people.links import digest, new_secret, sign_in_secrets
from app.people.models import NOBODY_YET, AddressChange, BrowserSession, Limit, Person, SignInLink
from app.people.queries import by_email, change_of, live, sessions_of, typed_with

LINK_LIFE, KEPT = timedelta(minutes=20), timedelta(days=1)
HOUR = 3600


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
        raise TooOften(sentence, (window + 1) * HOUR - int(now.timestamp()))


def forget_tries(email: str) -> None:
    """No count is kept by this address."""
    db.session.execute(delete(Limit).where(Limit.key.endswith(f" {email}", autoescape=True)))


def make_link(person: Person, now: datetime) -> tuple[SignInLink, str, str]:
    """A fresh way in for `person`: the row, the secret of its link and its typed code."""
    link = SignInLink(person=person, salt=new_secret(), expires_at=now + LINK_LIFE)
    db.session.add(link)
    db.session.flush()
    secret, code = sign_in_secrets(link)
    link.link_hash, link.code_hash = digest(secret), digest(code)
    return link, secret, code


def person_with(first_name: str, last_name: str, email: str, *, language: str, now: datetime) -> Person:
    """The person who signs in with this address, else a new one: for commands, which whoever owns the site gives."""
    person = by_email(email)
    if person is None:
        person = Person(first_name=first_name, last_name=last_name, email=email, language=language)
        db.session.add(person)
        db.session.flush()
        person.changed(now)
    return person


def _who_signs_in(email: str) -> Person | None:
    """Where an address has become free, the first whom somebody typed with it has it from now on."""
    person = by_email(email)
    if person is None:
        person = next(iter(typed_with(email.strip().lower())), None)
        if person is not None:
            person.as_typed = False
    return person


def ask_to_sign_in(email: str, now: datetime) -> None:
    """Queue the sign-in mail if the address is known; silent otherwise."""
    person = _who_signs_in(email)
    if person is None:
        return
    link, _secret, _code = make_link(person, now)
    add(kind="sign_in", key=f"sign_in-{link.id}", person_id=person.id, due_at=now, now=now, params={"link_id": link.id})
    record("sign-in-asked", link, now)


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
    """Sign one browser out, and write it into the log."""
    record("sign-out", session, now)
    db.session.delete(session)


def end_old_sessions(now: datetime) -> None:
    """What nobody can use any more goes: sessions past their time, and ways in."""
    dead = ~and_(*live(now))
    for what in (delete(BrowserSession).where(dead), delete(SignInLink).where(SignInLink.expires_at < now - KEPT)):
        db.session.execute(what.execution_options(synchronize_session=False))


def end_other_sessions(person: Person, keep: int, now: datetime) -> int:
    """End the person's sessions except `keep`; returns how many."""
    sessions = [session for session in sessions_of(person) if session.id != keep]
    for session in sessions:
        end_session(session, now)
    return len(sessions)


def change_preferences(
    person: Person, *, language: str, wants_mail: bool, phone: str, now: datetime, **more: bool | str | None
) -> None:
    """Language of mails and calendar, and whether participant mails are wanted; `more`: wants_reminders, formal,
    questions (next, once, never), programme_questions, requests_at_once."""
    choices = {"language": language, "wants_mail": wants_mail, **more}
    changed = differences(person, choices, choices)
    for name, value in choices.items():
        setattr(person, name, value)
    person.phone = phone
    person.changed(now)
    record("preferences", person, now, **changed)


def set_phone(person: Person, phone: str, now: datetime) -> None:
    """The number people who meet the person are given; nothing happens when it is this already."""
    if person.phone != phone:
        person.phone = phone
        person.changed(now)
        record("phone", person, now)


def change_name(person: Person, values: Mapping[str, str], now: datetime) -> None:
    """Title, first and last name, as the person says."""
    for name, value in values.items():
        setattr(person, name, value)
    person.changed(now)
    record("renamed", person, now)


def set_address(person: Person, email: str | None, now: datetime, *, as_typed: bool = False) -> None:
    """From now on; all that went to the old address ends: sessions, ways in, links in mails."""
    end_other_sessions(person, 0, now)
    for model in (SignInLink, AddressChange):
        db.session.execute(delete(model).where(model.person_id == person.id))
    person.email, person.as_typed, person.address_failed_at = email, as_typed, None
    person.link_counter += 1
    person.changed(now)
    db.session.flush()


def introduce(person: Person, first_name: str, last_name: str, email: str, now: datetime) -> bool:
    """Who runs this site says who they are. Raises Refused when the address is somebody else's.

    Only who has no address yet gets it at once; for others both addresses confirm: returns whether they are asked.
    """
    change_name(person, {"first_name": first_name, "last_name": last_name}, now)
    if person.email not in (email, NOBODY_YET):
        ask_new_address(person, email, now)
        return True
    if by_email(email) not in (person, None):
        raise Refused(_("This address belongs to somebody else here. Ask the manager to merge the two."))
    person.email = email
    return False


def ask_new_address(person: Person, email: str, now: datetime) -> None:
    """Mail both addresses; the change counts when both have confirmed. A later wish replaces an earlier one."""
    change = change_of(person) or AddressChange(person=person)
    change.email, change.asked_at, change.new_confirmed_at = email, now, None
    # An address that mail does not reach any more cannot confirm anything.
    change.old_confirmed_at = now if person.address_failed_at or not person.email else None
    db.session.add(change)
    db.session.flush()
    for kind, to in (("A1", {}), ("A2", {"to": email})):
        if kind == "A2" or change.old_confirmed_at is None:
            key = f"{kind}-{change.id}-{now:%Y-%m-%dT%H:%M:%S}"
            add(kind=kind, key=key, person_id=person.id, due_at=now, now=now, params={"change_id": change.id, **to})
    record("address-asked", change, now)


def confirm_address(change: AddressChange, side: str, now: datetime) -> bool:
    """One side confirms; whether the address has changed by that. Raises Refused when it is somebody else's."""
    other = by_email(change.email)
    if other is not None and other.id != change.person_id:
        raise Refused(_("This address belongs to somebody else here. Ask the manager to merge the two."))
    setattr(change, f"{side}_confirmed_at", getattr(change, f"{side}_confirmed_at") or now)
    record("address-confirmed", change, now, side=side)
    if change.old_confirmed_at is None or change.new_confirmed_at is None:
        return False
    set_address(change.person, change.email, now)
    return True


def mail_personal_link(person: Person, now: datetime) -> None:
    """A new link to their own page, to the address on file; one an hour is enough."""
    if person.email:
        add(kind="A5", key=f"A5-{person.id}-{now:%Y-%m-%dT%H}", person_id=person.id, due_at=now, now=now)
        record("link-mailed", person, now)


def renew_personal_link(person: Person, now: datetime) -> None:
    """All links mailed before stop working."""
    person.link_counter += 1
    record("link-renewed", person, now)
