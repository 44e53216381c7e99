"""Commands on a terminal say how far they are; in a pipe they say what they always said and nothing else."""

import json
import os
import pty
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.serving import ADDRESS, address, reachable
from tests.fakes import free_port

INSTANCES = Path(__file__).parent / "scheduling" / "instances"
PROGRAMME, NETWORK = "Buurkracht Voorbeeld", "koken-met-bewoners"
END = "=== end ==="
SEVERAL = f"""
import json, sys
from app.cli import cli
from app.errors import Refused
for words in json.loads(sys.argv[1]):
    try:
        cli(words, standalone_mode=False)
    except (SystemExit, Refused) as left:
        print(left, file=sys.stderr) if isinstance(left, Refused) else None
    print("{END}", flush=True)
"""
MEMBERS = "organisation;network;name;mail\n" + "".join(
    f"Organisation {n};Cooking;Person {n};person{n}@example.org\n" for n in range(2, 60)
)


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TOERBEURT_")}
    return {**kept, **more, "TOERBEURT_INSTANCE": str(folder), "COLUMNS": "80", "TERM": "xterm"}


def piped(folder: Path, *lines: tuple[str, ...], **more: str) -> tuple[list[str], str]:
    """What each of these commands writes to stdout when nobody watches, and stderr of all."""
    command = [sys.executable, "-c", SEVERAL, json.dumps(lines)]
    done = subprocess.run(command, env=environment(folder, **more), capture_output=True, text=True, check=False)
    return done.stdout.split(f"{END}\n"), done.stderr


