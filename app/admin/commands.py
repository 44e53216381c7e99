"""`toerbeurt backup`. What `restore` does beside stands in privacy/commands.py."""

from pathlib import Path

import click

from app.admin import backup as safe
from app.clock import now


def backup(file: Path) -> None:
    """Write database and keys into FILE, while everything runs. Whoever has the file has everything."""
    safe.backup(file, now())
    click.echo(f"{file}: {file.stat().st_size // 1024} kB")
