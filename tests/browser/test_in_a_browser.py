"""The main job with a real browser: few clicks, no script, readable by everybody."""

import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import icalendar
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.admin import sample
from app.admin.models import BackupPlan
from app.clock import now
from app.extensions import db
from app.jobs.models import Job
from app.jobs.running import begun, run
from app.meetings import balances
from app.meetings.models import Meeting
from app.meetings.queries import meetings_of
from app.networks.models import Network, Organisation, Programme
from app.people.links import personal_token
from app.people.queries import by_email
from app.pulse.models import Pulse
from app.results.models import Result
from app.rounds.actions import ask
from app.topics.models import Topic
from app.worker import run_until_empty
from tests import make
from tests.browser.conftest import Site
from tests.fakes import Relay

pytestmark = pytest.mark.browser
WORLD = Path(__file__).parents[1] / "importing" / "world"
WORKBOOK = next((WORLD / "manager").glob("*.xlsx"))
MANAGER = "annelies@samenwijzer.example.org"
PAGES = [
    "/styleguide",
    "/help/participant",
    "/help/host",
    "/help/manager",
    "/me/data",
    "/programmes/buurkracht-voorbeeld/retention",
    "/programmes/buurkracht-voorbeeld/register",
    "/networks/koken-met-bewoners/years/{year}/dates",
    "/",
    "/programmes/buurkracht-voorbeeld",
    "/programmes/buurkracht-voorbeeld/import",
    "/programmes/buurkracht-voorbeeld/networks/new",
    "/programmes/buurkracht-voorbeeld/years/{year}",
    "/networks/vrijwilligers-werven-en-binden",
    "/networks/vrijwilligers-werven-en-binden/turns",
    "/networks/vrijwilligers-werven-en-binden/topics",
    "/networks/vrijwilligers-werven-en-binden/settings",
    "/networks/vrijwilligers-werven-en-binden/members/1",
    "/networks/vrijwilligers-werven-en-binden/years/{year}/plan",
    "/networks/koken-met-bewoners/years/{year}/plan",
    "/networks/vrijwilligers-werven-en-binden/years/{year}/days",
    "/networks/vrijwilligers-werven-en-binden/reminders",
    "/networks/austausch-quartiersarbeit",
    "/networks/austausch-quartiersarbeit/members/29",
    "/networks/austausch-quartiersarbeit/years/{year}/plan",
    "/networks/vrijwilligers-werven-en-binden/reminders/H1",
    "/log",
    "/outbox",
    "/me",
    "/calendar",
    "/preferences",
]


@pytest.fixture
def relay(empty_site: Site) -> Iterator[Relay]:
    """Where the mails of the empty site go."""
    relay = Relay()
    relay.start()
    empty_site.app.config["SETTINGS"] = replace(empty_site.app.config["SETTINGS"], mail_url=relay.url)
    yield relay
    relay.stop()


