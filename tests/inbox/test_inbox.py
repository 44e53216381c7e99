"""Mail that comes back, in a real mailbox: each mail once, moved, never deleted, and a hostile one harms nobody."""

import io
import logging
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app import clock
from app.admin import doctor
from app.attendance.models import Attendance
from app.extensions import db
from app.inbox.actions import receive
from app.inbox.models import Received
from app.invitations.reply_addresses import organiser
from app.mail.message_ids import message_id
from app.mail.models import Message
from app.networks.letters import frame
from app.people.models import Person
from app.privacy.actions import keep_house
from app.worker import Worker, empty_mailbox
from tests import make
from tests.inbox.conftest import Inbox
from tests.reminders.world import NOW, World, world
from tests.test_worker_jobs import run

ANSWER = """BEGIN:VCALENDAR\r
PRODID:-//Some//Program//EN\r
VERSION:2.0\r
METHOD:REPLY\r
BEGIN:VEVENT\r
UID:{uid}\r
SEQUENCE:{sequence}\r
DTSTAMP:20270401T080000Z\r
ORGANIZER:mailto:samen@example.org\r
ATTENDEE;CN="Anna: de Vries";PARTSTAT={said};ROLE=REQ-PARTICIPANT:mailto:ann\r
 a@example.org\r
END:VEVENT\r
END:VCALENDAR\r
"""
REPORT = """From: MAILER-DAEMON@relay.example.org (Mail Delivery System)\r
To: samen@example.org\r
Subject: Undelivered Mail Returned to Sender\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
Message-ID: <{name}@relay.example.org>\r
Content-Type: multipart/report; report-type=delivery-status; boundary="=b"\r
\r
--=b\r
Content-Type: text/plain\r
\r
This is the mail system at host relay.example.org.\r
\r
--=b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; relay.example.org\r
\r
Final-Recipient: rfc822; {address}\r
Action: {action}\r
Status: {status}\r
Diagnostic-Code: smtp; said something\r
\r
--=b\r
Content-Type: text/rfc822-headers\r
\r
Message-ID: <{message_id}>\r
Subject: Your turn\r
\r
--=b--\r
"""


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def w(app: Flask) -> World:
    return world()


def address_of(w: World, person: Person) -> str:
    """The address the person's invitations came from."""
    return organiser(frame(w.network, "").sender, w.network, person)[1]


