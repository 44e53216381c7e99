"""A letter with everything every mail of ours carries, as bytes for the relay.

Mails are all of one shape and most of their headers are the same, so they are put together here: the email package
parses and folds each header of each mail anew, which costs more than all the rest of sending.
"""

import re
from binascii import b2a_qp
from collections.abc import Iterator
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from secrets import token_hex

from app.config import Settings
from app.errors import Refused
from app.mail.letter import Letter
from app.mail.models import Message
from app.text import one_line

NAME = "Toerbeurt"
BOUNDARY = f"=_{token_hex(16)}"  # of no text anybody could have written
ADDRESS = re.compile(r"[!-;=?A-~]+@[!-;=?A-~]+")  # one visible word of ASCII, without < and >
Pair = tuple[str, str]


def name_of(message: Message) -> str:
    """The same for every try, another for every generation."""
    return f"m-{message.id}-g{message.generation}"


def sender_of(letter: Letter, settings: Settings, fallback: Pair | None) -> Pair:
    """MAIL_FROM, else the programme's sender, else the instance's first programme's, else an address of ours."""
    pair = parseaddr(settings.mail_from) if settings.mail_from else letter.sender or fallback
    name, address = pair or (NAME, f"noreply@{settings.feed_domain}")
    return name or (letter.sender or (NAME, ""))[0], address


def compose(message: Message, letter: Letter, sender: Pair, settings: Settings, now: datetime) -> bytes:
    """Plain text complete on its own, HTML beside it, and the headers of every mail."""
    headers = "".join(f"{name}: {value}\r\n" for name, value in _headers(message, letter, sender, settings, now))
    parts = b"".join([_part("plain", letter.text), _part("html", letter.html), f"--{BOUNDARY}--\r\n".encode()])
    return headers.encode("ascii") + b"\r\n" + parts


def _headers(
    message: Message, letter: Letter, sender: Pair, settings: Settings, now: datetime
) -> Iterator[tuple[str, str]]:
    yield "From", _mailbox(sender)
    yield "To", _mailbox(letter.to)
    yield "Subject", _subject(message.subject or letter.subject)
    yield "Date", format_datetime(now)
    yield "Message-ID", f"<{name_of(message)}@{settings.feed_domain}>"
    yield "Auto-Submitted", "auto-generated"
    yield "X-Auto-Response-Suppress", "All"
    if letter.reply_to:
        yield "Reply-To", _mailbox(letter.reply_to)
    if letter.unsubscribe:
        yield "List-Unsubscribe", f"<{letter.unsubscribe}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    if letter.urgent:
        yield "Importance", "high"
    yield "Content-Language", letter.language
    yield "MIME-Version", "1.0"
    yield "Content-Type", f'multipart/alternative; boundary="{BOUNDARY}"'


def _part(kind: str, text: str) -> bytes:
    """As quoted-printable, which every relay passes on as it is: no relay has to know 8BITMIME."""
    head = f'--{BOUNDARY}\r\nContent-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable'
    return head.encode() + b"\r\n\r\n" + b2a_qp(text.replace("\n", "\r\n").encode()) + b"\r\n"


@lru_cache(512)
def _mailbox(pair: Pair) -> str:
    """A name and an address as headers say them."""
    name, address = one_line(pair[0]) or "", pair[1]
    if not ADDRESS.fullmatch(address):
        raise Refused(f"{address!r} is no address that mail can go to.")
    return formataddr((name, address)) if name.isascii() else f"{_encoded(name)} <{address}>"


@lru_cache(512)
def _subject(text: str) -> str:
    """Plain on one line where that is possible: it is never as long as a line of mail may be."""
    line = one_line(text) or ""
    return line if line.isascii() and "=?" not in line else _encoded(line)


def _encoded(text: str) -> str:
    """Words of RFC 2047, a line each; the first leaves room for the name of its header."""
    return Header(text, "utf-8", header_name="Reply-To").encode(linesep="\r\n")
