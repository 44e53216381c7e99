"""Stories of leaving: an organisation in mid-year, and a person who wants to be forgotten."""

import json
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select

from app.calendars.links import make, token_of
from app.extensions import Base, db
from app.mail.models import Message
from app.meetings.models import Cycle
from app.meetings.queries import meetings_of_year
from app.networks.actions import change_membership
from app.networks.models import Membership
from app.planning import actions as cycles
from app.planning import drafts
from app.privacy import actions as privacy
from app.privacy import queries
from app.privacy.models import Erasure
from app.publishing import actions as publishing
from app.publishing.preview import preview_of
from app.reminders.actions import reconcile
from tests.journeys.test_events import day_of, events, published, put_back, site, wishes

__all__ = ["put_back", "site"]


def leaver(cycle: Cycle) -> Membership:
    """Whoever hosts the first meeting after the summer."""
    meeting = next(each for each in meetings_of_year(cycle) if each.day >= date(2027, 9, 1) and each.host)
    return next(m for m in cycle.network.memberships if meeting.host and m.organisation_id == meeting.host.id)


def planned(membership: Membership) -> list[Message]:
    """What still is to leave to people who sit nowhere else."""
    people = {person.id for person in membership.people}
    rows = db.session.scalars(
        select(Message).where(Message.state == "planned", Message.network_id == membership.network_id)
    )
    return [row for row in rows if row.person_id in people and row.kind[0] in "HPD"]


def test_organisation_leaves(site: Flask) -> None:
    at = day_of("organisation_leaves")
    cycle = published("n14", day_of("publish"))
    gone, name = leaver(cycle), leaver(cycle).organisation.name
    reconcile(cycle.network, at - timedelta(days=1))
    before = planned(gone)
    turns = [
        (m.day, d.kind) for m in meetings_of_year(cycle) for d in m.duties if d.organisation_id == gone.organisation_id
    ]
    past = [turn for turn in turns if turn[0] < at.date()]

    change_membership(gone, {"left": at.date() - timedelta(days=1)}, at)
    draft = cycles.propose(cycle, wishes("n14"), at)
    notices = preview_of(cycle, draft, at).notices
    publishing.publish(cycle, at, None)
    reconcile(cycle.network, at)
    privacy.keep_house(at)
    after = [
        (m.day, d.kind) for m in meetings_of_year(cycle) for d in m.duties if d.organisation_id == gone.organisation_id
    ]

    assert drafts.of(cycle) is None
    assert after == past
    assert all(m.host for m in meetings_of_year(cycle) if m.in_person)
    assert before
    assert planned(gone) == []
    assert {notice.person.id for notice in notices} & {person.id for person in gone.people} == set()
    assert name not in " ".join(
        str(event.get("LOCATION")) for event in events(cycle, at) if event.start.date() > at.date()
    )
    sits_elsewhere = {p.id for m in db.session.scalars(select(Membership)) if m.on(at.date()) for p in m.people}
    waiting = {row.person_id: row.day for row in db.session.scalars(select(Erasure))}
    expected = {p.id: date(2028, 5, 31) for p in gone.people if p.id not in sits_elsewhere}
    assert {number: waiting.get(number) for number in expected} == expected


def test_erasure_request(site: Flask) -> None:
    at = day_of("erasure_request")
    cycle = published("n02", day_of("publish"))
    reconcile(cycle.network, at - timedelta(days=170))
    member = next(m for m in cycle.network.members_on(at.date()) for p in m.people if p.email)
    person = next(p for p in member.people if p.email)
    token = token_of(make(person, "mine", None, at))
    words, number, organisation = (person.email or "", person.last_name), person.id, member.organisation.name

    file = json.dumps(queries.data_of(person), ensure_ascii=False)
    privacy.erase(person, at)
    db.session.flush()
    everything = json.dumps([[str(row) for row in db.session.execute(select(t))] for t in Base.metadata.sorted_tables])

    assert all(word in file for word in words)
    assert words[0] not in everything
    assert (person.name, person.email) == ("", None)
    assert token not in everything
    left = db.session.scalars(select(Message).where(Message.person_id == number, Message.state != "cancelled"))
    assert list(left) == []
    hosted = [m.host.name for m in meetings_of_year(cycle) if m.host]
    assert organisation in [*hosted, *(o.name for m in meetings_of_year(cycle) for o in m.preparers)]
