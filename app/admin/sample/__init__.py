"""A sample programme of invented organisations and people, to look around in.

Its first network tells two years; of the others this year as far as it has come and what is planned. Addresses end in
.example, to which nothing is ever sent.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete

from app.admin.sample import invented, years
from app.admin.sample.invented import Sample
from app.availability.actions import add_absence
from app.extensions import db
from app.guests import actions as guest_actions
from app.guests import queries as guests
from app.guests.models import Guest
from app.mail.models import Message
from app.meetings.queries import meetings_of
from app.networks import actions as networks
from app.networks.models import Membership, Network, Organisation, Programme
from app.networks.queries import programme_by_name
from app.people.models import Person
from app.text import slugify

NAME = "Buurkracht Voorbeeld"
GERMAN_NAME = "Verbund Nachbarschaft Beispiel"
MANAGER_EMAIL = "marit@buurkracht.example"
Address = tuple[str, str, str, int]
SEATS, NOTICE = 3, timedelta(days=3)  # for guests; not at a meeting that is about to begin


def load(now: datetime, *, public: bool = False) -> Programme:
    """The sample programme beside a small German one, both of the same manager; loaded twice they are there once.

    `public`: whether strangers read about it at once; a site that looks around publishes nothing.
    """
    existing = programme_by_name(NAME)
    if existing is not None:
        return existing
    programme = _programme(NAME, "nl", "NL-Midden", now)
    manager = networks.person_for(programme, "Marit", "Oosterveld", MANAGER_EMAIL, now)
    networks.grant(manager, programme, None, now)
    organisations = [_organisation(programme, each, now) for each in invented.ORGANISATIONS]
    add_absence(organisations[3], {"weekday": 0, "reason": "teamoverleg"}, now)
    for sample in invented.NETWORKS:
        _network(programme, organisations, invented.PEOPLE, sample, now)
    teams = [_organisation(programme, each, now) for each in invented.TEAMS]
    _network(programme, teams, invented.TEAM_PEOPLE, invented.TEAM_THAT_LEARNS, now)
    _forming(programme, organisations, now)
    programme.public = public
    _open_doors(programme, now)
    _german(manager, now)
    return programme


def _programme(name: str, language: str, region: str, now: datetime) -> Programme:
    programme = networks.found_programme(name, language=language, now=now, region=region)
    programme.sender_name, programme.sender_email = name, MANAGER_EMAIL
    return programme


def _german(manager: Person, now: datetime) -> None:
    """An association whose members talk to each other for an hour a month."""
    programme = _programme(GERMAN_NAME, "de", "DE-NW", now)
    networks.grant(manager, programme, None, now)
    organisations = [_organisation(programme, each, now) for each in invented.GERMAN]
    _network(programme, organisations, invented.GERMAN_PEOPLE, invented.PEER_CALL, now)


def _organisation(programme: Programme, address: Address, now: datetime) -> Organisation:
    name, short, town, seats = address
    organisation = networks.organisation_for(programme, name, now, short_name=short, town=town)
    room, street = ("Grote zaal", "Dorpsstraat") if programme.language == "nl" else ("Saal", "Dorfstraße")
    networks.add_room(organisation, {"name": room, "seats": seats, "address": f"{street} {seats}, {town}"}, now)
    return organisation


def _network(
    programme: Programme,
    organisations: Sequence[Organisation],
    people: str,
    sample: Sample,
    now: datetime,
) -> None:
    link = f"https://video.example/{sample.start.replace(':', '')}" if sample.mode != "in-person" else ""
    given: dict[str, Any] = {"name": sample.name, "goal": sample.goal, "mode": sample.mode, "link": link}
    given |= {"region": programme.region, "year_begins": sample.begins}
    network = networks.found_network(programme, given, now)
    for index, organisation in enumerate(organisations[: sample.members]):
        _join(network, organisation, people, index, network.span(network.year_of(now.date()) - 1)[0], now)
    db.session.flush()
    db.session.refresh(network)
    years.live(network, sample, now)
    db.session.execute(delete(Message).where(Message.network_id == network.id))  # of what happened before


def _forming(programme: Programme, organisations: Sequence[Organisation], now: datetime) -> None:
    name, goal = invented.FORMING
    given = {"name": name, "goal": goal, "state": "forming", "region": programme.region}
    network = networks.found_network(programme, given, now)
    for index in (1, 4, 6):
        _join(network, organisations[index], invented.PEOPLE, index, date(now.year, 1, 1), now)


def _open_doors(programme: Programme, now: datetime) -> None:
    """All that strangers could read is there, and the next meeting of each network open to them; somebody comes."""
    programme.about = invented.ABOUT
    for network in programme.networks:
        network.public = True
        meeting = next((each for each in meetings_of([network.id], now + NOTICE) if each.ahead(now)), None)
        if meeting is not None:
            room = guests.seats_beyond(meeting)
            seats = SEATS if room is None else min(SEATS, room)
            guest_actions.open_door(meeting, {"open_to": "everybody", "guest_seats": seats}, now)
            known = {"confirmed_at": now, "seat": 1, "told": guest_actions.as_told(meeting)}
            db.session.add(Guest(meeting=meeting, asked_at=now, **known, **invented.GUEST))  # mails nobody


def _join(
    network: Network, organisation: Organisation, people: str, index: int, joined: date, now: datetime
) -> Membership:
    membership = networks.join(network, organisation, joined, now)
    names = [name.strip() for name in people.split(",")]
    for name in (names[index], names[index + len(names) // 2]):
        first, _space, last = name.partition(" ")
        email = f"{slugify(first)}@{slugify(organisation.short_name or 'org')}.example"
        networks.add_contact(membership, networks.person_for(network.programme, first, last, email, now), now)
    return membership
