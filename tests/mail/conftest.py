"""A relay for the tests of mail, and a clock that stands at the tests' now."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
import time_machine
from flask import Flask

from tests.fakes import Early, Hasty, Relay
from tests.make import NOW

Given = TypeVar("Given", bound=Relay)


@pytest.fixture(autouse=True)
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW + timedelta(seconds=1)) as traveller:
        yield traveller


@contextmanager
def _mail_goes_to(app: Flask, url: str) -> Iterator[None]:
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, mail_url=url)
    yield
    app.config["SETTINGS"] = before


@contextmanager
def _running(app: Flask, sink: Given) -> Iterator[Given]:
    sink.start()
    with _mail_goes_to(app, sink.url):
        yield sink
    sink.stop()


@pytest.fixture
def relay(app: Flask) -> Iterator[Relay]:
    """A relay that takes everything until a test says otherwise."""
    with _running(app, Relay()) as sink:
        yield sink


@pytest.fixture
def hasty(app: Flask) -> Iterator[Hasty]:
    """The same, but that it offers TLS."""
    with _running(app, Hasty()) as sink:
        yield sink


@pytest.fixture
def early(app: Flask) -> Iterator[Early]:
    """The same, but that it does not ask for the body."""
    with _running(app, Early()) as sink:
        yield sink


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """Mail goes to files here."""
    with _mail_goes_to(app, f"file:{tmp_path / 'mail'}"):
        yield tmp_path / "mail"
