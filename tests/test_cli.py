"""What the program says when it cannot go on, and how little it loads to say what it can."""

import inspect
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app.cli import ENCODINGS, EXPORTS, Work, cli
from app.exporting.files import KINDS
from app.importing import forms

NO_TABLES = "The database has no tables yet, or older ones: run `toerbeurt db upgrade` first.\n"


def toerbeurt(folder: Path, *words: str, **settings: str) -> tuple[int, str]:
    """Exit code and stderr of the program in an installation of its own."""
    env = {**os.environ, "TOERBEURT_INSTANCE": str(folder), **settings}
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *words], env=env, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("words", [("demo",), ("outbox",), ("worker",), ("web",), ("sign-in", "ann@example.org")])
def test_without_tables_one_sentence_says_what_to_do_first(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert toerbeurt(tmp_path, *words) == (2, NO_TABLES)


def test_a_database_that_cannot_be_reached_is_said_in_one_sentence_without_its_password(tmp_path: Path) -> None:
    url = "postgresql+psycopg://ann:a-secret@127.0.0.1:1/none"
    code, said = toerbeurt(tmp_path, "demo", TOERBEURT_DATABASE_URL=url)
    assert (code, said.startswith("The database cannot be used now: connection failed")) == (2, True)
    assert (said.count("\n"), "a-secret" in said) == (1, False)


def test_a_backup_of_nothing_is_refused_and_no_file_is_left(tmp_path: Path) -> None:
    said = "There is nothing to back up: the database has no tables yet. Is this the right one?\n"
    assert toerbeurt(tmp_path / "here", "backup", str(tmp_path / "b.zip")) == (2, said)
    assert list(tmp_path.glob("*b.zip*")) == []


def test_a_file_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    assert toerbeurt(tmp_path, "db", "upgrade")[0] == 0
    asked = tmp_path / "nowhere" / "b.zip"
    said = f"{asked} cannot be used: No such file or directory.\n"
    assert toerbeurt(tmp_path, "backup", str(asked)) == (2, said)


def test_pages_for_the_world_without_a_proxy_in_front_are_refused(tmp_path: Path) -> None:
    toerbeurt(tmp_path, "db", "upgrade")
    code, said = toerbeurt(tmp_path, "web", "--host", "0.0.0.0")
    assert (code, "set TOERBEURT_PROXY_HOPS=1" in said) == (2, True)


HEAVY = {"flask", "sqlalchemy", "openpyxl", "holidays", "icalendar", "babel", "gunicorn", "alembic", "apscheduler"}
RUN_AND_TELL = """
import json, sys
from app.cli import cli
for words in json.load(sys.stdin):
    try:
        code = cli(words, standalone_mode=False)
    except SystemExit as left:
        code = left.code
    assert not code, (words, code)
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def commands(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


EVERY = dict(commands(cli))
WORKING = [pytest.param(each, id=" ".join(path)) for path, each in EVERY.items() if isinstance(each.callback, Work)]


def loaded_by(*lines: tuple[str, ...]) -> set[str]:
    """The heavy packages that are in memory after these commands, in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-c", RUN_AND_TELL], input=json.dumps(lines), capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in json.loads(done.stderr)} & HEAVY


def test_no_help_needs_the_application() -> None:
    assert loaded_by(("--help",), *((*path, "--help") for path in EVERY)) == set()


def test_a_file_is_planned_without_the_application(tmp_path: Path) -> None:
    asked = next((Path(__file__).parent / "scheduling" / "instances").glob("*.json"))

    assert loaded_by(("plan", str(asked), "-o", str(tmp_path / "plan.json"))) == set()
    assert json.loads((tmp_path / "plan.json").read_text())["status"] == "optimal"


def test_what_needs_the_application_loads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOERBEURT_INSTANCE", str(tmp_path))

    loaded = loaded_by(("db", "upgrade"))

    assert {"flask", "sqlalchemy"} <= loaded
    assert "openpyxl" not in loaded


@pytest.mark.parametrize("command", WORKING)
def test_a_command_says_what_its_work_says_and_asks_for_what_it_takes(command: click.Command) -> None:
    assert isinstance(command.callback, Work)
    work = command.callback.function()

    assert inspect.cleandoc(command.help or "") == inspect.getdoc(work)
    taken = inspect.signature(work).parameters
    assert {each.name for each in command.params} == set(taken) or "given" in taken


def test_the_encodings_and_formats_to_choose_from_are_those_there_are() -> None:
    assert (tuple(sorted(forms.ENCODINGS)), tuple(sorted(KINDS))) == (ENCODINGS, EXPORTS)
