"""Who comes to a meeting."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cycles.models import Meeting
from app.extensions import Base, Instant
from app.people.models import Person


class Attendance(Base):
    """One person's answer; no row means no answer yet, never a no."""

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint("answer in ('yes', 'no')", "answer"),
        UniqueConstraint("meeting_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    answer: Mapped[str] = mapped_column(String(3))
    answered_at: Mapped[datetime] = mapped_column(Instant)
    meeting: Mapped[Meeting] = relationship()
    person: Mapped[Person] = relationship()
