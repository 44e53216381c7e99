"""How long a command takes to start beside the whole application, in the same run."""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

RUNS = 9
APPLICATION = [sys.executable, "-c", "from app import create_app; create_app()"]
PROGRAM = [sys.executable, "-m", "app.cli"]


def once(command, environ):
    begin = time.perf_counter()
    subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begin


def figures(year: Path):
    """{name: median seconds of whole processes}, taken in turns so that a busy machine weighs on all of them."""
    with TemporaryDirectory() as folder:
        environ = os.environ | {"TOERBEURT_INSTANCE": folder}
        commands = {
            "the application": APPLICATION,
            "--help": [*PROGRAM, "--help"],
            "import --help": [*PROGRAM, "import", "--help"],
            "plan FILE": [*PROGRAM, "plan", str(year), "-o", f"{folder}/plan.json"],
        }
        for command in commands.values():
            once(command, environ)
        runs = [{name: once(command, environ) for name, command in commands.items()} for _ in range(RUNS)]
    return {name: median(run[name] for run in runs) for name in commands}


def main():
    year = Path(__file__).parents[1] / "tests/scheduling/instances/01-typical.json"
    taken = figures(year)
    whole = taken.pop("the application")
    print(f"\nstarting the application: {1000 * whole:.0f} ms (median of {RUNS} processes)")
    for name, seconds in taken.items():
        print(f"  toerbeurt {name:<14} {1000 * seconds:6.0f} ms  {seconds / whole:.2f} of it")


if __name__ == "__main__":
    main()
