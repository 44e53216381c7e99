"""Logs: one JSON line an event on stderr, by route template, without addresses, names or tokens."""

import logging
import secrets
import sys
from time import perf_counter

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger()


class Application(Flask):
    """Flask that logs what went wrong by route and request, not by the address, which may hold a token."""

    def log_exception(self, exc_info: object) -> None:
        route = request.url_rule.rule if request.url_rule else "-"
        log.error("failed", id=g.get("request_id"), method=request.method, route=route, exc_info=exc_info)


def start(app: Flask, level: str) -> None:
    """Set the level and log every request but those for static files."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *args: structlog.PrintLogger(sys.stderr),
    )
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id, g.began = secrets.token_hex(6), perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    if not (request.endpoint or "").endswith("static"):
        route = request.url_rule.rule if request.url_rule else "-"
        took = round(1000 * (perf_counter() - g.began))
        log.info("request", id=g.request_id, method=request.method, route=route, status=response.status_code, ms=took)
    return response
