"""docs/planner.md and docs/formats.md say what the code does: names, keys, costs and examples."""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from app import cli
from app.commands import plan_file
from app.exporting import network_json
from app.exporting.restoring import restore
from app.extensions import db
from app.importing import actions
from app.networks.models import Network
from app.planning.year_request import Wishes
from scheduling import Instance, plan
from scheduling.model.network import Lock, Manager, Organisation
from scheduling.model.plan import STATUSES
from scheduling.model.tiers import (
    DEFAULT_WEIGHTS,
    MOVED_DATE,
    MOVED_FORMAT,
    MOVED_HOST,
    MOVED_PREPARER,
    TIERS,
)
from scheduling.rules.balance import Balance, at_end
from scheduling.rules.relaxing import NEW_WEEKDAY, wishes
from tests import make
from tests.exporting.test_exporting import network as network_with_everything
from tests.importing import world
from tests.scheduling.made import START, away, days, instance, meeting, member, network
from tests.scheduling.model.test_from_json import FULL

ROOT = Path(__file__).parents[1]
PLANNER, FORMATS = ((ROOT / "docs" / name).read_text() for name in ("planner.md", "formats.md"))
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def table(text: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    section = re.split(rf"^#+ {re.escape(heading)}$", text, maxsplit=1, flags=re.M)[1]
    rows = re.split(r"^#+ ", section, maxsplit=1, flags=re.M)[0].split("\n")
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if row.startswith("|")][2:]


def keys(heading: str, text: str = FORMATS) -> set[str]:
    return {row[0].strip("`") for row in table(text, heading)}


def example(name: str) -> Any:
    found = re.search(rf"^```\w+ {name}\n(.*?)^```", FORMATS, re.M | re.S)
    assert found is not None, name
    return found[1] if name == "list" else json.loads(found[1])


def defined(path: Path) -> set[str]:
    """Names of a file: functions, classes with their methods, constants."""

    def names(nodes: Iterable[ast.AST], before: str = "") -> Iterator[str]:
        for node in nodes:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                yield before + node.name
            if isinstance(node, ast.ClassDef):
                yield from names(node.body, f"{node.name}.")
            if isinstance(node, ast.Assign | ast.AnnAssign):
                yield from (each.id for each in ast.walk(node) if isinstance(each, ast.Name))

    return set(names(ast.parse(path.read_text()).body))


# ---- docs/planner.md
@pytest.mark.parametrize("name", ["planner.md", "formats.md"])
def test_files_and_what_stands_in_them_are_named_as_they_are_called(name: str) -> None:
    named = re.findall(r"`([\w/]+\.py)(?:: ([\w.]+))?`", (ROOT / "docs" / name).read_text())

    assert named
    assert [path for path, _ in named if not (ROOT / "scheduling" / path).exists()] == []
    assert [(p, n) for p, n in named if n and n not in defined(ROOT / "scheduling" / p)] == []


def test_every_file_of_the_planner_has_a_line_of_its_own() -> None:
    listed = {path for row in table(PLANNER, "3 Where to find what") for path in re.findall(r"`([\w/]+\.py)`", row[0])}
    files = {str(path.relative_to(ROOT / "scheduling")) for path in (ROOT / "scheduling").rglob("*.py")}

    assert listed == {path for path in files if not path.endswith("__init__.py")} - {"values.py"}


def test_every_rule_that_is_checked_is_explained() -> None:
    checked = set(re.findall(r'"(H\d+)"', (ROOT / "scheduling/rules/check.py").read_text()))

    assert {row[0] for row in table(PLANNER, "The rules")} == checked


def test_the_tiers_and_costs_are_those_of_the_code() -> None:
    rows = {row[0]: row[1] for row in table(PLANNER, "Which plan is the best: five tiers")}
    weights = {name: Fraction(cost) for cost, name in re.findall(r"(\d+) \(`(\w+)`\)", " ".join(rows.values()))}
    moved = re.findall(r"date (\d+), another host (\d+), another format (\d+), .* gone (\d+)", rows["stability"])

    assert tuple(rows) == TIERS
    assert weights == DEFAULT_WEIGHTS
    assert moved == [tuple(map(str, (MOVED_DATE, MOVED_HOST, MOVED_FORMAT, MOVED_PREPARER)))]


