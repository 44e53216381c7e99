"""The main job with a real browser: few clicks, no script, readable by everybody."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.admin import sample
from app.clock import now
from app.cycles.models import Meeting
from app.extensions import db
from app.people.links import personal_token
from app.people.queries import by_email
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
WORLD = Path(__file__).parents[1] / "transfer" / "world"
WORKBOOK = next((WORLD / "manager").glob("*.xlsx"))
MANAGER = "annelies@samenwijzer.example.org"
PAGES = [
    "/",
    "/programmes/buurkracht-voorbeeld",
    "/programmes/buurkracht-voorbeeld/import",
    "/programmes/buurkracht-voorbeeld/networks/new",
    "/programmes/buurkracht-voorbeeld/years/{year}",
    "/networks/vrijwilligers-werven-en-binden",
    "/networks/vrijwilligers-werven-en-binden/settings",
    "/networks/vrijwilligers-werven-en-binden/members/1",
    "/networks/vrijwilligers-werven-en-binden/years/{year}/plan",
    "/networks/koken-met-bewoners/years/{year}/plan",
    "/networks/vrijwilligers-werven-en-binden/years/{year}/days",
    "/networks/vrijwilligers-werven-en-binden/reminders",
    "/outbox",
    "/me",
    "/calendar",
    "/preferences",
]


class Clicks:
    """Presses buttons and links and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def __call__(self, selector: str) -> None:
        self.page.click(selector)
        self.count += 1


def test_from_imported_list_to_seventeen_published_years_in_twelve_clicks(page: Page, empty_site: Site) -> None:
    page.set_default_timeout(60_000)
    page.goto(empty_site.sign_in_url(MANAGER))
    page.click("main button")
    for name, value in (("programme", "Samenwijzer"), ("first_name", "Annelies")):
        page.fill(f"[name={name}]", value)
    page.select_option("[name=region]", "NL-Midden")
    page.click("main form >> nth=0 >> button")
    page.set_input_files("[name=files]", WORKBOOK)
    page.click("main form >> nth=0 >> button")
    page.click("main button:text-is('Importeren') >> nth=0")

    click = Clicks(page)
    click("header >> text=Netwerken")
    click("text=/Plan alle netwerken/")
    click("text=/Stel een jaar voor aan/")
    click("text=/Publiceer .* netwerken en verstuur/")
    click("text=Kleine zorgorganisaties Limburg")
    click("text=Dezelfde organisatie twee keer achter elkaar laten ontvangen")
    click("text=Bekijk wat er gemaild wordt")
    click("text=/Publiceer en mail/")

    with empty_site.app.app_context():
        planned = db.session.scalars(select(Meeting).where(Meeting.imported.is_(False))).all()
        networks = {meeting.network_id for meeting in planned}
    assert len(networks) == 17
    assert click.count <= 12


@pytest.fixture(scope="module")
def sampled(site: Site) -> int:
    """The sample programme; the year that is planned in it."""
    with site.app.app_context():
        sample.load(now())
        db.session.commit()
        at = now()
    return at.year + (at.month >= 9)


def paths(year: int) -> list[str]:
    return [path.format(year=year) for path in PAGES]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_passes_axe(chrome: Browser, site: Site, sampled: int, scheme: str) -> None:
    context = chrome.new_context(color_scheme=scheme, locale="nl-NL", bypass_csp=True)  # axe comes in as a script
    page = context.new_page()
    page.goto(site.sign_in_url(sample.MANAGER_EMAIL))
    page.click("main button")
    found = {}
    for path in paths(sampled):
        page.goto(site.url + path)
        violations = Axe().run(page).response["violations"]
        if violations:
            found[path] = [(v["id"], v["nodes"][0]["html"][:120]) for v in violations]
    context.close()

    assert found == {}


@pytest.mark.parametrize("width", [320, 360, 768])
def test_no_page_scrolls_sideways_on_a_narrow_screen(chrome: Browser, site: Site, sampled: int, width: int) -> None:
    context = chrome.new_context(viewport={"width": width, "height": 800}, locale="nl-NL")
    page = context.new_page()
    page.goto(site.sign_in_url(sample.MANAGER_EMAIL))
    page.click("main button")
    wide = {}
    for path in paths(sampled):
        page.goto(site.url + path)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            wide[path] = overflow
    context.close()

    assert wide == {}


def test_a_participant_answers_on_a_phone_from_the_mail(chrome: Browser, site: Site, sampled: int) -> None:
    with site.app.app_context():
        person = by_email("anouk@zonnehoek.example")
        assert person is not None
        token = personal_token(person)
    context = chrome.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="nl-NL")
    page = context.new_page()

    page.goto(f"{site.url}/me/{token}")
    page.click("label:has-text('Ik kom niet') >> nth=0")
    page.click("text=Opslaan >> nth=0")

    said = page.text_content("[role=status]")
    context.close()
    assert (said or "").startswith("Opgeslagen om ")


def test_the_keyboard_reaches_the_content_first(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/sign-in")
    page.keyboard.press("Tab")

    assert page.locator(":focus").text_content() == "Naar de inhoud"