def mail(to: str, text: str = "Hello", sender: str = "anna@example.org", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Message-ID"] = sender, to, f"<{abs(hash((to, text, str(headers))))}@example.org>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def answer(w: World, to: str, said: str = "ACCEPTED", **values: object) -> bytes:
    given = {"uid": f"meeting-{w.meeting.id}@localhost", "sequence": w.meeting.sequence, "said": said, **values}
    made = mail(to, said + str(values))
    made.add_alternative(
        ANSWER.format(**given).encode(), maintype="text", subtype="calendar", params={"method": "REPLY"}
    )
    return made.as_bytes()


def report(message: Message, address: str, status: str = "5.1.1", action: str = "failed", name: str = "a") -> bytes:
    given = {"message_id": message_id(message), "address": address, "status": status, "action": action, "name": name}
    return REPORT.format(**given).encode()


def answers() -> dict[int, str]:
    return {row.person_id: row.answer for row in db.session.scalars(select(Attendance))}


@contextmanager
def warned() -> Iterator[list[str]]:
    """What the program's log warns of meanwhile."""
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("app").addHandler(handler)
    yield said
    logging.getLogger("app").removeHandler(handler)


def taken_in(*mails: bytes) -> list[str]:
    outcomes = [receive(raw, clock.now()) for raw in mails]
    db.session.commit()
    return outcomes


@pytest.mark.parametrize(
    ("said", "kept"), [("ACCEPTED", "yes"), ("DECLINED", "no"), ("DELEGATED", "colleague"), ("TENTATIVE", None)]
)
def test_an_answer_of_a_calendar_program_is_kept(
    app: Flask, inbox: Inbox, w: World, said: str, kept: str | None
) -> None:
    inbox.put(answer(w, address_of(w, w.host), said))
    db.session.commit()

    assert empty_mailbox() == 1
    assert answers().get(w.host.id) == kept
    assert inbox.holds() == {"toerbeurt-answers": 1}


@pytest.mark.parametrize(
    ("delegates", "called"),
    [
        (';DELEGATED-TO="mailto:Bo@example.org":mailto:anna@example.org', "Bo Bakker"),
        (';DELEGATED-TO="mailto:cas@example.org":mailto:anna@example.org', "cas@example.org"),
        (":mailto:anna@example.org", "a colleague"),
    ],
)
def test_who_comes_instead_has_a_name_on_the_page(
    app: Flask, inbox: Inbox, w: World, delegates: str, called: str
) -> None:
    """The second attendee of a program that delegates is the colleague (RFC 5546, 4.2.5)."""
    raw = answer(w, address_of(w, w.host), "DELEGATED")
    made = message_from_bytes(raw)
    part = next(each for each in made.walk() if each.get_content_type() == "text/calendar")
    lines = ANSWER.format(uid=f"meeting-{w.meeting.id}@localhost", sequence=w.meeting.sequence, said="DELEGATED")
    mine = f'ATTENDEE;CN="Anna";PARTSTAT=DELEGATED{delegates}\r\n'
    theirs = 'ATTENDEE;CN="Bo Bakker";DELEGATED-FROM="mailto:anna@example.org":mailto:bo@example.org\r\n'
    begin, end = lines.index("ATTENDEE"), lines.index("END:VEVENT")
    del part["Content-Transfer-Encoding"]
    part.set_payload(lines[:begin] + theirs + mine + lines[end:], "utf-8")

    assert taken_in(made.as_bytes()) == ["answer"]
    row = db.session.scalars(select(Attendance)).one()
    assert (row.answer, row.colleague_name, row.colleague_email) == ("colleague", called, "")
    db.session.commit()
    page = make.browser(app, w.manager).get(f"/networks/{w.network.slug}/meetings/{w.meeting.id}/people").text
    assert called in page


def test_maybe_takes_an_earlier_answer_back(app: Flask, inbox: Inbox, w: World) -> None:
    to = address_of(w, w.host)
    assert taken_in(answer(w, to), answer(w, to, "TENTATIVE")) == ["answer", "answer"]
    assert answers() == {}


def test_an_answer_is_never_taken_by_its_sender_alone(app: Flask, inbox: Inbox, w: World) -> None:
    raw = answer(w, "samen@example.org")

    assert taken_in(raw) == ["forwarded"]
    assert answers() == {}


def test_an_answer_to_a_meeting_that_has_moved_since_counts_no_more(app: Flask, inbox: Inbox, w: World) -> None:
    w.meeting.sequence = 2
    assert taken_in(answer(w, address_of(w, w.host), sequence=1)) == ["answer"]
    assert answers() == {}


def test_an_answer_about_a_meeting_of_others_counts_nothing(app: Flask, inbox: Inbox, w: World) -> None:
    other = world(name_of_network="Zuid")
    raw = answer(w, address_of(w, w.host), uid=f"meeting-{other.meeting.id}@localhost")

    assert taken_in(raw) == ["answer"]
    assert answers() == {}


def test_a_refused_address_is_marked_and_the_manager_hears(app: Flask, inbox: Inbox, w: World) -> None:
    message = w.message("H1", w.host, state="sent", sent_at=NOW)
    inbox.put(report(message, w.host.email or ""))
    db.session.commit()
    empty_mailbox()

    assert w.host.address_failed_at == NOW
    assert (message.state, message.error) == ("failed", "The mail came back.")
    assert inbox.holds() == {"toerbeurt-reports": 1}


def test_word_of_an_address_that_is_not_the_person_s_marks_nothing(app: Flask, inbox: Inbox, w: World) -> None:
    message = w.message("H1", w.host, state="sent", sent_at=NOW)

    assert taken_in(report(message, "somebody@example.org")) == ["forwarded"]
    assert w.host.address_failed_at is None


@pytest.mark.parametrize("guessed", ["", "-aaaaaaaaaaaaaaaa", "another"])
@pytest.mark.parametrize("kind", ["report", "bounce"])
def test_a_report_made_up_by_a_stranger_marks_nothing(
    app: Flask, inbox: Inbox, w: World, guessed: str, kind: str
) -> None:
    """Number and address can be guessed; the mark in the name of a mail was seen by whom it went to."""
    message, other = (w.message(kind, w.host, state="sent", sent_at=NOW) for kind in ("H1", "H2"))
    mark = message_id(other).removeprefix(f"m-{other.id}-g1").partition("@")[0] if guessed == "another" else guessed
    name = f"m-{message.id}-g1{mark}@localhost"
    forged = report(message, w.host.email or "").replace(message_id(message).encode(), name.encode())
    if kind == "bounce":
        text = f"<{w.host.email}>:\n550 user unknown\n\nMessage-ID: <{name}>"
        forged = mail("samen@example.org", text, "MAILER-DAEMON@example.org").as_bytes()

    assert taken_in(forged) == ["forwarded"]
    assert w.host.address_failed_at is None
    assert message.state == "sent"


def test_a_mail_has_the_same_name_for_every_try_and_another_when_it_is_sent_again(w: World) -> None:
    message = w.message("H1", w.host)
    first = message_id(message)
    message.attempts = 3
    again = message_id(message)
    message.generation = 2

    assert first == again
    assert message_id(message) != first


def test_a_mail_that_is_late_marks_the_address_the_third_time(app: Flask, inbox: Inbox, w: World) -> None:
    message = w.message("H1", w.host, state="sent", sent_at=NOW)
    late = [report(message, w.host.email or "", "4.4.1", "delayed", name) for name in "abc"]

    assert taken_in(late[0], late[0], late[1]) == ["delayed", "delayed", "delayed"]
    assert w.host.address_failed_at is None
    assert taken_in(late[2]) == ["failed"]
    assert w.host.address_failed_at == NOW


def test_a_bounce_that_is_no_report_is_understood(app: Flask, inbox: Inbox, w: World) -> None:
    message = w.message("H1", w.host, state="sent", sent_at=NOW)
    text = f"Hi. This is the qmail-send program.\n<{w.host.email}>:\n550 user unknown\n\n"
    text += f"Message-ID: <{message_id(message)}>"
    raw = mail("samen@example.org", text, "MAILER-DAEMON@example.org").as_bytes()

    assert taken_in(raw) == ["failed"]
    assert w.host.address_failed_at == NOW


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Subject": "Automatisch antwoord: de bijeenkomst"},
        {"Subject": "Abwesenheitsnotiz: Treffen"},
        {"Subject": "Out of office"},
        {"X_Autoreply": "yes"},
        {"Precedence": "bulk"},
    ],
)
def test_whoever_is_away_is_left_alone(app: Flask, inbox: Inbox, w: World, headers: dict[str, str]) -> None:
    assert taken_in(mail(address_of(w, w.host), "I am away", **headers).as_bytes()) == ["ignored"]
    assert db.session.scalars(select(Message)).all() == []


