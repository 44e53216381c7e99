"""Every sentence of these pages that states a fact stands there when it is so, and not when it is otherwise."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.extensions import db
from app.meetings.models import Duty, Meeting
from app.networks.models import Membership
from tests import make
from tests.reminders.world import NOW, World, world

Change = Callable[[World], object]


def as_it_is(w: World) -> None:
    """Anna and Bert of De Linde host Cas of De Berk in half a year; nobody has said anything."""


def all_of(*changes: Change) -> Change:
    return lambda w: [change(w) for change in changes]


def begins(days: int) -> Change:
    def change(w: World) -> None:
        w.meeting.starts_at = NOW + timedelta(days=days)
        w.meeting.ends_at = w.meeting.starts_at + timedelta(hours=3)

    return change


def meeting(**values: object) -> Change:
    def change(w: World) -> None:
        for name, value in values.items():
            setattr(w.meeting, name, value)

    return change


def network(**values: object) -> Change:
    return lambda w: [setattr(w.network, name, value) for name, value in values.items()]


def held(count: int) -> Change:
    return all_of(begins(-3), meeting(attended=count))


def answered(count: int, word: str = "yes") -> Change:
    return lambda w: [
        make.attendance(meeting=w.meeting, person=person, answer=word)
        for person in (w.host, w.substitute, w.preparer)[:count]
    ]


def host_duty(w: World) -> Duty:
    assert w.meeting.host_duty is not None
    return w.meeting.host_duty


def linde(w: World) -> Membership:
    return next(m for m in w.network.memberships if m.organisation.name == "De Linde")


def confirmed(w: World) -> None:
    for duty in w.meeting.duties:
        duty.confirmed_at = NOW


def given_back(w: World) -> None:
    host_duty(w).handed_back_at, host_duty(w).handed_back_reason = NOW, "flu in the house"


def given_back_without_a_word(w: World) -> None:
    host_duty(w).handed_back_at = NOW


def asked_to_swap(w: World) -> None:
    berk = next(m.organisation for m in w.network.memberships if w.preparer in m.people)
    make.offer(duty=host_duty(w), to=berk)


def no_room(w: World) -> None:
    w.meeting.room = None
    linde(w).organisation.rooms.clear()


def seats(count: int | None) -> Change:
    return lambda w: setattr(linde(w).organisation.rooms[0], "seats", count)


def a_topic(w: World) -> None:
    make.topic(network=w.network, title="Night shifts")


def elsewhere_too(w: World) -> None:
    """Anna takes part in another programme as well."""
    make.contact(membership=make.membership(network=make.network(), people=0), person=w.host)


def typed_elsewhere(w: World) -> None:
    """Somebody of another programme was typed with Anna's address."""
    typed = make.person(first_name="A.", last_name="Vries", email=w.host.email, as_typed=True)
    make.contact(membership=make.membership(network=make.network(name="Zuid"), people=0), person=typed)


def leaves(w: World) -> None:
    linde(w).left = w.meeting.day - timedelta(days=1)


def leaves_later(w: World) -> None:
    linde(w).left = w.meeting.day + timedelta(days=1)


