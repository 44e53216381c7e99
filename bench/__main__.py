"""`python -m bench [--quick]`: how fast the planner is beside something measured in the same run.

Ratios carry from machine to machine, milliseconds do not; nothing here is a test.
"""

import json
import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from statistics import median

from bench import starting
from bench.years import INSIDE, KINDS, of_kind, programme, shifted, typical
from scheduling import Instance, plan
from scheduling.joint.highs import available

ANCHOR = Path(os.environ.get("BENCH_PYTHON", "bench/.venv/bin/python"))
LINE = "{:<34} {:>6} {:>9} {:>10} {:>10} {:>10}"


def timed(data, **kw):
    """(seconds, plan) of one run; the reading is part of it."""
    begin = time.perf_counter()
    made = plan(Instance.from_json(data), **kw)
    return time.perf_counter() - begin, made


def line(name, runs):
    seconds = sorted(s for s, _ in runs)
    proven = sum(made.status in ("optimal", "infeasible") for _, made in runs)
    p99 = seconds[min(len(seconds) - 1, int(len(seconds) * 0.99))]
    numbers = [f"{1000 * x:.1f}" for x in (median(seconds), p99, seconds[-1])]
    print(LINE.format(name, len(runs), f"{100 * proven / len(runs):.1f} %", *numbers), flush=True)
    return median(seconds)


def pure_work():
    """A fixed piece of pure Python, of some 50 ms."""
    begin = time.perf_counter()
    table = {}
    for i in range(200_000):
        table[i % 997] = table.get(i % 991, 0) + i * i % 1009
    return time.perf_counter() - begin


def anchor(years, runs):
    """What the planner is compared with: CP-SAT on the same years, or a piece of pure Python."""
    if not ANCHOR.exists():
        return "a piece of pure Python", median(pure_work() for _ in range(9))
    asked = json.dumps(years)
    done = subprocess.run([ANCHOR, "-m", "bench.anchor"], input=asked, text=True, capture_output=True, check=True)
    answers = json.loads(done.stdout)
    for year, (_, made), (_, objective) in zip(years, runs, answers, strict=True):
        if made.status == "optimal" and objective not in (None, [str(x) for x in made.objective]):
            print("DIFFERENT", year["name"], [str(x) for x in made.objective], objective)
    return "CP-SAT proving the same optimum", median(s for s, _ in answers)


def importing():
    code = "import time; t = time.perf_counter(); import scheduling.planner; print(time.perf_counter() - t)"
    runs = [subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True) for _ in range(7)]
    return median(float(run.stdout) for run in runs)


def main(quick):
    print(f"import of scheduling.planner: {1000 * importing():.0f} ms\n")
    print(LINE.format("milliseconds", "runs", "proven", "median", "p99", "most"))
    years = [typical(i) for i in range(100 if quick else 1000)]
    timed(years[0])  # warm
    runs = [timed(year) for year in years]
    own = line("7-10 organisations x 6", runs)  # from September to June
    line("the same, inside one year", [timed(shifted(year, INSIDE)) for year in years])
    few = 30 if quick else 100
    name, beside = anchor(years[:few], runs[:few])
    for kind in KINDS:
        line(kind, [timed(of_kind(kind, i)) for i in range(5 if quick else 40)])
    for networks in islice((3, 8, 20), 2 if quick else 3):
        data = [programme(networks, i) for i in range(2 if quick else 8)]
        line(f"{networks} networks, one after another", [timed(d) for d in data])
        line(f"{networks} networks together", [timed(d, joint=True) for d in data])
    print(f"\n{name}: median {1000 * beside:.1f} ms = {beside / own:.1f} x the planner's")
    print(f"highspy is {'there' if available() else 'not there: networks together are proven by branching only'}")
    starting.main()


if __name__ == "__main__":
    main("--quick" in sys.argv)
