"""Builders of rows: keyword-only, no surprises. Each adds and flushes, none commits."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.attendance.models import Attendance
from app.availability.models import Absence, ClosedPeriod
from app.calendars import actions as calendars
from app.calendars.models import FeedLink
from app.closing.models import Stay
from app.extensions import Base, db
from app.guests.models import Guest
from app.importing.models import Import, ImportFile
from app.jobs.models import Job
from app.joining.models import JoinRequest
from app.library.models import Link
from app.mail.models import Message
from app.meetings.models import Cycle, Duty, Meeting, TurnWish
from app.networks.models import Contact, Deputy, Membership, Network, Organisation, Programme, Role, Room
from app.people.links import digest, new_secret
from app.people.models import BrowserSession, Person
from app.privacy.models import Erasure
from app.results.models import Agreement
from app.rounds.models import CandidateDate, DateRound
from app.swaps.models import Swap, SwapOffer
from app.topics.models import Reply, Topic, TopicWish

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
Added = TypeVar("Added", bound=Base)
_number = count(1)


def _added(row: Added, *others: Base) -> Added:
    db.session.add_all([row, *others])
    db.session.flush()
    return row


def programme(**values: Any) -> Programme:
    n = next(_number)
    return _added(Programme(**{"slug": f"programme-{n}", "name": f"Programme {n}", "region": "NL-Midden", **values}))


def network(*, programme: Programme | None = None, **values: Any) -> Network:
    n = next(_number)
    given = {"slug": f"network-{n}", "name": f"Network {n}", "programme": programme or globals()["programme"]()}
    return _added(Network(**{**given, **values}))


def organisation(*, programme: Programme, **values: Any) -> Organisation:
    return _added(_organisation(programme=programme, **values))


def _organisation(**values: Any) -> Organisation:
    return Organisation(**{"name": f"Organisation {next(_number)}", **values})


def person(**values: Any) -> Person:
    return _added(_person(**values))


def _person(**values: Any) -> Person:
    n = next(_number)
    given = {"first_name": f"First{n}", "last_name": f"Last{n}", "email": f"person{n}@example.org", "language": "en"}
    return Person(**{**given, **values})


def room(*, organisation: Organisation, **values: Any) -> Room:
    return _added(_room(organisation=organisation, **values))


def _room(**values: Any) -> Room:
    return Room(**{"name": "Garden room", "seats": 30, **values})


def membership(
    *,
    network: Network,
    organisation: Organisation | None = None,
    people: int = 1,
    seats: int | None = 30,
    **values: Any,
) -> Membership:
    """An organisation in a network with `people` contacts, and a room when `seats` is given. Written at one go."""
    organisation = organisation or _organisation(programme=network.programme)
    rooms = [_room(organisation=organisation, seats=seats)] if seats and not organisation.rooms else []
    db.session.add_all([organisation, *rooms])  # what is looked up meanwhile flushes
    row = Membership(**{"network": network, "organisation": organisation, "joined": date(2025, 1, 1), **values})
    db.session.add(row)
    contacts = [Contact(membership=row, person=_person(), position=position) for position in range(people)]
    return _added(row, *contacts)


def contact(*, membership: Membership, person: Person | None = None, position: int = 0) -> Contact:
    return _added(Contact(membership=membership, person=person or _person(), position=position))


def manager(*, network: Network, **values: Any) -> Person:
    row = _person(**values)
    return _added(row, Role(person=row, programme=network.programme, network=network, role="network_manager"))


def programme_manager(*, programme: Programme, **values: Any) -> Person:
    row = _person(**values)
    return _added(row, Role(person=row, programme=programme, role="programme_manager"))


def absence(*, organisation: Organisation, **values: Any) -> Absence:
    return _added(Absence(organisation=organisation, **values))


def meeting(*, network: Network, starts_at: datetime, **values: Any) -> Meeting:
    """A published meeting of three hours in the cycle of its year."""
    cycle = db.session.query(Cycle).filter_by(network_id=network.id, year=starts_at.year).first()
    cycle = cycle or _added(Cycle(network=network, year=starts_at.year, published=1))
    given = {"mode": "in-person", "ends_at": starts_at + timedelta(hours=3), "changed_at": NOW}
    return _added(Meeting(**{"cycle": cycle, "network": network, "starts_at": starts_at, **given, **values}))


def duty(*, meeting: Meeting, organisation: Organisation, kind: str = "host", **values: Any) -> Duty:
    given = {"meeting": meeting, "organisation": organisation, "kind": kind, "owed_by_id": organisation.id}
    return _added(Duty(**{**given, **values}))


def offer(*, duty: Duty, to: Organisation, in_return: Meeting | None = None, **values: Any) -> SwapOffer:
    """A request about a turn, open for a week, asked of one organisation."""
    meeting = duty.meeting
    given = {"network_id": meeting.network_id, "meeting": meeting, "kind": duty.kind, "organisation": duty.organisation}
    times = {"asked_at": clock.now(), "expires_at": clock.now() + timedelta(days=7)}
    swap = _added(Swap(**{**given, **times, **values}))
    return _added(SwapOffer(swap=swap, organisation=to, meeting=in_return))


def attendance(*, meeting: Meeting, person: Person, answer: str = "yes") -> Attendance:
    return _added(Attendance(meeting=meeting, person=person, answer=answer, answered_at=NOW))


def guest(*, meeting: Meeting, **values: Any) -> Guest:
    """Somebody who asked for a place at a meeting."""
    n = next(_number)
    given = {"name": f"Guest {n}", "email": f"guest{n}@example.org", "language": "en", "asked_at": NOW}
    return _added(Guest(meeting=meeting, **{**given, **values}))


def agreement(*, meeting: Meeting, text: str, **values: Any) -> Agreement:
    return _added(Agreement(meeting=meeting, network_id=meeting.network_id, text=text, **values))


def date_round(*, network: Network, days: list[date], **values: Any) -> DateRound:
    given = {"year": days[0].year, "until": days[0], "dates": [CandidateDate(day=day) for day in days]}
    return _added(DateRound(**{"network": network, **given, **values}))


def stay(*, membership: Membership, year: int, **values: Any) -> Stay:
    return _added(Stay(membership=membership, year=year, **({"asked_at": NOW} | values)))


def turn_wish(*, membership: Membership, **values: Any) -> TurnWish:
    given = {"network_id": membership.network_id, "organisation_id": membership.organisation_id, "year": 2027}
    return _added(TurnWish(**{**given, "kind": "host", "asked_at": NOW, **values}))


def topic(*, network: Network, matters_to: Sequence[Person] = (), **values: Any) -> Topic:
    given = {"title": f"Topic {next(_number)}", "created_at": NOW}
    row = _added(Topic(network=network, **{**given, **values}))
    for each in matters_to:
        _added(TopicWish(topic_id=row.id, person_id=each.id))
    return row


def reply(*, topic: Topic, person: Person | None = None, **values: Any) -> Reply:
    given = {"text": f"Answer {next(_number)}", "created_at": NOW, "person_id": person.id if person else None}
    return _added(Reply(topic=topic, **{**given, **values}))


def link(*, network: Network, **values: Any) -> Link:
    n = next(_number)
    given = {"url": f"https://example.org/{n}", "title": f"Guide {n}", "added_at": NOW}
    return _added(Link(network=network, **{**given, **values}))


def join_request(*, network: Network | None = None, programme: Programme | None = None, **values: Any) -> JoinRequest:
    """Confirmed, unless it is said otherwise; of a stranger with an address of their own."""
    n = next(_number)
    whose = network.programme if network else programme
    given = {"organisation": f"Newcomer {n}", "first_name": f"Stranger{n}", "state": "open", "asked_at": NOW}
    about = {"programme": whose, "network": network, "confirmed_at": NOW}
    about |= {"email": f"stranger{n}@example.org", "language": "en"}
    return _added(JoinRequest(**{**given, **about, **values}))


def job(*, programme: Programme, **values: Any) -> Job:
    given = {"kind": "plan-all", "params": {"year": 2027, "again": False}, "asked_at": NOW}
    return _added(Job(**{"programme": programme, **given, **values}))


def erasure(*, person: Person, programme: Programme, **values: Any) -> Erasure:
    return _added(Erasure(person=person, programme=programme, **{"day": date(2027, 6, 1), **values}))


def message(*, person: Person, **values: Any) -> Message:
    n = next(_number)
    given = {"kind": "D2", "key": f"key-{n}", "due_at": NOW, "created_at": NOW, "person_id": person.id}
    return _added(Message(**{**given, **values}))


def session(*, person: Person, secret: str = "") -> BrowserSession:
    at, secret = clock.now(), secret or new_secret()
    return _added(BrowserSession(person=person, secret_hash=digest(secret), started_at=at, seen_at=at, browser="test"))


def browser(app: Flask, person: Person) -> FlaskClient:
    """A browser in which the person is signed in."""
    client = app.test_client()
    secret = new_secret()
    session(person=person, secret=secret)
    db.session.commit()
    with client.session_transaction() as cookie:
        cookie["sid"] = secret
    return client


def feed_link(*, person: Person, network: Network | None = None) -> FeedLink:
    return calendars.feed_link(person, "network" if network else "mine", network, clock.now())


def closed_period(*, programme: Programme, **values: Any) -> ClosedPeriod:
    given = {"name": "Carnival", "first": date(2027, 2, 8), "last": date(2027, 2, 12)}
    return _added(ClosedPeriod(programme=programme, **{**given, **values}))


def role(*, programme: Programme, network: Network | None = None) -> Role:
    kind = "network_manager" if network else "programme_manager"
    return _added(Role(person=person(), programme=programme, network=network, role=kind))


def role_of(person: Person, *, network: Network) -> Role:
    return _added(Role(person=person, programme=network.programme, network=network, role="network_manager"))


def deputy(*, programme: Programme, manager: Person, deputy: Person | None = None, **values: Any) -> Deputy:
    """Another manager of the programme stands in for `manager`."""
    deputy = deputy or programme_manager(programme=programme)
    return _added(Deputy(programme=programme, manager=manager, deputy=deputy, **values))


def import_(*, programme: Programme) -> Import:
    """An import that was looked over but not stored: one organisation in one network."""
    row = Import(programme=programme, at=NOW, answers={})
    row.files = [ImportFile(name="members.csv", content=b"organisation;network\nHuize Zon;Care\n")]
    return _added(row)
