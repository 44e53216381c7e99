"""Whoever wants invitations has each date by mail: asked, changed, taken back, and never a calendar link beside it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import icalendar
import pytest
import time_machine
import vobject
from flask import Flask
from sqlalchemy import select

from app.calendars import actions as calendars
from app.calendars.links import token_of
from app.calendars.queries import subscribers
from app.extensions import db
from app.invitations.actions import choose
from app.invitations.reply_addresses import person_behind
from app.mail.models import Message
from app.meetings.models import Cycle, Meeting
from app.meetings.queries import meetings_of
from app.networks import actions as networks
from app.networks.models import Membership
from app.people.links import personal_token, unsubscribe_token
from app.people.models import Person
from app.planning import actions as planning
from app.publishing import actions as publishing
from app.worker import bring_up_to_date, deliver
from tests import make
from tests.calendars import strict
from tests.fakes import Relay
from tests.planning import years
from tests.planning.years import NOW


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cycle(app: Flask) -> Cycle:
    """A year of three meetings, published and told."""
    return years.published(years.network(members=5, people=1), number=3)


def preparer(cycle: Cycle) -> Membership:
    """Of the first meeting."""
    prepares = first(cycle).preparers[0].id
    return next(member for member in cycle.network.memberships if member.organisation_id == prepares)


def first(cycle: Cycle) -> Meeting:
    return meetings_of([cycle.network_id])[0]


def wanting(person: Person) -> Person:
    choose(person, True, NOW)
    db.session.commit()
    return person


def calendar_of(mail: EmailMessage) -> bytes:
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return parts[0].get_payload(decode=True) if parts else b""  # type: ignore[return-value]


def invitations(relay: Relay, person: Person) -> list[EmailMessage]:
    """What comes for this person with a calendar in it, once the clock has done its work."""
    address = person.email
    db.session.commit()
    bring_up_to_date()
    before = len(relay.received)
    deliver(60)
    return [mail for mail in relay.received[before:] if calendar_of(mail) and address in str(mail["To"])]


def said(mails: list[EmailMessage]) -> list[tuple[str, str, int]]:
    """(method, UID without the domain, SEQUENCE) of each."""
    out = []
    for mail in mails:
        calendar = icalendar.Calendar.from_ical(calendar_of(mail))
        (event,) = calendar.walk("VEVENT")
        out.append((str(calendar["METHOD"]), str(event["UID"]).partition("@")[0], int(event["SEQUENCE"])))
    return sorted(out)


def test_each_date_ahead_comes_once_and_a_preparation_beside_it(app: Flask, relay: Relay, cycle: Cycle) -> None:
    person = wanting(preparer(cycle).people[0])
    numbers, own = [each.id for each in meetings_of([cycle.network_id])], first(cycle).id

    found, again = said(invitations(relay, person)), said(invitations(relay, person))

    assert found == sorted([*[("REQUEST", f"meeting-{n}", 0) for n in numbers], ("REQUEST", f"preparation-{own}", 0)])
    assert again == []


def test_who_reads_a_feed_gets_none(app: Flask, relay: Relay, cycle: Cycle) -> None:
    assert invitations(relay, preparer(cycle).people[0]) == []


def test_a_move_sends_the_same_date_again_with_a_higher_number(app: Flask, relay: Relay, cycle: Cycle) -> None:
    person, meeting = wanting(preparer(cycle).people[0]), first(cycle)
    number = meeting.id
    invitations(relay, person)
    planning.change_meeting(first(cycle), {"date": first(cycle).day + timedelta(days=7)}, "", NOW)
    publishing.publish(cycle, NOW, None, override="x")

    found = invitations(relay, person)

    assert said(found) == [("REQUEST", f"meeting-{number}", 1), ("REQUEST", f"preparation-{number}", 1)]
    assert "For your calendar" in str(found[0]["Subject"])


def test_a_cancelled_meeting_is_taken_back(app: Flask, relay: Relay, cycle: Cycle) -> None:
    person, number = wanting(preparer(cycle).people[0]), first(cycle).id
    invitations(relay, person)
    draft = planning.amended(cycle, {number: {"cancelled": True}}, "", NOW)
    publishing.amend(cycle, draft, NOW, None)

    found = invitations(relay, person)

    assert said(found) == [("CANCEL", f"meeting-{number}", 1), ("CANCEL", f"preparation-{number}", 1)]
    (event,) = icalendar.Calendar.from_ical(calendar_of(found[0])).walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"


def test_a_preparation_that_passes_on_is_taken_back_here_and_asked_there(
    app: Flask, relay: Relay, cycle: Cycle
) -> None:
    old, meeting = preparer(cycle), first(cycle)
    busy = {duty.organisation_id for each in meetings_of([cycle.network_id]) for duty in each.duties}
    new = next(member for member in cycle.network.memberships if member.organisation_id not in busy)
    was, now_, number = wanting(old.people[0]), wanting(new.people[0]), meeting.id
    invitations(relay, was)
    before = len(relay.received)
    draft = planning.amended(cycle, {number: {"preparers": (new.organisation_id,)}}, "", NOW)
    publishing.amend(cycle, draft, NOW, None, override="x")
    addresses = was.email, now_.email
    invitations(relay, was)

    came = [mail for mail in relay.received[before:] if calendar_of(mail)]
    passed = [
        [each for each in said([mail for mail in came if address in str(mail["To"])]) if each[1].startswith("prep")]
        for address in addresses
    ]
    assert passed == [[("CANCEL", f"preparation-{number}", 1)], [("REQUEST", f"preparation-{number}", 0)]]


def test_what_comes_back_after_it_was_taken_back_has_a_higher_number(app: Flask, relay: Relay, cycle: Cycle) -> None:
    person, member, number = preparer(cycle).people[0], preparer(cycle), first(cycle).id
    wanting(person)
    invitations(relay, person)
    values = {name: getattr(member, name) for name in ("joined", "duties_from", "prepares", "hosts")}
    networks.change_membership(member, {**values, "left": NOW.date()}, NOW)
    gone = said(invitations(relay, person))
    networks.change_membership(member, {**values, "left": None}, NOW)
    back = said(invitations(relay, person))

    assert ("CANCEL", f"meeting-{number}", 1) in gone
    assert ("REQUEST", f"meeting-{number}", 1) in back


def test_a_date_that_was_not_sent_yet_is_not_taken_back(app: Flask, relay: Relay, cycle: Cycle) -> None:
    person, number = wanting(preparer(cycle).people[0]), first(cycle).id
    draft = planning.amended(cycle, {number: {"cancelled": True}}, "", NOW)
    publishing.amend(cycle, draft, NOW, None)

    assert all(uid != f"meeting-{number}" for _method, uid, _sequence in said(invitations(relay, person)))


def test_the_mail_is_built_as_programs_want_it(app: Flask, relay: Relay, cycle: Cycle) -> None:
    person = wanting(preparer(cycle).people[0])
    mail = invitations(relay, person)[0]

    kinds = [(part.get_content_type(), part.get_content_disposition()) for part in mail.walk()]
    shown = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    file = next(mail.iter_attachments())
    assert kinds == [
        ("multipart/mixed", None),
        ("multipart/alternative", None),
        ("text/plain", None),
        ("text/html", None),
        ("text/calendar", None),
        ("application/ics", "attachment"),
    ]
    assert dict(shown["Content-Type"].params) == {"charset": "UTF-8", "method": "REQUEST"}
    assert (shown["Content-Transfer-Encoding"], file.get_filename()) == ("base64", "invite.ics")
    assert file.get_payload(decode=True) == calendar_of(mail)


def test_only_the_reader_is_named_and_the_sender_is_the_organiser(app: Flask, relay: Relay, cycle: Cycle) -> None:
    mail = invitations(relay, wanting(preparer(cycle).people[0]))[0]
    event = strict.events(calendar_of(mail))
    (values,) = (each.values for each in event.values())

    assert values["ATTENDEE"] == f"mailto:{mail['To'].addresses[0].addr_spec}"
    assert values["ORGANIZER"] == f"mailto:{mail['From'].addresses[0].addr_spec}"
    assert calendar_of(mail).count(b"ATTENDEE") == 1


def test_it_says_what_the_feed_would_say(app: Flask, relay: Relay, cycle: Cycle) -> None:
    person = preparer(cycle).people[0]
    link = calendars.feed_link(person, "mine", None, NOW)
    db.session.commit()
    feed = strict.events(app.test_client().get(f"/feeds/{token_of(link)}.ics").data)

    mails = invitations(relay, wanting(person))

    for mail in mails:
        (event,) = strict.events(calendar_of(mail)).values()
        assert event.values.keys() - {"ORGANIZER", "ATTENDEE"} == feed[event.values["UID"]].values.keys()
        shared = {name: value for name, value in event.values.items() if name not in ("ORGANIZER", "ATTENDEE")}
        assert shared == feed[event.values["UID"]].values
    assert len(mails) == len(feed)


def test_three_readers_that_share_no_code_read_it_alike(app: Flask, relay: Relay, cycle: Cycle) -> None:
    mails = invitations(relay, wanting(preparer(cycle).people[0]))
    body = next(calendar_of(mail) for mail in mails if b"UID:meeting-" in calendar_of(mail))

    (one,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    two = vobject.readOne(body.decode()).vevent
    (three,) = strict.events(body).values()
    assert str(one["SUMMARY"]) == two.summary.value == three.said("SUMMARY")
    assert str(one["DESCRIPTION"]) == two.description.value == three.said("DESCRIPTION")
    assert str(one["ORGANIZER"]) == two.organizer.value == three.values["ORGANIZER"]
    assert one.decoded("DTSTART") == two.dtstart.value


def test_invitations_and_a_calendar_link_are_never_both(app: Flask, relay: Relay, cycle: Cycle) -> None:
    person = preparer(cycle).people[0]
    client, name = make.browser(app, person), f"meeting-{first(cycle).id}"
    client.post("/calendar", data={"which": "mine"})
    link = calendars.feed_link(person, "mine", None, NOW)
    path = f"/feeds/{token_of(link)}.ics"
    db.session.rollback()

    client.post("/calendar/invitations", data={"by_invitation": "yes"})
    empty = strict.events(client.get(path).data)
    sent = said(invitations(relay, person))
    client.post("/calendar", data={"which": "mine"})
    taken_back = said(invitations(relay, person))

    assert empty == {}
    assert ("REQUEST", name, 0) in sent
    assert ("CANCEL", name, 1) in taken_back
    assert [uid for _method, uid, _number in taken_back] == [uid for _method, uid, _number in sent]


def test_by_the_link_of_a_mail_one_chooses_as_well(app: Flask, relay: Relay, cycle: Cycle) -> None:
    from_mail = f"/me/{personal_token(preparer(cycle).people[0])}/calendar"
    client = app.test_client()

    client.post(f"{from_mail}/invitations", data={"by_invitation": "yes"})
    chosen = client.get(from_mail).text
    client.post(f"{from_mail}/invitations", data={"by_invitation": "no"})

    assert "Each date comes to you as an invitation by mail" in chosen
    assert "Each date comes to you as an invitation by mail" not in client.get(from_mail).text


def test_who_stopped_mails_gets_no_invitations(app: Flask, relay: Relay, cycle: Cycle) -> None:
    person = wanting(preparer(cycle).people[0])
    person.wants_mail = False
    person.changed(NOW)

    assert invitations(relay, person) == []
    states = db.session.scalars(select(Message.cancelled_because).where(Message.kind == "I1")).all()
    assert set(states) == {"untrue"}


def test_with_a_mailbox_the_organiser_is_the_network_s_own_address_for_this_reader(
    app: Flask, relay: Relay, cycle: Cycle
) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], inbox_url="imaps://samen:x@localhost")
    one, other = (wanting(member.people[0]) for member in cycle.network.memberships[:2])
    numbers = [one.id, other.id]
    invitations(relay, one)

    senders = {mail["From"].addresses[0].addr_spec for mail in relay.received if calendar_of(mail)}
    asked = [calendar_of(mail) for mail in relay.received if calendar_of(mail)]
    assert sorted(person_behind(address) or 0 for address in senders) == sorted(numbers)
    assert all(f"+n{cycle.network_id}-" in address for address in senders)
    assert all(b"RSVP=TRUE" in b.replace(b"\r\n ", b"") for b in asked)


@pytest.mark.parametrize("address", ["samen@example.org", "samen+n1-1-aaaaaaaaaaaaaaaa@example.org", "+-@x", ""])
def test_nobody_makes_an_address_that_was_not_given_to_them(app: Flask, address: str) -> None:
    assert person_behind(address) is None


def dates_sent(relay: Relay, person: Person) -> int:
    to = [mail for mail in relay.received if str(mail["To"]).endswith(f"<{person.email}>")]
    return sum(str(mail["Subject"]).startswith("For your calendar") for mail in to)


def stop(app: Flask, person: Person) -> None:
    """As a mail program's own button does."""
    assert app.test_client().post(f"/stop-mails/{unsubscribe_token(person.id)}").status_code == 200


