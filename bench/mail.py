"""How fast mail leaves, beside bare smtplib loops in the same run.

`python -m bench.mail [--quick] [--url DATABASE_URL]`. One loop sends bytes that are there already, the other makes each
mail with EmailMessage first, as a script would.
"""

import argparse
import os
import resource
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from statistics import median

from app import clock, create_app
from app.extensions import db
from app.mail.models import Message
from app.mail.queries import earliest
from app.networks.models import Network
from app.networks.queries import with_members
from app.reminders.actions import reconcile
from tests import make
from tests.conftest import settings_in
from tests.fakes import free_port
from tests.faults.full import fill
from tests.faults.sink import __file__ as sink_file

WORKER = """
import sys
from app import create_app
from app.worker import deliver
from bench.mail import settings
app = create_app(settings(*sys.argv[1:4]))
with app.app_context():
    for line in sys.stdin:  # "go": everything that is due
        deliver(300)
        print("done", flush=True)
"""
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
ROUNDS, LOOP = 5, 200  # how often, and mails of the loops each time
WARM = 20  # mails a worker sends before the clock runs: it lives for weeks, and starts once
TEXT = "A line of a letter, as long as lines of letters usually are.\n" * 30
LINE = "{:<34} {:>9} {:>12} {:>12} {:>8} {:>8}   {}"
# Milliseconds the relay takes for a mail, workers, and how fast we are to be beside which loop.
GOALS = ((0, 1, "composing", 1.0), (20, 1, "bare loop", 0.85), (20, 4, "bare loop", 2.0))


def settings(folder: str, mail_url: str, database_url: str):
    found = settings_in(Path(folder), mail_url=mail_url)
    return settings_in(Path(folder), mail_url=mail_url, database_url=database_url or found.database_url)


@contextmanager
def sink(file: Path, wait: int) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, sink_file, str(port), str(file), "--wait", str(wait)])
    _on_a_core_of_its_own(process.pid)
    for _ in range(100):
        try:
            smtplib.SMTP("127.0.0.1", port).quit()
            break
        except OSError:
            time.sleep(0.05)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def _on_a_core_of_its_own(relay: int) -> None:
    """A relay is another machine: it does not wait for whoever sends to let go of a core. Where Linux can say so."""
    if len(CORES) > 1:
        os.sched_setaffinity(relay, CORES[-1:])
        os.sched_setaffinity(0, CORES[:-1])


