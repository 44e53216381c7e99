"""Workers that die. Run as `python -m tests.faults.worker MODE`, with the settings in the environment.

`points`: for each line `function:call|return:nth` on stdin a worker is forked that is killed there; says how it ended.
`herd SEED`: four workers, one of them killed at random again and again, until nothing is left to send.
"""

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from flask import Flask
from sqlalchemy import ColumnElement, Update, func, select, update

from app import clock, create_app
from app.extensions import db
from app.mail import claims
from app.mail.models import Message, Relay
from app.worker import deliver

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
OPEN = ("planned", "claimed", "sending")


def die_at(function: str, event: str, nth: int) -> None:
    """kill -9 of ourselves when `function` of the mail area is called or returns for the nth time."""
    seen = 0

    def look(frame: FrameType, what: str, _: Any) -> None:
        nonlocal seen
        if what == event and frame.f_code.co_name == function and "/app/mail/" in frame.f_code.co_filename:
            seen += 1
            if seen == nth:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(look)
    threading.setprofile(look)


def forked(work: Callable[[Flask], None], app: Flask | None = None) -> int:
    """Work in a process of its own, as an application of its own, or for speed as a copy of `app`."""
    number = os.fork()
    if number:
        return number
    try:
        app = app or create_app()
        with app.app_context():
            work(app)
    except BaseException as error:
        print(f"worker: {error!r}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def age(*, leases: bool = True) -> None:
    """As if hours had passed: leases are over, the relay has rested, retries are due."""
    if leases:
        db.session.execute(_of(Message.token.is_not(None)).values(lease_until=LONG_AGO))
    db.session.execute(_of(Message.retry_at.is_not(None)).values(retry_at=LONG_AGO))
    db.session.execute(update(Relay).values(rest_until=None))
    db.session.commit()


def _of(which: ColumnElement[bool]) -> Update:
    """Of rows a worker holds at this moment none is waited for: it would lock them in another order."""
    free = select(Message.id).where(which).with_for_update(skip_locked=True)
    return update(Message).where(Message.id.in_(free)).execution_options(synchronize_session=False)


def open_count() -> int:
    count = db.session.scalar(select(func.count()).where(Message.state.in_(OPEN), Message.due_at <= clock.now()))
    db.session.rollback()
    return count or 0


def send(app: Flask) -> None:
    deliver(20)


def points() -> None:
    for line in sys.stdin:
        function, event, nth = line.strip().split(":")

        def work(app: Flask, function: str = function, event: str = event, nth: str = nth) -> None:
            die_at(function, event, int(nth))
            send(app)

        _, status = os.waitpid(forked(work), 0)
        print(f"{function}:{event} {'killed' if os.WIFSIGNALED(status) else 'lived'}", flush=True)
        _, status = os.waitpid(forked(lambda app: age()), 0)


def restless(app: Flask) -> None:
    """A worker with short leases that goes on until nothing is left."""
    claims.CLAIM = claims.LEASE = 4
    while open_count():
        deliver(3)
        age(leases=False)
        time.sleep(random.random() / 10)


def herd(seed: int) -> None:
    app = create_app()  # opens no connection before the fork
    chance, herd, kills = random.Random(seed), [forked(restless, app) for _ in range(4)], 0
    end = time.monotonic() + 1800
    while herd and time.monotonic() < end:
        time.sleep(chance.uniform(0.1, 0.6))
        victim = chance.choice(herd)
        os.kill(victim, signal.SIGKILL)
        herd.remove(victim)
        _, status = os.waitpid(victim, 0)
        kills += os.WIFSIGNALED(status)
        herd = [each for each in herd if os.waitpid(each, os.WNOHANG)[0] == 0]
        if os.WIFSIGNALED(status):
            herd.append(forked(restless, app))
    print(kills, flush=True)


if __name__ == "__main__":
    points() if sys.argv[1] == "points" else herd(int(sys.argv[2]))
