"""A public programme with an open meeting, and strangers who come to it through its pages and their mails."""

import re
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.edge.web import settings
from app.extensions import db
from app.guests.models import Guest
from app.meetings.models import Meeting
from app.networks.models import Membership, Network, Programme
from app.people.links import personal_token
from app.people.models import Person
from app.worker import Worker, _retention, run_until_empty
from tests import make
from tests.forms import forms_of

NOW = make.NOW


class Open:
    """`meeting` is open to everybody, with two seats for guests, nine days ahead."""

    def __init__(self, app: Flask, clock: time_machine.Traveller) -> None:
        self.app, self.clock = app, clock
        self.programme: Programme = make.programme(
            name="Samen leren", public=True, sender_email="samen@example.org", shares_topics=True
        )
        self.network: Network = make.network(programme=self.programme, name="Noord", public=True, goal="Samen sterk")
        self.host: Membership = make.membership(network=self.network, people=2)
        self.host.organisation.town = "Zwolle"
        self.manager: Person = make.manager(network=self.network)
        room = make.room(organisation=self.host.organisation, seats=10, address="Laan 1", directions="Achterom")
        self.meeting: Meeting = make.meeting(
            network=self.network, starts_at=NOW + timedelta(days=9), topic="Vrijwilligers", room=room
        )
        make.duty(meeting=self.meeting, organisation=self.host.organisation)
        self.meeting.open_to, self.meeting.guest_seats = "everybody", 2
        db.session.commit()
        self.folder = Path(unquote(settings().mail_url.removeprefix("file:").removeprefix("//")))

    @property
    def page(self) -> str:
        return f"/p/{self.programme.slug}/{self.network.slug}/{self.meeting.id}"

    @property
    def desk(self) -> FlaskClient:
        """The manager's browser, signed in anew: managers sign in again after quiet hours."""
        return make.browser(self.app, self.manager)

    def ask(self, email: str, *, waits: float = 5, language: str = "en", **values: str) -> Any:
        """Somebody opens the form, takes a moment, and sends it."""
        db.session.commit()
        path, client = f"{self.page}/place?lang={language}", self.app.test_client()
        form = forms_of(client.get(path).text)[0].same
        self.clock.shift(timedelta(seconds=waits))
        return client.post(path, data={**form, "name": "Gerda Gast", "email": email, **values})

    def comes(self, email: str, **values: str) -> str:
        """Asked, and confirmed by the button behind the link in the mail; returns that link."""
        assert self.ask(email, **values).status_code == 200
        path = self.link_to(email)
        self.press(path)
        return path

    def night(self) -> None:
        """The worker keeps house."""
        db.session.commit()
        Worker(self.app)._guarded("retention", _retention)
        db.session.expire_all()

    def press(self, path: str, number: int = 0) -> Any:
        """One of the buttons of a guest's page."""
        client = self.app.test_client()
        form = forms_of(client.get(path).text)[number]
        return client.post(form.action, data=form.same)

    def mails(self, to: str = "") -> list[EmailMessage]:
        """What has left, in order, after the outbox is empty."""
        db.session.commit()
        run_until_empty(self.app)
        db.session.expire_all()
        files = sorted(self.folder.glob("m-*-g*.eml"), key=lambda file: int(file.stem.split("-")[1]))
        found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [each for each in found if isinstance(each, EmailMessage) and to in str(each["To"])]

    def link_to(self, email: str) -> str:
        """The guest's own page, as the newest mail to them leads there."""
        found = re.search(r"http://localhost(/guest/\S+)", text_of(self.mails(email)[-1]))
        assert found
        return found[1]

    def guests(self) -> dict[str, int | None]:
        """{address: seat} of those who have confirmed."""
        db.session.expire_all()
        rows = db.session.scalars(select(Guest).where(Guest.confirmed_at.is_not(None)).order_by(Guest.id))
        return {guest.email: guest.seat for guest in rows}

    def link(self, person: Person, page: str) -> str:
        return f"/me/{personal_token(person)}{page}"

    def at(self, moment: datetime) -> None:
        self.clock.move_to(moment, tick=False)


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")