@contextmanager
def application(mail_url: str, database_url: str) -> Iterator[str]:
    """An empty database, and the folder it stands in."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings(folder, mail_url, database_url))
        with app.app_context():
            db.drop_all()
            db.create_all()
            yield folder
            db.session.remove()
            db.engine.dispose()


def bare(port: int, mails: int) -> float:
    """Seconds a mail of a loop that sends bytes."""
    body = f"Message-ID: <x@example.org>\n\n{TEXT}{TEXT}".encode()
    start = time.monotonic()
    with smtplib.SMTP("127.0.0.1", port) as line:
        for n in range(mails):
            line.sendmail("samen@example.org", [f"a{n}@example.org"], body)
    return (time.monotonic() - start) / mails


def composing(port: int, mails: int) -> float:
    """Seconds a mail of a loop that makes each, text and HTML, and sends it."""
    start = time.monotonic()
    with smtplib.SMTP("127.0.0.1", port) as line:
        for n in range(mails):
            mail = EmailMessage()
            mail["From"], mail["To"] = "Samen <samen@example.org>", f"Anna {n} <a{n}@example.org>"
            mail["Subject"], mail["Message-ID"] = "Invitation: reading together", f"<m-{n}@example.org>"
            mail["Reply-To"] = "Mia Mol <mia@example.org>"
            mail.set_content(TEXT)
            mail.add_alternative(f"<p>{TEXT}</p>", subtype="html")
            line.send_message(mail)
    return (time.monotonic() - start) / mails


@contextmanager
def ours(folder: str, mail_url: str, database_url: str, workers: int) -> Iterator[Callable[[int], float]]:
    """Workers that have sent a few mails before; called with a number of mails, the seconds they take for each."""
    given = [sys.executable, "-c", WORKER, folder, mail_url, database_url]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(given, stdin=pipe, stdout=pipe, text=True) for _ in range(workers)]

    def send(mails: int) -> float:
        _due(mails)
        start = time.monotonic()
        _send_all(processes)
        return (time.monotonic() - start) / mails

    for process in processes:
        _due(WARM)
        _send_all([process])
    yield send
    for process in processes:
        process.communicate()


def _due(mails: int) -> None:
    fill(mails)
    db.session.remove()


def _send_all(processes: list[subprocess.Popen]) -> None:
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.stdout.readline()


def sending(mails: int, wait: int, workers: int, beside: str, goal: float, database_url: str) -> None:
    """`mails` for each worker. In turns, because a machine is not equally fast all the time; the medians of each."""
    rounds: list[tuple[float, float, float]] = []
    with tempfile.TemporaryDirectory() as notes, sink(Path(notes, "sink"), wait) as port:
        url = f"smtp://127.0.0.1:{port}"
        with application(url, database_url) as folder:
            with ours(folder, url, database_url, workers) as send:
                for _ in range(ROUNDS):
                    rounds.append((send(mails * workers), bare(port, LOOP), composing(port, LOOP)))
            sent = db.session.query(Message).filter_by(state="sent").count()
        assert sent == workers * (ROUNDS * mails + WARM), sent
    took, loop, made = (median(each) for each in zip(*rounds, strict=True))
    name = f"relay of {wait} ms, {workers} worker{'s' if workers > 1 else ''}"
    each = [f"{seconds * 1000:.2f}" for seconds in (took, loop, made)]
    ratios = {"bare loop": loop / took, "composing": made / took}
    said = f"{beside} >= {goal}: {'yes' if ratios[beside] >= goal else 'no'}"
    print(LINE.format(name, *each, *(f"{ratio:.2f}" for ratio in ratios.values()), said), flush=True)


def waking(rows: int, database_url: str) -> None:
    """The question "when is the next mail due" beside many that are not."""
    with application("file:mail", database_url):
        person, at = make.person(), clock.now()
        many = [
            {
                "kind": "D2",
                "key": f"k{n}",
                "person_id": person.id,
                "due_at": at + timedelta(minutes=n),
                "created_at": at,
            }
            for n in range(1, rows)
        ]
        db.session.execute(Message.__table__.insert(), [{"params": {}, **row} for row in many])
        db.session.commit()
        took = []
        for _ in range(50):
            start = time.perf_counter()
            earliest(at)
            took.append(time.perf_counter() - start)
            db.session.rollback()
    print(
        f"\nwhen the next of {rows:,} mails is due: median {median(took) * 1000:.2f} ms, most {max(took) * 1000:.2f} ms"
    )


def reconciling(networks: int, database_url: str) -> None:
    """Each network's reminders made from nothing, one transaction each, as the worker does."""
    with application("file:mail", database_url):
        programme, at = make.programme(), clock.now()
        for _ in range(networks):
            network = make.network(programme=programme)
            members = [make.membership(network=network, people=2) for _ in range(8)]
            for month in range(3):
                starts = (at + timedelta(days=40 + 60 * month)).replace(hour=10)
                meeting = make.meeting(network=network, starts_at=starts)
                make.duty(meeting=meeting, organisation=members[month].organisation)
        db.session.commit()
        numbers = [number for (number,) in db.session.query(Network.id).order_by(Network.id)]
        for part in (numbers[: networks // 2], numbers[networks // 2 :]):
            start = time.perf_counter()
            for number in part:
                reconcile(with_members([number])[0], clock.now())
                db.session.commit()
            each = (time.perf_counter() - start) / len(part) * 1000
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"reminders of {len(part)} networks: {each:.1f} ms each; {most:.0f} MB at most so far", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--url", default="", help="of a PostgreSQL instead of SQLite; its tables are dropped")
    given = parser.parse_args()
    mails = 200 if given.quick else 500  # a worker claims a hundred at a time
    print(LINE.format("milliseconds a mail", "ours", "bare loop", "composing", "ratio", "ratio", "goal"))
    for wait, workers, beside, goal in GOALS:
        sending(mails, wait, workers, beside, goal, given.url)
    waking(10_000 if given.quick else 100_000, given.url)
    reconciling(100 if given.quick else 1000, given.url)


if __name__ == "__main__":
    main()
