"""What all views share: languages, headers, errors, the mark that says who may come in."""

import gzip
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import IntegerConverter
from werkzeug.wrappers import Response as Redirect

from app.clock import now
from app.config import LANGUAGES, Settings
from app.edge import bodies, bounds
from app.errors import Refused, Stale, TooOften
from app.extensions import SAFE_METHODS, db
from app.logs import log

View = Callable[..., Any]
LOCALES = {"nl": "nl_NL", "de": "de_DE", "en": "en_GB"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_CLICK = ("mail.stop_mails",)  # pressed by mail programs, on whatever page they are shown
DISK_FULL = {"SQLITE_FULL", "53100"}  # as SQLite and PostgreSQL say it
COMPRESSED = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")


class Number(IntegerConverter):
    """`<int:...>` in an address: what no row can have is not found."""

    regex = "[0-9]{1,9}"


def access(mark: str) -> Callable[[View], View]:
    """Write on a view who may come in; test_routes fails on a view without the mark."""

    def marked(view: View) -> View:
        view.access = mark  # type: ignore[attr-defined]
        return view

    return marked


public = access("public")


def signed_in(view: View) -> View:
    """Only for somebody who has signed in; others go to the sign-in page, and then where they wanted."""

    @wraps(view)
    def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
        if g.get("person") is None:
            return to_sign_in()
        return view(*args, **kwargs)

    return access("signed_in")(guarded)


def to_sign_in() -> Redirect:
    """The sign-in page; who signs in then gets the page they wanted."""
    if request.method in SAFE_METHODS:
        session["wanted"] = request.full_path.removesuffix("?")
    return redirect(url_for("people.sign_in"))


def settings() -> Settings:
    return current_app.config["SETTINGS"]


def secret_keys() -> list[str]:
    """The keys that open what was signed, the newest last: that one signs."""
    today = now().date().isoformat()
    return [*[key for day, key in settings().old_keys if not day or day >= today], settings().secret_key]


def absolute(endpoint: str, _anchor: str = "", **values: object) -> str:
    """An absolute link, always from BASE_URL, whatever host was asked."""
    path = current_app.url_map.bind(settings().host).build(endpoint, values)
    return f"{settings().base_url}{path}{'#' + _anchor if _anchor else ''}"


def choose_locale() -> str:
    """The language of who is signed in or holds the link, else what the browser prefers, else the setting."""
    person = g.get("person") or g.get("reader")
    if person is not None:
        return str(person.locale)
    asked = request.args.get("lang") if request else None
    if asked in LANGUAGES:  # of a page for strangers
        return LOCALES[asked]
    language = request.accept_languages.best_match(LANGUAGES) if request else None
    return LOCALES[language or settings().language]


def back_to_meeting(slug: str, number: int) -> Redirect:
    """After a button: the page it stood on, the person's own (by link or signed in) or the meeting's."""
    token = (request.view_args or {}).get("token")
    if token:
        return redirect(url_for("portfolio.personal", token=token))
    if request.form.get("back") == "mine":
        return redirect(url_for("portfolio.mine"))
    return redirect(url_for("meetings.meeting", slug=slug, number=number))


def own_url(endpoint: str, slug: str, **values: Any) -> str:
    """Another page of `access.own` or `access.own_network`, by the way this one was reached: by link or signed in."""
    token = (request.view_args or {}).get("token")
    if not token:
        return url_for(endpoint, slug=slug, **values)
    endpoint = f"{endpoint}_by_link"
    if current_app.url_map.is_endpoint_expecting(endpoint, "slug"):
        values["slug"] = slug
    return url_for(endpoint, token=token, **values)


def page(template: str, status: int = 200, **context: object) -> tuple[str, int]:
    """A rendered page with a status of its own."""
    return render_template(template, **context), status


def start(app: Flask) -> None:
    """Hang what all views share onto the application."""
    app.url_map.converters["int"] = Number
    app.before_request(_from_our_pages)
    app.before_request(bodies.read_whole)
    app.after_request(_headers)
    app.after_request(_compress)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(IntegrityError, _both_at_once)
    app.register_error_handler(HTTPException, _http_error)
    app.context_processor(lambda: {"language": get_locale().language, "own_url": own_url})


def _from_our_pages() -> None:
    """No other site's page presses a button here. Our pages send `Origin: null`: they tell nobody where one was."""
    if request.method in SAFE_METHODS or request.endpoint in ONE_CLICK:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "null")
    ours = {settings().base_url, request.host_url.rstrip("/")}
    if site not in (None, "same-origin", "none") or origin not in ("null", *ours):
        abort(403)


