"""What is known of the backups that are made by themselves."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, Instant


class BackupPlan(Base):
    """The one row about daily backups: what is kept, how the last one went, and who makes one now (`running_until`)."""

    __tablename__ = "backup_plan"
    __table_args__ = (
        CheckConstraint("days between 1 and 366", "days"),
        CheckConstraint("weeks between 0 and 520", "weeks"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    days: Mapped[int] = mapped_column(default=7)
    weeks: Mapped[int] = mapped_column(default=4)
    asked_at: Mapped[datetime | None] = mapped_column(Instant)  # somebody pressed "Back up now"
    tried_at: Mapped[datetime | None] = mapped_column(Instant)
    running_until: Mapped[datetime | None] = mapped_column(Instant)
    made_at: Mapped[datetime | None] = mapped_column(Instant)
    file: Mapped[str | None] = mapped_column(String(300))  # where the last good one lies, with its machine
    error: Mapped[str | None] = mapped_column(String(300))  # of the last try; empty when it went well
