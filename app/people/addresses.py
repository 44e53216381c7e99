"""Which addresses can receive mail: one rule for lists, forms and commands. Nothing is looked up."""

from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

# A mail server may take them before the @ (RFC 5321); in what people type they are left from something else.
LEFTOVERS = frozenset("'\"/|`{}?")


@lru_cache(4_000)
def receiving(text: str) -> str | None:
    """The address in lower case; None for what no mail can reach, and what not every relay takes: it must be ASCII."""
    if not text.isascii() or LEFTOVERS & set(text):
        return None
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False).normalized.lower()
    except EmailNotValidError:
        return None
