"""Each job in the table of the worker, run as the worker runs it, does what it is there for."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask, current_app
from sqlalchemy import func, select

from app.extensions import db
from app.importing.models import Import, ImportFile
from app.jobs.models import Job
from app.mail.models import Message
from app.meetings.models import Meeting
from app.people.models import Person
from app.pulse.models import Pulse, PulseAnswer
from app.worker import Worker
from tests import make
from tests.admin.conftest import here
from tests.conftest import KEYS
from tests.reminders.world import NOW, world

DAY = timedelta(days=1)


def instance() -> Path:
    return Path(current_app.instance_path)


def a_mail_is_due() -> None:
    there = world()
    there.message("D2", there.host, pinned=True)


def a_meeting_was_held() -> None:
    world(starts_at=NOW - DAY)


def a_meeting_with_a_guest_was_moved() -> None:
    meeting = world().meeting
    meeting.open_to, meeting.guest_seats = "everybody", 2
    make.guest(meeting=meeting, confirmed_at=NOW, seat=1, told={"status": "planned"})


def a_pulse_is_over() -> None:
    there = world(starts_at=NOW - 11 * DAY)
    db.session.add(PulseAnswer(meeting=there.meeting, person=there.host, atmosphere=5, goal=5))
    db.session.commit()


def no_answer_is_kept() -> bool:
    return db.session.scalars(select(PulseAnswer)).first() is None and bool(db.session.scalars(select(Pulse)).one())


def nobody_takes_part_any_more() -> None:
    gone = make.person(first_name="Gone")
    make.erasure(person=gone, programme=make.programme(), day=NOW.date())


def a_job_waits() -> None:
    make.job(programme=make.programme())


def planned(kind: str) -> int:
    return db.session.scalar(select(func.count()).where(Message.kind == kind, Message.state == "planned")) or 0


# {job: (what it owes, something to do, whether it is done)}
JOBS: dict[str, tuple[str, Callable[[], object], Callable[[], object]]] = {
    "dispatch": ("a mail that is due leaves", a_mail_is_due, lambda: list(instance().glob("mail/*.eml"))),
    "reminders": ("hosts are reminded of what is planned", world, lambda: planned("H1")),
    "turns owed": (
        "who owed a turn at a meeting that is over is kept",
        a_meeting_was_held,
        lambda: db.session.scalars(select(Meeting)).one().owed,
    ),
    "guests": ("a guest hears that a meeting was moved", a_meeting_with_a_guest_was_moved, lambda: planned("G3")),
    "pulses": ("answers of people are deleted on the day they were told", a_pulse_is_over, no_answer_is_kept),
    "digests": ("managers hear once a week what is open", world, lambda: planned("M1")),
    "retention": (
        "people whose day has come are erased",
        nobody_takes_part_any_more,
        lambda: not db.session.scalars(select(Person).where(Person.first_name == "Gone")).all(),
    ),
    "backup": ("each day has its backup", lambda: None, lambda: list(instance().glob("backups/*.backup"))),
    "long work": (
        "long work begins beside the clock",
        a_job_waits,
        lambda: db.session.scalars(select(Job)).one().state == "running",
    ),
}


def test_every_job_of_the_worker_stands_here_with_what_it_owes(here: Flask) -> None:
    assert {job.id for job in Worker(here).scheduler.get_jobs()} == JOBS.keys()


@pytest.mark.parametrize("name", sorted(JOBS), ids=lambda name: re.sub(r"\W", "_", JOBS[name][0]))
def test_a_job_does_what_it_owes(here: Flask, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    _sentence, begin, done = JOBS[name]
    for key, value in {**KEYS, "TOERBEURT_INSTANCE": here.instance_path}.items():  # for a child of the worker
        monkeypatch.setenv(key, value)
    with time_machine.travel(NOW, tick=False):
        begin()
        db.session.commit()
        before = bool(done())
        db.session.rollback()  # a transaction that stays open would keep the worker from writing
        worker = run(here, name)
        after = bool(done())
        db.session.rollback()
        worker.child.stop()

    assert (before, after) == (False, True)


def run(app: Flask, name: str) -> Worker:
    worker = Worker(app)
    job = worker.scheduler.get_job(name)
    job.func(*job.args)
    db.session.expire_all()
    return worker


def kept_files() -> list[str]:
    """States of the imports of which a file is kept."""
    files = select(ImportFile.import_id).where(ImportFile.content.is_not(None))
    return sorted(db.session.scalars(select(Import.state).where(Import.id.in_(files))))


def test_lists_nobody_answers_about_go_after_a_week_and_previews_with_them(here: Flask) -> None:
    programme = make.programme()
    for state in ("done", "preview"):
        make.import_(programme=programme).state = state
    db.session.commit()
    for days, left in ((7, ["done", "preview"]), (8, [])):
        with time_machine.travel(NOW + days * DAY, tick=False):
            run(here, "retention")
        assert kept_files() == left
        db.session.rollback()

    assert list(db.session.scalars(select(Import.state))) == ["done"]


__all__ = ["here"]
