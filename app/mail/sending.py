"""From a claimed row to a mail that left: written, checked once more at the fence, sent, recorded.

The window between the relay's 250 and our record of it cannot be closed. Whatever dies in it leaves a row in state
`sending`, which `claims` finds when its lease is over. The worker's loop calls it, so here transactions end.
"""

import random
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session, object_session

from app import clock
from app.batch import reading
from app.edge.web import settings
from app.errors import Refused
from app.extensions import Instant, db
from app.mail import claims
from app.mail.claims import PEOPLE, ROWS, Version
from app.mail.kind_of_mail import gathered, kind_of
from app.mail.mime import Mail, compose
from app.mail.models import Message, Relay
from app.mail.transports import RelayDown, Transport, TurnedAway, Unknown, transport

MAX_TRIES = 10
FRESH = 60  # seconds until what a batch is written from is read anew
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=4)
FIRST_REST, LONGEST_REST = timedelta(seconds=2), timedelta(minutes=15)
INVENTED = (".example", ".invalid")  # nobody can have an address there (RFC 2606, 2): the sample programme's people
PATIENCE, BREATH = 60, 0.5  # seconds to go on recording what the relay took while the database is locked

ARRIVED = (
    update(ROWS)
    .where(ROWS.c.id == bindparam("number"), ROWS.c.token == bindparam("held"), ROWS.c.state == "sending")
    .values(state="sent", sent_at=bindparam("at", type_=Instant), reply_code=bindparam("code"))
    .values(token=None, lease_until=None, retry_at=None, error=None)
)


@dataclass
class Delivery:
    """One worker at it. `writing`: the messages that are being made a mail.

    `taken`: the mail the relay took that no transaction has recorded yet; the next fence does, or `_settle`.
    """

    over: Callable[[], bool]
    at_night: bool = True
    line: Transport = field(default_factory=lambda: transport(settings().mail_url))
    token: str = field(default_factory=partial(secrets.token_hex, 16))
    writing: Sequence[int] = ()
    taken: tuple[Mapping[int, Version], int, datetime] | None = None
    sent: int = 0
    told: Callable[[int], None] = lambda sent: None  # hears how many left so far


def send_due(run: Delivery) -> None:
    """Send what is due until it is over. Leaves a relay that is down alone.

    Unless `at_night`, what need not leave at once waits from 21:00 to 07:00 on the network's clock.
    """
    try:
        while not run.over() and not _resting() and (batch := claims.claim(run.token, clock.now(), run.at_night)):
            _send_batch(run, batch)
            _note(run, _released)
        run.line.close()
    except RelayDown as down:
        _rest(str(down))
        _note(run, _released)
    finally:
        run.line.abandon()
        _settle(run)


def blame(run: Delivery, error: Exception) -> bool:
    """Record an error that ended `send_due`: the mail that was being written fails, and the others need not wait.

    False when it is no mail's fault but the database's, or nothing was being written.
    """
    ours = bool(run.writing) and not isinstance(error, DBAPIError)
    with suppress(DBAPIError):  # a database that is away now frees them when the lease is over
        if ours:
            _note(run, partial(_broken, error), run.writing)
        _note(run, _released)
    return ours


def _resting() -> bool:
    until = db.session.scalar(select(Relay.rest_until))
    db.session.commit()
    return until is not None and until > clock.now()


def _rest(error: str) -> None:
    """The relay is down: what was claimed waits with everything else."""
    with suppress(IntegrityError), Session(db.engine) as session, session.begin():
        relay = session.get(Relay, 1) or Relay(id=1, failures=0)
        session.add(relay)  # unless another worker makes it at this very moment, and says the same
        relay.failures += 1
        relay.rest_until = clock.now() + _later(FIRST_REST, LONGEST_REST, relay.failures)
        relay.error = error[:300]


def _send_batch(run: Delivery, groups: Sequence[Sequence[int]]) -> None:
    """Each group as one mail, while what they are written from is fresh. What is left over is claimed once more."""
    until = monotonic() + FRESH
    with reading():
        versions = claims.versions(db.session.connection(), run.token)  # first: the fence sees what changes later
        messages = {message.id: message for message in db.session.scalars(claims.held(run.token))}
        kept = gathered(list(messages.values()))  # a session remembers only what is held
        for run.writing in groups:
            if run.over() or monotonic() > until:
                break
            _send(run, [messages[number] for number in run.writing if number in versions], versions)
        kept.clear()
    run.writing = ()


