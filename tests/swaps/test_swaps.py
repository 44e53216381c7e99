"""A turn is swapped or covered: both sides consent, one wins, only those concerned are mailed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.errors import Refused
from app.extensions import db
from app.mail.models import Message
from app.meetings import balances
from app.meetings.models import Cycle
from app.meetings.queries import meetings_of_year
from app.planning import actions as cycles
from app.publishing import actions as publishing
from app.swaps import actions, queries
from tests import make
from tests.planning import years
from tests.swaps.asking import LATER, asked, ids, mails, people, swappable, turns


def test_an_agreed_swap_exchanges_the_turns_and_keeps_every_date(app: Flask, cycle: Cycle) -> None:
    mine, theirs = swappable(cycle)[:2]
    one, other = mine.organisation, theirs.organisation
    days = [meeting.day for meeting in meetings_of_year(cycle)]
    first, second = mine.meeting, theirs.meeting
    swap = asked(mine, theirs)

    actions.accept(swap.offers[0], people(cycle, other)[0], LATER)

    assert [meeting.host for meeting in (first, second)] == [other, one]
    assert [d.owed_by for d in (first.host_duty, second.host_duty) if d] == [one, other]
    assert ([meeting.day for meeting in meetings_of_year(cycle)], cycle.published) == (days, 2)
    assert [first.room_id, first.sequence, second.sequence] == [other.rooms[0].id, 1, 1]


def test_only_the_contact_is_asked_and_only_those_concerned_hear_of_an_agreement(app: Flask, cycle: Cycle) -> None:
    mine, theirs = swappable(cycle)[:2]
    one, other = mine.organisation, theirs.organisation
    swap = asked(mine, theirs)
    first = mails("S1", LATER)

    actions.accept(swap.offers[0], people(cycle, other)[0], LATER)

    both = people(cycle, one, other)
    everybody = {p.id for member in cycle.network.memberships for p in member.people}
    assert first == [people(cycle, other)[0].id]
    assert (mails("S2"), mails("C1")) == (ids(both), sorted(everybody - set(ids(both))))
    assert mails("S1", LATER) == mails("S3", LATER + timedelta(days=8)) == []


def test_a_swap_of_preparation_concerns_only_the_two(app: Flask, cycle: Cycle) -> None:
    mine, theirs = swappable(cycle, "preparation")[:2]
    meetings = [mine.meeting, theirs.meeting]
    swap = asked(mine, theirs)

    actions.accept(swap.offers[0], people(cycle, theirs.organisation)[0], LATER)

    assert (len(mails("S2")), mails("C1")) == (4, [])
    assert [m.preparers for m in meetings] == [[swap.offers[0].organisation], [swap.organisation]]
    assert {meeting.sequence for meeting in meetings_of_year(cycle)} == {0}


def test_cover_counts_for_who_does_it_and_the_asker_keeps_owing(app: Flask, cycle: Cycle) -> None:
    mine = turns(cycle)[0]
    other = queries.partners(mine, LATER)[-1].organisation
    one, meeting = mine.organisation, mine.meeting
    before = balances.balances(cycle.network, [meeting])
    swap = asked(mine, other)

    actions.accept(swap.offers[0], people(cycle, other)[0], LATER)

    after = balances.balances(cycle.network, [meeting])
    assert (meeting.host, meeting.host_duty.owed_by) == (other, one)
    assert (after[other.id][0] - before[other.id][0], after[one.id][0] - before[one.id][0]) == (1, -1)


def test_of_two_who_accept_the_first_wins_and_the_other_hears_so(app: Flask, cycle: Cycle) -> None:
    mine, second, third = swappable(cycle)
    swap = asked(mine, second, third)
    actions.accept(swap.offers[0], people(cycle, second.organisation)[0], LATER)

    with pytest.raises(Refused) as refusal:
        actions.accept(swap.offers[1], people(cycle, third.organisation)[0], LATER)

    assert (refusal.value.status, "Somebody else was first" in refusal.value.sentence) == (409, True)


def test_a_no_from_all_goes_to_the_asker_and_to_the_manager(app: Flask, cycle: Cycle) -> None:
    mine, second, third = swappable(cycle)
    swap = asked(mine, second, third)

    actions.decline(swap.offers[0], people(cycle, second.organisation)[0], LATER)
    halfway = (swap.state(LATER), mails("S3", LATER))
    actions.decline(swap.offers[1], people(cycle, third.organisation)[0], LATER)

    assert halfway == ("open", [])
    assert swap.state(LATER) == "declined"
    assert mails("S2", LATER) == [people(cycle, mine.organisation)[0].id]
    assert len(mails("S3", LATER)) == 1
    assert len(mails("S3", LATER + timedelta(days=8))) == 1


def test_silence_is_asked_again_after_four_days_and_goes_to_the_manager_after_seven(app: Flask, cycle: Cycle) -> None:
    mine, theirs = swappable(cycle)[:2]
    swap = asked(mine, theirs)
    contact = people(cycle, theirs.organisation)[0].id

    on = [LATER + timedelta(days=n) for n in (3, 4, 7)]

    assert [mails("S1", at) for at in on[:2]] == [[contact], [contact, contact]]
    assert [len(mails("S3", at)) for at in on] == [0, 0, 1]
    assert (mails("S1", on[2]), swap.state(on[2])) == ([], "expired")
    with pytest.raises(Refused):
        actions.accept(swap.offers[0], people(cycle, theirs.organisation)[0], on[2])


def test_what_is_withdrawn_cannot_be_accepted_and_who_was_asked_is_told(app: Flask, cycle: Cycle) -> None:
    mine, theirs = swappable(cycle)[:2]
    swap = asked(mine, theirs)

    actions.withdraw(swap, LATER)

    assert (mails("S1", LATER), mails("S2", LATER)) == ([], [people(cycle, theirs.organisation)[0].id])
    with pytest.raises(Refused):
        actions.accept(swap.offers[0], people(cycle, theirs.organisation)[0], LATER)


def test_moving_the_meeting_keeps_the_request(app: Flask, cycle: Cycle) -> None:
    mine, theirs = swappable(cycle)[:2]
    swap = asked(mine, theirs)
    other, meeting = theirs.organisation, mine.meeting
    day = meeting.day + timedelta(days=7)

    cycles.change_meeting(meeting, {"date": day}, "", LATER)
    publishing.publish(cycle, LATER, None, override="x")
    actions.accept(swap.offers[0], people(cycle, other)[0], LATER)

    assert (meeting.day, meeting.host) == (day, other)


def test_an_undone_swap_puts_both_turns_back_and_tells_the_same_people(app: Flask, cycle: Cycle) -> None:
    mine, theirs = swappable(cycle)[:2]
    before = [(m.host, m.room_id) for m in meetings_of_year(cycle)]
    swap = asked(mine, theirs)
    actions.accept(swap.offers[0], people(cycle, theirs.organisation)[0], LATER)
    for message in db.session.scalars(select(Message)):
        message.state = "sent"

    actions.undo(swap, people(cycle, swap.organisation)[0], LATER)

    assert [(m.host, m.room_id) for m in meetings_of_year(cycle)] == before
    assert [duty.owed_by for duty in turns(cycle)] == [duty.organisation for duty in turns(cycle)]
    assert (len(mails("S2")), len(mails("C1"))) == (4, 12)
    with pytest.raises(Refused):
        actions.undo(swap, people(cycle, swap.organisation)[0], LATER)


def test_a_swap_cannot_be_undone_when_a_turn_has_moved_on_or_a_meeting_is_over(app: Flask, cycle: Cycle) -> None:
    mine, theirs = swappable(cycle)[:2]
    meeting = mine.meeting
    swap = asked(mine, theirs)
    actions.accept(swap.offers[0], people(cycle, theirs.organisation)[0], LATER)

    possible = [queries.can_be_undone(swap, at) for at in (LATER, meeting.ends_at)]
    publishing.undo(cycle, LATER, None)

    assert [*possible, queries.can_be_undone(swap, LATER)] == [True, False, False]


def test_who_is_away_or_has_no_room_is_not_proposed_and_cannot_accept(app: Flask, cycle: Cycle) -> None:
    mine, theirs = swappable(cycle)[:2]
    swap = asked(mine, theirs)
    make.absence(organisation=theirs.organisation, first=mine.meeting.day, last=mine.meeting.day)
    db.session.flush()

    assert theirs.organisation not in [each.organisation for each in queries.partners(mine, LATER)]
    with pytest.raises(Refused):
        actions.accept(swap.offers[0], people(cycle, theirs.organisation)[0], LATER)


def test_one_request_about_a_turn_at_a_time(app: Flask, cycle: Cycle) -> None:
    mine, second, third = swappable(cycle)
    asked(mine, second)

    with pytest.raises(Refused):
        asked(mine, third)


def test_a_swap_between_two_years_exchanges_the_turns_of_both_and_can_be_undone(app: Flask, cycle: Cycle) -> None:
    following = years.published(cycle.network, year=2028)
    for message in db.session.scalars(select(Message)):
        message.state = "sent"
    mine, theirs = next(
        (mine, turn)
        for mine in turns(cycle)
        for partner in queries.partners(mine, LATER)
        for turn in partner.turns
        if turn.meeting.cycle == following
    )
    one, other, first, second = mine.organisation, theirs.organisation, mine.meeting, theirs.meeting
    both = (one, other)
    swap = asked(mine, theirs)

    actions.accept(swap.offers[0], people(cycle, other)[0], LATER)
    swapped = [first.host, second.host, cycle.published, following.published, len(mails("S2"))]
    told = mails("C1")
    actions.undo(swap, people(cycle, one)[0], LATER)

    assert swapped == [other, one, 2, 2, 4]
    assert told == sorted(2 * [p.id for m in cycle.network.memberships for p in m.people if m.organisation not in both])
    assert [first.host, second.host, cycle.published, following.published] == [one, other, 3, 3]
    assert [duty.owed_by for duty in (first.host_duty, second.host_duty)] == [one, other]
