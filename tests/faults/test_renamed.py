"""A new version in which a kind of mail is gone or called otherwise: its rows fail with a sentence, nothing stops."""

from flask import Flask

from app import clock
from app.extensions import db
from app.mail.models import Message
from app.worker import deliver
from tests import make
from tests.fakes import Relay
from tests.reminders.world import world

SENTENCE = "This version of Toerbeurt knows no mail of the kind ZZ9."


def test_a_row_of_a_kind_that_is_gone_fails_and_the_others_leave(app: Flask, gate: Relay) -> None:
    w = world()
    for kind in ("ZZ9", "D2", "ZZ9"):
        w.message(kind, w.host, due_at=clock.now())
    died = {"state": "sending", "token": "x", "lease_until": clock.now(), "due_at": clock.now()}
    w.message("ZZ9", w.preparer, **died)

    sent = deliver(5)

    db.session.expire_all()
    rows = db.session.query(Message).order_by(Message.id)
    failed = ("failed", SENTENCE)
    assert (sent, [(row.state, row.error) for row in rows]) == (1, [failed, ("sent", None), failed, failed])


def test_the_outbox_shows_what_nobody_can_write_any_more(app: Flask) -> None:
    w = world()
    row = w.message("ZZ9", w.host, due_at=clock.now())
    mia = make.browser(app, w.manager)

    pages = [mia.get(path).status_code for path in ("/outbox", f"/outbox/{row.id}", f"/networks/{w.network.slug}")]

    assert pages == [200, 200, 200]
