"""Whatever a button changes stands in the log, or in the list of what the log is not to know; nothing secret does."""

from collections.abc import Iterable
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.audit import Audit
from app.extensions import db
from app.people.models import Person
from app.topics.models import Topic
from tests.everything import NOW
from tests.presses import press
from tests.test_revisions import NOT_PRESSED, Served, served
from tests.test_routes import MATRIX, contents

__all__ = ["served"]

UNNOTED = {
    "pulse.answer": "who said how it was, and when: the log would keep it for years",
    "pulse.answer_by_link": "the same by the link in a mail",
}
UNCHANGING = NOT_PRESSED | {
    "importing.answer": "needs a list with questions; tests/privacy/test_log.py answers one",
    "importing.appoint": "needs networks an import made without a manager; each is noted as a role given",
    "publishing.publish_all": "needs a draft that was looked at; each is noted as the publication of a year",
}


def secrets(world_values: dict[str, Any]) -> set[str]:
    """Names, addresses and texts of the world, and what opens its doors."""
    people = db.session.execute(select(Person.first_name, Person.last_name, Person.email)).all()
    said = {str(part) for row in people for part in row if part}
    return (
        said | set(db.session.scalars(select(Topic.title))) | {world_values[name] for name in ("token", "stop", "code")}
    )


@pytest.mark.parametrize("room", sorted({name.partition(".")[0] for name in MATRIX}))
def test_whatever_a_button_changes_is_noted_and_nothing_secret_is(app: Flask, served: Served, room: str) -> None:
    unnoted, changing, told = set(), dict[str, bool](), []
    with time_machine.travel(NOW, tick=False):
        for way in (way for name, ways in served.ways.items() if name.partition(".")[0] == room for way in ways):
            world = served.again()
            before, hidden = contents(), secrets(world.values)
            press(app, world, way)
            after = contents()
            changing[way.endpoint] = changing.get(way.endpoint, False) or before != after
            if before != after and before["audit"] == after["audit"]:
                unnoted.add(way.endpoint)
            told += [(way.endpoint, word) for word in _words() if word in hidden]

    assert unnoted <= UNNOTED.keys()
    assert {name for name, any_ in changing.items() if not any_} <= UNCHANGING.keys()
    assert told == []


def _words() -> set[str]:
    return {word for values in db.session.scalars(select(Audit.values)) for word in _strings(values)}


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(each)
