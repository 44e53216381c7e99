"""The names of our mails: a number, and a mark that only who was written to has seen.

A report that names a mail is believed by it, so it must not be guessed. The same for every try (RFC 5322, 3.6.4).
"""

import hmac
import re
from base64 import b32encode

from app.edge.web import settings
from app.mail.models import Message

NAMED = re.compile(r"<m-(\d{1,9})-g(\d{1,4})-([a-z2-7]{16})@([a-z0-9.:-]+)>", re.IGNORECASE)


def message_id(message: Message) -> str:
    """Without its angle brackets."""
    name = name_of(message)
    return f"{name}-{_mark(name)}@{settings().feed_domain}"


def name_of(message: Message) -> str:
    """Of its file, where mails are files."""
    return f"m-{message.id}-g{message.generation}"


def _mark(name: str) -> str:
    """Small letters, because some servers change their case."""
    return b32encode(hmac.digest(settings().feed_key.encode(), f"mail {name}".encode(), "sha256")[:10]).decode().lower()


def ours_in(text: str) -> tuple[int, ...]:
    """Numbers of the mails of ours a text names, by what nobody could have made up."""
    domain = settings().feed_domain.lower()
    return tuple(
        int(number)
        for number, generation, mark, where in NAMED.findall(text)
        if where.lower() == domain and hmac.compare_digest(mark.lower(), _mark(f"m-{number}-g{generation}"))
    )
