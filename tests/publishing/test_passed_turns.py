"""Whoever gets a turn hears that it is theirs, whoever had it what becomes of it, and everybody else the usual."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.kind_of_mail import Letter
from app.mail.models import Message
from app.meetings.models import Cycle, Duty
from app.meetings.queries import meetings_of_year
from app.meetings.row import Edit
from app.networks.models import Organisation
from app.people.models import Person
from app.planning import actions
from app.publishing import actions as publishing
from app.publishing import ways_out
from app.turns import actions as turns
from tests import make
from tests.planning import years
from tests.publishing.test_ways_out import EXPECTED, LATER, year_mails_left
from tests.turns.test_duties import contact, turn


@dataclass
class Told:
    """The mails of one change, by who got them."""

    cycle: Cycle

    def people(self, *organisations: Organisation) -> set[int]:
        found = [m for m in self.cycle.network.memberships if m.organisation in organisations]
        return {person.id for member in found for person in member.people}

    def messages(self, *kinds: str) -> list[Message]:
        return list(db.session.scalars(select(Message).where(Message.kind.in_(kinds), Message.state == "planned")))

    def who(self, *kinds: str) -> set[int]:
        return {message.person_id for message in self.messages(*kinds)}

    def letter(self, organisation: Organisation) -> Letter:
        mine = self.people(organisation)
        message = next(m for m in self.messages("K1", "K2", "C1") if m.person_id in mine)
        return KINDS[message.kind].render([message], LATER)


def changed(cycle: Cycle, changes: dict[int, Edit], reason: str = "") -> Told:
    """A published year in which the manager changes something by hand."""
    year_mails_left()
    draft = actions.amended(cycle, changes, reason, LATER)
    publishing.amend(cycle, draft, LATER, None, override="by hand")
    db.session.commit()
    return Told(cycle)


def handed_on(duty: Duty, reason: str = "") -> tuple[Told, Organisation, Organisation]:
    """The turn goes to the best substitute: (mails, who had it, who has it)."""
    option = ways_out.options(duty, EXPECTED, LATER).substitutes[0]
    old, new, meeting = duty.organisation, option.organisation, duty.meeting
    assert new is not None
    return changed(meeting.cycle, {meeting.id: option.values}, reason), old, new


@pytest.mark.parametrize("kind", ["host", "preparation"])
def test_each_side_of_a_turn_gets_its_own_mail_and_nobody_two(app: Flask, kind: str) -> None:
    told, old, new = handed_on(turn(kind=kind))
    assert told.who("K1") == told.people(new)
    assert told.who("K2") == told.people(old)
    assert told.who("C1") & (told.who("K1") | told.who("K2")) == set()


def test_when_a_host_changes_everybody_else_gets_the_ordinary_mail(app: Flask) -> None:
    told, old, new = handed_on(turn())
    others = [m.organisation for m in told.cycle.network.memberships if m.organisation not in (old, new)]
    assert told.who("C1") == told.people(*others)
    letter = told.letter(others[0])
    assert letter.subject.startswith("Changed: ")
    assert f"{old.name} → {new.name}" in letter.text
    assert "Confirm" not in letter.text


@pytest.mark.parametrize(("kind", "verb"), [("host", "hosts"), ("preparation", "prepares")])
def test_the_new_one_reads_it_in_subject_and_first_line_and_can_answer(app: Flask, kind: str, verb: str) -> None:
    duty = turn(kind=kind)
    network, day = duty.meeting.network.name, "Thursday, 11 February 2027"
    told, old, new = handed_on(duty, "flu in the house")
    letter = told.letter(new)
    what = {"host": "You host now", "preparation": "You prepare now"}[kind]
    assert letter.subject == f"{what}: {network} on Thu 11 February"
    sentence = f"{new.name} {verb} {network} on {day.replace(',', '')} now, instead of {old.name}."
    assert sentence in letter.text.replace(day, day.replace(",", ""))
    assert "Why: flu in the house" in letter.text
    assert all(label in letter.text for label in ("Confirm:\n", "We cannot:\n"))


@pytest.mark.parametrize(("kind", "once"), [("host", "hosted"), ("preparation", "prepared")])
def test_the_new_one_reads_how_its_organisation_stands_as_the_networks_page_says_it(
    app: Flask, kind: str, once: str
) -> None:
    told, _old, new = handed_on(turn(kind=kind))
    assert f"Counted until today, {new.name} has not {once} yet." in told.letter(new).text

    network = told.cycle.network
    for month in (9, 10):
        meeting = make.meeting(network=network, starts_at=datetime(2026, month, 3, 12, tzinfo=UTC))
        make.duty(meeting=meeting, organisation=new, kind=kind)
    db.session.commit()
    letter = told.letter(new).text
    assert f"Counted until today, {new.name} has {once} 2 times, others come first." in letter
    with time_machine.travel(LATER, tick=False):
        page = make.browser(app, make.manager(network=network)).get(f"/networks/{network.slug}").text
    assert f"has {once} 2 times, others come first" in page


def test_whoever_dropped_out_hears_who_does_it_and_that_the_turn_stays_open(app: Flask) -> None:
    told, old, new = handed_on(turn())
    letter = told.letter(old)
    assert letter.subject == f"{new.name} hosts Thu 11 February instead of you"
    assert "Your turn stays open: you do a later one instead." in letter.text
    assert "Confirm:" not in letter.text


def test_whose_turn_only_changes_its_day_has_no_turn_that_stays_open(app: Flask) -> None:
    duty = turn()
    later = next(m for m in meetings_of_year(duty.meeting.cycle)[1:] if m.host not in (None, duty.organisation))
    assert later.host is not None
    old, other, day = duty.organisation, later.host, later.day
    told = changed(duty.meeting.cycle, {duty.meeting_id: {"host": other.id}, later.id: {"host": old.id}})
    assert told.who("K1") == told.people(old, other)
    text = told.letter(old).text
    assert f"Your turn is now {day:%A}" in text
    assert "stays open" not in text


def test_whoever_only_stood_in_has_no_turn_that_stays_open(app: Flask) -> None:
    before, first, stand_in = handed_on(turn())
    meeting = meetings_of_year(before.cycle)[0]
    assert meeting.host_duty is not None
    told, old, _new = handed_on(meeting.host_duty)
    assert (old, meeting.host_duty.owed_by) == (stand_in, first)
    assert "stays open" not in told.letter(stand_in).text


def test_a_turn_that_falls_away_online_stays_open_and_nobody_has_it(app: Flask) -> None:
    duty = turn()
    old = duty.organisation
    told = changed(duty.meeting.cycle, {duty.meeting_id: {"mode": "online"}})
    assert told.who("K1") == set()
    assert told.who("K2") == told.people(old)
    letter = told.letter(old)
    assert letter.subject == "Thu 11 February is not your turn any more"
    assert "Your turn stays open" in letter.text


def test_another_day_gives_and_takes_no_turn(app: Flask) -> None:
    duty = turn()
    told = changed(duty.meeting.cycle, {duty.meeting_id: {"date": duty.meeting.day + timedelta(days=7)}})
    assert told.who("K1", "K2") == set()
    assert told.who("C1") != set()


def test_who_gets_a_meeting_that_also_moved_reads_both(app: Flask) -> None:
    duty = turn()
    option = ways_out.options(duty, EXPECTED, LATER).substitutes[0]
    assert option.organisation is not None
    edit: Any = {**option.values, "date": duty.meeting.day + timedelta(days=7)}
    told = changed(duty.meeting.cycle, {duty.meeting_id: edit})
    text = told.letter(option.organisation).text
    assert "When: Thursday 11 February 2027" in text.replace("Thursday, 11", "Thursday 11")
    assert "You host now: " in told.letter(option.organisation).subject
    assert "on Thu 18 February" in told.letter(option.organisation).subject


def new_host_mail(app: Flask) -> tuple[Message, Duty, Person]:
    told, _old, new = handed_on(turn())
    message = next(m for m in told.messages("K1") if m.person_id in told.people(new))
    duty = meetings_of_year(told.cycle)[0].host_duty
    assert duty is not None
    return message, duty, db.session.get_one(Person, message.person_id)


def test_the_mail_says_nothing_once_they_have_answered(app: Flask) -> None:
    message, duty, person = new_host_mail(app)
    before = KINDS["K1"].still_true(message, LATER)
    turns.confirm(duty, person, LATER)
    assert (before, KINDS["K1"].still_true(message, LATER)) == (True, False)


def test_the_mail_says_nothing_once_the_turn_passed_on_again(app: Flask) -> None:
    message, duty, _person = new_host_mail(app)
    publishing.undo(duty.meeting.cycle, LATER, None)
    db.session.flush()
    assert KINDS["K1"].still_true(message, LATER) is False


def test_the_mail_stays_true_when_something_else_changes_before_it_leaves(app: Flask) -> None:
    message, duty, _person = new_host_mail(app)
    draft = actions.amended(duty.meeting.cycle, {duty.meeting_id: {"minutes": 60}}, "", LATER)
    publishing.amend(duty.meeting.cycle, draft, LATER, None, override="by hand")
    assert KINDS["K1"].still_true(message, LATER) is True


def answer_link(message: Message) -> str:
    text = KINDS["K1"].render([message], LATER).text
    return text.split("Confirm:\n")[1].split()[0].removeprefix("http://localhost")


def test_they_confirm_with_a_link_and_a_button(app: Flask) -> None:
    message, duty, person = new_host_mail(app)
    with time_machine.travel(LATER, tick=False):
        client, link = app.test_client(), answer_link(message)
        page = client.get(link).text
        db.session.expire_all()
        before = duty.confirmed_at
        client.post(link.replace("/answer", "/confirmation"))
        db.session.expire_all()
        after = client.get(link).text

    assert before is None
    assert "We will do this" in page
    assert (duty.confirmed_at, duty.confirmed_by_id) == (LATER, person.id)
    assert "We will do this" not in after


def test_they_say_that_they_cannot_on_the_same_page_and_the_manager_hears_it(app: Flask) -> None:
    message, duty, _person = new_host_mail(app)
    with time_machine.travel(LATER, tick=False):
        client, link = app.test_client(), answer_link(message)
        client.post(link.replace("/answer", "/return"), data={"reason": "no room"})
        page = client.get(link).text

    db.session.expire_all()
    assert duty.handed_back is True
    assert "You gave this turn back." in page
    assert [m.kind for m in db.session.scalars(select(Message).where(Message.kind == "M3"))] == ["M3"]


def test_nobody_else_opens_the_page_of_a_turn(app: Flask) -> None:
    _message, duty, _person = new_host_mail(app)
    network = duty.meeting.network
    others = next(m for m in network.memberships if m.organisation_id != duty.organisation_id)
    with time_machine.travel(LATER, tick=False):
        page = make.browser(app, others.people[0]).get(f"/networks/{network.slug}/duties/{duty.id}/answer")
    assert page.status_code == 404


def test_the_preview_says_who_gets_which_of_the_three(app: Flask) -> None:
    duty = turn()
    turns.hand_back(duty, contact(duty), "", LATER)
    year_mails_left()
    new = ways_out.options(duty, EXPECTED, LATER).substitutes[0].organisation
    assert new is not None
    with time_machine.travel(LATER, tick=False):
        manager = make.browser(app, make.manager(network=duty.meeting.network))
        base = f"/networks/{duty.meeting.network.slug}/duties/{duty.id}/repair"
        page = manager.get(f"{base}/organisation-{new.id}").text
    assert page.count("that they host or prepare now") == 2
    assert page.count("that a turn is not theirs any more") == 2
    assert page.count("one change") == 12


def test_a_draft_that_is_published_over_the_old_year_tells_the_same(app: Flask) -> None:
    """The other road: edit the year in the plan, look, publish."""
    duty = turn()
    option = ways_out.options(duty, EXPECTED, LATER).substitutes[0]
    old, new, cycle = duty.organisation, option.organisation, duty.meeting.cycle
    assert new is not None
    year_mails_left()
    actions.change_meeting(duty.meeting, option.values, "", LATER)
    publishing.publish(cycle, LATER, None, "by hand")
    db.session.commit()
    told = Told(cycle)
    assert (told.who("K1"), told.who("K2")) == (told.people(new), told.people(old))


def test_a_change_that_is_taken_back_gives_the_turn_back_by_the_same_mails(app: Flask) -> None:
    told, old, new = handed_on(turn())
    year_mails_left()
    publishing.undo(told.cycle, LATER, None)
    db.session.commit()
    assert (told.who("K1"), told.who("K2")) == (told.people(old), told.people(new))


def test_two_preparers_replaced_at_once_each_keep_their_turn(app: Flask) -> None:
    network = years.network()
    make.manager(network=network)
    meeting = meetings_of_year(years.published(network, preparers=2))[0]
    was = {each.id for each in meeting.preparers}
    free = [m.organisation_id for m in network.memberships if m.organisation_id not in {*was, meeting.host.id}][:2]
    changed(meeting.cycle, {meeting.id: {"preparers": tuple(free)}})
    db.session.expire_all()
    assert {duty.owed_by_id for duty in meeting.preparation_duties} == was
    assert {duty.organisation_id for duty in meeting.preparation_duties} == set(free)


def test_what_is_ready_already_is_said_and_nothing_else(app: Flask) -> None:
    duty = turn()
    meeting = duty.meeting
    told, _old, new = handed_on(duty)
    bare = told.letter(new).text
    meeting.topic = "Night shifts"
    with_topic = told.letter(new).text
    meeting.running_order = "13:00 Welcome"
    with_both = told.letter(new).text

    assert "Ready already" not in bare
    assert "Ready already: the topic." in with_topic
    assert "Ready already: the topic, the programme." in with_both


def test_a_turn_that_nobody_had_is_instead_of_nobody(app: Flask) -> None:
    duty = turn()
    meeting, host = duty.meeting, duty.organisation
    changed(meeting.cycle, {meeting.id: {"mode": "online"}})
    told = changed(meeting.cycle, {meeting.id: {"mode": "in-person", "host": host.id}})
    text = told.letter(host).text
    assert f"{host.name} hosts {meeting.network.name} on Thursday, 11 February 2027 now." in text
    assert "instead of" not in text


def test_a_new_meeting_is_called_new_and_a_changed_one_changed(app: Flask) -> None:
    duty = turn()
    cycle, name = duty.meeting.cycle, duty.meeting.network.name
    year_mails_left()
    actions.add_extra(cycle, date(2027, 10, 7), time(13), 180, "online", LATER)
    publishing.publish(cycle, LATER, None, override="one more")
    db.session.commit()
    new = {KINDS[m.kind].render([m], LATER).subject for m in Told(cycle).messages("C1")}
    moved = changed(cycle, {duty.meeting_id: {"date": duty.meeting.day + timedelta(days=7)}})
    text = {KINDS[m.kind].render([m], LATER).text for m in moved.messages("C1")}

    assert new == {f"New: {name} on Thu 7 October"}
    assert all("has a new meeting" not in each for each in text)
    assert all("on Thursday, 11 February 2027 has changed." in each for each in text)
