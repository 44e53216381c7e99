"""Who comes to a meeting, and who was there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.meetings.models import Meeting
from app.people.models import Person

WORDS = ("yes", "no", "colleague")


class Attendance(Base):
    """One person's answer; no row means no answer yet, never a no."""

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint("answer in ('yes', 'no', 'colleague')", "answer"),
        UniqueConstraint("meeting_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    answer: Mapped[str] = mapped_column(String(10))
    answered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who wrote down a telephoned answer
    # Who comes instead: known for this meeting only, and forgotten after it.
    colleague_name: Mapped[str] = mapped_column(String(200), default="")
    colleague_email: Mapped[str] = mapped_column(String(254), default="")
    meeting: Mapped[Meeting] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)


class Present(Base):
    """Somebody was there. Kept only in networks that chose to keep names."""

    __tablename__ = "present"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
