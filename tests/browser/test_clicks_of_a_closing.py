"""Closing a year and rolling it over, in a browser: how many clicks it takes a manager, and a member on a phone."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.clock import now
from app.closing.models import Stay
from app.extensions import db
from app.jobs.models import Job
from app.jobs.running import begun, run
from app.meetings.queries import cycle_of
from app.networks.models import Membership, Network, Programme
from app.people.links import personal_token
from tests import make
from tests.browser.conftest import Site, running
from tests.planning import years

pytestmark = pytest.mark.browser


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("closing")) as site:
        yield site


@pytest.fixture
def page(chrome: Browser) -> Iterator[Page]:
    context = chrome.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def over(programme: Programme) -> Network:
    """A network in the last month of its year, after its last meeting."""
    at = now()
    network = years.network(members=5, programme=programme, year_begins=at.month % 12 + 1)
    year = network.year_of(at.date())
    first = network.span(year)[0]
    months = [(first.month - 1 + n) % 12 + 1 for n in (1, 4, 7)]
    before = datetime(first.year, first.month, 1, tzinfo=at.tzinfo) - timedelta(30)
    years.published(network, before, year=year, number=3, months=tuple(months), nth="", weekdays=(1, 2, 3))
    return network


class Clicks:
    """A mouse that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def on(self, words: str) -> None:
        self.count += 1
        self.page.locator("main").locator("a, button", has_text=words).first.click()


def made(site: Site, networks: int) -> tuple[list[int], str]:
    with site.app.app_context():
        programme = make.programme(region="NL-Midden", language="en")
        ids = [over(programme).id for _n in range(networks)]
        manager = make.programme_manager(programme=programme, language="en")
        db.session.commit()
        return ids, manager.email or ""


def signed_in(site: Site, page: Page, email: str) -> None:
    page.goto(site.sign_in_url(email))
    page.click("main button")


def next_years(site: Site, ids: list[int]) -> list[int | None]:
    """Which version of the year to come is published, by network."""
    with site.app.app_context():
        found = [db.session.get_one(Network, number) for number in ids]
        cycles = [cycle_of(each, each.year_of(now().date()) + 1) for each in found]
        return [cycle.published if cycle else None for cycle in cycles]


def test_one_network_is_asked_closed_and_published_in_four_clicks(site: Site, page: Page) -> None:
    ids, email = made(site, 1)
    signed_in(site, page, email)
    clicks = Clicks(page)

    clicks.on("Ask 10 people")
    page.goto(site.url)
    clicks.on("Close ")
    clicks.on("and propose")
    clicks.on("Publish and mail")

    assert clicks.count <= 4
    assert next_years(site, ids) == [1]


def test_twenty_networks_are_asked_closed_and_published_in_six_clicks(site: Site, page: Page) -> None:
    ids, email = made(site, 3)  # each row and button is the same for twenty
    signed_in(site, page, email)
    clicks = Clicks(page)

    clicks.on("Ask 30 people")
    page.goto(site.url)
    clicks.on("Close ")
    clicks.on("Close ")
    with site.app.app_context():
        number = db.session.scalars(select(Job.id)).one()
        assert begun(db.session.get_one(Job, number))
        db.session.commit()
        run(number)
    page.reload()
    clicks.on("Go on")
    clicks.on("Publish 3 networks")

    assert clicks.count <= 6
    assert next_years(site, ids) == [1, 1, 1]


def test_a_member_says_with_one_tap_on_a_phone_that_it_leaves(site: Site, page: Page, chrome: Browser) -> None:
    _ids, email = made(site, 1)
    signed_in(site, page, email)
    Clicks(page).on("Ask 10 people")
    with site.app.app_context():
        row = db.session.scalars(select(Stay)).first()
        assert row is not None
        number, member = row.id, row.membership_id
        address = f"{site.url}/me/{personal_token(row.membership.people[0])}/staying"
    context = chrome.new_context(java_script_enabled=False, locale="en-GB", viewport={"width": 360, "height": 740})
    phone = context.new_page()
    phone.goto(address)
    height = phone.evaluate("document.documentElement.scrollHeight")

    phone.click("button[value=leave]")

    assert phone.locator("button[value=leave][aria-pressed=true]").count() == 1
    context.close()
    with site.app.app_context():
        assert height <= 740
        assert db.session.get_one(Stay, number).answer == "leave"
        assert db.session.get_one(Membership, member).left is not None
