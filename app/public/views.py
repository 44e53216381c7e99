"""The pages strangers read: without a session, in the language of the address, kept by caches for five minutes."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Conditional

from app.clock import now, today
from app.config import LANGUAGES
from app.edge import web
from app.networks.queries import public_programme
from app.public import meeting_queries, queries
from app.public.models import LEGAL
from app.public.open_calendar import open_calendar

pages = Blueprint("public", __name__)
Answer = Conditional | Response
KEPT = 300  # seconds


def spoken(usual: str = "") -> str:
    """The language of the address, else the usual one of the page, else that of the site."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else usual or web.settings().language


def speaking(usual: str) -> AbstractContextManager[None]:
    """Everything said inside is in the language of the page."""
    return force_locale(web.LOCALES[spoken(usual)])


def body(template: str, **values: object) -> str:
    """A page for strangers, in the language of its address, else in that of what it shows."""
    usual = getattr(values.get("shown"), "language", "")
    language, path = spoken(usual), request.path
    with speaking(usual):
        return render_template(
            template,
            languages={code: f"{web.settings().base_url}{path}?lang={code}" for code in LANGUAGES},
            canonical=f"{web.settings().base_url}{path}?lang={language}",
            spoken=language,
            legal=[kind for kind in LEGAL if kind in queries.legal()],
            **values,
        )


def _page(template: str, **values: object) -> Answer:
    """A page that is the same for everybody: it says so, and that search engines may list it."""
    return _kept(make_response(body(template, **values)))


def _kept(answer: Response) -> Answer:
    answer.headers["Cache-Control"] = f"public, max-age={KEPT}"
    answer.headers["X-Robots-Tag"] = "all"
    answer.add_etag()
    return answer.make_conditional(request)


@pages.get("/p/<programme>")
@web.public
def programme(programme: str) -> Answer:
    shown = queries.programme_page(programme, now()) or abort(404)
    return _page("public/programme.html", shown=shown)


@pages.get("/p/<programme>/members")
@web.public
def members(programme: str) -> Answer:
    shown = queries.directory(programme, today(web.settings().timezone)) or abort(404)
    return _page("public/members.html", shown=shown)


@pages.get("/p/<programme>/<network>")
@web.public
def network(programme: str, network: str) -> Answer:
    shown = queries.network_page(programme, network, now()) or abort(404)
    return _page("public/network.html", shown=shown)


@pages.get("/p/<programme>/<network>/<int:number>")
@web.public
def meeting(programme: str, network: str, number: int) -> Answer:
    shown = meeting_queries.meeting_page(programme, network, number, now()) or abort(404)
    return _page("public/meeting.html", shown=shown)


@pages.get("/p/<programme>/open")
@web.public
def buffet(programme: str) -> Answer:
    """All that is open in a programme."""
    shown = meeting_queries.buffet(programme, now()) or abort(404)
    return _page("public/buffet.html", shown=shown)


@pages.get("/p/<programme>/open.ics")
@web.public
def buffet_feed(programme: str) -> Answer:
    """The open meetings as a calendar. It is empty while there are none, so that nobody has to subscribe anew."""
    found = public_programme(programme) or abort(404)
    with speaking(found.language):
        calendar = open_calendar(found, now())
    return _kept(make_response(calendar, {"Content-Type": "text/calendar; charset=utf-8"}))


@pages.get("/p/<programme>/mark.svg")
@web.public
def mark(programme: str) -> Answer:
    """The mark of quality: text and a picture that members show, leading to the directory."""
    shown = queries.directory(programme, today(web.settings().timezone)) or abort(404)
    with speaking(shown.language):
        answer = make_response(render_template("public/mark.svg", shown=shown, words=_("Learns in the network")))
    answer.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # it is made to be shown elsewhere
    return _kept(answer)


@pages.get("/legal/<about>")
@web.public
def legal(about: str) -> Answer:
    text = queries.legal().get(about) or abort(404)
    return _page("public/legal.html", kind=about, text=text)


@pages.get("/robots.txt")
@web.public
def robots() -> Answer:
    """What search engines may look at: public pages and nothing else."""
    index = web.absolute("public.sitemap")
    lines = ("User-agent: *", "Allow: /p/", "Allow: /static/", "Disallow: /", f"Sitemap: {index}")
    return _kept(make_response("\n".join(lines) + "\n", {"Content-Type": "text/plain; charset=utf-8"}))


@pages.get("/sitemap.xml")
@web.public
def sitemap() -> Answer:
    """Every public page in each language."""
    entries = "".join(_entry(each) for each in queries.public_addresses(now()))
    head = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{entries}</urlset>\n'
    return _kept(make_response(body, {"Content-Type": "application/xml; charset=utf-8"}))


def _entry(address: Sequence[str]) -> str:
    path = "/".join(("/p", *address))
    url = web.settings().base_url + path
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(f"{url}?lang={code}")}"/>' for code in LANGUAGES
    )
    return "".join(f"<url><loc>{escape(f'{url}?lang={code}')}</loc>{links}</url>\n" for code in LANGUAGES)
