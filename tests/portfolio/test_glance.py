"""All networks of a manager in one year: small strips, and who carries how much across them."""

from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from app.extensions import db
from app.meetings.models import Meeting
from app.meetings.queries import meetings_of
from app.networks.models import Network, Programme
from app.portfolio import glance
from tests import make
from tests.planning import years
from tests.planning.years import NOW
from tests.statements import statements


def two_networks() -> tuple[Programme, Network, Network]:
    """Two published years that share one organisation."""
    first = years.network(members=3)
    second = years.network(programme=first.programme, members=2)
    make.membership(network=second, organisation=first.memberships[0].organisation, people=1)
    db.session.commit()
    db.session.expire_all()
    years.published(first, number=3, nth="")
    years.published(second, number=2, nth="")
    return first.programme, first, second


def of(*networks: Network, year: int = 2027) -> glance.Glance:
    return glance.of_networks([network.id for network in networks], year, NOW)


def test_every_network_has_its_year_drawn_and_counted(app: Flask) -> None:
    _programme, first, second = two_networks()
    seen = of(first, second)
    assert {line.network.name: line.meetings for line in seen.lines} == {first.name: 3, second.name: 2}
    assert {line.network.name: len(line.strip.marks) for line in seen.lines} == {first.name: 3, second.name: 2}


def test_hours_and_turns_of_an_organisation_are_those_of_all_its_networks(app: Flask) -> None:
    _programme, first, second = two_networks()
    shared = first.memberships[0].organisation
    carried = {each.organisation.id: each for each in of(first, second).carried}
    meetings = [*first_meetings(first), *first_meetings(second)]
    turns = [d.kind for m in meetings for d in m.duties if d.organisation_id == shared.id]
    mine = carried[shared.id]
    assert (mine.hours, mine.networks) == (15, tuple(sorted((first.name, second.name))))
    assert (mine.host, mine.preparation) == (turns.count("host"), turns.count("preparation"))
    assert sum(each.turns for each in carried.values()) == sum(len(m.duties) for m in meetings)


def first_meetings(network: Network) -> list[Meeting]:
    return meetings_of([network.id])


def test_a_draft_is_drawn_and_carries_nothing_yet(app: Flask) -> None:
    network = years.network()
    years.drafted(network)
    (line,) = of(network).lines
    assert (line.draft, line.meetings) == (True, 5)
    assert of(network).carried == ()


def test_networks_whose_years_begin_in_other_months_stand_side_by_side(app: Flask) -> None:
    calendar, school = years.network(), years.network(year_begins=9)
    years.published(calendar, year=2027, number=3, nth="")
    years.published(school, datetime(2026, 12, 1, tzinfo=UTC), year=2027, number=3, nth="")
    seen = of(calendar, school)
    assert seen.name == "2027"
    assert [line.meetings for line in seen.lines] == [3, 3]
    begins = {line.network.id: line.strip.months[0][1].month for line in seen.lines}
    assert begins == {calendar.id: 1, school.id: 9}


def test_twenty_networks_take_no_more_statements_than_one(app: Flask) -> None:
    programme, first, second = two_networks()
    more = [make.network(programme=programme) for _each in range(18)]
    ids, counts = [network.id for network in (first, second, *more)], []
    db.session.flush()
    for some in (ids[:1], ids):
        db.session.expunge_all()
        with statements() as asked:
            glance.of_networks(some, 2027, NOW)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", ["en", "nl", "de"])
def test_the_page_shows_strips_and_who_carries_most(app: Flask, language: str) -> None:
    programme, first, _second = two_networks()
    with time_machine.travel(NOW, tick=False):
        browser = make.browser(app, make.programme_manager(programme=programme, language=language))
        page = browser.get("/year").text
        start = browser.get("/").text
    assert page.count('class="strip-small"') == 2
    assert 'href="/year"' in start
    assert first.memberships[0].organisation.name in page


def test_a_year_far_away_has_no_page(app: Flask) -> None:
    programme, *_networks = two_networks()
    browser = make.browser(app, make.programme_manager(programme=programme))
    assert browser.get("/year?year=1999").status_code == 404
