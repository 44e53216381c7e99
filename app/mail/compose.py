"""A letter with everything every mail of ours carries, as bytes for the relay."""

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


class Remembering(EmailPolicy):
    """Most headers of a batch are the same: each is parsed and folded once."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return (name, _parsed(self, name, value)) if type(value) is str else super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return _folded(self, name, value)


@lru_cache(512)
def _parsed(policy: EmailPolicy, name: str, value: str) -> Any:
    return EmailPolicy.header_store_parse(policy, name, value)[1]


@lru_cache(512)
def _folded(policy: EmailPolicy, name: str, value: str) -> bytes:
    return EmailPolicy.fold_binary(policy, name, value)


PLAIN = Remembering(linesep=SMTP.linesep, cte_type="7bit")  # no relay on the way has to know 8BITMIME
UNFOLDED = PLAIN.clone(max_line_length=200)  # Python folds a long plain subject before its first word: a stray blank


def name_of(message: Message) -> str:
    """The same for every try, another for every generation."""
    return f"m-{message.id}-g{message.generation}"


def sender_of(letter: Letter, settings: Settings, fallback: tuple[str, str] | None) -> Address:
    """MAIL_FROM, else the programme's sender, else the instance's first programme's, else an address of ours."""
    pair = parseaddr(settings.mail_from) if settings.mail_from else letter.sender or fallback
    name, address = pair or (NAME, f"noreply@{settings.feed_domain}")
    return _address((name or (letter.sender or (NAME, ""))[0], address))


def _address(pair: tuple[str, str]) -> Address:
    name, address = pair
    return Address(one_line(name) or "", addr_spec=address)


def compose(message: Message, letter: Letter, sender: Address, settings: Settings, now: datetime) -> bytes:
    """Plain text complete on its own, HTML beside it, and the headers of every mail."""
    mail = EmailMessage(policy=PLAIN)
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    mail.set_boundary(BOUNDARY)
    mail["From"] = str(sender)  # as text it is parsed once
    mail["To"] = _address(letter.to)
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
    mail["Content-Language"] = letter.language  # not before: making it multipart moves Content- headers inside
    return mail.as_bytes(policy=UNFOLDED if str(mail["Subject"]).isascii() else PLAIN)
