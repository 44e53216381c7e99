"""What a programme holds while an import is stored: ids by what a file calls them, and the ids of the rows made."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Table, func, insert, select

from app.extensions import Base, db
from app.importing import queries
from app.importing.cells.organisation_names import organisation_key
from app.importing.cells.person_names import key
from app.networks.models import Organisation, Programme

ADDED = ("networks", "organisations", "memberships", "people", "rooms", "absences", "meetings")
TABLES = ("network", "organisation", "membership", "person", "room", "absence", "meeting")
BATCH = 2_000  # rows in one INSERT
Row = dict[str, Any]


@dataclass
class Held:
    programme: Programme
    now: datetime
    there: Mapping[str, Organisation]  # from before, with their rooms, by `organisation_key`
    organisations: dict[str, int] = field(default_factory=dict)  # by `organisation_key`
    networks: dict[str, int] = field(default_factory=dict)  # by `names.key`
    memberships: dict[tuple[int, int], int] = field(default_factory=dict)  # by network and organisation
    contacts: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))  # people by membership
    namesakes: dict[tuple[int, str], int] = field(default_factory=dict)  # people by organisation and name, from before
    addresses: dict[str, int] = field(default_factory=dict)  # people of the programme by address
    elsewhere: set[str] = field(default_factory=set)  # addresses of people only others know
    given: dict[int, str] = field(default_factory=dict)  # addresses of people who had none
    moved: set[int] = field(default_factory=set)  # people from before who sit somewhere new
    made: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))  # ids by table
    touched: set[int] = field(default_factory=set)  # networks

    def add(self, model: type[Base], rows: Iterable[Row]) -> list[int]:
        """Insert, a batch at a time: a row object each would cost ten times the time and memory."""
        table = Base.metadata.tables[model.__tablename__]
        put = _in_one_file if db.engine.dialect.name == "sqlite" else _returned
        ids = [number for batch in _batches(rows) for number in put(table, batch)]
        self.made[model.__tablename__] += ids
        return ids

    @property
    def added(self) -> dict[str, int]:
        return {name: len(self.made[table]) for name, table in zip(ADDED, TABLES, strict=True)}

    @property
    def ids(self) -> dict[str, list[int]]:
        return {table: ids for table, ids in self.made.items() if ids}


def _returned(table: Table, batch: list[Row]) -> Iterable[int]:
    return db.session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), batch)


def _in_one_file(table: Table, batch: list[Row]) -> Iterable[int]:
    """SQLite returns ids in no certain order, row by row; but it numbers upwards, and nobody else writes meanwhile."""
    last = db.session.scalar(select(func.max(table.c.id))) or 0
    db.session.execute(insert(table), batch)
    ids = db.session.scalars(select(table.c.id).where(table.c.id > last).order_by(table.c.id)).all()
    assert len(ids) == len(batch)
    return ids


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


def of_programme(programme: Programme, addresses: Iterable[str], now: datetime) -> Held:
    """What is there, and whose addresses these are."""
    there = {organisation_key(each.name): each for each in queries.organisations_of(programme)}
    held = Held(programme, now, there, {name: each.id for name, each in there.items()})
    held.networks = {key(name): number for number, name in queries.networks_of(programme)}
    held.addresses, held.elsewhere = queries.people_with(addresses, programme)
    for membership, network, organisation in queries.memberships_of(programme):
        held.memberships[network, organisation] = membership
    for membership, organisation, person, first, last in queries.contacts_of(programme):
        held.contacts[membership].append(person)
        held.namesakes.setdefault((organisation, key(f"{first} {last}")), person)
    return held
