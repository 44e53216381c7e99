"""A letter with everything every mail of ours carries, as bytes for the relay."""

from binascii import b2a_qp
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from secrets import token_hex

from app.config import Settings
from app.mail.letter import Letter
from app.mail.models import Message
from app.text import one_line

NAME = "Toerbeurt"
BOUNDARY = f"=_{token_hex(16)}"  # of no text anybody could have written


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
    headers = {
        "From": _mailbox("From", sender),
        "To": _mailbox("To", _address(letter.to)),
        "Subject": _words("Subject", one_line(message.subject or letter.subject) or ""),
        "Date": format_datetime(now),
        "Message-ID": f"<{name_of(message)}@{settings.feed_domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": letter.language,
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative;\r\n boundary="{BOUNDARY}"',
    }
    if letter.reply_to:
        headers["Reply-To"] = _mailbox("Reply-To", _address(letter.reply_to))
    if letter.unsubscribe:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if letter.urgent:
        headers["Importance"] = "high"
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    parts = [_part("plain", letter.text), _part("html", letter.html), f"--{BOUNDARY}--\r\n"]
    return "".join([*lines, "\r\n", *parts]).encode("ascii")


def _mailbox(header: str, address: Address) -> str:
    whole = str(address)
    return whole if _plain(whole) else f"{_words(header, address.display_name)}\r\n <{address.addr_spec}>"


@lru_cache(512)
def _words(header: str, text: str) -> str:
    """What is not plain as encoded words (RFC 2047), all of it: word by word the library loses and doubles spaces."""
    return text if _plain(text) else Header(text, "utf-8", 75, header).encode(linesep="\r\n")


def _plain(value: str) -> bool:
    """One line of ASCII that means what it says. Ours are never as long as a line of mail may be."""
    return value.isascii() and value.isprintable() and "=?" not in value


def _part(kind: str, text: str) -> str:
    """As quoted-printable: no relay on the way has to know 8BITMIME."""
    head = [f"--{BOUNDARY}", f'Content-Type: text/{kind}; charset="utf-8"']
    body = b2a_qp(text.replace("\n", "\r\n").encode()).decode("ascii")
    return "\r\n".join([*head, "Content-Transfer-Encoding: quoted-printable", "", body, ""])
