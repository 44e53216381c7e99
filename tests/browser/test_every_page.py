"""Every page there is, with something on it: readable by everybody by day and by night, within 320 px."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from app.extensions import db
from tests import make
from tests.browser.conftest import Site
from tests.everything import NOW, World, build_world
from tests.test_routes import MATRIX, method_of, url_of

pytestmark = pytest.mark.browser
LOOKING = ("contact", "network manager", "programme manager", "site admin", "public")  # the first who sees it looks
LETTER = ("region", "landmark-one-main")  # a mail as a mail program shows it is no page of ours
NO_PAGES = {
    "for one person and one press": {"people.open_address", "people.open_link"},
    "read by programs": {"admin.healthz", "admin.readyz", "admin.figures", "importing.report", "privacy.my_file"},
    "read by machines and browsers": {"public.robots", "public.sitemap", "public.mark", "public.buffet_feed"},
    "taken along as files": {
        *("exporting.network", "exporting.programme", "importing.template", "library.export", "library.export_by_link"),
        *(
            "calendars.one",
            "calendars.one_by_link",
            "privacy.my_dates",
            "privacy.log_file",
            "reports.network_file",
            "reports.programme_file",
        ),
    },
}


@dataclass
class Seen:
    site: Site
    pages: dict[str, tuple[str, str]]  # {endpoint: (who looks, path)}
    cookies: dict[str, str]  # {who looks: the cookie of a session}
    nobody: set[str]  # endpoints that show nobody a page


@pytest.fixture(scope="module")
def seen(site: Site) -> Iterator[Seen]:
    with time_machine.travel(NOW, tick=True), site.app.app_context():
        world = build_world()
        clients = {name: _client(site.app, world, name) for name in LOOKING}
        found = Seen(site, {}, {}, set())
        for endpoint in (name for name in MATRIX if method_of(site.app, name) == "GET"):
            path = url_of(site.app, world, endpoint)
            who = next((name for name, client in clients.items() if _is_page(client, path)), None)
            if who:
                found.pages[endpoint] = who, path
            else:
                found.nobody.add(endpoint)
        for name, client in clients.items():
            cookie = client.get_cookie("session")
            found.cookies[name] = cookie.value if cookie else ""
        db.session.commit()
        yield found


def _client(app: Flask, world: World, name: str) -> FlaskClient:
    person = world.people[name]
    return make.browser(app, person) if person else app.test_client()


def _is_page(client: FlaskClient, path: str) -> bool:
    answer = client.get(path)
    return (answer.status_code, answer.mimetype) == (200, "text/html")


def test_what_is_no_page_is_known_by_name(seen: Seen) -> None:
    assert seen.nobody == {name for names in NO_PAGES.values() for name in names}


def test_every_page_is_readable_by_everybody_and_fits_the_smallest_phone(chrome: Browser, seen: Seen) -> None:
    wide: dict[str, int] = {}
    unreadable: dict[str, list[tuple[str, str]]] = {}
    still = {"viewport": {"width": 320, "height": 800}, "reduced_motion": "reduce"}  # colours change at once
    for who, cookie in seen.cookies.items():
        context = chrome.new_context(**still, bypass_csp=True)  # axe comes in as a script
        if cookie:
            context.add_cookies([{"name": "session", "value": cookie, "url": seen.site.url}])
        page = context.new_page()
        for endpoint in (name for name, (looks, _path) in seen.pages.items() if looks == who):
            answer = page.goto(seen.site.url + seen.pages[endpoint][1])
            assert answer is not None
            assert (endpoint, answer.status) == (endpoint, 200)
            wide[endpoint] = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            unreadable[endpoint] = _violations(page, LETTER if endpoint == "mail.mail_page" else ())
        context.close()

    assert {name: more for name, more in wide.items() if more} == {}
    assert {name: found for name, found in unreadable.items() if found} == {}


def _violations(page: Page, without: Sequence[str]) -> list[tuple[str, str]]:
    """What axe finds by day and by night: (rule, element)."""
    rules, found = {"rules": {name: {"enabled": False} for name in without}}, []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += Axe().run(page, options=rules).response["violations"]
    return [(each["id"], each["nodes"][0]["html"][:120]) for each in found]
