"""The manager asks before giving somebody a turn: on the page of ways out, with a day by which to answer."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.meetings.models import Cycle, Duty
from app.networks.models import Organisation
from app.networks.queries import managers_of
from app.publishing import ways_out
from app.swaps import actions, queries
from app.swaps.models import Swap
from app.turns import actions as turn_actions
from tests import make
from tests.planning import years
from tests.swaps.asking import LATER, ids, mails, people, turns

UNTIL = LATER.date() + timedelta(days=2)


def given_back(cycle: Cycle, kind: str = "host") -> Duty:
    duty = turns(cycle, kind)[0]
    turn_actions.hand_back(duty, people(cycle, duty.organisation)[0], "flu", LATER)
    for message in db.session.scalars(select(Message)):
        message.state = "sent"
    db.session.commit()
    return duty


def best(duty: Duty, count: int) -> list[Organisation]:
    options = ways_out.options(duty, 16, LATER).substitutes[:count]
    return [option.organisation for option in options if option.organisation]


def path(duty: Duty) -> str:
    return f"/networks/{duty.meeting.network.slug}/duties/{duty.id}/repair"


def manager(app: Flask, duty: Duty) -> FlaskClient:
    return make.browser(app, managers_of(duty.meeting.network)[0])


def asked(app: Flask, duty: Duty, *whom: Organisation, until: date = UNTIL, **more: str) -> int:
    data = {"wanted": [each.id for each in whom], "until": until.isoformat(), **more}
    with time_machine.travel(LATER, tick=False):
        status = manager(app, duty).post(path(duty), data=data).status_code
    db.session.expire_all()
    return status


def request_about(duty: Duty) -> Swap:
    swap = queries.open_about(duty, LATER)
    assert swap is not None
    return swap


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("host", "Can you host on Thu 11 February in place of "),
        ("preparation", "Can you prepare Thu 11 February in place of "),
    ],
)
def test_whoever_is_asked_gets_a_question_and_nothing_changes_yet(
    app: Flask, cycle: Cycle, kind: str, subject: str
) -> None:
    duty = given_back(cycle, kind)
    had, new = duty.organisation, best(duty, 1)[0]
    assert asked(app, duty, new, words="It is only this once.") == 302
    assert mails("S1", LATER) == ids(people(cycle, new)[:1])
    message = db.session.scalars(select(Message).where(Message.kind == "S1").order_by(Message.due_at)).first()
    assert message is not None
    letter = KINDS["S1"].render([message], LATER)
    name = managers_of(cycle.network)[0].name
    assert letter.subject.startswith(subject)
    assert f"{name} asks whether you can" in letter.text
    assert f"{had.name} cannot." in letter.text
    assert "It is only this once." in letter.text
    assert "Until Friday 4 December 2026;" in letter.text.replace("Friday, 4", "Friday 4")
    assert (duty.organisation, mails("C1"), mails("K1")) == (had, [], [])


def test_the_page_says_who_is_asked_until_when_and_offers_to_withdraw(app: Flask, cycle: Cycle) -> None:
    duty = given_back(cycle)
    first, second = best(duty, 2)
    with time_machine.travel(LATER, tick=False):
        before = manager(app, duty).get(path(duty)).text
    asked(app, duty, first, second)
    with time_machine.travel(LATER, tick=False):
        page = manager(app, duty).get(path(duty)).text
        manager(app, duty).post(re.findall(r'action="([^"]*/withdrawal)"', page)[0])
    db.session.expire_all()
    assert "Ask first" in before
    assert "to answer until" not in before
    assert page.count("no answer yet") == 2
    assert "Ask first" not in page
    assert f"Choose {first.short}" in page
    assert queries.open_about(duty, LATER) is None


def test_a_yes_passes_the_turn_on_and_the_manager_hears_it(app: Flask, cycle: Cycle) -> None:
    duty = given_back(cycle)
    had, new, meeting = duty.organisation, best(duty, 1)[0], duty.meeting
    asked(app, duty, new)
    swap = request_about(duty)
    actions.accept(swap.offers[0], people(cycle, new)[0], LATER)
    db.session.commit()
    boss = managers_of(cycle.network)[0]
    assert (meeting.host, meeting.host_duty and meeting.host_duty.owed_by) == (new, had)
    assert sorted(mails("S2")) == sorted([*ids(people(cycle, had, new)), boss.id])
    message = db.session.scalars(select(Message).where(Message.kind == "S2", Message.person_id == boss.id)).one()
    letter = KINDS["S2"].render([message], LATER)
    assert letter.subject == f"{new.name} takes over Thu 11 February"
    assert f"{new.name} said yes." in letter.text


def test_a_no_from_everybody_goes_to_the_manager_and_not_to_who_gave_it_back(app: Flask, cycle: Cycle) -> None:
    duty = given_back(cycle)
    had, new = duty.organisation, best(duty, 1)[0]
    asked(app, duty, new)
    actions.decline(request_about(duty).offers[0], people(cycle, new)[0], LATER)
    db.session.commit()
    assert (mails("S2"), mails("S3", LATER)) == ([], ids(managers_of(cycle.network)))
    message = db.session.scalars(select(Message).where(Message.kind == "S3").order_by(Message.due_at)).first()
    assert message is not None
    letter = KINDS["S3"].render([message], LATER)
    assert letter.subject == f"Nobody takes over Thu 11 February from {had.name}"
    assert "Nobody you asked takes over" in letter.text


def test_a_no_to_an_organisation_that_asked_itself_goes_to_it_too(app: Flask, cycle: Cycle) -> None:
    duty = turns(cycle)[0]
    asker = people(cycle, duty.organisation)[0]
    swap = actions.ask(duty, [(best(duty, 1)[0].id, None)], "", asker, LATER)
    actions.decline(swap.offers[0], people(cycle, best(duty, 1)[0])[0], LATER)
    assert mails("S2") == [asker.id]


def test_silence_until_the_day_is_told_to_the_manager_that_night(app: Flask, cycle: Cycle) -> None:
    duty = given_back(cycle)
    asked(app, duty, best(duty, 1)[0])
    end = request_about(duty).expires_at
    assert end.astimezone(cycle.network.zone).isoformat() == f"{UNTIL}T23:59:00+01:00"
    assert (mails("S3", end - timedelta(minutes=1)), mails("S3", end)) == ([], ids(managers_of(cycle.network)))


def test_who_has_not_answered_is_asked_once_more_halfway(app: Flask, cycle: Cycle) -> None:
    duty = given_back(cycle)
    asked(app, duty, best(duty, 1)[0])
    due = list(db.session.scalars(select(Message.due_at).where(Message.kind == "S1").order_by(Message.due_at)))
    assert due == [LATER, LATER + (request_about(duty).expires_at - LATER) / 2]


def test_doing_it_meanwhile_ends_the_request_and_the_new_host_gets_one_mail(app: Flask, cycle: Cycle) -> None:
    duty = given_back(cycle)
    first, second = best(duty, 2)
    asked(app, duty, first, second)
    swap = request_about(duty)
    with time_machine.travel(LATER, tick=False):
        client, page = manager(app, duty), f"{path(duty)}/organisation-{first.id}"
        client.post(page, data=years.hidden(client.get(page).text))
    db.session.expire_all()
    assert swap.outcome == "withdrawn"
    assert mails("K1") == ids(people(cycle, first))
    assert mails("S2") == ids(people(cycle, second)[:1])


@pytest.mark.parametrize("days", [-1, 0, 365])
def test_a_day_that_is_over_or_after_the_meeting_is_refused(app: Flask, cycle: Cycle, days: int) -> None:
    duty = given_back(cycle)
    assert asked(app, duty, best(duty, 1)[0], until=LATER.date() + timedelta(days=days)) == 422
    assert queries.open_about(duty, LATER) is None


def test_nobody_ticked_or_nobody_who_can_is_refused(app: Flask, cycle: Cycle) -> None:
    duty = given_back(cycle)
    assert asked(app, duty) == 422
    assert asked(app, duty, duty.organisation) == 422
    assert queries.open_about(duty, LATER) is None


def test_a_turn_that_moves_to_another_day_leaves_its_request_open(app: Flask, cycle: Cycle) -> None:
    duty = given_back(cycle)
    asked(app, duty, best(duty, 1)[0])
    day = ways_out.options(duty, 16, LATER).days[0].choice
    with time_machine.travel(LATER, tick=False):
        client, page = manager(app, duty), f"{path(duty)}/{day}"
        said = client.post(page, data=years.hidden(client.get(page).text), follow_redirects=True).text
    db.session.expire_all()
    assert queries.open_about(duty, LATER) is not None
    assert "Everybody concerned is told." in said
    assert "stays open" not in said
