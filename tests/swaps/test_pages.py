"""Asking and answering on pages, with and without signing in: who may, and what is said there."""

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.meetings.models import Cycle, Meeting
from app.people.links import personal_token
from app.people.models import Person
from app.swaps import actions
from app.swaps.models import SwapOffer
from tests import make
from tests.swaps.asking import LATER, asked, mails, people, swappable


def page(app: Flask, person: Person) -> str:
    return app.test_client().get(f"/me/{personal_token(person)}").text


def test_asked_and_answered_by_mail_link_without_signing_in(app: Flask, cycle: Cycle) -> None:
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


def test_only_people_of_the_organisation_that_is_asked_may_answer(app: Flask, cycle: Cycle) -> None:
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


def test_the_manager_asks_and_answers_on_behalf(app: Flask, cycle: Cycle) -> None:
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


def test_asker_and_manager_are_told_when_nobody_asked_has_a_mail_address(app: Flask, cycle: Cycle) -> None:
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


def test_after_a_swap_rights_follow_the_turn_at_once(app: Flask, cycle: Cycle) -> None:
    mine, theirs = swappable(cycle)[:2]
    meeting: Meeting = mine.meeting
    one, other = people(cycle, mine.organisation)[0], people(cycle, theirs.organisation)[0]
    swap = asked(mine, theirs)
    path = f"/networks/{cycle.network.slug}/meetings/{meeting.id}/preparation"
    with time_machine.travel(LATER, tick=False):
        browsers = [make.browser(app, person) for person in (one, other)]
        before = [each.post(path, data={"topic": "x"}).status_code for each in browsers]
        actions.accept(swap.offers[0], other, LATER)
        db.session.commit()
        after = [each.post(path, data={"topic": "y"}).status_code for each in browsers]

    assert (before, after) == ([302, 404], [404, 302])


def test_an_old_link_says_what_has_become_of_the_request(app: Flask, cycle: Cycle) -> None:
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
