"""Reports as a real Postfix writes them: it took the mail, the server behind it refused, or does not take it yet."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from app.extensions import db
from app.inbox.models import Received
from app.worker import deliver, empty_mailbox
from tests.fakes import Relay, free_port
from tests.inbox.conftest import Inbox
from tests.reminders.world import NOW, World, world

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = relay.example.org
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = example.org
virtual_mailbox_base = {folder}
virtual_mailbox_maps = static:reports/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
default_transport = smtp:[127.0.0.1]:{behind}
smtp_host_lookup = native
delay_warning_time = 1s
queue_run_delay = 1s
minimal_backoff_time = 1s
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
THERE, LONGEST = "anna@server.example.net", 30  # seconds until a report is there


@dataclass
class Postfix:
    """Between us and `behind`, the server of the person."""

    port: int
    behind: Relay
    folder: Path

    def reports(self) -> list[bytes]:
        """What it wrote to us, once it did."""
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            found = list((self.folder / "reports" / "new").glob("*"))
            if found:
                return [each.read_bytes() for each in found]
            time.sleep(0.1)
        pytest.fail(f"No report came: {(self.folder / 'log').read_text()[-2000:]}")


@pytest.fixture
def postfix(app: Flask) -> Iterator[Postfix]:
    if not shutil.which("postfix") or os.geteuid() != 0:
        pytest.skip("No Postfix is installed, or nobody here may start one: its reports are left out.")
    with tempfile.TemporaryDirectory(prefix="toerbeurt-mta-") as name:
        folder, behind, port, nobody = Path(name), Relay(), free_port(), pwd.getpwnam("nobody")
        folder.chmod(0o755)
        for each in ("queue", "data", "reports", "conf"):
            (folder / each).mkdir()
        shutil.chown(folder / "data", "postfix")
        shutil.chown(folder / "reports", "nobody", nobody.pw_gid)
        own = {"folder": folder, "uid": nobody.pw_uid, "gid": nobody.pw_gid, "behind": behind.port, "port": port}
        (folder / "conf" / "main.cf").write_text(MAIN.format(**own))
        (folder / "conf" / "master.cf").write_text(MASTER.format(**own))
        behind.start()
        _say(folder, "start")
        before = app.config["SETTINGS"]
        app.config["SETTINGS"] = replace(before, mail_url=f"smtp://127.0.0.1:{port}")
        yield Postfix(port, behind, folder)
        app.config["SETTINGS"] = before
        _say(folder, "stop")
        behind.stop()


def _say(folder: Path, word: str) -> None:
    command = [shutil.which("postfix") or "postfix", "-c", str(folder / "conf"), word]
    subprocess.run(command, capture_output=True, check=True, timeout=60)


@pytest.fixture
def w(app: Flask) -> Iterator[World]:
    with time_machine.travel(NOW, tick=False):
        yield world()


def sent(w: World, postfix: Postfix, answer: str) -> bytes:
    """A mail that Postfix took, and the report it wrote when the server behind it answered so."""
    postfix.behind.rcpt["*"] = answer
    w.host.email = THERE
    message = w.message("H3", w.host)
    db.session.commit()
    assert deliver(5) == 1
    db.session.refresh(message)
    assert message.state == "sent"
    return postfix.reports()[0]


def test_a_report_of_postfix_marks_the_address_and_the_mail_once(
    app: Flask, inbox: Inbox, postfix: Postfix, w: World
) -> None:
    raw = sent(w, postfix, "550 5.1.1 user unknown")
    inbox.put(raw, raw)

    assert empty_mailbox() == 2
    assert w.host.address_failed_at == NOW
    assert {row.outcome for row in db.session.query(Received)} == {"failed"}
    assert inbox.holds() == {"toerbeurt-reports": 2}


def test_postfix_saying_that_a_mail_is_late_marks_nothing_yet(
    app: Flask, inbox: Inbox, postfix: Postfix, w: World
) -> None:
    inbox.put(sent(w, postfix, "450 4.2.0 not now"))

    assert empty_mailbox() == 1
    assert w.host.address_failed_at is None
    assert [row.outcome for row in db.session.query(Received)] == ["delayed"]
