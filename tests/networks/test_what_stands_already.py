"""What is closed or removed while a meeting is published there: nobody is left to find out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from app.extensions import db
from app.meetings.models import Meeting
from app.networks.models import Membership
from tests import make

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
DAY = datetime(2027, 4, 15, 11, tzinfo=UTC)
STAYS = "stays until somebody changes it: Thu 15 April (Noord)"


@pytest.fixture
def member(app: Flask) -> Membership:
    """De Linde, which hosts on 15 April in its room."""
    network = make.network(name="Noord")
    member = make.membership(network=network, organisation=make.organisation(programme=network.programme))
    meeting = make.meeting(network=network, starts_at=DAY, room=member.organisation.rooms[0])
    make.duty(meeting=meeting, organisation=member.organisation)
    make.meeting(network=network, starts_at=DAY + timedelta(days=7), status="cancelled")
    db.session.commit()
    return member


@pytest.fixture(autouse=True)
def in_january() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def press(app: Flask, member: Membership, what: str, **data: str) -> str:
    client = make.browser(app, make.manager(network=member.network, language="en"))
    path = f"/networks/{member.network.slug}/members/{member.id}/{what}"
    return client.post(path, data=data, follow_redirects=True).text


@pytest.mark.parametrize("only", ["", "host"])
def test_an_absence_names_the_meetings_that_are_published_on_its_days(
    app: Flask, member: Membership, only: str
) -> None:
    free = press(app, member, "absences", first="2027-04-16", last="2027-04-30", weekday="", only=only)
    day = press(app, member, "absences", first="2027-04-15", last="2027-04-15", weekday="", only=only)
    thursdays = press(app, member, "absences", weekday="3", only=only)

    assert [STAYS in page for page in (free, day, thursdays)] == [False, True, True]


def test_a_closed_room_concerns_only_what_its_organisation_hosts(app: Flask, member: Membership) -> None:
    other = make.membership(network=member.network)
    db.session.commit()
    pages = [
        press(app, other, "absences", first="2027-04-15", last="2027-04-15", weekday="", only=only)
        for only in ("host", "")
    ]

    assert [STAYS in page for page in pages] == [False, True]


def test_an_absence_says_nothing_of_a_network_its_organisation_has_left(app: Flask, member: Membership) -> None:
    gone = make.membership(network=member.network, left=DAY.date() - timedelta(days=1))
    here = make.membership(network=make.network(programme=member.network.programme), organisation=gone.organisation)
    db.session.commit()
    page = press(app, here, "absences", first="2027-04-15", last="2027-04-15", weekday="", only="")

    assert "Saved." in page
    assert "stays until" not in page


def test_a_closed_period_names_what_is_published_in_it(app: Flask, member: Membership) -> None:
    programme = member.network.programme
    chief = make.browser(app, make.programme_manager(programme=programme, language="en"))
    pages = [
        chief.post(
            f"/programmes/{programme.slug}/closed-periods",
            data={"name": "Carnival", "first": first, "last": "2027-04-30", "source": ""},
            follow_redirects=True,
        ).text
        for first in ("2027-04-16", "2027-04-15")
    ]

    assert [STAYS in page for page in pages] == [False, True]


def test_a_room_in_which_a_meeting_takes_place_is_not_removed(app: Flask, member: Membership) -> None:
    [room] = member.organisation.rooms
    refused = press(app, member, f"rooms/{room.id}/removal")
    db.session.expire_all()
    kept = list(member.organisation.rooms)
    db.session.query(Meeting).update({"starts_at": NOW - timedelta(hours=3), "ends_at": NOW})
    db.session.commit()
    press(app, member, f"rooms/{room.id}/removal")
    db.session.expire_all()

    assert "is the place of Thu 15 April" in refused
    assert (kept, list(member.organisation.rooms)) == ([room], [])


def test_the_last_contact_leaves_a_sentence(app: Flask, member: Membership) -> None:
    make.contact(membership=member, position=2)
    db.session.commit()
    pages = [press(app, member, f"contacts/{contact.id}/removal") for contact in list(member.contacts)]

    assert [f"Nobody of {member.organisation.name} is written to now" in page for page in pages] == [
        *[False] * (len(pages) - 1),
        True,
    ]
