"""A letter with everything every mail of ours carries, as bytes for the relay."""

from binascii import b2a_qp
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from secrets import token_hex
from typing import Any

from app.config import Settings
from app.mail.letter import Letter
from app.mail.models import Message
from app.text import one_line

NAME = "Toerbeurt"
BOUNDARY = f"=_{token_hex(16)}"  # of no text anybody could have written


class Quick(EmailPolicy):
    """What is plain stays as it is; the rest is parsed and folded once for all mails that say the same."""

    def header_max_count(self, name: str) -> int | None:
        return _most(name)

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return name, value if _plain(value) else _parsed(self, name, value)

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        return value if _plain(value) else super().header_fetch_parse(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}{self.linesep}".encode() if _plain(value) else _folded(self, name, value)


def _plain(value: str) -> bool:
    """One line of ASCII that means what it says. Ours are never as long as a line of mail may be."""
    return type(value) is str and value.isascii() and value.isprintable() and "=?" not in value


@lru_cache(512)
def _most(name: str) -> int | None:
    return SMTP.header_max_count(name)


@lru_cache(512)
def _parsed(policy: EmailPolicy, name: str, value: str) -> Any:
    return EmailPolicy.header_store_parse(policy, name, value)[1]


@lru_cache(512)
def _folded(policy: EmailPolicy, name: str, value: str) -> bytes:
    return EmailPolicy.fold_binary(policy, name, value)


PLAIN = Quick(linesep=SMTP.linesep, cte_type="7bit")  # no relay on the way has to know 8BITMIME


def name_of(message: Message) -> str:
    """The same for every try, another for every generation."""
    return f"m-{message.id}-g{message.generation}"


def sender_of(letter: Letter, settings: Settings, fallback: tuple[str, str] | None) -> Address:
    """MAIL_FROM, else the programme's sender, else the instance's first programme's, else an address of ours."""
    pair = parseaddr(settings.mail_from) if settings.mail_from else letter.sender or fallback
    name, address = pair or (NAME, f"noreply@{settings.feed_domain}")
    return _address((name or (letter.sender or (NAME, ""))[0], address))


@lru_cache(512)
def _address(pair: tuple[str, str]) -> Address:
    name, (user, _at, domain) = pair[0], pair[1].rpartition("@")
    return Address(one_line(name) or "", user, domain)


def compose(message: Message, letter: Letter, sender: Address, settings: Settings, now: datetime) -> bytes:
    """Plain text complete on its own, HTML beside it, and the headers of every mail."""
    mail = EmailMessage(policy=PLAIN)
    mail["From"] = str(sender)
    mail["To"] = str(_address(letter.to))
    mail["Subject"] = one_line(message.subject or letter.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{name_of(message)}@{settings.feed_domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if letter.reply_to:
        mail["Reply-To"] = str(_address(letter.reply_to))
    if letter.unsubscribe:
        mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if letter.urgent:
        mail["Importance"] = "high"
    mail["Content-Language"] = letter.language
    mail["MIME-Version"] = "1.0"
    mail["Content-Type"] = f'multipart/alternative; boundary="{BOUNDARY}"'
    mail.set_payload(_part("plain", letter.text) + _part("html", letter.html) + f"--{BOUNDARY}--\r\n")
    return mail.as_bytes()  # text as payload of a multipart goes out as it stands


def _part(kind: str, text: str) -> str:
    """As quoted-printable, in C: the email package's own is in Python and costs more than all the rest."""
    head = [f"--{BOUNDARY}", f'Content-Type: text/{kind}; charset="utf-8"']
    body = b2a_qp(text.replace("\n", "\r\n").encode()).decode("ascii")
    return "\r\n".join([*head, "Content-Transfer-Encoding: quoted-printable", "", body, ""])
