"""Who did what: append-only rows with ids and plain values, never names, addresses or free text."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask import current_app, g, has_request_context
from sqlalchemy import JSON, ForeignKey, String, column, select, table
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, Instant, db

NETWORKS = table("network", column("id"), column("programme_id"))


class Audit(Base):
    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20), default="")  # in which it was done: as access found it
    via: Mapped[str] = mapped_column(String(20))  # page, link, command, job; "web" before version 0.2
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
    """Note in the running transaction that `verb` was done to `thing` (a row that has its id).

    Where it happened is the network or programme named, else the one whose page it is.
    """
    _note(verb, thing.__tablename__, thing.id, now, network_id, programme_id, values)


def record_of(verb: str, what: str, now: datetime, *, programme_id: int | None = None, **values: object) -> None:
    """The same of something that is no row: a key, the outbox, a night's work."""
    _note(verb, what, None, now, None, programme_id, values)


def _note(
    verb: str,
    what: str,
    number: int | None,
    now: datetime,
    network_id: int | None,
    programme_id: int | None,
    values: Mapping[str, Any],
) -> None:
    page = has_request_context()
    person = (g.get("reader") or g.get("person")) if page else None
    network_id = network_id or (g.get("network_id") if page and not programme_id else None)
    programme: Any = programme_id or (g.get("programme_id") if page and not network_id else None)
    if network_id and not programme:
        programme = select(NETWORKS.c.programme_id).where(NETWORKS.c.id == network_id).scalar_subquery()
    row = {"verb": verb, "object": what, "object_id": number, "network_id": network_id, "values": dict(values)}
    who = {"person_id": person.id if person else None, "role": _role() if page else "", "via": _way()}
    db.session.add(Audit(at=now, programme_id=programme, **who, **row))


def _role() -> str:
    """By link a person has the rights of their own places alone."""
    return "participant" if g.get("reader") else str(g.get("role") or ("own" if g.get("person") else ""))


def _way() -> str:
    if has_request_context():
        return "link" if g.get("reader") else "page"
    return str(current_app.config.get("WAY", "command"))


def differences(row: object, values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What of these figures, days and choices changes, before it does: {"before": {..}, "after": {..}}."""
    changed = [name for name in names if name in values and getattr(row, name) != values[name]]
    before, after = ({name: _plain(where(name)) for name in changed} for where in (row.__getattribute__, values.get))
    return {"before": before, "after": after}


def _plain(value: object) -> Any:
    return value.isoformat() if isinstance(value, date) else value
