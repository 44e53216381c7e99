"""A turn is given back: ranked ways out, consequences first, one mail a person, the turn stays owed."""

from datetime import date, time, timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.mail.models import Message
from app.meetings import balances
from app.meetings.models import Duty
from app.meetings.queries import meetings_of_year
from app.planning import actions, drafts
from app.publishing import ways_out
from app.turns import actions as turns
from tests import make
from tests.planning import years
from tests.planning.years import NOW
from tests.turns.test_duties import contact, turn

LATER = NOW + timedelta(days=1)
EXPECTED = 16


def names(duty: Duty, expected: int = EXPECTED) -> list[str]:
    return [option.title for option in ways_out.options(duty, expected, LATER).substitutes]


def year_mails_left() -> None:
    for message in db.session.scalars(select(Message)):
        message.state = "sent"
    db.session.commit()


def test_substitutes_have_room_are_free_do_not_prepare_and_owe_most(app: Flask) -> None:
    duty = turn()
    meeting, network = duty.meeting, duty.meeting.network
    others = [m.organisation for m in network.memberships if m.organisation not in (meeting.host, *meeting.preparers)]
    small, away = others[:2]
    small.rooms[0].seats = EXPECTED - 1
    make.absence(organisation=away, first=meeting.day, last=meeting.day)
    db.session.flush()
    announced = [each for each in meetings_of_year(meeting.cycle) if each.id != meeting.id]
    owed = balances.balances(network, announced)
    best = sorted(others[2:], key=lambda each: (owed[each.id][0], each.name))

    assert names(duty) == [each.name for each in best[:5]]


def test_a_smaller_room_will_do_when_fewer_people_come(app: Flask) -> None:
    duty = turn()
    for member in duty.meeting.network.memberships:
        member.organisation.rooms[0].seats = 10
    db.session.flush()

    assert (names(duty), len(names(duty, expected=10))) == ([], 5)


def test_another_day_keeps_everything_else_within_the_rules(app: Flask) -> None:
    duty = turn()
    host = duty.organisation
    make.absence(organisation=host, first=date(2027, 3, 1), last=date(2027, 3, 31))
    db.session.flush()

    days = [option.choice for option in ways_out.options(duty, EXPECTED, LATER).days]

    found = [date.fromisoformat(day) for day in days]
    assert len(found) == 3
    assert {day.weekday() for day in found} == {3}
    assert all(day.month != 3 and day != duty.meeting.day for day in found)


def test_a_turn_to_prepare_is_repaired_without_rooms_and_not_online(app: Flask) -> None:
    duty = turn(kind="preparation")

    ways = ways_out.options(duty, EXPECTED, LATER)

    assert ways.online is None
    assert len(ways.substitutes) == 5
    assert duty.meeting.host not in [option.organisation for option in ways.substitutes]


def test_the_manager_sees_who_is_mailed_then_everybody_is_told_once(app: Flask) -> None:
    duty = turn()
    meeting, network, host = duty.meeting, duty.meeting.network, duty.organisation
    turns.hand_back(duty, contact(duty), "flu", LATER)
    year_mails_left()
    with time_machine.travel(LATER, tick=False):
        manager = make.browser(app, make.manager(network=network))
        base = f"/networks/{network.slug}/duties/{duty.id}/repair"
        new = ways_out.options(duty, EXPECTED, LATER).substitutes[0].organisation
        assert new is not None
        page = manager.get(base).text
        preview = manager.get(f"{base}/organisation-{new.id}").text
        unseen = manager.post(f"{base}/organisation-{new.id}")
        seen = {**years.hidden(preview), "reason": "flu in the house"}
        done = manager.post(f"{base}/organisation-{new.id}", data=seen)

    people = {person.id for member in network.memberships for person in member.people}
    told = [m.person_id for m in db.session.scalars(select(Message).where(Message.kind.in_(("C1", "K1", "K2"))))]
    assert (f"Choose {new.short}" in page, f"mail {len(people)} people" in preview) == (True, True)
    assert (unseen.status_code, done.status_code) == (409, 302)
    assert sorted(told) == sorted(people)
    assert (meeting.host, meeting.sequence) == (new, 1)
    assert (meeting.host_duty.owed_by, meeting.host_duty.handed_back) == (host, False)


def test_an_open_draft_is_neither_published_nor_lost_by_a_repair(app: Flask) -> None:
    duty = turn()
    cycle, number = duty.meeting.cycle, duty.meeting_id
    later = meetings_of_year(cycle)[3]
    actions.change_meeting(later, {"start": time(10)}, "", LATER)
    with time_machine.travel(LATER, tick=False):
        manager = make.browser(app, make.manager(network=cycle.network))
        path = f"/networks/{cycle.network.slug}/duties/{duty.id}/repair/online"
        manager.post(path, data=years.hidden(manager.get(path).text))

    db.session.expire_all()
    draft = drafts.of(cycle)
    assert draft is not None
    assert [(m.mode, m.local_start.hour) for m in meetings_of_year(cycle)][::3] == [("online", 13), ("in-person", 13)]
    assert {row.meeting_id: row.mode for row in draft.rows}[number] == "online"
    assert {row.meeting_id: row.start for row in draft.rows}[later.id] == time(10)


def test_a_way_out_that_is_not_open_any_more_is_refused(app: Flask) -> None:
    duty = turn()
    with time_machine.travel(LATER, tick=False):
        manager = make.browser(app, make.manager(network=duty.meeting.network))
        path = f"/networks/{duty.meeting.network.slug}/duties/{duty.id}/repair/organisation-{duty.organisation_id}"
        answers = [manager.get(path).status_code, manager.post(path).status_code]

    assert answers == [422, 422]


def test_a_turn_given_back_needs_the_manager_first(app: Flask) -> None:
    duty = turn()
    turns.hand_back(duty, contact(duty), "", LATER)
    network = duty.meeting.network
    with time_machine.travel(LATER, tick=False):
        page = make.browser(app, make.manager(network=network)).get("/").text

    assert f"/networks/{network.slug}/duties/{duty.id}/repair" in page


def test_a_turn_of_a_meeting_that_is_cancelled_or_over_needs_no_repair(app: Flask) -> None:
    duty = turn()
    network, over = duty.meeting.network, duty.meeting.ends_at
    path = f"/networks/{network.slug}/duties/{duty.id}/repair"
    seen = []
    for at in (LATER, over):
        with time_machine.travel(at, tick=False):
            seen.append(make.browser(app, make.manager(network=network)).get(path).status_code)

    assert seen == [200, 404]
