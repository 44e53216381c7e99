"""Draft -> published version n -> undo: what changes, who is told, once."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.errors import Refused, Stale
from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Cycle, Meeting
from app.meetings.queries import meetings_of_year
from app.meetings.row import Origin, RowKey, changes_of
from app.planning import actions, drafts
from app.publishing import actions as publishing
from app.publishing.preview import preview_of
from app.turns import actions as turns
from tests import make
from tests.planning import years
from tests.planning.years import NOW

LATER = NOW + timedelta(days=1)


def mails(*, state: str | None = None) -> list[tuple[str, int]]:
    query = select(Message).order_by(Message.id)
    return [(m.kind, m.person_id) for m in db.session.scalars(query) if state in (None, m.state)]


def people(cycle: Cycle) -> set[int]:
    return {person.id for member in cycle.network.memberships for person in member.people}


def sent() -> None:
    """As if every mail so far had left."""
    for message in db.session.scalars(select(Message)):
        message.state = "sent"
    db.session.flush()


def first(cycle: Cycle) -> Meeting:
    return meetings_of_year(cycle)[0]


def test_publishing_makes_the_meetings_and_mails_everybody_once(app: Flask) -> None:
    cycle = years.published(years.network())

    meetings = meetings_of_year(cycle)
    assert [m.day for m in meetings] == [
        date(2027, month, day) for month, day in ((2, 11), (4, 8), (6, 10), (9, 9), (11, 11))
    ]
    assert [(m.local_start.hour, m.sequence, len(m.duties)) for m in meetings] == [(13, 0, 2)] * 5
    assert (cycle.published, cycle.draft) == (1, None)
    assert sorted(mails()) == sorted(("Y0", person) for person in people(cycle))


def test_the_preview_is_what_publishing_does(app: Flask) -> None:
    cycle = years.drafted(years.network())
    draft = drafts.of(cycle)
    assert draft is not None

    notices = preview_of(cycle, draft, NOW).notices
    publishing.publish(cycle, NOW, None)

    assert sorted((n.kind, n.person.id) for n in notices) == sorted(mails())


def test_publishing_the_same_again_does_nothing(app: Flask) -> None:
    cycle = years.published(years.network())
    before = mails()

    again = publishing.publish(cycle, LATER, None)
    drafts.store(cycle, actions.change_of_published(cycle, LATER))
    unchanged = publishing.publish(cycle, LATER, None)

    assert (again, unchanged, cycle.published, mails()) == (None, None, 1, before)
    assert {meeting.sequence for meeting in meetings_of_year(cycle)} == {0}


def test_a_move_keeps_the_meeting_raises_its_sequence_and_mails_everybody_once(app: Flask) -> None:
    cycle = years.published(years.network())
    sent()
    meeting = first(cycle)
    number, was = meeting.id, meeting.starts_at

    actions.change_meeting(meeting, {"date": date(2027, 2, 18)}, "", LATER)
    publishing.publish(cycle, LATER, None, override="the building is closed")

    assert (first(cycle).id, first(cycle).sequence, first(cycle).moved_from) == (number, 1, was)
    assert first(cycle).day == date(2027, 2, 18)
    assert sorted(mails(state="planned")) == sorted(("C1", person) for person in people(cycle))


def test_a_cancelled_meeting_stays_as_cancelled(app: Flask) -> None:
    cycle = years.published(years.network())
    sent()
    key = RowKey(Origin.PUBLISHED, first(cycle).id)

    actions.remove(cycle, key, "snow", LATER)
    publishing.publish(cycle, LATER, None)

    assert (first(cycle).status, first(cycle).sequence) == ("cancelled", 1)
    assert {kind for kind, _person in mails(state="planned")} == {"C1x"}


def test_another_host_is_a_new_duty_and_the_turn_stays_owed(app: Flask) -> None:
    cycle = years.published(years.network())
    meeting = first(cycle)
    assert meeting.host_duty is not None
    old = meeting.host_duty.organisation_id
    other = next(
        m.organisation_id
        for m in cycle.network.memberships
        if m.organisation_id not in {d.organisation_id for d in meeting.duties}
    )

    actions.change_meeting(meeting, {"host": other}, "", LATER)
    publishing.publish(cycle, LATER, None, override="flu")

    duty = first(cycle).host_duty
    assert duty is not None
    assert (duty.organisation_id, duty.owed_by_id, duty.confirmed_at) == (other, old, None)
    assert first(cycle).sequence == 1  # another room


def test_other_preparers_are_told_only_to_those_concerned(app: Flask) -> None:
    cycle = years.published(years.network())
    sent()
    meeting = first(cycle)
    old, host = meeting.preparers[0].id, meeting.host.id
    members = {m.organisation_id: m for m in cycle.network.memberships}
    new = next(each for each in members if each not in (old, host))

    actions.change_meeting(meeting, {"preparers": (new,)}, "", LATER)
    publishing.publish(cycle, LATER, None, override="x")

    kinds = {"K2": old, "K1": new, "C1": host}
    concerned = [(kind, person.id) for kind, each in kinds.items() for person in members[each].people]
    assert sorted(mails(state="planned")) == sorted(concerned)
    assert first(cycle).sequence == 0


def test_going_online_takes_the_host_off(app: Flask) -> None:
    cycle = years.published(years.network(link="https://video.example/1"))

    actions.change_meeting(first(cycle), {"mode": "online", "link": "https://video.example/1"}, "", LATER)
    publishing.publish(cycle, LATER, None)

    assert (first(cycle).mode, first(cycle).host, first(cycle).room_id, len(first(cycle).preparers)) == (
        "online",
        None,
        None,
        1,
    )


def test_undo_of_a_change_is_a_new_version_with_the_old_content(app: Flask) -> None:
    cycle = years.published(years.network())
    sent()
    actions.change_meeting(first(cycle), {"date": date(2027, 2, 18)}, "", LATER)
    publishing.publish(cycle, LATER, None, override="x")
    sent()

    made = publishing.undo(cycle, LATER, None)

    assert (made.number, made.undoes, cycle.published) == (3, 2, 3)
    assert (first(cycle).day, first(cycle).sequence) == (date(2027, 2, 11), 2)
    assert sorted(mails(state="planned")) == sorted(("C1", person) for person in people(cycle))


def test_a_change_before_the_year_mail_left_needs_no_second_mail(app: Flask) -> None:
    cycle = years.published(years.network())

    actions.change_meeting(first(cycle), {"date": date(2027, 2, 18)}, "", LATER)
    publishing.publish(cycle, LATER, None, override="x")

    assert {kind for kind, _person in mails()} == {"Y0"}


def test_undo_before_anything_left_tells_nobody(app: Flask) -> None:
    cycle = years.published(years.network())

    publishing.undo(cycle, LATER, None)

    draft = drafts.of(cycle)
    assert draft is not None
    assert (mails(state="planned"), cycle.published) == ([], None)
    assert {meeting.status for meeting in meetings_of_year(cycle)} == {"cancelled"}
    assert len(draft.rows) == 5


def test_after_undo_of_the_first_publication_the_year_can_be_published_again(app: Flask) -> None:
    cycle = years.published(years.network())
    publishing.undo(cycle, LATER, None)

    made = publishing.publish(cycle, LATER, None)

    confirmed = [meeting for meeting in meetings_of_year(cycle) if not meeting.cancelled]
    assert made is not None
    assert (made.number, len(confirmed)) == (3, 5)


def days_of(cycle: Cycle) -> list[tuple[date, str]]:
    return [(meeting.day, meeting.status) for meeting in meetings_of_year(cycle)]


def test_what_was_held_stays_when_its_version_is_taken_back(app: Flask) -> None:
    cycle = years.published(years.network())
    held, before = meetings_of_year(cycle)[1].ends_at, days_of(cycle)
    path = f"/networks/{cycle.network.slug}/years/2027/publication/undo"
    with time_machine.travel(held, tick=False):
        page = make.browser(app, make.manager(network=cycle.network)).get(path).text

    publishing.undo(cycle, held, None)

    assert page.count("is cancelled") == 3
    assert "Meetings that have been stay as they were." in page
    assert days_of(cycle) == before[:2] + [(day, "cancelled") for day, _status in before[2:]]
    assert cycle.published == 2


def test_the_page_that_takes_back_calls_a_school_year_by_its_name(app: Flask) -> None:
    cycle = years.published(years.network(year_begins=8), months=(9, 11, 2), number=3)
    path = f"/networks/{cycle.network.slug}/years/2027/publication/undo"
    with time_machine.travel(LATER, tick=False):
        page = make.browser(app, make.manager(network=cycle.network)).get(path).text

    assert "Versions of 2027/28" in page


def test_a_year_that_is_over_is_not_taken_back(app: Flask) -> None:
    cycle = years.published(years.network())
    over, before = meetings_of_year(cycle)[-1].ends_at, days_of(cycle)
    path, said = f"/networks/{cycle.network.slug}/years/2027/publication/undo", "what it says has been"
    with time_machine.travel(over, tick=False):
        manager = make.browser(app, make.manager(network=cycle.network))
        page = manager.get(path).text
        digest = publishing.preview_of_undo(cycle, over).digest
        answer = manager.post(path, data={"published": "1", "digest": digest})

    assert said in page
    assert "Take it back" not in page
    assert (answer.status_code, said in answer.text) == (422, True)
    assert (days_of(cycle), cycle.published) == (before, 1)


def test_a_meeting_does_not_go_back_to_a_day_that_came_meanwhile(app: Flask) -> None:
    """It was moved before that day, so nothing was held on it."""
    cycle = years.published(years.network())
    actions.change_meeting(first(cycle), {"date": date(2027, 3, 4)}, "", LATER)
    publishing.publish(cycle, LATER, None, override="x")

    with pytest.raises(Refused, match="what it says has been"):
        publishing.undo(cycle, datetime(2027, 2, 20, tzinfo=UTC), None)

    assert first(cycle).day == date(2027, 3, 4)


def test_a_clash_needs_a_reason(app: Flask) -> None:
    cycle = years.drafted(years.network())
    actions.edit(cycle, {years.M1: {"date": date(2027, 2, 14)}}, {}, NOW)

    with pytest.raises(Refused):
        publishing.publish(cycle, NOW, None)

    assert publishing.publish(cycle, NOW, None, override="the only day") is not None


def test_an_impossible_draft_cannot_be_published(app: Flask) -> None:
    network = years.network(members=1, people=1)
    cycle = years.drafted(network, number=3)

    with pytest.raises(Refused):
        publishing.publish(cycle, NOW, None, override="x")


def test_somebody_elses_change_in_between_is_stale(app: Flask) -> None:
    cycle = years.drafted(years.network())
    version = cycle.draft_version
    actions.add_extra(cycle, date(2027, 5, 20), time(10), 90, "online", NOW)

    with pytest.raises(Stale) as refusal:
        actions.check_version(cycle, version, "mine")

    assert (refusal.value.status, refusal.value.yours) == (409, "mine")
    assert "Thu 20 May, 10:00" in refusal.value.theirs


def test_a_past_meeting_stays_when_the_year_is_planned_again(app: Flask) -> None:
    cycle = years.published(years.network())
    in_march = NOW + timedelta(days=100)
    before = [(m.id, m.day, m.host.id) for m in meetings_of_year(cycle) if m.host]

    draft = actions.propose(cycle, actions.wishes_for(cycle.network, 2027), in_march)

    assert [(row.meeting_id, row.date, row.host) for row in draft.rows] == before


def test_a_joiner_in_mid_year_moves_nothing_published(app: Flask) -> None:
    network = years.network()
    cycle = years.published(network)
    make.membership(network=network, joined=date(2027, 5, 1), seats=40)
    db.session.commit()
    db.session.expire_all()

    draft = actions.propose(cycle, actions.wishes_for(network, 2027), LATER)

    assert changes_of(cycle, draft.rows) == []


def test_when_a_host_leaves_only_its_turns_move(app: Flask) -> None:
    network = years.network()
    cycle = years.published(network)
    meeting = meetings_of_year(cycle)[3]
    gone = next(m for m in network.memberships if m.organisation_id == meeting.host.id)
    gone.left = date(2027, 6, 30)
    db.session.commit()

    draft = actions.propose(cycle, actions.wishes_for(network, 2027), LATER)

    changed = changes_of(cycle, draft.rows)
    assert {change.new.date for change in changed} <= {date(2027, 9, 9), date(2027, 11, 11)}
    assert gone.organisation_id not in {row.host for row in draft.rows[3:]}


def test_summer_time_leaves_the_clock_on_the_wall_as_it_is(app: Flask) -> None:
    meetings = meetings_of_year(years.published(years.network()))

    offsets = [meeting.local_start.utcoffset() for meeting in meetings]
    assert [meeting.local_start.strftime("%H:%M") for meeting in meetings] == ["13:30"] * 5
    assert offsets == [timedelta(hours=1), *[timedelta(hours=2)] * 3, timedelta(hours=1)]


def test_history_keeps_who_owed_a_turn(app: Flask) -> None:
    network = years.network(members=3)
    cycle = years.published(network, number=1)
    turns.keep_owed(NOW + timedelta(days=200))
    members = sorted(m.organisation_id for m in network.memberships)

    make.membership(network=network, joined=date(2025, 1, 1), seats=40)

    assert sorted((first(cycle).owed or {})["host"]) == members


def test_taking_back_says_why_nobody_is_mailed_and_only_then(app: Flask) -> None:
    cycle = years.published(years.network())
    path = f"/networks/{cycle.network.slug}/years/2027/publication/undo"
    browser = make.browser(app, make.manager(network=cycle.network))
    waiting = browser.get(path).text
    sent()
    db.session.commit()
    left = browser.get(path).text

    because = "Nobody: whom it concerns has had no mail of this version. What waits to leave is withdrawn."
    assert because in waiting
    assert because not in left
    assert "Take it back and mail 16 people" in left
