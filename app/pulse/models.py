"""How meetings were: what people answer, for some days, and the sums that stay."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.meetings.models import Meeting
from app.people.models import Person

ENOUGH = 4  # answers, below which nothing of them is kept or shown


class PulseAnswer(Base):
    """What one person says of a meeting, kept until the pulse is closed and shown to that person alone."""

    __tablename__ = "pulse_answer"
    __table_args__ = (
        CheckConstraint("atmosphere between 1 and 5", "atmosphere"),
        CheckConstraint("goal between 1 and 5", "goal"),
        UniqueConstraint("meeting_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    atmosphere: Mapped[int]
    goal: Mapped[int]  # how far the meeting brought the network towards its goal
    sentence: Mapped[str] = mapped_column(String(300), default="")
    meeting: Mapped[Meeting] = relationship()
    person: Mapped[Person] = relationship()


class Pulse(Base):
    """A closed pulse: how many of those asked answered, and sums in which nobody is to be found.

    `atmosphere` and `goal` say how many chose 1, 2, 3, 4 and 5; both are null when fewer than four answered.
    """

    __tablename__ = "pulse"
    __table_args__ = (CheckConstraint(f"answers >= {ENOUGH} or (atmosphere is null and goal is null)", "enough"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), unique=True)
    asked: Mapped[int | None]  # null: from before this was counted
    answers: Mapped[int]
    atmosphere: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    goal: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    sentences: Mapped[list[str]] = mapped_column(JSON, default=list)  # in no order
    closed_at: Mapped[datetime] = mapped_column(Instant)
    meeting: Mapped[Meeting] = relationship()

    @property
    def shown(self) -> bool:
        return self.atmosphere is not None and self.goal is not None

    @property
    def means(self) -> tuple[float, float] | None:
        """Atmosphere and goal, from 1 to 5."""
        return (_mean(self.atmosphere), _mean(self.goal)) if self.atmosphere and self.goal else None


def _mean(counts: list[int]) -> float:
    return sum(value * count for value, count in enumerate(counts, 1)) / sum(counts)
