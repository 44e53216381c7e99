"""Planning in a browser, without script: what is typed goes along, in few clicks, on a phone too."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from app.admin import sample
from app.clock import now
from app.extensions import db
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
NETWORK = "koken-met-bewoners"


@pytest.fixture
def planner(chrome: Browser, empty_site: Site) -> Iterator[Page]:
    """A phone whose reader manages the sample programme, on the plan page of a network without a plan."""
    with empty_site.app.app_context():
        sample.load(now())
        db.session.commit()
        at = now()
    context = chrome.new_context(java_script_enabled=False, locale="nl-NL", viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(empty_site.sign_in_url(sample.MANAGER_EMAIL))
    page.click("main button")
    page.goto(f"{empty_site.url}/networks/{NETWORK}/years/{at.year + (at.month >= 9)}/plan")
    page.click("text=/Stel een jaar voor/")
    page.wait_for_selector("details.line")  # a click goes on before the next page is there
    yield page
    context.close()


def test_a_time_typed_in_a_line_goes_along_with_the_filled_button(planner: Page) -> None:
    planner.click("details.line summary >> nth=0")
    planner.fill("details.line input[type=time] >> nth=0", "10:15")

    planner.click("text=Bekijk wie welke mail krijgt")

    assert planner.url.endswith("/publication")
    assert "Eén wijziging van jou." in planner.inner_text("main")
    assert "10:15" in planner.inner_text("main ul >> nth=0")


def test_a_change_is_undone_by_one_button(planner: Page) -> None:
    planner.click("details.line summary >> nth=0")
    before = planner.input_value("details.line input[type=time] >> nth=0")
    planner.fill("details.line input[type=time] >> nth=0", "10:15")
    planner.click("text=Wijzigingen toepassen")
    told = planner.inner_text(".bar [role=status]")

    planner.click("text=Laatste wijziging ongedaan maken")

    planner.click("details.line summary >> nth=0")
    assert told.startswith("Eén wijziging van jou")
    assert planner.input_value("details.line input[type=time] >> nth=0") == before


def test_the_plan_fits_a_phone_and_has_one_filled_button(planner: Page) -> None:
    wide = planner.evaluate("document.documentElement.scrollWidth")

    assert wide == 360
    assert planner.locator("main .btn-primary:visible").count() == 1


def test_the_lines_are_reached_and_opened_by_the_keyboard(planner: Page) -> None:
    planner.focus("details.line summary >> nth=0")

    planner.keyboard.press("Enter")
    planner.keyboard.press("Tab")

    assert planner.locator(":focus").get_attribute("type") == "date"
