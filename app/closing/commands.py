"""`toerbeurt cycle who-stays` and `cycle close`."""

import click

from app.clock import now
from app.closing import actions
from app.errors import BadRequest, Refused
from app.extensions import db
from app.meetings.models import Cycle
from app.meetings.queries import cycle_of
from app.networks.queries import network_by_slug, with_members
from app.planning.actions import refuse_closed


def _cycle(slug: str, year: int) -> Cycle:
    network = network_by_slug(slug)
    if network is None:
        raise BadRequest(f"There is no network {slug}.")
    cycle = cycle_of(with_members([network.id])[0], year)
    if cycle is None or not cycle.published:
        raise BadRequest(f"{slug} has no published year {year}.")
    return cycle


def ask_members(network: str, year: int) -> None:
    """Ask the members of NETWORK by mail whether they stay after YEAR; nobody twice."""
    cycle = _cycle(network, year)
    refuse_closed(cycle)
    count = actions.ask_who_stays([cycle.network], year, now())
    db.session.commit()
    click.echo(f"{count} people are asked.")


def close_cycle(network: str, year: int) -> None:
    """Close YEAR of NETWORK, which is over, and propose the next one with the same wishes."""
    cycle = _cycle(network, year)
    closed = actions.close(cycle, now())
    db.session.commit()
    click.echo(f"{year} is closed." if closed else f"{year} was closed already.")
    try:
        draft = actions.roll_over(cycle.network, year, now())
    except Refused as refusal:
        raise BadRequest(f"{year + 1} cannot be planned: {refusal}") from refusal
    db.session.commit()
    click.echo(f"{year + 1}: {draft.status}." if draft else f"{year + 1} has a plan already.")
