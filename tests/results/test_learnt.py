"""What a network learnt: one page, found again by words, by link and from the calendar."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.calendars.current import networks_in
from app.calendars.rendering import render_feed
from app.extensions import db
from app.meetings.models import Meeting
from app.networks.models import Network
from app.people.links import personal_token
from app.people.models import Person
from app.results.models import Result
from app.results.queries import learnt
from tests import make
from tests.reminders.world import THURSDAY, World, world
from tests.statements import statements

LATER = datetime(2027, 7, 20, 9, tzinfo=UTC)  # three months after the meeting


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(LATER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def w(app: Flask) -> World:
    return world()


def noted(network: Network, day: datetime, outcomes: str, topic: str = "") -> Meeting:
    meeting = make.meeting(network=network, starts_at=day, topic=topic, notes_at=day)
    db.session.add(Result(meeting=meeting, outcomes=outcomes, saved_at=day))
    db.session.commit()
    return meeting


def found(network: Network, search: str) -> list[str]:
    return [each.meeting.topic for each in learnt([network.id], search).lessons]


def page(app: Flask, person: Person, network: Network, query: str = "") -> str:
    answer = app.test_client().get(f"/me/{personal_token(person)}/networks/{network.slug}/learnt{query}")
    assert answer.status_code == 200
    return answer.text


def test_words_are_found_whatever_their_accents_and_case_and_by_their_beginning(w: World) -> None:
    noted(w.network, THURSDAY - timedelta(days=70), "Größe zählt, Crème fraîche", topic="Eten")
    noted(w.network, THURSDAY - timedelta(days=35), "Een ééndaagse training", topic="Leren")
    made = {
        word: found(w.network, word) for word in ("grosse", "CREME", "eendaag", "daagse", "een training", "een creme")
    }
    assert made == {
        "grosse": ["Eten"],
        "CREME": ["Eten"],
        "eendaag": ["Leren"],
        "daagse": [],
        "een training": ["Leren"],
        "een creme": [],
    }


def test_topics_and_agreements_are_searched_and_drafts_are_not(w: World) -> None:
    meeting = noted(w.network, THURSDAY - timedelta(days=35), "Yes", topic="Palliative care")
    make.agreement(meeting=meeting, text="Visit the hospice")
    draft = noted(w.network, THURSDAY - timedelta(days=70), "Hospice again", topic="Draft")
    draft.notes_at = None
    db.session.commit()
    assert (found(w.network, "pall"), found(w.network, "hospice")) == (["Palliative care"], ["Palliative care"])


def test_another_networks_words_are_not_found(app: Flask, w: World) -> None:
    other = make.network(programme=w.network.programme)
    noted(other, THURSDAY, "Zebrafish", topic="Theirs")
    assert found(w.network, "zebrafish") == []
    assert "Zebrafish" not in page(app, w.host, w.network) + page(app, w.host, w.network, "?q=zebrafish")
    refused = app.test_client().get(f"/me/{personal_token(w.host)}/networks/{other.slug}/learnt")
    assert refused.status_code == 404


def test_a_manager_finds_words_in_all_own_networks_and_no_others(app: Flask, w: World) -> None:
    sister, foreign = make.network(programme=w.network.programme, name="Zuid"), make.network(name="Elsewhere")
    make.role_of(w.manager, network=sister)
    for network in (w.network, sister, foreign):
        noted(network, THURSDAY, f"Bread in {network.name}")
    text = make.browser(app, w.manager).get("/learnt?q=bread").text
    assert ["Bread in Noord" in text, "Bread in Zuid" in text, "Bread in Elsewhere" in text] == [True, True, False]
    assert make.browser(app, w.host).get("/learnt?q=bread").status_code == 404


def test_what_was_agreed_with_a_day_is_found_by_a_manager_too(app: Flask, w: World) -> None:
    over = make.meeting(network=w.network, starts_at=make.NOW - timedelta(days=9), notes_at=make.NOW)
    make.agreement(meeting=over, text="Bake bread", due=make.NOW.date() - timedelta(days=1))
    db.session.add(Result(meeting=over, outcomes="Flour", saved_at=make.NOW))
    db.session.commit()

    answer = make.browser(app, w.manager).get("/learnt?q=bread")

    assert (answer.status_code, "Bake bread" in answer.text) == (200, True)


def test_the_page_says_when_there_is_nothing_and_when_nothing_is_found(app: Flask, w: World) -> None:
    assert "Nothing yet." in page(app, w.host, w.network)
    noted(w.network, THURSDAY, "Bread")
    text = page(app, w.host, w.network, "?q=cake")
    assert ("No notes have all these words." in text, "Bread" in text) == (True, False)


def test_links_in_outcomes_can_be_followed_and_nothing_else_in_them_is_html(app: Flask, w: World) -> None:
    noted(w.network, THURSDAY, "See https://example.org/a?b=1&c=2 <script>x</script>")
    text = page(app, w.host, w.network)
    assert '<a href="https://example.org/a?b=1&amp;c=2"' in text
    assert ("<script>x" in text, "&lt;script&gt;x" in text) == (False, True)


def test_older_meetings_stand_on_further_pages(app: Flask, w: World) -> None:
    for number in range(14):
        noted(w.network, THURSDAY - timedelta(days=number + 1), f"Lesson{number:02}")
    first, second = page(app, w.host, w.network), page(app, w.host, w.network, "?page=2")
    assert ("Lesson00" in first, "Lesson13" in first, "2 older meetings" in first) == (True, False, True)
    assert ("Lesson00" in second, "Lesson13" in second, "older meeting" in second) == (False, True, False)


def test_thirty_meetings_take_as_many_statements_as_one(app: Flask, w: World) -> None:
    def asked() -> int:
        with statements() as seen:
            page(app, w.host, w.network)
        return len(seen)

    make.agreement(meeting=noted(w.network, THURSDAY, "One"), text="First")
    db.session.commit()
    one = asked()
    for number in range(30):
        make.agreement(meeting=noted(w.network, THURSDAY - timedelta(days=number + 1), "More"), text="Another")
    db.session.commit()
    assert asked() == one


def test_the_entry_of_a_past_meeting_says_what_came_of_it_and_leads_there(app: Flask, w: World) -> None:
    link = make.feed_link(person=w.host)
    meeting = noted(w.network, THURSDAY - timedelta(days=1), "Bread helps")

    def feed() -> str:
        rendered = render_feed(link, networks_in(link, LATER), LATER).decode()
        return rendered.replace("\r\n ", "")

    text = feed()
    assert f"/networks/{w.network.slug}/learnt#meeting-{meeting.id}" in text
    assert "What came out of it:\\n- Bread helps" in text
    notes = db.session.scalars(select(Result)).one()
    notes.recording, notes.recording_until = "https://video.example/1", date(2027, 8, 1)
    db.session.commit()
    assert "Recording\\, until Sunday\\, 1 August 2027: https://video.example/1" in feed()
    meeting.notes_at = None
    db.session.commit()
    assert ("Bread helps" in feed(), "/learnt" in feed()) == (False, False)
