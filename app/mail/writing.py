"""The mails of one round, written one by one: each while the relay thinks about one before it.

They are written in an application context beside the sender's, whose session only reads: it holds no lock, and what it
has read serves a whole batch. Whether a mail is still true is seen again at the fence.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from flask import current_app
from flask.globals import app_ctx
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.extensions import db
from app.mail import claims, queries
from app.mail.claims import kind_of
from app.mail.compose import compose, name_of, sender_of
from app.mail.models import Message
from app.mail.queries import Version
from app.mail.reading import forget, known, only_reading
from app.mail.transports import Envelope
from app.web import settings

AHEAD = 2  # mails: the one whose envelope the relay gets with the body before, and the one being written

Result = TypeVar("Result")


class Attempt(Protocol):
    """Does `work` and gives its result, or the error it ended in."""

    def __call__(self, work: Callable[[], Result]) -> Result | Exception: ...


@dataclass(frozen=True)
class Ready:
    """A mail as it was written: when, and from which versions of which messages."""

    at: datetime
    envelope: Envelope
    name: str
    body: bytes
    made_from: dict[int, Version]
    networks: list[int]
    refused: int | None  # the person whose address was marked as refused

    @property
    def ids(self) -> list[int]:
        return list(self.made_from)


@dataclass(frozen=True)
class Written:
    """What became of a group: a mail, and the messages that are not true any more."""

    ready: Ready | None
    gone: list[int]


class Outgoing:
    """Iterating gives the mails in their order, batch after batch, as long as `more` claims any for `token`.

    A mail is written before it is asked for, and so is the next one: the relay is told whom it is for while it takes
    the one before. `gone` and `broken` grow meanwhile, for the sender to record.
    """

    def __init__(self, token: str, more: Callable[["Outgoing"], list[list[int]]], attempt: Attempt) -> None:
        self.token, self.more, self.attempt = token, more, attempt
        self.beside = current_app.app_context()
        self.done: deque[Ready] = deque()
        self.groups: deque[list[int]] = deque()
        self.over = False
        self.gone: list[int] = []
        self.broken: list[tuple[list[int], Exception]] = []

    @contextmanager
    def opened(self) -> Iterator["Outgoing"]:
        """Inside it letters can be written."""
        here = app_ctx._get_current_object()  # type: ignore[attr-defined]
        with self.beside, only_reading(), here:
            yield self

    def __iter__(self) -> Iterator[Ready]:
        while True:
            while not self.done and not self.over:
                self._write_next()
            if not self.done:
                return
            yield self.done.popleft()

    @property
    def following(self) -> Envelope | None:
        """Of the mail that comes next, where it is written already."""
        return self.done[0].envelope if self.done else None

    def go_on(self) -> None:
        """Write one mail ahead. What the database cannot do now is tried again when that mail is asked for."""
        try:
            if len(self.done) < AHEAD and not self.over:
                self._write_next()
        except SQLAlchemyError:
            db.session.rollback()
            with self.beside:
                db.session.rollback()

    def _write_next(self) -> None:
        """One group more, or the next batch of them."""
        if self.groups:
            self._write(self.groups[0])
            self.groups.popleft()
        else:
            self.groups.extend(self.more(self))
            self.over = not self.groups
            with self.beside:
                self._read()

    def _write(self, group: list[int]) -> None:
        held = [self.messages[number] for number in group if number in self.messages and number in self.made_from]
        with self.beside:
            result = self.attempt(partial(write, held, self.now, self.made_from))
        if isinstance(result, Exception):
            self.broken.append((group, result))
        else:
            self.gone += result.gone
            self.done.extend([result.ready] if result.ready else [])

    def _read(self) -> None:
        """What the letters of the next batch need."""
        forget()
        self.now = clock.now()
        # Versions before all else: what changes later is seen at the fence.
        self.made_from = queries.versions(db.session.connection(), self.token)
        self.messages = claims.to_write(list(self.made_from), self.token)
        # One row that cannot be gathered keeps no other mail: each letter reads what it misses, and this one fails.
        self.held = self.attempt(partial(gathered, list(self.messages.values())))


def gathered(messages: Sequence[Message]) -> list[object]:
    """The rows the letters of a batch are made from, read together: a session only remembers what somebody holds."""
    by_reader: dict[Callable[[Sequence[Message]], object], list[Message]] = {}
    for message in messages:
        by_reader.setdefault(kind_of(message).gather, []).append(message)
    return [gather(those) for gather, those in by_reader.items()]


def write(messages: Sequence[Message], now: datetime, made_from: dict[int, Version]) -> Written:
    """The mail of these messages, all for one person, from what is true of them."""
    true = [message for message in messages if kind_of(message).still_true(message, now)]
    gone = [message.id for message in messages if message not in true]
    if not true:
        return Written(None, gone)
    first = true[0]
    letter = kind_of(first).render(true, now)
    sender = sender_of(letter, settings(), known(("sender",), queries.default_sender))
    ready = Ready(
        at=now,
        envelope=Envelope(sender.addr_spec, letter.to[1]),
        name=name_of(first),
        body=compose(first, letter, sender, settings(), now),
        made_from={each.id: made_from[each.id] for each in true},
        networks=sorted({each.network_id for each in true if each.network_id is not None}),
        refused=first.person_id if made_from[first.id].refused_at else None,
    )
    return Written(ready, gone)
