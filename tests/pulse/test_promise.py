"""The promise: whatever somebody answers and looks at, in whatever order, shows nothing of any other person.

What one sees must be the same when two others had said each other's words. Then nothing of it can be about either.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import time_machine
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app.extensions import db
from app.people.links import personal_token
from app.people.models import Person
from app.pulse.actions import close_due
from app.pulse.models import Pulse, PulseAnswer
from tests import make
from tests.conftest import EXAMPLES
from tests.pulse.test_pulse import OVER, everybody, say
from tests.reminders.world import World, world
from tests.results.test_notes import FRIDAY, TEXTS, path

OTHERS = 4
Said = tuple[str, str, str]
ANSWERS = st.tuples(st.sampled_from("12345"), st.sampled_from("12345"), st.sampled_from(["", "Good", "Too long"]))


@dataclass(frozen=True)
class Event:
    """Somebody answers: 0 is who looks. After each one they look at everything."""

    who: int
    said: Said


def exchanged(events: Sequence[Event], a: int, b: int) -> list[Event]:
    """Each answers when they did; but in the end `a` has said what `b` said, and the other way round."""
    last = {event.who: number for number, event in enumerate(events)}
    out = list(events)
    if a in last and b in last:
        out[last[a]] = Event(a, events[last[b]].said)
        out[last[b]] = Event(b, events[last[a]].said)
    return out


EVENTS = st.lists(st.builds(Event, st.integers(0, OTHERS), ANSWERS), min_size=2, max_size=8)


def visible(text: str) -> list[str]:
    """The lines of a page, without the order of sentences and what protects its forms."""
    return sorted(re.sub(r'name="csrf_token" value="[^"]+"', "", text).splitlines())


def seen(app: Flask, w: World, people: Sequence[Person], events: Sequence[Event]) -> list[list[str]]:
    """All that person 0 sees, step by step, and after closing."""
    viewer = app.test_client()
    start = f"/me/{personal_token(people[0])}"
    pages = (
        f"{start}/meetings/{w.meeting.id}/pulse",
        path(w, people[0]),
        f"{start}/networks/{w.network.slug}/learnt",
        f"{start}/networks/{w.network.slug}/learnt?q=good",
    )

    def look() -> list[list[str]]:
        return [visible(viewer.get(page).text) for page in pages]

    shown = []
    for event in events:
        say(app, w, people[event.who], *event.said)
        shown += look()
    with time_machine.travel(OVER, tick=False):
        close_due(OVER)
        db.session.commit()
        shown += look()
    return shown


def afresh(run: Callable[[], list[list[str]]]) -> list[list[str]]:
    for model in (PulseAnswer, Pulse):
        db.session.execute(delete(model))
    db.session.commit()
    return run()


def test_what_one_sees_is_the_same_when_two_others_had_said_each_others_words(app: Flask) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        w = world()
        for _n in range(2):
            make.contact(membership=make.membership(network=w.network, people=0))
        db.session.commit()
        db.session.expire_all()
        people = everybody(w)
        app.test_client().post(path(w, w.host), data=TEXTS | {"publish": "1"})

        @example([Event(n, (str(n), "3", "")) for n in (0, 1, 2, 3, 4)], [3, 4, 1, 2])
        @settings(max_examples=25 * EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(EVENTS, st.permutations(range(1, OTHERS + 1)))
        def holds(events: list[Event], order: list[int]) -> None:
            other = exchanged(events, *order[:2])
            first, second = (afresh(lambda said=said: seen(app, w, people, said)) for said in (events, other))
            assert first == second

        holds()