def test_what_a_person_wrote_goes_to_the_manager_once(app: Flask, inbox: Inbox, w: World) -> None:
    raw = mail(address_of(w, w.host), "Mag ik iemand meenemen?\nGroet, Anna", Subject="Een vraag").as_bytes()
    inbox.put(raw, raw)
    db.session.commit()
    empty_mailbox()

    rows = db.session.scalars(select(Message).where(Message.kind == "X3")).all()
    assert [(row.person_id, row.network_id) for row in rows] == [(w.manager.id, w.network.id)]
    assert rows[0].params["text"] == "Mag ik iemand meenemen?\nGroet, Anna"
    assert inbox.holds() == {"toerbeurt-forwarded": 2}


def test_what_names_no_network_goes_to_who_runs_the_site(app: Flask, inbox: Inbox, w: World) -> None:
    admin = make.person(site_admin=True)
    taken_in(mail("samen@example.org").as_bytes())

    assert [row.person_id for row in db.session.scalars(select(Message))] == [admin.id]


def test_killed_between_keeping_and_moving_nothing_is_done_twice(app: Flask, inbox: Inbox, w: World) -> None:
    raw = mail(address_of(w, w.host), "Only once", Subject="x").as_bytes()
    taken_in(raw)  # and then the power went
    inbox.put(raw)
    empty_mailbox()

    assert len(db.session.scalars(select(Message)).all()) == 1
    assert inbox.holds() == {"toerbeurt-forwarded": 1}


