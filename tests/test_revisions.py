"""What changes a calendar raises a revision, or the stored rendering would be served for ever."""

import pytest
import time_machine
from flask import Flask

from app.calendars import actions as calendars
from app.calendars.models import FeedLink
from app.calendars.rendering import key_of, networks_in, render_feed
from app.extensions import db
from tests.everything import NOW, World
from tests.test_routes import browser, laid_up, let_in, url_of, world

SETTINGS = {"name": "Another name", "region": "NL-Zuid", "mode": "online", "state": "active", "size_wanted": "7"}
DATA = {
    "preparing.save_programme": {"topic": "Another topic", "running_order": "- coffee", "question": "Why?"},
    "networks.save_settings": {**SETTINGS, "timezone": "Europe/Berlin"},
    "networks.save_organisation": {"name": "Another organisation"},
    "networks.save_member": {"joined": "2027-06-01", "hosts": "no"},
    "people.save_preferences": {"language": "de"},
}
UNSEEN = {
    "preparing.save_room": {"name": "Hall", "directions": "Bus 7"},
    "preparing.choose_room": {},
    "networks.save_room": {"name": "Hall", "seats": "50", "address": "Elsewhere 1"},
    "networks.add_contact": {"first_name": "Jo"},
    "networks.contact_first": {},
    "networks.remove_contact": {},
    "networks.remove_room": {},
    "networks.save_absence": {"weekday": "1", "only": ""},
    "turns.confirm": {},
    "turns.tick": {"item": ["room"]},
    "turns.hand_back": {"reason": "flu"},
    "publishing.cancel_meeting": {},
}
WHO = {"people.save_preferences": "contact"}


def rendering(link: FeedLink) -> tuple[str, bytes]:
    networks = networks_in(link, NOW)
    return key_of(link, networks, NOW), render_feed(link, networks, NOW).split(b"BEGIN:VEVENT", 1)[-1]


def posted(app: Flask, there: World, endpoint: str, data: dict[str, str]) -> tuple[bool, bool]:
    """Whether the contact's calendar, and what it is stored under, differ after the press of a button."""
    person = there.people["contact"]
    assert person is not None
    link = calendars.feed_link(person, "mine", None, NOW)
    db.session.commit()
    with time_machine.travel(NOW, tick=False):
        key, body = rendering(link)
        client = browser(app, there.people[WHO.get(endpoint) or min(let_in(endpoint))])
        assert client.post(url_of(app, there, endpoint), data=data).status_code == 302
        db.session.expire_all()
        new_key, new_body = rendering(link)
    return body != new_body, key != new_key


@pytest.mark.parametrize("endpoint", sorted(DATA))
def test_a_post_that_changes_a_calendar_raises_a_revision(app: Flask, world: World, endpoint: str) -> None:
    assert posted(app, world, endpoint, DATA[endpoint]) == (True, True)


@pytest.mark.parametrize("endpoint", sorted(UNSEEN))
def test_a_post_that_raises_no_revision_changes_no_calendar(app: Flask, world: World, endpoint: str) -> None:
    changed, raised = posted(app, world, endpoint, UNSEEN[endpoint])

    assert raised or not changed


__all__ = ["laid_up", "world"]
