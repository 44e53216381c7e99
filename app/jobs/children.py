"""The worker's side: one child at a time, watched."""

import subprocess
import sys

from flask import g

from app.clock import now
from app.extensions import db
from app.jobs import actions
from app.jobs.queries import open_jobs
from app.jobs.running import begun

WAITS = 10  # seconds a child that is told to stop may take


class Child:
    """The process in which this worker does long work."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.number = 0

    def look(self) -> None:
        """Keep the job's heart beating, stop what nobody wants, notice what died, begin what waits."""
        g.transaction = "read"
        some = bool(open_jobs())
        db.session.rollback()
        g.transaction = "write"
        if self.process is not None:
            self._watch(self.process)
        elif some:
            self._begin()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            if not actions.note(self.number, heartbeat=now()):
                process.terminate()
        else:
            actions.lose(self.number, now())  # one that came to its end does not run any more
            self.process = None
        db.session.commit()

    def _begin(self) -> None:
        actions.lose_silent(now())
        db.session.commit()
        waiting = next(iter(open_jobs()), None)
        if waiting is None or waiting.state != "waiting":
            db.session.rollback()
            return
        self.number = waiting.id
        if begun(waiting):
            self.process = subprocess.Popen([sys.executable, "-m", "app.cli", "job", "run", str(self.number)])

    def stop(self) -> None:
        """The worker ends: the job waits for the next one."""
        if self.process is None:
            return
        self.process.terminate()
        self.process.wait(WAITS)
        actions.wait_again(self.number)
        db.session.commit()
