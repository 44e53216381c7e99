"""A network with everything in it, its sister, a network of another programme with some of the same people, and all
who look.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from app.audit import Audit
from app.extensions import db
from app.guests.links import guest_token
from app.joining.links import token_of
from app.networks.models import Membership, Network, Programme
from app.people.links import personal_token, unsubscribe_token
from app.people.models import Person
from app.planning import drafts
from app.planning.actions import change_of_published
from app.public.models import LegalText
from tests import make

NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)
OVER = datetime(2026, 11, 5, 12, tzinfo=UTC)
WAYS, ON_ANSWERS = ("", "_by_link"), ("edit", "withdraw", "hide", "unhide")
NOTHING_OWED: dict[str, list[int]] = {"host": [], "preparation": []}


@dataclass
class World:
    """Who looks; the ids that stand for "number" in an address, by endpoint or area; the other parts of addresses."""

    people: dict[str, Person | None]
    elsewhere: int  # another programme, with some of the same people
    numbers: dict[str, Any]
    values: dict[str, Any]


@dataclass
class Places:
    programme: Programme
    network: Network
    sister: Network
    elsewhere: Membership  # in another programme
    host: Membership
    guest: Membership
    third: Membership
    former: Membership


def build_world() -> World:
    at = _places()
    people = _people(at)
    has = _rows(at, people["network manager"])
    at.host.organisation.listed = True
    db.session.add(LegalText(kind="privacy", text="We keep little."))
    has.imported.state, has.imported.report = "done", {"items": []}
    has.typed = _shared_people(at, has, people["participant"])
    _noted(at, has, people["network manager"])
    drafts.store(has.meeting.cycle, change_of_published(has.meeting.cycle, NOW))
    db.session.commit()
    return World(people, at.elsewhere.network.programme_id, _numbers(at, has), _values(at, has))


def _places() -> Places:
    programme = make.programme(public=True, open_to_start=True)
    network, sister = (
        make.network(programme=programme, public=True, open_to_join=True),
        make.network(programme=programme),
    )
    return Places(
        programme,
        network,
        sister,
        elsewhere=make.membership(network=make.network(), people=2),
        host=make.membership(network=network, people=2),
        guest=make.membership(network=network),
        third=make.membership(network=network),
        former=make.membership(network=network, left=NOW.date() - timedelta(days=1)),
    )


def _people(at: Places) -> dict[str, Person | None]:
    foreign = make.membership(network=at.sister, people=2)
    people = {
        "public": None,
        "feed holder": None,
        "participant": make.membership(network=at.network).primary,
        "contact": at.host.primary,
        "network manager": make.manager(network=at.network),
        "programme manager": make.programme_manager(programme=at.programme),
        "site admin": make.person(site_admin=True),
        "foreign participant": foreign.people[1],
        "foreign contact": foreign.primary,
        "foreign manager": make.manager(network=at.sister),
        "manager elsewhere": make.manager(network=make.network()),
        "same people elsewhere": make.manager(network=at.elsewhere.network),
        "former member": at.former.primary,
        "memberless": make.person(),
    }
    make.programme_manager(programme=at.programme)
    return people


def _rows(at: Places, manager: Person | None) -> Any:
    """One of everything that has an address of its own, by name."""
    meeting = make.meeting(network=at.network, starts_at=datetime(2027, 3, 4, 12, tzinfo=UTC))
    later = make.meeting(network=at.network, starts_at=datetime(2027, 4, 8, 12, tzinfo=UTC))
    duty = make.duty(meeting=meeting, organisation=at.host.organisation)
    for each in (meeting, later):
        make.duty(meeting=each, organisation=at.guest.organisation, kind="preparation")
    make.duty(meeting=later, organisation=at.host.organisation, kind="preparation")
    theirs = make.duty(meeting=later, organisation=at.third.organisation)
    later.topic = "Chosen"
    asked = {"person_id": at.host.primary.id, "matters_to": [at.host.primary], "created_at": NOW}
    topic = make.topic(network=at.network, **asked)
    recent = make.meeting(network=at.network, starts_at=NOW - timedelta(days=5), notes_at=NOW, owed=NOTHING_OWED)
    away = {"first": date(2027, 8, 2), "last": date(2027, 8, 20)}
    meeting.open_to, meeting.guest_seats = "everybody", 3
    elsewhere = make.meeting(network=at.sister, starts_at=datetime(2027, 3, 9, 12, tzinfo=UTC))
    elsewhere.open_to, elsewhere.guest_seats = "programme", 3
    return SimpleNamespace(
        meeting=meeting,
        elsewhere=elsewhere,
        visitor=make.guest(meeting=meeting),
        placed=make.guest(meeting=meeting, confirmed_at=NOW, seat=1),
        later=later,
        duty=duty,
        offer=make.offer(duty=theirs, to=at.host.organisation),
        own_request=make.offer(duty=duty, to=at.third.organisation).swap,
        absence=make.absence(organisation=at.host.organisation, first=date(2027, 5, 1), last=date(2027, 5, 2)),
        period=make.closed_period(programme=at.programme),
        deputy=make.deputy(programme=at.programme, manager=manager, **away),
        role=make.role(programme=at.programme, network=at.network),
        message=make.message(person=at.host.primary, network_id=at.network.id, meeting_id=meeting.id, state="planned"),
        received=make.import_(programme=at.programme),
        imported=make.import_(programme=at.programme),
        over=make.meeting(network=at.network, starts_at=OVER, owed=NOTHING_OWED),
        job=make.job(programme=at.programme),
        erasure=make.erasure(person=at.former.primary, programme=at.programme),
        wish=make.turn_wish(membership=at.host),
        topic=topic,
        reply=make.reply(topic=topic, person=at.host.primary, created_at=NOW),
        chosen=make.topic(network=at.network, meeting=later),
        link=make.link(network=at.network),
        recent=recent,
        agreed=make.agreement(meeting=recent, text="Write it down"),
        stay=make.stay(membership=at.host, year=2028),
        wants=make.join_request(network=at.network),
        starts=make.join_request(programme=at.programme, subject="Rosters"),
        unconfirmed=make.join_request(network=at.network, state="unconfirmed", confirmed_at=None, asked_at=NOW),
        asked=make.date_round(network=at.network, days=[date(2027, 9, 2)]),
    )


def _shared_people(at: Places, has: Any, participant: Person | None) -> Person:
    """People of the network who take part elsewhere too, signed in and written to; returns whom one there typed."""
    for person in (at.host.people[1], at.guest.primary, has.role.person):
        make.contact(membership=at.elsewhere, person=person)
    for person in at.elsewhere.people:
        make.message(person=person, network_id=at.elsewhere.network_id)
        make.session(person=person)
        make.feed_link(person=person)
        make.feed_link(person=person, network=at.elsewhere.network)
    make.import_(programme=at.elsewhere.network.programme)
    typed = make.person(email=participant.email if participant else None, as_typed=True)
    make.contact(membership=at.elsewhere, person=typed)
    return typed


def _noted(at: Places, has: Any, manager: Person | None) -> None:
    """A line of the log with everything a line can say."""
    passed = {"before": {"organisation": at.guest.organisation_id}, "after": {"organisation": at.host.organisation_id}}
    who = {"person_id": manager and manager.id, "role": "network_manager", "via": "page"}
    what = {"verb": "reassigned", "object": "duty", "object_id": has.duty.id, "network_id": at.network.id}
    db.session.add(Audit(at=NOW, programme_id=at.programme.id, values=passed, **who, **what))


def _numbers(at: Places, has: Any) -> dict[str, Any]:
    return {
        "networks": at.host.id,
        "meetings": has.meeting.id,
        "publishing": has.meeting.id,
        "closing": at.host.id,
        "closing.say": has.stay.id,
        "closing.say_by_link": has.stay.id,
        "turns.credit": has.over.id,
        "attendance": has.meeting.id,
        "reminders.ask_again": has.meeting.id,
        **_of_topics(at, has),
        "results": has.meeting.id,
        "preparing": has.meeting.id,
        "guests": has.meeting.id,
        "visits": has.meeting.id,
        "visits.take": has.elsewhere.id,
        "visits.take_by_link": has.elsewhere.id,
        "public.meeting": has.meeting.id,
        "calendars.one": has.meeting.id,
        "calendars.one_by_link": has.meeting.id,
        "results.tick": has.agreed.id,
        "results.tick_by_link": has.agreed.id,
        "pulse": has.recent.id,
        "turns": has.duty.id,
        "swaps.ask": has.duty.id,
        "swaps.ask_by_link": has.duty.id,
        "swaps.send": has.duty.id,
        "swaps.send_by_link": has.duty.id,
        "swaps.accept": has.offer.id,
        "swaps.accept_by_link": has.offer.id,
        "swaps.decline": has.offer.id,
        "swaps.decline_by_link": has.offer.id,
        "swaps": has.own_request.id,
        "publishing.repair": has.duty.id,
        "publishing.ask_first": has.duty.id,
        "publishing.preview_repair": has.duty.id,
        "publishing.do_repair": has.duty.id,
        "mail": has.message.id,
        "rounds": has.asked.id,
        "turn_requests": at.host.id,
        "turn_requests.answer": has.wish.id,
        "rounds.remove_date": has.asked.dates[0].id,
        "rounds.telephoned": at.host.primary.id,
        "rounds.save_telephoned": at.host.primary.id,
        "importing": has.received.id,
        "importing.report": has.imported.id,
        "jobs": has.job.id,
        "deputies": has.deputy.id,
        "privacy.leave": at.host.contacts[0].id,
        "privacy.keep": has.erasure.id,
        "admin.withdraw_role": has.role.id,
        "handover": has.role.id,
        "portfolio": has.typed.id,
        "calendars": at.host.id,
        "admin.remove_period": has.period.id,
    }


def _of_topics(at: Places, has: Any) -> dict[str, Any]:
    """What hangs on topics, and the door."""
    return {
        "topics": has.topic.id,
        "topics.release": has.chosen.id,
        "topics.release_by_link": has.chosen.id,
        **{f"topics.{name}_reply{way}": has.reply.id for name in ON_ANSWERS for way in WAYS},
        "library": has.link.id,
        "later": has.later.id,
        "door": at.host.id,
        "joining": has.wants.id,
        **{f"joining.{name}_start": has.starts.id for name in ("accept", "answer")},
    }


def _values(at: Places, has: Any) -> dict[str, Any]:
    return {
        "slug": at.network.slug,
        "organisation": str(at.host.organisation_id),
        "programme": at.programme.slug,
        "year": 2027,
        "kind": "D1",
        "key": f"p{has.meeting.id}",
        "choice": "online",
        "contact": at.host.contacts[1].id,
        "room": at.host.organisation.rooms[0].id,
        "absence": has.absence.id,
        "token": personal_token(at.host.primary),
        "wish": has.wish.id,
        "guest": guest_token(has.visitor),
        "visitor": has.placed.id,
        "stop": unsubscribe_token(at.host.primary.id),
        "role": "host",
        "secret": "unknown",
        "filename": "x",
        "form": "csv",
        "network": at.network.slug,
        "about": "privacy",
        "asked": token_of(has.unconfirmed),
    }
