"""`toerbeurt outbox`: what is planned, as JSON lines. The worker calls it, and has `outbox run`."""

import json
from datetime import UTC, datetime

import click

from app.mail import queries
from app.mail.message_ids import message_id
from app.mail.models import Message


def list_planned(due_until: str | None) -> None:
    """Print the mails that are planned, one JSON object a line, earliest first."""
    for message in queries.planned(_instant(due_until)):
        click.echo(json.dumps(_line(message), ensure_ascii=False))


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not an instant like 2027-01-31T12:00+01:00.") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _line(message: Message) -> dict[str, object]:
    return {
        "id": message.id,
        "message_id": message_id(message),
        "kind": message.kind,
        "key": message.key,
        "generation": message.generation,
        "person": message.person_id,
        "network": message.network_id,
        "meeting": message.meeting_id,
        "due": message.due_at.isoformat(),
        "state": message.state,
    }
