"""People: an address to mail, a language, and how they prove who they are."""

from datetime import datetime
from functools import lru_cache

from babel import Locale
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant

LOCALES = {"nl": "nl_NL", "de": "de_DE", "en": "en_GB"}
# The usual form has no name of its own; a variant holds only the sentences that differ (translations/variants).
VARIANTS = {("nl", True): "@formal", ("de", False): "@informal"}
NOBODY_YET = "admin@localhost.localdomain"  # of the first link, until the first manager gives an address


SIGNS_IN = text("not as_typed")
_parsed = lru_cache(Locale.parse)


class Person(Base):
    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("language in ('nl', 'de', 'en')", "language"),
        CheckConstraint("email = lower(email)", "email_lower"),
        CheckConstraint("questions in ('next', 'once', 'never')", "questions"),
        # One person signs in with an address; beside them stand those whom other programmes typed with it.
        Index("uq_person_email", "email", unique=True, sqlite_where=SIGNS_IN, postgresql_where=SIGNS_IN),
        {"sqlite_autoincrement": True},  # links carry the number: of who is gone it goes to nobody else
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_name: Mapped[str] = mapped_column(String(100), default="")
    last_name: Mapped[str] = mapped_column(String(100), default="")
    title: Mapped[str] = mapped_column(String(40), default="")  # "Prof. Dr.", greeted with in German
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(2), default="nl")
    site_admin: Mapped[bool] = mapped_column(default=False)
    # As a programme's manager typed somebody whose address is known elsewhere, until that person says "that is me".
    as_typed: Mapped[bool] = mapped_column(default=False)
    formal: Mapped[bool | None]  # u, Sie or je, du: their own choice
    formal_here: Mapped[bool | None]  # as their network addresses people; null = as usual in the language
    wants_mail: Mapped[bool] = mapped_column(default=True)  # invitations and reminders to participants
    wants_reminders: Mapped[bool] = mapped_column(default=True)  # of those, the one shortly before a meeting
    questions: Mapped[str] = mapped_column(String(5), default="next")  # with the next mail, at "once", or "never"
    programme_questions: Mapped[bool] = mapped_column(default=False)  # also those of other networks
    requests_at_once: Mapped[bool] = mapped_column(default=False)  # a manager's: mailed when somebody asks to join
    by_invitation: Mapped[bool] = mapped_column(default=False)  # each date by mail, and no calendar link
    address_failed_at: Mapped[datetime | None] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
    link_counter: Mapped[int] = mapped_column(default=0)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def locale(self) -> Locale:
        return _parsed(LOCALES[self.language] + VARIANTS.get((self.language, self.addressed_formally), ""))

    @property
    def addressed_formally(self) -> bool:
        choices = (self.formal, self.formal_here, self.language == "de")
        return next(choice for choice in choices if choice is not None)

    def changed(self, now: datetime) -> None:
        """The only way to raise a person's revision: what is derived from it is made anew."""
        self.revision = (self.revision or 0) + 1
        self.changed_at = now


class SignInLink(Base):
    """One mailed way in: a link and a typed code, derived from `salt` and stored as hashes."""

    __tablename__ = "sign_in_link"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    salt: Mapped[str] = mapped_column(String(64))
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    person: Mapped[Person] = relationship()


class BrowserSession(Base):
    """A signed-in browser. The cookie holds only a secret whose hash stands here."""

    __tablename__ = "browser_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    browser: Mapped[str] = mapped_column(String(200), default="")
    person: Mapped[Person] = relationship()


class AddressChange(Base):
    """A new address somebody asked for: it counts once the old and the new one have both confirmed it."""

    __tablename__ = "address_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    old_confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    new_confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    person: Mapped[Person] = relationship()


class Limit(Base):
    """How often something was tried in a window of time, over all processes."""

    __tablename__ = "limit_count"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
