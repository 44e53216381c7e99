"""Two webs and two workers on one PostgreSQL, started, stopped and killed at will while mails are due."""

import random
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from app.extensions import db
from app.mail.claims import CLAIM, LEASE
from tests.faults.conftest import Outside
from tests.faults.full import fill
from tests.faults.machines import Load, Machine, Web, worker
from tests.faults.test_killed import judged
from tests.faults.worker import age, open_count


@pytest.fixture
def machines(app: Flask, outside: Outside) -> Iterator[list[Machine]]:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite is on one machine")
    machines = [Web(app), Web(app), worker(app, outside.url), worker(app, outside.url)]
    yield machines
    for machine in machines:
        machine.kill()


@pytest.mark.parametrize(("mails", "outages"), [(100, 3), pytest.param(3000, 60, marks=pytest.mark.torture)])
def test_machines_come_and_go_while_mails_are_due_and_each_mail_leaves(
    machines: list[Machine], outside: Outside, mails: int, outages: int
) -> None:
    fill(mails)
    chance, load = random.Random(7), Load()
    machines[0].start_and_wait()  # type: ignore[attr-defined]
    for machine in machines[1:]:
        machine.start()

    def ask(path: str) -> int:
        time.sleep(0.1)
        return next((status for web in machines[:2] if (status := web.ask(path))), 0)  # type: ignore[attr-defined]

    with load.running(["/sign-in"] * 20 * outages, ask, threads=1):
        for _ in range(outages):
            time.sleep(chance.uniform(1, 3))
            victim = chance.choice(machines)
            chance.choice([victim.stop, victim.kill])()
            age()  # hours later
            victim.start()
        end = time.monotonic() + LEASE + CLAIM + mails / 10  # one that died while it committed is waited for
        while open_count() and time.monotonic() < end:
            age(leases=False)
            time.sleep(1)
    found = judged(outside)
    pages = sum(status == 200 for *_, status in load.notes)
    print(f"outages {outages}, {found}, pages {pages} of {len(load.notes)}")
    assert found == {"lost": 0, "open": 0, "doubled unmarked": 0, "marked": found["marked"]}
    assert load.answered(500) == set()
