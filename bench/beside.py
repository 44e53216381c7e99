"""What calendars are served by here and elsewhere, each as a process of its own until the block ends."""

import os
import re
import shutil
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.conftest import KEYS
from tests.fakes import free_port

BIN = Path(sys.executable).parent
RADICALE = Path(os.environ.get("BENCH_RADICALE", "bench/.venv/bin/radicale"))
WHO = "Basic " + b64encode(b"bench:x").decode()  # Radicale believes any name
NGINX = """
worker_processes auto; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    {temporary}
    {cache}
    upstream toerbeurt {{ server 127.0.0.1:{behind}; keepalive 16; }}
    server {{
        listen 127.0.0.1:{port};
        proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host 127.0.0.1;
        location /static/ {{ alias {folder}/static/; }}
        {feeds}
    }}
}}
"""


@contextmanager
def running(command: list[str], port: int, **options) -> Iterator[subprocess.Popen]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, **options)
    try:
        _until_it_answers(port)
        yield process
    finally:
        process.terminate()
        process.wait()


def _until_it_answers(port: int) -> None:
    for _ in range(200):
        try:
            urlopen(f"http://127.0.0.1:{port}/").close()
        except HTTPError:
            return
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"nothing answers on port {port}")


@contextmanager
def web(folder: Path) -> Iterator[tuple[int, int]]:
    """The pages and feeds as `toerbeurt web` serves them: (port, process)."""
    port = free_port()
    environ = {
        **os.environ,
        **KEYS,
        "TOERBEURT_INSTANCE": str(folder),
        "TOERBEURT_BASE_URL": f"http://127.0.0.1:{port}",
    }
    with running([str(BIN / "toerbeurt"), "web", "--port", str(port)], port, env=environ) as process:
        yield port, process.pid


def memory(process: int) -> float:
    """Megabytes of a process and its children, what they share counted once; 0 where Linux does not say."""
    numbers = [process, *(int(child) for child in _children(process))]
    try:
        texts = [Path(f"/proc/{number}/smaps_rollup").read_text() for number in numbers]
    except OSError:
        return 0
    return sum(int(re.search(r"Pss:\s+(\d+)", text)[1]) for text in texts) / 1024


def _children(process: int) -> list[str]:
    found = Path(f"/proc/{process}/task/{process}/children")
    return found.read_text().split() if found.exists() else []


@contextmanager
def radicale(folder: Path, calendar: bytes) -> Iterator[str | None]:
    """The address of the same events in a calendar of Radicale's; None where it is not installed."""
    if not RADICALE.exists():
        yield None
        return
    folder.mkdir()
    port = free_port()
    options = ["--auth-type", "none", "--storage-filesystem-folder", str(folder), "--logging-level", "critical"]
    with running([str(RADICALE), "--config", "", "--hosts", f"127.0.0.1:{port}", *options], port):
        url = f"http://127.0.0.1:{port}/bench/calendar/"
        headers = {"Authorization": WHO, "Content-Type": "text/calendar"}
        urlopen(Request(url, calendar, headers, method="PUT")).close()
        yield url


@contextmanager
def nginx(folder: Path, calendar: bytes, behind: int) -> Iterator[str | None]:
    """nginx with the calendar as a file below /static/, and /feeds/ as deploy/nginx.conf has it; None without nginx."""
    if not shutil.which("nginx"):
        yield None
        return
    port, documented = free_port(), Path("deploy/nginx.conf").read_text()
    (folder / "static").mkdir(parents=True)
    (folder / "static" / "calendar.ics").write_bytes(calendar)
    folder.chmod(0o755)
    cache = re.search(r"proxy_cache_path .*;", documented)[0].replace("/var/cache/nginx/toerbeurt", f"{folder}/cache")
    feeds = re.search(r"location /feeds/ \{.*?\n    \}", documented, re.DOTALL)[0]
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    text = NGINX.format(folder=folder, cache=cache, feeds=feeds, behind=behind, port=port, temporary=temporary)
    (folder / "nginx.conf").write_text(text)
    with running(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], port):
        yield f"http://127.0.0.1:{port}"
