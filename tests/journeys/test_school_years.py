"""Three school years through pages and mails: closed and rolled over; one leaves, one joins, each year is told."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.closing.models import Stay
from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.meetings import balances
from app.meetings.models import Cycle, Meeting
from app.meetings.queries import cycle_of, meetings_of, meetings_of_year
from app.networks.models import Membership
from tests.journeys.journey import ASKED, Journey
from tests.planning import years

JULY = datetime(2026, 7, 1, 9, tzinfo=UTC)
NAMES = ["De Linde", "De Berk", "De Eik", "De Els", "De Wilg", "De Iep"]


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(JULY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def j(app: Flask, clock: time_machine.Traveller) -> Journey:
    """A network whose years begin in September, its first year published."""
    found = Journey(app, clock, "nl", "NL-Midden")
    found.founded(NAMES, name="Leerkring", mode="in-person", goal="Leren", year_begins="9")
    shown = years.hidden(found.desk.get(at(found, 2026, "plan")).text)
    asked = {**ASKED, "number": "5", "weekdays": ["2", "3"], "minutes": "120", "mode": "in-person", "months": []}
    found.desk.post(at(found, 2026, "proposal"), data={**shown, **asked})
    publish(found, found.desk, 2026)
    return found


def at(j: Journey, year: int, what: str) -> str:
    return f"/networks/{j.network.slug}/years/{year}/{what}"


def publish(j: Journey, desk: FlaskClient, year: int) -> None:
    path = at(j, year, "publication")
    assert desk.post(path, data=years.hidden(desk.get(path).text)).status_code == 302


def year(j: Journey, number: int) -> Cycle:
    db.session.expire_all()
    cycle = cycle_of(j.network, number)
    assert cycle is not None
    return cycle


def held(j: Journey, number: int) -> list[Meeting]:
    """Every meeting of the year comes and goes; who hosts writes down by link what came of it."""
    meetings = meetings_of_year(year(j, number))
    for meeting in meetings:
        j.clock.move_to(meeting.ends_at + timedelta(days=1))
        notes = {"outcomes": f"Uitkomst {meeting.day}", "attended": "9", "agreements-0-text": f"Afspraak {meeting.day}"}
        j.filled(j.link(j.contact(meeting.host), f"/meetings/{meeting.id}/notes"), **notes, publish="1")
    return meetings


def asked(j: Journey, number: int) -> list[Stay]:
    """In the spring the start page offers to ask who stays, and the manager presses it."""
    j.clock.move_to(datetime(number + 1, 5, 3, 9, tzinfo=UTC))
    path = at(j, number, "staying")
    assert path in j.desk.get("/").text
    j.desk.post(path)
    db.session.expire_all()
    return list(db.session.scalars(select(Stay).where(Stay.year == number + 1).order_by(Stay.id)))


def say(j: Journey, row: Stay, word: str) -> None:
    path = j.link(row.membership.people[0], f"/staying/{row.id}")
    assert j.app.test_client().post(path, data={"answer": word}).status_code == 302


def rolled_over(j: Journey, number: int) -> str:
    """Closed from the start page, the next year published; the text of its mail."""
    j.clock.move_to(meetings_of_year(year(j, number))[-1].ends_at + timedelta(days=2))
    desk = j.desk
    assert at(j, number, "closing") in desk.get("/").text
    assert desk.post(at(j, number, "closing")).location == at(j, number + 1, "publication")
    publish(j, desk, number + 1)
    db.session.expire_all()
    last = select(Message).where(Message.kind == "Y0").order_by(Message.id.desc())
    mail = db.session.scalars(last).first()
    assert mail is not None
    return KINDS["Y0"].render([mail], datetime.now(UTC)).text


def turns_of(j: Journey, member: Membership, number: int) -> int:
    meetings = meetings_of_year(year(j, number))
    return sum(duty.organisation_id == member.organisation_id for each in meetings for duty in each.duties)


def test_three_school_years_are_planned_held_told_closed_and_rolled_over(j: Journey) -> None:
    first = held(j, 2026)
    leaver, unsure, *others = asked(j, 2026)
    for row, word in ((leaver, "leave"), (unsure, "unsure"), *((row, "stay") for row in others)):
        say(j, row, word)
    joined = {"organisation": "De Esdoorn", "joined": "2027-09-01", "first_name": "Noor", "room": "Zaal", "seats": "30"}
    j.desk.post(f"/networks/{j.network.slug}/organisations", data={**joined, "email": "noor@esdoorn.example.org"})
    told = rolled_over(j, 2026)
    db.session.expire_all()
    gone = leaver.membership
    new = next(each for each in j.network.memberships if each.organisation.name == "De Esdoorn")

    second = held(j, 2027)
    for row in asked(j, 2027):
        say(j, row, "stay")
    rolled_over(j, 2027)
    third = held(j, 2028)

    assert "Wat 2026/27 heeft opgeleverd" in told
    assert "5 bijeenkomsten" in told
    assert [len(each) for each in (first, second, third)] == [5, 5, 5]
    assert {j.network.year_of(meeting.day) for meeting in second} == {2027}
    assert (gone.left, new.joined) == (date(2027, 8, 31), date(2027, 9, 1))
    assert [turns_of(j, gone, number) for number in (2027, 2028)] == [0, 0]
    assert turns_of(j, new, 2027) + turns_of(j, new, 2028) >= 2


def test_each_school_year_is_read_after_it_is_closed(j: Journey) -> None:
    held(j, 2026)
    rolled_over(j, 2026)
    held(j, 2027)
    desk = j.desk
    reports = {number: desk.get(at(j, number, "report")) for number in (2026, 2027)}

    assert year(j, 2026).closed_at is not None
    for number, report in reports.items():
        assert report.status_code == 200
        assert f"Uitkomst {meetings_of_year(year(j, number))[0].day}" in report.text
    assert "Uitkomst" in desk.get(f"/networks/{j.network.slug}/learnt").text
    assert "is afgesloten" in desk.get(at(j, 2026, "closing")).text


def test_turns_stay_even_over_the_school_years(j: Journey) -> None:
    for number in (2026, 2027):
        held(j, number)
        rolled_over(j, number)
    held(j, 2028)
    db.session.expire_all()
    past = [meeting for meeting in meetings_of([j.network.id]) if not meeting.cancelled]
    stands = balances.balances(j.network, past)

    assert len(past) == 15
    assert max(abs(value) for pair in stands.values() for value in pair) <= 1
