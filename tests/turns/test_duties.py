"""A turn: assigned, accepted, given back, done."""

from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.errors import Refused
from app.extensions import db
from app.mail.models import Message
from app.meetings import balances
from app.meetings.models import Duty
from app.meetings.queries import meetings_of_year
from app.people.links import personal_token
from app.people.models import Person
from app.planning import actions
from app.publishing import actions as publishing
from app.reminders.actions import reconcile_all
from app.turns import actions as turns
from tests import make
from tests.planning import years
from tests.planning.years import NOW

LATER = NOW + timedelta(days=1)


def turn(*, kind: str = "host") -> Duty:
    """The host's, or the first preparer's, turn at the first meeting of a published year, with a manager."""
    network = years.network()
    make.manager(network=network)
    meeting = meetings_of_year(years.published(network))[0]
    duty = meeting.host_duty if kind == "host" else meeting.preparation_duties[0]
    assert duty is not None
    return duty


def contact(duty: Duty) -> Person:
    membership = next(m for m in duty.meeting.network.memberships if m.organisation_id == duty.organisation_id)
    return membership.people[0]


def mails(kind: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind.startswith(kind), Message.state == "planned")))


def test_a_turn_is_assigned_accepted_given_back_and_in_the_end_done(app: Flask) -> None:
    duty = turn()
    after = duty.meeting.ends_at
    seen = [duty.state(NOW)]

    turns.confirm(duty, contact(duty), LATER)
    seen += [duty.state(LATER), duty.state(after)]
    turns.hand_back(duty, contact(duty), "flu", LATER)
    seen += [duty.state(LATER), duty.state(after)]

    assert seen == ["assigned", "accepted", "done", "handed back", "handed back"]


def test_who_gives_a_turn_back_keeps_place_and_date_until_something_else_is_published(app: Flask) -> None:
    duty = turn()
    before = [(m.starts_at, m.host, m.sequence) for m in meetings_of_year(duty.meeting.cycle)]

    turns.hand_back(duty, contact(duty), "", LATER)

    assert [(m.starts_at, m.host, m.sequence) for m in meetings_of_year(duty.meeting.cycle)] == before
    assert len(mails("M3")) == 1
    assert mails("C1") == []


def test_a_turn_given_back_is_taken_up_again_and_the_manager_s_mail_is_not_true_any_more(app: Flask) -> None:
    duty = turn()
    turns.hand_back(duty, contact(duty), "flu", LATER)
    (told,) = mails("M3")
    true = app.extensions["kinds of mail"]["M3"].still_true

    before = true(told, LATER)
    turns.confirm(duty, contact(duty), LATER)

    assert (before, true(told, LATER), duty.state(LATER), duty.handed_back_reason) == (True, False, "accepted", "")


def test_a_turn_that_was_given_back_when_the_meeting_passed_stays_owed(app: Flask) -> None:
    duty = turn()
    network, meetings = duty.meeting.network, meetings_of_year(duty.meeting.cycle)[:1]
    done = balances.balances(network, meetings)[duty.organisation_id][0]

    turns.hand_back(duty, contact(duty), "", LATER)

    assert balances.balances(network, meetings)[duty.organisation_id][0] == done - 1 < 0


def test_who_gave_a_turn_back_is_not_reminded_of_it(app: Flask) -> None:
    duty = turn()
    reconcile_all(NOW)
    before = {m.person_id for m in mails("H") if m.meeting_id == duty.meeting_id}

    turns.hand_back(duty, contact(duty), "", LATER)
    reconcile_all(LATER)

    assert contact(duty).id in before
    assert [m for m in mails("H") if m.meeting_id == duty.meeting_id] == []


def test_on_another_day_everybody_is_asked_anew(app: Flask) -> None:
    duty = turn()
    turns.confirm(duty, contact(duty), NOW)
    cycle = duty.meeting.cycle

    actions.change_meeting(duty.meeting, {"date": date(2027, 2, 18)}, "", LATER)
    publishing.publish(cycle, LATER, None, override="x")

    assert [each.state(LATER) for each in duty.meeting.duties] == ["assigned", "assigned"]


def test_after_the_meeting_a_turn_is_neither_accepted_nor_given_back(app: Flask) -> None:
    duty = turn()
    over = duty.meeting.ends_at

    with pytest.raises(Refused):
        turns.confirm(duty, contact(duty), over)
    with pytest.raises(Refused):
        turns.hand_back(duty, contact(duty), "", over)


