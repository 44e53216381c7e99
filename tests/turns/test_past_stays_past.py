"""No button changes what somebody owed at a meeting that is over: every POST of the access matrix is pressed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import time_machine
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.importing import actions as importing
from app.importing.models import Import
from app.meetings import balances as ledger
from app.meetings.models import Meeting
from app.networks.models import Membership, Network
from tests import make
from tests.conftest import empty_tables
from tests.everything import NOW, World
from tests.test_routes import FINE, MATRIX, UNKNOWN_LINK, browser, laid_up, let_in, method_of, url_of

# Just past midnight in Amsterdam, so that another time zone is another day: one organisation joins on this one.
LATE = datetime(2026, 12, 10, 23, 30, tzinfo=UTC)
NAMES = ("host", "guest", "third", "former", "other", "joiner")
Balances = dict[int, tuple[Fraction, Fraction]]
Data = dict[str, str]

SETTINGS = {"name": "Another name", "region": "NL-Zuid", "mode": "online", "state": "active", "size_wanted": "7"}
JOINED = {"joined": "2025-01-01"}
CHANGING: dict[str, Callable[[dict[str, Membership]], Data]] = {
    "networks.save_settings": lambda m: {**SETTINGS, "timezone": "Europe/London"},
    "networks.save_member": lambda m: {**JOINED, "hosts": "no"},
    "networks.add_organisation": lambda m: {**JOINED, "organisation": "Late", "room": "Hall", "seats": "90"},
    "networks.add_contact": lambda m: {"first_name": "Jo"},
    "networks.remove_contact": lambda m: {},
    "networks.add_room": lambda m: {"name": "Hall", "seats": "90"},
    "networks.save_room": lambda m: {"name": "Hall", "seats": "1"},
    "networks.remove_room": lambda m: {},
    "privacy.leave": lambda m: {},
    "privacy.erase_me": lambda m: {"sure": "y"},
    "admin.merge_organisations": lambda m: {
        "organisation-keep": str(m["third"].organisation_id),
        "organisation-drop": str(m["former"].organisation_id),
    },
    "admin.merge_people": lambda m: {
        "person-keep": str(m["host"].people[0].id),
        "person-drop": str(m["host"].people[-1].id),
    },
    "importing.complete": lambda m: {},
    "importing.undo": lambda m: {},
}


def past_of(app: Flask, at: World, endpoint: str) -> tuple[Meeting, dict[str, Membership]]:
    """A meeting of the matrix's network that was over a month ago. One person more or less decides who may host it."""
    network = db.session.scalars(select(Network).where(Network.slug == at.values["slug"])).one()
    make.membership(network=network, joined=date(2026, 12, 11))
    make.contact(membership=min(network.memberships, key=lambda each: each.id), position=2)
    db.session.expire_all()
    members = dict(zip(NAMES, sorted(network.memberships, key=lambda each: each.id), strict=True))
    people = sum(len(each.contacts) for each in network.memberships)
    members["host"].organisation.rooms[0].seats = people - (endpoint == "networks.add_room")
    members["guest"].organisation.rooms[0].seats = people - 1
    received = db.session.get_one(Import, at.numbers["importing"])
    members["host"].organisation.name, network.name = "De Linde", "Noord"
    received.files[0].content = b"organisation;network;email\nDe Linde;Noord;jo@example.org\n"
    if endpoint == "importing.undo":
        importing.complete(received, LATE - timedelta(days=30))
    meeting = make.meeting(network=network, starts_at=LATE, ends_at=LATE + timedelta(hours=1))
    make.duty(meeting=meeting, organisation=members["third"].organisation)
    make.duty(meeting=meeting, organisation=members["host"].organisation, kind="preparation")
    db.session.commit()
    return meeting, members


def balances(meeting: Meeting) -> Balances:
    """As the page shows them, but for those who have nothing to do with it."""
    db.session.expire_all()
    return {number: each for number, each in ledger.balances(meeting.network, [meeting]).items() if any(each)}


def merged(found: Balances, keep: int, drop: int) -> Balances:
    both = [sum(each, Fraction()) for each in zip(found[keep], found[drop], strict=True)]
    return {number: each for number, each in found.items() if number != drop} | {keep: (both[0], both[1])}


def pressed(app: Flask, there: World, endpoint: str) -> tuple[int, Balances, Balances, bool]:
    """Its answer; the balances before and after; whether the past would be another one without what was kept."""
    meeting, members = past_of(app, there, endpoint)
    before, path = balances(meeting), url_of(app, there, endpoint)
    usual = {"which": "mine", "note": "", "organisation": str(members["host"].organisation_id)}
    data = CHANGING[endpoint](members) if endpoint in CHANGING else usual
    if endpoint == "admin.merge_organisations":
        before = merged(before, members["third"].organisation_id, members["former"].organisation_id)
    answer = browser(app, there.people[min(let_in(endpoint) - {"feed holder"})]).post(path, data=data)
    after = balances(meeting)
    return answer.status_code, before, after, ledger.able(meeting.network, meeting.day) != meeting.owed


@time_machine.travel(NOW, tick=False)
def test_no_button_changes_a_balance_of_the_past(app: Flask, laid_up: Callable[[], World]) -> None:
    found = {}
    for endpoint in (name for name in MATRIX if let_in(name) and method_of(app, name) == "POST"):
        found[endpoint] = pressed(app, laid_up(), endpoint)
        db.session.rollback()
        empty_tables()

    answers = {endpoint: status for endpoint, (status, *_) in found.items() if endpoint not in UNKNOWN_LINK}
    assert {endpoint: status for endpoint, status in answers.items() if status not in FINE} == {}
    assert {endpoint for endpoint, (*_, other) in found.items() if other} >= CHANGING.keys()
    assert {e: (before, after) for e, (_, before, after, _) in found.items() if before != after} == {}


__all__ = ["laid_up"]
