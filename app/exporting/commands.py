"""`toerbeurt export` and `import-json`."""

import json
from pathlib import Path

import click
from flask_babel import force_locale
from sqlalchemy import select

from app.clock import now
from app.edge.web import settings
from app.errors import BadRequest, Refused
from app.exporting import network_json
from app.exporting.files import written
from app.exporting.restoring import restore
from app.extensions import db
from app.networks.models import Network
from app.networks.queries import network_by_slug


def export(network: str | None, everything: bool, kind: str, output: Path) -> None:
    """Write NETWORK (its slug), or all of them, to a file."""
    if (network is None) != everything:
        raise click.UsageError("Name a network, or say --all.")
    found = None if network is None else network_by_slug(network)
    if network is not None and found is None:
        raise BadRequest(f"There is no network {network}.")
    ids = [found.id] if found else list(db.session.scalars(select(Network.id).order_by(Network.id)))
    title = found.name if found else "Toerbeurt"
    with force_locale(settings().language):
        output.write_bytes(written(kind, network_json.export(ids, now()), title))
    click.echo(f"{output}: {len(ids)} networks.")


def import_json(file: Path) -> None:
    """Make the networks of an export again; those that are here already are refused."""
    try:
        count = restore(json.loads(file.read_text(encoding="utf-8")), now())
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadRequest(f"{file.name} is not JSON: {error}.") from error
    except Refused as error:
        db.session.rollback()
        raise BadRequest(str(error)) from error
    db.session.commit()
    click.echo(f"{file.name}: {count} networks.")
