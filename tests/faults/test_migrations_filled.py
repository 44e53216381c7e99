"""Down to the first tables and up again, with everything in them: what is kept, and the list of what is not."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Column, MetaData, Table, create_engine, func, insert, make_url, select, text

from app import create_app
from app.admin import sample
from app.attendance.models import Attendance
from app.extensions import Instant, db
from app.mail.models import Message
from app.meetings.models import Meeting
from app.networks.models import Network
from app.people.models import Person
from app.pulse.models import Pulse, PulseAnswer
from app.results.models import Agreement
from app.topics.models import Topic
from tests import make
from tests.conftest import settings_in
from tests.everything import NOW, build_world


@pytest.fixture
def filled(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A database of its own, made by the migrations: the sample programme and the world of the access matrix."""
    url = f"sqlite:///{tmp_path / 'filled.sqlite3'}"
    if database_url.startswith("postgresql"):
        server = create_engine(database_url, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text("drop database if exists filled"))
            connection.execute(text("create database filled"))
        server.dispose()
        url = make_url(database_url).set(database="filled").render_as_string(hide_password=False)
    app = create_app(settings_in(tmp_path, database_url=url))
    with app.app_context(), time_machine.travel(NOW, tick=False):
        upgrade()
        sample.load(NOW)
        build_world()
        yield app
        db.session.remove()
        db.engine.dispose()


# What taking back the migrations takes of the first tables, and why; later tables and columns go as a whole.
LOST = {
    "attendance": "that a colleague comes instead was no answer then",
    "organisation.tone": "colours are dealt within a network now; nothing is kept of them",
    "person.email": "one person had an address then: who was typed with somebody else's has none any more",
}
GONE = {"organisation.tone"}  # of the columns above: what the tables of today have no more
FITTING = {
    "attendance.answer": "colleague",
    "date_answer.answer": "no",
    "feed_link.scope": "mine",
    "received.outcome": "ignored",
}
Contents = dict[str, dict[str, list[str]]]


def fill_the_rest() -> None:
    """A row in each table that is still empty."""
    for table in db.metadata.sorted_tables:
        if db.session.execute(select(table).limit(1)).first() is None:
            must = [column for column in table.columns if not column.nullable and column is not _number(table)]
            values = {column.name: _something(column) for column in must}
            db.session.execute(insert(table).values(values))
    answer = db.session.scalars(select(Attendance).order_by(Attendance.id)).first()
    assert answer is not None
    answer.answer = "colleague"
    db.session.commit()


def _number(table: Table) -> Column[Any] | None:
    """What the database counts by itself."""
    return table.autoincrement_column


def _something(column: Column[Any]) -> Any:
    for key in column.foreign_keys:
        return db.session.scalar(select(func.min(key.column)))
    if isinstance(column.type, Instant):
        return NOW
    samples = {int: 1, str: FITTING.get(str(column), "a"), date: NOW.date(), bool: True, bytes: b"a"}
    return samples.get(column.type.python_type, {})


def contents() -> Contents:
    """{table: {column: its values, by primary key}}."""
    db.session.remove()
    tables, found = MetaData(), {}
    tables.reflect(db.engine)
    with db.engine.connect() as connection:
        for table in tables.sorted_tables:
            rows = connection.execute(select(table).order_by(*table.primary_key)).all()
            columns = zip(*rows, strict=True) if rows else [()] * len(table.columns)
            found[table.name] = {each.name: list(map(repr, v)) for each, v in zip(table.columns, columns, strict=True)}
    return found


def differences(before: Contents, after: Contents) -> set[str]:
    """Tables of `after` with other rows, and their columns with other values, than `before`."""

    def rows(found: dict[str, list[str]]) -> int:
        return len(next(iter(found.values())))

    other = {name for name in after if rows(before[name]) != rows(after[name])}
    values = {(name, column) for name in after.keys() - other for column in after[name]}
    return other | {f"{name}.{column}" for name, column in values if before[name].get(column) != after[name][column]}


def test_migrations_taken_back_and_made_again_lose_nothing_but_what_is_written_here(filled: Flask) -> None:
    fill_the_rest()
    before = contents()

    downgrade(revision="0001")
    first = contents()
    upgrade()
    again = contents()

    empty = {name for name in before if not any(before[name].values())}
    stood = {"alembic_version.version_num"}
    assert (empty, differences(before, first)) == (set(), LOST.keys() | stood)
    assert {name: list(again[name]) for name in again} == {name: list(before[name]) for name in before}
    old = {
        name: {column: again[name][column] for column in first[name] if f"{name}.{column}" not in GONE}
        for name in first
    }
    assert differences(first, old) == stood | {"reminders_made.revision"}  # reminders are planned anew


def owed() -> dict[int, Any]:
    found = {meeting.id: meeting.owed for meeting in db.session.scalars(select(Meeting))}
    db.session.remove()  # a transaction that stays open would keep the migrations from writing
    return found


