"""Backups that are made by themselves."""

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from app import worker
from app.admin import backups, doctor
from app.admin.backup import restore
from app.admin.models import BackupPlan
from app.admin.monitoring.health import state
from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.people.models import NOBODY_YET
from app.worker import deliver
from tests import make
from tests.reminders.world import world

MORNING = datetime(2027, 1, 12, 4, 30, tzinfo=UTC)  # half past five in Amsterdam
HOUR = timedelta(hours=1)


def run(at: datetime) -> list[str]:
    """A round of the job at `at`; the names of the files that are there afterwards."""
    with time_machine.travel(at, tick=False):
        worker._backup()
    return sorted(path.name for path in folder().glob("*"))


def folder() -> Path:
    return backups.settings().instance / "backups"


@pytest.mark.parametrize(
    ("made", "tried", "asked", "at", "is_due"),
    [
        (None, None, False, MORNING, True),
        (MORNING - timedelta(days=1), None, False, MORNING, True),
        (MORNING, MORNING, False, MORNING + timedelta(hours=20), False),
        (MORNING, MORNING, False, MORNING + timedelta(hours=23), True),
        (MORNING - timedelta(days=2), None, False, MORNING.replace(hour=1), False),  # two o'clock there
        (None, MORNING, False, MORNING + HOUR / 2, False),
        (None, MORNING, False, MORNING + HOUR, True),
        (MORNING, MORNING, True, MORNING + HOUR / 2, True),
    ],
)
def test_a_backup_is_due_once_a_day_after_four_and_when_asked(
    app: Flask, made: datetime | None, tried: datetime | None, asked: bool, at: datetime, is_due: bool
) -> None:
    plan = BackupPlan(made_at=made, tried_at=tried, asked_at=at if asked else None)
    assert backups.due(plan, at) is is_due


def test_none_is_made_while_another_runs(here: Flask) -> None:
    first = backups.claim(MORNING)
    db.session.commit()
    assert (first, backups.claim(MORNING), run(MORNING + HOUR / 2)) == (True, False, [])
    assert run(MORNING + 2 * HOUR) == ["toerbeurt-2027-01-12.backup"]  # whoever made the first one died


def test_what_is_kept_are_the_newest_days_and_the_last_of_each_week() -> None:
    days = [date(2027, 1, 31) - timedelta(days=n) for n in range(31)]
    assert backups.to_keep(days, days=2, weeks=3) == {
        date(2027, 1, 31),
        date(2027, 1, 30),
        date(2027, 1, 24),
        date(2027, 1, 17),
    }


def test_old_files_go_and_what_is_not_ours_stays(here: Flask) -> None:
    backups.kept().days, backups.kept().weeks = 2, 0
    db.session.commit()
    run(MORNING)
    (folder() / "by hand.backup").touch()
    run(MORNING + timedelta(days=1))
    assert run(MORNING + timedelta(days=2)) == [
        "by hand.backup",
        "toerbeurt-2027-01-13.backup",
        "toerbeurt-2027-01-14.backup",
    ]


def test_a_failure_is_seen_and_tried_again_after_an_hour(here: Flask) -> None:
    folder().touch()  # where a folder has to be
    with time_machine.travel(MORNING, tick=False):
        worker._backup()
    line = doctor._backup(MORNING)
    db.session.rollback()
    assert (line.good, "File exists" in line.says, state(MORNING)["backup_seconds"]) == (False, True, None)
    db.session.rollback()
    folder().unlink()
    assert run(MORNING + HOUR / 2) == []
    assert run(MORNING + HOUR) == ["toerbeurt-2027-01-12.backup"]
    assert (doctor._backup(MORNING + HOUR).good, state(MORNING + 2 * HOUR)["backup_seconds"]) == (True, 3600)
    assert doctor._backup(MORNING + timedelta(days=3)).good is False


def test_the_site_admin_gets_one_mail_about_several_failures(here: Flask) -> None:
    admin = make.person(first_name="Ada", last_name="Bos", site_admin=True, language="nl")
    make.person(email=NOBODY_YET, site_admin=True)
    make.person()
    db.session.commit()
    folder().touch()  # where a folder has to be
    for hour in range(3):
        with time_machine.travel(MORNING + hour * HOUR, tick=False):
            worker._backup()
    (row,) = db.session.query(Message)
    letter = KINDS["B1"].render([row], MORNING)
    db.session.rollback()
    folder().unlink()
    assert (row.person_id, row.kind, KINDS["B1"].still_true(row, MORNING)) == (admin.id, "B1", True)
    assert (letter.subject, "File exists" in letter.text) == ("Er is geen back-up gemaakt", True)
    assert run(MORNING + 4 * HOUR) == ["toerbeurt-2027-01-12.backup"]
    assert KINDS["B1"].still_true(row, MORNING) is False  # what was mended is not complained about


def test_of_several_workers_one_makes_the_backup(app: Flask) -> None:
    """Threads with a connection each, as processes have."""
    barrier, ours = threading.Barrier(4), []

    def work() -> None:
        with app.app_context():
            barrier.wait()
            ours.append(backups.claim(MORNING))
            db.session.commit()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sorted(ours) == [False, False, False, True]


def test_the_restore_of_a_daily_backup_sends_nothing_by_itself(here: Flask) -> None:
    w = world(starts_at=MORNING.replace(hour=8) + timedelta(days=60))
    w.message("H1", w.host, key="due", due_at=MORNING - HOUR)
    db.session.commit()
    (name,) = run(MORNING)
    with time_machine.travel(MORNING + HOUR, tick=False):
        restore(folder() / name, MORNING + HOUR)
        db.session.commit()
        assert (deliver(5), db.session.query(Message).filter_by(key="due").one().state) == (0, "uncertain")


def test_the_site_admin_asks_for_one_and_says_how_many_are_kept(app: Flask) -> None:
    client = make.browser(app, make.person(site_admin=True))
    empty = client.get("/backups").text
    client.post("/backups", data={"days": "14", "weeks": "8"})
    wrong = client.post("/backups", data={"days": "0", "weeks": "8"})
    client.post("/backups/now")
    plan = backups.the_plan()
    assert ("None yet." in empty, wrong.status_code, plan.days, plan.weeks) == (True, 422, 14, 8)
    assert plan.asked_at is not None
    assert "One is being made." in client.get("/backups").text
