"""A programme as two managers kept it: their files, what must come of each cell, and the clean tables."""

import csv
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.importing.proposal import Proposal
from app.importing.read import read

HERE = Path(__file__).parent
TODAY = date(2026, 11, 24)
WORKBOOK = "Deelnemers lerende netwerken 2027 DEF (2).xlsx"
CLOSED = "verhinderingen_2027.csv"
EXPORTS = json.loads((HERE / "expected/deelnemers_export.json").read_text(encoding="utf-8"))
ACTIONS = {
    "fix_silently": "repaired",
    "fix_and_tell": "told",
    "tell": "told",
    "ask": "asked",
    "drop_and_tell": "dropped",
    "ignore_row": "ignored",
    "reject_row": "refused",
}


def file(name: str) -> tuple[str, bytes]:
    return name, (HERE / "manager" / name).read_bytes()


def reading(*names: str, answers: Mapping[str, Any] | None = None) -> Proposal:
    return read([file(name) for name in names], today=TODAY, answers=answers)


@cache
def workbook() -> Proposal:
    return reading(WORKBOOK)


@cache
def answered() -> Proposal:
    """The workbook with every proposal taken, and left out where there is none."""
    return reading(WORKBOOK, answers={item.question: item.proposal or None for item in workbook().questions})


def expected(name: str) -> Any:
    return json.loads((HERE / "expected" / name).read_text(encoding="utf-8"))


def truth(name: str) -> list[dict[str, str]]:
    with (HERE / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def names(table: str) -> dict[str, str]:
    """id -> name, of organisations or networks."""
    return {row["id"]: row["name"] for row in truth(table)}
