"""A relay that keeps what it gets."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from tests.fakes import Relay


@pytest.fixture
def relay(app: Flask) -> Iterator[Relay]:
    before, relay = app.config["SETTINGS"], Relay()
    relay.start()
    app.config["SETTINGS"] = replace(before, mail_url=relay.url)
    yield relay
    app.config["SETTINGS"] = before
    relay.stop()