def test_the_statuses_end_the_command_as_it_says() -> None:
    rows = table(PLANNER, "What a plan promises")

    assert {row[0].strip("`"): int(row[2]) for row in rows} == plan_file.EXIT
    assert tuple(row[0].strip("`") for row in rows) == STATUSES


def test_every_wish_has_the_price_it_says() -> None:
    locked = Lock(frozenset({"date"}), START)
    everything = {"preparers_per_meeting": 2, "max_turns": 3, "quorum": 50, "in_person": (1, 2), "closed": ("feast",)}
    unwilling = member("d", hosts=False, prepares=False, duties_from=START, host_unavailable=(days(0, 1),))
    asked = network(members=(member("a"), unwilling), meetings=(meeting("m1", 0, 6, locked=locked),), **everything)
    away_a = away("a", 0, 0) | {"d": Organisation("d")}
    whole = instance(asked, network(id="n2"), organisations=away_a, calendars={"feast": ()})
    busy = instance(managers={"boss": Manager("boss", (days(0, 0),))})
    prices = wishes(whole) | wishes(busy)

    assert {row[0].strip("`"): int(row[1]) for row in table(PLANNER, "When there is no plan")} == {
        name.partition(":")[0]: price for name, price in prices.items()
    }
    assert f"at a cost of {NEW_WEEKDAY}" in PLANNER


def test_the_example_of_the_ledger_is_counted_right() -> None:
    whole = Instance.from_json(example("instance"))
    made = plan(whole)
    harbour = whole.networks[0]
    before = {each.org: Balance(each.host_balance, each.prep_balance) for each in harbour.members}
    rows = {row[0].lower(): [number(cell) for cell in row[1:]] for row in table(PLANNER, "The ledger")}

    assert {name: Balance(row[0], row[4]) for name, row in rows.items()} == before
    assert {name: Balance(row[3], row[7]) for name, row in rows.items()} == at_end(harbour, made.networks["harbour"])
    assert [row[i] - row[i + 1] + row[i + 2] - row[i + 3] for row in rows.values() for i in (0, 4)] == [0] * 6
    assert made.objective is not None
    assert f"**{made.objective[2]}**" in PLANNER


def number(cell: str) -> Fraction:
    return Fraction(cell.strip("*").replace("−", "-"))


# ---- docs/formats.md: instance and plan
def test_every_key_of_an_instance_is_described() -> None:
    written = FULL.to_json()
    one = written["networks"][0]

    assert keys("instance") == written.keys()
    assert keys("organisation") == written["organisations"]["a"].keys()
    assert keys("manager") == written["managers"]["boss"].keys()
    assert keys("network") == one.keys()
    assert keys("member") == one["members"][0].keys() | {"until", "duties_from"}
    assert keys("meeting") == {key for each in one["meetings"] for key in each}
    assert keys("previous") == one["previous"].keys()


def test_what_a_missing_key_means_is_what_the_planner_takes() -> None:
    small = Instance.from_json(example("instance")).to_json()
    one = small["networks"][0]
    of = {"network": one, "member": one["members"][2], "organisation": small["organisations"]["kade"]}
    said = [
        (heading, row[0].strip("`"), row[2])
        for heading in of
        for row in table(FORMATS, heading)
        if row[2] in ("true", "false") or row[2].isdigit()
    ]
    taken = [(heading, key, str(of[heading][key]).lower()) for heading, key, _ in said if key != "prep_balance"]

    assert taken == [each for each in said if each[1] != "prep_balance"]


def test_the_example_of_an_instance_has_the_plan_it_says() -> None:
    assert plan(Instance.from_json(example("instance"))).to_json() == example("plan")