def test_who_stopped_mails_reads_that_no_invitation_comes_and_has_them_again_by_one_press(
    app: Flask, cycle: Cycle, relay: Relay
) -> None:
    person = wanting(preparer(cycle).people[0])
    db.session.commit()
    stop(app, person)
    deliver(5)
    none = dates_sent(relay, person)
    link = f"/me/{personal_token(person)}/calendar"
    client, warning = app.test_client(), "You stopped mails about meetings, so no invitation comes either"
    before = client.get(link).text

    client.post(f"{link}/invitations", data={"by_invitation": "yes"})
    after = client.get(link).text
    deliver(30)

    assert none == 0
    assert warning in before
    assert warning not in after
    assert db.session.get_one(Person, person.id).wants_mail
    assert dates_sent(relay, person) >= 3


@pytest.mark.parametrize("again", [True, False])
def test_who_wants_mails_again_in_the_preferences_is_invited_to_what_they_missed(
    app: Flask, cycle: Cycle, relay: Relay, again: bool
) -> None:
    person = wanting(preparer(cycle).people[0])
    db.session.commit()
    stop(app, person)
    deliver(5)
    chosen = {"language": "en", "tone": "", "questions": "next", **({"wants_mail": "y"} if again else {})}

    answer = app.test_client().post(f"/me/{personal_token(person)}/mails", data=chosen)
    deliver(30)

    assert answer.status_code == 302
    assert (dates_sent(relay, person) >= 3) is again
    assert (dates_sent(relay, person) == 0) is not again


@pytest.mark.parametrize("chosen", [True, False])
def test_stopping_mails_says_what_becomes_of_dates_that_come_by_them(app: Flask, cycle: Cycle, chosen: bool) -> None:
    person = preparer(cycle).people[0]
    choose(person, chosen, NOW)
    db.session.commit()
    told = "Your dates come by these mails"

    pages = [f"/stop-mails/{unsubscribe_token(person.id)}", f"/me/{personal_token(person)}/mails"]
    texts = [app.test_client().get(page).text for page in pages]
    texts.append(make.browser(app, person).get("/preferences").text)

    assert [told in text for text in texts] == [chosen] * 3


def test_who_stopped_mails_is_not_counted_among_those_whose_calendar_has_the_dates(cycle: Cycle) -> None:
    person = wanting(preparer(cycle).people[0])
    before = subscribers(cycle.network, cycle.network.memberships, NOW)
    person.wants_mail = False
    after = subscribers(cycle.network, cycle.network.memberships, NOW)

    assert (before.count, after.count) == (1, 0)
    assert person in after.others
