"""What mail needs of the areas: a letter, and for each kind of mail how it is checked and written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.mail.models import Message


@dataclass(frozen=True)
class Letter:
    """A mail as it will be read. Addresses are (display name, address) pairs."""

    to: tuple[str, str]
    subject: str
    text: str
    html: str
    language: str
    sender: tuple[str, str] | None = None  # None = the instance's own
    reply_to: tuple[str, str] | None = None
    unsubscribe: str | None = None
    urgent: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of mail.

    `still_true(message, now)`: whether it may leave at `now`. `render(messages, now)`: the letter of these messages,
    all for one person; more than one only for kinds that go `together`, most pressing first. `gather(messages)`: reads
    at once what the letters of a whole batch need; what it returns is kept until they are written.
    """

    still_true: Callable[[Message, datetime], bool]
    render: Callable[[Sequence[Message], datetime], Letter]
    together: bool = False
    gather: Callable[[Sequence[Message]], object] = list
    rather_not_twice: bool = False  # held for a person to decide when nobody knows whether it arrived
