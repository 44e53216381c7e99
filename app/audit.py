"""Who did what: append-only rows with ids and plain values, never names, addresses or free text."""

from datetime import datetime
from typing import Any

from flask import g, has_request_context
from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, Instant, db


class Audit(Base):
    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    via: Mapped[str] = mapped_column(String(20))
    verb: Mapped[str] = mapped_column(String(60))
    object: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[int | None]
    network_id: Mapped[int | None] = mapped_column(ForeignKey("network.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"), index=True)
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    verb: str,
    thing: Any,
    now: datetime,
    *,
    network_id: int | None = None,
    programme_id: int | None = None,
    **values: object,
) -> None:
    """Note in the running transaction that `verb` was done to `thing` (a row that has its id)."""
    person = g.get("reader") or g.get("person") if has_request_context() else None
    db.session.add(
        Audit(
            at=now,
            person_id=person.id if person else None,
            via="web" if has_request_context() else "command",
            verb=verb,
            object=thing.__tablename__,
            object_id=thing.id,
            network_id=network_id,
            programme_id=programme_id,
            values=values,
        )
    )
