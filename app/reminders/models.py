"""How a network's reminder ladder differs from the usual, and how far its mails are planned."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.networks.models import Network


class ReminderRule(Base):
    """One step of one network, changed by its manager. Offsets in days before (negative) or after the meeting."""

    __tablename__ = "reminder_rule"
    __table_args__ = (
        CheckConstraint("in_person between -120 and 28", "in_person"),
        CheckConstraint("online between -120 and 28", "online"),
    )

    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), primary_key=True)
    step: Mapped[str] = mapped_column(String(4), primary_key=True)
    on: Mapped[bool] = mapped_column(default=True)
    in_person: Mapped[int | None]
    online: Mapped[int | None]
    network: Mapped[Network] = relationship()


class MailText(Base):
    """A manager's own words in one kind of mail of a network; an empty one leaves the usual."""

    __tablename__ = "mail_text"

    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(4), primary_key=True)
    subject: Mapped[str] = mapped_column(Text, default="")
    opening: Mapped[str] = mapped_column(Text, default="")  # instead of the usual first sentence
    closing: Mapped[str] = mapped_column(Text, default="")  # the last sentences before the foot


class RemindersMade(Base):
    """The revision of a network from which its reminder rows were last made."""

    __tablename__ = "reminders_made"

    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), primary_key=True)
    revision: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Instant)
