"""What a programme can begin with."""

from sqlalchemy import select

from app.extensions import db
from app.meetings.models import Meeting


def last_programme(meeting: Meeting) -> str:
    """The programme of the network's last meeting before this one that had one, else nothing."""
    query = (
        select(Meeting.running_order)
        .where(Meeting.network_id == meeting.network_id, Meeting.starts_at < meeting.starts_at)
        .where(Meeting.running_order != "", Meeting.status == "confirmed")
    )
    return db.session.scalars(query.order_by(Meeting.starts_at.desc(), Meeting.id.desc())).first() or ""
