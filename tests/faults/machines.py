"""Webs and workers as process groups of their own, as if on machines of their own: started, killed and asked."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask

from tests.fakes import free_port
from tests.faults.conftest import ROOT, environment

NOWHERE = 0  # as a status: nobody answered


@dataclass
class Machine:
    """`toerbeurt web` or `toerbeurt worker`. Killing it kills the whole group, as pulling the plug would."""

    app: Flask
    arguments: Sequence[str]
    mail_url: str = "file:mail"
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        command = [sys.executable, "-m", "app.cli", *self.arguments]
        environ = environment(self.app, self.mail_url) | {"TOERBEURT_DISPATCH_SECONDS": "1"}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True, **quiet)

    def end(self, how: signal.Signals) -> None:
        """Of a machine that does not run: nothing."""
        if self.process is not None:
            os.killpg(self.process.pid, how)
            self.process.wait(30)
        self.process = None

    def kill(self) -> None:
        self.end(signal.SIGKILL)

    def kill_first(self) -> None:
        """Only the process that was started; its children are left to see for themselves."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        self.end(signal.SIGTERM)


class Web(Machine):
    def __init__(self, app: Flask, command: str = "web") -> None:
        self.port = free_port()
        super().__init__(app, [command, "--port", str(self.port)])

    def ask(self, path: str, method: str = "GET") -> int:
        """The status; NOWHERE when nobody answers."""
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, method=method, headers={"Host": "localhost"})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return NOWHERE

    def start_and_wait(self, path: str = "/readyz") -> float:
        """Seconds until it is ready."""
        since = time.monotonic()
        self.start()
        while self.ask(path) != 200:
            time.sleep(0.02)
            assert time.monotonic() < since + 60
        return time.monotonic() - since


def worker(app: Flask, mail_url: str) -> Machine:
    return Machine(app, ["worker"], mail_url)


@dataclass
class Load:
    """Threads that do their share of a list, one after the other, and note when and what came of it."""

    notes: list[tuple[float, str, int]] = field(default_factory=list)

    def take(self, paths: Sequence[str], ask: Callable[[str], int]) -> None:
        for path in paths:
            status = ask(path)
            self.notes.append((time.monotonic(), path, status))

    @contextmanager
    def running(self, paths: Sequence[str], ask: Callable[[str], int], threads: int = 4) -> Iterator["Load"]:
        shares = [paths[number::threads] for number in range(threads)]
        running = [threading.Thread(target=self.take, args=(share, ask)) for share in shares]
        for each in running:
            each.start()
        yield self
        for each in running:
            each.join()

    def answered(self, status: int) -> set[str]:
        return {path for _, path, said in self.notes if said == status}
