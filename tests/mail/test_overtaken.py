"""A change overtaken by another one before its mail left: one mail, from what people know to what is so."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Cycle, Meeting
from app.meetings.queries import meetings_of_year
from app.networks.models import Organisation
from app.people.models import Person
from app.planning import actions
from app.publishing import actions as publishing
from app.worker import deliver
from tests.fakes import Relay
from tests.planning import years

LATER = years.NOW + timedelta(days=1)
OLD, BETWEEN, NEW = "Thursday, 11 February 2027", "Thursday, 18 February 2027", "Thursday, 25 February 2027"


@pytest.fixture
def cycle(app: Flask) -> Cycle:
    """A year everybody has heard of."""
    made = years.published(years.network())
    for message in db.session.scalars(select(Message)):
        message.state = "sent"
    db.session.commit()
    return made


def first(cycle: Cycle) -> Meeting:
    return meetings_of_year(cycle)[0]


def change(cycle: Cycle, **values: Any) -> None:
    draft = actions.amended(cycle, {first(cycle).id: values}, "", LATER)
    publishing.amend(cycle, draft, LATER, None, override="by hand")
    db.session.commit()


def leave(relay: Relay) -> dict[str, list[str]]:
    """{address: texts} of what really leaves a day later."""
    relay.received.clear()
    with time_machine.travel(LATER + timedelta(hours=1), tick=False):
        deliver(60)
    out: dict[str, list[str]] = {}
    for mail in relay.received:
        out.setdefault(mail["To"].addresses[0].addr_spec, []).append(mail.get_body(("plain",)).get_content())
    return out


def addresses(cycle: Cycle, without: tuple[Organisation | None, ...] = ()) -> set[str | None]:
    members = [m for m in cycle.network.memberships if m.organisation not in without]
    return {person.email for member in members for person in member.people}


def free(cycle: Cycle) -> Organisation:
    """An organisation without a turn at the first meeting."""
    busy = {duty.organisation_id for duty in first(cycle).duties}
    return next(m.organisation for m in cycle.network.memberships if m.organisation_id not in busy)


def test_two_moves_before_the_mail_left_are_one_from_the_old_day_to_the_newest(cycle: Cycle, relay: Relay) -> None:
    change(cycle, date=date(2027, 2, 18))
    change(cycle, date=date(2027, 2, 25))
    texts = leave(relay)
    assert set(texts) == addresses(cycle)
    assert {len(each) for each in texts.values()} == {1}
    assert all(f"When: {OLD}" in text and f"→ {NEW}" in text for each in texts.values() for text in each)
    assert all(BETWEEN not in text for each in texts.values() for text in each)


def test_a_move_whose_mail_has_left_is_told_from_the_day_it_told(cycle: Cycle, relay: Relay) -> None:
    change(cycle, date=date(2027, 2, 18))
    leave(relay)
    change(cycle, date=date(2027, 2, 25))
    texts = leave(relay)
    assert {len(each) for each in texts.values()} == {1}
    assert all(f"When: {BETWEEN}" in text and OLD not in text for each in texts.values() for text in each)


def test_what_is_taken_back_before_its_mail_left_is_not_told(cycle: Cycle, relay: Relay) -> None:
    change(cycle, date=date(2027, 2, 18))
    change(cycle, date=date(2027, 2, 11))
    assert leave(relay) == {}


def test_what_is_taken_back_after_its_mail_left_is_told(cycle: Cycle, relay: Relay) -> None:
    change(cycle, date=date(2027, 2, 18))
    leave(relay)
    change(cycle, date=date(2027, 2, 11))
    texts = leave(relay)
    assert set(texts) == addresses(cycle)


def test_a_move_reaches_everybody_also_when_others_prepare_before_its_mail_left(cycle: Cycle, relay: Relay) -> None:
    before, new = first(cycle).preparers[0], free(cycle)
    change(cycle, date=date(2027, 2, 18))
    change(cycle, preparers=(new.id,))
    texts = leave(relay)
    assert set(texts) == addresses(cycle)
    concerned = {
        person.email for m in cycle.network.memberships if m.organisation in (before, new) for person in m.people
    }
    others = {address: each for address, each in texts.items() if address not in concerned}
    assert all(f"When: {OLD}" in each[0] and f"→ {BETWEEN}" in each[0] for each in others.values())


def test_other_preparers_alone_are_told_to_who_is_concerned(cycle: Cycle, relay: Relay) -> None:
    change(cycle, preparers=(free(cycle).id,))
    assert set(leave(relay)) < addresses(cycle)


def test_who_waits_to_hear_of_a_turn_hears_of_it_once_and_of_the_newest_day(cycle: Cycle, relay: Relay) -> None:
    new = free(cycle)
    people: list[Person] = next(m.people for m in cycle.network.memberships if m.organisation is new)
    change(cycle, host=new.id)
    change(cycle, date=date(2027, 2, 18))
    texts = leave(relay)
    for person in people:
        turn, moved = sorted(texts[str(person.email)], key=lambda text: "Confirm:" not in text)
        assert f"{new.name} hosts" in turn
        assert BETWEEN in turn
        assert f"When: {OLD}" in moved
        assert "Where:" not in moved.split("When:")[1].split("\r\n")[1]


def test_a_cancellation_says_the_day_people_know(cycle: Cycle, relay: Relay) -> None:
    change(cycle, date=date(2027, 2, 18))
    key = next(r.key for r in actions.draft_for_change(cycle, LATER).rows if r.meeting_id == first(cycle).id)
    actions.remove(cycle, key, "", LATER)
    publishing.publish(cycle, LATER, None, override="by hand")
    db.session.commit()
    texts = leave(relay)
    assert set(texts) == addresses(cycle)
    assert all(f"on {OLD} is cancelled" in text for each in texts.values() for text in each)
