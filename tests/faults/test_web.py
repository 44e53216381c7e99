"""The web killed, and its database restarted, under load."""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.extensions import db
from app.people.links import unsubscribe_token
from app.people.models import Person
from tests import make
from tests.conftest import postgresql, settings_in, url_of
from tests.faults.machines import NOWHERE, Load, Web


@pytest.fixture
def web(app: Flask) -> Iterator[Web]:
    web = Web(app)
    yield web
    web.kill()


@pytest.mark.parametrize("kills", [2, pytest.param(30, marks=pytest.mark.torture)])
def test_a_killed_web_has_lost_nothing_it_acknowledged_and_is_back(app: Flask, web: Web, kills: int) -> None:
    people = [make.person() for _ in range(400 * kills)]
    db.session.commit()
    paths = {f"/stop-mails/{unsubscribe_token(person.id)}": person.id for person in people}
    db.session.rollback()
    load, ready = Load(), [web.start_and_wait()]

    def ask(path: str) -> int:
        status = web.ask(path, "POST")
        time.sleep(0.1 if status == NOWHERE else 0.002)
        return status

    with load.running(list(paths), ask):
        for _ in range(kills):
            time.sleep(1)
            web.kill()
            ready.append(web.start_and_wait())

    db.session.expire_all()
    stopped = {person.id for person in db.session.query(Person).filter_by(wants_mail=False)}
    changed = {person.id for person in db.session.query(Person).filter(Person.revision > 0)}
    acknowledged = {paths[path] for path in load.answered(200)}
    print(f"kills {kills}, acknowledged {len(acknowledged)}, done {len(stopped)}, ready {max(ready):.1f} s at most")
    assert (acknowledged - stopped, stopped ^ changed, load.answered(500)) == (set(), set(), set())
    assert len(acknowledged) > 10 * kills


def test_serve_killed_alone_takes_its_children_along_and_is_back(tmp_path: Path) -> None:
    both = Web(create_app(settings_in(tmp_path)), "serve")
    ready = [both.start_and_wait("/healthz")]  # the first one makes the tables
    try:
        for _ in range(3):
            both.kill_first()
            end = time.monotonic() + 10
            while both.ask("/readyz") != NOWHERE:
                assert time.monotonic() < end
                time.sleep(0.05)
            ready.append(both.start_and_wait("/healthz"))
    finally:
        both.kill()
    print(f"pages and clock ready after {', '.join(f'{each:.1f}' for each in ready)} s")


def test_a_restarted_postgresql_closes_the_web_for_less_than_five_seconds(database_url: str, tmp_path: Path) -> None:
    if not database_url.startswith("postgresql"):
        pytest.skip("SQLite has no server")
    with tempfile.TemporaryDirectory(prefix="toerbeurt-pg-") as folder, postgresql(Path(folder)) as server:
        app = create_app(settings_in(tmp_path, database_url=url_of(server)))
        with app.app_context():
            db.create_all()
            people = [make.person() for _ in range(400)]
            db.session.commit()
            paths = [f"/stop-mails/{unsubscribe_token(person.id)}" for person in people]
            db.session.remove()
            db.engine.dispose()
            web = Web(app)
            web.start_and_wait()
            load = Load()
            with load.running(paths, lambda path: web.ask(path, "POST")):
                time.sleep(1)
                server.stop()
                time.sleep(0.5)
                server.start()
                since = time.monotonic()
            web.stop()
            stopped = {
                f"/stop-mails/{unsubscribe_token(n)}"
                for (n,) in db.session.query(Person.id).filter_by(wants_mail=False)
            }
            db.session.remove()
            db.engine.dispose()
    said = Counter(status for _, _, status in load.notes)
    last = max(at for at, _, status in load.notes if status == 503) - since
    print(f"answers {dict(said)}; the last 503 {last:.1f} s after the restart")
    assert (set(said), load.answered(200) - stopped) == ({200, 503}, set())
    assert last < 5
