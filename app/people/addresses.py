"""Which addresses can receive mail: one rule for lists, forms and commands. Nothing is looked up."""

import re
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

# A mail server may take them before the @ (RFC 5321); in what people type they are left from something else.
LEFTOVERS = frozenset("'\"/|`{}?")


# Written so plainly that only what stands behind the @ has to be looked at, once for all who have it.
PLAIN = re.compile(r"[a-z0-9_-]+(?:[.+][a-z0-9_-]+)*")
LONGEST, LONGEST_WHOLE = 64, 255  # letters before the @, and of the whole with one more (RFC 5321)


@lru_cache(4_000)
def receiving(text: str) -> str | None:
    """The address in lower case; None for what no mail can reach, and what not every relay takes: it must be ASCII."""
    if not text.isascii() or LEFTOVERS & set(text):
        return None
    local, _at, domain = text.rpartition("@")
    if len(local) <= LONGEST and PLAIN.fullmatch(local):
        whole = _any_at(domain)
        return local + whole.removeprefix("x") if whole and len(local) + len(whole) <= LONGEST_WHOLE else None
    return _checked(text)


@lru_cache(20_000)
def _any_at(domain: str) -> str | None:
    return _checked(f"x@{domain}")


def _checked(text: str) -> str | None:
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False).normalized.lower()
    except EmailNotValidError:
        return None