def test_who_owed_a_turn_is_kept_at_the_upgrade(filled: Flask) -> None:
    before = owed()
    over = sorted(number for number, kept in before.items() if kept)
    cancelled, restored, ahead = over[0], over[1], max(before.keys() - set(over))

    downgrade(revision="0016")
    with db.engine.begin() as connection:
        connection.execute(text("update meeting set owed = null"))
        connection.execute(text("update meeting set status = 'cancelled' where id = :id"), {"id": cancelled})
        for number in (restored, ahead):  # what a restore left there
            connection.execute(text("update meeting set owed = 'null' where id = :id"), {"id": number})
    upgrade()
    once = owed()
    downgrade(revision="0016")
    upgrade()

    nothing = db.session.scalar(select(func.count()).where(Meeting.owed.is_(None)))
    assert (len(over), before[ahead]) == (10, None)
    invented = {number for number in over if not any((before[number] or {}).values())}
    assert len(invented) == 2  # of the matrix: nobody owed anything there
    assert once == before | {cancelled: None} | {number: once[number] for number in invented}
    assert (owed(), nothing) == (once, len(before) - 9)


def test_word_of_a_refused_address_gets_a_name_of_its_own_and_back(filled: Flask) -> None:
    person = db.session.query(func.min(Person.id)).scalar()
    db.session.rollback()
    downgrade(revision="0018")
    for key, params in (("M3-7-1", {"duty_id": 7}), ("M3-8-1", {"message_id": 8})):
        values = {"kind": "M3", "key": key, "params": params, "person_id": person, "due_at": NOW, "created_at": NOW}
        db.session.execute(insert(Message).values(**values))
    db.session.commit()
    keys = ("M3-7-1", "M3-8-1", "X2-8-1")
    ours = select(Message.kind, Message.key).where(Message.key.in_(keys)).order_by(Message.key)

    upgrade()
    after = [tuple(row) for row in db.session.execute(ours)]
    db.session.rollback()
    downgrade(revision="0018")
    back = [tuple(row) for row in db.session.execute(ours)]
    db.session.rollback()

    assert after == [("M3", "M3-7-1"), ("X2", "X2-8-1")]
    assert back == [("M3", "M3-7-1"), ("M3", "M3-8-1")]


def test_lines_become_agreements_and_old_answers_sums(filled: Flask) -> None:
    held, lately = (make_meeting(NOW - timedelta(days=days)) for days in (40, 3))
    downgrade(revision="0025")
    result, evaluation = reflected("result"), reflected("evaluation")
    with db.engine.begin() as connection:
        notes = {
            "meeting_id": held,
            "outcomes": "Yes",
            "agreements": f"De Berk writes\n\n {'x' * 310}",
            "saved_at": NOW,
        }
        connection.execute(insert(result).values(next_time="", version=0, **notes))
        people = connection.execute(text("select id from person order by id limit 4")).scalars().all()
        said = [{"meeting_id": held, "person_id": None, "atmosphere": n, "goal": 3} for n in (2, 4, 4, 5)]
        said += [{"meeting_id": lately, "person_id": person, "atmosphere": 5, "goal": 1} for person in people]
        connection.execute(insert(evaluation), said)
    upgrade()
    db.session.remove()

    agreed = db.session.scalars(select(Agreement.text).where(Agreement.meeting_id == held).order_by(Agreement.id))
    assert agreed.all() == ["De Berk writes", "x" * 300, "x" * 10]
    pulse = db.session.scalars(select(Pulse).where(Pulse.meeting_id == held)).one()
    assert (pulse.asked, pulse.answers, pulse.atmosphere, pulse.goal) == (None, 4, [0, 1, 0, 2, 1], [0, 0, 4, 0, 0])
    kept = db.session.scalars(select(PulseAnswer.person_id).where(PulseAnswer.meeting_id == lately))
    assert sorted(kept) == sorted(people)
    assert db.session.scalars(select(Pulse).where(Pulse.meeting_id == lately)).all() == []


def make_meeting(starts_at: datetime) -> int:
    network = db.session.scalars(select(Network).order_by(Network.id)).first()
    assert network is not None
    number = make.meeting(network=network, starts_at=starts_at).id
    db.session.commit()
    return number


def reflected(name: str) -> Table:
    return Table(name, MetaData(), autoload_with=db.engine)


def test_a_meeting_keeps_the_topic_whose_words_it_has_and_others_are_open_or_closed(filled: Flask) -> None:
    network = make.network()
    meeting, other = (make.meeting(network=network, starts_at=NOW + timedelta(days=n), topic="Kept") for n in (5, 6))
    other.topic = "Typed by hand"
    db.session.commit()
    numbers = network.id, meeting.id, other.id
    db.session.remove()
    downgrade(revision="0027")
    rows = [("Kept", numbers[1]), ("Loose", numbers[2]), ("Twice", None), ("Twice", numbers[2]), ("Kept", numbers[1])]
    put = text("insert into topic (network_id, title, created_at, meeting_id) values (:n, :title, :at, :meeting)")
    with db.engine.begin() as connection:
        for title, number in rows:
            connection.execute(put, {"n": numbers[0], "title": title, "at": NOW, "meeting": number})
    upgrade()

    found = db.session.scalars(select(Topic).where(Topic.network_id == numbers[0]).order_by(Topic.id)).all()
    states = [(topic.title, topic.state) for topic in found]
    typed = db.session.get_one(Meeting, numbers[2]).topic

    assert states == [("Kept", "chosen"), ("Loose", "open"), ("Twice", "open"), ("Twice", "closed"), ("Kept", "open")]
    assert typed == "Typed by hand"
