"""How mail leaves: over SMTP by stages, or as files. The only place that speaks to a relay.

A delivery has two halves: `begin` (the relay has said it will take the body: 354) and `finish` (body, final dot, 250).
Between them the sender decides whether the mail is still true; `abandon` leaves without the final dot.
"""

import os
import smtplib
import ssl
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from app.mail.mime import Mail

TIMEOUT = 30  # seconds for each answer of the relay


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


class Files:
    """One .eml per mail, written whole or not at all; the same mail again replaces its file."""

    pause = 0.0

    def __init__(self, folder: Path) -> None:
        self.folder, self.part = folder, folder / f".{os.getpid()}"

    def begin(self, mail: Mail) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.part.write_bytes(mail.body)
        except OSError as error:
            raise RelayDown(f"{self.folder}: {error.strerror}") from error

    def finish(self, mail: Mail) -> int:
        self.part.replace(self.folder / f"{mail.name}.eml")
        return 250

    def abandon(self) -> None:
        """Nothing of a mail that did not leave stays behind."""
        with suppress(OSError):
            self.part.unlink()

    close = abandon


class Smtp:
    """One connection for many mails; made again when it was lost or left. `pause`: seconds between two mails."""

    def __init__(self, url: str, seconds: float = TIMEOUT) -> None:
        self.parts, self.seconds = urlsplit(url), seconds
        self.connection: smtplib.SMTP | None = None
        rate = parse_qs(self.parts.query).get("rate", [""])[0]  # mails a minute
        self.pause = 60 / int(rate) if rate.isdecimal() and int(rate) else 0.0

    def begin(self, mail: Mail) -> None:
        """MAIL, RCPT, DATA until the relay says 354. Raises RelayDown or TurnedAway."""
        anew = self.connection is None
        try:
            self._begin(mail)
        except RelayDown:
            if anew:
                raise
            self._begin(mail)  # some take only so many mails on one line: it is called once more

    def _begin(self, mail: Mail) -> None:
        try:
            connection = self.connection = self.connection or self._connected()
            for stage, about in (("mail", f"FROM:<{mail.sender}>"), ("rcpt", f"TO:<{mail.to}>"), ("data", "")):
                self._hear(stage, connection.docmd(stage, about))
        except (OSError, ValueError) as error:  # smtplib's errors are such too; a setting that cannot work is no mail's
            self.abandon()
            raise RelayDown(_sentence(error)) from error

    def greet(self, sender: str) -> None:
        """Sign in and name the sender, and send nothing. Raises RelayDown or TurnedAway."""
        try:
            connection = self.connection = self._connected()
            self._hear("mail", connection.docmd("mail", f"FROM:<{sender}>"))
            connection.rset()
        except (OSError, ValueError) as error:
            raise RelayDown(_sentence(error)) from error
        finally:
            self.close()

    def finish(self, mail: Mail) -> int:
        """The body and the final dot. Raises Unknown when no answer came, TurnedAway when it was no."""
        assert self.connection is not None, "begin() comes first"
        try:
            self.connection.send(smtplib.quotedata(mail.body.decode("ascii")) + ".\r\n")
            reply = self.connection.getreply()
            if reply[0] // 100 not in (2, 4, 5):
                raise smtplib.SMTPServerDisconnected("what came is no answer")
        except OSError as error:
            self.abandon()
            raise Unknown(_sentence(error)) from error
        self._hear("body", reply)
        return reply[0]

    def abandon(self) -> None:
        """Hang up without the final dot."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def close(self) -> None:
        """Part as one should."""
        if self.connection is not None:
            with suppress(OSError):
                self.connection.quit()
        self.abandon()

    def _hear(self, stage: str, reply: tuple[int, bytes]) -> None:
        """Go on after 2xx, and after DATA only when 3xx asks for the body (RFC 5321, 4.2.1).

        421, or what is no answer to this: the relay goes away. Any other no is about this mail; the connection lives.
        """
        code, said = reply[0], reply[1].decode(errors="replace")
        if code // 100 == (3 if stage == "data" else 2):
            return
        if code == 421 or code < 400:
            self.abandon()
            if stage != "body":
                raise RelayDown(f"{code} {said}")
        elif self.connection is not None:
            with suppress(OSError):
                self.connection.rset()
        raise TurnedAway(stage, code, said)

    def _connected(self) -> smtplib.SMTP:
        host, port, user = self.parts.hostname or "localhost", self.parts.port, self.parts.username
        if self.parts.scheme == "smtps":
            secure = _tls(checked=True)
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=self.seconds, context=secure)
        else:
            connection = smtplib.SMTP(host, port or 25, timeout=self.seconds)
        connection.ehlo_or_helo_if_needed()
        if connection.has_extn("starttls") and not isinstance(connection.sock, ssl.SSLSocket):
            with suppress(smtplib.SMTPResponseException):  # 454: offered, but not to be had now (RFC 3207, 4)
                connection.starttls(context=_tls(checked=bool(user)))
            connection.ehlo()
        if user:
            if not isinstance(connection.sock, ssl.SSLSocket):
                connection.close()
                raise RelayDown(f"{host} offers no TLS, so the password is kept from it.")
            connection.login(unquote(user), unquote(self.parts.password or ""))
        return connection


def _tls(*, checked: bool) -> ssl.SSLContext:
    """Where there is no secret to protect: rather TLS with anybody than none (RFC 7435), as between mail servers."""
    context = ssl.create_default_context()
    if not checked:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


Transport = Files | Smtp


def transport(url: str) -> Transport:
    """The transport of a MAIL_URL."""
    folder = folder_of(url)
    return Files(folder) if folder else Smtp(url)


def folder_of(url: str) -> Path | None:
    """Where mails are written as files, when they are."""
    return Path(unquote(url.removeprefix("file:").removeprefix("//"))) if url.startswith("file:") else None


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
