"""A small network with one meeting, as most tests of mails need it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Meeting
from app.networks.models import Network
from app.people.models import Person
from tests import make

NOW = make.NOW
THURSDAY = datetime(2027, 4, 15, 11, 0, tzinfo=UTC)  # 13:00 in Amsterdam


@dataclass
class World:
    network: Network
    meeting: Meeting
    manager: Person
    host: Person
    substitute: Person
    preparer: Person

    def message(self, kind: str, person: Person, **values: Any) -> Message:
        given = {"kind": kind, "network_id": self.network.id, "meeting_id": self.meeting.id, "due_at": NOW}
        row = make.message(person=person, **{**given, **values})
        db.session.commit()
        return row


def world(language: str = "en", name_of_network: str = "Noord", **values: Any) -> World:
    """De Linde in Utrecht hosts (Anna, then Bert), De Berk prepares (Cas); Mia manages."""
    again = "" if name_of_network == "Noord" else f"{name_of_network} ".lower()
    programme = make.programme(name=f"Samen{again}", sender_name="Samen", sender_email="samen@example.org")
    network = make.network(programme=programme, name=name_of_network)
    manager = make.manager(network=network, first_name="Mia", last_name="Mol", phone="06 1", language=language)
    linde = make.organisation(programme=programme, name="De Linde", town="Utrecht")
    berk = make.organisation(programme=programme, name="De Berk", town="Zeist")
    people = {
        name: make.person(
            first_name=name,
            last_name="de Vries",
            email=f"{again}{name}@example.org".lower().replace(" ", "."),
            language=language,
        )
        for name in ("Anna", "Bert", "Cas")
    }
    people["Anna"].phone = "06 2"
    for organisation, names in ((linde, ("Anna", "Bert")), (berk, ("Cas",))):
        member = make.membership(network=network, organisation=organisation, people=0)
        for position, name in enumerate(names):
            make.contact(membership=member, person=people[name], position=position)
    room = linde.rooms[0]
    room.address, room.directions = "Lindelaan 1", "Bus 5, parking behind the house."
    given = {"starts_at": THURSDAY, "room": room, "topic": "Reading together", **values}
    meeting = make.meeting(network=network, **given)
    if meeting.in_person:
        make.duty(meeting=meeting, organisation=linde)
    make.duty(meeting=meeting, organisation=berk, kind="preparation")
    db.session.commit()
    return World(network, meeting, manager, people["Anna"], people["Bert"], people["Cas"])
