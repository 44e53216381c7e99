"""Addresses a network keeps: where others can read on."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.networks.models import Network


class Link(Base):
    """An address of the library; one that is not `kept` was declined and is offered no more."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("network_id", "url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    url: Mapped[str] = mapped_column(String(500))
    title: Mapped[str] = mapped_column(String(200), default="")
    theme: Mapped[str] = mapped_column(String(60), default="")
    kept: Mapped[bool] = mapped_column(default=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # who added it
    added_at: Mapped[datetime] = mapped_column(Instant)
    network: Mapped[Network] = relationship()
