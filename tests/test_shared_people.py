"""The fourteenth view, the same people seen from elsewhere: what one programme allows changes nothing of another."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import ColumnElement, or_, select

from app.calendars.models import FeedLink
from app.extensions import Base, db
from app.importing.models import Import
from app.mail.models import Message
from app.networks.models import Contact, Membership, Network, Role
from app.people.models import AddressChange, BrowserSession, Person, SignInLink
from tests.conftest import empty_tables
from tests.everything import NOW, World
from tests.test_routes import MATRIX, browser, laid_up, let_in, method_of, url_of

OWN = {"portfolio.recognise", "portfolio.refuse"}  # what somebody elsewhere wrote down is this person's to take
OWNER = {  # goes when they go; a site admin looks after all programmes
    "privacy.erase_me": {"participant"},
    "admin.reset_calendars": {"site admin"},
}
SETTINGS = {"name": "Another name", "region": "NL-Zuid", "mode": "online", "state": "active", "size_wanted": "7"}
FORMS: dict[str, dict[str, Any]] = {  # what these buttons need to do anything
    "preparing.save_programme": {"topic": "Another topic", "running_order": "- coffee", "question": "Why?"},
    "preparing.save_room": {"name": "Hall", "directions": "Bus 7"},
    "networks.save_organisation": {"name": "Another organisation"},
    "networks.save_member": {"joined": "2027-06-01", "hosts": "no"},
    "networks.save_room": {"name": "Hall", "seats": "50", "address": "Elsewhere 1"},
    "networks.save_absence": {"weekday": "1", "only": ""},
    "people.save_preferences": {"language": "de"},
    "turns.tick": {"item": ["room"]},
    "turns.hand_back": {"reason": "flu"},
}
RAISED = {"revision", "changed_at"}  # calendars are made anew: no word of anybody's


def elsewhere(world: World) -> tuple[set[int], set[int]]:
    """The networks of the other programme, and all its people: contacts and managers."""
    networks = set(db.session.scalars(select(Network.id).where(Network.programme_id == world.elsewhere)))
    sits = select(Contact.person_id).join(Membership).where(Membership.network_id.in_(networks))
    manages = select(Role.person_id).where(Role.programme_id == world.elsewhere)
    return networks, set(db.session.scalars(sits)) | set(db.session.scalars(manages))


def contents_elsewhere(networks: set[int], people: set[int], programme: int) -> dict[str, list[str]]:
    """What belongs to the other programme, or to nobody but its people."""
    nowhere = or_(Message.network_id.in_(networks), Message.network_id.is_(None) & Message.person_id.in_(people))
    conditions: dict[type[Base], ColumnElement[bool]] = {
        Person: Person.id.in_(people),
        Role: Role.programme_id == programme,
        Contact: Contact.membership_id.in_(select(Membership.id).where(Membership.network_id.in_(networks))),
        Membership: Membership.network_id.in_(networks),
        Network: Network.id.in_(networks),
        Import: Import.programme_id == programme,
        Message: nowhere,
        **{model: model.person_id.in_(people) for model in (BrowserSession, SignInLink, AddressChange, FeedLink)},
    }
    db.session.expire_all()
    return {model.__tablename__: _rows(model, condition) for model, condition in conditions.items()}


def _rows(model: type[Base], condition: ColumnElement[bool]) -> list[str]:
    columns = [column for column in model.__table__.columns if column.name not in RAISED]
    return sorted(map(repr, db.session.execute(select(*columns).where(condition))))


def posts(world: World) -> dict[str, list[dict[str, Any]]]:
    """Forms with which each button does the most it can to people who sit elsewhere too."""
    known, shared = (db.session.get_one(Person, number) for number in sorted(elsewhere(world)[1])[:2])
    name = {"first_name": "Mine", "last_name": "Now"}
    theirs = {**name, "email": known.email}
    programme = {"name": "Another", "language": "de", "region": "NL-Zuid", "tone": "formal"}
    pairs = [(shared.id, known.id), (known.id, shared.id)]
    return {
        **{endpoint: [data] for endpoint, data in FORMS.items()},
        "networks.save_settings": [SETTINGS | {"timezone": "Europe/Berlin", "tone": "formal"}],
        "networks.add_organisation": [{"organisation": "New", "joined": "2027-01-01", **theirs}],
        "networks.add_contact": [theirs],
        "networks.save_contact": [{**name, "email": "mine@evil.example"}, name, theirs],
        "admin.grant_role": [theirs],
        "admin.save_programme": [programme],
        "admin.merge_people": [{"person-keep": keep, "person-drop": drop} for keep, drop in pairs],
        "mail.write": [{"to_network": world.values["slug"], "audience": "all", "subject": "x", "text": "y"}],
        "calendars.make_mine": [{"which": "mine"}],
        "admin.reset_calendars": [{"person": known.id}, {"person": shared.id}],
        "privacy.erase_me": [{"sure": "y"}],
        "people.save_name": [name],
    }


def pressed(app: Flask, world: World, endpoint: str) -> dict[str, list[str]]:
    """What everybody who may press a button changed of the other programme."""
    networks, people = elsewhere(world)
    forms = posts(world).get(endpoint, [{}])
    names = sorted(let_in(endpoint) - {"same people elsewhere", "feed holder"} - OWNER.get(endpoint, set()))
    with time_machine.travel(NOW, tick=False):
        browsers = [browser(app, world.people[name]) for name in names]
        there = contents_elsewhere(networks, people, world.elsewhere)
        answers = [client.post(url_of(app, world, endpoint), data=form) for client in browsers for form in forms]
        there_now = contents_elsewhere(networks, people, world.elsewhere)
    assert [answer.status_code for answer in answers if answer.status_code == 500] == []
    changed = {table: sorted(set(there_now[table]) ^ set(rows)) for table, rows in there.items()}
    return {table: rows for table, rows in changed.items() if rows}


@pytest.mark.parametrize("area", sorted({name.partition(".")[0] for name in MATRIX}))
def test_what_is_allowed_changes_nothing_of_another_programme(
    app: Flask, laid_up: Callable[[], World], area: str
) -> None:
    found = {}
    for endpoint in sorted(set(MATRIX) - OWN):
        if endpoint.partition(".")[0] == area and method_of(app, endpoint) == "POST":
            empty_tables()
            db.session.remove()
            found[endpoint] = pressed(app, laid_up(), endpoint)

    assert {name: rows for name, rows in found.items() if rows} == {}


__all__ = ["laid_up"]
