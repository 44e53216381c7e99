"""Asking for long work, beginning it, stopping it, and noticing that it is gone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from app.audit import record
from app.extensions import db
from app.jobs.models import OPEN, Job
from app.jobs.queries import open_jobs
from app.networks.models import Programme

SILENT = timedelta(minutes=1)  # after which a job that runs is given up


def ask(kind: str, programme: Programme, params: Mapping[str, Any], now: datetime) -> Job:
    """The job that will do it: one that is open already, or a new one."""
    for job in open_jobs():
        if (job.kind, job.programme_id, job.params) == (kind, programme.id, params):
            return job
    job = Job(kind=kind, programme_id=programme.id, params=dict(params), asked_at=now)
    db.session.add(job)
    db.session.flush()
    record("job-asked", job, now, programme_id=programme.id, kind=kind)
    return job


def begin(job: Job, now: datetime) -> bool:
    """Whether it runs from now on; raises IntegrityError when another one does."""
    return _changed(job.id, "waiting", state="running", started_at=now, heartbeat=now)


def wait_again(number: int) -> bool:
    """Its worker stops: another one begins it anew."""
    return _changed(number, "running", state="waiting", step="", done=0, total=0, started_at=None, heartbeat=None)


def note(number: int, **values: object) -> bool:
    """Keeps how far it is; False when it does not run any more."""
    return _changed(number, "running", **values)


def finish(number: int, outcome: dict[str, Any], now: datetime) -> bool:
    """Mark a job as done with what came of it. False when it is not running any more: stopped, or lost meanwhile."""
    return _changed(number, "running", state="done", outcome=outcome, finished_at=now)


def lose(number: int, now: datetime) -> bool:
    """Mark a job as lost: its child died, or gave no sign. False when it is not running any more."""
    return _changed(number, "running", state="lost", finished_at=now)


def lose_silent(now: datetime) -> None:
    """Jobs whose worker has gone."""
    for job in open_jobs():
        if job.heartbeat and job.heartbeat < now - SILENT:
            lose(job.id, now)


def stop(job: Job, now: datetime) -> None:
    """A person wants it no more; its child notices at its next step, and stores nothing further."""
    db.session.execute(
        update(Job).where(Job.id == job.id, Job.state.in_(OPEN)).values(state="stopped", finished_at=now)
    )
    record("job-stopped", job, now, programme_id=job.programme_id)


def _changed(number: int, before: str, **values: object) -> bool:
    query = update(Job).where(Job.id == number, Job.state == before).values(**values)
    return db.session.scalar(query.returning(Job.id)) is not None
