"""Links in mails open a person's own page for some weeks; an old one says so and mails a new one."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.attendance.models import Attendance
from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.meetings.models import Meeting
from app.networks.models import Membership
from app.people.links import personal_token
from app.people.models import Person
from tests import make
from tests.make import NOW


@pytest.fixture
def member(app: Flask) -> Membership:
    return make.membership(network=make.network())


def token_of(person: Person) -> str:
    db.session.commit()
    with time_machine.travel(NOW, tick=False):
        return personal_token(person)


def after(client: FlaskClient, token: str, days: int, path: str = "") -> int:
    with time_machine.travel(NOW + timedelta(days=days), tick=False):
        return client.get(f"/me/{token}{path}").status_code


@pytest.mark.parametrize("path", ["", "/calendar"])
def test_a_link_lives_sixty_days_and_then_says_that_it_is_old(
    client: FlaskClient, member: Membership, path: str
) -> None:
    token = token_of(member.people[0])

    assert after(client, token, 59, path) == 200
    assert after(client, token, 61, path) == 410


@pytest.mark.parametrize("site_admin", [True, False])
def test_a_managers_link_lives_fourteen_days(client: FlaskClient, member: Membership, site_admin: bool) -> None:
    person = make.person(site_admin=True) if site_admin else make.manager(network=member.network)
    token = token_of(person)

    assert after(client, token, 13) == 200
    assert after(client, token, 15) == 410


def test_an_old_link_changes_nothing(client: FlaskClient, member: Membership) -> None:
    token = token_of(member.people[0])

    with time_machine.travel(NOW + timedelta(days=61), tick=False):
        answer = client.post(f"/me/{token}/answers")

    assert answer.status_code == 410


def changed_meeting(member: Membership) -> Meeting:
    """One in spring that was moved once."""
    row = make.meeting(network=member.network, starts_at=NOW + timedelta(days=30), sequence=1)
    make.duty(meeting=row, organisation=member.organisation)
    row.cycle.published = 1
    db.session.commit()
    return row


def mailed_answer(person: Person, meeting: Meeting) -> str:
    """The link of a mail that says "I am coming"."""
    with time_machine.travel(NOW, tick=False):
        row = make.message(person=person, kind="D2", network_id=meeting.network_id, meeting_id=meeting.id)
        text = KINDS["D2"].render([row], NOW).text
    return next(word for word in text.split() if "answer=yes" in word).partition("localhost")[2]


def test_an_answer_of_a_mail_is_about_the_meeting_as_it_was_then(client: FlaskClient, member: Membership) -> None:
    person, meeting = member.people[0], changed_meeting(member)
    link = mailed_answer(person, meeting)
    with time_machine.travel(NOW, tick=False):
        fresh = client.get(link)
        meeting.sequence += 1  # moved once more
        db.session.commit()
        old = client.get(link)

    assert (fresh.status_code, old.status_code) == (200, 410)
    assert "The meeting has been changed since that mail, or is over." in old.text
    assert ("Mail me a new link" in old.text, "Open my page" in old.text) == (True, True)


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_page_opened_before_a_meeting_was_changed_answers_nothing(
    app: Flask, member: Membership, signed_in: bool
) -> None:
    person, meeting = member.people[0], changed_meeting(member)
    path = "/me" if signed_in else f"/me/{token_of(person)}"
    with time_machine.travel(NOW, tick=False):
        client = make.browser(app, person) if signed_in else app.test_client()
        page = client.get(path).text
        meeting.sequence += 1
        db.session.commit()
        action = re.findall(r'action="(/me[^"]*/answers[^"]*)"', page)[0]
        answer = client.post(action, data={"meeting": meeting.id, f"answer-{meeting.id}": "yes"})

    assert action == f"{path}/answers?version=1"
    assert answer.status_code == (409 if signed_in else 410)
    assert db.session.query(Attendance).count() == 0


def test_a_link_that_is_not_ours_is_not_found(client: FlaskClient, member: Membership) -> None:
    token = token_of(member.people[0])

    assert after(client, token[:-2], 1) == 404
    assert client.post(f"/me/{token[:-2]}/new-link").status_code == 404


def test_an_old_link_mails_a_new_one_to_the_address_on_file(client: FlaskClient, member: Membership) -> None:
    person = member.people[0]
    token, later = token_of(person), NOW + timedelta(days=100)
    with time_machine.travel(later, tick=False):
        page = client.get(f"/me/{token}").text
        sent = client.post(f"/me/{token}/new-link")
        client.post(f"/me/{token}/new-link")

    mail = db.session.scalars(select(Message).where(Message.kind == "A5")).one()
    letter = KINDS["A5"].render([mail], later)
    assert f"/me/{token}/new-link" in page
    assert sent.status_code == 200
    assert letter.to[1] == person.email
    assert "/me/" in letter.text


def test_who_is_gone_is_answered_like_anybody_else(client: FlaskClient, member: Membership) -> None:
    person, gone = member.people[0], make.person()
    tokens = token_of(person), token_of(gone)
    db.session.delete(gone)
    db.session.commit()

    answers = [client.post(f"/me/{token}/new-link") for token in tokens]

    assert answers[0].data == answers[1].data
    assert [message.person_id for message in db.session.scalars(select(Message))] == [person.id]


def test_a_renewed_link_is_old(client: FlaskClient, member: Membership) -> None:
    person = member.people[0]
    token = token_of(person)
    person.link_counter += 1
    db.session.commit()

    assert client.get(f"/me/{token}").status_code == 410


def test_new_links_are_asked_for_ten_times_an_hour(client: FlaskClient, member: Membership) -> None:
    token = token_of(member.people[0])

    answers = [client.post(f"/me/{token}/new-link").status_code for _n in range(11)]

    assert answers == [200] * 10 + [429]
