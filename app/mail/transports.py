"""How mail leaves: over SMTP by stages, or as files. The only place that speaks to a relay.

A delivery has two halves: `begin` (the relay has said it will take the body: 354) and `finish` (body, final dot, 250).
Between them the sender decides whether the mail is still true; `abandon` leaves without the final dot.
"""

import os
import re
import smtplib
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT = 30  # seconds for each answer of the relay
LEASE = 4 * 60  # seconds, longer than a body, its answer and the record of it can take together
CLAIM = 2 * 60  # seconds for a batch until its bodies go out: whoever is later is stopped at the fence
SLOW = 0.005  # seconds; while a relay takes longer than this to answer there is time to record the mail before
LOST = (smtplib.SMTPServerDisconnected, OSError)


class RelayDown(Exception):
    """The relay cannot be used now; nothing of this mail was accepted."""


class TurnedAway(Exception):
    """The relay does not take this mail. `code` 4xx: not now; 5xx: never. `stage`: mail, rcpt, data or body."""

    def __init__(self, stage: str, code: int, text: str) -> None:
        super().__init__(f"{stage}: {code} {text}")
        self.stage, self.code = stage, code

    @property
    def for_ever(self) -> bool:
        # A sender the relay does not like is ours to mend: tried again, and shown when the tries are used.
        return self.code >= 500 and self.stage != "mail"


class Unknown(Exception):
    """The body went out and no answer came: the mail may have been accepted."""


@dataclass(frozen=True)
class Envelope:
    """From whom a mail comes and to whom it goes, as the relay is told."""

    sender: str
    to: str

    def __post_init__(self) -> None:
        both = self.sender + self.to
        if not (both.isascii() and both.isprintable()) or "<" in both or ">" in both:
            raise ValueError("an address is one line of ASCII, without angle brackets")

    @property
    def commands(self) -> list[str]:
        return [f"mail FROM:<{self.sender}>", f"rcpt TO:<{self.to}>", "data"]


class Transport(Protocol):
    def begin(self, envelope: Envelope, meanwhile: Callable[[], None]) -> None: ...
    def finish(self, name: str, body: bytes, following: Envelope | None, meanwhile: Callable[[], None]) -> int: ...
    def abandon(self) -> None: ...
    def close(self) -> None: ...


def transport(url: str) -> Transport:
    """The transport of a MAIL_URL."""
    folder = folder_of(url)
    return Files(folder) if folder else Smtp(url)


def folder_of(url: str) -> Path | None:
    """Where mails are written as files, when they are."""
    return Path(unquote(url.removeprefix("file:").removeprefix("//"))) if url.startswith("file:") else None


def pause(url: str) -> float:
    """Seconds between two mails of one worker: `?rate=N` in a MAIL_URL is N mails a minute."""
    rate = parse_qs(urlsplit(url).query).get("rate", [""])[0]
    return 60 / int(rate) if rate.isdecimal() and int(rate) else 0


