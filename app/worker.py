"""The clock: APScheduler with a fixed table of jobs. Nothing else in the product owns time.

The table of mails is the truth, the scheduler only wakes whoever looks at it: a job that is lost, late or doubled
changes nothing. The main thread is the watchdog, because a scheduler whose clock was set back sleeps on.
"""

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

import click
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask, current_app, g
from flask.globals import app_ctx
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from app import clock
from app.admin import backups
from app.commands.progress import Tell, shown, untold
from app.edge.web import settings
from app.extensions import db
from app.guests.actions import keep_up as keep_guests_up
from app.inbox import actions as inbox
from app.inbox.mailbox import Mailbox, Unreadable, opened
from app.invitations.actions import reconcile as invite
from app.jobs.children import Child
from app.mail import queries as mail
from app.mail.commands import list_planned
from app.mail.models import Heartbeat
from app.mail.sending import Delivery, blame, send_due
from app.networks.queries import with_members
from app.privacy import erased
from app.privacy.actions import keep_house
from app.pulse.actions import close_due
from app.reminders.actions import plan_digests, reconcile
from app.reminders.manager_mails import plan_alarms, tell_of_bounces
from app.reminders.queries import behind as networks_behind
from app.turns.actions import keep_owed

SLICE = 20  # seconds one round of sending may take
LOOK = 2  # seconds between the watchdog's looks: a sign-in mail does not wait for the ceiling
JUMP = timedelta(seconds=5)  # by how much the clocks may disagree
RECONCILE, BACKUP = timedelta(seconds=15), timedelta(minutes=1)
DIGESTS, RETENTION = timedelta(hours=1), timedelta(hours=6)
LONG_WORK, OWED = timedelta(seconds=2), timedelta(minutes=1)
PULSES, INBOX, GUESTS = timedelta(minutes=10), timedelta(minutes=1), timedelta(minutes=1)


@dataclass
class Worker:
    app: Flask
    stopping: threading.Event = field(default_factory=threading.Event)
    busy: threading.Event = field(default_factory=threading.Event)
    child: Child = field(default_factory=Child)

    def __post_init__(self) -> None:
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self.scheduler = BackgroundScheduler(timezone="UTC", job_defaults=defaults)
        ceiling = timedelta(seconds=self.app.config["SETTINGS"].dispatch_seconds)
        for name, every, work in (
            ("dispatch", ceiling, self._dispatch),
            ("reminders", RECONCILE, self._reminders),
            ("turns owed", OWED, _turns_owed),
            ("pulses", PULSES, _pulses),
            ("guests", GUESTS, _guests),
            ("digests", DIGESTS, _digests),
            ("retention", RETENTION, _retention),
            ("backup", BACKUP, _backup),
            *((("inbox", INBOX, _inbox),) if self.app.config["SETTINGS"].inbox_url else ()),
            ("long work", LONG_WORK, self.child.look),
        ):
            trigger = IntervalTrigger(seconds=int(every.total_seconds()), timezone="UTC")
            self.scheduler.add_job(self._guarded, trigger, [name, work], id=name, next_run_time=clock.now())

    def _guarded(self, name: str, work: Callable[[], object]) -> None:
        """The worker's loop: whatever goes wrong in a job is recorded, and the job runs again next time."""
        with self.app.app_context():
            try:
                work()
            except OperationalError as error:  # full, locked or away: no error of ours, and soon said again
                self.app.logger.warning("job %s waits for the database: %s", name, error.orig)
                db.session.rollback()
            except Exception:
                self.app.logger.exception("job %s failed", name)
                db.session.rollback()

    def _dispatch(self) -> None:
        self.busy.set()
        try:
            deliver(SLICE, self.stopping.is_set, at_night=False)
            _beat()
        finally:
            self.busy.clear()

    def _reminders(self) -> None:
        """Each network in a transaction of its own: one that cannot be planned does not hold up the others."""
        behind = networks_behind()
        db.session.commit()
        for number in behind:
            self._guarded("reminders", partial(_reconcile_one, number))
        self._guarded("bounces", _bounces)

    def run(self) -> None:
        """Until told to stop: watch the clocks, and wake the sender when a mail is due."""
        self.scheduler.start()
        walls, ticks = clock.now(), monotonic()
        while not self.stopping.wait(LOOK):
            wall, tick = clock.now(), monotonic()
            if abs((wall - walls) - timedelta(seconds=tick - ticks)) > JUMP:
                self._after_jump(wall)
            self._wake_if_due(wall)
            walls, ticks = wall, tick
        self.scheduler.shutdown(wait=True)
        self._guarded("long work", self.child.stop)

    def stop(self, *_: object) -> None:
        self.stopping.set()

    def _after_jump(self, now: datetime) -> None:
        """The wall clock was set: every job's next run was reckoned by the old one."""
        self.app.logger.warning("the clock was set; all jobs run now")
        for job in self.scheduler.get_jobs():
            job.modify(next_run_time=now)

    def _wake_if_due(self, now: datetime) -> None:
        """Bring the next round forward to the earliest due mail."""
        with self.app.app_context():
            g.transaction = "read"  # looking takes nobody's lock
            try:
                soonest = mail.earliest(now)
            except Exception:
                self.app.logger.exception("the outbox cannot be read")
                return
        job = self.scheduler.get_job("dispatch")
        if soonest is not None and not self.busy.is_set() and soonest < job.next_run_time:
            job.modify(next_run_time=max(soonest, now))


