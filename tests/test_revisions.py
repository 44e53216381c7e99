"""Whatever a button changes of a calendar or of reminders raises a revision, or what is stored would be served on.

Every route that takes a POST, each press in a world whose calendars were fetched and whose reminders were planned.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from app.calendars import actions as calendars
from app.calendars import links
from app.calendars.current import networks_in
from app.calendars.models import FeedLink
from app.calendars.rendering import render_feed
from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Meeting
from app.networks.queries import with_members
from app.people.models import Person
from app.reminders.actions import reconcile, reconcile_all
from app.reminders.queries import behind
from tests.calendars.fetching import key_now
from tests.conftest import empty_tables
from tests.everything import NOW, World, build_world
from tests.kept import kept
from tests.presses import Press, press, presses, waiting
from tests.test_routes import MATRIX

# Nothing that anybody sees outside of the plan's own page; and no world has everything at once.
NOT_PRESSED = {"planning.relax": "needs a draft of a year that cannot be planned, and changes nothing but this draft"}


@dataclass(frozen=True)
class Served:
    """A world as it stood before anybody pressed anything, as often as wanted; the calendars that were fetched."""

    world: World
    people: dict[str, Callable[[], Person] | None]
    feeds: list[int]
    ways: dict[str, list[Press]]
    put_back: Callable[[], None]

    def again(self) -> World:
        empty_tables()
        self.put_back()
        return replace(self.world, people={name: get and get() for name, get in self.people.items()})


@pytest.fixture(scope="module")
def served(_app: Flask) -> Iterator[Served]:
    with time_machine.travel(NOW, tick=False):
        world = waiting(build_world())
        people = {name: _found(person) for name, person in world.people.items()}
        ways = presses(_app, world)
        feeds = _outward(_app, world)
        with kept() as put_back:
            yield Served(world, people, feeds, ways, put_back)


def _found(person: Person | None) -> Callable[[], Person] | None:
    return partial(db.session.get_one, Person, person.id) if person else None


def _outward(app: Flask, world: World) -> list[int]:
    """Reminders are planned, and the calendars of who takes part and of who manages are fetched."""
    reconcile_all(NOW)
    wanted = [(world.people["contact"], "mine"), (world.people["network manager"], "all")]
    made = [calendars.feed_link(person, scope, None, NOW) for person, scope in wanted if person]
    db.session.commit()
    paths, numbers = [f"/feeds/{links.token_of(link)}.ics" for link in made], [link.id for link in made]
    db.session.rollback()  # who fetches notes what was made only where nobody writes
    for path in paths:
        app.test_client().get(path)
    return numbers


def stale(feeds: list[int]) -> list[str]:
    """What is served or planned on although it would be made otherwise now."""
    wrong = []
    db.session.rollback()
    db.session.expire_all()
    in_use = select(FeedLink).where(FeedLink.id.in_(feeds), FeedLink.replaced_at.is_(None))
    for link in db.session.scalars(in_use.order_by(FeedLink.id)):
        rendered = render_feed(link, networks_in(link, NOW), NOW)
        if link.made_from == key_now(link, NOW) and _body(link.body or b"") != _body(rendered):
            wrong.append(f"the calendar of {link.scope}")
    for network in with_members(set(db.session.scalars(select(Meeting.network_id))) - set(behind())):
        before = _planned()
        reconcile(network, NOW)
        if _planned() != before:
            wrong.append(f"reminders of {network.name}")
        db.session.rollback()
    return wrong


def _body(feed: bytes) -> bytes:
    return feed.split(b"BEGIN:VEVENT", 1)[-1]


def _planned() -> list[tuple[str, str, object]]:
    db.session.flush()
    return [(row.key, row.state, row.due_at) for row in db.session.scalars(select(Message).order_by(Message.key))]


@pytest.mark.parametrize("room", sorted({name.partition(".")[0] for name in MATRIX}))
def test_after_any_button_nothing_stale_is_served_or_planned(app: Flask, served: Served, room: str) -> None:
    wrong: dict[tuple[str, str], list[str]] = {}
    done = dict[str, bool]()
    with time_machine.travel(NOW, tick=False):
        for way in (way for name, ways in served.ways.items() if name.partition(".")[0] == room for way in ways):
            status = press(app, served.again(), way)
            assert status < 500, way
            done[way.endpoint] = done.get(way.endpoint, False) or status < 400
            if found := stale(served.feeds):
                wrong[way.endpoint, way.who] = found

    assert wrong == {}
    assert {name for name, any_ in done.items() if not any_} <= NOT_PRESSED.keys()


def test_a_change_that_raises_no_revision_is_found(app: Flask, served: Served) -> None:
    with time_machine.travel(NOW, tick=False):
        served.again()
        db.session.execute(update(Meeting).values(topic="Another topic"))
        db.session.commit()

        assert stale(served.feeds) == ["the calendar of mine", "the calendar of all"]


def test_a_reminder_that_raises_no_revision_is_found(app: Flask, served: Served) -> None:
    with time_machine.travel(NOW, tick=False):
        served.again()
        db.session.execute(update(Meeting).values(status="cancelled"))
        db.session.commit()

        assert any(each.startswith("reminders") for each in stale(served.feeds))
