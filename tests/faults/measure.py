"""How fast mail leaves, against a bare smtplib loop that sends the same bodies in the same run.

`python -m tests.faults.measure [--mails 400] [--wait MS] [--workers N] [--url DATABASE_URL]`
"""

import argparse
import os
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from app import clock, create_app
from app.extensions import db
from app.mail.models import Message
from tests import make
from tests.conftest import settings_in
from tests.fakes import free_port
from tests.faults.sink import __file__ as sink_file

WORKER = """
import sys
from pathlib import Path
from app import create_app
from app.worker import attempt
from app.mail.sending import deliver
from tests.faults.measure import settings
app = create_app(settings(sys.argv[1], sys.argv[2], sys.argv[3]))
with app.app_context():
    print("ready", flush=True)
    sys.stdin.readline()
    deliver(120, attempt=attempt)
"""


def settings(folder: str, mail_url: str, database_url: str):
    found = settings_in(Path(folder), mail_url=mail_url)
    return settings_in(Path(folder), mail_url=mail_url, database_url=database_url or found.database_url)


@contextmanager
def sink(file: Path, *options: str) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, sink_file, str(port), str(file), *options])
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


def fill(mails: int) -> None:
    """Networks of twenty people, an invitation for each."""
    at = clock.now()
    starts = (at + timedelta(days=14)).replace(hour=10, minute=0, second=0, microsecond=0)
    programme = make.programme(sender_name="Samen", sender_email="samen@example.org")
    for _ in range(0, mails, 20):
        network = make.network(programme=programme)
        make.manager(network=network)
        members = [make.membership(network=network, people=2) for _ in range(10)]
        meeting = make.meeting(network=network, starts_at=starts, topic="Reading together")
        make.duty(meeting=meeting, organisation=members[0].organisation)
        make.duty(meeting=meeting, organisation=members[1].organisation, kind="preparation")
        for person in (person for member in members for person in member.people):
            make.message(person=person, kind="D1", due_at=at, network_id=network.id, meeting_id=meeting.id)
    db.session.commit()


def bare(port: int, bodies: list[tuple[str, bytes]]) -> float:
    start = time.monotonic()
    with smtplib.SMTP("127.0.0.1", port) as line:
        for to, body in bodies:
            line.sendmail("samen@example.org", [to], body)
    return time.monotonic() - start


def ours(folder: str, mail_url: str, database_url: str, workers: int) -> float:
    given = [sys.executable, "-c", WORKER, folder, mail_url, database_url]
    processes = [
        subprocess.Popen(given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(workers)
    ]
    for process in processes:
        process.stdout.readline()
    start = time.monotonic()
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        process.wait()
    return time.monotonic() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mails", type=int, default=400)
    parser.add_argument("--wait", default="0")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--url", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sink(Path(folder, "sink"), "--wait", given.wait) as port:
        url = f"smtp://127.0.0.1:{port}"
        app = create_app(settings(folder, url, given.url))
        with app.app_context():
            db.drop_all()
            db.create_all()
            fill(given.mails)
            db.session.remove()
            db.engine.dispose()
        used = sum(os.times()[2:4])
        took = ours(folder, url, given.url, given.workers)
        used = sum(os.times()[2:4]) - used
        with app.app_context():
            sent = db.session.query(Message).filter_by(state="sent").count()
        assert sent == given.mails, sent
        body = b"x" * 70 + b"\r\n"
        alone = bare(port, [(f"a{n}@example.org", b"Message-ID: <x>\r\n\r\n" + body * 60) for n in range(given.mails)])
    print(
        f"ours {given.mails / took:.0f}/s ({took / given.mails * 1000:.2f} ms), bare {given.mails / alone:.0f}/s "
        f"({alone / given.mails * 1000:.2f} ms), ratio {alone / took:.2f}"
    )


if __name__ == "__main__":
    main()
