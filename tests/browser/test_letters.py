"""Letters in a real browser: on a small phone nothing scrolls sideways, by day and by night."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser

from app.extensions import db
from app.mail.kind_of_mail import Letter
from tests.conftest import empty_tables
from tests.letters.written import SORTS, letters_of

pytestmark = pytest.mark.browser
LINES_OF_EACH = """cells => cells.map(cell => {
    const range = document.createRange()
    range.selectNodeContents(cell)
    return range.getClientRects().length
})"""


@pytest.fixture(scope="module")
def letters(_app: Flask) -> dict[str, Letter]:
    found = letters_of("de")
    empty_tables()
    db.session.remove()
    return found


@pytest.mark.parametrize("width", [320, 600, 1280])
def test_no_letter_scrolls_sideways(chrome: Browser, letters: dict[str, Letter], width: int) -> None:
    page, found = chrome.new_page(viewport={"width": width, "height": 700}), {}
    for sort, letter in letters.items():
        page.set_content(letter.html)
        found[sort] = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert found == dict.fromkeys(SORTS, width)


def test_on_a_small_phone_the_name_of_a_fact_stays_one_word(chrome: Browser, letters: dict[str, Letter]) -> None:
    page = chrome.new_page(viewport={"width": 320, "height": 700})
    page.set_content(letters["H1"].html)
    lines = page.locator("td.soft").evaluate_all(LINES_OF_EACH)
    page.close()
    assert len(lines) > 1
    assert set(lines) == {1}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_year_is_readable_by_everybody(chrome: Browser, letters: dict[str, Letter], scheme: str) -> None:
    page = chrome.new_page(color_scheme=scheme)
    page.set_content(letters["Y0"].html)
    found = Axe().run(page, options={"rules": {"region": {"enabled": False}, "landmark-one-main": {"enabled": False}}})
    assert [each["id"] for each in found.response["violations"]] == []
    page.close()


def test_the_letter_is_six_hundred_wide_and_dark_at_night(chrome: Browser, letters: dict[str, Letter]) -> None:
    page = chrome.new_page(color_scheme="dark", viewport={"width": 1280, "height": 700})
    page.set_content(letters["D1"].html)
    paper = page.locator(".paper")
    assert (paper.bounding_box() or {})["width"] == 600
    assert paper.evaluate("each => getComputedStyle(each).backgroundColor") == "rgb(28, 35, 39)"
    page.close()
