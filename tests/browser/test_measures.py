"""How many taps, clicks and pixels the jobs of people take."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from app.admin import sample
from app.clock import now
from app.extensions import db
from app.networks.models import Contact
from app.people.links import personal_token
from tests import make
from tests.browser.conftest import Site, running
from tests.planning import years

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("measures")) as site:
        with site.app.app_context():
            sample.load(now())
            db.session.commit()
        yield site


@pytest.fixture(scope="module")
def link(site: Site) -> tuple[str, list[int]]:
    """The personal page of somebody in three networks with long names and a year published; the meetings ahead."""
    with site.app.app_context():
        person = make.person(first_name="Noor", last_name="Bakker", language="nl")
        meetings = []
        for name in ("Vrijwilligerscoördinatoren Oost", "Communicatieprofessionals", "Kwaliteitsverpleegkundigen"):
            network = years.network(members=7, people=1, name=name)
            network.memberships[0].contacts.append(Contact(person=person, position=1))
            cycle = years.published(network, now(), year=now().year + 1, number=5, preparers=2)
            meetings += [meeting.id for meeting in cycle.meetings if meeting.starts_at > now() + timedelta(1)]
        address = f"{site.url}/me/{personal_token(person)}"
        db.session.commit()
    return address, meetings


@pytest.fixture
def phone(chrome: Browser) -> Iterator[Page]:
    context = chrome.new_context(java_script_enabled=False, locale="nl-NL", viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def test_the_page_of_somebody_in_three_networks_takes_two_screens_of_a_phone(
    phone: Page, link: tuple[str, list[int]]
) -> None:
    phone.goto(link[0])

    assert len(link[1]) == 15
    assert phone.evaluate("document.documentElement.scrollHeight") <= 1500


def test_any_meeting_is_answered_by_one_tap_in_the_mail_and_one_button(
    phone: Page, link: tuple[str, list[int]]
) -> None:
    for meeting in (link[1][0], link[1][-1]):
        phone.goto(f"{link[0]}?meeting={meeting}&answer=yes")
        phone.click(f"#meeting-{meeting} button:has-text('Ik kom') >> nth=0")

        assert "Opgeslagen om" in phone.inner_text(f"#meeting-{meeting}")


def test_a_year_of_twelve_meetings_prints_on_one_sheet(chrome: Browser, site: Site) -> None:
    with site.app.app_context():
        network = years.network(members=8, people=1, name="Netwerk met een lange naam voor op papier")
        years.published(network, now(), year=now().year + 1, number=12)
        email, path = network.memberships[0].people[0].email, f"/networks/{network.slug}/years/{now().year + 1}/sheet"
        db.session.commit()
    context = chrome.new_context(java_script_enabled=False, locale="nl-NL")
    page = context.new_page()
    page.goto(site.sign_in_url(email))
    page.click("main form button >> nth=0")
    page.goto(site.url + path)
    sheet = page.pdf(format="A4", prefer_css_page_size=True)
    context.close()

    assert sheet.count(b"/Type /Page\n") == 1


def test_mails_are_fewer_after_two_presses(phone: Page, link: tuple[str, list[int]]) -> None:
    phone.goto(f"{link[0]}/mails")

    phone.uncheck("[name=wants_reminders]")
    phone.click("main form button >> nth=0")

    phone.goto(f"{link[0]}/mails")
    assert not phone.is_checked("[name=wants_reminders]")


def test_the_next_year_is_published_in_four_clicks_from_the_start_page(page: Page, site: Site) -> None:
    page.goto(site.sign_in_url(sample.MANAGER_EMAIL))
    page.click("main button")
    page.goto(f"{site.url}/")

    page.click("main a.btn:has-text('afsluiten')")
    page.click("main a:has-text('Koken met bewoners')")
    page.click("text=/afsluiten en .* voorstellen/")
    page.click("text=/Publiceer en mail/")

    assert "Gepubliceerd als versie 1." in page.inner_text("[role=status] >> nth=0")


# Six paths as somebody without a mouse walks them: a link or button is focused and pressed.
PATHS = [
    ("/", "a:has-text('Vrijwilligers werven en binden')", "/networks/vrijwilligers-werven-en-binden"),
    ("/networks/vrijwilligers-werven-en-binden", "svg.strip a >> nth=0", "/meetings/"),
    ("/networks/koken-met-bewoners", "a:has-text('Waar gaan we het over hebben')", "/topics"),
    ("/calendar", "main button >> nth=0", "/calendar"),
    ("/outbox", "header a:has-text('Netwerken')", "/"),
    ("/me", "main a:has-text('agenda') >> nth=0", "/calendar"),
]


@pytest.mark.parametrize(("start", "target", "end"), PATHS)
def test_a_path_is_walked_by_the_keyboard_alone(page: Page, site: Site, start: str, target: str, end: str) -> None:
    page.goto(site.sign_in_url(sample.MANAGER_EMAIL))
    page.click("main button")
    page.goto(site.url + start)
    there = page.locator(target).first

    for _n in range(120):
        page.keyboard.press("Tab")
        if there.evaluate("e => e === document.activeElement"):
            break
    outlined = there.evaluate("e => getComputedStyle(e).outlineStyle")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert outlined == "solid"
    assert end in page.url


def test_nothing_moves_while_a_page_loads(chrome: Browser, site: Site, link: tuple[str, list[int]]) -> None:
    context = chrome.new_context(locale="nl-NL", viewport={"width": 360, "height": 740}, bypass_csp=True)
    page = context.new_page()
    moved = {}
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(e => window.moved += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    for path in (f"{site.url}/sign-in", link[0]):
        page.goto(path)
        page.wait_for_timeout(200)
        moved[path] = page.evaluate("window.moved")
    context.close()

    assert set(moved.values()) == {0}
