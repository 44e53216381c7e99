"""A relay that takes several commands at once hears of the next mail with the body of the one before."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from app.extensions import db
from app.mail.models import Message
from app.mail.models import Relay as RelayRow
from app.mail.sending import deliver
from app.mail.transports import Envelope, Smtp
from app.people.models import Person
from app.worker import attempt
from tests.fakes import Quick
from tests.reminders.world import World, world

SENDER = "samen@example.org"
ASKED = b"mail FROM:<samen@example.org>\r\nrcpt TO:<%s>\r\ndata\r\n"
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


def taken(relay: Quick) -> list[str]:
    return [to for _, (to,) in relay.envelopes]


def test_the_body_is_not_answered_before_the_next_mail_is_announced() -> None:
    """Seen from a relay that answers only when it has heard both."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        with ThreadPoolExecutor() as pool:
            heard = pool.submit(stubborn, server)
            line = Smtp(f"smtp://127.0.0.1:{server.getsockname()[1]}")
            first, second = Envelope(SENDER, ANNA), Envelope(SENDER, BERT)
            line.begin(first, lambda: None)
            assert line.finish("m-1", b"Subject: one\r\n\r\n.", second, lambda: None) == 250
            line.begin(second, lambda: None)
            line.abandon()
            assert heard.result().endswith(b"\r\n..\r\n.\r\n" + ASKED % BERT.encode())


def stubborn(server: socket.socket) -> bytes:
    """A relay that says nothing before it has heard what it waits for; what it heard."""
    line, _ = server.accept()
    heard = b""
    with line:
        line.settimeout(5)
        line.sendall(b"220 relay\r\n")
        for answer, awaited in (
            (b"250-relay\r\n250 PIPELINING\r\n", b"\r\n"),
            (b"250 yes\r\n250 yes\r\n354 go on\r\n", ASKED % ANNA.encode()),
            (b"250 taken\r\n250 yes\r\n250 yes\r\n354 go on\r\n", b".\r\n" + ASKED % BERT.encode()),
        ):
            while not heard.endswith(awaited):
                more = line.recv(1000)
                assert more, heard
                heard += more
            line.sendall(answer)
        line.recv(1000)
    return heard


def test_each_mail_arrives_once_over_one_line(w: World, quick: Quick) -> None:
    assert deliver(5, attempt=attempt) == 3
    assert (taken(quick), quick.connections) == ([ANNA, BERT, CAS], 1)
    assert outcome() == [("sent", False)] * 3


@pytest.mark.parametrize("refused", [ANNA, BERT, CAS])
def test_a_refused_address_keeps_nobody_else_from_their_mail(w: World, quick: Quick, refused: str) -> None:
    quick.rcpt = {refused: "550 no such person"}
    assert deliver(5, attempt=attempt) == 2
    everybody = (ANNA, BERT, CAS)
    assert taken(quick) == [each for each in everybody if each != refused]
    assert outcome() == [("failed" if each == refused else "sent", False) for each in everybody]


@pytest.mark.parametrize(("answer", "state"), [("554 no", "failed"), ("451 not now", "planned")])
def test_a_refused_body_leaves_the_mail_ahead_as_it_is(w: World, quick: Quick, answer: str, state: str) -> None:
    quick.data = {ANNA: answer}
    assert deliver(5, attempt=attempt) == 2
    assert (taken(quick), quick.connections) == ([BERT, CAS], 1)
    assert outcome() == [(state, False), ("sent", False), ("sent", False)]


def test_a_relay_that_hangs_up_with_a_mail_ahead_gets_that_one_anew(w: World, quick: Quick) -> None:
    quick.data = {ANNA: "drop"}
    assert deliver(5, attempt=attempt) == 2
    assert (taken(quick), quick.connections) == ([ANNA, BERT, CAS], 2)
    assert outcome() == [("planned", True), ("sent", False), ("sent", False)]


def test_a_relay_that_takes_one_mail_on_a_line_is_called_again_for_the_next(w: World, quick: Quick) -> None:
    quick.most = 1
    assert deliver(5, attempt=attempt) == 3
    assert (taken(quick), quick.connections) == ([ANNA, BERT, CAS], 3)
    assert db.session.query(RelayRow).filter(RelayRow.failures > 0).count() == 0


def test_a_mail_ahead_that_is_not_true_any_more_stays_here(w: World, quick: Quick) -> None:
    engine, stop = db.engine, update(Person).where(Person.id == w.substitute.id)

    def stop_mails() -> None:
        with engine.begin() as connection:
            connection.execute(stop.values(wants_mail=False, revision=Person.revision + 1))

    quick.on_body = stop_mails  # when it has Anna's mail, and the commands of Bert's behind it
    assert deliver(5, attempt=attempt) == 2
    assert (taken(quick), outcome()) == ([ANNA, CAS], [("sent", False), ("cancelled", False), ("sent", False)])


def test_whoever_stops_with_a_mail_ahead_leaves_it_for_the_next_round(w: World, quick: Quick) -> None:
    stops: list[bool] = []
    quick.on_body = lambda: stops.append(True)
    assert deliver(5, lambda: bool(stops), attempt) == 1
    assert (taken(quick), outcome()) == ([ANNA], [("sent", False), ("planned", False), ("planned", False)])
    assert (deliver(5, attempt=attempt), taken(quick)) == (2, [ANNA, BERT, CAS])
