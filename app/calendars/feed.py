"""The feed over HTTP: a WSGI callable in front of Flask, since calendars ask far more often than people."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import SecurityError
from werkzeug.http import http_date, parse_date
from werkzeug.wrappers import Request, Response

from app.calendars.links import find
from app.calendars.models import FeedLink
from app.calendars.rendering import key_of, modified, networks_in, render_feed
from app.clock import now
from app.edge import web
from app.extensions import db
from app.logs import log

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
FETCH_NOTED_EVERY = timedelta(hours=1)
HEADERS = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}


def start(app: Flask) -> None:
    """Put the feed in front of the application."""
    app.wsgi_app = _Feeds(app, app.wsgi_app)  # type: ignore[method-assign]


class _Feeds:
    def __init__(self, app: Flask, behind: Wsgi) -> None:
        self.app, self.behind = app, behind

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith("/feeds/"):
            return self.behind(environ, start_response)
        request = Request(environ)
        request.trusted_hosts = self.app.config["TRUSTED_HOSTS"]
        with self.app.app_context():
            response = _safe_answer(request)
            response.headers.update(web.headers())
        return response(environ, start_response)


def _safe_answer(request: Request) -> Response:
    """An answer in any case: calendar programs keep what they have when they are told to come again."""
    try:
        _ = request.host
        return _answer(request, now())
    except SecurityError:
        return Response("This address is not served here.\n", 400, HEADERS, mimetype="text/plain")
    except OperationalError as error:
        log.warning("database unavailable", error=type(error.orig).__name__)
        return Response("", 503, {**HEADERS, "Retry-After": "60"}, mimetype="text/plain")


def _answer(request: Request, at: datetime) -> Response:
    if request.method not in ("GET", "HEAD"):
        return Response(status=405, headers={**HEADERS, "Allow": "GET, HEAD"})
    token = request.path.removeprefix("/feeds/").removesuffix(".ics")
    g.transaction = "read"
    link = find(token, at) if request.path.endswith(".ics") else None
    if link is None:
        return Response("", 404, HEADERS, mimetype="text/plain")
    networks = networks_in(link, at)
    key = key_of(link, networks, at)
    body, when = link.body, link.modified_at
    if link.made_from != key or body is None or when is None:
        body, when = render_feed(link, networks, at), modified(link, networks)
    response = _respond(request, body, when)
    _note(link, key, body, when, at)
    return response


def _respond(request: Request, body: bytes, when: datetime) -> Response:
    response = Response(body, 200, HEADERS, content_type="text/calendar; charset=utf-8")
    response.set_etag(hashlib.sha256(body).hexdigest())
    response.headers["Last-Modified"] = http_date(when)
    if _unchanged(request, response, when):
        response.status_code = 304
        response.set_data(b"")
        for name in ("Content-Length", "Content-Type"):
            response.headers.pop(name, None)
    elif request.method == "HEAD":
        response.headers["Content-Length"] = str(len(body))
    return response


def _unchanged(request: Request, response: Response, when: datetime) -> bool:
    """If-None-Match wins over If-Modified-Since (RFC 9110 13.1.3)."""
    if request.if_none_match:
        return request.if_none_match.contains_weak(response.get_etag()[0] or "")
    since = parse_date(request.headers.get("If-Modified-Since"))
    return since is not None and when.replace(microsecond=0) <= since


def _note(link: FeedLink, key: str, body: bytes, when: datetime, at: datetime) -> None:
    """Keep the rendering and the fetch, in a transaction of its own that may fail without harm to the answer."""
    fresh = link.made_from == key
    if fresh and link.fetched_at and link.fetched_at > at - FETCH_NOTED_EVERY:
        return
    number = link.id
    db.session.rollback()
    g.transaction = "note"
    values: dict[str, Any] = {"fetched_at": at}
    if not fresh:
        values |= {"made_from": key, "body": body, "modified_at": when}
    try:
        db.session.execute(update(FeedLink).where(FeedLink.id == number).values(**values))
        db.session.commit()
    except OperationalError:  # a busy or full disk: the answer is right all the same
        db.session.rollback()
