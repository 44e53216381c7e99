"""`toerbeurt backup` and `toerbeurt restore`."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.admin import backup as safe
from app.clock import now
from app.extensions import db


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write database and keys into FILE, while everything runs. Whoever has the file has everything."""
    safe.backup(file, now())
    click.echo(f"{file}: {file.stat().st_size // 1024} kB")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Replace what is here.")
@with_appcontext
def restore(file: Path, yes: bool) -> None:
    """Put everything back as it was in FILE. Stop the web and the worker first.

    What was to be mailed since then is not sent by itself: it stands on the outbox page, with "Send again" and
    "It arrived".
    """
    if safe.filled() and not yes:
        raise click.ClickException("There are people in this database: `restore --yes` replaces everything here.")
    done = safe.restore(file, now())
    db.session.commit()
    click.echo(f"Restored. {done.held} mails that may have left since wait on the outbox page for a decision.")
    for key in done.keys_elsewhere:
        click.echo(f"Put {key} of this backup (unzip -p {file} {key}) where TOERBEURT_{key.upper()} or its file says.")


COMMANDS = (backup, restore)
