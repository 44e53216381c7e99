"""A programme of one manager, walked through its pages and the links of its mails."""

import re
from datetime import UTC, datetime
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.letters.kinds import KINDS
from app.meetings.models import Meeting
from app.meetings.queries import cycle_of, meetings_of_year
from app.networks.models import Network, Organisation, Programme
from app.people.links import personal_token
from app.people.models import Person
from tests import make
from tests.forms import forms_of
from tests.planning import years

NOVEMBER = datetime(2026, 11, 24, 9, tzinfo=UTC)
ASKED = {"months": list(range(1, 13)), "start": "11:00", "preparers": "1", "min_gap": "14", "nth": ""}


class Journey:
    """A programme of one manager, walked through its pages and the links of its mails."""

    def __init__(self, app: Flask, clock: time_machine.Traveller, language: str, region: str) -> None:
        self.app, self.clock = app, clock
        self.programme: Programme = make.programme(language=language, region=region)
        self.manager = make.programme_manager(programme=self.programme, language=language)
        self.network: Network

    @property
    def desk(self) -> FlaskClient:
        """The manager's browser, signed in anew: managers sign in again after quiet hours."""
        return make.browser(self.app, self.manager)

    def founded(self, names: list[str], **values: str) -> None:
        """A network and its organisations, each with one contact, over the manager's pages."""
        usual = {"region": self.programme.region or "", "state": "active", "timezone": "Europe/Berlin", "pulse": "y"}
        desk = self.desk
        answer = desk.post(
            f"/programmes/{self.programme.slug}/networks/new", data=usual | {"size_wanted": str(len(names))} | values
        )
        for number, name in enumerate(names):
            data = {"organisation": name, "joined": "2026-06-01", "first_name": f"Contact{number}"}
            place = {"room": "Hall", "seats": "30"}
            where = f"{answer.location}/organisations"
            desk.post(where, data={**data, **place, "email": f"contact{number}@{self.programme.slug}.example.org"})
        self.network = db.session.scalars(select(Network).where(Network.name == values["name"])).one()

    def published(self, **asked: Any) -> list[Meeting]:
        """The year planned, looked at and published with its filled buttons."""
        path, desk = f"/networks/{self.network.slug}/years/2027", self.desk
        shown = years.hidden(desk.get(f"{path}/plan").text)
        desk.post(f"{path}/proposal", data={**shown, **ASKED, **asked})
        desk.post(f"{path}/publication", data=years.hidden(desk.get(f"{path}/publication").text))
        cycle = cycle_of(self.network, 2027)
        assert cycle is not None
        return meetings_of_year(cycle)

    def contact(self, organisation: Organisation | None) -> Person:
        assert organisation is not None
        members = {member.organisation_id: member for member in self.network.memberships}
        return members[organisation.id].people[0]

    def mail(self, kind: str, person: Person, meeting: Meeting) -> tuple[str, str]:
        """Text of a mail and where its button leads."""
        row = make.message(person=person, kind=kind, network_id=self.network.id, meeting_id=meeting.id)
        said = KINDS[kind].render([row], datetime.now(UTC))
        button = re.search(r'class="button".*?href="http://localhost([^"#]+)', said.html, re.DOTALL)
        assert button
        return said.text, button[1]

    def filled(self, path: str, **values: str) -> str:
        """The longest form of a page, sent as it comes but for these values."""
        client = self.app.test_client()
        form = max(forms_of(client.get(path).text), key=lambda each: len(each.same))
        data = {name: value for name, value in form.same.items() if name not in ("insert", "publish")}
        answer = client.post(form.action or path, data=data | values, follow_redirects=True)
        assert answer.status_code == 200, answer.text[-2000:]
        return answer.text

    def inserted(self, path: str, form: str) -> str:
        """The programme a working form begins, as its page shows it after one press."""
        page = self.app.test_client().post(path, data={"insert": form}).text
        return next(each.same["running_order"] for each in forms_of(page) if "running_order" in each.same)

    def link(self, person: Person, page: str) -> str:
        return f"/me/{personal_token(person)}{page}"
