"""Programmes of twenty networks with a year each, and the calendar links of their people."""

from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

from flask_migrate import upgrade

from app import clock, create_app
from app.calendars.actions import feed_link
from app.calendars.links import token_of
from app.extensions import db
from app.networks.models import Network, Programme
from tests import make
from tests.conftest import settings_in

NETWORKS, MEETINGS, MEMBERS = 20, 6, 8


class World(NamedTuple):
    """Addresses: everybody's own calendar in the first programme, its manager's of all networks, its public page."""

    mine: list[str]
    all: str
    page: str  # the public one of the programme


def build(folder: Path, programmes: int) -> World:
    app = create_app(settings_in(folder))
    with app.app_context():
        upgrade()
        first = _programme()
        mine = [_address(contact.person, "mine") for network in first.networks for contact in _contacts(network)]
        manager = _address(make.programme_manager(programme=first), "all")
        page = f"/p/{first.slug}"
        for _ in range(programmes - 1):
            _programme()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return World(mine, manager, page)


def _contacts(network: Network) -> list:
    return [contact for membership in network.memberships for contact in membership.contacts]


def _address(person, scope: str) -> str:
    return f"/feeds/{token_of(feed_link(person, scope, None, clock.now()))}.ics"


def _programme() -> Programme:
    programme = make.programme(public=True, about="Organisations that learn from each other.")
    for _ in range(NETWORKS):
        network = make.network(programme=programme, public=True, goal="Keep those who help.")
        members = [make.membership(network=network, people=2, seats=20) for _ in range(MEMBERS)]
        turns = cycle(member.organisation for member in members)
        for number in range(MEETINGS):
            start = (clock.now() + timedelta(days=20 + 60 * number)).replace(hour=10, minute=0, second=0, microsecond=0)
            meeting = make.meeting(network=network, starts_at=start, topic="Beginnen met vragen, niet met antwoorden")
            make.duty(meeting=meeting, organisation=next(turns))
            make.duty(meeting=meeting, organisation=next(turns), kind="preparation")
    db.session.commit()
    db.session.expire_all()
    return programme
