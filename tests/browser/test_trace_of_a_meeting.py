"""One meeting on a phone, from its programme to what was agreed, by the links people get: nobody has an account."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.request import urlopen

import pytest
import time_machine
from icalendar import Calendar, Event
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.calendars import actions as calendars
from app.calendars import links
from app.extensions import db
from app.mail.models import Message
from app.pulse.actions import close_due
from app.reminders.actions import reconcile_all
from app.worker import deliver
from tests import make
from tests.browser.conftest import Site, running
from tests.reminders.world import world

pytestmark = pytest.mark.browser


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2027, 3, 1, 9, tzinfo=UTC), tick=True) as traveller:
        yield traveller


@pytest.fixture
def site(clock: time_machine.Traveller, tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path) as site:
        yield site


@pytest.fixture
def phone(chrome: Browser) -> Iterator[Page]:
    context = chrome.new_context(java_script_enabled=False, locale="nl-NL", viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


@dataclass(frozen=True)
class People:
    """Who takes part, by their part in it; address and calendar of who is only invited."""

    ids: dict[str, int]
    email: str
    feed: str


@pytest.fixture
def people(site: Site) -> People:
    with site.app.app_context():
        w = world(language="nl")
        w.meeting.topic = ""
        make.contact(membership=make.membership(network=w.network, people=0))  # of three nobody is asked how it was
        found = {"host": w.host, "guest": w.substitute, "preparer": w.preparer}
        token = links.token_of(calendars.feed_link(w.substitute, "mine", None, datetime.now(UTC)))
        ids, email = {name: person.id for name, person in found.items()}, str(w.substitute.email)
        db.session.commit()
        return People(ids, email, f"{site.url}/feeds/{token}.ics")


@pytest.fixture
def mail_to(
    site: Site, people: People, clock: time_machine.Traveller, tmp_path: Path
) -> Callable[[str, str, datetime], EmailMessage]:
    """What `name` gets at an instant, of a kind."""

    def mail_to(name: str, kind: str, at: datetime) -> EmailMessage:
        clock.move_to(at)
        with site.app.app_context():
            close_due(datetime.now(UTC))
            reconcile_all(datetime.now(UTC))
            db.session.commit()
            deliver(60)
            about = select(Message).where(Message.person_id == people.ids[name], Message.kind == kind)
            row = db.session.scalars(about.order_by(Message.id.desc())).first()
            assert row is not None
            assert row.state == "sent"
            raw = (tmp_path / "mail" / f"m-{row.id}-g{row.generation}.eml").read_bytes()
            db.session.rollback()
        mail = message_from_bytes(raw, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        return mail

    return mail_to


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage, path: str) -> str:
    found = re.search(rf"http://127\.0\.0\.1:\d+/\S*{path}\S*", text_of(mail))
    assert found, path
    return found[0]


def at(month: int, day: int, hour: int = 7) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=UTC)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= 360)


def prepare(phone: Page, asked: EmailMessage) -> str:
    """Who prepares fills in what the mail asks for; returns the programme."""
    phone.goto(link_in(asked, "preparation"))
    phone.fill("[name=topic]", "Samen lezen")
    phone.click("button[name=insert] >> nth=0")
    programme = phone.input_value("[name=running_order]")
    phone.click("button:has-text('Opslaan')")
    assert fits(phone)
    return programme


def write_notes(phone: Page, asked: EmailMessage) -> int:
    """Who hosted writes down what came out of it, and what was agreed; returns the taps."""
    steps: list[Callable[[], object]] = [
        lambda: phone.goto(link_in(asked, "notes")),
        lambda: phone.fill("[name=outcomes]", "Een leesmaatje helpt meer dan een cursus"),
        lambda: phone.fill("[name=agreements-0-text]", "Lijst met leesmaatjes maken"),
        lambda: phone.click("button:has-text('Publiceer')"),
    ]
    for step in steps:
        step()
    assert "Gepubliceerd" in phone.inner_text("main")
    assert fits(phone)
    return len(steps)


def say_how_it_was(phone: Page, asked: EmailMessage) -> None:
    phone.goto(link_in(asked, "notes"))
    phone.check("[name=atmosphere][value='4']")
    phone.check("[name=goal][value='5']")
    phone.click("form:has([name=goal]) button:has-text('Opslaan')")
    assert "Bedankt, het is opgeslagen" in phone.inner_text("main")


def entry_of_the_meeting(feed: str) -> Event:
    with urlopen(feed) as answer:
        calendar = Calendar.from_ical(answer.read())
    [entry] = [each for each in calendar.walk("VEVENT") if "Samen lezen" in str(each["SUMMARY"])]
    assert isinstance(entry, Event)
    return entry


def test_from_the_programme_to_an_agreement_that_is_ticked(
    phone: Page, people: People, mail_to: Callable[[str, str, datetime], EmailMessage]
) -> None:
    programme = prepare(phone, mail_to("preparer", "P3", at(4, 1)))
    invitation = text_of(mail_to("guest", "D1", at(4, 5)))
    assert "Samen lezen" in invitation
    assert programme.splitlines()[0] in invitation

    assert write_notes(phone, mail_to("host", "N1", at(4, 16))) < 10
    say_how_it_was(phone, mail_to("guest", "N3", at(4, 19)))

    # Three months later the calendar leads there, and whoever is not signed in comes along by mail.
    mail_to("guest", "N3", at(7, 20))
    entry = entry_of_the_meeting(people.feed)
    assert "Een leesmaatje helpt" in str(entry["DESCRIPTION"])
    phone.goto(str(entry["URL"]))
    phone.click("main button")  # a link of a calendar opens nothing by itself: a mail brings one that does
    phone.goto(link_in(mail_to("guest", "A5", at(7, 20) + timedelta(minutes=2)), "me/"))
    phone.click("summary:has-text('wat we leerden')")
    phone.click("a:has-text('Wat we leerden')")
    learnt = phone.inner_text("main")
    assert "Een leesmaatje helpt" in learnt
    assert "Minder dan vier mensen zeiden hoe het was" in learnt

    phone.click("button:has-text('Klaar') >> nth=0")
    assert "Klaar: Lijst met leesmaatjes maken" in phone.inner_text("main")
    assert "Afgesproken en nog open" not in phone.inner_text("main")
    assert fits(phone)
