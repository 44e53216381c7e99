"""`python -m bench.workbooks [--quick]`: reading a workbook here and with openpyxl, in the same run: time and memory.

Each reading is a process of its own; the time is that of the processor, ours with its child's.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from openpyxl import Workbook

LINE = "{:<32} {:>9} {:>10} {:>10}"
COUNT = """
import resource, sys
{code}
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(rows, sum(u.ru_utime + u.ru_stime for u in used), sum(u.ru_maxrss for u in used) / 1024)
"""
OURS = """
from app.importing.files.opening import open_file
from app.importing.files.sheet import COMMAND
with open(sys.argv[1], "rb") as stream:
    rows = len(open_file("list.xlsx", stream.read(), COMMAND).sheets[0].lines)
"""
WHOLE = """
from openpyxl import load_workbook
rows = len(list(load_workbook(sys.argv[1]).worksheets[0].iter_rows()))
"""
VALUES = """
from openpyxl import load_workbook
rows = sum(1 for _row in load_workbook(sys.argv[1], read_only=True, data_only=True).worksheets[0].iter_rows())
"""
WITHOUT_APPLICATION = "import sys, types; app = sys.modules['app'] = types.ModuleType('app'); app.__path__ = ['app']"
READERS = (
    ("ours, values and looks", f"{WITHOUT_APPLICATION}\n{OURS}"),
    ("openpyxl, values and looks", WHOLE),
    ("openpyxl, values only", VALUES),
)


def made(path: Path, rows: int) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Leden")
    sheet.append(["Netwerk", "Organisatie", "Plaats", "Voornaam", "Achternaam", "E-mail", "Lid sinds", "Plaatsen"])
    for n in range(rows):
        organisation = f"Stichting Huis {n}"
        sheet.append(
            [f"Kring {n % 300}", organisation, "Zwolle", "Ann", f"Bakker {n}", f"a{n}@h.example", 2020, n % 40]
        )
    book.save(path)


def spent(code: str, path: Path) -> tuple[float, float]:
    """(seconds of the processor, megabytes at most)."""
    command = [sys.executable, "-c", COUNT.format(code=code), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    _rows, seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def main(quick: bool) -> None:
    print(LINE.format("", "rows", "seconds", "MB"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        for rows in (200, 5_000) if quick else (200, 5_000, 100_000):
            made(path, rows)
            for name, code in READERS:
                runs = [spent(code, path) for _n in range(3 if rows < 10_000 else 1)]
                seconds, megabytes = (median(values) for values in zip(*runs, strict=True))
                print(LINE.format(name, rows, f"{seconds:.2f}", f"{megabytes:.0f}"), flush=True)


if __name__ == "__main__":
    main("--quick" in sys.argv)