def _send(run: Delivery, messages: Sequence[Message], versions: Mapping[int, Version]) -> None:
    """The mail of these messages, all for one person, from what is true of them."""
    now = clock.now()
    invented = (versions[messages[0].id].email or "").endswith(INVENTED)
    true = [message for message in messages if not invented and kind_of(message.kind).still_true(message, now)]
    mail = compose(true[0], kind_of(true[0].kind).render(true, now), now) if true else None
    if mail and mail.to.endswith(INVENTED):  # a stranger's
        true = []
    gone = [message.id for message in messages if message not in true]
    if gone:
        _note(run, lambda message, at: message.cancel("untrue", at), gone)
    if mail and true:
        _hand_over(run, mail, {message.id: versions[message.id] for message in true})


def _hand_over(run: Delivery, mail: Mail, made_from: Mapping[int, Version]) -> None:
    """To the relay. Where something changed meanwhile it is claimed once more, and written anew."""
    if run.line.pause and run.sent:
        _settle(run)
        time.sleep(run.line.pause)
    try:
        run.line.begin(mail)
        if _fence(run, made_from):
            run.taken = made_from, run.line.finish(mail), clock.now()
            run.sent += 1
            run.told(run.sent)
        else:
            run.line.abandon()
    except TurnedAway as refusal:
        _note(run, partial(_turned_away, refusal), list(made_from))
    except Unknown as error:
        _note(run, partial(_doubted, error), list(made_from))


def _fence(run: Delivery, made_from: Mapping[int, Version]) -> bool:
    """The last look before the body leaves. The same transaction records the mail before."""
    with db.engine.begin() as connection:
        passed = claims.leaves(connection, run.token, made_from, clock.now())
        _note_taken(run, connection)
    run.taken = None
    return passed


def _note_taken(run: Delivery, connection: Connection) -> None:
    """Record, in the running transaction, what the relay has taken."""
    if run.taken is not None:
        made_from, code, at = run.taken
        rows = [{"held": run.token, "number": number, "code": code, "at": at} for number in made_from]
        connection.execute(ARRIVED, rows)
        for person in {row.person_id for row in made_from.values() if row.address_failed_at}:
            connection.execute(update(PEOPLE).where(PEOPLE.c.id == person).values(address_failed_at=None))
        if run.sent == 1:
            connection.execute(update(Relay).values(failures=0, rest_until=None, error=None))


def _settle(run: Delivery) -> None:
    """Record what the relay has taken, also when the database is locked for a while: else it would go twice."""
    until = monotonic() + PATIENCE
    while run.taken is not None:
        try:
            with db.engine.begin() as connection:
                _note_taken(run, connection)
            run.taken = None
        except OperationalError:
            if monotonic() > until:
                raise
            time.sleep(BREATH)


def _note(run: Delivery, outcome: Callable[[Message, datetime], None], numbers: Sequence[int] | None = None) -> None:
    """Record what became of these messages, or of all that are left over."""
    _settle(run)
    which = claims.held(run.token) if numbers is None else claims.held(run.token).where(Message.id.in_(numbers))
    with Session(db.engine) as session, session.begin():
        for message in session.scalars(which.with_for_update()):
            outcome(message, clock.now())


def _released(message: Message, now: datetime) -> None:
    """What did not leave need not wait for its lease."""
    if message.state == "claimed":
        message.plan(message.due_at)


def _broken(error: Exception, message: Message, now: datetime) -> None:
    if message.state == "claimed":  # of what is `sending` nobody knows whether it arrived
        message.fail(str(error) if isinstance(error, Refused) else f"{type(error).__name__}: {error}")


def _turned_away(refusal: TurnedAway, message: Message, now: datetime) -> None:
    """Never: failed at once, and a refused address is marked. Not now: tried again, until the tries are used."""
    if message.state == "claimed":
        message.attempts += 1
    if not refusal.for_ever:
        _try_later(message, now, str(refusal), refusal.code)
        return
    message.fail(str(refusal), refusal.code)
    session = object_session(message)
    if session and refusal.stage == "rcpt" and "to" not in message.params:  # not an address to be
        session.execute(update(PEOPLE).where(PEOPLE.c.id == message.person_id).values(address_failed_at=now))


def _doubted(error: Unknown, message: Message, now: datetime) -> None:
    claims.doubt(message)
    if message.state == "planned":
        _try_later(message, now, str(error), None)


def _try_later(message: Message, now: datetime, error: str, code: int | None) -> None:
    if message.attempts >= MAX_TRIES:
        message.fail(error, code)
        return
    message.plan(message.due_at)
    message.retry_at = now + _later(FIRST_RETRY, LONGEST_RETRY, message.attempts)
    message.error, message.reply_code = error[:300], code


def _later(first: timedelta, longest: timedelta, tries: int) -> timedelta:
    """Twice as long after each try, up to `longest`, a quarter more or less so that workers do not march in step."""
    return min(first * 2 ** min(tries - 1, 20), longest) * random.uniform(0.75, 1.25)  # noqa: S311
