"""A turn is swapped or covered: both sides consent, one wins, only those concerned are mailed."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.cycles import actions as cycles
from app.cycles import ledger, publishing
from app.cycles.models import Cycle, Duty, Meeting
from app.cycles.queries import meetings_of_year
from app.errors import Refused
from app.extensions import db
from app.letters import KINDS
from app.mail.models import Message
from app.networks.models import Organisation
from app.people.links import personal_token
from app.people.models import Person
from app.swaps import actions, queries
from app.swaps.models import Swap, SwapOffer
from tests import make
from tests.cycles import years
from tests.cycles.years import NOW

LATER = NOW + timedelta(days=1)


def year() -> Cycle:
    """A published year with a manager, all its mails sent."""
    network = years.network()
    make.manager(network=network)
    cycle = years.published(network)
    for message in db.session.scalars(select(Message)):
        message.state = "sent"
    db.session.commit()
    return cycle


def turns(cycle: Cycle, kind: str = "host") -> list[Duty]:
    return [duty for meeting in meetings_of_year(cycle) for duty in meeting.duties if duty.kind == kind]


def swappable(cycle: Cycle, kind: str = "host") -> list[Duty]:
    """The first turn for which two others can be had in return, and these two."""
    for mine in turns(cycle, kind):
        theirs = [turn for partner in queries.partners(mine, LATER) for turn in partner.turns[:1]]
        if len(theirs) > 1:
            return [mine, *theirs[:2]]
    raise AssertionError("nobody can swap")


def people(cycle: Cycle, *organisations: Organisation) -> list[Person]:
    """Contacts, the first of each organisation first."""
    members = {m.organisation_id: m for m in cycle.network.memberships}
    return [person for each in organisations for person in members[each.id].people]


def asked(mine: Duty, *theirs: Duty | Organisation, at: datetime = LATER) -> Swap:
    wanted = [(d.organisation_id, d.meeting_id) if isinstance(d, Duty) else (d.id, None) for d in theirs]
    return actions.ask(mine, wanted, "", people(mine.meeting.cycle, mine.organisation)[0], at)


def mails(kind: str, at: datetime | None = None) -> list[int]:
    """To whom mails of this kind leave, by `at` when given, as long as they are true."""
    query = select(Message).where(Message.kind == kind, Message.state == "planned").order_by(Message.person_id)
    due = [m for m in db.session.scalars(query) if at is None or (m.due_at <= at and KINDS[kind].still_true(m, at))]
    return [message.person_id for message in due]


def ids(found: list[Person]) -> list[int]:
    return sorted(person.id for person in found)


def test_an_agreed_swap_exchanges_the_turns_and_keeps_every_date(app: Flask) -> None:
    mine, theirs = swappable(year())[:2]
    cycle, one, other = mine.meeting.cycle, mine.organisation, theirs.organisation
    days = [meeting.day for meeting in meetings_of_year(cycle)]
    first, second = mine.meeting, theirs.meeting
    swap = asked(mine, theirs)

    actions.accept(swap.offers[0], people(cycle, other)[0], LATER)

    assert [meeting.host for meeting in (first, second)] == [other, one]
    assert [d.owed_by for d in (first.host_duty, second.host_duty) if d] == [one, other]
    assert ([meeting.day for meeting in meetings_of_year(cycle)], cycle.published) == (days, 2)
    assert [first.room_id, first.sequence, second.sequence] == [other.rooms[0].id, 1, 1]


def test_only_the_contact_is_asked_and_only_those_concerned_hear_of_an_agreement(app: Flask) -> None:
    mine, theirs = swappable(year())[:2]
    cycle, one, other = mine.meeting.cycle, mine.organisation, theirs.organisation
    swap = asked(mine, theirs)
    first = mails("S1", LATER)

    actions.accept(swap.offers[0], people(cycle, other)[0], LATER)

    both = people(cycle, one, other)
    everybody = {p.id for member in cycle.network.memberships for p in member.people}
    assert first == [people(cycle, other)[0].id]
    assert (mails("S2"), mails("C1")) == (ids(both), sorted(everybody - set(ids(both))))
    assert mails("S1", LATER) == mails("S3", LATER + timedelta(days=8)) == []


def test_a_swap_of_preparation_concerns_only_the_two(app: Flask) -> None:
    mine, theirs = swappable(year(), "preparation")[:2]
    cycle, meetings = mine.meeting.cycle, [mine.meeting, theirs.meeting]
    swap = asked(mine, theirs)

    actions.accept(swap.offers[0], people(cycle, theirs.organisation)[0], LATER)

    assert (len(mails("S2")), mails("C1")) == (4, [])
    assert [m.preparers for m in meetings] == [[swap.offers[0].organisation], [swap.organisation]]
    assert {meeting.sequence for meeting in meetings_of_year(cycle)} == {0}


def test_cover_counts_for_who_does_it_and_the_asker_keeps_owing(app: Flask) -> None:
    cycle = year()
    mine = turns(cycle)[0]
    other = queries.partners(mine, LATER)[-1].organisation
    one, meeting = mine.organisation, mine.meeting
    before = ledger.balances(cycle.network, [meeting])
    swap = asked(mine, other)

    actions.accept(swap.offers[0], people(cycle, other)[0], LATER)

    after = ledger.balances(cycle.network, [meeting])
    assert (meeting.host, meeting.host_duty.owed_by) == (other, one)
    assert (after[other.id][0] - before[other.id][0], after[one.id][0] - before[one.id][0]) == (1, -1)


def test_of_two_who_accept_the_first_wins_and_the_other_hears_so(app: Flask) -> None:
    cycle = year()
    mine, second, third = swappable(cycle)
    swap = asked(mine, second, third)
    actions.accept(swap.offers[0], people(cycle, second.organisation)[0], LATER)

    with pytest.raises(Refused) as refusal:
        actions.accept(swap.offers[1], people(cycle, third.organisation)[0], LATER)

    assert (refusal.value.status, "Somebody else was first" in refusal.value.sentence) == (409, True)


def test_a_no_from_all_goes_to_the_asker_and_to_the_manager(app: Flask) -> None:
    cycle = year()
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


def test_silence_is_asked_again_after_four_days_and_goes_to_the_manager_after_seven(app: Flask) -> None:
    cycle = year()
    mine, theirs = swappable(cycle)[:2]
    swap = asked(mine, theirs)
    contact = people(cycle, theirs.organisation)[0].id

    on = [LATER + timedelta(days=n) for n in (3, 4, 7)]

    assert [mails("S1", at) for at in on[:2]] == [[contact], [contact, contact]]
    assert [len(mails("S3", at)) for at in on] == [0, 0, 1]
    assert (mails("S1", on[2]), swap.state(on[2])) == ([], "expired")
    with pytest.raises(Refused):
        actions.accept(swap.offers[0], people(cycle, theirs.organisation)[0], on[2])


def test_what_is_withdrawn_cannot_be_accepted_and_who_was_asked_is_told(app: Flask) -> None:
    cycle = year()
    mine, theirs = swappable(cycle)[:2]
    swap = asked(mine, theirs)

    actions.withdraw(swap, LATER)

    assert (mails("S1", LATER), mails("S2", LATER)) == ([], [people(cycle, theirs.organisation)[0].id])
    with pytest.raises(Refused):
        actions.accept(swap.offers[0], people(cycle, theirs.organisation)[0], LATER)


def test_moving_the_meeting_keeps_the_request(app: Flask) -> None:
    cycle = year()
    mine, theirs = swappable(cycle)[:2]
    swap = asked(mine, theirs)
    other, meeting = theirs.organisation, mine.meeting
    day = meeting.day + timedelta(days=7)

    cycles.change_meeting(meeting, {"date": day.isoformat()}, "", LATER)
    publishing.publish(cycle, LATER, None, override="x")
    actions.accept(swap.offers[0], people(cycle, other)[0], LATER)

    assert (meeting.day, meeting.host) == (day, other)


def test_an_undone_swap_puts_both_turns_back_and_tells_the_same_people(app: Flask) -> None:
    cycle = year()
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


def test_a_swap_cannot_be_undone_when_a_turn_has_moved_on_or_a_meeting_is_over(app: Flask) -> None:
    cycle = year()
    mine, theirs = swappable(cycle)[:2]
    meeting = mine.meeting
    swap = asked(mine, theirs)
    actions.accept(swap.offers[0], people(cycle, theirs.organisation)[0], LATER)

    possible = [queries.can_be_undone(swap, at) for at in (LATER, meeting.ends_at)]
    publishing.undo(cycle, LATER, None)

    assert [*possible, queries.can_be_undone(swap, LATER)] == [True, False, False]


def test_who_is_away_or_has_no_room_is_not_proposed_and_cannot_accept(app: Flask) -> None:
    cycle = year()
    mine, theirs = swappable(cycle)[:2]
    swap = asked(mine, theirs)
    make.absence(organisation=theirs.organisation, first=mine.meeting.day, last=mine.meeting.day)
    db.session.flush()

    assert theirs.organisation not in [each.organisation for each in queries.partners(mine, LATER)]
    with pytest.raises(Refused):
        actions.accept(swap.offers[0], people(cycle, theirs.organisation)[0], LATER)


def test_one_request_about_a_turn_at_a_time(app: Flask) -> None:
    mine, second, third = swappable(year())
    asked(mine, second)

    with pytest.raises(Refused):
        asked(mine, third)


def page(app: Flask, person: Person) -> str:
    return app.test_client().get(f"/me/{personal_token(person)}").text


def test_asked_and_answered_by_mail_link_without_signing_in(app: Flask) -> None:
    cycle = year()
    mine, theirs = swappable(cycle)[:2]
    one, other = people(cycle, mine.organisation)[0], people(cycle, theirs.organisation)[0]
    with time_machine.travel(LATER, tick=False):
        client = app.test_client()
        form = client.get(f"/me/{personal_token(one)}/duties/{mine.id}/swap").text
        data = {"wanted": [f"{theirs.organisation_id}-{theirs.meeting_id}"], "words": "Our hall is being painted"}
        client.post(f"/me/{personal_token(one)}/duties/{mine.id}/swap", data=data)
        offer = db.session.scalars(select(SwapOffer)).one()
        seen = page(app, other)
        answer = client.post(f"/me/{personal_token(other)}/offers/{offer.id}/acceptance")

    assert (f'value="{data["wanted"][0]}"' in form, "Our hall is being painted" in seen) == (True, True)
    assert (answer.status_code, offer.answered_by_id) == (302, other.id)


def test_only_people_of_the_organisation_that_is_asked_may_answer(app: Flask) -> None:
    cycle = year()
    mine, theirs, third = swappable(cycle)
    offer = asked(mine, theirs).offers[0].id
    asker, stranger = people(cycle, mine.organisation)[0], people(cycle, third.organisation)[0]
    former = people(cycle, theirs.organisation)[1]
    tokens = [personal_token(person) for person in (asker, stranger, former)]
    membership = next(m for m in cycle.network.memberships if m.organisation == theirs.organisation)
    membership.contacts.remove(membership.contacts[1])
    db.session.commit()
    with time_machine.travel(LATER, tick=False):
        tokens = [personal_token(person) for person in (asker, stranger, former)]
        answers = [app.test_client().post(f"/me/{each}/offers/{offer}/acceptance").status_code for each in tokens]

    assert answers == [404, 404, 404]


def test_the_manager_asks_and_answers_on_behalf(app: Flask) -> None:
    cycle = year()
    mine, theirs = swappable(cycle)[:2]
    meeting, other = mine.meeting, theirs.organisation
    with time_machine.travel(LATER, tick=False):
        manager = make.browser(app, make.manager(network=cycle.network))
        base = f"/networks/{cycle.network.slug}"
        manager.post(f"{base}/duties/{mine.id}/swap", data={"wanted": f"{other.id}-{theirs.meeting_id}"})
        offer = db.session.scalars(select(SwapOffer)).one()
        shown = manager.get(f"{base}/meetings/{meeting.id}").text
        manager.post(f"{base}/offers/{offer.id}/acceptance")
        swapped = meeting.host
        manager.post(f"{base}/swaps/{offer.swap_id}/undoing")

    assert f"{base}/offers/{offer.id}/acceptance" in shown
    assert (swapped, meeting.host) == (other, offer.swap.organisation)


def test_asker_and_manager_are_told_when_nobody_asked_has_a_mail_address(app: Flask) -> None:
    cycle = year()
    mine, theirs = swappable(cycle)[:2]
    one, silent = people(cycle, mine.organisation)[0], people(cycle, theirs.organisation)
    for person in silent:
        person.email = None
    manager = make.manager(network=cycle.network)
    db.session.commit()
    with time_machine.travel(LATER, tick=False):
        client, token = app.test_client(), personal_token(one)
        form = client.get(f"/me/{token}/duties/{mine.id}/swap").text
        data = {"wanted": f"{theirs.organisation_id}-{theirs.meeting_id}"}
        said = client.post(f"/me/{token}/duties/{mine.id}/swap", data=data, follow_redirects=True).text
        meeting = make.browser(app, manager).get(f"/networks/{cycle.network.slug}/meetings/{mine.meeting_id}").text

    assert mails("S1") == []
    assert "no mail address is known: please phone" in form
    assert f"{theirs.organisation.name}: nobody there has a mail address. Please phone" in said
    assert ["got no mail, no address is known: please phone" in text for text in (said, meeting)] == [True, True]


def test_a_swap_between_two_years_exchanges_the_turns_of_both_and_can_be_undone(app: Flask) -> None:
    cycle = year()
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


def test_after_a_swap_rights_follow_the_turn_at_once(app: Flask) -> None:
    cycle = year()
    mine, theirs = swappable(cycle)[:2]
    meeting: Meeting = mine.meeting
    one, other = people(cycle, mine.organisation)[0], people(cycle, theirs.organisation)[0]
    swap = asked(mine, theirs)
    path = f"/networks/{cycle.network.slug}/meetings/{meeting.id}/content"
    with time_machine.travel(LATER, tick=False):
        browsers = [make.browser(app, person) for person in (one, other)]
        before = [each.post(path, data={"topic": "x"}).status_code for each in browsers]
        actions.accept(swap.offers[0], other, LATER)
        db.session.commit()
        after = [each.post(path, data={"topic": "y"}).status_code for each in browsers]

    assert (before, after) == ([302, 404], [404, 302])


def test_an_old_link_says_what_has_become_of_the_request(app: Flask) -> None:
    cycle = year()
    mine, theirs = swappable(cycle)[:2]
    swap = asked(mine, theirs)
    contact = people(cycle, theirs.organisation)[0]
    db.session.commit()
    with time_machine.travel(LATER, tick=False) as traveller:
        seen = [page(app, contact)]
        traveller.shift(timedelta(days=8))
        seen.append(page(app, contact))
        actions.withdraw(swap, LATER)
        db.session.commit()
        seen.append(page(app, contact))

    words = ["No, we cannot", "nobody answered in time", "the request was withdrawn"]
    assert [[word in each for word in words] for each in seen] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]
