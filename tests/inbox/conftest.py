"""A real IMAP server with one mailbox: Dovecot, where it is installed."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from imaplib import IMAP4
from pathlib import Path

import pytest
from flask import Flask

from tests.fakes import free_port

CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{folder}/mail
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass
class Inbox:
    """The mailbox as somebody sees it who looks into it with another program."""

    port: int

    @property
    def url(self) -> str:
        return f"imap://samen:secret@127.0.0.1:{self.port}"

    def client(self) -> IMAP4:
        client = IMAP4("127.0.0.1", self.port)
        client.login("samen", "secret")
        return client

    def put(self, *mails: bytes) -> None:
        client = self.client()
        for mail in mails:
            status, said = client.append("INBOX", "", "", mail)
            assert status == "OK", said
        client.logout()

    def holds(self) -> dict[str, int]:
        """{folder: how many mails}, of those that hold any."""
        client = self.client()
        found = {}
        for line in client.list()[1]:
            assert isinstance(line, bytes)
            name = line.decode().rsplit(" ", 1)[-1].strip('"')
            found[name] = int(client.select(name, readonly=True)[1][0] or 0)
        client.logout()
        return {name: count for name, count in found.items() if count}


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Inbox]:
    if not shutil.which("dovecot"):
        pytest.skip("No Dovecot is installed: the tests with a real mailbox are left out.")
    with tempfile.TemporaryDirectory(prefix="toerbeurt-imap-") as name:
        folder, port = Path(name), free_port()
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        group = str(subprocess.check_output(["id", "-gn", owner.pw_name], text=True)).strip()
        text = CONFIG.format(folder=folder, port=port, user=owner.pw_name, group=group)
        (folder / "dovecot.conf").write_text(text)
        folder.chmod(0o755)
        for each in ("run", "state", "mail"):
            (folder / each).mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder / "mail", owner.pw_name, group)
            shutil.chown(folder, owner.pw_name, group)
        command = [shutil.which("dovecot") or "dovecot", "-F", "-c", str(folder / "dovecot.conf")]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _until_it_answers(port, folder)
        yield Inbox(port)
        server.terminate()
        server.wait()


def _until_it_answers(port: int, folder: Path) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"Dovecot does not answer: {(folder / 'log').read_text()[-2000:]}")


@pytest.fixture
def inbox(app: Flask, dovecot: Inbox) -> Iterator[Inbox]:
    """The mailbox, empty, and the site told of it."""
    client = dovecot.client()
    for line in client.list()[1]:
        assert isinstance(line, bytes)
        name = line.decode().rsplit(" ", 1)[-1].strip('"')
        if name == "INBOX":
            if int(client.select(name)[1][0] or 0):
                client.store("1:*", "+FLAGS", "\\Deleted")
                client.expunge()
        else:
            client.delete(name)
    client.logout()
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, inbox_url=dovecot.url)
    yield dovecot
    app.config["SETTINGS"] = before
