"""Organisations that ask to take part: in a network, or in one that is not there yet."""

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.networks.models import Network, Programme

CONFIRM_WITHIN = timedelta(days=3)
KEPT = timedelta(days=90)
OPEN, ANSWERED = ("open", "waiting"), ("accepted", "declined")  # a manager can answer; or did
STATES = ("unconfirmed", *OPEN, *ANSWERED)


class JoinRequest(Base):
    """What a stranger asks. Nobody sees it before its address is confirmed.

    Without a network it asks to start one, about `subject`; once it is accepted, `network` is where it led to.
    """

    __tablename__ = "join_request"
    __table_args__ = (
        CheckConstraint("state in ('unconfirmed', 'open', 'waiting', 'accepted', 'declined')", "state"),
        CheckConstraint("(state = 'unconfirmed') = (confirmed_at is null)", "confirmed"),
        CheckConstraint("state <> 'accepted' or (network_id is not null and joined is not null)", "accepted"),
        CheckConstraint("network_id is not null or subject <> ''", "about"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    network_id: Mapped[int | None] = mapped_column(ForeignKey("network.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    language: Mapped[str] = mapped_column(String(2))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100), default="")
    organisation: Mapped[str] = mapped_column(String(200))
    town: Mapped[str] = mapped_column(String(100), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(11), default="unconfirmed")
    asked_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    answer: Mapped[str] = mapped_column(String(300), default="")  # a line of the manager's to who asked
    joined: Mapped[date | None]
    programme: Mapped[Programme] = relationship()
    network: Mapped[Network | None] = relationship()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def gone_at(self) -> datetime:
        """When it is erased, with all it says."""
        if self.state == "unconfirmed":
            return self.asked_at + CONFIRM_WITHIN
        return (self.decided_at or self.asked_at) + KEPT
