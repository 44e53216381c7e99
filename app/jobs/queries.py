"""Reads about long work."""

from sqlalchemy import select

from app.extensions import db
from app.jobs.models import OPEN, Job
from app.networks.models import Programme


def job_in(programme: Programme, number: int) -> Job | None:
    job = db.session.get(Job, number)
    return job if job and job.programme_id == programme.id else None


def open_jobs() -> list[Job]:
    """What runs or waits, longest first."""
    return list(db.session.scalars(select(Job).where(Job.state.in_(OPEN)).order_by(Job.id)))


def open_job(kind: str, programme: Programme) -> Job | None:
    query = select(Job).where(Job.state.in_(OPEN), Job.kind == kind, Job.programme_id == programme.id)
    return db.session.scalars(query.order_by(Job.id)).first()
