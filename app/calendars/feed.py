"""The feed over HTTP: a WSGI callable in front of Flask, since calendars ask far more often than people.

What is stored and fresh is served with one statement, on a connection of its own, without the application's context.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any
from wsgiref.types import StartResponse

from flask import Flask, g
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import SecurityError
from werkzeug.http import http_date, parse_date, parse_etags
from werkzeug.wsgi import get_host

from app.calendars.current import Question, Stored, day_of, networks_in
from app.calendars.models import FeedLink
from app.calendars.notes import EVERY, Note, Notes, Rendering
from app.calendars.programs import program
from app.calendars.rendering import modified, render_feed
from app.clock import now
from app.edge import web
from app.extensions import db
from app.logs import log

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]
Header = tuple[str, str]
Answer = tuple[str, list[Header], bytes]
HEADERS = [("Cache-Control", "private, no-cache"), ("X-Robots-Tag", "noindex")]
CALENDAR, SENTENCE = ("Content-Type", "text/calendar; charset=utf-8"), ("Content-Type", "text/plain; charset=utf-8")
MOST_HOSTS = 100  # remembered: any port may stand behind a name
PREFIX, SUFFIX = "/feeds/", ".ics"


def start(app: Flask) -> None:
    """Put the feed in front of the application."""
    app.wsgi_app = _Feeds(app, app.wsgi_app)  # type: ignore[method-assign]


class _Feeds:
    def __init__(self, app: Flask, behind: Wsgi) -> None:
        self.app, self.behind = app, behind
        with app.app_context():
            engine, self.headers = db.engine, [*web.headers().items(), *HEADERS]
        self.asked = Question(engine)
        self.notes = Notes(engine)
        self.hosts: set[str] = set()  # trusted before

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PREFIX):
            return self.behind(environ, start_response)
        status, headers, body = self._safe_answer(environ)
        start_response(status, [*headers, *self.headers])
        return [body] if environ["REQUEST_METHOD"] != "HEAD" else []

    def _safe_answer(self, environ: Environ) -> Answer:
        """An answer in any case: calendar programs keep what they have when they are told to come again."""
        try:
            self._trust(environ)
            return self._answer(environ, now())
        except SecurityError:
            return _sentence("400 Bad Request", b"This address is not served here.\n")
        except OperationalError as error:
            log.warning("database unavailable", error=type(error.orig).__name__)
            return _sentence("503 Service Unavailable", b"", ("Retry-After", "60"))

    def _trust(self, environ: Environ) -> None:
        host = environ.get("HTTP_HOST", "")
        if host not in self.hosts:
            get_host(environ, self.app.config["TRUSTED_HOSTS"])
            if len(self.hosts) < MOST_HOSTS:
                self.hosts.add(host)

    def _answer(self, environ: Environ, at: datetime) -> Answer:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _sentence("405 Method Not Allowed", b"", ("Allow", "GET, HEAD"))
        token, suffix = environ["PATH_INFO"][len(PREFIX) :].rpartition(SUFFIX)[::2]
        known = environ.get("HTTP_IF_NONE_MATCH", "").removeprefix("W/").strip('"')
        day = day_of(at, self.app.config["SETTINGS"].timezone)
        found = None if suffix else self.asked(token, known if known.isalnum() else "", day)
        if found is None or found.over(at):
            return _sentence("404 Not Found", b"")
        key = found.key(day)
        new = None if found.made_from == key else self.notes.rendering(found.id, key) or self._rendered(found, key, at)
        if new or found.fetched_at is None or found.fetched_at <= at - EVERY:
            note = Note(found.id, at, program(environ.get("HTTP_USER_AGENT", "")), new)
            self.notes.add(note, self.app.config["FEED_NOTES_PAUSE"])
        return _respond(environ, new or found)

    def _rendered(self, found: Stored, key: str, at: datetime) -> Rendering:
        """What is behind is made anew. What it is made from was read before: it can only be newer than its key."""
        with self.app.app_context():
            g.transaction = "read"
            link = db.session.get_one(FeedLink, found.id)
            networks = networks_in(link, at)
            when = modified(link, networks)
            body = render_feed(link, networks, at, when)
            if when == link.modified_at and link.body not in (None, body):  # a day has passed, and something with it
                when = at.replace(microsecond=0)
                body = render_feed(link, networks, at, when)
        return Rendering(key, sha256(body).hexdigest(), when, body)


def _respond(environ: Environ, made: Rendering | Stored) -> Answer:
    headers = [("ETag", f'"{made.etag}"'), ("Last-Modified", http_date(made.modified_at))]
    if _unchanged(environ, made.etag, made.modified_at):
        return "304 Not Modified", headers, b""
    return "200 OK", [*headers, CALENDAR, ("Content-Length", str(len(made.body)))], made.body


def _unchanged(environ: Environ, etag: str, modified_at: datetime) -> bool:
    """If-None-Match wins over If-Modified-Since (RFC 9110 13.1.3)."""
    match = environ.get("HTTP_IF_NONE_MATCH")
    if match:
        return match == f'"{etag}"' or parse_etags(match).contains_weak(etag)
    since = parse_date(environ.get("HTTP_IF_MODIFIED_SINCE"))
    return since is not None and modified_at.replace(microsecond=0) <= since


def _sentence(status: str, body: bytes, *headers: Header) -> Answer:
    return status, [*headers, SENTENCE, ("Content-Length", str(len(body)))], body
