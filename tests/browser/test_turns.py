"""Giving a turn back, swapping it and repairing it on a phone, without script, in a real browser."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.admin import sample
from app.clock import now
from app.extensions import db
from app.meetings.models import Duty, Meeting
from app.meetings.queries import meetings_of
from app.networks.models import Network
from app.people.links import personal_token
from app.people.models import Person
from app.swaps.queries import partners
from tests.browser.conftest import Site, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("turns")) as site:
        with site.app.app_context():
            sample.load(now())
            db.session.commit()
        yield site


def swappable() -> tuple[Duty, Duty]:
    """A host's turn and one that can be had in return."""
    networks = [network.id for network in db.session.scalars(select(Network))]
    for meeting in meetings_of(networks, now()):
        if meeting.host_duty and (found := [t for p in partners(meeting.host_duty, now()) for t in p.turns]):
            return meeting.host_duty, found[0]
    raise AssertionError("nobody can swap")


def contact(duty: Duty) -> Person:
    return next(m.people[0] for m in duty.meeting.network.memberships if m.organisation_id == duty.organisation_id)


def looked_at(page: Page, path: str) -> list[str]:
    """What is wrong with the page at 320 pixels: axe's violations, or that it scrolls sideways."""
    page.goto(path)
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [v["id"] for v in Axe().run(page).response["violations"]] + (["sideways"] if wide else [])


def test_swapped_by_two_taps_on_phones_without_script(chrome: Browser, site: Site) -> None:
    with site.app.app_context():
        mine, theirs = swappable()
        meeting, other = mine.meeting_id, theirs.organisation_id
        ask = f"{site.url}/me/{personal_token(contact(mine))}/duties/{mine.id}/swap"
        tick, page_of_other = f"#w-{other}-{theirs.meeting_id}", f"{site.url}/me/{personal_token(contact(theirs))}"
    context = chrome.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="nl-NL")
    page = context.new_page()
    page.goto(ask)
    page.check(tick)
    page.click("text='Vraag het per mail'")
    page.goto(page_of_other)
    page.click("button:has-text('Ruilen')")
    said = page.inner_text("[role=status]")
    context.close()

    with site.app.app_context():
        assert db.session.get_one(Meeting, meeting).host_duty.organisation_id == other
    assert said.startswith("Afgesproken")


def test_the_pages_of_turns_pass_axe_and_fit_a_small_phone(chrome: Browser, site: Site) -> None:
    with site.app.app_context():
        mine, _theirs = swappable()
        network, number = mine.meeting.network.slug, mine.id
        token = personal_token(contact(mine))
        meeting = mine.meeting_id
    base = f"{site.url}/networks/{network}"
    context = chrome.new_context(viewport={"width": 320, "height": 740}, locale="nl-NL", bypass_csp=True)
    page = context.new_page()
    page.goto(site.sign_in_url(sample.MANAGER_EMAIL))
    page.click("main button")
    paths = [
        f"{site.url}/me/{token}",
        f"{site.url}/me/{token}/duties/{number}/swap",
        f"{base}/duties/{number}/repair",
        f"{base}/duties/{number}/repair/online",
        f"{base}/meetings/{meeting}",
    ]
    wrong = {path: found for path in paths if (found := looked_at(page, path))}
    context.close()

    assert wrong == {}
