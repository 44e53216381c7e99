"""How the relay is spoken to: passwords, rates, one line for many mails, settings that cannot work."""

import time
from dataclasses import replace

import pytest
from flask import Flask

from app.extensions import db
from app.mail.mime import Mail
from app.mail.models import Message
from app.mail.models import Relay as RelayRow
from app.mail.transports import RelayDown, Smtp
from app.people.models import Person
from app.worker import deliver
from tests.fakes import Early, Hasty, Relay
from tests.reminders.world import World, world

MAIL = Mail("samen@example.org", "anna@example.org", "m-1", b"Subject: one\r\n\r\n.\r\n")
ANNA, BERT, CAS = "anna@example.org", "bert@example.org", "cas@example.org"


@pytest.fixture
def w() -> World:
    """Three mails, for Anna, Bert and Cas in this order."""
    found = world()
    for person in (found.host, found.substitute, found.preparer):
        found.message("D2", person)
    return found


def outcome() -> list[tuple[str, bool]]:
    db.session.expire_all()
    return [(row.state, row.ambiguous) for row in db.session.query(Message).order_by(Message.id)]


def taken(relay: Relay) -> list[str]:
    return [to for _, (to,) in relay.envelopes]


def test_a_password_never_goes_over_a_line_without_tls(relay: Relay) -> None:
    line = Smtp(relay.url.replace("//", "//me:secret@"))
    with pytest.raises(RelayDown, match="no TLS, so the password is kept"):
        line.begin(MAIL)


def test_a_relay_that_offers_tls_and_has_none_gets_mails_but_no_password(hasty: Hasty) -> None:
    line = Smtp(hasty.url)
    line.begin(MAIL)
    assert line.finish(MAIL) == 250
    line.close()
    with pytest.raises(RelayDown, match="no TLS, so the password is kept"):
        Smtp(hasty.url.replace("//", "//me:secret@")).begin(MAIL)


@pytest.mark.parametrize(("url", "seconds"), [("smtp://relay?rate=120", 0.5), ("smtp://relay", 0)])
def test_the_rate_of_a_relay_is_said_in_its_address(url: str, seconds: float) -> None:
    assert Smtp(url).pause == seconds


def test_each_mail_arrives_once_over_one_line(w: World, relay: Relay) -> None:
    assert deliver(5) == 3
    assert (taken(relay), relay.connections) == ([ANNA, BERT, CAS], 1)
    assert outcome() == [("sent", False)] * 3


@pytest.mark.parametrize("refused", [ANNA, BERT, CAS])
def test_a_refused_address_keeps_nobody_else_from_their_mail(w: World, relay: Relay, refused: str) -> None:
    relay.rcpt = {refused: "550 no such person"}
    assert deliver(5) == 2
    everybody = (ANNA, BERT, CAS)
    assert (taken(relay), relay.connections) == ([each for each in everybody if each != refused], 1)
    assert outcome() == [("failed" if each == refused else "sent", False) for each in everybody]


@pytest.mark.parametrize(("answer", "state"), [("554 no", "failed"), ("451 not now", "planned")])
def test_a_refused_body_keeps_the_line_for_the_next(w: World, relay: Relay, answer: str, state: str) -> None:
    relay.data = {ANNA: answer}
    assert deliver(5) == 2
    assert (taken(relay), relay.connections) == ([BERT, CAS], 1)
    assert outcome() == [(state, False), ("sent", False), ("sent", False)]


def test_a_relay_that_hangs_up_without_an_answer_leaves_one_mail_in_doubt(w: World, relay: Relay) -> None:
    relay.data = {ANNA: "drop"}
    assert deliver(5) == 2
    assert (taken(relay), relay.connections) == ([ANNA, BERT, CAS], 2)
    assert outcome() == [("planned", True), ("sent", False), ("sent", False)]


def test_a_relay_that_takes_one_mail_on_a_line_is_called_again_for_the_next(w: World, relay: Relay) -> None:
    relay.most = 1
    assert deliver(5) == 3
    assert (taken(relay), relay.connections) == ([ANNA, BERT, CAS], 3)
    assert db.session.query(RelayRow).filter(RelayRow.failures > 0).count() == 0


def test_no_body_leaves_before_the_relay_asks_for_it(w: World, early: Early) -> None:
    assert deliver(5) == 0
    assert (early.received, outcome()) == ([], [("planned", False)] * 3)
    assert str(db.session.get_one(RelayRow, 1).error).startswith("250 End data")


@pytest.mark.parametrize("part", ["relay.example.org:70000", "relay.example.org:smtp", f"{'x' * 70}.example.org"])
def test_an_address_of_a_relay_that_cannot_work_is_the_relay_s_fault_and_no_mail_s(
    app: Flask, w: World, relay: Relay, part: str
) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], mail_url=f"smtp://{part}")
    assert deliver(5) == 0
    assert outcome() == [("planned", False)] * 3
    assert db.session.get_one(RelayRow, 1).failures == 1


def test_an_address_with_an_umlaut_is_refused_alone_with_a_sentence(w: World, relay: Relay) -> None:
    db.session.get_one(Person, w.substitute.id).email = "bärt@example.org"
    db.session.commit()
    assert deliver(5) == 2
    assert outcome() == [("sent", False), ("failed", False), ("sent", False)]
    (error,) = [row.error for row in db.session.query(Message).filter_by(state="failed")]
    assert error.startswith("Mail cannot go to or come from “bärt@example.org”")


def test_mails_keep_the_pace_of_the_relay(app: Flask, relay: Relay) -> None:
    w = world()
    for person in (w.host, w.preparer, w.substitute):
        w.message("D2", person)
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], mail_url=f"{relay.url}?rate=300")
    began = time.perf_counter()
    assert (deliver(5), time.perf_counter() - began >= 0.4) == (3, True)
