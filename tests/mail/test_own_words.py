"""A manager's own words in the mails of the ladder, as they leave."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.reminders.models import MailText
from app.reminders.wording.example_mail import KINDS
from app.worker import deliver
from tests import make
from tests.fakes import Relay
from tests.mail.test_outbox import signed_in
from tests.reminders.world import NOW, World, world

FULL = "Come to {organisation} on {day}, {time}: {topic}. {number} of {network} are expected at {place}."
SAID = (
    "Come to De Linde on Thursday, 15 April 2027, 13:00–16:00: Reading together. "
    "3 of Noord are expected at De Linde, Utrecht, Garden room, Lindelaan 1."
)


def store(app: Flask, w: World, kind: str = "D1", **words: str) -> FlaskClient:
    client = signed_in(app, w.manager)
    answer = client.post(f"/networks/{w.network.slug}/reminders/{kind}", data=words)
    assert answer.status_code == 302
    return client


def leaves(relay: Relay, w: World, kind: str = "D1") -> tuple[str, str]:
    """Subject and text of the mail to the host that really leaves."""
    w.message(kind, w.host, due_at=NOW - timedelta(minutes=1))
    deliver(5)
    mail = relay.received[-1]
    return mail["Subject"], mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_the_words_leave_in_the_mails_of_the_network_with_the_facts_of_the_meeting(app: Flask, relay: Relay) -> None:
    w = world()
    store(app, w, subject="{topic} on {day}", opening=FULL, closing="Cake is served.")
    subject, text = leaves(relay, w)
    assert subject == "Reading together on Thu 15 April"
    assert f"Dear Anna,\n\n{SAID}\n\n" in text
    assert "Cake is served.\n\n--" in text
    assert "You are invited to the meeting" not in text


def test_the_mails_of_another_network_keep_the_usual_text(app: Flask, relay: Relay) -> None:
    here, there = world(), world(name_of_network="Zuid")
    store(app, here, subject="Cake", opening="Cake is served.", closing="Bring a fork.")
    subject, text = leaves(relay, there)
    assert subject == "Invitation: Reading together, Thu 15 April at De Linde, Utrecht"
    assert "You are invited to the meeting of Zuid." in text
    assert "Cake" not in text
    assert "fork" not in text


def test_other_mails_of_the_network_keep_the_usual_text(app: Flask, relay: Relay) -> None:
    w = world()
    store(app, w, "D2", opening="Cake is served.")
    assert "Cake" not in leaves(relay, w)[1]


def test_back_to_the_usual_the_mail_says_what_it_said_before(app: Flask, relay: Relay) -> None:
    w = world()
    client = store(app, w, opening="Cake is served.")
    client.post(f"/networks/{w.network.slug}/reminders/D1", data={"usual": "yes", "opening": "Cake is served."})
    assert db.session.query(MailText).count() == 0
    text = leaves(relay, w)[1]
    assert "You are invited to the meeting of Noord." in text
    assert "Cake" not in text


def test_looking_first_shows_the_words_and_stores_nothing(app: Flask, relay: Relay) -> None:
    w = world()
    page = signed_in(app, w.manager).post(
        f"/networks/{w.network.slug}/reminders/D1", data={"look": "yes", "opening": "Cake at {organisation}."}
    )
    assert "Cake at De Linde.\n" in page.text
    assert "Not saved yet" in page.text
    assert db.session.query(MailText).count() == 0
    assert "Cake" not in leaves(relay, w)[1]


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("On {date} we eat", "{date} is no field of this mail."),
        ("Until {deadline}", "{deadline} is no field of this mail."),
        ("{day", "A brace stands alone here."),
        ("day}", "A brace stands alone here."),
        ("{{day}}", "A brace stands alone here."),
        ("{meeting.network.wishes}", "{meeting.network.wishes} is no field of this mail."),
        ("{}", "{} is no field of this mail."),
    ],
)
@pytest.mark.parametrize("field", ["subject", "opening", "closing"])
def test_what_is_no_field_is_refused_and_the_mail_stays_as_it_was(
    app: Flask, relay: Relay, field: str, words: str, wrong: str
) -> None:
    w = world()
    client = store(app, w, **{field: "Cake is served."})
    answer = client.post(f"/networks/{w.network.slug}/reminders/D1", data={field: words})
    assert answer.status_code == 422
    assert wrong in answer.text
    assert words in answer.text
    assert "Cake is served." in " ".join(leaves(relay, w))


def test_a_stored_field_nobody_knows_any_more_holds_no_mail_back(relay: Relay) -> None:
    w = world()
    db.session.add(MailText(network_id=w.network.id, kind="D1", subject="{moon}", opening="{day", closing="{}"))
    subject, text = leaves(relay, w)
    assert subject == "{moon}"
    assert "Dear Anna,\n\n{day\n\n" in text


def test_a_topic_with_braces_is_not_read_as_a_field(app: Flask, relay: Relay) -> None:
    w = world(topic="{day}")
    store(app, w, subject="About {topic}")
    assert leaves(relay, w)[0] == "About {day}"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Reading together at De Linde, Utrecht, Garden room, Lindelaan 1"),
        ({"topic": ""}, "a topic still to be chosen at De Linde, Utrecht, Garden room, Lindelaan 1"),
        ({"mode": "online", "room": None}, "Reading together at online"),
    ],
)
def test_a_field_says_also_what_is_not_known_yet(
    app: Flask, relay: Relay, values: dict[str, object], said: str
) -> None:
    w = world(**values)
    store(app, w, opening="{topic} at {place}")
    assert f"\n\n{said}\n\n" in leaves(relay, w)[1]


def test_fields_are_written_in_the_language_of_who_writes(app: Flask, relay: Relay) -> None:
    w = world("nl")
    client = store(app, w, opening="Op { Dag } bij {organisatie}.", subject="{thema}")
    assert "Op {dag} bij {organisatie}." in client.get(f"/networks/{w.network.slug}/reminders/D1").text
    assert db.session.get_one(MailText, (w.network.id, "D1")).opening == "Op {day} bij {organisation}."
    subject, text = leaves(relay, w)
    assert subject == "Reading together"
    assert "Op donderdag 15 april 2027 bij De Linde." in text


def test_the_programme_is_asked_for_until_a_day_that_own_words_can_name(app: Flask, relay: Relay) -> None:
    w = world()
    store(app, w, "P3", opening="By {deadline}, please.")
    w.message("P3", w.preparer, due_at=NOW - timedelta(minutes=1))
    deliver(5)
    assert "By Monday, 5 April 2027, please." in relay.received[-1].get_body(("plain",)).get_content()


@pytest.mark.parametrize("kind", KINDS)
def test_each_mail_of_the_ladder_can_be_read_and_begins_as_the_manager_says(app: Flask, kind: str) -> None:
    w = world()
    path = f"/networks/{w.network.slug}/reminders/{kind}"
    client = signed_in(app, w.manager)
    usual = client.get(path).text
    client.post(path, data={"opening": "Cake is served.", "closing": "Bring a fork."})
    worded = client.get(path).text
    assert "Cake" not in usual
    assert ",\n\nCake is served.\n\n" in worded
    assert "Bring a fork.\n\n--" in worded


@pytest.mark.parametrize(("kind", "reader"), [("H4", "Anna"), ("H4o", "Cas"), ("P3", "Cas")])
def test_the_example_is_written_to_whose_turn_it_is(app: Flask, kind: str, reader: str) -> None:
    w = world()
    page = signed_in(app, w.manager).get(f"/networks/{w.network.slug}/reminders/{kind}").text
    assert f"Beste {reader}," in page


def test_a_network_without_members_or_meetings_has_its_mails_to_read(app: Flask) -> None:
    w = world()
    empty = make.network(programme=w.network.programme, name="Empty")
    client = signed_in(app, make.manager(network=empty))
    pages = [client.get(f"/networks/{empty.slug}/reminders/{kind}") for kind in KINDS]
    assert {page.status_code for page in pages} == {200}


def test_the_mail_is_read_in_the_language_of_the_network(app: Flask) -> None:
    w = world()
    w.network.programme.language = "de"
    db.session.commit()
    page = signed_in(app, w.manager).get(f"/networks/{w.network.slug}/reminders/D1").text
    assert "Sie sind zum Treffen von Noord eingeladen." in page
    assert "How it begins" in page


def test_the_ladder_says_which_mails_have_words_of_the_manager(app: Flask) -> None:
    w = world()
    client = signed_in(app, w.manager)
    before = client.get(f"/networks/{w.network.slug}/reminders").text
    store(app, w, "H4o", opening="Cake is served.")
    after = client.get(f"/networks/{w.network.slug}/reminders").text
    assert (before.count("with your words"), after.count("with your words")) == (0, 1)
