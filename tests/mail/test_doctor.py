"""What `doctor` says of the relay: it comes as far as a mail's sender, and keeps the password to itself."""

from dataclasses import replace
from socketserver import BaseRequestHandler, TCPServer
from threading import Thread

import pytest
from click.testing import Result
from flask import Flask

from app.cli import cli
from tests.fakes import Hasty, Relay, free_port

SECRET = "pa/ss#wörd"


def examined(app: Flask, monkeypatch: pytest.MonkeyPatch, url: str, sender: str = "net@org.example") -> Result:
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], mail_url=url, mail_from=sender))
    return app.test_cli_runner().invoke(cli, ["doctor"])


def mail_line(done: Result) -> str:
    return next(line for line in done.output.splitlines() if "relay" in line)


def test_a_relay_that_takes_the_sender_is_well_and_gets_nothing(
    app: Flask, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = mail_line(examined(app, monkeypatch, relay.url))

    assert "takes mail from net@org.example" in line
    assert (relay.envelopes, relay.connections) == ([], 1)


def test_a_relay_that_does_not_take_the_sender_is_no_good(
    app: Flask, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay.mail["*"] = "550 not from here"

    done = examined(app, monkeypatch, relay.url)

    assert (done.exit_code, "takes no mail from net@org.example: mail: 550 not from here" in done.output) == (1, True)


@pytest.mark.parametrize("text", [SECRET, "plain-secret"])
def test_a_relay_that_cannot_be_signed_in_to_is_told_without_the_password(
    app: Flask, hasty: Hasty, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    quoted = text.replace("/", "%2F").replace("#", "%23").replace("ö", "%C3%B6")

    done = examined(app, monkeypatch, hasty.url.replace("//", f"//me:{quoted}@"))

    assert (done.exit_code, "takes no mail" in done.output) == (1, True)
    assert [part for part in (text, quoted, "ss#w", "Traceback") if part in done.output] == []
    assert isinstance(done.exception, SystemExit)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_relay_that_is_not_there_is_one_line(app: Flask, monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    done = examined(app, monkeypatch, f"{scheme}://me:{SECRET[:2]}@127.0.0.1:{free_port()}")

    assert (done.exit_code, mail_line(done).count("takes no mail from")) == (1, 1)


class Telltale(BaseRequestHandler):
    """A relay that turns everybody away, with their password in its words."""

    def handle(self) -> None:
        self.request.sendall(b"554 nobody with plain-secret or plain%2Dsecret\r\n")


def test_a_password_a_relay_repeats_is_not_repeated(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with TCPServer(("127.0.0.1", 0), Telltale) as server:
        Thread(target=server.handle_request, daemon=True).start()
        done = examined(app, monkeypatch, f"smtp://me:plain%2Dsecret@127.0.0.1:{server.server_address[1]}")

    assert ("554" in done.output, "secret" in done.output) == (True, False)
