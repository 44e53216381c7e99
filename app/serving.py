"""The processes of `web` and `serve`: the pages under gunicorn, and pages and clock side by side.

Everything is forked from the program as it is loaded: loading it again would double the time of a restart.
"""

import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from app.config import LOOPBACK
from app.errors import BadSetting
from app.extensions import db

ADDRESS = "address"  # of the pages, in the instance folder
A_MOMENT = 0.001  # seconds in which another process takes a connection


class WithoutAddresses(Logger):
    """gunicorn's log of its own trouble, without the addresses asked for: they hold tokens."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        self.error_log.addFilter(_without_address)


def _without_address(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple("-" if isinstance(each, str) and "/" in each else each for each in record.args)
    if str(record.msg).startswith("Invalid request"):  # it repeats the line
        record.msg = "Invalid request"
    return True


class Process(ThreadWorker):
    """One process of the pages. Connections that are kept spread over all: whoever is busy lets others take them."""

    def accept(self, listener: object) -> None:
        if self.nr_conns >= self.cfg.threads:
            time.sleep(A_MOMENT)
        super().accept(listener)


class Pages(BaseApplication):
    """gunicorn around the application as it is."""

    def __init__(self, app: Flask, **options: object) -> None:
        self.app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


@contextmanager
def reachable(at: str, folder: Path) -> Iterator[None]:
    """While the block runs, commands in other windows find the address of the pages."""
    note = folder / ADDRESS
    note.write_text(f"{os.getpid()} {at}\n")
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def address(usual: str, folder: Path) -> str:
    """Where the server that runs here is reached; `usual` when none does."""
    try:
        number, at = (folder / ADDRESS).read_text().split()
        os.kill(int(number), 0)  # only asks whether it is there
    except (OSError, ValueError):
        return usual
    return at


def serve_pages(app: Flask, host: str, port: int, workers: int) -> None:
    """Until told to stop."""
    _refuse_open_door(app, host)
    _let_go()
    quiet = {"logger_class": WithoutAddresses, "loglevel": "warning"}
    Pages(app, bind=f"{host}:{port}", workers=workers, worker_class=Process, threads=4, **quiet).run()


def _refuse_open_door(app: Flask, host: str) -> None:
    """Half-sent requests stop a bare server; a proxy in front takes them."""
    if host not in LOOPBACK and not app.config["SETTINGS"].proxy_hops:
        raise BadSetting(
            f"Refusing to listen on {host} without a proxy in front: set TOERBEURT_PROXY_HOPS=1 when one is there "
            "(docs/operation.md), or listen on 127.0.0.1."
        )


def together(works: Sequence[Callable[[], None]]) -> bool:
    """Each work in a process of its own until one ends or we are told to stop; then all are stopped.

    Whether we were told to. When this process is killed its children stop as well, so that it can start again.
    """
    _let_go()
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=_as_child, args=(work,)) for work in works]
    for child in children:
        child.start()
    asked = False

    def stop(*_: object) -> None:
        nonlocal asked
        asked = True
        for child in children:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    wait([child.sentinel for child in children])
    for child in children:
        child.terminate()
    for child in children:
        child.join()
    return asked


def _let_go() -> None:
    """A connection must not be shared with the processes that are forked."""
    db.session.remove()
    db.engine.dispose()


def _as_child(work: Callable[[], None]) -> None:
    Thread(target=_stop_with_parent, daemon=True).start()
    work()


def _stop_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
