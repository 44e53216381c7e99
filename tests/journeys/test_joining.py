"""A stranger asks on a phone to join, is accepted, and takes its turns in the next year as a newcomer."""

import re
from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.meetings.queries import meetings_of_year
from app.planning import actions as cycles
from app.planning.year_request import Wishes
from app.publishing import actions as publishing
from tests.forms import forms_of
from tests.journeys.journey import NOVEMBER, Journey

NAMES = ["De Linde", "Huize Maan", "Jekerdal", "Zonnehoek"]
THIS_YEAR = Wishes(number=4, weekdays=(3,), nth="2")
ASKED = {"organisation": "De Nieuwe", "first_name": "Noor", "email": "noor@denieuwe.example.org", "words": "Wij ook."}


def letter(kind: str) -> str:
    message = db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id.desc())).first()
    assert message is not None
    assert KINDS[kind].still_true(message, now())
    return KINDS[kind].render([message], now()).text


def asked(journey: Journey, clock: time_machine.Traveller) -> str:
    """Found by the page of the programme, asked in one form; returns what the page then says."""
    phone = journey.app.test_client()
    page = phone.get(f"/p/{journey.programme.slug}").text
    network = re.search(rf'href="(/p/{journey.programme.slug}/[^"]+)"', page)
    assert network
    form_link = re.search(r'href="([^"]+/join[^"]*)"', phone.get(network[1]).text)
    assert form_link
    (form,) = [each for each in forms_of(phone.get(form_link[1]).text) if "organisation" in each.same]
    clock.shift(timedelta(minutes=1))
    return phone.post(form_link[1], data=form.same | ASKED, follow_redirects=True).text


def opened(journey: Journey) -> None:
    """The manager switches it on, with the forms of both desks."""
    for path, switch in (
        (f"/programmes/{journey.programme.slug}/public", "open_to_start"),
        (f"/networks/{journey.network.slug}/public", "open_to_join"),
    ):
        form = next(each for each in forms_of(journey.desk.get(path).text) if "version" in each.same)
        journey.desk.post(path, data=form.same | {"public": "y", switch: "y"})


def test_a_stranger_becomes_a_newcomer_of_the_next_year(app: Flask) -> None:
    with time_machine.travel(NOVEMBER, tick=False) as clock:
        journey = Journey(app, clock, "nl", "NL-Midden")
        journey.founded(NAMES, name="Noord", mode="in-person")
        opened(journey)
        said = asked(journey, clock)
        link = re.search(r"http://localhost(/requests/\S+)", letter("J1"))
        assert link
        confirm = next(each for each in forms_of(app.test_client().get(link[1]).text) if "/confirm" in each.action)
        app.test_client().post(confirm.action)
        start = journey.desk.get("/").text
        requests = f"/networks/{journey.network.slug}/requests"
        accept = next(each for each in forms_of(journey.desk.get(requests).text) if "joined" in each.same)
        journey.desk.post(accept.action, data=accept.same)
        db.session.expire_all()
        answer = letter("J3")
        meetings = journey.published(number="5", weekdays="3", mode="in-person", minutes="180")
        hosts = [meeting.host.name for meeting in meetings if meeting.host]
        prepares = [duty.organisation.name for meeting in meetings for duty in meeting.preparation_duties]
        turns = journey.desk.get(f"/networks/{journey.network.slug}/turns").text

    assert "Kijk in je mail" in said
    assert "één organisatie wil meedoen" in start
    assert "De Nieuwe doet mee vanaf" in answer
    assert {*hosts, *prepares} == {*NAMES, "De Nieuwe"}
    assert prepares.count("De Nieuwe") == 1
    assert "De Nieuwe" in turns
    assert "één organisatie wil meedoen" not in journey.desk.get("/").text


def test_a_newcomer_in_the_middle_of_a_year_owes_nothing_of_what_was(app: Flask) -> None:
    with time_machine.travel(NOVEMBER, tick=False) as clock:
        journey = Journey(app, clock, "nl", "NL-Midden")
        journey.founded(NAMES, name="Noord", mode="in-person")
        opened(journey)
        cycle = cycles.open_year(journey.network, 2027)
        cycles.propose(cycle, THIS_YEAR, now())
        publishing.publish(cycle, now(), None)
        db.session.commit()
        clock.move_to(meetings_of_year(cycle)[1].ends_at + timedelta(days=2))
        asked(journey, clock)
        link = re.search(r"http://localhost(/requests/\S+)", letter("J1"))
        assert link
        app.test_client().post(link[1].replace("?", "/confirm?"))
        requests = f"/networks/{journey.network.slug}/requests"
        accept = next(each for each in forms_of(journey.desk.get(requests).text) if "joined" in each.same)
        journey.desk.post(accept.action, data=accept.same)
        db.session.expire_all()
        welcome = letter("W0")
        owed = [meeting.owed for meeting in meetings_of_year(cycle)[:2]]
        newcomer = journey.network.memberships[-1].organisation_id

    assert "Noord" in welcome
    assert all(newcomer not in who for each in owed if each for who in each.values())
