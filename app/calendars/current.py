"""What a link is to serve at this moment, in one statement: calendars ask far more often than anything changes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Engine, Integer, Select, String, cast, func, literal, or_, select
from sqlalchemy import bindparam as given
from sqlalchemy import case as when
from sqlalchemy.exc import OperationalError

from app.calendars.links import REPLACED_FOR, token_hash
from app.calendars.models import FeedLink
from app.edge.web import settings
from app.extensions import db
from app.networks.models import Contact, Membership, Network
from app.networks.queries import networks_managed
from app.people.models import Person

PAST = timedelta(days=365)  # for so long meetings stay, and the networks somebody has left
LINK = FeedLink.__table__.c


class Whose(NamedTuple):
    """What decides which networks a link shows, and on which day that is asked; values or columns."""

    person: ColumnElement[int]
    scope: ColumnElement[str]
    network: ColumnElement[Any]
    day: ColumnElement[date]
    since: ColumnElement[date]


def _shown(whose: Whose) -> Select[int]:
    """Ids of the networks whose meetings a link shows; a part of a query."""
    sits = select(Membership.network_id).join(Contact).where(Contact.person_id == whose.person, whose.scope != "all")
    sits = sits.where(or_(Membership.left.is_(None), Membership.left >= whose.since))
    manages = networks_managed(whose.person, whose.day).where(whose.scope != "mine")
    ids = sits.correlate(FeedLink).union(manages)
    wanted = or_(whose.network.is_(None), whose.network == Network.id)
    return select(Network.id).where(Network.id.in_(ids), wanted).correlate(FeedLink)


_DAYS = given("day", None, type_=Date), given("since", None, type_=Date)
_EACH = Whose(LINK.person_id, LINK.scope, LINK.network_id, *_DAYS)
_REVISIONS = func.aggregate_strings(cast(Network.id, String) + ":" + cast(Network.revision, String), " ")
ASKED = (
    select(
        LINK.id,
        LINK.token_hash,
        LINK.made_from,
        LINK.etag,
        LINK.modified_at,
        LINK.fetched_at,
        LINK.replaced_at,
        LINK.ends_at,
        Person.language,
        Person.formal,
        Person.formal_here,
        Person.revision,
        select(_REVISIONS).where(Network.id.in_(_shown(_EACH))).scalar_subquery(),
        when((LINK.etag != given("known", None, type_=String), LINK.body)),
    )
    .join(Person, Person.id == LINK.person_id)
    .where(LINK.token_hash == given("hash", None, type_=String))
)


class Stored(NamedTuple):
    """A row of ASKED: the link, its rendering, and what a rendering depends on. `body` only where it is not known."""

    id: int
    token_hash: str
    made_from: str | None
    etag: str
    modified_at: datetime
    fetched_at: datetime | None
    replaced_at: datetime | None
    ends_at: datetime | None
    language: str
    formal: bool | None
    formal_here: bool | None
    revision: int
    revisions: str | None
    body: bytes

    def key(self, day: date) -> str:
        """What a rendering of this day is made from: while it is the same, the stored bytes are right."""
        reader = self.token_hash, self.language, self.formal, self.formal_here, self.revision
        parts = day, *reader, self.revisions, bool(self.replaced_at)
        return sha256(repr(parts).encode()).hexdigest()

    def over(self, now: datetime) -> bool:
        """Whether it was replaced more than thirty days ago, or an old feed key made it."""
        replaced = self.replaced_at is not None and self.replaced_at < now - REPLACED_FOR
        return replaced or (self.ends_at is not None and self.ends_at < now)


class Question:
    """ASKED in the words of one database, made once; it is asked without anything in between."""

    def __init__(self, engine: Engine) -> None:
        self.engine, dialect = engine, engine.dialect
        said = ASKED.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.text, self.order = str(said), said.positiontup
        self.constants = {name: bind.value for name, bind in said.binds.items()}
        binds = {name: bind.type.dialect_impl(dialect) for name, bind in said.binds.items()}
        columns = [column.type.dialect_impl(dialect) for column in ASKED.selected_columns]
        given = {name: kind.bind_processor(dialect) for name, kind in binds.items()}
        found = [kind.result_processor(dialect, None) for kind in columns]
        self.given = {name: process for name, process in given.items() if process}
        self.found = [(number, process) for number, process in enumerate(found) if process]

    def __call__(self, token: str, known: str, day: date) -> Stored | None:
        """What is stored for a token, without the body when its ETag is `known`."""
        asked = {**self.constants, "hash": token_hash(token), "known": known, "day": day, "since": day - PAST}
        values = asked | {name: process(asked[name]) for name, process in self.given.items()}
        try:
            rows = self._rows([values[name] for name in self.order] if self.order else values)
        except self.engine.dialect.loaded_dbapi.OperationalError as error:
            raise OperationalError(self.text, None, error) from error
        return self._stored(list(rows[0])) if rows else None

    def _stored(self, row: list[Any]) -> Stored:
        for number, process in self.found:
            row[number] = process(row[number])
        return Stored(*row)

    def _rows(self, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(self.text, values)
            return list(cursor.fetchall())
        finally:
            connection.close()


def day_of(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def networks_in(link: FeedLink, now: datetime) -> list[Network]:
    """The networks whose meetings the feed shows, as the person's places are now."""
    day = day_of(now, settings().timezone)
    who, network = literal(link.person_id), literal(link.network_id, Integer)
    whose = Whose(who, literal(link.scope), network, literal(day), literal(day - PAST))
    return list(db.session.scalars(select(Network).where(Network.id.in_(_shown(whose))).order_by(Network.id)))
