"""What README and programs outside this repository stand on."""

import json
import re
from pathlib import Path

import scheduling
from scheduling import planner, values

ROOT = Path(scheduling.__file__).parents[1]
TYPICAL = json.loads((ROOT / "tests/scheduling/instances/01-typical.json").read_text())


def test_the_package_itself_plans_checks_and_speaks_json() -> None:
    instance = scheduling.Instance.from_json(TYPICAL)
    made = scheduling.plan(instance, budget=2)

    assert made.to_json()["status"] == "optimal"
    assert scheduling.check(instance, made).objective == made.objective
    assert scheduling.Plan.from_json(made.to_json()) == made


def test_programs_outside_plan_by_the_names_they_know() -> None:
    made = planner.plan(values.Instance.from_json(TYPICAL), budget=2)

    assert isinstance(made, values.Plan)
    assert made.to_json()["status"] == "optimal"


def test_nothing_inside_uses_the_names_for_programs_outside() -> None:
    used = re.compile(r"^(from|import) scheduling\.values|^from scheduling import .*\bvalues\b", re.M)
    own = [path for room in ("app", "scheduling", "bench", "tests") for path in (ROOT / room).rglob("*.py")]

    assert [path.name for path in own if used.search(path.read_text())] == [Path(__file__).name]
