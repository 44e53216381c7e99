"""A request to swap a turn or to have it covered, and what each organisation that was asked may answer."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.meetings.models import Duty, Meeting
from app.networks.models import Network, Organisation
from app.people.models import Person


class Swap(Base):
    """An organisation's turn at a meeting is asked about. It is bound to the meeting: moving that keeps the request."""

    __tablename__ = "swap"
    __table_args__ = (
        CheckConstraint("kind in ('host', 'preparation')", "kind"),
        CheckConstraint("outcome in ('accepted', 'declined', 'withdrawn', 'undone')", "outcome"),
        CheckConstraint("(outcome is null) = (closed_at is null)", "closed"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    words: Mapped[str] = mapped_column(String(300), default="")
    outcome: Mapped[str | None] = mapped_column(String(10))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    network: Mapped[Network] = relationship()
    meeting: Mapped[Meeting] = relationship()
    organisation: Mapped[Organisation] = relationship()
    offers: Mapped[list["SwapOffer"]] = relationship(
        back_populates="swap", order_by="SwapOffer.id", cascade="all, delete-orphan"
    )

    def state(self, now: datetime) -> str:
        """open, expired, accepted, declined, withdrawn or undone."""
        return self.outcome or ("expired" if now >= self.expires_at else "open")

    @property
    def duty(self) -> Duty | None:
        """The turn that is asked about, as long as it is the asking organisation's."""
        return turn_of(self.meeting, self.kind, self.organisation_id)

    @property
    def accepted(self) -> "SwapOffer | None":
        return next((offer for offer in self.offers if offer.answer == "accepted"), None)

    def close(self, outcome: str, now: datetime) -> None:
        self.outcome, self.closed_at = outcome, now


class SwapOffer(Base):
    """What one organisation is asked: to take the turn and give its own at `meeting`, or (no meeting) to cover."""

    __tablename__ = "swap_offer"
    __table_args__ = (
        CheckConstraint("answer in ('accepted', 'declined')", "answer"),
        UniqueConstraint("swap_id", "organisation_id", "meeting_id"),
        Index(
            "ix_swap_offer_one_winner",
            "swap_id",
            unique=True,
            sqlite_where=text("answer = 'accepted'"),
            postgresql_where=text("answer = 'accepted'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    swap_id: Mapped[int] = mapped_column(ForeignKey("swap.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    answer: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    swap: Mapped[Swap] = relationship(back_populates="offers")
    organisation: Mapped[Organisation] = relationship()
    meeting: Mapped[Meeting | None] = relationship()

    @property
    def duty(self) -> Duty | None:
        """The turn given in return, as long as it is the asked organisation's."""
        return turn_of(self.meeting, self.swap.kind, self.organisation_id) if self.meeting else None

    def answered(self, word: str, person: Person, now: datetime) -> None:
        self.answer, self.answered_by_id, self.answered_at = word, person.id, now


def turn_of(meeting: Meeting, kind: str, organisation_id: int) -> Duty | None:
    return next((d for d in meeting.duties if (d.kind, d.organisation_id) == (kind, organisation_id)), None)
