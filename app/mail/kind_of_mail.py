"""What mail needs of the areas: for each kind of mail when it is still true, and how it becomes a letter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from app.errors import Refused
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
    reply_to: tuple[tuple[str, str], ...] = ()
    unsubscribe: str | None = None
    urgent: bool = False
    calendar: "CalendarPart | None" = None


@dataclass(frozen=True)
class CalendarPart:
    """What a calendar program reads of an invitation. It and the mail come from the `organiser`."""

    method: str
    body: bytes
    organiser: tuple[str, str]


@dataclass(frozen=True)
class Kind:
    """One kind of mail.

    `still_true(message, now)`: whether it may leave at `now`. `render(messages, now)`: the letter of these messages,
    all for one person; more than one only for kinds that go `together`, most pressing first. `gather(messages)`: reads
    at once what the letters of a whole batch need; what it returns is kept until they are written. `rides`: it goes
    with the person's next mail of those that go together, and alone when none has left by its time.
    """

    still_true: Callable[[Message, datetime], bool]
    render: Callable[[Sequence[Message], datetime], Letter]
    together: bool = False
    rides: bool = False
    gather: Callable[[Sequence[Message]], object] = list
    rather_not_twice: bool = False  # held for a person to decide when nobody knows whether it arrived


def kinds() -> Mapping[str, Kind]:
    """Every kind there is; create_app hands them over."""
    return current_app.extensions["kinds of mail"]


def _refuse(messages: Sequence[Message], now: datetime) -> Letter:
    raise Refused(f"This version of Toerbeurt knows no mail of the kind {messages[0].kind}.")


UNKNOWN = Kind(still_true=lambda message, now: True, render=_refuse)


def kind_of(name: str) -> Kind:
    """A row may be older or newer than this program: one of a kind it does not know fails when it is to be written."""
    return kinds().get(name, UNKNOWN)


def gathered(messages: Sequence[Message]) -> list[object]:
    """The rows the letters of these messages are made from, read together, by each reader once."""
    readers = {kind_of(message.kind).gather for message in messages}
    return [read([each for each in messages if kind_of(each.kind).gather is read]) for read in readers]
