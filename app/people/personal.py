"""What the people's area knows of a person, and how it goes."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.people.actions import forget_tries
from app.people.models import AddressChange, BrowserSession, Person, SignInLink
from app.people.queries import sessions_of


def personal_data(person: Person) -> list[dict[str, Any]]:
    """The person's own row and where they are signed in."""
    wanted = ("wants_mail", "wants_reminders", "by_invitation")
    fields = ("title", "first_name", "last_name", "email", "phone", "language", *wanted)
    own = {name: getattr(person, name) for name in fields}
    sessions = [{"signed_in": each.started_at.isoformat(), "browser": each.browser} for each in sessions_of(person)]
    return [own, *sessions]


def forget(person: Person, now: datetime) -> None:
    """The row stays, empty: what was done stays done, by somebody nobody knows any more. Call it last."""
    for model in (AddressChange, SignInLink, BrowserSession):
        for row in db.session.scalars(select(model).where(model.person_id == person.id)).all():
            db.session.delete(row)
    if person.email:
        forget_tries(person.email)
    person.title = person.first_name = person.last_name = person.phone = ""
    person.email = person.address_failed_at = None
    person.wants_mail = person.wants_reminders = person.by_invitation = person.site_admin = False
    person.link_counter += 1
    person.changed(now)
