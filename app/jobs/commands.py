"""`toerbeurt job`: what the worker's child runs."""

import os
import sys

from flask import current_app

from app.errors import BadRequest
from app.extensions import db
from app.jobs.models import Job
from app.jobs.running import run

LOWER = 10  # how much later than the clock the system lets it have its turn


def run_job(number: int) -> None:
    """Do job NUMBER, which the worker has begun; exit 1 when it was stopped."""
    found = db.session.get(Job, number)
    if found is None or found.state != "running":
        raise BadRequest(f"Job {number} was not begun by a worker.")
    db.session.rollback()
    os.nice(LOWER)
    current_app.config["WAY"] = "job"
    sys.exit(0 if run(number) else 1)
