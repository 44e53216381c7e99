"""A workbook -> sheets. Values are read by calamine, looks from the package itself, both in a child with limits."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from threading import Timer
from typing import Any

from app.importing.files.sheet import EMPTY, UPLOAD, Cell, Limits, Line, Opened, Sheet, Unreadable, Value

PACKAGE = Path(__file__).parents[2]
# Not `-m`: that would start the whole application, a hundred times what the child needs.
BOOT = f"""
import sys, types
app = sys.modules["app"] = types.ModuleType("app")
app.__path__ = [{str(PACKAGE)!r}]
from app.importing.files.child import main
main()
"""
PATIENCE = 15.0  # seconds on the clock beside those of the processor: the machine may have much to do


def child(limits: Limits) -> list[str]:
    """The command that reads a workbook from its standard input."""
    return [sys.executable, "-I", "-c", BOOT, json.dumps(asdict(limits))]


def open_workbook(name: str, data: bytes, limits: Limits = UPLOAD) -> Opened:
    """Raises Unreadable."""
    kind, since_1904 = "", False
    titles: list[dict[str, Any]] = []
    lines: list[list[Line]] = [[]]
    for said in _said(name, data, limits):
        if "kind" in said:
            kind, since_1904 = said["kind"], said["since_1904"]
        elif "title" in said:
            titles.append(said)
            lines.append([])
        else:
            lines[-1] += _lines(said)
    sheets = tuple(_sheet(name, each, own, since_1904) for each, own in zip(titles, lines[1:], strict=True))
    return Opened(name, kind, sheets, looks=all(each["seen"] for each in titles))


def _said(name: str, data: bytes, limits: Limits) -> Iterator[dict[str, Any]]:
    """What the child says; one that was stopped had too much to do, one that fell over damage to read."""
    pipe = subprocess.PIPE
    with subprocess.Popen(child(limits), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env={}) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        clock = Timer(limits.seconds * 2 + PATIENCE, process.kill)
        clock.start()
        try:
            with suppress(BrokenPipeError):
                process.stdin.write(data)
                process.stdin.close()
            for line in process.stdout:
                said = json.loads(line)
                if "refused" in said:
                    raise Unreadable(said["refused"], name)
                yield said
            process.wait()
        finally:
            clock.cancel()
            if process.poll() is None:
                process.kill()
    if process.returncode:
        raise Unreadable("too_large" if process.returncode < 0 else "broken", name)


def _sheet(name: str, said: dict[str, Any], lines: list[Line], since_1904: bool) -> Sheet:
    hidden_columns = frozenset(said["hidden_columns"])
    return Sheet(name, said["title"], tuple(lines), said["hidden"], since_1904, hidden_columns=hidden_columns)


def _lines(said: dict[str, Any]) -> Iterator[Line]:
    cells = [EMPTY, *(Cell(_value(each)) for each in said["values"][1:])]
    hidden = set(said["hidden_rows"])
    marks: dict[int, dict[int, dict[str, Any]]] = {}
    for row, column, mark in said["marks"]:
        marks.setdefault(row, {})[column] = mark
    for number, row in said["rows"]:
        found = [cells[each] for each in row]
        for column, mark in marks.get(number, {}).items():
            mark.pop("failed", None)
            found[column - 1] = Cell(found[column - 1].value, **mark)
        yield Line(number, tuple(found), number in hidden)


def _value(said: Any) -> Value:
    if not isinstance(said, dict):
        return said
    if "at" in said:
        return datetime.fromisoformat(said["at"])
    return date.fromisoformat(said["day"]) if "day" in said else time.fromisoformat(said["time"])
