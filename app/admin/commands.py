"""`toerbeurt backup` and `keys`. What `restore` does beside stands in privacy/commands.py."""

from pathlib import Path

import click

from app.admin import backup as safe
from app.admin import keys
from app.clock import now
from app.commands.progress import shown
from app.extensions import db


def backup(file: Path) -> None:
    """Write database and keys into FILE, while everything runs. Whoever has the file has everything."""
    with shown("Backup") as tell:
        safe.backup(file, now(), tell)
    click.echo(f"{file}: {file.stat().st_size // 1024} kB")


def renew_keys(feed: bool) -> None:
    """Write new keys; what was signed with the old ones goes on for thirty days."""
    at = now()
    keys.new_secret_key(at)
    key, count = keys.new_feed_key(at) if feed else ("", 0)
    db.session.commit()
    if feed:
        keys.write_feed_key(key)
        click.echo(f"{count} calendar addresses end in thirty days; a mail asks each person to subscribe again.")
    click.echo("The keys are new. Restart the web and the worker now, and put the files on every machine.")
