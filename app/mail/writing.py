"""The mails of one claim, written one by one: each while the relay thinks about the one before.

They are written in an application context beside the sender's, whose session only reads: it holds no lock, and what it
has read serves a whole batch. Whether a mail is still true is seen again at the fence.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar

from flask import current_app
from flask.globals import app_ctx
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.extensions import db
from app.mail import claims, queries
from app.mail.claims import kind_of
from app.mail.compose import compose, name_of, sender_of
from app.mail.models import Message
from app.mail.reading import known, only_reading
from app.web import settings

Result = TypeVar("Result")


class Attempt(Protocol):
    """Does `work` and gives its result, or the error it ended in."""

    def __call__(self, work: Callable[[], Result]) -> Result | Exception: ...


@dataclass(frozen=True)
class Ready:
    """A mail as it was written: of which messages, when, and what it was made from."""

    ids: list[int]
    at: datetime
    sender: str
    to: str
    name: str
    body: bytes
    made_from: dict[int, tuple[Any, ...]]
    networks: list[int]
    people: list[int]


@dataclass(frozen=True)
class Written:
    """What became of a group: a mail, and the messages that are not true any more."""

    ready: Ready | None
    gone: list[int]


class Batch:
    """Iterating gives the mails in their order. `gone` and `broken` grow meanwhile, for the sender to record."""

    def __init__(self, token: str, groups: Sequence[list[int]], attempt: Attempt) -> None:
        self.token, self.groups, self.attempt = token, deque(groups), attempt
        self.done: deque[Ready] = deque()
        self.failure: SQLAlchemyError | None = None
        self.gone: list[int] = []
        self.broken: list[tuple[list[int], Exception]] = []

    @contextmanager
    def opened(self) -> Iterator["Batch"]:
        """Read what the letters need; until the end it is there for writing them."""
        here, self.beside = app_ctx._get_current_object(), current_app.app_context()  # type: ignore[attr-defined]
        with self.beside, only_reading():
            self._read()
            with here:
                yield self

    def _read(self) -> None:
        self.now, ids = clock.now(), [number for group in self.groups for number in group]
        self.made_from = queries.versions(
            db.session.connection(), self.token
        )  # before all else: what changes later is seen at the fence
        self.messages = claims.to_write(ids, self.token)
        self.held = gathered(list(self.messages.values()))

    def __iter__(self) -> Iterator[Ready]:
        while self.done or self.groups:
            if self.failure:
                raise self.failure
            if self.done:
                yield self.done.popleft()
            else:
                self._write_next()

    def go_on(self) -> None:
        """Write one mail ahead. What goes wrong is said when that mail is asked for."""
        try:
            if self.groups and not self.done:
                self._write_next()
        except SQLAlchemyError as error:
            self.failure = error

    def _write_next(self) -> None:
        group = self.groups.popleft()
        held = [self.messages[number] for number in group if number in self.messages and number in self.made_from]
        with self.beside:
            result = self.attempt(partial(write, held, self.now, self.made_from))
        if isinstance(result, Exception):
            self.broken.append((group, result))
        else:
            self.gone += result.gone
            self.done.extend([result.ready] if result.ready else [])


def gathered(messages: Sequence[Message]) -> list[object]:
    """The rows the letters of a batch are made from, read together: a session only remembers what somebody holds."""
    by_reader: dict[Callable[[Sequence[Message]], object], list[Message]] = {}
    for message in messages:
        by_reader.setdefault(kind_of(message).gather, []).append(message)
    return [gather(those) for gather, those in by_reader.items()]


def write(messages: Sequence[Message], now: datetime, made_from: dict[int, tuple[Any, ...]]) -> Written:
    """The mail of these messages, all for one person, from what is true of them."""
    true = [message for message in messages if kind_of(message).still_true(message, now)]
    gone = [message.id for message in messages if message not in true]
    if not true:
        return Written(None, gone)
    first = true[0]
    letter = kind_of(first).render(true, now)
    sender = sender_of(letter, settings(), known(("sender",), queries.default_sender))
    ready = Ready(
        ids=[each.id for each in true],
        at=now,
        sender=sender.addr_spec,
        to=letter.to[1],
        name=name_of(first),
        body=compose(first, letter, sender, settings(), now),
        made_from={each.id: made_from[each.id] for each in true},
        networks=sorted({each.network_id for each in true if each.network_id is not None}),
        people=[first.person_id] if queries.was_refused(made_from[first.id]) else [],
    )
    return Written(ready, gone)
