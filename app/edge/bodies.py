"""The body of a request is read whole, within its limits and its time, before any statement takes a lock."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

from flask import current_app, request
from werkzeug.exceptions import ClientDisconnected, RequestTimeout

from app.extensions import SAFE_METHODS

BODY_LIMIT = 1024 * 1024
UPLOADS = ("importing.receive",)


def read_whole() -> None:
    """Read what was sent and take it apart; raises 413 for too much and 408 for too slow.

    A transaction that changes something takes SQLite's only writing lock with its first statement. A form that
    arrives a byte a second must not hold it: everything is here before anybody's row is looked up.
    """
    if request.endpoint not in UPLOADS:  # forms are small; only an upload may be as large as the application allows
        request.max_content_length = BODY_LIMIT
    if request.method in SAFE_METHODS:
        return
    with _in_time(request.environ.get("gunicorn.socket")):
        request.get_data()
    _ = request.form, request.files  # parsed from what was read, with the limits of forms


@contextmanager
def _in_time(connection: socket.socket | None) -> Iterator[None]:
    """Close the receiving side after a while: whoever waits for more gets the end of the body instead."""
    if connection is None:  # no server, a test
        yield
        return
    timer = Timer(current_app.config["BODY_SECONDS"], connection.shutdown, (socket.SHUT_RD,))
    timer.daemon = True
    timer.start()
    try:
        yield
    except ClientDisconnected as error:
        raise RequestTimeout from error
    finally:
        timer.cancel()
