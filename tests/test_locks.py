"""What is installed: nothing more than is needed in production, the same versions for tests, and a list of it."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def locked(file: str) -> dict[str, str]:
    """{package: version} of a lock."""
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^ ;\\]+)", (ROOT / file).read_text(), re.MULTILINE))


def test_forty_packages_are_enough_in_production() -> None:
    assert 20 < len(locked("requirements.lock")) <= 40


def test_tests_run_with_the_versions_of_production() -> None:
    development = locked("requirements-dev.lock")
    assert {name: development.get(name) for name in locked("requirements.lock")} == locked("requirements.lock")


def test_every_package_is_locked_by_hash_and_no_lock_names_an_index() -> None:
    for file in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / file).read_text()
        blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
        assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
        assert not re.search(r"https?://|--index|--find-links", text)


def test_the_bill_of_materials_holds_what_is_locked(tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    command = [
        "requirements",
        "--output-reproducible",
        "--of",
        "JSON",
        "-o",
        str(file),
        str(ROOT / "requirements.lock"),
    ]
    subprocess.run([str(Path(sys.executable).with_name("cyclonedx-py")), *command], check=True, capture_output=True)
    components = json.loads(file.read_text())["components"]
    assert {each["name"]: each.get("version") for each in components} == locked("requirements.lock")
