"""A relay outside every process that is killed, and workers that are."""

import json
import os
import smtplib
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from tests.fakes import Relay, free_port
from tests.faults import sink as sink_module
from tests.make import NOW

ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "torture" not in (config.option.markexpr or ""):
        for item in items:
            if "torture" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="the long form: pytest -m torture"))


@dataclass
class Outside:
    """The relay's own notes."""

    port: int
    notes: Path

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.notes.read_text().splitlines()]

    def arrived(self) -> Counter[int]:
        """{message: how often it was taken}."""
        return Counter(int(str(line["id"]).split("-")[1]) for line in self.lines())


def start(app: Flask, folder: Path, *options: str) -> tuple[subprocess.Popen[bytes], Outside]:
    outside = Outside(free_port(), folder / "taken.jsonl")
    outside.notes.touch()
    process = subprocess.Popen([sys.executable, sink_module.__file__, str(outside.port), str(outside.notes), *options])
    for _ in range(200):
        try:
            smtplib.SMTP("127.0.0.1", outside.port).close()
            break
        except OSError:
            time.sleep(0.05)
    return process, outside


@pytest.fixture
def outside(app: Flask, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Outside]:
    process, outside = start(app, tmp_path, *getattr(request, "param", ()))
    yield outside
    process.terminate()
    process.wait()


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW + timedelta(seconds=1)) as traveller:
        yield traveller


@pytest.fixture
def gate(app: Flask) -> Iterator[Relay]:
    """A relay in the tests' own process, that does as it is told."""
    before, relay = app.config["SETTINGS"], Relay()
    relay.start()
    app.config["SETTINGS"] = replace(before, mail_url=relay.url)
    yield relay
    app.config["SETTINGS"] = before
    relay.stop()


def environment(app: Flask, mail_url: str) -> dict[str, str]:
    settings = app.config["SETTINGS"]
    return {
        **os.environ,
        "TOERBEURT_INSTANCE": str(settings.instance),
        "TOERBEURT_DATABASE_URL": settings.database_url,
        "TOERBEURT_SECRET_KEY": settings.secret_key,
        "TOERBEURT_BASE_URL": settings.base_url,
        "TOERBEURT_MAIL_URL": mail_url,
    }


def workers(app: Flask, mail_url: str, *mode: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.faults.worker", *mode]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, cwd=ROOT, env=environment(app, mail_url), stdin=pipe, stdout=pipe, stderr=pipe, text=True
    )