class Files:
    """One .eml per mail, written whole or not at all; the same mail again replaces its file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, envelope: Envelope, meanwhile: Callable[[], None]) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RelayDown(f"{self.folder}: {error.strerror}") from error

    def finish(self, name: str, body: bytes, following: Envelope | None, meanwhile: Callable[[], None]) -> int:
        part = self.folder / f".{name}.{os.getpid()}"
        try:
            part.write_bytes(body)
            part.replace(self.folder / f"{name}.eml")
        except OSError as error:
            raise RelayDown(f"{self.folder}: {error.strerror}") from error
        return 250

    def abandon(self) -> None:
        """Nothing was written yet."""

    def close(self) -> None:
        """Nothing is open."""


class Smtp:
    """One connection for a round; made again when it was lost or left.

    A relay that offers PIPELINING (RFC 2920) hears the three commands of a mail in one packet, and those of the
    `following` mail in one packet with the body before: what is `ahead` waits for the sender to look once more, like
    any mail that has begun.
    """

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)
        self.connection: smtplib.SMTP | None = None
        self.ahead: Envelope | None = None
        self.used = self.slow_to_begin = False

    def begin(self, envelope: Envelope, meanwhile: Callable[[], None]) -> None:
        """MAIL, RCPT, DATA until the relay says 354. Raises RelayDown or TurnedAway.

        `meanwhile` is done while a relay that takes its time is thinking. One that took mails and hangs up now may take
        only so many on one line: it is called once more.
        """
        again = self.used
        try:
            self._begin(envelope, meanwhile)
        except RelayDown:
            if not again:
                raise
            self._begin(envelope, meanwhile)

    def _begin(self, envelope: Envelope, meanwhile: Callable[[], None]) -> None:
        if self.ahead not in (None, envelope):
            self.abandon()
        said, self.ahead = self.ahead is not None, None
        try:
            connection = self._connected()
            together = connection.has_extn("pipelining")
            for group in [envelope.commands] if together else [[command] for command in envelope.commands]:
                if not said:
                    connection.send(_lines(group))
                if self.slow_to_begin:
                    meanwhile()
                self._hear(group)
        except LOST as error:
            self.abandon()
            raise RelayDown(_sentence(error)) from error

    def _hear(self, commands: Sequence[str]) -> None:
        """The answers to `commands`, in order. After the first no the others are heard, and do not count."""
        assert self.connection is not None
        since, refused = monotonic(), None
        for stage in (command[:4] for command in commands):
            code, text = self.connection.getreply()
            if refused is None and code not in (250, 251, 354):
                refused = stage, code, text
                if code in (421, -1):
                    break
            elif refused and code == 354:  # it waits for a body that nobody is to get
                self.abandon()
        self.slow_to_begin = monotonic() - since > SLOW
        if refused:
            self._turn_away(*refused)

    def finish(self, name: str, body: bytes, following: Envelope | None, meanwhile: Callable[[], None]) -> int:
        """The body and the final dot. Raises Unknown when no answer came, TurnedAway when it was no.

        `meanwhile` is done while the relay is thinking.
        """
        assert self.connection is not None, "begin() comes first"
        try:
            self.ahead = following if self.connection.has_extn("pipelining") else None
            self.connection.send(_dotted(body) + (_lines(self.ahead.commands) if self.ahead else b""))
            meanwhile()
            code, text = self.connection.getreply()
        except LOST as error:
            self.abandon()
            raise Unknown(_sentence(error)) from error
        if code != 250:
            self._turn_away("body", code, text)
        self.used = True
        return code

    def abandon(self) -> None:
        """Hang up without the final dot."""
        self.ahead, self.used = None, False
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def close(self) -> None:
        if self.ahead:  # the relay waits for a body and would take QUIT for one
            self.abandon()
        if self.connection is not None:
            try:
                self.connection.quit()
            except (*LOST, smtplib.SMTPException):
                self.abandon()
            self.connection = None

    def _connected(self) -> smtplib.SMTP:
        if self.connection is None:
            self.connection = self._connect()
        return self.connection

    def _connect(self) -> smtplib.SMTP:
        host, user = self.parts.hostname or "localhost", self.parts.username
        try:
            connection = self._open(host)
            if user and not isinstance(connection.sock, ssl.SSLSocket):
                connection.close()
                raise RelayDown(f"{host} offers no TLS, so the password is kept from it.")
            if user:
                connection.login(unquote(user), unquote(self.parts.password or ""))
            else:
                connection.ehlo_or_helo_if_needed()
        except smtplib.SMTPException as error:
            raise RelayDown(_sentence(error)) from error
        return connection

    def _open(self, host: str) -> smtplib.SMTP:
        secure = ssl.create_default_context()
        if self.parts.scheme == "smtp" and not self.parts.username:
            # No secret to protect: rather TLS with anybody than none (RFC 7435), as between mail servers.
            secure.check_hostname, secure.verify_mode = False, ssl.CERT_NONE
        if self.parts.scheme == "smtps":
            return smtplib.SMTP_SSL(host, self.parts.port or 465, timeout=TIMEOUT, context=secure)
        connection = smtplib.SMTP(host, self.parts.port or 25, timeout=TIMEOUT)
        connection.ehlo()
        if connection.has_extn("starttls"):
            with suppress(smtplib.SMTPResponseException):  # 454: offered, but not to be had now (RFC 3207, 4)
                connection.starttls(context=secure)
            connection.ehlo()
        return connection

    def _turn_away(self, stage: str, code: int, text: bytes) -> None:
        """421 is the relay going away (RFC 5321, 3.8); anything else is about this mail, and the connection lives."""
        said = text.decode(errors="replace")
        if code in (421, -1) and stage != "body":
            self.abandon()
            raise RelayDown(f"{code} {said}")
        if code in (421, -1):
            self.abandon()
        elif self.ahead is None:
            self._reset()
        raise TurnedAway(stage, code if code > 0 else 451, said)

    def _reset(self) -> None:
        try:
            if self.connection is not None:
                self.connection.rset()
        except LOST:
            self.abandon()


def _lines(commands: Sequence[str]) -> bytes:
    return "".join(f"{command}\r\n" for command in commands).encode("ascii")


def _dotted(body: bytes) -> bytes:
    """The body as DATA wants it: lines that begin with a dot get another, then the final dot (RFC 5321, 4.5.2)."""
    lines = re.sub(rb"(?m)^\.", b"..", body)
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
