"""Questions between meetings, by the links of mails: digital networks, small practices, a team that learns."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.networks.models import Network
from app.people.links import personal_token
from app.people.models import Person
from app.topics.models import Topic
from tests.journeys.journey import NOVEMBER, Journey


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOVEMBER, tick=False) as traveller:
        yield traveller


def people_of(network: Network) -> list[Person]:
    return [member.people[0] for member in network.memberships]


class Questions(Journey):
    """What people do with questions: each by the link of a mail, or of their own page."""

    def page(self, person: Person, what: str = "topics") -> str:
        return self.app.test_client().get(self.link(person, f"/networks/{self.network.slug}/{what}")).text

    def press(self, person: Person, what: str, **data: object) -> str:
        where = self.link(person, f"/networks/{self.network.slug}/{what}")
        answer = self.app.test_client().post(where, data=data, follow_redirects=True)
        assert answer.status_code == 200, answer.text[-2000:]
        db.session.expire_all()
        return answer.text

    def ask(self, person: Person, title: str, kind: str = "question", **data: object) -> Topic:
        self.press(person, "topics", title=title, kind=kind, **data)
        return db.session.scalars(select(Topic).where(Topic.title == title)).one()

    def leaving(self, kind: str) -> list[tuple[Person, str, str]]:
        """Who gets which mail of a kind by now, and where its button leads; they leave."""
        found = []
        query = select(Message).where(Message.kind == kind, Message.state == "planned")
        for message in db.session.scalars(query.where(Message.due_at <= datetime.now(UTC))):
            if KINDS[kind].still_true(message, datetime.now(UTC)):
                said = KINDS[kind].render([message], datetime.now(UTC))
                link = re.search(r"http://localhost(/me/\S+/topics/\S+)", said.text)
                person = db.session.get_one(Person, message.person_id)
                found.append((person, said.text, link[1] if link else ""))
            message.state, message.sent_at = "sent", datetime.now(UTC)
        db.session.commit()
        return found


def test_digital_networks_compare_what_they_use_and_exchange_recipes(app: Flask, clock: time_machine.Traveller) -> None:
    """(c) Look, taste, everybody brings something: a table without ranks, an offer, a library."""
    j = Questions(app, clock, "nl", "NL-Midden")
    j.founded(["De Linde", "De Berk", "De Eik", "De Els"], name="Digitaal", mode="online", goal="Proeven")
    linde, berk, eik, els = people_of(j.network)

    row = j.ask(linde, "Welk planningsprogramma, en hoe blij?", choices="blij\ngaat wel\nniet blij")
    clock.shift(timedelta(days=90))
    asked = {person.id: (said, link) for person, said, link in j.leaving("Q1")}
    for person, choice, line in (
        (berk, "niet blij", "Alles dubbel"),
        (eik, "blij", "Handleiding: https://uitleg.example/rooster"),
    ):
        j.press(person, f"topics/{row.id}/replies", choice=choice, text=line)
    table = j.page(els, f"topics/{row.id}")
    j.ask(els, "Ik help wie een rooster bouwt", kind="offer")
    offered = j.page(linde, "library")
    j.press(
        linde,
        "library/offered",
        **{"url-0": "https://uitleg.example/rooster", "what-0": "keep", "title-0": "Rooster bouwen"},
    )
    library = j.page(berk, "library")

    assert asked.keys() == {berk.id, eik.id, els.id}
    assert "gaat wel" in asked[els.id][0]
    assert re.findall(r"<t[hd][^>]*>([^<]+)</t[hd]>", table)[3:6] == ["De Berk", "niet blij", "Alles dubbel"]
    assert re.findall(r">(De \w+)</th>", table) == ["De Berk", "De Eik"]
    assert "Aanbod" in j.page(berk)
    assert "https://uitleg.example/rooster" in offered
    assert "Rooster bouwen" in library


def test_small_practices_ask_what_no_book_answers_and_find_it_again(app: Flask, clock: time_machine.Traveller) -> None:
    """(d) A question goes round, answers come in, one line closes it, and next year it is found."""
    j = Questions(app, clock, "de", "DE-NW")
    j.founded(["Praxis Eins", "Praxis Zwei", "Praxis Drei", "Praxis Vier"], name="Praxen", mode="online", goal="Wissen")
    one, _two, three, four = people_of(j.network)
    three.questions, four.questions = "once", "never"
    db.session.commit()

    row = j.ask(one, "Wer rechnet Hausbesuche am Wochenende ab?", why="Seit **Mai** gilt anderes.")
    at_once = [person.id for person, _said, _link in j.leaving("Q1")]
    j.press(three, f"topics/{row.id}/replies", text="Mit Ziffer 7, siehe https://ziffern.example")
    told = j.leaving("Q2")
    clock.shift(timedelta(days=16))
    j.leaving("Q1")
    reminded = j.leaving("Q3")
    closing = app.test_client().get(reminded[0][2].partition("#")[0]).text
    j.press(one, f"topics/{row.id}/closing", answer="Ziffer 7")
    clock.shift(timedelta(days=300))
    later = j.page(four)

    assert at_once == [three.id]
    assert [(person.id, "Ziffer 7" in said) for person, said, _link in told] == [(one.id, True)]
    assert [person.id for person, _said, _link in reminded] == [one.id]
    assert 'id="closing"' in closing
    assert "Wer rechnet Hausbesuche am Wochenende ab?" in later
    assert "Ziffer 7" in j.page(four, f"topics/{row.id}")
    assert four.id not in set(db.session.scalars(select(Message.person_id).where(Message.kind == "Q1")))


def test_a_team_brings_a_dilemma_without_a_name_and_talks_about_it(app: Flask, clock: time_machine.Traveller) -> None:
    """(e) A dilemma as a dilemma; help is asked for and given; the meeting takes it up, and it goes back if need be."""
    j = Questions(app, clock, "nl", "NL-Midden")
    j.founded(["Team A", "Team B", "Team C", "Team D"], name="Samen", mode="online", goal="Beter samenwerken")
    meetings = j.published(number="3", weekdays=["2"], minutes="90", mode="online")
    first = meetings[0]
    preparer = j.contact(first.preparers[0])
    a, b, *_rest = [person for person in people_of(j.network) if person != preparer]

    row = j.ask(a, "Zeg ik wat ik zie, of wacht ik?", kind="dilemma", unnamed="y", why="Beide is eerlijk.")
    j.press(b, f"topics/{row.id}/replies", text="Vraag of de ander het wil horen.")
    for person in (b, preparer):
        j.press(person, f"topics/{row.id}/wish")
    clock.move_to(first.starts_at - timedelta(days=20))
    mail = j.mail("P1", preparer, first)[0]
    j.press(preparer, "topics/choice", topic=row.id, meeting=first.id)
    prepared = j.mail("P3", preparer, first)[0]
    managers = j.desk.get(f"/networks/{j.network.slug}/topics/{row.id}").text
    j.press(preparer, f"topics/{row.id}/release")

    assert "Zeg ik wat ik zie, of wacht ik? (2 mensen vinden dit belangrijk)" in mail
    assert "Beide is eerlijk." in prepared
    assert a.last_name not in managers.partition("<main")[2] or a.name not in managers
    assert "iemand die niet genoemd wordt" in managers
    assert (row.state, first.topic) == ("open", "")
    assert personal_token(a) not in managers
