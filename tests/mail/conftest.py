"""A relay for the tests of mail, and a clock that stands at the tests' now."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from tests.fakes import Quick, Relay
from tests.make import NOW


@pytest.fixture(autouse=True)
def _no_request_ends_here(app: Flask) -> Iterator[None]:
    """A letter's links are made in a request context of their own; its end must not end the worker's transaction."""
    before = app.teardown_request_funcs.pop(None, [])
    yield
    app.teardown_request_funcs[None] = before


@pytest.fixture(autouse=True)
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW + timedelta(seconds=1)) as traveller:
        yield traveller


def _use(app: Flask, url: str) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], mail_url=url)


@pytest.fixture
def relay(app: Flask) -> Iterator[Relay]:
    """A relay that takes everything until a test says otherwise."""
    before = app.config["SETTINGS"].mail_url
    sink = Relay()
    sink.start()
    _use(app, sink.url)
    yield sink
    _use(app, before)
    sink.stop()


@pytest.fixture
def quick(app: Flask) -> Iterator[Quick]:
    """A relay that takes several commands in one packet."""
    before = app.config["SETTINGS"].mail_url
    sink = Quick()
    sink.start()
    _use(app, sink.url)
    yield sink
    _use(app, before)
    sink.stop()


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """Mail goes to files here."""
    before = app.config["SETTINGS"].mail_url
    _use(app, f"file:{tmp_path / 'mail'}")
    yield tmp_path / "mail"
    _use(app, before)
