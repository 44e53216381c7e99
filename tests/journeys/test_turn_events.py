"""The dated stories about turns, each by plan, feed, mails sent and mails not sent."""

from datetime import date, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.attendance.queries import answers_for
from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.meetings.models import Cycle, Duty, Meeting
from app.meetings.queries import meetings_of_year
from app.networks.models import Membership
from app.people.models import Person
from app.planning import actions as cycles
from app.portfolio.queries import portfolio
from app.publishing import actions as publishing
from app.publishing import ways_out
from app.reminders.actions import reconcile_all
from app.swaps import actions as swaps
from app.swaps.models import SwapOffer
from app.turns import actions as turns
from tests import make
from tests.journeys.test_events import day_of, drafted, events, mails, published, put_back, site
from tests.planning import years


def left(until: datetime) -> None:
    """Everything due before `until` has left."""
    for message in db.session.scalars(select(Message).where(Message.state == "planned", Message.due_at < until)):
        message.state = "sent"
    db.session.flush()


def leaving(at: datetime, meeting: Meeting) -> list[tuple[str, int]]:
    """(kind, person) of the mails about a meeting that leave at `at`."""
    query = select(Message).where(Message.state == "planned", Message.due_at <= at, Message.meeting_id == meeting.id)
    return sorted((m.kind, m.person_id) for m in db.session.scalars(query) if KINDS[m.kind].still_true(m, at))


def member(duty: Duty) -> Membership:
    members = duty.meeting.network.members_on(duty.meeting.day)
    return next(each for each in members if each.organisation_id == duty.organisation_id)


def on(cycle: Cycle, day: date) -> Meeting:
    return next(meeting for meeting in meetings_of_year(cycle) if meeting.day == day)


def addressed(cycle: Cycle, meeting: Meeting) -> list[int]:
    return sorted({p.id for m in cycle.network.members_on(meeting.day) for p in m.people if p.email})


def test_host_confirm_missing(site: Flask) -> None:
    at = day_of("host_confirm_missing")
    cycle = published("n02", day_of("year_setup"))
    meeting = on(cycle, date(2027, 1, 19))
    duty = meeting.host_duty
    assert duty is not None
    reconcile_all(day_of("year_setup"))
    left(at - timedelta(hours=12))

    told = leaving(at, meeting)

    (reminder,) = [m for m in mails("H3") if m.meeting_id == meeting.id]
    assert [kind for kind, person in told if kind[0] in "HD"] == ["H3"]
    assert reminder.person_id == member(duty).people[0].id
    assert "We hebben nog niet gehoord of de zaal geregeld is" in KINDS["H3"].render([reminder], at).text
    assert "no_host_word" in [need.what for need in portfolio([cycle.network_id], at).needs if need.meeting == meeting]


def test_host_drops_out(site: Flask) -> None:
    at = day_of("host_drops_out")
    cycle = published("n02", day_of("year_setup"))
    make.manager(network=cycle.network, language="nl")
    reconcile_all(day_of("year_setup"))
    left(at)
    meeting = on(cycle, date(2027, 1, 19))
    duty = meeting.host_duty
    assert duty is not None
    dropped, before = duty.organisation, {e["UID"]: e for e in events(cycle, at)}

    turns.hand_back(duty, member(duty).people[0], "norovirus in huis", at)
    (alarm,) = [m for m in mails("M3") if m.state == "planned"]
    letter = KINDS["M3"].render([alarm], at)
    ways = ways_out.options(duty, answers_for(meeting).expected, at)
    new = ways.substitutes[0].organisation
    assert new is not None
    amended = cycles.amended(cycle, {meeting.id: ways.substitutes[0].values}, "Norovirus bij de gastheer.", at)
    publishing.amend(cycle, amended, at, None, override="herstel")
    reconcile_all(at)
    db.session.flush()
    db.session.expire(meeting, ["room"])

    uid = f"meeting-{meeting.id}@localhost"
    event = next(each for each in events(cycle, at) if each["UID"] == uid)
    told = [m.person_id for kind in ("C1", "K1", "K2") for m in mails(kind) if m.state == "planned"]
    assert (len(ways.substitutes) >= 3, "drie opties" in letter.subject) == (True, True)
    assert all(
        word in letter.text for word in (new.name, "plaatsen voor", "tot nu toe ontvangen", "Afstand niet bekend")
    )
    assert sorted(told) == addressed(cycle, meeting)
    assert event["SEQUENCE"] == before[uid]["SEQUENCE"] + 1
    assert (new.name in event["LOCATION"], dropped.name in event["LOCATION"]) == (True, False)
    assert (meeting.host, meeting.host_duty.owed_by) == (new, dropped)
    assert not [person for kind, person in leaving(at, meeting) if kind[0] == "H" and person in ids(dropped, meeting)]


