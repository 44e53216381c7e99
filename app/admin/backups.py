"""Backups by themselves: one a day into `backups/` of the instance folder; a failure is kept, to be seen."""

import socket
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.admin.backup import backup
from app.admin.models import BackupPlan
from app.audit import differences, record
from app.edge.web import settings
from app.errors import Refused
from app.extensions import db
from app.mail import actions as mail
from app.people.models import NOBODY_YET, Person

HOUR, QUIET_FROM = 4, 1  # on the site's clock: from four, and nothing from one to four, where clocks are changed
LONGEST, AGAIN_AFTER = timedelta(hours=1), timedelta(hours=1)
OLD = timedelta(hours=36)  # the last good one: a day was missed


def the_plan() -> BackupPlan:
    """The one row, as everybody has it who changed nothing."""
    return db.session.get(BackupPlan, 1) or BackupPlan(id=1, days=7, weeks=4)


def kept() -> BackupPlan:
    """The one row, made when it is not there, for whoever is about to change it."""
    if db.session.get(BackupPlan, 1) is None:
        with suppress(IntegrityError), db.session.begin_nested():  # another process may make it at the same moment
            db.session.add(the_plan())
    return db.session.get_one(BackupPlan, 1, with_for_update=True)


def due(plan: BackupPlan, now: datetime) -> bool:
    """Once a day after four, at once when asked; an hour after a try that failed; never while another runs."""
    if plan.running_until and plan.running_until > now:
        return False
    if plan.asked_at:
        return True
    local = now.astimezone(ZoneInfo(settings().timezone))
    if QUIET_FROM <= local.hour < HOUR or (plan.tried_at and now - plan.tried_at < AGAIN_AFTER):
        return False
    since = local.replace(hour=HOUR, minute=0, second=0, microsecond=0) - timedelta(days=local.hour < HOUR)
    return plan.made_at is None or plan.made_at < since


def trouble(plan: BackupPlan, now: datetime) -> bool:
    """Whether the last try failed or a day was missed."""
    return bool(plan.error) or (plan.made_at is not None and now - plan.made_at > OLD)


def change(days: int, weeks: int, now: datetime) -> None:
    """How many are kept from now on."""
    plan, values = kept(), {"days": days, "weeks": weeks}
    record("backups-changed", plan, now, **differences(plan, values, values))
    plan.days, plan.weeks = days, weeks


def ask(now: datetime) -> None:
    """One is made at once."""
    plan = kept()
    plan.asked_at = now
    record("backup-asked", plan, now)


def claim(now: datetime) -> bool:
    """Whether it is ours to make one now; commit at once, so that everybody sees it."""
    if not due(the_plan(), now):
        return False
    plan = kept()
    db.session.refresh(plan)
    if not due(plan, now):
        return False
    plan.asked_at, plan.tried_at, plan.running_until = None, now, now + LONGEST
    return True


def make(now: datetime) -> tuple[Path | None, str | None]:
    """Write today's file and let old ones go. Returns the file, or why there is none."""
    folder = settings().instance / "backups"
    local = now.astimezone(ZoneInfo(settings().timezone))
    file = folder / f"toerbeurt-{local.date()}.backup"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        backup(file, now)
    except (OSError, Refused, SQLAlchemyError) as error:
        return None, str(error)[:300]
    return file, None


def note(file: Path | None, error: str | None, now: datetime) -> None:
    """How it went, and after a good one what is older than the plan says goes."""
    plan = kept()
    if error and not plan.error:
        _tell(now)
    plan.running_until, plan.error = None, error
    record("backup-failed" if error else "backup-made", plan, now)
    if file:
        plan.made_at, plan.file = now, f"{socket.gethostname()}:{file}"[:300]
        _let_go(file.parent, plan)


def _tell(now: datetime) -> None:
    """The site admins hear of the first of several failures."""
    admins = select(Person.id).where(Person.site_admin, Person.email.is_not(None), Person.email != NOBODY_YET)
    for number in db.session.scalars(admins):
        mail.add(kind="B1", key=f"B1-{number}-{now:%Y-%m-%dT%H:%M}", person_id=number, due_at=now, now=now)


def _let_go(folder: Path, plan: BackupPlan) -> None:
    found = {_day_of(path): path for path in folder.glob("toerbeurt-????-??-??.backup")}
    for day in found.keys() - to_keep(found, days=plan.days, weeks=plan.weeks):
        found[day].unlink(missing_ok=True)


def _day_of(path: Path) -> date:
    return date.fromisoformat(path.stem.removeprefix("toerbeurt-"))


def to_keep(days_made: Iterable[date], *, days: int, weeks: int) -> set[date]:
    """The newest `days`, and of each of the newest `weeks` the newest: by what there is, not by today's date."""
    newest = sorted(days_made, reverse=True)
    last_of_week = {day.isocalendar()[:2]: day for day in reversed(newest)}
    return {*newest[:days], *sorted(last_of_week.values(), reverse=True)[:weeks]}
