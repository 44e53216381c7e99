"""The same instance has the same plan in every process, whatever order its hashes have."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = """
import json, sys
from scheduling.planner import plan
from scheduling.model.instance import Instance
for name in sys.argv[1:]:
    made = plan(Instance.from_json(json.load(open(name))), budget=2, joint=True)
    print(json.dumps(made.to_json()))
"""
NAMES = ("01-typical", "13-formats-free", "09-more-meetings-than-members", "22-three-networks", "23-five-networks")


def plans(seed: str, names: tuple[str, ...]) -> list[object]:
    paths = [str(path) for name in names for path in (ROOT / "tests/scheduling/instances").glob(f"{name}.json")]
    assert len(paths) == len(names)
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", CODE, *paths], env=environment, cwd=ROOT, capture_output=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def usual() -> list[object]:
    return plans("0", NAMES)


@pytest.mark.parametrize("seed", ["1", "20270"])
def test_another_order_of_hashes_changes_no_plan(usual: list[object], seed: str) -> None:
    assert plans(seed, NAMES) == usual
