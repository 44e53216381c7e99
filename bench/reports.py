"""`python -m bench.reports`: the report of a programme of twenty networks with six meetings each, read and written.

Beside it, in the same run, a fixed piece of pure Python: seconds carry badly from machine to machine.
"""

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from flask_babel import force_locale

from app import clock, create_app
from app.exporting import report_files
from app.extensions import db
from app.networks.models import Programme
from app.reports import queries
from bench.__main__ import pure_work
from bench.feed_world import MEETINGS, NETWORKS, build
from tests.conftest import settings_in

RUNS = 7


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder, 1)
        with create_app(settings_in(folder)).app_context(), force_locale("nl"):
            at = clock.now() + timedelta(days=200)
            seconds = [_once(at) for _ in range(RUNS)]
            db.engine.dispose()
    print(f"{NETWORKS} networks x {MEETINGS} meetings: {median(seconds):.2f} s, pure Python {pure_work():.2f} s")


def _once(at) -> float:
    db.session.expunge_all()
    programme = db.session.query(Programme).one()
    begin = time.perf_counter()
    for year in (at.year, at.year - 1):
        report = queries.of_programme(programme, year, at)
        for kind in report_files.KINDS[:2]:
            report_files.written(kind, report.parts, programme.name, "")
    return (time.perf_counter() - begin) / 2


if __name__ == "__main__":
    main()
