"""How fast calendars are served, beside Radicale and nginx in the same run: `python -m bench.feeds [--quick]`.

Needs `wrk`; what else is not installed is left out with a sentence. Ratios carry from machine to machine.
"""

import argparse
import asyncio
import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.request import Request, urlopen

from bench.beside import WHO, memory, nginx, radicale, web
from bench.feed_world import World, build

LINE = "{:<44} {:>9} {:>9} {:>9} {:>9}"
CONNECTIONS, RATE, ROUNDS = 8, 300, 6
SUBSCRIBERS = 1_000_000
OURS, SAME, RADICALE, FILE, CACHED = "200", "304", "Radicale", "nginx, a file", "behind nginx, documented cache"
GOALS = (OURS, RADICALE, 15), (OURS, FILE, 0.03), (SAME, OURS, 1), (CACHED, FILE, 0.5)  # of what beside what


class Speed(NamedTuple):
    """What a load saw: answers a second, milliseconds, and answers that were not what was asked for."""

    per_second: float
    p50: float
    p99: float
    wrong: int


def wrk(url: str, seconds: int, *headers: str) -> Speed:
    """As many as the server answers, over connections that are kept."""
    given = [word for header in headers for word in ("-H", header)]
    call = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", str(seconds), "--latency", *given, url]
    said = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    wrong = sum(map(int, re.findall(r"(?:connect|read|write|timeout|responses:) (\d+)", said)))
    found = {name: re.search(rf"{name}\s*:?\s+([\d.]+)(us|ms|s)?", said) for name in ("50%", "99%", "Requests/sec")}
    numbers = [float(match[1]) * {"us": 0.001, "s": 1000}.get(match[2] or "", 1) for match in found.values() if match]
    return Speed(numbers[2], numbers[0], numbers[1], wrong)


async def _ask(at: float, port: int, path: str, lanes: asyncio.Queue, took: list[float], wrong: list[str]) -> None:
    await asyncio.sleep(max(0, at - time.perf_counter()))
    lane = await lanes.get()
    reader, writer = lane or await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    await reader.readexactly(int(length[1]) if length else 0)
    took.append(1000 * (time.perf_counter() - at))
    if b" 200 " not in head.split(b"\r\n")[0]:
        wrong.append(head.decode())
    lanes.put_nowait((reader, writer))


async def _steady(port: int, paths: list[str], seconds: int) -> Speed:
    """So many a second, whether the answers keep up or not: who waits for a connection has waited for the answer."""
    lanes: asyncio.Queue = asyncio.Queue()
    for _ in range(CONNECTIONS):
        lanes.put_nowait(None)
    took, wrong, start = [], [], time.perf_counter() + 0.2
    many = range(RATE * seconds)
    asks = [_ask(start + n / RATE, port, paths[n % len(paths)], lanes, took, wrong) for n in many]
    failed = [each for each in await asyncio.gather(*asks, return_exceptions=True) if each]
    took.sort()
    return Speed(len(took) / seconds, median(took), took[int(len(took) * 0.99)], len(wrong) + len(failed))


def steady(port: int, paths: list[str], seconds: int) -> Speed:
    return asyncio.run(_steady(port, paths, seconds))


