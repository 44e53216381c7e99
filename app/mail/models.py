"""The outbox: every mail is a row, from the moment it is planned until long after it was sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, Instant

STATES = ("planned", "claimed", "sending", "sent", "failed", "cancelled", "uncertain")


class Message(Base):
    """One mail to one person, or to a stranger whom its kind finds.

    What it says is rendered when it leaves, from `kind`, the ids and `params`.

    Person, network and meeting are named by id only: mail knows kinds and ids, not areas.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(
            "state in ('planned', 'claimed', 'sending', 'sent', 'failed', 'cancelled', 'uncertain')", "state"
        ),
        CheckConstraint("cancelled_because in ('withdrawn', 'untrue', 'skipped')", "because"),
        CheckConstraint("(state in ('claimed', 'sending')) = (token is not null)", "claimed"),
        CheckConstraint("person_id is not null or substr(kind, 1, 1) in ('G', 'J')", "to_somebody"),
        Index("ix_message_due", "state", "due_at"),
        Index("ix_message_retry", "state", "retry_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))  # sign_in, Y0, H1 ... of the reminder ladder
    key: Mapped[str] = mapped_column(String(120), unique=True)  # what makes it the same mail
    generation: Mapped[int] = mapped_column(default=1)
    # Null where a stranger is written to; the kinds of mail to people, which are all others, need not ask.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, nullable=True)
    network_id: Mapped[int | None] = mapped_column(ForeignKey("network.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    subject: Mapped[str | None] = mapped_column(String(200))  # what a manager wrote instead
    note: Mapped[str | None] = mapped_column(Text)  # what a manager added above the text
    due_at: Mapped[datetime] = mapped_column(Instant)
    pinned: Mapped[bool] = mapped_column(default=False)  # a manager said when: planning leaves that alone
    created_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(10), default="planned")
    cancelled_because: Mapped[str | None] = mapped_column(String(10))
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    ambiguous: Mapped[bool] = mapped_column(default=False)  # it may have arrived without our knowing
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(Instant)  # not before, after a try that failed
    token: Mapped[str | None] = mapped_column(String(32), index=True)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    duty_ended: Mapped[bool] = mapped_column(default=False)  # sent, and the duty went to somebody else since
    reply_code: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(300))

    @property
    def waiting(self) -> bool:
        """Whether a manager can still change, skip or hurry it."""
        return self.state in ("planned", "failed")

    def plan(self, due_at: datetime) -> None:
        """Back in the queue, for `due_at`."""
        self.state, self.due_at, self.retry_at, self.token, self.lease_until = "planned", due_at, None, None, None
        self.cancelled_because = self.cancelled_at = None

    def fail(self, error: str, code: int | None = None) -> None:
        self.state, self.error, self.reply_code = "failed", error[:300], code
        self.token = self.lease_until = self.retry_at = None

    def cancel(self, because: str, now: datetime) -> None:
        self.state, self.cancelled_because, self.cancelled_at = "cancelled", because, now
        self.token = self.lease_until = None


class Relay(Base):
    """The relay as a whole: when it is down it is left alone for a while, not each mail."""

    __tablename__ = "relay"

    id: Mapped[int] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    rest_until: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None] = mapped_column(String(300))


class Heartbeat(Base):
    """When the clock last ticked."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
