"""`toerbeurt restore`: what a backup brings back of whom was erased since goes again."""

from pathlib import Path

import click

from app.admin import backup as safe
from app.audit import record_of
from app.clock import now
from app.commands.progress import say, shown
from app.extensions import db
from app.privacy import erased


def restore(file: Path, yes: bool) -> None:
    """Put everything back as it was in FILE. Stop the web and the worker first.

    What was to be mailed since then is not sent by itself: it stands on the outbox page, with "Send again" and
    "It arrived". Who was erased since then is erased again.
    """
    if safe.filled() and not yes:
        raise click.ClickException("There are people in this database: `restore --yes` replaces everything here.")
    erased.keep()
    with shown("Restore") as tell:
        done = safe.restore(file, now(), tell)
    left = erased.again(done.made_at, now())
    record_of("restored", "backup", now(), made_at=done.made_at.isoformat(), held=done.held)
    db.session.commit()
    erased.keep()
    say(f"Restored. {done.held} mails that may have left since wait on the outbox page for a decision.")
    if left:
        say(f"Not erased again, as each is the last manager of a programme: people {', '.join(map(str, left))}.")
    for key in done.keys_elsewhere:
        say(f"Put {key} of this backup (unzip -p {file} {key}) where TOERBEURT_{key.upper()} or its file says.")
