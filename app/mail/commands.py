"""`toerbeurt outbox`: what is planned, as JSON lines. `outbox run` stands with the worker."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from app.mail import queries
from app.mail.models import Message
from app.web import settings

# What plans the mails of today first. Mail knows nothing of reminders: the worker puts it here.
before_listing: list[Callable[[], None]] = []


@click.group("outbox", invoke_without_command=True)
@click.option("--due-until", metavar="ISO", help="Only what is due by this instant, like 2027-01-31T12:00+01:00.")
@click.pass_context
@with_appcontext
def outbox(context: click.Context, due_until: str | None) -> None:
    """List the mails that are planned, one JSON object a line, earliest first."""
    if context.invoked_subcommand is None:
        for plan in before_listing:
            plan()
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
        "message_id": f"m-{message.id}-g{message.generation}@{settings().feed_domain}",
        "kind": message.kind,
        "key": message.key,
        "generation": message.generation,
        "person": message.person_id,
        "network": message.network_id,
        "meeting": message.meeting_id,
        "due": message.due_at.isoformat(),
        "state": message.state,
    }
