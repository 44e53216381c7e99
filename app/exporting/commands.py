"""`toerbeurt export` and `import-json`."""

import json
from pathlib import Path

import click
from flask_babel import force_locale
from sqlalchemy import select

from app.clock import now
from app.edge import bounds
from app.edge.web import settings
from app.errors import BadRequest, Refused
from app.exporting import network_json, report_files
from app.exporting.files import written
from app.exporting.restoring import restore
from app.extensions import db
from app.networks.models import Network
from app.networks.queries import network_by_slug, programme_by_name
from app.reports import queries as reports
from app.reports.queries import NetworkReport


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


def report(named: tuple[str, ...], programme: str | None, kind: str, output: Path) -> None:
    """Write the report of a year: of NETWORK (its slug), or of all networks of a programme."""
    *slugs, text = named
    if len(slugs) > 1 or bool(slugs) == bool(programme) or not text.isdecimal() or int(text) not in bounds.years():
        raise click.UsageError("Name a network or a programme, and a year.")
    year = int(text)
    parts, title, words = _network_year(slugs[0], year) if slugs else _programme_year(str(programme), year)
    with force_locale(settings().language):
        output.write_bytes(report_files.written(kind, parts, title, words))
    click.echo(f"{output}: {title}.")


def _network_year(slug: str, year: int) -> tuple[list[NetworkReport], str, str]:
    network = network_by_slug(slug)
    if network is None:
        raise BadRequest(f"There is no network {slug}.")
    told = reports.of_network(network, year, now())
    row = reports.words_of(network.programme_id, network.id, year)
    return [told], f"{network.name} {told.name}", row.words if row else ""


def _programme_year(name: str, year: int) -> tuple[list[NetworkReport], str, str]:
    programme = programme_by_name(name)
    if programme is None:
        raise BadRequest(f"There is no programme {name}.")
    told = reports.of_programme(programme, year, now())
    row = reports.words_of(programme.id, None, year)
    return list(told.parts), f"{programme.name} {told.name}", row.words if row else ""


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
