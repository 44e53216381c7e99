"""A network in formation that has as many organisations as it wants."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from app.extensions import db
from app.mail.models import Message
from app.networks.models import Network
from app.portfolio.queries import portfolio
from tests import make
from tests.planning import years

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATER = date(2027, 2, 1)


def forming(members: int = 3, **values: object) -> Network:
    """Three are wanted; the last joins in February."""
    network = make.network(**{"state": "forming", "size_wanted": 3, **values})
    for number in range(members):
        make.membership(network=network, joined=LATER if number == members - 1 else date(2025, 1, 1))
    return network


def needs(network: Network) -> list[tuple[str, int]]:
    return [(need.what, need.count) for need in portfolio([network.id], NOW).needs]


def test_who_joins_on_a_day_to_come_counts(app: Flask) -> None:
    assert needs(forming()) == [("ready", 3)]


def test_with_one_fewer_nothing_is_to_do(app: Flask) -> None:
    assert needs(forming(2)) == []


def test_who_has_left_does_not_count(app: Flask) -> None:
    network = forming()
    network.memberships[0].left = NOW.date() - timedelta(days=1)
    db.session.flush()

    assert needs(network) == []


def test_an_idea_with_as_many_as_it_wants_is_ready_too(app: Flask) -> None:
    assert (needs(forming(state="idea")), needs(forming(2, state="idea"))) == ([("ready", 3)], [])


@pytest.mark.parametrize("state", ["resting", "ended"])
def test_only_a_network_in_formation_is_ready(app: Flask, state: str) -> None:
    assert needs(forming(state=state)) == []


def test_a_network_that_stops_says_what_still_stands_in_calendars(app: Flask) -> None:
    network = forming(state="ended")
    make.meeting(network=network, starts_at=NOW - timedelta(days=1))
    nothing = needs(network)
    for days in (20, 90):
        meeting = make.meeting(network=network, starts_at=NOW + timedelta(days=days))
    with time_machine.travel(NOW, tick=False):
        page = make.browser(app, make.manager(network=network, language="en")).get("/").text

    ahead = needs(network)
    meeting.status = "cancelled"
    assert (nothing, ahead, needs(network)) == ([], [("still_ahead", 2)], [("still_ahead", 1)])
    assert "ended, but 2 meetings still stand in everybody’s calendar" in page


def test_the_button_on_the_start_page_begins_it_and_leads_to_its_year(app: Flask) -> None:
    network = forming()
    path = f"/networks/{network.slug}/beginning"
    with time_machine.travel(NOW, tick=False):
        client = make.browser(app, make.manager(network=network, language="en"))
        page = client.get("/").text
        answer = client.post(path, follow_redirects=True)
        after = client.get("/").text

    db.session.refresh(network)
    assert f'action="{path}"' in page
    assert (network.state, answer.request.path) == ("active", f"/networks/{network.slug}/years/2027/plan")
    assert f'href="/networks/{network.slug}/years/2027/dates"' in answer.text
    assert (path in after, "2027 is not planned yet" in after) == (False, True)


def test_a_network_that_rests_is_not_begun_by_an_old_page(app: Flask) -> None:
    network = forming(state="resting")
    client = make.browser(app, make.manager(network=network))

    answer = client.post(f"/networks/{network.slug}/beginning")

    db.session.refresh(network)
    assert (answer.status_code, network.state) == (422, "resting")


def test_everybody_hears_of_its_first_year_when_that_is_published(app: Flask) -> None:
    network = years.network()
    network.state, network.size_wanted = "forming", len(network.memberships)
    with time_machine.travel(NOW, tick=False):
        client = make.browser(app, make.manager(network=network))
        client.post(f"/networks/{network.slug}/beginning")
        before = db.session.query(Message).filter_by(kind="Y0").count()
        years.published(network)

    told = {row.person_id for row in db.session.query(Message).filter_by(kind="Y0")}
    assert before == 0
    assert told == {person.id for member in network.memberships for person in member.people}