def watched(folder: Path, *lines: tuple[str, ...]) -> list[str]:
    """What a terminal of eighty columns shows of each, everything that was written over included."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", SEVERAL, json.dumps(lines)]
    child = subprocess.Popen(command, env=environment(folder), stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen = b""
    while more := _read(ours):
        seen += more
    child.wait()
    os.close(ours)
    return seen.decode().split(f"{END}\r\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other side is closed
        return b""


LONG = ("Import", "Planning 2027", "Planning", "Backup", "Restore", "Sending")  # the label of each bar
LISTS = ("cycle plan", "outbox")


def commands(folder: Path) -> dict[str, tuple[str, ...]]:
    """What may take long, and what lists."""
    (folder / "members.csv").write_text(MEMBERS)
    instance = str(next(INSTANCES.glob("*.json")))
    return {
        "Import": ("import", str(folder / "members.csv"), "--programme", "Samen", "--accept-proposals", "--dry-run"),
        "Planning 2027": ("cycle", "plan-all", PROGRAMME, "2027", "--again"),
        "Planning": ("plan", instance, "-o", str(folder / "plan.json"), "--budget", "1"),
        "Backup": ("backup", str(folder / "b.zip")),
        "Restore": ("restore", str(folder / "b.zip"), "--yes"),
        "cycle plan": ("cycle", "plan", NETWORK, "2027"),
        "publish": ("cycle", "publish", NETWORK, "2027"),
        "outbox": ("outbox",),
        "Sending": ("outbox", "run", "--until-empty"),
    }


@dataclass
class Said:
    """What the commands said, by name: on a terminal, and in a pipe with its stderr."""

    shown: dict[str, str]
    written: dict[str, str]
    trouble: str


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Said:
    first = tmp_path_factory.mktemp("first")
    piped(first, ("db", "upgrade"), ("demo",))
    with closing(sqlite3.connect(next(first.glob("*.sqlite3")))) as database, database:
        database.execute("update person set email = email || '.org'")  # the sample's own people get no mail
    second = tmp_path_factory.mktemp("second") / "here"
    shutil.copytree(first, second)
    which = commands(first)
    shown = watched(first, *which.values())
    written, trouble = piped(second, *commands(second).values())
    return Said(dict(zip(which, shown, strict=False)), dict(zip(which, written, strict=False)), trouble)


def lines_of(shown: str) -> list[str]:
    """Lines of a terminal, without what only moves the cursor."""
    return [re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", line) for line in re.split(r"[\r\n]+", shown) if line]


@pytest.mark.parametrize("label", LONG)
def test_on_a_terminal_a_bar_says_what_is_done_and_how_far_it_is(said: Said, label: str) -> None:
    assert re.search(rf"{label}  \[[#-]+\] +\d+%", said.shown[label])


@pytest.mark.parametrize("label", LONG)
def test_in_a_pipe_there_is_no_bar(said: Said, label: str) -> None:
    assert f"{label}  [" not in said.written[label]
    assert "%" not in said.trouble
    assert label not in said.trouble


@pytest.mark.parametrize("label", [*LONG, "cycle plan"])
def test_nothing_is_wider_than_eighty_columns(said: Said, label: str) -> None:
    assert [line for line in lines_of(said.shown[label]) if len(line.rstrip()) > 80] == []


def test_a_list_says_the_same_on_a_terminal_and_is_one_line_a_meeting_in_a_pipe(said: Said) -> None:
    lines = said.written["cycle plan"].splitlines()
    assert " ".join(said.shown["cycle plan"].split()) == " ".join(" ".join(lines).split())
    assert all(re.match(r"2027-\d\d-\d\d \d\d:\d\d ", line) for line in lines)


def test_every_line_of_the_outbox_is_json_on_a_terminal_too(said: Said) -> None:
    lines = said.shown["outbox"].split("\r\n")
    assert {json.loads(line)["state"] for line in lines if line} == {"planned"}


def test_sending_counts_the_mails(said: Said) -> None:
    sent = int(re.findall(r"(\d+) sent", said.shown["Sending"])[0])
    due = int(re.findall(r"\d+ of (\d+)", said.shown["Sending"])[0])  # what leaves together is one mail
    assert 1 < sent <= due
    assert f"1 of {due}" in said.shown["Sending"]
    assert f"{sent} of {due}" in said.shown["Sending"]
    assert said.written["Sending"] == f"{sent} sent\n"


def test_a_long_line_is_set_in_on_a_terminal(tmp_path: Path) -> None:
    words = " ".join(["Organisation"] * 12)
    script = f"from app.commands.progress import say; say('2027-02-11 {words}', hang=11)"
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-c", script], env=environment(tmp_path), stdout=theirs, check=True)
    os.close(theirs)
    first, second, third = _read(ours).decode().split("\r\n")[:3]
    os.close(ours)
    assert max(map(len, (first, second, third))) <= 80
    assert (first[:11], second[:11], third[:11]) == ("2027-02-11 ", " " * 11, " " * 11)


def test_sign_in_prints_the_address_the_running_server_has(tmp_path: Path) -> None:
    asking = ("sign-in", "ann@example.org")
    add = ("manager", "add", "ann@example.org", "--name", "Ann", "--programme", "Samen")
    before = piped(tmp_path, ("db", "upgrade"), add, asking)[0][2]
    port = free_port()
    command = [sys.executable, "-m", "app.cli", "web", "--port", str(port), "--workers", "1"]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, env=environment(tmp_path), stdout=log, stderr=log)
    try:
        _until_it_answers(port)
        while_it_runs = piped(tmp_path, asking)[0][0]
        set_to = piped(tmp_path, asking, TOERBEURT_BASE_URL="https://toerbeurt.example.org")[0][0]
        with urllib.request.urlopen(while_it_runs.strip()) as page:
            status = page.status
    finally:
        server.terminate()
        server.wait()
    assert before.startswith("http://127.0.0.1:8000/sign-in/")
    assert while_it_runs.startswith(f"http://127.0.0.1:{port}/sign-in/")
    assert set_to.startswith("https://toerbeurt.example.org/sign-in/")
    assert status == 200
    assert not (tmp_path / ADDRESS).exists()


def _until_it_answers(port: int) -> None:
    for _try in range(150):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in").close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not start")


def test_a_server_that_was_killed_leaves_an_address_nobody_believes(tmp_path: Path) -> None:
    over = subprocess.Popen([sys.executable, "-c", ""])
    over.wait()
    (tmp_path / ADDRESS).write_text(f"{over.pid} http://127.0.0.1:9999\n")
    assert address("http://127.0.0.1:8000", tmp_path) == "http://127.0.0.1:8000"


def test_the_address_holds_as_long_as_the_server_runs(tmp_path: Path) -> None:
    with reachable("http://127.0.0.1:9999", tmp_path):
        during = address("http://127.0.0.1:8000", tmp_path)
    assert (during, address("http://127.0.0.1:8000", tmp_path)) == ("http://127.0.0.1:9999", "http://127.0.0.1:8000")
