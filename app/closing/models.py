"""Who stays in the year to come, as the organisations say it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.networks.models import Membership
from app.people.models import Person


class Stay(Base):
    """A member was asked whether it takes part in `year`; whoever says nothing stays."""

    __tablename__ = "stay"
    __table_args__ = (
        CheckConstraint("answer in ('stay', 'leave', 'unsure')", "answer"),
        UniqueConstraint("membership_id", "year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    year: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str | None] = mapped_column(String(6))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    membership: Mapped[Membership] = relationship()
    answered_by: Mapped[Person | None] = relationship()
