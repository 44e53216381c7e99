"""Doing a job: in a child of the worker, or in the foreground by command."""

from time import monotonic

from flask import current_app, g
from sqlalchemy.exc import IntegrityError

from app.clock import now
from app.extensions import db
from app.jobs import actions
from app.jobs.long_work import KINDS, Outcome, Store, Tell
from app.jobs.models import Job

PAUSE = 1.0  # seconds between two notes of how far it is


class Stopped(Exception):
    """The job does not run any more: somebody stopped it, or its worker was thought dead."""


def begun(job: Job) -> bool:
    """Whether the job runs from now on: it waits, and no other one runs."""
    try:
        ours = actions.begin(job, now())
        db.session.commit()
    except IntegrityError:  # another worker was first
        db.session.rollback()
        return False
    return ours


def run(number: int, tell: Tell | None = None) -> bool:
    """Does a job that has begun; whether it came to its end. `tell` hears each step, beside the row."""
    outcome: Outcome = {}
    g.transaction = "read"
    job = db.session.get_one(Job, number)
    try:
        for store in KINDS[job.kind].work(job, _Progress(number, tell)):
            _in_one(number, store, outcome)
    except Stopped:
        db.session.rollback()
        return False
    return _finished(number, outcome)


def _in_one(number: int, store: Store, outcome: Outcome) -> None:
    """One part, stored while the job still runs. The reading before ends here; nothing of it stays in memory."""
    db.session.rollback()
    g.transaction = "write"
    if not actions.note(number, heartbeat=now()):
        db.session.rollback()
        raise Stopped
    store(now(), outcome)
    db.session.commit()
    db.session.expunge_all()
    g.transaction = "read"


def _finished(number: int, outcome: Outcome) -> bool:
    db.session.rollback()
    g.transaction = "write"
    ended = actions.finish(number, outcome, now())
    db.session.commit()
    return ended


class _Progress:
    """Notes how far the job is, beside whatever it is reading; raises Stopped when it should not go on."""

    def __init__(self, number: int, tell: Tell | None) -> None:
        self.number, self.tell, self.step, self.noted = number, tell, "", 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        if step == self.step and monotonic() - self.noted < PAUSE:
            return
        self.step, self.noted = step, monotonic()
        if self.tell:
            self.tell(step, done, total)
        with current_app.app_context():
            g.transaction = "write"
            going = actions.note(self.number, step=step, done=done, total=total, heartbeat=now())
            db.session.commit()
        if not going:
            raise Stopped
