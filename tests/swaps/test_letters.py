"""The mails of swaps as people read them, in three languages."""

from datetime import timedelta

import pytest

from app.extensions import db
from app.meetings.models import Duty
from app.people.models import Person
from app.swaps.models import SwapOffer
from tests import make
from tests.reminders.test_letters import expect, letter
from tests.reminders.world import NOW, THURSDAY, World, world


def asked(language: str, *, in_return: bool = True, **values: object) -> tuple[World, SwapOffer, Person]:
    """De Linde asks De Iep (Dora) to host in April, against June or not."""
    w = world(language)
    elm = make.organisation(programme=w.network.programme, name="De Iep", town="Breda")
    member = make.membership(network=w.network, organisation=elm, people=0)
    dora = make.person(first_name="Dora", last_name="Dam", email="dora@example.org", language=language)
    make.contact(membership=member, person=dora)
    june = make.meeting(network=w.network, starts_at=THURSDAY + timedelta(days=56), room_id=elm.rooms[0].id)
    make.duty(meeting=june, organisation=elm)
    mine: Duty = w.meeting.host_duty
    given = {"asked_at": NOW, "expires_at": NOW + timedelta(days=7), "words": "Our hall is being painted.", **values}
    offer = make.offer(duty=mine, to=elm, in_return=june if in_return else None, **given)
    db.session.commit()
    return w, offer, dora


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_asked(language: str) -> None:
    w, offer, dora = asked(language)
    params = {"swap_id": offer.swap_id, "organisation_id": offer.organisation_id}
    message = w.message("S1", dora, key=f"S1-{offer.swap_id}-{offer.organisation_id}-2-{dora.id}", params=params)

    expect(f"S1.{language}", letter(message))


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_agreed(language: str) -> None:
    w, offer, _dora = asked(language, outcome="accepted", closed_at=NOW)
    offer.answer = "accepted"
    message = w.message("S2", w.host, params={"swap_id": offer.swap_id, "what": "accepted"})

    expect(f"S2.{language}", letter(message))


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_nobody_found(language: str) -> None:
    w, offer, _dora = asked(language)
    message = w.message("S3", w.manager, params={"swap_id": offer.swap_id, "what": "expired"})

    expect(f"S3.{language}", letter(message))


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("nl", "- De Iep: kreeg geen mail, er is geen adres bekend"),
        ("de", "- De Iep: hat keine E-Mail bekommen, es ist keine Adresse bekannt"),
        ("en", "- De Iep: got no mail, no address is known"),
    ],
)
def test_an_organisation_no_mail_reaches_did_not_simply_stay_silent(language: str, line: str) -> None:
    w, offer, dora = asked(language)
    dora.email = None
    message = w.message("S3", w.manager, params={"swap_id": offer.swap_id, "what": "expired"})

    assert line in letter(message).text.splitlines()


@pytest.mark.parametrize(
    ("outcome", "answer", "who", "subject"),
    [
        ("accepted", "accepted", "asker", "De Iep takes over Thu 15 April"),
        ("accepted", "accepted", "asked", "Swap agreed: your turn is now Thu 15 April"),
        ("undone", "accepted", "asker", "Swap undone: your turn is Thu 15 April again"),
        ("undone", "accepted", "asked", "Undone: Thu 15 April is not your turn any more"),
        ("withdrawn", None, "asked", "De Linde does not need to swap Thu 15 April any more"),
        ("declined", "declined", "asker", "Nobody can swap Thu 15 April with you"),
    ],
)
def test_what_became_of_being_covered(outcome: str, answer: str | None, who: str, subject: str) -> None:
    w, offer, dora = asked("en", in_return=False, outcome=outcome, closed_at=NOW)
    offer.answer = answer
    person = dora if who == "asked" else w.host

    assert letter(w.message("S2", person, params={"swap_id": offer.swap_id, "what": outcome})).subject == subject


BOTH, ONE = "The swap is undone. Both turns are where they were.", "It is undone: the turn is back with De Linde."
# kind of mail, what became of it, sentence, whether it stands there: of a swap, of a turn taken over
FACTS = [
    ("S1", "open", "Swap: each does the other's turn", (True, False)),
    ("S1", "open", "Take it over: it counts as a turn you have done; De Linde keeps owing one.", (False, True)),
    ("S2", "accepted", "You have agreed. These are the turns now:", (True, False)),
    ("S2", "accepted", "De Iep does your turn. You keep owing one for a later meeting.", (False, True)),
    ("S2", "undone", BOTH, (True, False)),
    ("S2", "undone", ONE, (False, True)),
]


@pytest.mark.parametrize(
    ("kind", "outcome", "sentence", "in_return", "so"),
    [
        (kind, outcome, sentence, in_return, so)
        for kind, outcome, sentence, both in FACTS
        for in_return, so in zip((True, False), both, strict=True)
    ],
)
def test_what_a_swap_means_is_not_said_of_a_turn_taken_over(
    kind: str, outcome: str, sentence: str, in_return: bool, so: bool
) -> None:
    closed = {} if outcome == "open" else {"outcome": outcome, "closed_at": NOW}
    w, offer, dora = asked("en", in_return=in_return, **closed)
    if closed:
        offer.answer = "accepted"
    params = {"swap_id": offer.swap_id, "what": outcome, "organisation_id": offer.organisation_id}
    key = f"S1-{offer.swap_id}-{offer.organisation_id}-1-{dora.id}"
    message = w.message(kind, dora if kind == "S1" else w.host, params=params, key=key)

    assert (sentence in letter(message).text) is so


@pytest.mark.parametrize("again", ["1", "2"])
def test_only_the_second_question_says_that_an_answer_is_waited_for(again: str) -> None:
    w, offer, dora = asked("en")
    params = {"swap_id": offer.swap_id, "organisation_id": offer.organisation_id}
    key = f"S1-{offer.swap_id}-{offer.organisation_id}-{again}-{dora.id}"

    text = letter(w.message("S1", dora, params=params, key=key)).text

    assert ("De Linde still waits for your answer." in text) is (again == "2")


pytestmark = pytest.mark.usefixtures("app")
