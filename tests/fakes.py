"""The outer edge, made for tests: a real SMTP server that keeps what it gets and misbehaves as it is told."""

import asyncio
import socket
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Relay:
    """`mail`, `rcpt`, `data`: what it answers at that stage, for an address or for all ("*").

    "drop" at `data` takes the body and hangs up without an answer. `on_rcpt` is called before it answers RCPT, that is
    before our fence; `on_body` when it has the body, before it answers.
    """

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.mail: dict[str, str] = {}
        self.rcpt: dict[str, str] = {}
        self.data: dict[str, str] = {}
        self.on_rcpt: Callable[[], None] = lambda: None
        self.on_body: Callable[[], None] = lambda: None
        self.connections, self.running = 0, False
        self.most = 1000  # mails on one line
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.controller.start()
        self.running = True

    def stop(self) -> None:
        """Twice is once."""
        if self.running:
            self.controller.stop()
        self.running = False

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, name: str, lines: list[str]) -> Any:  # noqa: N802
        self.connections += 1
        session.host_name = name
        return lines

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        session.mails = getattr(session, "mails", 0) + 1
        return "421 enough for one line" if session.mails > self.most else self.mail.get("*", "250 OK")

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        await asyncio.to_thread(self.on_rcpt)
        envelope.rcpt_tos.append(address)
        return self.rcpt.get(address) or self.rcpt.get("*", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.data.get(envelope.rcpt_tos[0]) or self.data.get("*", "250 taken")
        if answer.startswith("250") or answer == "drop":
            assert isinstance(envelope.content, bytes)
            self.received.append(message_from_bytes(envelope.content, policy=policy.default))
            self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
        self.on_body()
        if answer == "drop":
            server.transport.abort()
        return answer

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.received]


class Early(Relay):
    """One that says yes to DATA, instead of asking for the body, and takes what comes as one."""

    def __init__(self) -> None:
        super().__init__()
        self.controller.factory = lambda: _Early(self)


class _Early(SMTP):
    async def push(self, status: str) -> None:
        await super().push(status.replace("354", "250"))


class Hasty(Relay):
    """One that offers TLS and has none."""

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, name: str, lines: list[str]) -> Any:  # noqa: N802
        said = await super().handle_EHLO(server, session, envelope, name, lines)
        return [said[0], "250-STARTTLS", *said[1:]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
