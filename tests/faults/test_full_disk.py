"""A file system that is really full: a small one in memory, where this may be mounted."""

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from app import clock, create_app
from app.extensions import db
from app.mail.models import Message
from app.worker import deliver
from tests import make
from tests.conftest import settings_in
from tests.fakes import Relay
from tests.faults.test_database import DONE, SENTENCES, writes
from tests.reminders.world import world

FULL = (503, "5", SENTENCES[1])


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(tmp_path)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("nothing can be mounted here")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.fixture
def relay() -> Iterator[Relay]:
    relay = Relay()
    relay.start()
    yield relay
    relay.stop()


@pytest.fixture
def site(small: Path, relay: Relay, database_url: str) -> Iterator[Flask]:
    """An installation whose database lies on it."""
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL has a disk of its own")
    app = create_app(settings_in(small, mail_url=relay.url))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, FEED_NOTES_PAUSE=0)
    app.teardown_request(lambda error: db.session.rollback())
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def fill(folder: Path) -> Path:
    filler = folder / "filler"
    with pytest.raises(OSError, match="No space"):
        filler.write_bytes(bytes(8 * 1024 * 1024))
    return filler


def test_on_a_full_disk_pages_are_read_nothing_is_lost_and_room_is_all_it_takes(
    site: Flask, small: Path, relay: Relay
) -> None:
    w = world(starts_at=(clock.now() + timedelta(days=30)).replace(hour=10))
    w.message("D2", w.host, due_at=clock.now())
    mia, slug = make.browser(site, w.manager), w.network.slug
    filler = fill(small)

    refused = [writes(mia, slug) for _ in range(3)]
    read = [mia.get(path).status_code for path in ("/", "/outbox", f"/networks/{slug}", "/readyz")]
    with pytest.raises(OperationalError):
        deliver(5)
    db.session.rollback()
    sent_when_full = len(relay.received)
    filler.unlink()

    assert (refused, read, sent_when_full) == ([FULL] * 3, [200] * 4, 0)
    assert (writes(mia, slug), deliver(5), len(relay.received)) == (DONE, 4, 4)
    assert {row.state for row in db.session.query(Message)} == {"sent"}
