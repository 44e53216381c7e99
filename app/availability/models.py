"""When organisations cannot, and days that are closed for everybody."""

from datetime import date, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.networks.models import Organisation, Programme


class Absence(Base):
    """Days an organisation cannot come: a period, or one weekday (0 = Monday), or that weekday within it."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("weekday is null or weekday between 0 and 6", "weekday"),
        CheckConstraint("weekday is not null or (first is not null and last is not null)", "when"),
        CheckConstraint("first is null or last is null or first <= last", "order"),
        CheckConstraint('"only" is null or "only" = \'host\'', "only"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    first: Mapped[date | None]
    last: Mapped[date | None]
    weekday: Mapped[int | None]
    only: Mapped[str | None] = mapped_column(String(10))  # "host" = people come, the room is closed
    reason: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[Organisation] = relationship()

    def days(self, first: date, last: date) -> list[date]:
        """Its days within [first, last]."""
        start = max(first, self.first or first)
        end = min(last, self.last or last)
        span = (start + timedelta(n) for n in range((end - start).days + 1))
        return [day for day in span if self.weekday is None or day.weekday() == self.weekday]


class ClosedPeriod(Base):
    """Days the programme keeps free, beside the holidays of the region: carnival, a study day, 5 May."""

    __tablename__ = "closed_period"
    __table_args__ = (CheckConstraint("first <= last", "order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    first: Mapped[date]
    last: Mapped[date]
    region: Mapped[str | None] = mapped_column(String(20))  # null = everywhere
    source: Mapped[str] = mapped_column(String(200), default="")
    programme: Mapped[Programme] = relationship()
