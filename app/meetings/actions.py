"""What a meeting is about: topic, programme, question."""

from datetime import datetime

from app.audit import record
from app.meetings.models import Meeting


def set_content(
    meeting: Meeting,
    *,
    topic: str,
    open_agenda: bool | None = None,
    running_order: str | None = None,
    question: str | None = None,
    now: datetime,
) -> None:
    """The topic (one line), programme and question of a meeting; the calendars follow. What is None stays."""
    said = {"open_agenda": open_agenda, "running_order": running_order, "question": question}
    for name, value in {"topic": topic, **said}.items():
        if value is not None:
            setattr(meeting, name, value)
    meeting.changed_at = now
    meeting.network.changed(now)
    record("content", meeting, now, network_id=meeting.network_id)
