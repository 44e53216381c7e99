"""Who comes to a meeting without being of its network."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.meetings.models import Meeting


class Guest(Base):
    """Somebody at one meeting: asked, then confirmed by mail, with a seat or waiting for one; forgotten after it.

    No person: nobody signs in as a guest. A place given back is no row any more; one that was taken away stays some
    days, so that the guest can be told. Two have no seat in common, so the last one has one winner.
    """

    __tablename__ = "guest"
    __table_args__ = (
        UniqueConstraint("meeting_id", "email"),
        UniqueConstraint("meeting_id", "seat"),
        CheckConstraint("seat is null or (seat > 0 and confirmed_at is not null)", "seat"),
        CheckConstraint("removed_at is null or seat is null", "removed"),
        CheckConstraint("language in ('nl', 'de', 'en')", "language"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), index=True)
    organisation: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(2))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    seat: Mapped[int | None]
    removed_at: Mapped[datetime | None] = mapped_column(Instant)  # by the network's manager
    told: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # when and where, as they know it
    meeting: Mapped[Meeting] = relationship()

    @property
    def waits(self) -> bool:
        return self.listed and self.seat is None

    @property
    def listed(self) -> bool:
        """Whether they have a place or wait for one."""
        return self.confirmed_at is not None and self.removed_at is None
