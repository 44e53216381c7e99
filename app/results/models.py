"""What came out of a meeting, and how it was."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.meetings.models import Meeting
from app.people.models import Person


class Result(Base):
    """The notes of a meeting. They are everybody's from `meeting.notes_at` on; before that they are being written."""

    __tablename__ = "result"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), unique=True)
    outcomes: Mapped[str] = mapped_column(Text, default="")  # one a line
    agreements: Mapped[str] = mapped_column(Text, default="")  # one a line: who does what, by when
    next_time: Mapped[str] = mapped_column(String(300), default="")  # for who prepares next
    version: Mapped[int] = mapped_column(default=0)  # for processes of before, while a new version is put in
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    meeting: Mapped[Meeting] = relationship()
    saved_by: Mapped[Person | None] = relationship()


class Evaluation(Base):
    """One person's two answers, from 1 to 5; shown only together with those of others."""

    __tablename__ = "evaluation"
    __table_args__ = (
        CheckConstraint("atmosphere between 1 and 5", "atmosphere"),
        CheckConstraint("goal between 1 and 5", "goal"),
        UniqueConstraint("meeting_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    atmosphere: Mapped[int]
    goal: Mapped[int]  # how far the meeting brought the network
    meeting: Mapped[Meeting] = relationship()
