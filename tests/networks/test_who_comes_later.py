"""Who takes part from next year on follows the links of their mails today."""

from datetime import date, timedelta

import pytest
from flask import Flask

from app import clock
from app.meetings.models import Duty
from app.networks.models import Membership
from app.people.links import personal_token
from tests import make


@pytest.fixture
def turn(app: Flask) -> Duty:
    """Of an organisation that takes part, and hosts, from next year on."""
    at = clock.now()
    row = make.membership(network=make.network(), joined=date(at.year + 1, 1, 1))
    meeting = make.meeting(network=row.network, starts_at=at + timedelta(days=400))
    return make.duty(meeting=meeting, organisation=row.organisation)


def member_of(turn: Duty) -> Membership:
    return turn.organisation.memberships[0]


def test_a_member_of_next_year_reads_the_network_and_confirms_a_turn(app: Flask, turn: Duty) -> None:
    coming, network = member_of(turn), turn.meeting.network
    client = make.browser(app, coming.people[0])

    pages = [client.get(f"/networks/{network.slug}{path}").status_code for path in ("", "/turns", "/topics")]
    corner = client.get(f"/networks/{network.slug}/members/{coming.id}").status_code
    confirmed = client.post(f"/networks/{network.slug}/duties/{turn.id}/confirmation").status_code

    assert (pages, corner, confirmed) == ([200, 200, 200], 200, 302)


def test_by_link_too(app: Flask, turn: Duty) -> None:
    coming = member_of(turn)
    token = personal_token(coming.people[0])

    assert app.test_client().get(f"/me/{token}/networks/{coming.network.slug}/topics").status_code == 200


def test_who_left_yesterday_does_not(app: Flask) -> None:
    left = make.membership(network=make.network(), left=clock.now().date() - timedelta(days=1))

    assert make.browser(app, left.people[0]).get(f"/networks/{left.network.slug}").status_code == 404
