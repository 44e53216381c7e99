"""Who sends what: mails are claimed in short transactions, with a token and a lease."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, column, literal, or_, select, table, update

from app.extensions import db
from app.mail.fence import shared_clock
from app.mail.kinds import kind_of, kinds
from app.mail.models import Message
from app.web import settings

BATCH = 100
CLAIM = 2 * 60  # seconds for a batch until its bodies go out: whoever is later is stopped at the fence
MOST_PRESSING = "HPDN"
NETWORKS = table("network", column("id"), column("timezone"))
NIGHT_FROM, NIGHT_UNTIL = 21, 7
WAITS = or_(*[Message.kind.like(f"{letter}%") for letter in MOST_PRESSING], Message.kind.in_(("M1", "M2")))

Due = Row[int, int, str, datetime]  # id, person_id, kind, due_at: what sharing out the work needs of a message


def claim(token: str, now: datetime, at_night: bool = True) -> list[list[int]]:
    """Take the next mails for whoever has this token: groups of message ids that leave as one mail. Commits."""
    clock = shared_clock(db.session.connection(), now)
    _recover(clock)
    ready = _due(now) if at_night else _due(now).where(_awake(now, settings().timezone))
    batch = _taken(ready.limit(BATCH))
    batch += _companions(batch, ready)
    held = {"state": "claimed", "token": token, "lease_until": clock + timedelta(seconds=CLAIM)}
    ours = update(Message).where(Message.id.in_([message.id for message in batch])).values(**held)
    db.session.execute(ours.execution_options(synchronize_session=False))
    db.session.commit()
    return [[message.id for message in group] for group in _groups(batch)]


def _due(now: datetime) -> Select[int, int, str, datetime]:
    """Planned mails whose time has come, longest waiting first."""
    return (
        select(Message.id, Message.person_id, Message.kind, Message.due_at)
        .where(Message.state == "planned", Message.due_at <= now)
        .where(or_(Message.retry_at.is_(None), Message.retry_at <= now))
        .order_by(Message.due_at, Message.id)
    )


def _awake(now: datetime, zone: str) -> ColumnElement[bool]:
    """What may leave at `now`: at once, because a manager said so, or where it is no night. `zone`: of no network."""
    zones = set(db.session.scalars(select(NETWORKS.c.timezone).distinct()))
    asleep = [each for each in zones if _night(now, each)]
    there = select(NETWORKS.c.id).where(NETWORKS.c.timezone.in_(asleep))
    nowhere = Message.network_id.is_(None) & literal(not _night(now, zone))
    return or_(Message.pinned, ~WAITS, Message.network_id.not_in(there), nowhere)


def _night(now: datetime, zone: str) -> bool:
    hour = now.astimezone(ZoneInfo(zone)).hour
    return hour >= NIGHT_FROM or hour < NIGHT_UNTIL


def _taken(ready: Select[int, int, str, datetime]) -> list[Due]:
    """These rows, locked; not those that another worker is taking."""
    return list(db.session.execute(ready.with_for_update(skip_locked=True)))


def _recover(clock: datetime) -> None:
    """What a worker that died had claimed is planned again; what it was sending is ambiguous."""
    query = select(Message).where(Message.state.in_(("claimed", "sending")), Message.lease_until < clock)
    for message in db.session.scalars(query.with_for_update(skip_locked=True)):
        if message.state == "sending":
            doubt(message)
        else:
            message.plan(message.due_at)
    db.session.flush()


def doubt(message: Message) -> None:
    """Nobody knows whether it arrived: most kinds go once more, with the same Message-ID."""
    message.plan(message.due_at)
    message.ambiguous = True
    if kind_of(message.kind).rather_not_twice:
        message.state = "uncertain"


def _companions(batch: Sequence[Due], ready: Select[int, int, str, datetime]) -> list[Due]:
    """What else is due for the same people and goes together with it."""
    together = [name for name, kind in kinds().items() if kind.together]
    people = {message.person_id for message in batch if message.kind in together}
    others = Message.id.not_in([each.id for each in batch])
    return _taken(ready.where(Message.person_id.in_(people), Message.kind.in_(together), others)) if people else []


def _groups(batch: Iterable[Due]) -> list[list[Due]]:
    """One mail each: the steps of one person together, most pressing first; everything else alone."""

    def owner(message: Due) -> tuple[int, int]:
        return (message.person_id, 0 if kind_of(message.kind).together else message.id)

    groups = [sorted(group, key=_pressing) for _, group in groupby(sorted(batch, key=owner), key=owner)]
    return sorted(groups, key=lambda group: min((each.due_at, each.id) for each in group))


def _pressing(message: Due) -> tuple[int, datetime, int]:
    return MOST_PRESSING.find(message.kind[0]), message.due_at, message.id


def held(token: str) -> Select[Message]:
    """What is claimed by `token` and has not left."""
    return select(Message).where(Message.token == token, Message.state.in_(("claimed", "sending")))
