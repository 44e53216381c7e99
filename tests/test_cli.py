"""What the program says when it cannot go on, and how little it loads to say what it can."""

import inspect
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from app.cli import ENCODINGS, EXPORTS, Work, cli
from app.exporting.files import KINDS
from app.importing import forms

NO_TABLES = "The database has no tables yet, or older ones: run `toerbeurt db upgrade` first.\n"


# A process that has loaded what all commands of the application load; each command runs in a child of it.
COMMANDS = """
import json, os, sys, tempfile
import app.commands.installation
from app import cli
for line in sys.stdin:
    words, settings = json.loads(line)
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            os.environ.update(settings)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(said.fileno(), 2)
            sys.argv = ["toerbeurt", *words]
            cli.main()
            sys.exit()
        _child, status = os.waitpid(child, 0)
        said.seek(0)
        print(json.dumps([os.waitstatus_to_exitcode(status), said.read().decode()]), flush=True)
"""
Answer = tuple[int, str]


@pytest.fixture(scope="module")
def commands() -> Iterator[subprocess.Popen[str]]:
    pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, "-c", COMMANDS], text=True, bufsize=1, **pipe)
    yield process
    process.communicate(timeout=10)


@pytest.fixture
def toerbeurt(commands: subprocess.Popen[str], tmp_path: Path) -> Callable[..., Answer]:
    """Exit code and stderr of the program in an installation of its own."""

    def run(*words: str, instance: Path = tmp_path, **settings: str) -> Answer:
        assert commands.stdin
        assert commands.stdout
        commands.stdin.write(json.dumps([words, {"TOERBEURT_INSTANCE": str(instance), **settings}]) + "\n")
        code, said = json.loads(commands.stdout.readline())
        return code, said

    return run


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with its tables, made by the whole program in a process of its own."""
    instance = tmp_path_factory.mktemp("upgraded")
    env = {**os.environ, "TOERBEURT_INSTANCE": str(instance)}
    subprocess.run([sys.executable, "-m", "app.cli", "db", "upgrade"], env=env, capture_output=True, check=True)
    return instance


@pytest.mark.parametrize("words", [("demo",), ("outbox",), ("worker",), ("web",), ("sign-in", "ann@example.org")])
def test_without_tables_one_sentence_says_what_to_do_first(
    toerbeurt: Callable[..., Answer], words: tuple[str, ...]
) -> None:
    assert toerbeurt(*words) == (2, NO_TABLES)


def test_a_database_that_cannot_be_reached_is_said_in_one_sentence_without_its_password(
    toerbeurt: Callable[..., Answer],
) -> None:
    url = "postgresql+psycopg://ann:a-secret@127.0.0.1:1/none"
    code, said = toerbeurt("demo", TOERBEURT_DATABASE_URL=url)
    assert (code, said.startswith("The database cannot be used now: connection failed")) == (2, True)
    assert (said.count("\n"), "a-secret" in said) == (1, False)


def test_a_backup_of_nothing_is_refused_and_no_file_is_left(toerbeurt: Callable[..., Answer], tmp_path: Path) -> None:
    said = "There is nothing to back up: the database has no tables yet. Is this the right one?\n"
    assert toerbeurt("backup", str(tmp_path / "b.zip"), instance=tmp_path / "here") == (2, said)
    assert list(tmp_path.glob("*b.zip*")) == []


def test_a_file_that_cannot_be_written_is_said_in_one_sentence(
    toerbeurt: Callable[..., Answer], upgraded: Path, tmp_path: Path
) -> None:
    asked = tmp_path / "nowhere" / "b.zip"
    said = f"{asked} cannot be used: No such file or directory.\n"
    assert toerbeurt("backup", str(asked), instance=upgraded) == (2, said)


def test_pages_for_the_world_without_a_proxy_in_front_are_refused(
    toerbeurt: Callable[..., Answer], upgraded: Path
) -> None:
    code, said = toerbeurt("web", "--host", "0.0.0.0", instance=upgraded)
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


def commands_of(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands_of(command, *path, name)


EVERY = dict(commands_of(cli))
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
