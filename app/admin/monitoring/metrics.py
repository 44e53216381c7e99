"""Figures for Prometheus, counted from the database: right with any number of processes, without names or addresses.

The only file that imports prometheus_client, an optional extra.
"""

from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from sqlalchemy import Select, column, func, select, table

from app.admin.monitoring.health import state
from app.calendars.models import FeedLink
from app.extensions import db
from app.mail.models import STATES, Message
from app.networks.models import Network
from app.people.models import Person

DAY = timedelta(days=1)
IMPORTS = table("import", column("state"))  # imports stand above this area


def available() -> bool:
    return find_spec("prometheus_client") is not None


def text(now: datetime) -> tuple[bytes, str]:
    """All figures at `now` in Prometheus' own format, and its content type."""
    client: Any = import_module("prometheus_client")
    registry = client.CollectorRegistry()
    mails = client.Gauge("toerbeurt_mails", "Mails by state.", ["state"], registry=registry)
    for name, count in _mails().items():
        mails.labels(name).set(count)
    for name, (says, value) in _figures(now).items():
        client.Gauge(f"toerbeurt_{name}", says, registry=registry).set("nan" if value is None else value)
    return client.generate_latest(registry), client.CONTENT_TYPE_LATEST


def _mails() -> dict[str, int]:
    counted = select(Message.state, func.count(Message.id)).group_by(Message.state)
    return dict.fromkeys(STATES, 0) | {name: int(count) for name, count in db.session.execute(counted)}


def _figures(now: datetime) -> dict[str, tuple[str, int | None]]:
    """{name: (what it says, value)}; None = has never been."""
    health = state(now)
    fetched = select(func.count(FeedLink.id)).where(FeedLink.fetched_at > now - DAY)
    open_imports = select(func.count()).select_from(IMPORTS).where(IMPORTS.c.state == "preview")
    return {
        "overdue_seconds": ("How long the oldest mail is overdue.", health["overdue_seconds"]),
        "clock_seconds": ("Since the clock last ticked.", health["clock_seconds"]),
        "backup_seconds": ("Since the last good backup.", health["backup_seconds"]),
        "networks": ("Networks.", _count(select(func.count(Network.id)))),
        "people": ("People.", _count(select(func.count(Person.id)))),
        "feeds_fetched": ("Calendars that were fetched in the last 24 hours.", _count(fetched)),
        "imports_open": ("Imports that wait for a decision.", _count(open_imports)),
    }


def _count(query: Select[Any]) -> int:
    return db.session.scalar(query) or 0
