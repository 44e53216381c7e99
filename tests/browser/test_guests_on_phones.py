"""Two strangers with phones and one seat: forms, mails and links as they are, without script and without an account."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.extensions import db
from app.mail.models import Message
from app.worker import run_until_empty
from tests import make
from tests.browser.conftest import Site, running

pytestmark = pytest.mark.browser
NOW = make.NOW


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def site(clock: time_machine.Traveller, tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path) as site:
        yield site


def open_meeting(site: Site) -> str:
    """A meeting with one seat for a guest; where its programme is read."""
    with site.app.app_context():
        programme = make.programme(name="Samen leren", public=True, language="nl")
        network = make.network(programme=programme, name="Noord", public=True, goal="Samen sterk")
        host = make.membership(network=network)
        meeting = make.meeting(network=network, starts_at=NOW + timedelta(days=9), topic="Wie blijft en waarom")
        make.duty(meeting=meeting, organisation=host.organisation)
        meeting.open_to, meeting.guest_seats = "everybody", 1
        db.session.commit()
        return f"/p/{programme.slug}"


def asks(page: Page, site: Site, clock: time_machine.Traveller, start: str, who: str) -> None:
    """From the page of the programme to the form and away."""
    page.goto(site.url + start)
    page.get_by_role("link", name="Wie blijft en waarom").click()
    page.get_by_role("link", name="Een plaats vragen").click()
    page.get_by_label("Je naam").fill(who.title())
    page.get_by_label("Je e-mailadres").fill(f"{who}@example.org")
    clock.shift(timedelta(seconds=5))
    page.get_by_role("button", name="Een plaats vragen").click()
    expect(page.get_by_role("heading", name="Kijk in je mail")).to_be_visible()


def link_in_mail(site: Site, folder: Path, who: str) -> str:
    """Where the newest mail to somebody leads; those to who gave back are no files any more."""
    run_until_empty(site.app)
    with site.app.app_context():
        numbers = db.session.scalars(
            select(Message.id).where(Message.kind.like("G%")).order_by(Message.id.desc())
        ).all()
    for number in (each for each in numbers if (folder / "mail" / f"m-{each}-g1.eml").exists()):
        mail = message_from_bytes((folder / "mail" / f"m-{number}-g1.eml").read_bytes(), policy=policy.default)
        if f"{who}@example.org" in mail["To"]:
            found = re.search(rf"{site.url}/guest/\S+", mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
            assert found
            return found[0]
    raise AssertionError(f"no mail to {who}")


def test_one_has_the_last_seat_the_other_waits_and_has_it_when_it_comes_back(
    chrome: Browser, site: Site, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    start = open_meeting(site)
    phone = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False, "locale": "nl-NL"}
    anna, bram = (chrome.new_context(**phone).new_page() for _n in range(2))  # type: ignore[arg-type]
    for page, who in ((anna, "anna"), (bram, "bram")):
        asks(page, site, clock, start, who)
    for page, who in ((anna, "anna"), (bram, "bram")):
        page.goto(link_in_mail(site, tmp_path, who))
    for page in (anna, bram):
        page.get_by_role("button", name="Ik neem de plaats").click()

    expect(anna.get_by_text("Je hebt een plaats.")).to_be_visible()
    expect(bram.get_by_text("Je staat op de wachtlijst.")).to_be_visible()

    anna.goto(link_in_mail(site, tmp_path, "anna"))
    anna.get_by_role("button", name="Ik kan toch niet komen").click()
    bram.goto(link_in_mail(site, tmp_path, "bram"))

    expect(anna.get_by_text("Er is hier niets meer van je bewaard.")).to_be_visible()
    expect(bram.get_by_text("Je hebt een plaats.")).to_be_visible()


def test_on_paper_a_meeting_has_no_buttons_and_fits_one_sheet(
    chrome: Browser, site: Site, clock: time_machine.Traveller
) -> None:
    start = open_meeting(site)
    page = chrome.new_context(locale="nl-NL").new_page()
    page.goto(site.url + start)
    page.get_by_role("link", name="Wie blijft en waarom").click()
    page.emulate_media(media="print")

    expect(page.get_by_role("link", name="Een plaats vragen")).to_be_hidden()
    expect(page.get_by_text("Er is nog één plaats voor gasten.")).to_be_visible()
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
