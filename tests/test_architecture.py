"""docs/architecture.md leads a stranger: its trips are walked file by file, its picture shows every room."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from app.mail.models import STATES

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/architecture.md").read_text()
PICTURE = (ROOT / "docs/architecture.svg").read_text()
Step = tuple[str, str, str]  # file, where in it, what it hands on


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    section = re.split(rf"^### {re.escape(heading)}.*$", PAGE, maxsplit=1, flags=re.M)[1].split("\n#")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def place(path: Path, where: str) -> ast.AST | None:
    """The function, class, method or constant of a file."""
    found: ast.AST | None = parsed(path)
    for name in where.split("."):
        found = next((node for node in getattr(found, "body", ()) if name in defines(node)), None)
    return found


def defines(node: ast.AST) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def names(place: ast.AST) -> set[str]:
    """All names that stand in it, its own included."""
    kinds = (("id", ast.Name), ("attr", ast.Attribute), ("arg", ast.keyword), ("name", ast.FunctionDef | ast.ClassDef))
    return {getattr(node, field) for node in ast.walk(place) for field, kind in kinds if isinstance(node, kind)}


def imports(path: Path) -> set[str]:
    """Dotted names of all modules a file imports, or imports from."""
    found = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.ImportFrom)]
    return {name for node in found for name in [node.module or "", *(f"{node.module}.{n.name}" for n in node.names)]}


def module(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def broken(trip: Sequence[Step]) -> Iterator[str]:
    """What keeps a stranger from walking it."""
    for file, where, _ in trip:
        if not (ROOT / file).exists():
            yield f"{file} is not there"
        elif place(ROOT / file, where) is None:
            yield f"{file} has no {where}"
    for (file, where, given), (after, there, _) in pairwise(trip):
        ends = [place(ROOT / f, w) if (ROOT / f).exists() else None for f, w in ((file, where), (after, there))]
        if any(end is not None and given not in names(end) for end in ends):
            yield f"{given} does not lead from {file} to {after}"
        if None not in ends and file != after and not _known(file, after, given):
            yield f"{file} and {after} do not know each other"


def _known(file: str, after: str, given: str) -> bool:
    """One imports the other; or what is handed on lies in the database, where both look by its name."""
    if module(after) in imports(ROOT / file) or module(file) in imports(ROOT / after):
        return True
    return all(place(ROOT / each, given) is None for each in (file, after))


def trip(heading: str) -> list[Step]:
    return [(file, where, given) for file, where, _what, given in rows(heading)]


@pytest.mark.parametrize("heading", ["A: ", "B: ", "C: ", "D: "])
def test_a_stranger_can_walk_a_trip(heading: str) -> None:
    assert len(trip(heading)) > 7
    assert list(broken(trip(heading))) == []


def test_a_trip_whose_file_has_moved_cannot_be_walked() -> None:
    moved = [(file.replace("calendars/", "feeds/"), where, given) for file, where, given in trip("A: ")]

    assert "app/feeds/feed.py is not there" in list(broken(moved))


def test_a_trip_whose_function_is_called_otherwise_cannot_be_walked() -> None:
    renamed = [(file, where.replace("keep_owed", "freeze"), given) for file, where, given in trip("B: ")]

    assert list(broken(renamed)) == ["app/turns/actions.py has no freeze"]


def test_a_trip_without_one_of_its_files_cannot_be_walked() -> None:
    short = [step for step in trip("D: ") if "claims" not in step[0]]

    assert list(broken(short)) != []


def test_a_mail_has_the_states_that_are_written_down() -> None:
    states = rows("The seven states")

    assert [state for state, *_ in states] == list(STATES)
    for state, file, where, _what, after in states:
        found = place(ROOT / file, where)
        assert found is not None, (file, where)
        assert state in {node.value for node in ast.walk(found) if isinstance(node, ast.Constant)}, state
        assert {word.strip() for word in after.split(",")} <= {*STATES, ""}


def test_a_mail_goes_through_at_most_nine_files() -> None:
    assert len({file for file, _, _ in trip("D: ")}) <= 9


@pytest.mark.parametrize("package", ["app", "scheduling"])
def test_the_picture_shows_every_room(package: str) -> None:
    rooms = {path.parent.name for path in (ROOT / package).glob("*/__init__.py")} - {"migrations"}

    assert rooms <= set(re.findall(r">([^<]+)</text>", PICTURE))
