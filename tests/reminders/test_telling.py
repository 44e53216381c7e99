"""Alarms, contacts whom mail does not reach, and a manager's own words."""

from datetime import timedelta

import pytest
from flask import Flask

from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.reminders.actions import reconcile
from app.reminders.manager_mails import plan_alarms, tell_of_bounces, write_to
from tests import make
from tests.reminders.world import NOW, THURSDAY, World, world

MORNING = timedelta(hours=8) - timedelta(hours=2)  # 08:00 in Amsterdam in summer, as UTC


def at(days: int) -> object:
    """The morning so many days before the meeting."""
    return THURSDAY.replace(hour=0) + timedelta(days=-days) + MORNING


def planned(kind: str) -> list[Message]:
    return db.session.query(Message).filter_by(kind=kind).order_by(Message.id).all()


def alarms(w: World, days: int, **values: object) -> list[str]:
    """What is planned so long before, and would leave."""
    moment = at(days)
    plan_alarms(moment)
    plan_alarms(moment)
    return [row.params["what"] for row in planned("M2") if KINDS["M2"].still_true(row, moment)]


def test_three_weeks_before_the_manager_hears_of_a_room_nobody_confirmed() -> None:
    w = world()
    assert alarms(w, 21) == ["host"]
    letter = KINDS["M2"].render(planned("M2"), NOW)
    assert (letter.to[1], letter.subject) == (w.manager.email, "No room yet: Noord, Thu 15 April")


def test_what_is_settled_alarms_nobody() -> None:
    w = world()
    w.meeting.host_duty.confirmed_at = NOW
    assert alarms(w, 21) == []


def test_on_a_monday_the_monday_mail_says_it() -> None:
    w = world(starts_at=THURSDAY + timedelta(days=4))
    plan_alarms(at(17))
    assert (w.meeting.day.weekday(), planned("M2")) == (0, [])


def test_five_days_before_too_many_noes_are_told() -> None:
    w = world()
    w.meeting.host_duty.confirmed_at = NOW
    for person in (w.host, w.preparer):
        make.attendance(meeting=w.meeting, person=person, answer="no")
    assert alarms(w, 6) == ["few"]


def refused(w: World) -> Message:
    w.host.address_failed_at = NOW
    row = w.message("H3", w.host, state="failed", reply_code=550)
    tell_of_bounces(NOW)
    tell_of_bounces(NOW)
    return row


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_the_manager_hears_at_once_whose_address_was_refused_and_what_can_be_done(language: str) -> None:
    w = world(language)
    refused(w)
    (row,) = planned("X2")
    letter = KINDS["X2"].render([row], NOW)
    assert (row.due_at, letter.to[1], KINDS["X2"].still_true(row, NOW)) == (NOW, w.manager.email, True)
    assert ("De Linde" in letter.subject, "Anna de Vries" in letter.text, "06 2" in letter.text) == (True,) * 3
    assert "Bert de Vries" in letter.text


def test_who_is_reached_again_or_has_no_turn_any_more_is_not_reported() -> None:
    w = world()
    refused(w)
    (row,) = planned("X2")
    w.host.address_failed_at = None
    assert KINDS["X2"].still_true(row, NOW) is False


def test_a_refused_address_gets_the_mails_of_its_turns_to_the_substitute_and_no_invitations(app: Flask) -> None:
    w = world()
    w.host.address_failed_at = NOW
    reconcile(w.network, NOW)
    found = {(row.kind, row.person_id) for row in db.session.query(Message) if row.kind[0] in "HD"}
    assert (("H3", w.substitute.id) in found, {person for kind, person in found if kind == "D1"}) == (
        True,
        {w.substitute.id, w.preparer.id},
    )


def test_a_message_of_the_manager_goes_to_everybody_once() -> None:
    w = world()
    w.substitute.wants_mail = False
    assert [write_to(w.network, "all", "Parking", "The gate\nis closed.", NOW) for _ in range(2)] == [2, 2]
    letter = KINDS["X1"].render([planned("X1")[0]], NOW)
    assert [row.person_id for row in planned("X1")] == [w.host.id, w.preparer.id]
    assert (letter.subject, letter.reply_to, "The gate\nis closed." in letter.text) == (
        "Parking",
        (("Mia Mol", w.manager.email),),
        True,
    )


def test_a_message_to_those_with_a_turn_leaves_the_others_alone() -> None:
    w = world()
    make.membership(network=w.network)
    write_to(w.network, "duty", "Parking", "Closed.", NOW)
    assert {row.person_id for row in planned("X1")} == {w.host.id, w.substitute.id, w.preparer.id}


def test_who_has_left_meanwhile_does_not_get_it() -> None:
    w = world()
    write_to(w.network, "all", "Parking", "Closed.", NOW)
    row = planned("X1")[0]
    assert KINDS["X1"].still_true(row, NOW) is True
    w.network.memberships[0].left = (NOW - timedelta(days=1)).date()
    db.session.flush()
    assert KINDS["X1"].still_true(row, NOW) is False
