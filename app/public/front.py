"""Public pages as they were made a moment ago, in front of Flask: strangers and search engines ask for the same again.

One statement says whether anything has happened since: everything that changes a page stands in the log.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from wsgiref.types import StartResponse

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import SecurityError
from werkzeug.http import parse_etags
from werkzeug.wsgi import get_host

from app.clock import now
from app.config import LANGUAGES
from app.extensions import db

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]
PREFIX, MOST = "/p/", 500
# The newest line, and how many stand shortly before it: of two at once the later may be stored first.
NEWEST = "select coalesce(max(id), 0), count(*) from audit where id > (select coalesce(max(id), 0) - 200 from audit)"
QUERIES = {"", *(f"lang={code}" for code in LANGUAGES)}


@dataclass(frozen=True, slots=True)
class _Made:
    after: tuple[int, ...]
    headers: list[tuple[str, str]]
    etag: str
    body: bytes


def start(app: Flask) -> None:
    """Put what is kept of public pages in front of the application."""
    app.wsgi_app = _Front(app, app.wsgi_app)  # type: ignore[method-assign]


class _Front:
    def __init__(self, app: Flask, behind: Wsgi) -> None:
        self.app, self.behind = app, behind
        self.kept: dict[tuple[str, str], _Made] = {}
        with app.app_context():
            self.engine: Engine = db.engine

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        reads = environ["REQUEST_METHOD"] in ("GET", "HEAD")
        age = self.app.config["PUBLIC_PAGES_KEPT"]
        if not (age and path.startswith(PREFIX) and reads and query in QUERIES and self._is_here(environ)):
            return self.behind(environ, start_response)
        after = self._after(age)
        made = self.kept.get((path, query))
        if after is None or made is None or made.after != after:
            return self._made(environ, start_response, after)
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and parse_etags(known).contains_weak(made.etag):
            start_response("304 Not Modified", [each for each in made.headers if not each[0].startswith("Content-")])
            return []
        start_response("200 OK", made.headers)
        return [made.body] if environ["REQUEST_METHOD"] == "GET" else []

    def _is_here(self, environ: Environ) -> bool:
        try:
            get_host(environ, self.app.config["TRUSTED_HOSTS"])
        except SecurityError:
            return False
        return True

    def _after(self, age: float) -> tuple[int, ...] | None:
        """The end of the log, and in which stretch of `age` seconds; None when the database does not say."""
        try:
            connection = self.engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute(NEWEST)
                newest = tuple(cursor.fetchone() or ())
            finally:
                connection.close()
        except (OperationalError, self.engine.dialect.loaded_dbapi.OperationalError):
            return None
        return *newest, int(now().timestamp() // age)

    def _made(self, environ: Environ, start_response: StartResponse, after: tuple[int, ...] | None) -> Iterable[bytes]:
        """Ask the application, and keep what everybody may read. What it read is at least as new as `after`."""
        said: list[Any] = []

        def note(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], object]:
            said[:] = status, headers
            return start_response(status, headers)

        answer = self.behind(environ, note)
        body = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        status, headers = said[0], dict(said[1])
        public = headers.get("Cache-Control", "").startswith("public") and "Set-Cookie" not in headers
        if after and public and status.startswith("200") and environ["REQUEST_METHOD"] == "GET":
            if len(self.kept) >= MOST:
                self.kept.clear()
            self.kept[environ["PATH_INFO"], environ.get("QUERY_STRING", "")] = _Made(
                after, said[1], headers.get("ETag", "").removeprefix("W/").strip('"'), body
            )
        return [body]
