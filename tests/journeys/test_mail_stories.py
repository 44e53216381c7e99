"""Dated stories about mail: a server that was off, summer, snow, a contact who left, a manager away."""

from datetime import UTC, date, datetime, timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from app.availability.queries import closed_days
from app.deputies.actions import stand_in
from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.meetings import balances
from app.meetings.queries import meetings_of_year
from app.networks.queries import managed_networks
from app.planning import actions as cycles
from app.portfolio.letters import KINDS as DIGEST
from app.publishing import actions as publishing
from app.reminders.actions import plan_digests, reconcile_all
from app.reminders.manager_mails import tell_of_bounces
from tests import make
from tests.journeys.test_events import TRUTH, day_of, events, mails, network, published, put_back, site
from tests.journeys.test_turn_events import addressed, ids, leaving, left, member

__all__ = ["put_back", "site"]
PLANNED = Message.state == "planned"


def test_server_down(site: Flask) -> None:
    """Off from Friday 18:00 to Monday 09:00; a meeting began on Monday before it was up again."""
    up = day_of("server_down") + timedelta(days=3, hours=-2)  # Monday 2027-04-05, 09:00 on the wall
    cycle = published("n09", day_of("year_setup"))
    on = {"network": cycle.network, "mode": "in-person"}
    over = make.meeting(starts_at=datetime(2027, 4, 5, 6, 30, tzinfo=UTC), topic="Voorbij", **on)
    soon = make.meeting(starts_at=datetime(2027, 4, 7, 12, tzinfo=UTC), topic="Morgen", **on)
    organisation = cycle.network.memberships[0].organisation
    for meeting in (over, soon):
        make.duty(meeting=meeting, organisation=organisation, confirmed_at=up)
    cycle.network.changed(up)
    reconcile_all(datetime(2027, 4, 2, 15, tzinfo=UTC))  # the last round before it went off

    of_over, of_soon = leaving(up, over), leaving(up, soon)

    planned = db.session.scalars(select(Message).where(Message.meeting_id == over.id, PLANNED)).all()
    assert planned
    assert of_over == []
    letters = [kind[0] + str(person) for kind, person in of_soon]
    assert "D2" in [kind for kind, _person in of_soon]
    assert len(letters) == len(set(letters))
    reminder = db.session.scalars(select(Message).where(Message.meeting_id == soon.id, Message.kind == "D2")).first()
    assert reminder is not None
    assert KINDS["D2"].render([reminder], up).subject.startswith("Tot overmorgen")
    assert KINDS["D2"].render([reminder], up + timedelta(days=1)).subject.startswith("Tot morgen")


def test_preparer_left_job(site: Flask) -> None:
    at = day_of("preparer_left_job")
    cycle = published("n06", day_of("year_setup"))
    manager = make.manager(network=cycle.network, language="nl")
    meeting = next(m for m in meetings_of_year(cycle) if m.day > at.date() + timedelta(days=28))
    duty = next(d for d in meeting.preparation_duties if len(member(d).people) > 1)
    gone, substitute = member(duty).people[:2]
    reconcile_all(day_of("year_setup"))
    mail = next(m for m in mails("P1") if m.meeting_id == meeting.id and m.person_id == gone.id)
    mail.state, mail.reply_code, mail.due_at = "failed", 550, at - timedelta(hours=1)
    gone.address_failed_at = at
    db.session.flush()

    tell_of_bounces(at)
    reconcile_all(at)

    waiting = db.session.scalars(select(Message).where(Message.meeting_id == meeting.id, PLANNED)).all()
    told = [m for m in mails("X2") if m.person_id == manager.id]
    assert duty.organisation == member(duty).organisation
    assert [m.person_id for m in waiting if m.kind[0] == "P" and m.person_id in {gone.id, substitute.id}]
    assert gone.id not in {m.person_id for m in waiting if m.kind[0] in "PD"}
    assert {m.person_id for m in waiting if m.kind[0] == "P"} >= {substitute.id}
    assert [KINDS["X2"].still_true(m, at) for m in told] == [True]
    assert gone.name in KINDS["X2"].render(told, at).text


