"""From a claimed row to a mail that left: written, checked once more at the fence, sent, recorded.

The window between the relay's 250 and our record of it cannot be closed. Whatever dies in it leaves a row in state
`sending`, which `claims` finds when its lease is over. Here is the loop of the worker, so here transactions end.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from functools import partial
from time import monotonic
from typing import Protocol, TypeVar

from app import clock
from app.extensions import db
from app.mail.claims import claim, doubt, kinds, mine, release
from app.mail.compose import compose, name_of, sender_of
from app.mail.letter import Letter
from app.mail.models import Message
from app.mail.queries import default_sender, mark_address, relay, revisions
from app.mail.transports import RelayDown, Transport, TurnedAway, Unknown, transport
from app.web import settings

Result = TypeVar("Result")
MAX_TRIES = 10
STALE = timedelta(minutes=1)
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=4)
FIRST_REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=15)


class Attempt(Protocol):
    """Does `work` and gives its result, or the error it ended in."""

    def __call__(self, work: Callable[[], Result]) -> Result | Exception: ...


@dataclass(frozen=True)
class Ready:
    """A mail as it was written, when, and the revisions it was written from."""

    ids: list[int]
    at: datetime
    letter: Letter
    sender: Address
    made_from: list[tuple[int | None, int | None]]


def plainly(work: Callable[[], Result]) -> Result | Exception:
    """An attempt whose errors are the caller's. The worker has one that hands them back."""
    return work()


def deliver(seconds: float, stopped: Callable[[], bool] = lambda: False, attempt: Attempt = plainly) -> int:
    """Send what is due for at most `seconds`; returns how many mails left. Leaves a relay that is down alone.

    What one mail does wrong in an `attempt` is shown with that mail and does not keep the others from leaving.
    """
    end, sent, line = monotonic() + seconds, 0, transport(settings().mail_url)
    try:
        while monotonic() < end and not stopped() and not _resting(clock.now()):
            token, groups = claim(clock.now())
            if not groups:
                break
            sent += _send_batch(line, token, groups, lambda: stopped() or monotonic() >= end, attempt)
    finally:
        line.close()
    return sent


def _resting(now: datetime) -> bool:
    rest_until = relay().rest_until
    db.session.commit()
    return rest_until is not None and rest_until > now


def _send_batch(
    line: Transport, token: str, groups: Sequence[list[int]], enough: Callable[[], bool], attempt: Attempt
) -> int:
    sent = 0
    try:
        for ready in _written(groups, token, attempt):
            if enough():
                break
            result = attempt(partial(_send, line, ready, token))
            sent += _given_up(line, ready, token, result) if isinstance(result, Exception) else result
        _release(token)
    except RelayDown as down:
        _rest(str(down), token)
    return sent


def _written(groups: Sequence[list[int]], token: str, attempt: Attempt) -> list[Ready]:
    """The mails of a batch as things are now, in one transaction; what is not true any more is cancelled."""
    now, out = clock.now(), []
    for ids in groups:
        messages = mine(ids, token)
        result = attempt(partial(_write, messages, now))
        if isinstance(result, Exception):
            _show_broken(messages, result)
        elif result is not None:
            out.append(result)
    db.session.commit()
    return out


def _given_up(line: Transport, ready: Ready, token: str, error: Exception) -> int:
    db.session.rollback()
    line.abandon()
    _show_broken(mine(ready.ids, token), error)
    db.session.commit()
    return 0


def _show_broken(messages: Sequence[Message], error: Exception) -> None:
    for message in messages:
        if message.state == "claimed":  # of what is `sending` nobody knows whether it arrived
            _fail(message, f"{type(error).__name__}: {error}", None)


def _write(messages: Sequence[Message], now: datetime) -> Ready | None:
    messages = _true(messages, now)
    if not messages:
        return None
    letter = kinds()[messages[0].kind].render(messages, now)
    sender = sender_of(letter, settings(), default_sender())
    return Ready([each.id for each in messages], now, letter, sender, [revisions(each) for each in messages])


