"""While files are read, others write; what they did to this import meanwhile is not overwritten."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, text

from app.errors import Stale
from app.extensions import db
from app.importing import actions
from app.importing.models import Import
from app.networks.models import Programme
from tests import make
from tests.make import NOW

LIST = ("leden.csv", b"Organisatie;Contactpersoon;E-mail;Netwerk\nAlfa;Ann Aalders;a@alfa.example;Kring Oost\n")


@pytest.fixture
def programme(app: Flask) -> Programme:
    programme = make.programme()
    db.session.commit()
    return programme


@contextmanager
def meanwhile(statement: str) -> Iterator[list[int]]:
    """Somebody else writes as soon as nobody holds the lock; how many rows they changed."""
    written: list[int] = []

    def write(*_: object) -> None:
        if not written:
            written.append(0)
            with db.engine.begin() as other:
                written[0] = other.execute(text(statement)).rowcount

    event.listen(db.engine, "checkin", write)
    try:
        yield written
    finally:
        event.remove(db.engine, "checkin", write)


def test_others_write_while_an_upload_is_read(programme: Programme) -> None:
    with meanwhile("UPDATE programme SET sender_name = 'Other'") as written:
        row = actions.receive(programme, [LIST], NOW)
        changed = list(written)
        db.session.commit()

    assert changed == [1]
    assert (row.state, programme.sender_name) == ("preview", "Other")


def test_what_somebody_else_stored_while_it_was_read_is_not_stored_again(programme: Programme) -> None:
    row = actions.receive(programme, [LIST], NOW)
    db.session.commit()
    assert row.state == "preview"

    with meanwhile("UPDATE import SET state = 'done'"), pytest.raises(Stale):
        actions.complete(row, NOW)
    db.session.rollback()

    assert db.session.query(Import).one().state == "done"
