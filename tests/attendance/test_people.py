"""Who comes: by one's own page, by telephone, as a colleague; and who was there."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.attendance import actions
from app.attendance.models import Attendance, Present
from app.attendance.queries import answers_for
from app.errors import Refused
from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Meeting
from app.networks.models import Membership, Network
from app.people.links import personal_token
from app.reminders.actions import reconcile
from app.reminders.manager_letters import lacks
from tests import make

NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)
START = datetime(2027, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    network = make.network()
    host = make.membership(network=network, people=2)
    make.membership(network=network)
    row = make.meeting(network=network, starts_at=START)
    make.duty(meeting=row, organisation=host.organisation)
    db.session.commit()
    return row


def members(network: Network) -> list[Membership]:
    return sorted(network.memberships, key=lambda each: each.id)


def kept() -> list[tuple[int, str, str, str]]:
    db.session.expire_all()
    rows = db.session.scalars(select(Attendance).order_by(Attendance.person_id))
    return [(row.person_id, row.answer, row.colleague_name, row.colleague_email) for row in rows]


@time_machine.travel(NOW, tick=False)
def test_a_colleague_comes_instead_by_the_link_in_a_mail(app: Flask, meeting: Meeting) -> None:
    person = members(meeting.network)[0].people[1]
    data = {f"answer-{meeting.id}": "colleague", f"name-{meeting.id}": " Noor  Bakker ", f"email-{meeting.id}": ""}

    answer = app.test_client().post(f"/me/{personal_token(person)}/answers", data=data)

    assert (answer.status_code, kept()) == (302, [(person.id, "colleague", "Noor Bakker", "")])
    assert answers_for(meeting).expected == 3


@time_machine.travel(NOW, tick=False)
def test_a_colleague_without_a_name_is_asked_for_and_nothing_typed_is_lost(app: Flask, meeting: Meeting) -> None:
    person = members(meeting.network)[0].people[1]
    data = {f"answer-{meeting.id}": "colleague", f"name-{meeting.id}": "", f"email-{meeting.id}": "noor@example.org"}

    answer = app.test_client().post(f"/me/{personal_token(person)}/answers", data=data)

    assert (answer.status_code, kept()) == (422, [])
    assert "Who comes instead? Please fill in a name." in answer.text
    assert 'value="noor@example.org"' in answer.text


@time_machine.travel(NOW, tick=False)
def test_the_manager_writes_down_what_somebody_telephoned(app: Flask, meeting: Meeting) -> None:
    person = members(meeting.network)[1].primary
    browser = make.browser(app, make.manager(network=meeting.network))

    browser.post(f"/networks/{meeting.network.slug}/meetings/{meeting.id}/people", data={f"answer-{person.id}": "no"})
    page = browser.get(f"/networks/{meeting.network.slug}/meetings/{meeting.id}/people").text

    assert kept() == [(person.id, "no", "", "")]
    assert "Entered after a call." in page


@time_machine.travel(NOW, tick=False)
def test_a_contact_answers_for_people_of_their_own_organisation_only(app: Flask, meeting: Meeting) -> None:
    own, other = members(meeting.network)
    browser = make.browser(app, own.primary)
    data = {f"answer-{own.people[1].id}": "yes", f"answer-{other.primary.id}": "no"}

    browser.post(f"/networks/{meeting.network.slug}/meetings/{meeting.id}/people", data=data)

    assert kept() == [(own.people[1].id, "yes", "", "")]


@time_machine.travel(NOW, tick=False)
def test_the_sheet_names_who_stands_at_the_door(app: Flask, meeting: Meeting) -> None:
    own, other = members(meeting.network)
    actions.answer(meeting, own.people[1], "colleague", NOW, colleague=("Noor Bakker", ""))
    actions.answer(meeting, other.primary, "no", NOW)
    db.session.commit()

    page = make.browser(app, own.primary).get(f"/networks/{meeting.network.slug}/meetings/{meeting.id}/sheet").text

    assert "Noor Bakker" in page
    assert (own.people[1].name in page, other.primary.name in page) == (False, False)


@time_machine.travel(START + timedelta(hours=4), tick=False)
def test_names_of_who_was_there_are_kept_only_where_the_network_chose_so(app: Flask, meeting: Meeting) -> None:
    person, browser = members(meeting.network)[0].primary, make.browser(app, make.manager(network=meeting.network))
    path = f"/networks/{meeting.network.slug}/meetings/{meeting.id}/count"

    browser.post(path, data={"attended": "3", "present": str(person.id)})
    without = (meeting.attended, db.session.scalars(select(Present.person_id)).all())
    meeting.network.keeps_names = True
    db.session.commit()
    browser.post(path, data={"attended": "3", "present": [str(person.id), "999999"]})

    assert without == (3, [])
    assert db.session.scalars(select(Present.person_id)).all() == [person.id]


def test_a_colleague_is_forgotten_the_day_after(app: Flask, meeting: Meeting) -> None:
    person = members(meeting.network)[0].primary
    actions.answer(meeting, person, "colleague", NOW, colleague=("Noor Bakker", "noor@example.org"))

    actions.forget_colleagues(meeting.ends_at + timedelta(hours=23))
    before = kept()
    actions.forget_colleagues(meeting.ends_at + timedelta(hours=25))

    assert before == [(person.id, "colleague", "Noor Bakker", "noor@example.org")]
    assert kept() == [(person.id, "colleague", "", "")]


def test_nobody_answers_for_a_meeting_that_is_over(app: Flask, meeting: Meeting) -> None:
    with pytest.raises(Refused):
        actions.answer(meeting, members(meeting.network)[0].primary, "yes", meeting.ends_at + timedelta(hours=1))


def test_fewer_people_than_the_network_wants_need_the_manager(app: Flask, meeting: Meeting) -> None:
    actions.answer(meeting, members(meeting.network)[0].primary, "no", NOW)
    enough = lacks(meeting, "few")
    meeting.network.minimum = 3

    assert (enough, lacks(meeting, "few")) == (False, True)


@time_machine.travel(NOW, tick=False)
def test_a_link_in_a_mail_chooses_and_only_the_button_answers(app: Flask, meeting: Meeting) -> None:
    person = members(meeting.network)[0].people[1]
    path = f"/me/{personal_token(person)}?meeting={meeting.id}&answer=no"

    page = app.test_client().get(path).text
    elsewhere = app.test_client().get(f"/me/{personal_token(person)}?meeting=999&answer=no").text

    assert _filled(page) == ["no"]
    assert "One press on the button saves it." in page
    assert "One press" not in elsewhere
    assert kept() == []


def _filled(page: str) -> list[str]:
    """What the filled button of the page would answer."""
    return re.findall(r'class="btn btn-primary"\s+name="answer-\d+"\s+value="(\w+)"', page)


@pytest.mark.parametrize("manages", [True, False])
@time_machine.travel(NOW, tick=False)
def test_a_site_admin_writes_answers_down_where_they_manage(app: Flask, meeting: Meeting, manages: bool) -> None:
    admin, person = make.person(site_admin=True), members(meeting.network)[0].people[0]
    if manages:
        make.role_of(admin, network=meeting.network)
    client = make.browser(app, admin)
    path = f"/networks/{meeting.network.slug}/meetings/{meeting.id}/people"

    looked, posted = client.get(path), client.post(path, data={f"answer-{person.id}": "yes"})

    assert looked.status_code == 200
    assert posted.status_code == (302 if manages else 404)
    assert kept() == ([(person.id, "yes", "", "")] if manages else [])


def invited(meeting: Meeting) -> list[tuple[int, int, str]]:
    db.session.expire_all()
    rows = db.session.scalars(select(Message).where(Message.kind == "D1", Message.meeting_id == meeting.id))
    return sorted((row.person_id, row.generation, row.state) for row in rows)


def test_who_said_nothing_is_asked_again_once_a_day_by_one_button(app: Flask, meeting: Meeting) -> None:
    first, second = members(meeting.network)[0].people
    third = members(meeting.network)[1].primary
    actions.answer(meeting, first, "no", NOW)
    with time_machine.travel(START - timedelta(days=14), tick=False):
        reconcile(meeting.network, START - timedelta(days=14))
        for row in db.session.scalars(select(Message)):
            row.state = "sent"
        db.session.commit()
    path = f"/networks/{meeting.network.slug}/meetings/{meeting.id}/people"

    with time_machine.travel(START - timedelta(days=10), tick=False):
        browser = make.browser(app, make.manager(network=meeting.network))
        offered = browser.get(path).text
        said = browser.post(f"{path}/reminder", follow_redirects=True).text
        again = browser.post(f"{path}/reminder", follow_redirects=True).text

    assert "Remind the 2 who said nothing" in offered
    assert "2 mails leave now." in said
    assert "Nobody is mailed" in again
    assert [(person, state) for person, number, state in invited(meeting) if number == 2] == [
        (second.id, "planned"),
        (third.id, "planned"),
    ]


@time_machine.travel(NOW, tick=False)
def test_nobody_is_asked_again_before_the_invitation_has_left(app: Flask, meeting: Meeting) -> None:
    reconcile(meeting.network, NOW)
    db.session.commit()
    before = invited(meeting)
    browser = make.browser(app, make.manager(network=meeting.network))

    browser.post(f"/networks/{meeting.network.slug}/meetings/{meeting.id}/people/reminder")

    assert invited(meeting) == before
