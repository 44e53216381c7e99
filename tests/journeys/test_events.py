"""Dated stories of a real-looking programme, each by plan, feed, mails sent and mails not sent."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.audit import Audit
from app.availability.actions import add_closed_period
from app.calendars import actions as calendars
from app.calendars.current import networks_in
from app.calendars.rendering import render_feed
from app.errors import Refused
from app.extensions import db
from app.importing import actions as transfer
from app.mail.models import Message
from app.meetings import year_page
from app.meetings.models import Cycle
from app.meetings.queries import cycle_of, meetings_of_year
from app.networks.actions import found_programme
from app.networks.models import Network
from app.planning import actions as cycles
from app.planning import drafts
from app.planning.year_request import Wishes
from app.publishing import actions as publishing
from app.reminders.actions import reconcile_all
from tests.conftest import settings_in
from tests.planning import years

HERE = Path(__file__).parent
WORLD = HERE.parent / "importing" / "world"
STORIES = {story["kind"]: story for story in json.loads((HERE / "events_2027.json").read_text())}
TRUTH = {
    row["id"]: row
    for row in csv.DictReader((WORLD / "truth" / "networks.csv").read_text(encoding="utf-8").splitlines())
}
MODES = {"fysiek": "in-person", "online": "online", "hybride": "hybrid"}


def day_of(kind: str) -> datetime:
    return datetime.fromisoformat(STORIES[kind]["on"]).replace(hour=9, tzinfo=UTC)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = create_app(settings_in(tmp_path_factory.mktemp("site"), language="nl"))
    with app.app_context():
        db.create_all()
        workbook = next((WORLD / "manager").glob("*.xlsx"))
        programme = found_programme("Samenwijzer", language="nl", now=day_of("year_setup"))
        row = transfer.receive(programme, [(workbook.name, workbook.read_bytes())], day_of("year_setup"))
        transfer.complete(row, day_of("year_setup"))
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def put_back(site: Flask) -> Iterator[None]:
    """Each story begins with the imported programme: what it did is rolled back."""
    yield
    db.session.rollback()


def network(number: str) -> Network:
    return db.session.scalars(select(Network).where(Network.name == TRUTH[number]["name"])).one()


def wishes(number: str) -> Wishes:
    row = TRUTH[number]
    return Wishes(
        number=int(row["sessions_per_year"]),
        months=tuple(map(int, row["months"].split("|"))),
        weekdays=(int(row["weekday"]),),
        nth=row["nth"],
        start=time.fromisoformat(row["start"]),
        minutes=int(row["duration_min"]),
        mode=MODES[row["mode"]],
    )


def drafted(number: str, at: datetime) -> Cycle:
    cycle = cycles.open_year(network(number), 2027)
    cycles.propose(cycle, wishes(number), at)
    return cycle


def published(number: str, at: datetime) -> Cycle:
    cycle = drafted(number, at)
    publishing.publish(cycle, at, None)
    return cycle


def mails(kind: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == kind)))


def events(cycle: Cycle, at: datetime) -> list[Any]:
    """The network's feed as one of its participants sees it, rendered in this transaction."""
    person = next(p for m in cycle.network.members_on(date(2027, 1, 1)) for p in m.people if p.email)
    link = calendars.feed_link(person, "network", cycle.network, at)
    return list(icalendar.Calendar.from_ical(render_feed(link, networks_in(link, at), at)).walk("VEVENT"))


def test_year_setup(site: Flask) -> None:
    at = day_of("year_setup")

    draft = drafts.of(drafted("n01", at))

    assert draft is not None
    assert [row.date for row in draft.rows] == [
        date(2027, 2, 11),
        date(2027, 4, 8),
        date(2027, 6, 10),
        date(2027, 9, 9),
        date(2027, 11, 11),
    ]
    assert {reason.meeting for reason in draft.reasons} == {str(row.key) for row in draft.rows}
    assert all(
        meeting.host for meeting in year_page.of_network(network("n01"), at, 2026).meetings if not meeting.cancelled
    )
    assert mails("Y0") == []


def test_publish(site: Flask) -> None:
    cycle = published("n01", day_of("publish"))

    people = {p.id for m in cycle.network.members_on(date(2027, 1, 1)) for p in m.people if p.email}
    assert sorted(m.person_id for m in mails("Y0")) == sorted(people)
    assert len(events(cycle, day_of("publish"))) == 5


def test_republish_same(site: Flask) -> None:
    cycle = published("n01", day_of("publish"))
    before = [(m.id, m.sequence) for m in meetings_of_year(cycle)], len(mails("Y0"))

    again = publishing.publish(cycle, day_of("republish_same"), None)

    assert again is None
    assert ([(m.id, m.sequence) for m in meetings_of_year(cycle)], len(mails("Y0"))) == before


def test_double_booking(site: Flask) -> None:
    published("n01", day_of("double_booking"))

    draft = drafts.of(drafted("n13", day_of("double_booking")))

    assert draft is not None
    shared = {m.organisation_id for m in network("n01").memberships} & {
        m.organisation_id for m in network("n13").memberships
    }
    told = {
        int(organisation)
        for warning in draft.warnings
        if warning.code in ("organisation_elsewhere", "person_elsewhere")
        for organisation in warning.params["organisations"]
    }
    same_days = {date(2027, 4, 8), date(2027, 6, 10), date(2027, 9, 9), date(2027, 11, 11)} & {
        row.date for row in draft.rows
    }
    assert same_days
    assert told == shared
    assert publishing.publish(cycle_of(network("n13"), 2027), day_of("double_booking"), None)


def test_dst(site: Flask) -> None:
    cycle = published("n03", day_of("year_setup"))
    reconcile_all(day_of("year_setup"))

    hours = {meeting.local_start.strftime("%H:%M") for meeting in meetings_of_year(cycle)}
    around = [m for m in meetings_of_year(cycle) if m.day.month in (3, 4)]
    zone = cycle.network.zone
    ids = [m.id for m in meetings_of_year(cycle)]
    due = db.session.scalars(select(Message).where(Message.meeting_id.in_(ids)))
    assert hours == {"13:00"}
    assert [m.starts_at.hour for m in around] == [12, 11]
    assert {message.due_at.astimezone(zone).hour for message in due} == {8}


def test_holiday_week(site: Flask) -> None:
    at = day_of("year_setup")
    south = network("n05")
    carnival = {"name": "Carnaval", "first": date(2027, 2, 8), "last": date(2027, 2, 12), "source": "gemeente"}
    add_closed_period(south.programme, carnival, at)
    cycle = cycles.open_year(south, 2027)
    draft = cycles.propose(cycle, Wishes(number=1, months=(2,), weekdays=(1,)), at)
    avoided = draft.rows[0].date

    cycles.edit(cycle, {years.M1: {"date": date(2027, 2, 9)}}, {}, at)
    with pytest.raises(Refused):
        publishing.publish(cycle, at, None)
    publishing.publish(cycle, at, None, override="de zaal is alleen dan vrij")

    logged = db.session.scalars(select(Audit).where(Audit.verb == "publication")).all()
    assert avoided != "2027-02-09"
    assert [meeting.day for meeting in meetings_of_year(cycle)] == [date(2027, 2, 9)]
    assert [audit.values["overridden"] for audit in logged] == [1]
