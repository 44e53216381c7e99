"""New keys. The old one goes on opening what was signed with it for thirty days; so do old calendar addresses."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app.audit import record_of
from app.calendars import links
from app.calendars.models import FeedLink
from app.config import OLD_KEYS
from app.edge.web import settings
from app.errors import Refused
from app.extensions import db
from app.mail import actions as mail

GOOD_FOR = timedelta(days=30)


def new_secret_key(now: datetime) -> None:
    """Write another secret key, and the old one beside it with its last day. Raises Refused when it is no file."""
    found = settings()
    if found.secret_file is None:
        raise Refused(
            "The key stands in TOERBEURT_SECRET_KEY: put a new one there, and the old one into "
            "TOERBEURT_SECRET_KEY_FALLBACKS for thirty days."
        )
    kept = [(until, key) for until, key in found.old_keys if until and until >= now.date().isoformat()]
    kept.append(((now + GOOD_FOR).date().isoformat(), found.secret_key))
    _write(found.secret_file.with_name(OLD_KEYS), "".join(f"{until} {key}\n" for until, key in kept))
    _write(found.secret_file, secrets.token_hex(32))
    record_of("keys-renewed", "secret_key", now)


def new_feed_key(now: datetime) -> tuple[str, int]:
    """A key for calendar addresses, not written yet, and how many addresses it ends.

    Each person's links get successors; the old ones live for thirty days, and a mail asks to subscribe again.
    """
    key, until = secrets.token_hex(32), now + GOOD_FOR
    current = db.session.scalars(select(FeedLink).where(*links.IS_CURRENT)).all()
    for link in current:
        link.ends_at = until
        links.succeed(link, now, key)
    told = {link.person_id for link in current if link.person.email}
    for person in sorted(told):
        params = {"until": until.date().isoformat()}
        name = f"F2-{person}-{now:%Y-%m-%dT%H:%M}"
        mail.add(kind="F2", key=name, person_id=person, due_at=now, now=now, params=params)
    record_of("keys-renewed", "feed_key", now, count=len(current))
    return key, len(current)


def write_feed_key(key: str) -> None:
    """Once the successors are stored: pages and calendars go by it from their next start."""
    _write(settings().feed_file, key)


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.new")
    part.touch(mode=0o600)
    part.write_text(text)
    part.replace(path)