def _reconcile_one(number: int) -> None:
    if _nobody_else("reminders", number):
        network = with_members([number])[0]
        reconcile(network, clock.now())
        invite(network, clock.now())
    db.session.commit()


def _nobody_else(job: str, number: int = 0) -> bool:
    """Whether no other worker does this until our transaction ends. On SQLite whoever writes is alone already."""
    if db.engine.dialect.name != "postgresql":
        return True
    return bool(db.session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtext(job), number))))


def _bounces() -> None:
    if _nobody_else("bounces"):
        tell_of_bounces(clock.now())
    db.session.commit()


def _digests() -> None:
    if _nobody_else("digests"):
        plan_digests(clock.now())
        plan_alarms(clock.now())
    db.session.commit()


def _guests() -> None:
    """What guests are to hear: of a meeting soon, of one that was moved or cancelled, of what came out."""
    if _nobody_else("guests"):
        keep_guests_up(clock.now())
    db.session.commit()


def _turns_owed() -> None:
    """Who owed a turn at a meeting that is over is kept: no change after it rewrites history."""
    keep_owed(clock.now())
    db.session.commit()


def _pulses() -> None:
    """What people said of a meeting is kept no longer than the page that asked them said."""
    close_due(clock.now())
    db.session.commit()


def _retention() -> None:
    if _nobody_else("retention"):
        keep_house(clock.now())
        db.session.commit()
        erased.keep()
    db.session.commit()


def _backup() -> None:
    """In three transactions: nobody waits for the file while it is written."""
    now = clock.now()
    ours = backups.claim(now)
    db.session.commit()
    if ours:
        file, error = backups.make(now)
        db.session.rollback()
        backups.note(file, error, now)
        db.session.commit()
        if error:
            current_app.logger.error("no backup was made: %s", error)


def _inbox() -> None:
    """Mails that came back. What cannot be read now is there the next time."""
    try:
        empty_mailbox()
    except Unreadable as error:
        current_app.logger.warning("the mailbox cannot be read: %s", error)


def empty_mailbox() -> int:
    """Take in what waits, and move it; each mail in a transaction of its own. Returns how many."""
    with opened(settings().inbox_url) as box:
        waiting = box.waiting()
        for uid in waiting:
            _take_in(box, uid)
    return len(waiting)


def _take_in(box: Mailbox, uid: str) -> None:
    raw = box.fetch(uid)
    try:
        outcome = inbox.receive(raw, clock.now())
        db.session.commit()
    except IntegrityError:  # another worker takes it in, and moves it
        db.session.rollback()
        return
    box.move(uid, inbox.FOLDERS[outcome])


def _beat() -> None:
    """The sign of life of whoever sends: after each round, also when the relay is down; no other job gives it."""
    row = db.session.get(Heartbeat, "clock")
    if row is None:
        db.session.add(Heartbeat(name="clock", at=clock.now()))
    else:
        row.at = clock.now()
    db.session.commit()


def run(app: Flask) -> None:
    """Run the clock until SIGTERM or SIGINT."""
    app.config["WAY"] = "job"
    worker = Worker(app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.stop)
    worker.run()


def deliver(
    seconds: float,
    stopped: Callable[[], bool] = lambda: False,
    *,
    at_night: bool = True,
    told: Callable[[int], None] = lambda sent: None,
) -> int:
    """Send what is due for at most `seconds`; returns how many mails left. `told` hears how many did so far.

    What goes wrong with one mail is recorded with that mail, and the others leave.
    """
    until, sent = monotonic() + seconds, 0
    while True:
        run = Delivery(partial(_over, stopped, until), at_night, told=partial(_more, told, sent))
        try:
            send_due(run)
            return sent + run.sent
        except Exception as error:
            if not blame(run, error):
                raise
            current_app.logger.exception("a mail cannot be sent")
            sent += run.sent


def _over(stopped: Callable[[], bool], until: float) -> bool:
    return stopped() or monotonic() >= until


def _more(told: Callable[[int], None], before: int, sent: int) -> None:
    told(before + sent)


def run_until_empty(app: Flask, tell: Tell = untold) -> int:
    """Plan what is behind, then send everything that is due now; returns how many mails left."""
    with app.app_context():
        tell("what is to leave", 0, 1)
        bring_up_to_date()
        sent, due = 0, mail.count_due(clock.now())
        db.session.rollback()
        while True:
            round_sent = deliver(SLICE, told=partial(_counted, tell, sent, due))
            sent += round_sent
            if not round_sent:
                return sent


def _counted(tell: Tell, before: int, due: int, sent: int) -> None:
    tell(f"{before + sent} of {due}", before + sent, due)


def bring_up_to_date() -> None:
    """Plan the mails of today, whatever the clock has not come to yet."""
    for number in networks_behind():
        _reconcile_one(number)
    _guests()
    _digests()


def list_outbox(due_until: str | None) -> None:
    """List the mails that are planned, one JSON object a line, earliest first."""
    bring_up_to_date()
    list_planned(due_until)


def run_outbox(until_empty: bool) -> None:
    """Deliver what is due."""
    with shown("Sending") as tell:
        sent = run_until_empty(app_ctx.app, tell)
    click.echo(f"{sent} sent")
    _say_what_is_left()


def _say_what_is_left() -> None:
    """A relay that is down is said, with the address it was reached under; the mails wait."""
    relay = mail.relay_trouble()
    db.session.rollback()
    if relay is not None:
        where = settings().mail_url.rsplit("@", 1)[-1]
        raise click.ClickException(f"The relay {where} cannot be used now: {relay.error}")
