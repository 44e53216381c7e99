"""From a claimed row to a mail that left: written, checked once more at the fence, sent, recorded.

The window between the relay's 250 and our record of it cannot be closed. Whatever dies in it leaves a row in state
`sending`, which `claims` finds when its lease is over. Here is the loop of the worker, so here transactions end.
"""

import random
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from app import clock
from app.errors import Refused
from app.extensions import db
from app.mail import claims, queries
from app.mail.claims import claim, doubt, mine
from app.mail.models import Message
from app.mail.queries import mark_address, relay
from app.mail.transports import RelayDown, Transport, TurnedAway, Unknown, pause, transport
from app.mail.writing import Attempt, Outgoing, Ready, Result, gathered, write
from app.web import settings

MAX_TRIES = 10
STALE = timedelta(minutes=1)
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=4)
FIRST_REST, LONGEST_REST = timedelta(seconds=2), timedelta(minutes=15)
PATIENCE, BREATH = 60, 0.5  # seconds to go on recording what the relay took while the database is locked


@dataclass
class Round:
    """One worker's round: its line to the relay, and the mail the relay took that no transaction has recorded yet.

    `connection` is for what every mail needs; it costs half of what a session does.
    """

    line: Transport
    pause: float  # seconds between two mails
    connection: Connection
    token: str = field(default_factory=partial(secrets.token_hex, 16))
    taken: tuple[Ready, int, datetime] | None = None
    next_at: float = 0
    relay_failed: bool = False

    def keep_pace(self) -> None:
        """Wait for this mail's turn under the relay's rate."""
        if self.pause:
            time.sleep(max(self.next_at - monotonic(), 0))
            self.next_at = monotonic() + self.pause


def plainly(work: Callable[[], Result]) -> Result | Exception:
    """An attempt whose errors are the caller's. The worker has one that hands them back."""
    return work()


def deliver(
    seconds: float,
    stopped: Callable[[], bool] = lambda: False,
    attempt: Attempt = plainly,
    *,
    at_night: bool = True,
) -> int:
    """Send what is due for at most `seconds`; returns how many mails left. Leaves a relay that is down alone.

    Unless `at_night`, what need not leave at once waits from 21:00 to 07:00 on the network's clock.

    What one mail does wrong in an `attempt` is shown with that mail and does not keep the others from leaving.
    """
    end, url = monotonic() + seconds, settings().mail_url
    run = Round(transport(url), pause(url), db.engine.connect())

    def enough() -> bool:
        return stopped() or monotonic() >= end

    def more(outgoing: Outgoing) -> list[list[int]]:
        _set_aside(outgoing)
        return [] if enough() or _resting(run, clock.now()) else claim(run.token, clock.now(), at_night=at_night)

    try:
        return _send_all(run, Outgoing(run.token, more, attempt), enough)
    finally:
        run.line.abandon()
        with run.connection:
            _settle(run)
        with suppress(SQLAlchemyError):  # a database that is away now frees it when the lease is over
            _release(run.token)


def _release(token: str) -> None:
    """What did not leave need not wait for its lease."""
    db.session.rollback()
    claims.release(token)
    db.session.commit()


def _send_all(run: Round, outgoing: Outgoing, enough: Callable[[], bool]) -> int:
    sent = 0
    try:
        with outgoing.opened():
            for ready in outgoing:
                if enough():
                    break
                result = outgoing.attempt(partial(_send, run, outgoing, ready))
                sent += _given_up(run, ready, result) if isinstance(result, Exception) else result
        run.line.close()
        _settle(run)
        _set_aside(outgoing)
    except RelayDown as down:
        _settle(run)
        _rest(str(down))
    return sent


def _resting(run: Round, now: datetime) -> bool:
    state = relay()
    rest_until, run.relay_failed = state.rest_until, bool(state.failures)
    db.session.commit()
    return rest_until is not None and rest_until > now


def _set_aside(outgoing: Outgoing) -> None:
    """Record what is not true any more, and what cannot be written."""
    if outgoing.gone:
        claims.untrue(outgoing.gone, outgoing.token, clock.now())
    for ids, error in outgoing.broken:
        _show_broken(mine(ids, outgoing.token), error)
    db.session.commit()
    outgoing.gone, outgoing.broken = [], []


def _given_up(run: Round, ready: Ready, error: Exception) -> int:
    db.session.rollback()
    run.line.abandon()
    _show_broken(mine(ready.ids, run.token), error)
    db.session.commit()
    return 0


def _show_broken(messages: Sequence[Message], error: Exception) -> None:
    for message in messages:
        if message.state == "claimed":  # of what is `sending` nobody knows whether it arrived
            message.fail(str(error) if isinstance(error, Refused) else f"{type(error).__name__}: {error}")