def get(port: int, path: str, etag: str = "") -> tuple[bytes, str]:
    with urlopen(Request(f"http://127.0.0.1:{port}{path}", headers={"If-None-Match": etag})) as answer:
        return answer.read(), answer.headers["ETag"]


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Somebody else writes and does not end."""
    with closing(sqlite3.connect(database)) as other:
        other.execute("begin exclusive")
        yield


def timed(port: int, path: str) -> float:
    """Milliseconds of one answer, connecting included."""
    start = time.perf_counter()
    get(port, path)
    return 1000 * (time.perf_counter() - start)


def cold(port: int, path: str, database: Path) -> float:
    """Milliseconds of a calendar that has to be made since its networks changed."""
    took = []
    for _ in range(7):
        with closing(sqlite3.connect(database)) as other:
            other.execute("update network set revision = revision + 1")
            other.commit()
        took.append(timed(port, path))
        time.sleep(1.2)  # the rendering is stored a moment later
    return median(took)


def tell(name: str, speed: Speed) -> None:
    print(LINE.format(name, f"{speed.per_second:.0f}", f"{speed.p50:.2f}", f"{speed.p99:.2f}", speed.wrong), flush=True)


def beside(port: int, path: str, folder: Path, seconds: int) -> float:
    """The same bytes from everybody, in turns, the best of some short rounds; returns how many we serve a second."""
    body, etag = get(port, path)
    here = f"http://127.0.0.1:{port}{path}"
    folder.mkdir()
    with radicale(folder / "radicale", body) as other, nginx(folder / "nginx", body, port) as front:
        asked = {OURS: (here,), SAME: (here, f"If-None-Match: {etag}")}
        asked |= {RADICALE: (other, f"Authorization: {WHO}")} if other else {}
        asked |= {FILE: (f"{front}/static/calendar.ics",), CACHED: (f"{front}{path}",)} if front else {}
        rounds = [{name: wrk(url, seconds, *more) for name, (url, *more) in asked.items()} for _ in range(ROUNDS)]
    best = {name: max(each[name] for each in rounds) for name in asked}
    print(f"\n{len(body):,} bytes, {CONNECTIONS} connections that are kept")
    for name, speed in best.items():
        tell(name, speed)
    for name, base, goal in GOALS:
        if base in best:
            ratio = best[name].per_second / best[base].per_second
            print(f"{name} / {base}: {ratio:.3g}, goal >= {goal}: {'yes' if ratio >= goal else 'no'}")
        else:
            print(f"{base}: not installed, left out")
    return best[OURS].per_second


def strangers(port: int, world: World, seconds: int) -> None:
    """The public page of the programme beside a calendar, in turns, the best of some rounds."""
    paths = {"a calendar": world.mine[0], "a public page": world.page}
    rounds = [
        {name: wrk(f"http://127.0.0.1:{port}{path}", seconds) for name, path in paths.items()} for _ in range(ROUNDS)
    ]
    best = {name: max(each[name] for each in rounds) for name in paths}
    for name, speed in best.items():
        tell(name, speed)
    ratio = best["a public page"].per_second / best["a calendar"].per_second
    print(f"a public page / a calendar: {ratio:.3g}, goal >= 0.5: {'yes' if ratio >= 0.5 else 'no'}")


def at_a_rate(name: str, port: int, paths: list[str], seconds: int) -> None:
    tell(f"{name}, {RATE} a second", steady(port, paths, seconds))


def tenants(programmes: int, seconds: int) -> tuple[float, float]:
    """(milliseconds of processor an answer, megabytes) beside so many programmes."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        world = build(folder, programmes)
        with web(folder) as (port, process):
            for path in world.mine:
                get(port, path)
            speed = max(wrk(f"http://127.0.0.1:{port}{path}", seconds) for path in (world.mine[0], world.mine[-1]))
            return 1000 / speed.per_second, memory(process)


def million(a_second: float, made: float, size: int) -> None:
    """What a million who fetch once an hour need, each calendar made anew once a day."""
    asks, makes = SUBSCRIBERS / 3600, SUBSCRIBERS / 86400
    print(f"\na million hourly subscribers: {asks:.0f} fetches a second, {asks / a_second:.2f} of this machine;")
    print(
        f"{makes:.0f} made anew a second, {makes * made / 1000:.2f} of a core; {SUBSCRIBERS * size / 1e9:.0f} GB stored"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    seconds = 1 if parser.parse_args().quick else 3
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not installed: nothing is measured")
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx reads as somebody else
        world, database = build(folder, 1), folder / "toerbeurt.sqlite3"
        with web(folder) as (port, _):
            print(LINE.format("", "a second", "median ms", "p99 ms", "wrong"))
            first = [timed(port, path) for path in world.mine]
            print(f"made for the first time: median {median(first):.0f} ms, a manager's of 20 networks ", end="")
            print(f"{cold(port, world.all, database):.0f} ms, goal < 200")
            at_a_rate("everybody's in turn", port, world.mine, 10)
            with locked(database):
                at_a_rate("while the writer is locked 30 s", port, world.mine, 30)
            beside(port, world.all, folder / "all", seconds)
            a_second = beside(port, world.mine[0], folder / "mine", seconds)
            strangers(port, world, seconds)
            million(a_second, median(first), len(get(port, world.mine[0])[0]))
    few, many = tenants(1, seconds), tenants(10, seconds)
    time_for, memory_for = (ten / one for one, ten in zip(few, many, strict=True))
    print(f"ten times the tenants: {time_for:.2f} of the time, {memory_for:.2f} of the memory, goal <= 1.3")


if __name__ == "__main__":
    main()