def test_quiet_summer(site: Flask) -> None:
    at = day_of("quiet_summer")
    years = [published(number, day_of("year_setup")) for number in ("n01", "n03", "n07", "n09", "n11")]
    reconcile_all(at)

    loud = []
    for cycle in years:
        days = closed_days(cycle.network, date(2027, 7, 1), date(2027, 9, 15)).school
        for meeting in meetings_of_year(cycle):
            rows = db.session.scalars(select(Message).where(Message.meeting_id == meeting.id, PLANNED))
            due = [m.due_at.astimezone(cycle.network.zone).date() for m in rows if m.kind[0] in "HPD"]
            loud += [(meeting.day, day) for day in due if day in days and (meeting.day - day).days > 14]
    assert db.session.scalars(select(Message).where(PLANNED, Message.kind == "D1")).all()
    assert loud == []


def test_snow_online(site: Flask) -> None:
    at = day_of("snow_online")
    cycle = published("n07", day_of("year_setup"))
    reconcile_all(day_of("year_setup"))
    left(at)
    meeting = next(m for m in meetings_of_year(cycle) if m.day == at.date() + timedelta(days=1))
    host, before = meeting.host, next(e for e in events(cycle, at) if e["UID"] == f"meeting-{meeting.id}@localhost")
    assert host is not None
    before_owed = balances.balances(cycle.network, [meeting])[host.id][0]

    values = {"mode": "online", "host": None, "room_id": None, "link": "https://meet.example.org/n07"}
    publishing.amend(cycle, cycles.amended(cycle, {meeting.id: values}, "Code oranje", at), at, None, override="sneeuw")
    reconcile_all(at)
    after = next(e for e in events(cycle, at) if e["UID"] == f"meeting-{meeting.id}@localhost")

    told = [m for kind in ("C1", "K2") for m in mails(kind) if m.due_at <= at]  # K2: who would have hosted
    letter = KINDS["C1"].render([told[0]], at)
    assert sorted(m.person_id for m in told) == addressed(cycle, meeting)
    assert (letter.urgent, "Code oranje" in letter.text) == (True, True)
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert "https://meet.example.org/n07" in after.to_ical().decode().replace("\r\n ", "")
    assert meeting.host is None
    assert (before_owed > 0, balances.balances(cycle.network, [meeting])[host.id][0]) == (True, 0)  # not a turn done
    assert not [kind for kind, person in leaving(at + timedelta(days=1), meeting) if kind in ("H4", "D2")]
    assert ids(host, meeting)


def test_manager_holiday(site: Flask) -> None:
    at = day_of("manager_holiday")
    annelies, tom = (make.person(first_name=name, last_name="Mol", language="nl") for name in ("Annelies", "Tom"))
    for number, row in TRUTH.items():
        make.role_of(tom if row["manager"].startswith("tom") else annelies, network=network(number))
    make.meeting(network=network("n06"), starts_at=datetime(2027, 10, 7, 12, tzinfo=UTC))  # one of Tom's
    with time_machine.travel(at - timedelta(days=7), tick=False):
        before = managed_networks(annelies)
        stand_in(network("n01").programme, tom, annelies, at.date(), at.date() + timedelta(weeks=3), at)
    with time_machine.travel(at, tick=False):
        during = managed_networks(annelies)
        plan_digests(at)
        digests = {m.person_id: m for m in mails("M1") if at <= m.due_at <= at + timedelta(days=7)}
        monday = digests[annelies.id].due_at
    with time_machine.travel(monday, tick=False):
        true = {name: DIGEST["M1"].still_true(digests[each.id], monday) for name, each in (("A", annelies), ("T", tom))}
        letter = DIGEST["M1"].render([digests[annelies.id]], monday)
    with time_machine.travel(at + timedelta(weeks=4), tick=False):
        after = managed_networks(annelies)

    his = {row["name"] for row in TRUTH.values() if row["manager"].startswith("tom")}
    assert (len(before), len(during), len(after)) == (len(TRUTH) - len(his), len(TRUTH), len(TRUTH) - len(his))
    assert true == {"A": True, "T": False}
    assert TRUTH["n06"]["name"] in letter.text
