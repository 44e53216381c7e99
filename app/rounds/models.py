"""A date round: days proposed for a network's year, and what everybody says to each."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.networks.models import Network
from app.people.models import Person

WORDS = ("yes", "rather_not", "no")


class DateRound(Base):
    __tablename__ = "date_round"
    __table_args__ = (UniqueConstraint("network_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    year: Mapped[int]
    until: Mapped[date]  # the last day to answer; later answers are still welcome until it is closed
    note: Mapped[str] = mapped_column(Text, default="")  # the manager's words above the dates
    asked: Mapped[int] = mapped_column(default=0)  # how often dates were sent round
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    network: Mapped[Network] = relationship()
    dates: Mapped[list["CandidateDate"]] = relationship(
        back_populates="round", order_by="CandidateDate.day", cascade="all, delete-orphan"
    )
    remarks: Mapped[list["DateRemark"]] = relationship(cascade="all, delete-orphan")


class CandidateDate(Base):
    __tablename__ = "candidate_date"
    __table_args__ = (UniqueConstraint("round_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("date_round.id"), index=True)
    day: Mapped[date]
    starts: Mapped[time | None]  # on the network's clock; null = as the year's meetings do
    round: Mapped[DateRound] = relationship(back_populates="dates")
    answers: Mapped[list["DateAnswer"]] = relationship(back_populates="candidate", cascade="all, delete-orphan")


class DateAnswer(Base):
    """What one person says to one day; no row means no answer yet, never a no."""

    __tablename__ = "date_answer"
    __table_args__ = (
        CheckConstraint("answer in ('yes', 'rather_not', 'no')", "answer"),
        UniqueConstraint("candidate_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate_date.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    answer: Mapped[str] = mapped_column(String(10))
    answered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who wrote down a telephoned answer
    candidate: Mapped[CandidateDate] = relationship(back_populates="answers")
    person: Mapped[Person] = relationship(foreign_keys=person_id)


class DateRemark(Base):
    """A line beside somebody's answers, for the manager alone."""

    __tablename__ = "date_remark"

    round_id: Mapped[int] = mapped_column(ForeignKey("date_round.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    words: Mapped[str] = mapped_column(String(200))