def _send(run: Round, outgoing: Outgoing, ready: Ready) -> int:
    run.keep_pace()
    try:
        run.line.begin(ready.envelope, partial(_settle, run))
        checked = _fence(run, ready)
        if checked is None:
            run.line.abandon()
            return 0
        following = None if run.pause else outgoing.following
        code = run.line.finish(checked.name, checked.body, following, outgoing.go_on)
    except TurnedAway as refusal:
        _settle(run)
        _record_refusal(ready.ids, run.token, refusal)
        return 0
    except Unknown as error:
        _record_doubt(ready.ids, run.token, str(error))
        return 0
    run.taken = checked, code, clock.now()
    return 1


def _fence(run: Round, ready: Ready) -> Ready | None:
    """The last look before the body leaves: the mail as it is to go, or None when it must not.

    One transaction looks whether anything it was made from is another than it was, and records the mail before.
    """
    now = clock.now()
    return ready if _as_it_is(run, ready, now) else _anew(run, ready, now)


def _as_it_is(run: Round, ready: Ready, now: datetime) -> bool:
    """Whether the mail still says what is so, and leaves. One about no network has nothing to go by: asked again."""
    if abs(now - ready.at) > STALE or not ready.networks:
        return False
    with run.connection.begin() as transaction:
        _note_taken(run, run.connection)
        queries.hold_still(run.connection, ready.networks)
        if not claims.leaves(run.connection, run.token, ready.made_from, now):
            transaction.rollback()
            return False
    run.taken = None
    return True


def _anew(run: Round, ready: Ready, now: datetime) -> Ready | None:
    """What became untrue is cancelled, what changed is written once more."""
    connection = db.session.connection()
    _note_taken(run, connection)
    queries.hold_still(connection, ready.networks)
    checked = _rewritten(ready, run.token, now)
    if checked is not None and not claims.leaves(connection, run.token, checked.made_from, now):
        db.session.rollback()
        return None
    db.session.commit()
    run.taken = None
    return checked


def _rewritten(ready: Ready, token: str, now: datetime) -> Ready | None:
    """One that goes to another address now waits for the next round."""
    made_from = queries.versions(db.session.connection(), token, ready.ids)
    messages = [message for message in mine(ready.ids, token) if message.id in made_from]
    _held = gathered(messages)
    written = write(messages, now, made_from)
    claims.untrue(written.gone, token, now)
    if written.ready is None or written.ready.envelope.to != ready.envelope.to:
        claims.release(token, ready.ids)
        return None
    return written.ready


def _note_taken(run: Round, connection: Connection) -> None:
    """Record, in the running transaction, what the relay has taken."""
    if run.taken is None:
        return
    ready, code, at = run.taken
    claims.arrived(connection, ready.ids, run.token, code, at)
    if ready.refused:
        mark_address(connection, ready.refused, None)
    if run.relay_failed:
        queries.relay_works(connection)
        run.relay_failed = False


def _settle(run: Round) -> None:
    """Record what the relay has taken, also when the database is locked for a while: else it would go twice."""
    end = monotonic() + PATIENCE
    while run.taken is not None:
        try:
            db.session.rollback()
            with run.connection.begin():
                _note_taken(run, run.connection)
            run.taken = None
        except OperationalError:
            if monotonic() > end:
                raise
            time.sleep(BREATH)


def _record_refusal(ids: list[int], token: str, refusal: TurnedAway) -> None:
    """Never: failed at once, and a refused address is marked. Not now: tried again, until the tries are used."""
    now = clock.now()
    for message in mine(ids, token):
        if message.state == "claimed":
            message.attempts += 1
        if refusal.for_ever or message.attempts >= MAX_TRIES:
            message.fail(str(refusal), refusal.code)
        else:
            _retry(message, now, str(refusal), refusal.code)
        if refusal.for_ever and refusal.stage == "rcpt" and "to" not in message.params:  # not an address to be
            mark_address(db.session.connection(), message.person_id, now)
    db.session.commit()


def _record_doubt(ids: list[int], token: str, error: str) -> None:
    now = clock.now()
    for message in mine(ids, token):
        doubt(message)
        message.error = error[:300]
        if message.state == "planned" and message.attempts >= MAX_TRIES:
            message.fail(error)
        elif message.state == "planned":
            message.retry_at = now + _later(FIRST_RETRY, LONGEST_RETRY, message.attempts)
    db.session.commit()


def _retry(message: Message, now: datetime, error: str, code: int) -> None:
    message.plan(message.due_at)
    message.retry_at = now + _later(FIRST_RETRY, LONGEST_RETRY, message.attempts)
    message.error, message.reply_code = error[:300], code


def _rest(error: str) -> None:
    """The relay is down: what was claimed waits with everything else."""
    db.session.rollback()
    state = relay()
    state.failures += 1
    state.rest_until = clock.now() + _later(FIRST_REST, LONGEST_REST, state.failures)
    state.error = error[:300]
    db.session.commit()


def _later(first: timedelta, longest: timedelta, tries: int) -> timedelta:
    """Twice as long after each try, up to `longest`, a quarter more or less so that workers do not march in step."""
    return min(first * 2 ** min(tries - 1, 20), longest) * random.uniform(0.75, 1.25)  # noqa: S311
