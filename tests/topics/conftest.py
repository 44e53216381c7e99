"""A small network on a fixed day."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.reminders.world import NOW, World, world


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def w(clock: time_machine.Traveller) -> World:
    return world(topic="")