def _send(line: Transport, ready: Ready, token: str) -> int:
    try:
        line.begin(ready.sender.addr_spec, ready.letter.to[1])
        body = _fence(ready, token)
        if body is None:
            line.abandon()
            return 0
        code = line.finish(*body)
    except TurnedAway as refusal:
        _record_refusal(ready.ids, token, refusal)
        return 0
    except Unknown as error:
        _record_doubt(ready.ids, token, str(error))
        return 0
    _record_sent(ready.ids, token, code)
    return 1


def _true(messages: Sequence[Message], now: datetime) -> list[Message]:
    out = []
    for message in messages:
        if kinds()[message.kind].still_true(message, now):
            out.append(message)
        else:
            message.cancel("untrue", now)
    return out


def _fence(ready: Ready, token: str) -> tuple[str, bytes] | None:
    """The last look before the body leaves: (name, body), or None when this mail must not go.

    One transaction reads everything again. What became untrue is cancelled; what changed is written anew.
    """
    now = clock.now()
    messages = _true(mine(ready.ids, token), now)
    letter = ready.letter
    if messages and not _fresh(ready, messages, now):
        letter = kinds()[messages[0].kind].render(messages, now)
    if not messages or letter.to[1] != ready.letter.to[1]:
        for message in messages:
            message.plan(message.due_at)
        db.session.commit()
        return None
    mail = compose(messages[0], letter, ready.sender, settings(), now)
    body = name_of(messages[0]), mail.as_bytes()
    for message in messages:
        message.state, message.attempts = "sending", message.attempts + 1
    db.session.commit()
    return body


def _fresh(ready: Ready, messages: Sequence[Message], now: datetime) -> bool:
    """Whether the letter still says what is so. Answers raise no revision: they count anew after a minute."""
    if now - ready.at > STALE or [each.id for each in messages] != ready.ids:
        return False
    return [revisions(each) for each in messages] == ready.made_from


def _record_sent(ids: list[int], token: str, code: int) -> None:
    now = clock.now()
    for message in mine(ids, token):
        message.state, message.sent_at, message.reply_code = "sent", now, code
        message.token = message.lease_until = message.retry_at = message.error = None
        mark_address(message.person_id, None)
    state = relay()
    state.failures, state.rest_until, state.error = 0, None, None
    db.session.commit()


def _record_refusal(ids: list[int], token: str, refusal: TurnedAway) -> None:
    """Never: failed at once, and a refused address is marked. Not now: tried again, until the tries are used."""
    now = clock.now()
    for message in mine(ids, token):
        if message.state == "claimed":
            message.attempts += 1
        if refusal.for_ever or message.attempts >= MAX_TRIES:
            _fail(message, str(refusal), refusal.code)
        else:
            _retry(message, now, str(refusal), refusal.code)
        if refusal.for_ever and refusal.stage == "rcpt":
            mark_address(message.person_id, now)
    db.session.commit()


def _record_doubt(ids: list[int], token: str, error: str) -> None:
    now = clock.now()
    for message in mine(ids, token):
        doubt(message)
        message.error = error[:300]
        if message.state == "planned" and message.attempts >= MAX_TRIES:
            _fail(message, error, None)
        elif message.state == "planned":
            message.retry_at = now + _later(FIRST_RETRY, LONGEST_RETRY, message.attempts)
    db.session.commit()


def _fail(message: Message, error: str, code: int | None) -> None:
    message.state, message.error, message.reply_code = "failed", error[:300], code
    message.token = message.lease_until = message.retry_at = None


def _retry(message: Message, now: datetime, error: str, code: int) -> None:
    message.plan(message.due_at)
    message.retry_at = now + _later(FIRST_RETRY, LONGEST_RETRY, message.attempts)
    message.error, message.reply_code = error[:300], code


def _release(token: str) -> None:
    release(token)
    db.session.commit()


def _rest(error: str, token: str) -> None:
    """The relay is down: what was claimed waits with everything else."""
    db.session.rollback()
    release(token)
    state = relay()
    state.failures += 1
    state.rest_until = clock.now() + _later(FIRST_REST, LONGEST_REST, state.failures)
    state.error = error[:300]
    db.session.commit()


def _later(first: timedelta, longest: timedelta, tries: int) -> timedelta:
    """Twice as long after each try, up to `longest`, a quarter more or less so that workers do not march in step."""
    return min(first * 2 ** min(tries - 1, 20), longest) * random.uniform(0.75, 1.25)
