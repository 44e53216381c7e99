"""The worker as a process of its own, and by hand."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.cli import outbox
from app.extensions import db
from app.mail.models import Heartbeat, Message
from app.worker import Worker, run_until_empty
from tests.conftest import settings_in
from tests.fakes import Relay, free_port
from tests.reminders.world import World, world

SOON = 40.0  # seconds, on a machine that does much else


def until(true: object, seconds: float = SOON) -> bool:
    """Whether it becomes so within `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def clock() -> None:
    """Here time is real: a frozen clock moves no scheduler."""


@pytest.fixture
def apart(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """An application with a database of its own, because a worker's threads outlive a transaction."""
    made = create_app(settings_in(tmp_path, dispatch_seconds=30))
    with made.app_context():
        db.create_all()
        yield made
        db.session.remove()
        db.engine.dispose()


def due(w: World, **values: object) -> Message:
    return w.message("D2", w.host, due_at=datetime.now(UTC), pinned=True, **values)


def ahead() -> World:
    return world(starts_at=datetime.now(UTC).replace(hour=8) + timedelta(days=60))


def mails(app: Flask) -> list[Path]:
    return list((app.config["SETTINGS"].instance / "mail").glob("*.eml"))


@pytest.fixture
def running(apart: Flask) -> Iterator[Worker]:
    worker = Worker(apart)
    thread = threading.Thread(target=worker.run)
    thread.start()
    yield worker
    worker.stop()
    thread.join(SOON)
    assert not thread.is_alive()


def test_a_mail_that_is_due_now_does_not_wait_for_the_ceiling(apart: Flask, running: Worker) -> None:
    w = ahead()
    due(w)
    assert until(lambda: len(mails(apart)) == 1)


def test_each_round_leaves_a_sign_of_life(apart: Flask, running: Worker) -> None:
    assert until(lambda: _beat() is not None)


def test_the_sign_of_life_comes_also_when_the_relay_is_down(apart: Flask) -> None:
    apart.config["SETTINGS"] = settings_in(Path(apart.instance_path), mail_url=f"smtp://127.0.0.1:{free_port()}")
    due(ahead())
    Worker(apart)._dispatch()
    assert _beat() is not None


def _beat() -> Heartbeat | None:
    found = db.session.get(Heartbeat, "clock")
    db.session.rollback()  # a transaction that stays open would keep the worker from writing
    return found


def test_reminders_and_the_digest_are_planned_by_themselves(apart: Flask, running: Worker) -> None:
    ahead()
    running.scheduler.get_job("reminders").modify(next_run_time=datetime.now(UTC))
    running.scheduler.get_job("digests").modify(next_run_time=datetime.now(UTC))
    assert until(lambda: {"H1", "P1", "M1"} <= _kinds())


def _kinds() -> set[str]:
    kinds = {kind for (kind,) in db.session.query(Message.kind)}
    db.session.rollback()
    return kinds


def test_a_job_that_fails_runs_again(apart: Flask) -> None:
    worker = Worker(apart)
    tries = []

    def work() -> None:
        tries.append(len(tries))
        if tries == [0]:
            raise ValueError("the first time")

    worker._guarded("work", work)
    worker._guarded("work", work)
    assert tries == [0, 1]


def test_after_the_clock_was_set_all_jobs_run_at_once(apart: Flask) -> None:
    worker = Worker(apart)
    worker.scheduler.start(paused=True)
    worker._after_jump(datetime(2030, 1, 1, tzinfo=UTC))
    assert {job.next_run_time.year for job in worker.scheduler.get_jobs()} == {2030}
    worker.scheduler.shutdown()


def test_by_hand_everything_due_is_planned_and_sent(app: Flask, relay: Relay) -> None:
    w = world(starts_at=datetime.now(UTC).replace(hour=8) + timedelta(days=8))
    sent = run_until_empty(app)
    assert (sent, {str(mail["To"].addresses[0].username) for mail in relay.received}) == (3, {"anna", "bert", "cas"})
    assert run_until_empty(app) == 0
    assert db.session.query(Message).filter_by(state="planned", network_id=w.network.id).count() > 0


def test_the_outbox_is_listed_as_json_lines_with_what_is_to_be_planned(app: Flask) -> None:
    w = world()
    runner = app.test_cli_runner()
    everything = [json.loads(line) for line in runner.invoke(outbox, []).output.splitlines()]
    some = [json.loads(line) for line in runner.invoke(outbox, ["--due-until", "2027-03-05"]).output.splitlines()]
    assert [line["due"] for line in everything] == sorted(line["due"] for line in everything)
    assert {(line["kind"], line["person"]) for line in some} == {
        ("M1", w.manager.id),
        ("H1", w.host.id),
        ("H1", w.substitute.id),
        ("P1", w.preparer.id),
    }


def test_a_date_that_is_none_is_bad_usage(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(outbox, ["--due-until", "tomorrow"])
    assert (answer.exit_code, "is not an instant" in answer.output) == (2, True)


def test_by_hand_a_relay_that_is_down_is_said_without_its_password(app: Flask) -> None:
    before = app.config["SETTINGS"]
    port = free_port()
    app.config["SETTINGS"] = settings_in(before.instance, mail_url=f"smtp://me:secret@127.0.0.1:{port}")
    w = world(starts_at=datetime.now(UTC).replace(hour=8) + timedelta(days=60))
    due(w)
    answer = app.test_cli_runner().invoke(outbox, ["run", "--until-empty"])
    app.config["SETTINGS"] = before
    assert (answer.exit_code, f"127.0.0.1:{port}" in answer.output, "secret" in answer.output) == (1, True, False)


CODE = """
from pathlib import Path
from app import create_app, worker
worker.run(create_app())
"""


def test_a_worker_that_is_told_to_stop_stops_cleanly(apart: Flask) -> None:
    settings = apart.config["SETTINGS"]
    environment = {
        **os.environ,
        "TOERBEURT_INSTANCE": str(settings.instance),
        "TOERBEURT_SECRET_KEY": settings.secret_key,
    }
    process = subprocess.Popen([sys.executable, "-c", CODE], env=environment, stderr=subprocess.PIPE)
    assert until(lambda: _beat() is not None, 90)
    process.send_signal(signal.SIGTERM)
    assert process.wait(SOON) == 0
    assert process.stderr is not None
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
