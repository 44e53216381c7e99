"""What comes of meetings, over HTTP: Dutch learning networks, a German monthly call, a team that learns."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.pulse.actions import close_due
from app.results.models import Agreement
from tests.journeys.journey import NOVEMBER, Journey


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOVEMBER, tick=False) as traveller:
        yield traveller


def test_a_dutch_network_chooses_its_topic_prepares_by_link_and_finds_what_came_of_it(
    app: Flask, clock: time_machine.Traveller
) -> None:
    j = Journey(app, clock, "nl", "NL-Midden")
    j.founded(
        ["De Linde", "De Berk", "De Eik"], name="Vrijwilligers", mode="in-person", state="forming", goal="Blijven"
    )
    begun = j.desk.get("/").text
    j.desk.post(f"/networks/{j.network.slug}/beginning")
    first = j.published(number="4", weekdays=["3"], minutes="120", mode="in-person")[0]
    preparer, host = j.contact(first.preparers[0]), j.contact(first.host)
    other = next(p for m in j.network.memberships for p in m.people if p not in (preparer, host))

    topics = j.link(other, f"/networks/{j.network.slug}/topics")
    clock.move_to(first.starts_at - timedelta(days=40))
    app.test_client().post(topics, data={"title": "Een warm welkom"})
    taking = j.link(preparer, f"/networks/{j.network.slug}/topics/choice")
    wished = re.findall(r"/topics/(\d+)/wish", app.test_client().get(topics).text)
    app.test_client().post(taking, data={"topic": wished[0], "meeting": str(first.id)})

    clock.move_to(first.starts_at - timedelta(days=14))
    asked, path = j.mail("P3", preparer, first)
    order = j.inserted(path, "visit")
    j.filled(path, running_order=order)
    invitation = j.mail("D1", other, first)[0]

    clock.move_to(first.ends_at + timedelta(days=1))
    notes = j.link(host, f"/meetings/{first.id}/notes")
    agreed = {"outcomes": "Een maatje helpt", "attended": "3", "agreements-0-text": "De Eik deelt het kaartje"}
    j.filled(notes, **agreed, publish="1")
    clock.shift(timedelta(days=90))
    learnt = j.link(other, f"/networks/{j.network.slug}/learnt")
    page = app.test_client().get(learnt).text
    agreement = db.session.scalars(select(Agreement).where(Agreement.meeting_id == first.id)).one()
    app.test_client().post(j.link(other, f"/agreements/{agreement.id}"), data={"done": "1"})

    db.session.refresh(agreement)
    db.session.refresh(first)
    assert f'action="/networks/{j.network.slug}/beginning"' in begun
    assert (first.topic, "Programma invullen" in asked) == ("Een warm welkom", True)
    assert order in invitation.replace("\r\n", "\n")
    assert ("Een maatje helpt" in page, "De Eik deelt het kaartje" in page) == (True, True)
    assert agreement.done_at is not None


def test_a_german_monthly_call_is_prepared_recorded_and_read_by_who_was_absent(
    app: Flask, clock: time_machine.Traveller
) -> None:
    j = Journey(app, clock, "de", "DE-NW")
    link = "https://video.example.org/austausch"
    j.founded(["Brückental", "Hellweg", "Emscher"], name="Austausch", mode="online", link=link)
    months = j.published(number="10", weekdays=["2"], minutes="60", mode="online")
    call = months[0]
    preparer = j.contact(call.preparers[0])
    absent = next(p for m in j.network.memberships for p in m.people if p != preparer)

    clock.move_to(call.starts_at - timedelta(days=7))
    path = j.mail("P3", preparer, call)[1]
    order = j.inserted(path, "call")
    j.filled(path, topic="Der offene Mittagstisch", running_order=order)
    invitation = j.mail("D1", absent, call)[0]
    app.test_client().post(j.link(absent, "/answers"), data={f"answer-{call.id}": "no"})

    clock.move_to(call.ends_at + timedelta(days=1))
    recording = {"recording": "https://video.example.org/1", "recording_consent": "Alle"}
    notes = j.link(preparer, f"/meetings/{call.id}/notes")
    j.filled(notes, outcomes="Persönlich ansprechen", attended="2", publish="1", **recording)
    read, button = j.mail("N3", absent, call)
    soon = app.test_client().get(j.link(absent, f"/meetings/{call.id}/notes")).text

    minutes = [int(each) for each in re.findall(r"- (\d+) Min\.:", order)]
    assert (len(months), {each.host for each in months}, minutes) == (10, {None}, [10, 10, 40])
    assert ("10 Min.: Impuls" in invitation, link in invitation) == (True, True)
    assert ("Persönlich ansprechen" in read, button.startswith("/me/")) == (True, True)
    assert recording["recording"] in soon


def test_a_team_that_learns_brings_a_dilemma_and_watches_how_it_goes(app: Flask, clock: time_machine.Traveller) -> None:
    j = Journey(app, clock, "nl", "NL-Midden")
    teams = ["Brink", "Zuiderpark", "Nacht", "Planning", "Keuken"]
    j.founded(teams, name="Wijkzorg", mode="in-person", goal="Elke maand beter samenwerken")
    first = j.published(number="6", weekdays=["4"], minutes="60", mode="in-person")[0]
    preparer, people = j.contact(first.preparers[0]), [m.people[0] for m in j.network.memberships]

    clock.move_to(first.starts_at - timedelta(days=14))
    path = j.mail("P3", preparer, first)[1]
    order = j.inserted(path, "dilemma")
    j.filled(path, topic="Zorg weigeren of overwerken", question="Waarover zwegen we?", running_order=order)

    clock.move_to(first.ends_at + timedelta(days=1))
    for person in people[:4]:
        said = {"atmosphere": "4", "goal": "3", "sentence": ""}
        app.test_client().post(j.link(person, f"/meetings/{first.id}/pulse"), data=said)
    j.filled(j.link(j.contact(first.host), f"/meetings/{first.id}/notes"), outcomes="Het mag gezegd", publish="1")
    learnt = j.link(people[4], f"/networks/{j.network.slug}/learnt")
    before = app.test_client().get(learnt).text
    clock.shift(timedelta(days=12))
    close_due(datetime.now(UTC))
    db.session.commit()
    after = app.test_client().get(learnt).text

    minutes = [int(each) for each in re.findall(r"- (\d+) min:", order)]
    assert (sum(minutes), len(minutes)) == (60, 6)
    assert ("4 van 5" in before, "4 van 5" in after) == (False, True)
