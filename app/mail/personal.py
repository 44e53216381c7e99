"""The mails to a person, and how they go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from app.extensions import db
from app.mail.actions import cancel
from app.mail.models import Message


def personal_data(person_id: int) -> list[dict[str, Any]]:
    """What was sent and what is still to leave, without the texts: they are made when a mail leaves."""
    query = select(Message).where(Message.person_id == person_id, Message.state != "cancelled").order_by(Message.due_at)
    return [
        {"kind": row.kind, "state": row.state, "at": (row.sent_at or row.due_at).isoformat()}
        for row in db.session.scalars(query)
    ]


def forget(person_id: int, words: Sequence[str], now: datetime) -> None:
    """Nothing more leaves; what managers wrote and relays answered is emptied where it quotes one of `words`."""
    own = db.session.scalars(select(Message).where(Message.person_id == person_id)).all()
    cancel(own, now)
    for row in own:
        row.params = {key: value for key, value in row.params.items() if key != "to"}
        row.error = None
    for word in words:
        texts = (Message.note, Message.subject, Message.error)
        quoting = or_(*[text.icontains(word, autoescape=True) for text in texts])
        for row in db.session.scalars(select(Message).where(quoting)):
            row.note = row.subject = row.error = None
