"""The mails to a person, and how they go."""

from collections.abc import Collection, Sequence
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.edge.web import settings
from app.extensions import db
from app.mail.actions import cancel
from app.mail.models import Message
from app.mail.transports import folder_of
from app.text import whole


def personal_data(person_id: int) -> list[dict[str, Any]]:
    """What was sent and what is still to leave, without the texts: they are made when a mail leaves."""
    query = select(Message).where(Message.person_id == person_id, Message.state != "cancelled").order_by(Message.due_at)
    return [
        {"kind": row.kind, "state": row.state, "at": (row.sent_at or row.due_at).isoformat()}
        for row in db.session.scalars(query)
    ]


def forget(person_id: int, network_ids: Collection[int], words: Sequence[str], now: datetime) -> None:
    """Nothing more leaves; the files of mails to the person go, and those about these networks that quote a word."""
    own = db.session.scalars(select(Message).where(Message.person_id == person_id)).all()
    cancel(own, now)
    for row in own:
        row.params = {key: value for key, value in row.params.items() if key != "to"}
        row.error = None
    folder = folder_of(settings().mail_url)
    if folder is not None:
        about = set(db.session.scalars(select(Message.id).where(Message.network_id.in_(network_ids))))
        _forget_files(folder, {row.id for row in own}, about, words)


def forget_mails(messages: Collection[Message], now: datetime) -> None:
    """Those to a stranger: nothing more leaves, and the files of what was sent go."""
    cancel(messages, now)
    for row in messages:
        row.error = None
    folder = folder_of(settings().mail_url)
    if folder is not None:
        _forget_files(folder, {row.id for row in messages}, (), ())


def _forget_files(folder: Path, own: Collection[int], about: Collection[int], words: Sequence[str]) -> None:
    for file in folder.glob("m-*-g*.eml"):
        number = int(file.stem.split("-")[1])
        if number in own or (number in about and _quotes(file, words)):
            file.unlink(missing_ok=True)


def _quotes(file: Path, words: Sequence[str]) -> bool:
    body = message_from_bytes(file.read_bytes(), policy=policy.default).get_body(("plain",))
    text = body.get_content() if isinstance(body, EmailMessage) else ""
    return any(whole(word).search(text) for word in words)
