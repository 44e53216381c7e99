"""Long work: one at a time, watched, stopped, and never half forgotten."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app

from app import clock
from app.extensions import db
from app.jobs import actions
from app.jobs.children import Child
from app.jobs.long_work import KINDS, Kind, Outcome, Store, Tell
from app.jobs.models import Job
from app.jobs.running import begun, run
from app.networks.models import Programme
from tests import make


def _count(job: Job, tell: Tell) -> Iterator[Store]:
    """A kind that notes the name of each part on the programme, and stops itself before part `stop`."""
    number, parts, stop = job.id, job.params["parts"], job.params.get("stop")
    for part in range(parts):
        tell("count", part, parts)
        if part == stop:
            with current_app.app_context():  # as somebody else would
                _stop(number)
        yield _noted(part)


def _noted(part: int) -> Store:
    def store(_at: datetime, outcome: Outcome) -> None:
        db.session.query(Programme).one().name += str(part)
        outcome["parts"] = part + 1

    return store


def _stop(number: int) -> None:
    actions.stop(db.session.get_one(Job, number), clock.now())
    db.session.commit()


@pytest.fixture(autouse=True)
def counting() -> Iterator[None]:
    KINDS["count"] = Kind(_count, lambda job: "", lambda job: "", lambda job: (), lambda job: "")
    yield
    del KINDS["count"]


def waiting(**values: object) -> Job:
    job = make.job(programme=make.programme(name="seen "), kind="count", **values)
    db.session.commit()
    return job


def state(number: int) -> tuple[str, str, dict[str, object]]:
    db.session.rollback()
    job = db.session.get_one(Job, number)
    found = job.state, job.programme.name, job.outcome
    db.session.rollback()  # a transaction that stays open would keep the child from writing
    return found


def test_each_part_is_stored_and_the_outcome_kept(app: Flask) -> None:
    number = waiting(params={"parts": 3}).id
    begun(db.session.get_one(Job, number))

    assert (run(number), state(number)) == (True, ("done", "seen 012", {"parts": 3}))


def test_what_is_stopped_stores_nothing_more(app: Flask) -> None:
    number = waiting(params={"parts": 3, "stop": 1}).id
    begun(db.session.get_one(Job, number))

    assert (run(number), state(number)) == (False, ("stopped", "seen 0", {}))


def test_how_far_it_is_is_told_and_noted(app: Flask) -> None:
    number = waiting(params={"parts": 2}).id
    begun(db.session.get_one(Job, number))
    told: list[tuple[str, int, int]] = []
    run(number, lambda *said: told.append(said))

    job = db.session.get_one(Job, number)
    assert (told, job.step, job.done, job.total) == ([("count", 0, 2)], "count", 0, 2)  # at most once a second


def test_only_one_runs_at_a_time(app: Flask) -> None:
    first, second = waiting(), make.job(programme=make.programme())
    db.session.commit()

    assert (begun(first), begun(second), begun(first)) == (True, False, False)


def test_the_same_asked_twice_is_one_job(app: Flask) -> None:
    programme = make.programme()
    first = actions.ask("count", programme, {"parts": 1}, clock.now())
    again = actions.ask("count", programme, {"parts": 1}, clock.now())
    other = actions.ask("count", programme, {"parts": 2}, clock.now())

    assert (again is first, other is first) == (True, False)


def test_a_job_whose_worker_is_silent_for_a_minute_is_given_up(app: Flask) -> None:
    silent, job = clock.now() - timedelta(seconds=61), waiting(state="running")
    job.heartbeat = silent
    db.session.commit()
    Child().look()

    assert state(job.id)[0] == "lost"


def busy() -> tuple[Child, subprocess.Popen[bytes], int]:
    """A worker whose child sleeps."""
    number = waiting(state="running", heartbeat=clock.now()).id
    child, process = Child(), subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    child.process, child.number = process, number
    return child, process, number


def test_a_child_that_dies_is_noticed(app: Flask) -> None:
    child, process, number = busy()
    process.kill()
    process.wait()
    child.look()

    assert (state(number)[0], child.process) == ("lost", None)


def test_a_child_nobody_wants_any_more_is_ended(app: Flask) -> None:
    child, process, number = busy()
    _stop(number)
    child.look()
    process.wait(10)
    child.look()

    assert (state(number)[0], child.process) == ("stopped", None)


def test_a_worker_that_ends_leaves_its_job_to_the_next(app: Flask) -> None:
    child, process, number = busy()
    child.stop()

    assert (state(number)[0], process.poll()) == ("waiting", -signal.SIGTERM)


def test_the_worker_does_it_in_a_child_of_its_own(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = app.config["SETTINGS"]
    monkeypatch.setenv("TOERBEURT_INSTANCE", str(tmp_path))
    monkeypatch.setenv("TOERBEURT_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("TOERBEURT_DATABASE_URL", settings.database_url)
    number = make.job(programme=make.programme()).id  # no networks: nothing to plan
    db.session.commit()
    child = Child()
    child.look()

    assert child.process is not None
    assert (child.process.wait(120), state(number)[0]) == (0, "done")
    child.look()
    assert child.process is None


def test_the_page_says_how_far_it_is_and_looks_again(app: Flask) -> None:
    programme = make.programme()
    manager = make.programme_manager(programme=programme)
    job = make.job(programme=programme, state="running", step="networks", done=300, total=800)
    page = make.browser(app, manager).get(f"/programmes/{programme.slug}/jobs/{job.id}")

    assert "3 of 8 networks are planned." in page.text
    assert '<progress class="job" aria-label="How far it is" value="300" max="800">' in " ".join(page.text.split())
    assert page.headers["Refresh"] == "2"


def test_the_page_of_what_was_stopped_rests(app: Flask) -> None:
    programme = make.programme()
    browser = make.browser(app, make.programme_manager(programme=programme))
    job = make.job(programme=programme)
    db.session.commit()
    browser.post(f"/programmes/{programme.slug}/jobs/{job.id}/stop")
    page = browser.get(f"/programmes/{programme.slug}/jobs/{job.id}")

    assert ("It was stopped." in page.text, "Refresh" in page.headers) == (True, False)
