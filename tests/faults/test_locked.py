"""Another program keeps the database locked for half a minute, while pages are asked for and mails are due."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask

from app.extensions import db
from app.mail.claims import CLAIM
from app.people.links import unsubscribe_token
from app.people.models import Person
from tests import make
from tests.faults.conftest import Outside
from tests.faults.full import fill
from tests.faults.machines import Load, Machine, Web, worker
from tests.faults.test_killed import judged
from tests.faults.worker import age, open_count


@pytest.fixture
def machines(app: Flask, outside: Outside) -> Iterator[tuple[Web, Machine]]:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("locks of SQLite")
    web, sender = Web(app), worker(app, outside.url)
    yield web, sender
    web.kill()
    sender.kill()


@pytest.mark.torture
@pytest.mark.parametrize("outside", [("--wait", "50")], indirect=True)
def test_locked_for_half_a_minute_everything_waits_and_goes_on(machines: tuple[Web, Machine], outside: Outside) -> None:
    web, sender = machines
    fill(200)
    people = [make.person() for _ in range(100)]
    db.session.commit()
    paths = [f"/stop-mails/{unsubscribe_token(person.id)}" for person in people]
    db.session.rollback()
    web.start_and_wait()
    sender.start()
    while len(outside.lines()) < 20:
        time.sleep(0.1)
    locked, free, read = Load(), Load(), []
    with closing(sqlite3.connect(str(db.engine.url.database))) as other:
        other.execute("begin exclusive")
        until = time.monotonic() + 30
        with locked.running(paths[:16], lambda path: web.ask(path, "POST")):
            while time.monotonic() < until:
                read.append(web.ask("/sign-in"))
                time.sleep(0.5)
        taken = len(outside.lines())
        other.rollback()
    since = time.monotonic()
    with free.running(paths, lambda path: web.ask(path, "POST")):
        while open_count() and time.monotonic() < since + CLAIM + 60:
            age(leases=False)
            time.sleep(1)
    took = time.monotonic() - since
    print(f"{taken} mails had left when the lock went, all {took:.0f} s later; read meanwhile {len(read)}")
    assert judged(outside) == {"lost": 0, "open": 0, "doubled unmarked": 0, "marked": 0}
    assert (set(read), locked.answered(503), free.answered(200)) == ({200}, set(paths[:16]), set(paths))
    assert db.session.query(Person).filter_by(wants_mail=False).count() == len(paths)
