"""A body is read whole before any lock, and not for ever."""

import io
import socket
import time

import pytest
from flask import Flask

from app.extensions import db
from app.people.links import unsubscribe_token
from tests import make
from tests.faults.machines import Web


def _dripping(port: int) -> socket.socket:
    """A form that has begun and goes on a byte at a time."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 900\r\n\r\nemail="
    )
    return connection


def test_a_form_that_arrives_byte_by_byte_lets_others_write(app: Flask) -> None:
    person = make.person()
    db.session.commit()
    token = unsubscribe_token(person.id)
    db.session.rollback()
    web = Web(app)
    web.start_and_wait()
    try:
        with _dripping(web.port) as slow:
            for _ in range(3):
                slow.sendall(b"a")
                assert web.ask(f"/stop-mails/{token}", "POST") == 200
                time.sleep(0.3)
    finally:
        web.kill()


def test_a_body_that_does_not_end_is_answered_in_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "BODY_SECONDS", 0.2)
    here, there = socket.socketpair()
    with here, there, here.makefile("rb") as sent:
        there.sendall(b"email=")
        answer = app.test_client().post(
            "/sign-in",
            environ_overrides={"gunicorn.socket": here, "wsgi.input": sent, "CONTENT_LENGTH": "900"},
            content_type="application/x-www-form-urlencoded",
        )
    assert answer.status_code == 408
    assert "took too long to arrive" in answer.text


def test_a_form_that_is_too_large_is_refused_before_anything_is_looked_up(app: Flask) -> None:
    answer = app.test_client().post("/sign-in", data={"email": io.BytesIO(b"x" * 2_000_000).read()})
    assert answer.status_code == 413
