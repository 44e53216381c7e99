"""docs/mails.md names every kind of mail, and the days of the ladder."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from app.letters.kinds import KINDS
from app.letters.names import NAMES
from scheduling.reminding.ladder import LADDER

PAGE = (Path(__file__).parents[1] / "docs" / "mails.md").read_text()
ROWS = {row[0]: row[1:] for row in re.findall(r"^\| (\w+) \| (.+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)}


def day(offset: int | None) -> str:
    return "-" if offset is None else f"T{offset:+}"


def test_every_kind_of_mail_stands_on_the_page() -> None:
    assert KINDS.keys() - ROWS.keys() == set()


def test_every_kind_on_the_page_has_a_name() -> None:
    assert ROWS.keys() - {"code"} - NAMES.keys() == set()


@pytest.mark.parametrize("language", ["en", "nl", "de"])
def test_no_two_kinds_of_mail_have_the_same_name(app: Flask, language: str) -> None:
    with force_locale(language):
        names = [str(name) for name in NAMES.values()]

    assert sorted(names) == sorted(set(names))


def test_the_days_on_the_page_are_those_of_the_ladder() -> None:
    told = {step.id: ROWS[step.id][1].partition(",")[0] for step in LADDER}

    assert told == {step.id: f"{day(step.in_person)} / {day(step.online)}" for step in LADDER}


def test_a_step_with_a_condition_says_when_it_is_silent() -> None:
    assert {step.id for step in LADDER if step.only} == {
        kind
        for kind, row in ROWS.items()
        if kind[0] in "HPNE" and kind != "N3" and not row[2].startswith(("all", "as"))
    }
