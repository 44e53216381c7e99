"""What the program says when it cannot go on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
