"""How the relay is spoken to: passwords, rates, several commands in one packet."""

import time
from dataclasses import replace

import pytest
from flask import Flask

from app.mail.sending import deliver
from app.mail.transports import Envelope, RelayDown, Smtp, pause
from tests.fakes import Quick, Relay
from tests.reminders.world import world


def test_a_password_never_goes_over_a_line_without_tls(relay: Relay) -> None:
    line = Smtp(relay.url.replace("//", "//me:secret@"))
    with pytest.raises(RelayDown, match="no TLS, so the password is kept"):
        line.begin(Envelope("a@example.org", "b@example.org"), lambda: None)


def test_a_relay_that_offers_tls_and_has_none_gets_mails_but_no_password(quick: Quick) -> None:
    quick.offers = "STARTTLS"
    line = Smtp(quick.url)
    line.begin(Envelope("a@example.org", "b@example.org"), lambda: None)
    assert line.finish("m-1", b"Subject: one\r\n\r\n", None, lambda: None) == 250
    line.close()
    with pytest.raises(RelayDown, match="no TLS, so the password is kept"):
        Smtp(quick.url.replace("//", "//me:secret@")).begin(Envelope("a@b.example", "c@d.example"), lambda: None)


@pytest.mark.parametrize(("url", "seconds"), [("smtp://relay?rate=120", 0.5), ("smtp://relay", 0)])
def test_the_rate_of_a_relay_is_said_in_its_address(url: str, seconds: float) -> None:
    assert pause(url) == seconds


def test_mails_keep_the_pace_of_the_relay(app: Flask, relay: Relay) -> None:
    w = world()
    for person in (w.host, w.preparer, w.substitute):
        w.message("D2", person)
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], mail_url=f"{relay.url}?rate=300")
    began = time.perf_counter()
    assert (deliver(5), time.perf_counter() - began >= 0.4) == (3, True)