def test_names_of_mails_are_kept_for_some_months_only(app: Flask, inbox: Inbox, w: World) -> None:
    taken_in(mail(address_of(w, w.host), "away", Subject="Out of office").as_bytes())
    kept = []
    for days in (119, 121):
        keep_house(clock.now() + timedelta(days=days))
        kept.append(len(db.session.scalars(select(Received)).all()))

    assert kept == [1, 0]


def nested(depth: int) -> bytes:
    opening = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return b"From: a@example.org\r\nTo: samen@example.org\r\n" + opening + b"\r\nx\r\n"


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("zeros", b"0" * 50_000_000)
    made = mail("samen@example.org", "look")
    made.add_attachment(packed.getvalue(), maintype="application", subtype="zip", filename="x.zip")
    return made.as_bytes()


HOSTILE = {
    "bomb": bomb(),
    "huge": b"Subject: huge\r\n\r\n" + b"x" * 3_000_000,
    "nested": nested(3000),
    "charset": b"Subject: =?no-such-set?q?x?=\r\nContent-Type: text/plain; charset=no-such-set\r\n\r\n\xff\xfe",
    "headers": b"".join(b"X-%d: y\r\n" % n for n in range(50_000)) + b"\r\n",
    "nothing": b"\r\n",
    "bytes": bytes(range(1, 256)) * 50,
    "parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 20_000,
    "calendar": b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + b'A;B="' * 20_000,
    "status": b"Content-Type: message/delivery-status\r\n\r\n" + b"Action: failed\r\n\r\n" * 5000,
}


def test_hostile_mails_harm_nobody_and_stay_readable(app: Flask, inbox: Inbox, w: World) -> None:
    inbox.put(*HOSTILE.values(), mail(address_of(w, w.host), "After all that", Subject="fine").as_bytes())
    db.session.commit()

    assert empty_mailbox() == len(HOSTILE) + 1
    assert sum(inbox.holds().values()) == len(HOSTILE) + 1
    assert "INBOX" not in inbox.holds()
    assert [row.params["subject"] for row in db.session.scalars(select(Message).where(Message.kind == "X3"))] == [
        "fine"
    ]


def test_the_clock_empties_the_mailbox_and_waits_where_it_cannot(app: Flask, inbox: Inbox, w: World) -> None:
    inbox.put(answer(w, address_of(w, w.host)))
    db.session.commit()
    with warned() as said:
        run(app, "inbox")
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], inbox_url="imap://samen:secret@127.0.0.1:9")
        run(app, "inbox")

    assert answers() == {w.host.id: "yes"}
    assert [line.partition(":")[0] for line in said] == ["the mailbox cannot be read"]


def test_without_a_mailbox_the_clock_has_no_such_job(app: Flask) -> None:
    assert Worker(app).scheduler.get_job("inbox") is None


def test_the_doctor_tries_the_mailbox(app: Flask, inbox: Inbox) -> None:
    (line,) = [each for each in doctor.look(clock.now()) if each.what == "inbox"]

    assert (line.good, line.says) == (True, "the mailbox on 127.0.0.1 can be read; nothing waits in it")


def test_the_doctor_says_when_it_cannot_be_read_and_keeps_the_password(app: Flask, inbox: Inbox) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], inbox_url=inbox.url.replace("secret", "wrong-one"))
    (line,) = [each for each in doctor.look(clock.now()) if each.what == "inbox"]

    assert not line.good
    assert "wrong-one" not in line.says
