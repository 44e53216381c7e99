"""Whether the clock ticks and mail leaves."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app.admin.models import BackupPlan
from app.extensions import db
from app.mail.models import Heartbeat, Message

CLOCK_SILENT = timedelta(minutes=3)
MAIL_LATE = timedelta(hours=1)


def state(now: datetime) -> dict[str, Any]:
    """Age of the clock's heartbeat, of the oldest overdue mail and of the last good backup, in seconds.

    An old backup is no reason to send visitors elsewhere: it is told, `doctor` and the site admin's page complain.
    """
    beat = db.session.scalar(select(func.max(Heartbeat.at)))
    oldest = db.session.scalar(select(func.min(Message.due_at)).where(Message.state.in_(("planned", "claimed"))))
    silent = beat is None or now - beat > CLOCK_SILENT
    late = oldest is not None and now - oldest > MAIL_LATE
    return {
        "status": "error" if silent or late else "ok",
        "clock_seconds": _seconds(now, beat),
        "overdue_seconds": max(0, _seconds(now, oldest) or 0),
        "backup_seconds": _seconds(now, db.session.scalar(select(BackupPlan.made_at))),
    }


def _seconds(now: datetime, then: datetime | None) -> int | None:
    return None if then is None else int((now - then).total_seconds())