def test_every_key_of_a_plan_is_described(tmp_path: Path) -> None:
    impossible = json.loads(json.dumps(example("instance")))
    impossible["networks"][0]["weekdays"] = {}
    written = [planned(tmp_path, example("instance")), planned(tmp_path, impossible)]
    rows = [row for each in written for rows in each["networks"].values() for row in rows]

    assert keys("plan") == {key for each in written for key in each}
    assert keys("certificate") == written[0]["certificate"].keys()
    assert {frozenset(row) for row in rows} == {frozenset(keys("row"))}
    assert all(keys("reason") <= reason.keys() for reason in written[0]["reasons"])


def planned(folder: Path, asked: Mapping[str, Any]) -> dict[str, Any]:
    (folder / "instance.json").write_text(json.dumps(asked))
    done = CliRunner().invoke(cli.plan, [str(folder / "instance.json")])
    found: dict[str, Any] = json.loads(done.output)
    return found


# ---- docs/formats.md: export and import report
def all_keys(*tables: Mapping[str, Any]) -> set[str]:
    return {key for each in tables for key in each}


def test_every_key_of_an_export_is_described(app: Flask) -> None:
    network = network_with_everything()
    network.wishes = Wishes().to_json()
    exported = network_json.export([network.id], datetime(2027, 6, 1, tzinfo=UTC))
    [one] = exported["networks"]
    organisations, meetings = one["organisations"], [each for cycle in one["cycles"] for each in cycle["meetings"]]

    assert keys("export") == exported.keys()
    assert keys("programme") == all_keys(*exported["programmes"])
    assert keys("network in an export") == one.keys()
    assert keys("organisation in an export") == all_keys(*organisations)
    for name, plural in (("contact", "contacts"), ("room", "rooms"), ("absence", "absences")):
        assert keys(name) == all_keys(*(found for each in organisations for found in each[plural]))
    assert keys("cycle") == all_keys(*one["cycles"])
    assert keys("meeting in an export") == all_keys(*meetings)
    assert keys("owed") == all_keys(*(each["owed"] for each in meetings if each.get("owed")))
    assert keys("pulse") == all_keys(*(each["pulse"] for each in meetings if each.get("pulse")))
    results = [each["result"] for each in meetings if each.get("result")]
    assert keys("result") == all_keys(*results)
    assert keys("agreement") == all_keys(*(each for result in results for each in result["agreements"]))
    assert keys("recording") == all_keys(*(result["recording"] for result in results))
    assert keys("topic") == all_keys(*one["topics"])
    assert keys("wishes") == one["wishes"].keys()


def test_what_a_draft_leaves_out_is_said(app: Flask) -> None:
    [one] = network_json.export([network_with_everything().id], NOW)["networks"]
    [published, draft] = [cycle["meetings"][0] for cycle in one["cycles"]]
    said = {row[0].strip("`") for row in table(FORMATS, "meeting in an export") if "not in a draft" in row[1]}

    assert published.keys() - draft.keys() == said


def test_the_example_of_an_export_comes_back_as_it_is(app: Flask) -> None:
    restore(example("export"), NOW)
    db.session.expire_all()

    assert network_json.export([id_ for (id_,) in db.session.query(Network.id)], NOW) == example("export")


def test_every_key_of_an_import_report_is_described(app: Flask) -> None:
    row = actions.receive(make.programme(), [world.file(world.WORKBOOK)], NOW)
    report = actions.complete(row, NOW)

    assert keys("report") == report.keys()
    assert keys("file") == all_keys(*report["files"])
    assert keys("added") == report["added"].keys()
    assert keys("item") == all_keys(*report["items"])
    assert keys("compared") == report["compared"].keys()


def test_the_example_of_a_list_gives_the_report_it_says(app: Flask) -> None:
    row = actions.receive(make.programme(), [("members.csv", example("list").encode())], NOW)

    assert actions.complete(row, NOW) == example("report")