def known_year() -> None:
    """Before each request: a year far away has no page."""
    if (request.view_args or {}).get("year", now().year) not in bounds.years():
        abort(404)


def headers() -> dict[str, str]:
    """What every answer carries, also one that is no page: programs ignore it, a browser that opens it is kept in."""
    return {**HEADERS, "Strict-Transport-Security": "max-age=31536000"} if settings().https else HEADERS


def _headers(response: Response) -> Response:
    for name, value in headers().items():
        response.headers.setdefault(name, value)
    if request.endpoint != "people.sign_in":
        response.headers.setdefault("X-Robots-Tag", "noindex")
    if not _static():
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _static() -> bool:
    return (request.endpoint or "").endswith("static")


def _compress(response: Response) -> Response:
    """Static text goes out compressed; each file is compressed once per process."""
    if not _static() or response.status_code != 200 or response.mimetype not in COMPRESSED:
        return response
    response.headers["Vary"] = "Accept-Encoding"
    if not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    text = response.get_data()
    response.close()  # the file it was read from
    response.set_data(_gzipped(text))
    response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=64)
def _gzipped(text: bytes) -> bytes:
    return gzip.compress(text, 9, mtime=0)


def _refused(error: Refused) -> tuple[str, int, dict[str, str]]:
    db.session.rollback()
    title = {409: _("Somebody was ahead of you"), 429: _("Too many tries")}.get(error.status, _("This cannot be done"))
    both = (error.theirs, error.yours) if isinstance(error, Stale) and error.theirs is not None else None
    later = {"Retry-After": str(error.seconds)} if isinstance(error, TooOften) else {}
    return *page("error.html", error.status, title=title, sentence=error.sentence, both=both), later


def _database_busy(error: OperationalError) -> tuple[str, int, dict[str, str]]:
    db.session.rollback()
    g.person = g.reader = g.session = None  # what the page shows must not ask the database
    log.warning("database unavailable", error=type(error.orig).__name__)
    sentence = _("The database is busy. Please try again in a few seconds.")
    if DISK_FULL & {getattr(error.orig, "sqlite_errorname", ""), getattr(error.orig, "sqlstate", "")}:
        sentence = _("The disk is full. Nothing was changed; whoever runs this site has to make room.")
    body, status = page("error.html", 503, title=_("One moment"), sentence=sentence)
    return body, status, {"Retry-After": "5"}


def _both_at_once(error: IntegrityError) -> tuple[str, int]:
    """Two made the same at the same moment; one of them was first."""
    db.session.rollback()
    sentence = _("Somebody did the same a moment before you. Look at the page again.")
    return page("error.html", 409, title=_("Somebody was ahead of you"), sentence=sentence)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    sentences = {
        400: _("This request is not complete. Go back, load the page again and try once more."),
        403: _("This request is not complete. Go back, load the page again and try once more."),
        404: _("There is nothing here, or it is not yours to see."),
        405: _("This page cannot be used that way."),
        408: _("What you sent took too long to arrive. Nothing was changed; please try again."),
        413: _("That is too much at once. Files may be 5 MB at most."),
        429: _("That was tried too often. Please wait an hour."),
    }
    code = error.code or 500
    if isinstance(error, SecurityError):  # a name this site does not have: no page, and the name is not repeated
        return "This address is not served here.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}
    if code < 400:
        return error
    sentence = sentences.get(code, _("Something went wrong on our side. Nothing was changed."))
    title = _("Not found") if code == 404 else _("This did not work")
    also = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]  # 405 says what is allowed
    return *page("error.html", code, title=title, sentence=sentence), also
