"""No name of the program is there for the tests alone: a promise that only a test keeps is no promise."""

import re
import tomllib
from pathlib import Path

import pytest

import app
from tests.reached import Program, Target

ROOT = Path(app.__file__).parents[1]
# The planner's names for programs outside, and what gunicorn and the tests of a deployment call.
FACES: set[Target] = {("scheduling", ""), ("scheduling.values", ""), ("app", "create_app")}
TAGS = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)


def modules() -> dict[str, str]:
    found = {}
    for path in (path for room in ("app", "scheduling", "bench") for path in (ROOT / room).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if ".venv" in parts:  # that of the planner's anchor
            continue
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text()
    return {name: source for name, source in found.items() if ".migrations" not in name}


def commands() -> set[Target]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    addresses = [*project["scripts"].values(), *project["entry-points"]["flask.commands"].values()]
    return {(module, name) for module, _colon, name in (each.partition(":") for each in addresses)}


def words_of_templates() -> set[str]:
    pages = [path.read_text() for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt")]
    return {word for page in pages for tag in TAGS.findall(page) for word in re.findall(r"\w+", tag)}


def test_every_name_is_used_by_the_program_itself() -> None:
    there = modules()
    bench = {(name, "") for name in there if name.startswith("bench")}

    program = Program(there, FACES | commands() | bench, words_of_templates())

    assert program.unused() == []
    assert there.keys() - program.loaded == set()


PROGRAM = """
from house.turns import keep, Turn
import house

def main():
    kept = Turn().share
    return other(kept)

def other(value):
    return value
"""
TURNS = """
LIMIT = 3

def keep(now):
    return keep(now) or LIMIT

class Turn:
    @property
    def share(self):
        return self._half()

    def _half(self):
        return 1

    def told(self):
        return 2
"""


def unused(program: str, **more: str) -> list[str]:
    there = {"house": "", "house.start": program, "house.turns": TURNS, **more}
    return Program(there, {("house.start", "main")}).unused()


def test_what_is_imported_and_not_used_what_calls_itself_and_a_method_nobody_names_are_unused() -> None:
    assert unused(PROGRAM) == ["house.turns.LIMIT", "house.turns.Turn.told", "house.turns.keep"]


@pytest.mark.parametrize(
    "use",
    [
        "keep(0)",
        "[keep(n) for n in (1, 2)]",
        "turns.keep(0)",
        "'house.turns:keep'",
        "f'from house.turns import keep\\nkeep({1})'",
        "handed(turns).keep",
    ],
)
def test_a_call_a_module_an_address_code_in_a_text_and_a_module_handed_on_are_uses(use: str) -> None:
    called = PROGRAM.replace("import house", "from house import turns").replace("kept = ", f"{use}\n    kept = ")

    assert unused(called) == ["house.turns.Turn.told"]


@pytest.mark.parametrize(
    "use",
    ["(lambda keep: keep)(1)", "[keep for keep in (1, 2)]", "kept.keep", "turns.Turn"],
)
def test_another_thing_of_the_same_name_is_no_use(use: str) -> None:
    called = PROGRAM.replace("import house", "from house import turns").replace("kept = ", f"{use}\n    kept = ")

    assert unused(called) == ["house.turns.LIMIT", "house.turns.Turn.told", "house.turns.keep"]


def test_a_module_that_is_never_loaded_is_unused_with_all_it_calls() -> None:
    alone = "from house.turns import keep\n\ndef work():\n    keep(1)\n\nwork()\n"

    assert "house.turns.keep" in unused(PROGRAM, **{"house.alone": alone})


def test_a_page_and_what_it_calls_are_used() -> None:
    page = "from house.turns import keep\npages = object()\n\n@pages.post('/')\ndef press():\n    keep(1)\n"

    assert unused("import house\nfrom house import page\n" + PROGRAM, **{"house.page": page}) == [
        "house.turns.Turn.told"
    ]
