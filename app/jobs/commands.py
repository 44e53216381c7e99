"""`toerbeurt job`: what the worker's child runs."""

import os
import sys

import click
from flask.cli import with_appcontext

from app.errors import BadRequest
from app.extensions import db
from app.jobs.models import Job
from app.jobs.running import run

LOWER = 10  # how much later than the clock the system lets it have its turn


@click.group()
def job() -> None:
    """Long work, as the worker's child does it."""


@job.command("run")
@click.argument("number", type=int)
@with_appcontext
def job_run(number: int) -> None:
    """Do job NUMBER, which the worker has begun; exit 1 when it was stopped."""
    found = db.session.get(Job, number)
    if found is None or found.state != "running":
        raise BadRequest(f"Job {number} was not begun by a worker.")
    db.session.rollback()
    os.nice(LOWER)
    sys.exit(0 if run(number) else 1)
