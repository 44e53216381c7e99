"""A list with headings the program has never seen, from its file to what is stored, as somebody sees it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page
from sqlalchemy import select

from app.extensions import db
from app.networks.models import Contact
from app.people.models import Person
from tests import make
from tests.browser.conftest import Site

LIST = (
    "Hoe heet jullie huis precies?;In welke leerkring doen jullie mee?;Wie komt er namens jullie;Bereikbaar via;Kleur\n"
    "Buurthuis De Lange Naam aan de Oude Gracht in Noord;Eten en gastvrijheid;Ann van der Bakker;ann@lang.example;x\n"
    "Stichting Beta;Eten en gastvrijheid;Bob Cools;bob@beta;y\n"
    "Gamma Thuiszorg;Eten en gastvrijheid;Cem Demir;cem@gamma.example;z\n"
    "Delta Groep;Eten en gastvrijheid;Dieke Eck;dieke@delta.example;x\n"
)


def wrong(page: Page) -> list[str]:
    """The violations axe finds, and whether the page scrolls sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [each["id"] for each in Axe().run(page).response["violations"]] + (["sideways"] if wide > 0 else [])


def press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.click(button)


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (768, "dark"), (1280, "light"), (1280, "dark")])
def test_a_list_is_looked_over_mapped_and_stored(chrome: Browser, empty_site: Site, width: int, scheme: str) -> None:
    with empty_site.app.app_context():
        programme = make.programme()
        email, upload = make.programme_manager(programme=programme).email, f"/programmes/{programme.slug}/import"
        db.session.commit()
    context = chrome.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, locale="nl-NL", bypass_csp=True
    )
    page, found = context.new_page(), dict[str, list[str]]()
    page.goto(empty_site.sign_in_url(email or ""))
    page.click("main button")
    page.goto(empty_site.url + upload)
    page.set_input_files("[type=file]", FilePayload(name="leden.csv", mimeType="text/csv", buffer=LIST.encode()))
    press(page, "main form button:visible")
    found["the list as it was read"] = wrong(page)
    press(page, "text='Take the proposal'")
    found["its column taken"] = wrong(page)
    page.get_by_label("Which one is it for").fill("bob@beta.example")
    press(page, "button:text-is('Import')")
    found["what was stored"] = wrong(page)
    context.close()

    assert {where: each for where, each in found.items() if each} == {}
    with empty_site.app.app_context():
        addresses = set(db.session.scalars(select(Person.email).join(Contact)))
        assert addresses == {f"{name}.example" for name in ("ann@lang", "bob@beta", "cem@gamma", "dieke@delta")}
