"""Preparing a meeting by the link of the mail that asks for it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.meetings.models import Meeting
from app.networks.models import Room
from app.people.links import personal_token
from app.people.models import Person
from tests import make
from tests.forms import forms_of
from tests.reminders.world import THURSDAY, World, world

BEFORE = THURSDAY - timedelta(days=14)
PROGRAMME = "- 10 min: arriving\n- 170 min: reading together"


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEFORE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def w(clock: time_machine.Traveller) -> World:
    return world()


def letter(kind: str, person: Person, w: World) -> tuple[str, str, str]:
    """Subject, text and where the button leads."""
    row = make.message(person=person, kind=kind, network_id=w.network.id, meeting_id=w.meeting.id)
    said = KINDS[kind].render([row], BEFORE)
    button = re.search(r'class="button".*?href="http://localhost([^"]+)"', said.html, re.DOTALL)
    assert button
    return said.subject, said.text, button[1].partition("#")[0]


def fields(client: FlaskClient, path: str) -> dict[str, str]:
    """The form of the page as it comes, nothing touched."""
    return max((each.same for each in forms_of(client.get(path).text)), key=len) | {"insert": ""}


def saved(app: Flask, path: str, **changes: str) -> str:
    client = app.test_client()
    return client.post(path, data=fields(client, path) | changes, follow_redirects=True).text


def other_link(w: World, app: Flask, page: str) -> int:
    """What a member sees there whose organisation has no turn at this meeting."""
    other = make.contact(membership=make.membership(network=w.network)).person
    db.session.commit()
    return app.test_client().get(f"/me/{personal_token(other)}/meetings/{w.meeting.id}/{page}").status_code


def test_the_mail_that_asks_for_a_programme_leads_to_where_it_is_filled_in(app: Flask, w: World) -> None:
    _subject, text, path = letter("P3", w.preparer, w)
    assert "Please fill it in by" in text

    said = saved(app, path, running_order=PROGRAMME, question="What do you read?")

    db.session.refresh(w.meeting)
    assert (w.meeting.running_order, w.meeting.question) == (PROGRAMME, "What do you read?")
    assert "Saved at" in said


def test_the_invitation_shows_the_programme(app: Flask, w: World) -> None:
    before = letter("D1", w.host, w)[1]
    saved(app, letter("P3", w.preparer, w)[2], running_order=PROGRAMME)

    after = letter("D1", w.host, w)[1]

    assert ("Programme:" in before, "170 min: reading together" in after) == (False, True)


def test_once_the_programme_is_there_the_mail_asks_for_nothing(app: Flask, w: World) -> None:
    w.meeting.running_order = PROGRAMME
    db.session.commit()

    subject, text, path = letter("P3", w.preparer, w)

    assert subject == "Programme for Thu 15 April: it is there; is it still right?"
    assert "fill it in" not in text
    assert PROGRAMME in app.test_client().get(path).text


def test_somebody_elses_link_prepares_nothing(app: Flask, w: World) -> None:
    assert other_link(w, app, "preparation") == 404
    assert other_link(w, app, "room") == 404


def test_a_link_gives_nobody_what_a_manager_may(app: Flask, w: World) -> None:
    path = f"/me/{personal_token(w.manager)}/meetings/{w.meeting.id}/preparation"
    signed_in = make.browser(app, w.manager).get(f"/networks/{w.network.slug}/meetings/{w.meeting.id}/preparation")

    assert (app.test_client().get(path).status_code, signed_in.status_code) == (404, 200)


def test_a_meeting_that_is_over_is_only_read(app: Flask, w: World, clock: time_machine.Traveller) -> None:
    path = letter("P3", w.preparer, w)[2]
    w.meeting.running_order = PROGRAMME
    db.session.commit()
    clock.move_to(THURSDAY + timedelta(days=1))

    client = app.test_client()
    page, refused = client.get(path).text, client.post(path, data={"running_order": "Nothing"})

    db.session.refresh(w.meeting)
    assert ("reading together" in page, "<textarea" in page, refused.status_code) == (True, False, 422)
    assert w.meeting.running_order == PROGRAMME


def test_a_working_form_is_added_to_what_is_typed_and_not_stored(app: Flask, w: World) -> None:
    path, client = letter("P3", w.preparer, w)[2], app.test_client()
    typed = {"topic": "Half a topic", "running_order": "Bring a book"}

    page = client.post(path, data=fields(client, path) | typed | {"insert": "dilemma"}).text

    db.session.refresh(w.meeting)
    kept = forms_of(page)[0].same
    assert kept["topic"] == "Half a topic"
    assert kept["running_order"].startswith("Bring a book\n\nDilemma\n- 20 min: the dilemma is told")
    assert (w.meeting.topic, w.meeting.running_order) == ("Reading together", "")


def test_the_text_of_a_working_form_can_be_saved_as_it_comes(app: Flask, w: World) -> None:
    path, client = letter("P3", w.preparer, w)[2], app.test_client()
    page = client.post(path, data=fields(client, path) | {"insert": "open-space"}).text

    said = client.post(path, data=forms_of(page)[0].same | {"insert": ""})

    db.session.refresh(w.meeting)
    assert (said.status_code, w.meeting.running_order[:10]) == (302, "Open space")


def test_the_last_programme_is_offered_as_last_time(app: Flask, w: World) -> None:
    path, client = letter("P3", w.preparer, w)[2], app.test_client()
    before = client.get(path).text
    make.meeting(network=w.network, starts_at=BEFORE - timedelta(days=30), running_order="- 60 min: tea")
    make.meeting(network=make.network(), starts_at=BEFORE - timedelta(days=3), running_order="- 60 min: elsewhere")
    db.session.commit()

    page = client.post(path, data=fields(client, path) | {"insert": "last"}).text

    assert ("As last time" in before, forms_of(page)[0].same["running_order"]) == (False, "- 60 min: tea")


def test_an_empty_programme_begins_with_the_usual_one_of_the_network(app: Flask, w: World) -> None:
    path, client = letter("P3", w.preparer, w)[2], app.test_client()
    w.network.usual_programme = "- 180 min: as ever"
    db.session.commit()

    begun = client.get(path).text
    w.meeting.running_order = PROGRAMME
    db.session.commit()
    own = client.get(path).text

    assert forms_of(begun)[0].same["running_order"] == "- 180 min: as ever"
    assert ("usual programme" in begun, "as ever" in own) == (True, False)


def test_who_manages_sets_the_usual_programme_of_the_network(app: Flask, w: World) -> None:
    client, path = make.browser(app, w.manager), f"/networks/{w.network.slug}/settings"

    client.post(path, data=fields(client, path) | {"region": "NL-Midden", "usual_programme": "- 60 min: tea"})

    db.session.refresh(w.network)
    assert w.network.usual_programme == "- 60 min: tea"


def mails(kind: str) -> list[str]:
    query = select(Person.first_name).join(Message, Message.person_id == Person.id)
    return sorted(db.session.scalars(query.where(Message.kind == kind, Message.state == "planned")))


def test_the_link_of_a_call_is_filled_in_and_nobody_is_mailed_about_it(app: Flask, w: World) -> None:
    call = online(w)
    path = f"/me/{personal_token(w.preparer)}/meetings/{call.id}/preparation"

    saved(app, path, link="https://call.example.org/1")

    db.session.refresh(call)
    assert (call.link, call.sequence, mails("C1")) == ("https://call.example.org/1", 1, [])


def test_another_link_of_a_call_is_told_as_every_change_is(app: Flask, w: World) -> None:
    call = online(w, link="https://call.example.org/1")
    path = f"/me/{personal_token(w.preparer)}/meetings/{call.id}/preparation"

    saved(app, path, link="https://call.example.org/2")

    assert mails("C1") == ["Anna", "Bert", "Cas"]


def online(w: World, **values: str) -> Meeting:
    call = make.meeting(network=w.network, starts_at=THURSDAY + timedelta(days=1), mode="online", **values)
    make.duty(meeting=call, organisation=w.meeting.preparers[0], kind="preparation")
    db.session.commit()
    return call


def test_the_mail_about_practical_points_leads_to_what_guests_read_of_the_room(app: Flask, w: World) -> None:
    path = letter("H3", w.host, w)[2]

    said = saved(app, path, directions="Bus 7, enter by the garden", screen="Beamer", wheelchair="yes", phone="06 9")

    room = w.meeting.room
    db.session.refresh(room)
    assert (room.directions, room.screen, room.wheelchair) == ("Bus 7, enter by the garden", "Beamer", True)
    assert "Saved at" in said
    assert "Bus 7, enter by the garden" in letter("D1", w.preparer, w)[1]
    assert "On the day you reach Anna de Vries on 06 9." in letter("D2", w.preparer, w)[1]


def test_the_number_of_the_day_is_only_its_owners_to_change(app: Flask, w: World) -> None:
    path = f"/me/{personal_token(w.substitute)}/meetings/{w.meeting.id}/room"

    page = app.test_client().get(path).text
    saved(app, path, phone="06 9")

    assert ('name="phone"' in page, "Anna de Vries: 06 2" in page) == (False, True)
    assert (w.host.phone, w.substitute.phone) == ("06 2", "")


def test_who_only_prepares_does_not_write_about_the_room(app: Flask, w: World) -> None:
    path = f"/me/{personal_token(w.preparer)}/meetings/{w.meeting.id}/room"

    assert app.test_client().get(path).status_code == 404


def test_a_meeting_without_a_room_gets_the_one_its_host_writes_down(app: Flask, w: World) -> None:
    w.meeting.room = None
    for room in list(w.meeting.host.rooms):
        w.meeting.host.rooms.remove(room)
    db.session.commit()

    saved(app, letter("H3", w.host, w)[2], name="Attic", address="Lindelaan 1")

    db.session.refresh(w.meeting)
    assert (w.meeting.room.name, mails("C1")) == ("Attic", [])


def test_the_host_takes_another_room_and_everybody_hears_of_it(app: Flask, w: World) -> None:
    hall = make.room(organisation=w.meeting.host, name="Hall")
    elsewhere = make.room(organisation=w.meeting.preparers[0], name="Elsewhere")
    db.session.commit()
    path, client = letter("H3", w.host, w)[2], app.test_client()

    foreign = client.post(f"{path}s/{elsewhere.id}").status_code
    client.post(f"{path}s/{hall.id}")

    db.session.refresh(w.meeting)
    assert (foreign, db.session.get_one(Room, w.meeting.room_id).name) == (404, "Hall")
    assert mails("C1") == ["Anna", "Bert", "Cas"]


def test_what_is_still_missing_can_be_filled_in_where_the_mail_leads(app: Flask, w: World) -> None:
    w.meeting.topic, w.meeting.room = "", None
    db.session.commit()
    _subject, text, path = letter("P4", w.preparer, w)

    saved(app, path, topic="Reading", running_order=PROGRAMME, place="The church hall")

    db.session.refresh(w.meeting)
    assert all(f"- {each}" in text for each in ("the topic", "the programme", "the place"))
    assert (w.meeting.topic, w.meeting.place) == ("Reading", "The church hall")
    assert (w.meeting.running_order, mails("C1")) == (PROGRAMME, [])