def ids(organisation: object, meeting: Meeting) -> set[int]:
    members = meeting.network.members_on(meeting.day)
    return {person.id for each in members if each.organisation is organisation for person in each.people}


def swapping(at: datetime) -> tuple[Cycle, SwapOffer, Person]:
    """Slotlaan hosts in March, Grebbezorg in June; Slotlaan has asked to swap."""
    cycle = drafted("n04", day_of("year_setup"))
    names = {each.organisation.name: each for each in cycle.network.memberships}
    slotlaan = next(each for name, each in names.items() if "Slotlaan" in name)
    grebbe = next(each for name, each in names.items() if "Grebbezorg" in name)
    hosts = {years.M2: {"host": slotlaan.organisation_id}, years.M4: {"host": grebbe.organisation_id}}
    cycles.edit(cycle, hosts, {}, day_of("year_setup"))
    publishing.publish(cycle, day_of("year_setup"), None, override="gevraagd")
    make.manager(network=cycle.network)
    reconcile_all(day_of("year_setup"))
    left(at)
    march, june = (next(m for m in meetings_of_year(cycle) if m.day.month == month) for month in (3, 6))
    mine = march.host_duty
    assert mine is not None
    swap = swaps.ask(mine, [(grebbe.organisation_id, june.id)], "", slotlaan.people[0], at)
    return cycle, swap.offers[0], next(p for p in grebbe.people if p.email)


def test_swap_request(site: Flask) -> None:
    at = day_of("swap_request")
    cycle, offer, contact = swapping(at)
    march, june = offer.swap.meeting, offer.meeting
    assert june is not None
    one, other = march.host, june.host
    asked = [m.person_id for m in mails("S1") if m.due_at <= at]

    swaps.accept(offer, contact, at)
    reconcile_all(at)
    db.session.flush()
    for meeting in (march, june):
        db.session.expire(meeting, ["room"])

    places = {each["UID"]: each["LOCATION"] for each in events(cycle, at)}
    both = ids(one, march) | ids(other, march)
    assert asked == [contact.id]
    assert (march.host, june.host) == (other, one)
    assert other.name in places[f"meeting-{march.id}@localhost"]
    assert one.name in places[f"meeting-{june.id}@localhost"]
    planned = {m.person_id for m in mails("H3") if m.meeting_id == march.id and m.state == "planned"}
    assert planned <= ids(other, march)
    assert {m.person_id for m in mails("S2")} == {p for p in addressed(cycle, march) if p in both}
    assert {m.person_id for m in mails("C1")} == {p for p in addressed(cycle, march) if p not in both}


def test_swap_request_unanswered_goes_to_the_manager(site: Flask) -> None:
    at = day_of("swap_request")
    _cycle, offer, _contact = swapping(at)
    true = KINDS["S3"].still_true

    told = [[m.id for m in mails("S3") if true(m, at + timedelta(days=n))] for n in (6, 7)]

    assert [len(each) for each in told] == [0, 1]
    assert offer.swap.state(at + timedelta(days=7)) == "expired"


__all__ = ["put_back", "site"]
