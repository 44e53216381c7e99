"""Mails that came back, by their names alone: what was done once is not done twice."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, Instant


class Received(Base):
    """One mail: the digest of its name, what became of it, and which mail of ours it was about."""

    __tablename__ = "received"
    __table_args__ = (CheckConstraint("outcome in ('answer', 'failed', 'delayed', 'ignored', 'forwarded')", "outcome"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    outcome: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(Instant)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"), index=True)
