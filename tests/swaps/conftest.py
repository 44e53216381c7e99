"""A published year, made once for all tests of a file."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Cycle
from tests import make
from tests.kept import kept
from tests.planning import years


@pytest.fixture(scope="module")
def laid_up(_app: Flask) -> Iterator[Callable[[], Cycle]]:
    number = _year().id
    with kept() as put_back:

        def again() -> Cycle:
            put_back()
            return db.session.get_one(Cycle, number)

        yield again


def _year() -> Cycle:
    """A published year with a manager, all its mails sent."""
    network = years.network()
    make.manager(network=network)
    cycle = years.published(network)
    for message in db.session.scalars(select(Message)):
        message.state = "sent"
    db.session.commit()
    return cycle


@pytest.fixture
def cycle(app: Flask, laid_up: Callable[[], Cycle]) -> Cycle:
    return laid_up()