class Clicks:
    """Presses buttons and links and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def __call__(self, selector: str) -> None:
        self.page.click(selector)
        self.count += 1


def import_the_workbook(page: Page, empty_site: Site) -> None:
    """As a new manager does, who has a colleague: of two nobody said who has which network."""
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
    with empty_site.app.app_context():
        make.programme_manager(programme=db.session.scalars(select(Programme)).one())
        db.session.commit()


def test_the_main_line_from_imported_list_to_a_repaired_meeting(page: Page, empty_site: Site, relay: Relay) -> None:
    """At most nine clicks from the imported list to seventeen published years; then subscribed, and repaired."""
    import_the_workbook(page, empty_site)

    click = Clicks(page)
    click("header >> text=Netwerken")
    click("text=/Plan alle netwerken/")
    with empty_site.app.app_context():  # what a worker's child does
        job = db.session.scalars(select(Job)).one()
        number = job.id
        assert begun(job)
        assert run(number)
    click("text=Verder")
    click("text=/Publiceer .* netwerken en verstuur/")
    click("text=Kleine zorgorganisaties Limburg")
    click("text=Dezelfde organisatie twee keer achter elkaar laten ontvangen")
    click("text=Bekijk wie welke mail krijgt")
    click("text=/Publiceer en mail/")

    with empty_site.app.app_context():
        planned = db.session.scalars(select(Meeting).where(Meeting.imported.is_(False))).all()
        networks = {meeting.network_id for meeting in planned}
    assert len(networks) == 17
    assert click.count <= 9

    run_until_empty(empty_site.app)
    before = subscribed(page, empty_site)
    sent = len(relay.received)
    uid, number, host = repaired(page, empty_site)
    run_until_empty(empty_site.app)

    after = subscribed(page, empty_site)
    told = Counter(str(mail["To"]) for mail in relay.received[sent:])
    assert len(before) == 101
    assert (str(after[uid]["SEQUENCE"]), host in str(after[uid]["LOCATION"])) == ("1", True)
    assert (len(told), set(told.values())) == (number, {1})


def subscribed(page: Page, site: Site) -> dict[str, icalendar.Event]:
    """What a calendar reads behind the link on the calendar page."""
    page.goto(f"{site.url}/calendar")
    if page.locator("[readonly]").count() == 0:
        page.click("main form >> nth=0 >> button")
    with urllib.request.urlopen(page.input_value("[readonly] >> nth=0")) as answer:
        calendar = icalendar.Calendar.from_ical(answer.read())
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def repaired(page: Page, site: Site) -> tuple[str, int, str]:
    """The host of the first meeting of Oost drops out; the manager chooses another one, in the browser."""
    with site.app.app_context():
        network = db.session.scalars(select(Network).where(Network.name == "Vrijwilligerscoördinatoren Oost")).one()
        meeting = next(each for each in meetings_of([network.id], now()) if not each.imported)
        day, busy = meeting.day, {duty.organisation_id for duty in meeting.duties}
        other = db.session.get_one(Organisation, min(set(balances.able(network, day)["host"]) - busy))
        people = {person.id for member in network.members_on(day) for person in member.people if person.email}
        room = str(other.largest_room.id if other.largest_room else "")
        found = f"meeting-{meeting.id}@localhost", len(people), other.name
        page.goto(f"{site.url}/networks/{network.slug}/meetings/{meeting.id}")
        chosen = str(other.id)
    page.click("summary:has-text('Verplaats')")
    page.select_option("[name=host]", chosen)
    page.select_option("[name=room_id]", room)
    page.fill("form[action$=change] [name=reason]", "norovirus in huis")
    page.click("form[action$=change] button")
    if page.locator("[name=override]").count():
        page.fill("[name=override]", "norovirus in huis")
    page.click("text=/Publiceer en mail/")
    return found


@pytest.fixture(scope="module")
def sampled(site: Site) -> int:
    """The sample programme; the year that is planned in it."""
    with site.app.app_context():
        sample.load(now())
        leave_a_trace(db.session.scalars(select(Network).where(Network.slug == "vrijwilligers-werven-en-binden")).one())
        db.session.commit()
        at = now()
    return at.year + (at.month >= 9)


def leave_a_trace(network: Network) -> None:
    """Two meetings with all that can come of one; how the newer one was can still be said."""
    for days in (40, 3):
        at = now() - timedelta(days)
        meeting = make.meeting(network=network, starts_at=at, topic="Onboarding", notes_at=at + timedelta(1))
        make.agreement(meeting=meeting, text="Checklist delen https://example.org/lijst", due=at.date())
        recording = {"recording": "https://video.example/1", "recording_until": now().date(), "recording_consent": "Ja"}
        outcomes = "Een maatje in de eerste weken helpt\nhttps://example.org/een/lang/adres/dat/breekt"
        db.session.add(Result(meeting=meeting, outcomes=outcomes, saved_at=at, **recording))
        sums = {"asked": 9, "answers": 4, "atmosphere": [0, 0, 1, 2, 1], "goal": [0, 1, 1, 1, 1], "sentences": ["Fijn"]}
        make.link(network=network, url=f"https://example.org/{days}/" + "lang-adres-" * 20, title="", theme="Werven")
        db.session.add(Pulse(meeting=make.meeting(network=network, starts_at=at - timedelta(9)), closed_at=at, **sums))


def paths(site: Site, year: int) -> list[str]:
    with site.app.app_context():
        network = db.session.scalars(select(Network).where(Network.slug == "vrijwilligers-werven-en-binden")).one()
        meeting = next(each for each in meetings_of([network.id], now()) if each.host_duty)
        here = f"/networks/{network.slug}/meetings/{meeting.id}"
        held = db.session.scalars(select(Result.meeting_id).order_by(Result.id.desc())).first()
        by_link = f"/me/{personal_token(network.memberships[0].people[0])}"
        asked = db.session.scalars(select(Topic).where(Topic.network_id == network.id, Topic.kind != "theme"))
        topics = [f"/networks/{network.slug}/topics/{topic.id}" for topic in asked]
        topics += [f"{way}/networks/{network.slug}/{each}" for way in ("", by_link) for each in ("topics", "library")]
    pages = [here, *(f"{here}/{each}" for each in ("people", "sheet", "count", "preparation", "room"))]
    pages += [f"/networks/{network.slug}/meetings/{held}/notes", f"/networks/{network.slug}/learnt", "/learnt?q=maatje"]
    pages += [*topics, f"{by_link}{topics[0]}", "/themes"]
    pages += [by_link, f"{by_link}/meetings/{held}/pulse", f"{by_link}/networks/{network.slug}/learnt?q=xyz"]
    return [path.format(year=year) for path in PAGES] + pages


def opened(page: Page, url: str) -> None:
    """The page itself, not one that says that something went wrong."""
    answer = page.goto(url)
    assert answer is not None
    assert (url, answer.status) == (url, 200)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_passes_axe(chrome: Browser, site: Site, sampled: int, scheme: str) -> None:
    context = chrome.new_context(color_scheme=scheme, locale="nl-NL", bypass_csp=True)  # axe comes in as a script
    page = context.new_page()
    page.goto(site.sign_in_url(sample.MANAGER_EMAIL))
    page.click("main button")
    found = {}
    for path in paths(site, sampled):
        opened(page, site.url + path)
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
    for path in paths(site, sampled):
        opened(page, site.url + path)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            wide[path] = overflow
    context.close()

    assert wide == {}


def test_the_turns_are_drawn_and_told_within_a_phone(chrome: Browser, site: Site, sampled: int) -> None:
    """No drawing is cut, and below a name stands no label without a value."""
    context = chrome.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=True, locale="nl-NL")
    page = context.new_page()
    page.goto(site.sign_in_url(sample.MANAGER_EMAIL))
    page.click("main button")
    network = f"{site.url}/networks/vrijwilligers-werven-en-binden"
    drawn, empty = [], []
    for path in (f"{network}?year={sampled - 2}", f"{network}/turns"):
        page.goto(path)
        drawn += page.evaluate(
            "[...document.querySelectorAll('svg.balance')].map(e => e.getBoundingClientRect().right)"
        )
        empty += page.locator("td[data-label]:empty:visible").all_text_contents()
    context.close()

    assert [right <= 360 for right in drawn] == [True, True]
    assert empty == []


def test_the_long_path_of_a_backup_breaks_on_a_phone(chrome: Browser, empty_site: Site) -> None:
    with empty_site.app.app_context():
        db.session.add(BackupPlan(id=1, made_at=now(), file="/srv/" + "toerbeurt-" * 12 + "2027.backup"))
        db.session.commit()
    context = chrome.new_context(viewport={"width": 360, "height": 740}, locale="nl-NL")
    page = context.new_page()
    page.goto(empty_site.sign_in_url("admin@example.org"))
    page.click("main button")
    page.goto(f"{empty_site.url}/backups")
    shown, width = page.text_content("dd >> nth=1"), page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert ((shown or "").strip()[-12:], width) == ("-2027.backup", 360)


def _change(page: Page) -> None:
    """Open the buttons of a meeting that was answered before."""
    for said in page.get_by_text("Wijzigen", exact=True).all()[:1]:
        said.click()


def test_a_participant_answers_on_a_phone_from_the_mail(chrome: Browser, site: Site, sampled: int) -> None:
    with site.app.app_context():
        person = by_email("anouk@zonnehoek.example")
        assert person is not None
        token = personal_token(person)
    context = chrome.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="nl-NL")
    page = context.new_page()

    page.goto(f"{site.url}/me/{token}")
    _change(page)
    page.click("button:has-text('Ik kom niet') >> nth=0")

    said = " ".join((page.text_content("[role=status]") or "").split())
    context.close()
    assert said.startswith("Je komt niet op ")
    assert "Opgeslagen om " in said


def test_a_colleague_is_named_and_dates_are_answered_on_a_phone_without_script(
    chrome: Browser, site: Site, sampled: int
) -> None:
    with site.app.app_context():
        person = by_email("anouk@zonnehoek.example")
        network = db.session.scalars(select(Network).where(Network.name == "Koken met bewoners")).one()
        assert person is not None
        ask(network, sampled, dict.fromkeys([date(sampled, 5, 12), date(sampled, 5, 19)]), now().date(), "", now())
        db.session.commit()
        token = personal_token(person)
    context = chrome.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False, locale="nl-NL")
    page = context.new_page()

    page.goto(f"{site.url}/me/{token}")
    _change(page)
    page.click("summary:has-text('Een collega komt') >> nth=0")
    page.click("button:has-text('Een collega komt') >> nth=0")
    asked = page.text_content(".error")
    page.fill("[name^=name-] >> nth=0", "Noor Bakker")
    page.click("button:has-text('Een collega komt') >> nth=0")
    named = page.text_content("[role=status] strong")
    page.click("a:has-text('welke data komen jou uit')")
    page.click("label:has-text('liever niet') >> nth=0")
    page.click("text=Opslaan")
    left = page.text_content("[role=status] >> nth=1")
    context.close()

    assert asked == "Wie komt er in plaats van jou? Vul een naam in."
    assert (named or "").startswith("Noor Bakker komt in jouw plaats op ")
    assert left == "Eén datum staat nog open."


def test_the_keyboard_reaches_the_content_first(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/sign-in")
    page.keyboard.press("Tab")

    assert page.locator(":focus").text_content() == "Naar de inhoud"


def test_a_question_takes_two_taps_and_an_answer_one_on_a_phone_without_script(
    chrome: Browser, site: Site, sampled: int
) -> None:
    with site.app.app_context():
        network = db.session.scalars(select(Network).where(Network.name == "Koken met bewoners")).one()
        asker, reader = (member.people[0] for member in network.memberships[:2])
        start = f"{site.url}/me/{personal_token(asker)}"
        theirs = f"{site.url}/me/{personal_token(reader)}/networks/{network.slug}/topics"
    context = chrome.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="nl-NL")
    page = context.new_page()

    page.goto(start)
    page.click("summary:has-text('vragen')")
    page.click(f"a[href*='{network.slug}']:has-text('Een vraag stellen')")
    page.fill("[name=title]", "Wie kookt zonder zout?")
    page.click("button:has-text('Versturen')")
    said = page.text_content("[role=status]")
    with site.app.app_context():
        number = db.session.scalars(select(Topic.id).where(Topic.title == "Wie kookt zonder zout?")).one()
    page.goto(f"{theirs}/{number}")  # where the button of the mail leads
    page.fill("[name=text]", "Wij, met citroen: https://recept.example/zoutloos")
    page.click("button:has-text('Antwoord geven')")
    link = page.get_attribute("main li a", "href")
    context.close()

    assert "horen het met hun volgende mail" in (said or "")
    assert link == "https://recept.example/zoutloos"