PAGES: dict[str, Callable[[World], str]] = {
    "start": lambda w: "/",
    "network": lambda w: f"/networks/{w.network.slug}",
    "network in 2027": lambda w: f"/networks/{w.network.slug}?year=2027",
    "turns": lambda w: f"/networks/{w.network.slug}/turns",
    "meeting": lambda w: f"/networks/{w.network.slug}/meetings/{w.meeting.id}",
    "member": lambda w: f"/networks/{w.network.slug}/members/{linde(w).id}",
    "contact": lambda w: f"/networks/{w.network.slug}/members/{linde(w).id}/contacts/{linde(w).contacts[0].id}",
    "mine": lambda w: "/me",
    "answer": lambda w: f"/networks/{w.network.slug}/duties/{host_duty(w).id}/answer",
}
# page, sentence, when it is so, when it is not
FACTS: list[tuple[str, str, Change, Change]] = [
    ("start", "Nothing. Everything that had to be done is done.", as_it_is, begins(5)),
    ("start", "one waits for you", begins(5), as_it_is),
    ("start", "one meeting in the next thirty days", begins(5), begins(50)),
    ("start", "the host has not confirmed", begins(5), all_of(begins(5), confirmed)),
    ("start", "no topic yet for", all_of(begins(5), meeting(topic="")), begins(5)),
    ("start", "one person has not said about", all_of(begins(5), answered(2)), all_of(begins(5), answered(3))),
    ("start", "De Linde leaves and still has the turn of", leaves, leaves_later),
    ("network", "Next meeting, tomorrow", begins(1), begins(6)),
    ("network", "Next meeting, in 6 days", begins(6), begins(1)),
    ("network", "One of 3 comes", answered(1), answered(2)),
    ("network", "2 of 3 come", answered(2), answered(1)),
    ("network", "one has not said", answered(2), answered(1)),
    ("network", "not confirmed yet", as_it_is, confirmed),
    ("network", "still to choose", meeting(topic=""), as_it_is),
    ("network", "no room for everybody", seats(2), seats(3)),
    ("network", "One organisation is still wanted.", network(state="forming", size_wanted=3), network(size_wanted=3)),
    (
        "network",
        "Everybody who was wanted is there: this network can start.",
        network(state="forming", size_wanted=2),
        network(state="forming", size_wanted=3),
    ),
    ("network in 2027", "No meetings yet in 2027.", begins(500), as_it_is),
    ("turns", "No meeting has been held yet.", as_it_is, begins(-3)),
    ("meeting", "This meeting does not take place.", meeting(status="cancelled"), as_it_is),
    ("meeting", "No turns at this meeting.", lambda w: w.meeting.duties.clear(), as_it_is),
    ("meeting", "One person comes,", answered(1), answered(2)),
    ("meeting", "one does not", answered(1, "no"), answered(2, "no")),
    (
        "meeting",
        "Nobody has written down yet how many were there.",
        begins(-3),
        held(5),
    ),
    (
        "meeting",
        "One person was there.",
        held(1),
        held(5),
    ),
    (
        "meeting",
        "5 people were there.",
        held(5),
        held(1),
    ),
    ("meeting", "Why: flu in the house", given_back, given_back_without_a_word),
    ("member", "Nobody yet. Without a person", lambda w: linde(w).contacts.clear(), as_it_is),
    ("member", "No room yet, so no turn as host in person.", no_room, as_it_is),
    ("member", "places not known", seats(None), as_it_is),
    (
        "member",
        "Always available, as far as we know.",
        as_it_is,
        lambda w: make.absence(organisation=linde(w).organisation, weekday=1),
    ),
    ("member", "mail comes back", lambda w: setattr(w.host, "address_failed_at", NOW), as_it_is),
    ("contact", "Only Anna de Vries can change this: others count on this name", elsewhere_too, as_it_is),
    ("mine", "You were written down as A. Vries with your address, for Zuid.", typed_elsewhere, as_it_is),
    ("mine", "No meetings ahead.", begins(-3), as_it_is),
    ("mine", "No turns for your organisation in the meetings ahead.", lambda w: w.meeting.duties.clear(), as_it_is),
    ("mine", "The manager knows and looks for somebody else.", given_back, as_it_is),
    ("mine", "you asked to swap; until somebody says yes it stays yours", asked_to_swap, as_it_is),
    ("mine", "none is open yet", as_it_is, a_topic),
    ("mine", ">one is open<", a_topic, as_it_is),
    ("answer", "You have confirmed it.", confirmed, as_it_is),
    ("answer", "You gave this turn back.", given_back, as_it_is),
]
CASES = [
    pytest.param(page, sentence, change, so, id=f"{page}: {sentence} {'yes' if so else 'no'}")
    for page, sentence, *changes in FACTS
    for change, so in zip(changes, (True, False), strict=True)
]


@pytest.mark.parametrize(("page", "sentence", "change", "so"), CASES)
def test_a_sentence_stands_there_only_when_it_is_so(
    app: Flask, page: str, sentence: str, change: Change, so: bool
) -> None:
    with time_machine.travel(NOW, tick=False):
        w = world()
        w.meeting.cycle.published = 1
        change(w)
        db.session.commit()
        person = w.host if page in ("mine", "answer") else w.manager
        answer = make.browser(app, person).get(PAGES[page](w))

    assert answer.status_code == 200
    assert (sentence in " ".join(answer.text.split())) is so
    assert db.session.query(Meeting).count() == 1
