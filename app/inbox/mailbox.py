"""The mailbox in which answers arrive, over IMAP. The only file that uses imap_tools, an optional extra."""

from collections.abc import Iterator
from contextlib import contextmanager
from imaplib import IMAP4
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote, urlsplit

from app.config import LOOPBACK
from app.errors import BadSetting

SECONDS = 30  # for any answer of the server
LARGEST = 1_000_000  # bytes of a mail that are read
AT_ONCE = 100


def available() -> bool:
    return find_spec("imap_tools") is not None


class Unreadable(Exception):
    """The mailbox cannot be read now; what waits in it waits on."""


@contextmanager
def opened(url: str) -> Iterator["Mailbox"]:
    """Signed in, with its folder open. Raises Unreadable, and BadSetting where the extra is missing."""
    if not available():
        raise BadSetting("INBOX_URL is set, but the extra is not installed: toerbeurt[inbox].")
    parts = urlsplit(url)
    imap: Any = import_module("imap_tools")
    host = parts.hostname or ""
    secure = {"imaps": (imap.MailBox, 993), "imap": (imap.MailBoxStartTls, 143)}[parts.scheme]
    kind, port = (imap.MailBoxUnencrypted, 143) if parts.scheme == "imap" and host in LOOPBACK else secure
    folder = unquote(parts.path.lstrip("/")) or "INBOX"
    who = unquote(parts.username or ""), unquote(parts.password or "")
    no = (OSError, IMAP4.error, imap.errors.ImapToolsError)
    try:
        line = kind(host, parts.port or port, timeout=SECONDS)
        try:
            line.login(*who, folder)
        except no:
            line.client.shutdown()  # the library leaves it open
            raise
        with line as box:
            yield Mailbox(box)
    except no as error:
        raise Unreadable(str(error).replace(who[1] or "…", "…")) from error


class Mailbox:
    """What waits in it, and where it goes. Nothing is ever deleted."""

    def __init__(self, box: Any) -> None:
        self.box = box

    def waiting(self) -> list[str]:
        """The numbers of the first hundred mails."""
        return list(self.box.uids())[:AT_ONCE]

    def fetch(self, uid: str) -> bytes:
        """A mail, or the first million bytes of it; it stays unread."""
        _status, answer = self.box.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST}>)")
        return b"".join(part[1] for part in answer if isinstance(part, tuple))

    def move(self, uid: str, folder: str) -> None:
        if not self.box.folder.exists(folder):
            self.box.folder.create(folder)
        self.box.move(uid, folder)