def test_a_turn_is_given_back_from_the_personal_page_by_its_own_people_only(app: Flask) -> None:
    duty = turn()
    db.session.commit()
    own, number, network = contact(duty), duty.id, duty.meeting.network
    other = next(m.people[0] for m in network.memberships if own not in m.people)
    with time_machine.travel(LATER, tick=False):
        refused = app.test_client().post(f"/me/{personal_token(other)}/duties/{number}/return")
        answer = app.test_client().post(f"/me/{personal_token(own)}/duties/{number}/return", data={"reason": "flu"})
        page = app.test_client().get(f"/me/{personal_token(own)}").text

    db.session.refresh(duty)
    assert (refused.status_code, answer.status_code) == (404, 302)
    assert (duty.handed_back_by_id, duty.handed_back_reason) == (own.id, "flu")
    assert "We will do it after all" in page


def test_a_manager_s_link_gives_no_rights_of_a_manager(app: Flask) -> None:
    duty = turn()
    manager = make.manager(network=duty.meeting.network)
    db.session.commit()
    with time_machine.travel(LATER, tick=False):
        answer = app.test_client().post(f"/me/{personal_token(manager)}/duties/{duty.id}/return")
        signed_in = make.browser(app, manager).post(
            f"/networks/{duty.meeting.network.slug}/duties/{duty.id}/return", data={"reason": "they called"}
        )

    db.session.refresh(duty)
    assert (answer.status_code, signed_in.status_code, duty.handed_back_by_id) == (404, 302, manager.id)


def test_what_is_ticked_is_not_asked_for_and_a_step_of_which_all_is_ticked_sends_nothing(app: Flask) -> None:
    duty = turn()
    person, steps = contact(duty), ("route", "reception", "equipment")
    turns.confirm(duty, person, NOW)
    reconcile_all(NOW)
    (mail,) = [m for m in mails("H3") if m.meeting_id == duty.meeting_id]

    turns.tick(duty, steps, person, LATER)
    some = app.extensions["kinds of mail"]["H3"].render([mail], mail.due_at).text
    turns.tick(duty, (*steps, "coffee"), person, LATER)
    true = app.extensions["kinds of mail"]["H3"].still_true(mail, mail.due_at)
    reconcile_all(LATER)

    assert ("coffee or lunch" in some, "reception" in some, true) == (True, False, False)
    assert mail.state == "cancelled"


def test_a_tick_taken_back_brings_its_reminder_back(app: Flask) -> None:
    duty = turn()
    person, steps = contact(duty), ("accepted", "route", "reception", "equipment", "coffee")
    turns.confirm(duty, person, NOW)
    for done in (steps, steps[:2]):
        turns.tick(duty, done, person, LATER)
        reconcile_all(LATER)

    assert [m.state for m in mails("H3") if m.meeting_id == duty.meeting_id] == ["planned"]
    assert [each.item for each in duty.ticks] == ["route"]


def test_items_are_ticked_on_the_personal_page_with_one_save(app: Flask) -> None:
    duty = turn()
    db.session.commit()
    own = contact(duty)
    with time_machine.travel(LATER, tick=False):
        client, token = app.test_client(), personal_token(own)
        client.post(f"/me/{token}/duties/{duty.id}/ticks", data={"item": ["room", "access", "accepted", "nonsense"]})
        page = client.get(f"/me/{token}").text

    db.session.refresh(duty)
    assert [(each.item, each.by_id) for each in duty.ticks] == [("access", own.id), ("room", own.id)]
    assert "Checklist: 2 of 15 done" in page


def test_a_past_meeting_asks_only_for_notes_and_a_head_count(app: Flask) -> None:
    duty = turn()
    meeting, own = duty.meeting, contact(duty)
    db.session.commit()
    path = f"/networks/{meeting.network.slug}/meetings/{meeting.id}"
    with time_machine.travel(meeting.ends_at - timedelta(hours=1), tick=False):
        before = make.browser(app, own).get(path).text
    with time_machine.travel(meeting.ends_at + timedelta(hours=1), tick=False):
        after = make.browser(app, own).get(path).text

    asked = ("Checklist:", "No topic yet", "have not said", "Sign-in sheet", "Write down how many", "Write the notes")
    assert [each in before for each in asked] == [True] * 6
    assert [each in after for each in asked] == [False, False, False, False, True, True]


def test_a_turn_given_back_is_taken_back_by_a_button_that_says_so(app: Flask) -> None:
    duty = turn()
    name, page = duty.organisation.short, f"/networks/{duty.meeting.network.slug}/meetings/{duty.meeting_id}"
    with time_machine.travel(LATER, tick=False):
        browser = make.browser(app, make.manager(network=duty.meeting.network))
        before = browser.get(page).text
        turns.hand_back(duty, contact(duty), "", LATER)
        db.session.commit()
        after = browser.get(page).text

    assert (f"Confirm for {name}" in before, f"{name} does it after all" in before) == (True, False)
    assert (f"Confirm for {name}" in after, f"{name} does it after all" in after) == (False, True)
