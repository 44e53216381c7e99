"""A running site and a real browser."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from werkzeug.serving import make_server

from app import create_app
from app.extensions import db
from app.people.actions import make_link
from app.people.models import Person
from app.people.queries import by_email
from tests.conftest import settings_in
from tests.fakes import free_port

CHROME = next((path for name in ("chromium", "google-chrome", "chrome") if (path := shutil.which(name))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]


@pytest.fixture(scope="session", autouse=True)
def clicks_end_with_a_page() -> Iterator[None]:
    """A click ends when the page it leads to is loaded; the library's own may end while that page is still empty."""
    on_page, on_element = Page.click, Locator.click

    def click(page: Page, selector: str, **how: Any) -> None:
        on_page(page, selector, **how)
        page.wait_for_load_state()

    def click_element(element: Locator, **how: Any) -> None:
        on_element(element, **how)
        element.page.wait_for_load_state()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Page, "click", click)
        patch.setattr(Locator, "click", click_element)
        yield


@dataclass
class Site:
    app: Flask
    url: str

    def sign_in_url(self, email: str) -> str:
        """A one-time link for somebody known, or for a new site admin."""
        with self.app.app_context():
            person = by_email(email) or Person(email=email, site_admin=True, language="nl")
            db.session.add(person)
            _link, secret, _code = make_link(person, datetime.now(UTC))
            db.session.commit()
        return f"{self.url}/sign-in/{secret}"


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    if CHROME is None:
        if os.environ.get("TOERBEURT_REQUIRE_BROWSER"):
            pytest.fail("No Chromium or Chrome is installed, but TOERBEURT_REQUIRE_BROWSER is set.")
        pytest.skip("No Chromium or Chrome is installed: the tests in a real browser are left out.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROME, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """A site that is served while the block runs."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = create_app(settings_in(folder, base_url=url, language="nl"))
    with app.app_context():
        db.create_all()
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Site(app, url)
    finally:
        server.shutdown()
        thread.join()
        for each in threading.enumerate():  # what was asked last is answered: a file of it would stay open
            if "process_request_thread" in each.name:
                each.join(1)
        server.server_close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path) as site:
        yield site


@pytest.fixture
def page(chrome: Browser) -> Iterator[Page]:
    """A page without script: everything works without."""
    context = chrome.new_context(java_script_enabled=False, locale="nl-NL", viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
