"""Every sentence of these mails that states a fact stands there when it is so, and not when it is otherwise."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.extensions import db
from app.letters.kinds import KINDS
from app.networks.models import Membership
from app.reminders.manager_mails import plan_alarms
from tests import make
from tests.reminders.test_telling import at, planned
from tests.reminders.world import NOW, THURSDAY, World, world

Change = Callable[[World], object]
LINK = "https://call.example.org/1"


def as_it_is(w: World) -> None:
    """De Linde hosts in a known room, De Berk prepares a chosen topic; nobody has said anything."""


def all_of(*changes: Change) -> Change:
    return lambda w: [change(w) for change in changes]


def meeting(**values: object) -> Change:
    def change(w: World) -> None:
        for name, value in values.items():
            setattr(w.meeting, name, value)

    return change


def online(w: World) -> None:
    w.meeting.mode, w.meeting.room = "online", None
    w.meeting.duties = w.meeting.preparation_duties


def room(**values: object) -> Change:
    def change(w: World) -> None:
        for name, value in values.items():
            setattr(w.meeting.room, name, value)

    return change


def no_room(w: World) -> None:
    w.meeting.room = None
    member_of("De Linde", w).organisation.rooms.clear()


def member_of(name: str, w: World) -> Membership:
    return next(m for m in w.network.memberships if m.organisation.name == name)


def confirmed(w: World) -> None:
    assert w.meeting.host_duty is not None
    w.meeting.host_duty.confirmed_at = NOW


def a_partner(w: World) -> None:
    partner = make.membership(network=w.network, people=0)
    partner.organisation.name = "De Eik"
    make.duty(meeting=w.meeting, organisation=partner.organisation, kind="preparation")


def said_no(count: int) -> Change:
    return lambda w: [
        make.attendance(meeting=w.meeting, person=person, answer="no")
        for person in (w.substitute, w.preparer, w.host)[:count]
    ]


def no_phones(w: World) -> None:
    w.host.phone = w.manager.phone = ""


def telephone_of_the_manager_only(w: World) -> None:
    w.host.phone = ""


USUAL: dict[str, int] = {"H1": 42, "H2": 28, "H3": 14, "H4": 2, "P1": 42, "P3": 14, "P4": 3, "D1": 14, "D2": 2}
# kind, sentence, when it is so, when it is not
FACTS: list[tuple[str, str, Change, Change]] = [
    ("H1", "It is the turn of De Linde to host Noord.", as_it_is, online),
    ("H1", "De Berk prepares this online meeting and opens it.", online, as_it_is),
    ("H1", "3 people are expected so far.", as_it_is, said_no(1)),
    ("H1", "1 person is expected so far.", said_no(2), said_no(1)),
    ("H1", "We do not know your room yet.", no_room, as_it_is),
    ("H1", "What we know of the room: Garden room, Lindelaan 1, 30 seats.", as_it_is, no_room),
    ("H3", "We have not heard yet whether the room is booked.", as_it_is, confirmed),
    ("H3", "Not known yet: screen.", as_it_is, room(screen="Beamer")),
    ("H3", "Not known yet: route and parking, screen.", room(directions=""), as_it_is),
    ("H4", "Who manages the network: Mia Mol 06 1", as_it_is, lambda w: setattr(w.manager, "phone", "")),
    ("P1", "You prepare it alone; the host helps with the room.", as_it_is, a_partner),
    ("P1", "You prepare it together with De Eik.", a_partner, as_it_is),
    ("P1", "You prepare it alone.", online, all_of(online, a_partner)),
    ("P3", "The meeting is online.", online, as_it_is),
    ("P3", "The room: Garden room, 30 seats.", as_it_is, room(seats=None)),
    ("P3", "The room: not known yet.", no_room, as_it_is),
    ("P4", "- the topic", meeting(topic=""), as_it_is),
    ("P4", "- the programme", as_it_is, meeting(running_order="13:00 Welcome")),
    ("P4", "- the place", no_room, as_it_is),
    ("P4", "- the link for the call", online, all_of(online, meeting(link=LINK))),
    ("D1", "To think about beforehand: Why?", meeting(question="Why?"), as_it_is),
    ("D1", "Programme:", meeting(running_order="13:00 Welcome"), as_it_is),
    ("D2", f"To dial in: {LINK}", meeting(mode="hybrid", link=LINK), meeting(link=LINK)),
    ("D2", "On the day you reach Anna de Vries on 06 2.", as_it_is, telephone_of_the_manager_only),
    ("D2", "On the day you reach Mia Mol on 06 1.", telephone_of_the_manager_only, no_phones),
    ("D2", "Route: Bus 5, parking behind the house.", as_it_is, room(directions="")),
]
CASES = [
    pytest.param(kind, sentence, change, so, id=f"{kind}: {sentence} {'yes' if so else 'no'}")
    for kind, sentence, *changes in FACTS
    for change, so in zip(changes, (True, False), strict=True)
]


def text_of(w: World, kind: str, days: int) -> str:
    db.session.commit()
    opens = not w.meeting.in_person and kind[0] == "H"
    person = w.preparer if kind[0] == "P" or opens else w.host
    message = w.message(kind, person, due_at=w.meeting.starts_at - timedelta(days=days, hours=5))
    return KINDS[kind].render([message], message.due_at).text


@pytest.mark.parametrize(("kind", "sentence", "change", "so"), CASES)
def test_a_sentence_of_a_mail_stands_there_only_when_it_is_so(
    kind: str, sentence: str, change: Change, so: bool
) -> None:
    w = world()
    change(w)
    lines = text_of(w, kind, USUAL[kind]).splitlines()
    assert any(line == sentence or line.startswith(f"{sentence} ") for line in lines) is so


@pytest.mark.parametrize(("days", "so"), [(28, True), (21, False)])
def test_that_the_manager_is_told_stands_there_as_long_as_it_is_still_to_come(days: int, so: bool) -> None:
    told = "If it is still open three weeks before the meeting, Mia Mol is told."
    assert (told in text_of(world(), "H2", days)) is so


# days from the usual day of the meeting to its own, so that the alarm falls on no Monday; days before it; the rest
ALARMS: list[tuple[int, int, str, Change, Change]] = [
    (0, 21, "Nobody has confirmed the place yet.", as_it_is, confirmed),
    (1, 10, "There is no topic for this meeting yet.", meeting(topic=""), as_it_is),
    (5, 5, "More people have said no than are expected.", said_no(2), said_no(1)),
]


@pytest.mark.parametrize(
    ("later", "days", "sentence", "change", "so"),
    [
        pytest.param(later, days, sentence, change, so, id=f"{sentence} {'yes' if so else 'no'}")
        for later, days, sentence, *changes in ALARMS
        for change, so in zip(changes, (True, False), strict=True)
    ],
)
def test_an_alarm_says_what_is_so(later: int, days: int, sentence: str, change: Change, so: bool) -> None:
    w = world(starts_at=THURSDAY + timedelta(days=later))
    change(w)
    db.session.commit()
    moment = at(days - later)
    assert isinstance(moment, datetime)
    plan_alarms(moment)
    leaving = [row for row in planned("M2") if KINDS["M2"].still_true(row, moment)]
    texts = [KINDS["M2"].render([row], moment).text for row in leaving]
    assert any(sentence in text for text in texts) is so


def no_host(w: World) -> None:
    w.meeting.duties = w.meeting.preparation_duties


def given_back(w: World) -> None:
    assert w.meeting.host_duty is not None
    w.meeting.host_duty.handed_back_at = NOW


# days before the meeting, sentence, when it is so, when it is not
MONDAY: list[tuple[int, str, Change, Change]] = [
    (10, "Noord, Thu 15 April: nobody hosts it yet", no_host, as_it_is),
    (10, "Noord, Thu 15 April: a turn is given back", given_back, as_it_is),
    (10, "Noord, Thu 15 April: the host has not confirmed the room", as_it_is, confirmed),
    (10, "Noord, Thu 15 April: there is no topic yet", meeting(topic=""), as_it_is),
    (3, "Noord, Thu 15 April: there is no programme yet", as_it_is, meeting(running_order="13:00 Welcome")),
    (3, "Noord, Thu 15 April: there is no link yet", online, all_of(online, meeting(link=LINK))),
    (10, "Nothing waits for you.", confirmed, as_it_is),
]


@pytest.mark.parametrize(
    ("days", "sentence", "change", "so"),
    [
        pytest.param(days, sentence, change, so, id=f"{sentence} {'yes' if so else 'no'}")
        for days, sentence, *changes in MONDAY
        for change, so in zip(changes, (True, False), strict=True)
    ],
)
def test_the_monday_mail_says_what_is_so(days: int, sentence: str, change: Change, so: bool) -> None:
    w = world()
    change(w)
    assert (sentence in monday_mail(w, days)) is so


def monday_mail(w: World, days: int) -> str:
    db.session.commit()
    moment = THURSDAY - timedelta(days=days, hours=5)
    message = w.message("M1", w.manager, network_id=None, meeting_id=None, due_at=moment)
    return KINDS["M1"].render([message], moment).text


@pytest.mark.parametrize(("days", "so"), [(20, True), (10, False)])
def test_the_monday_mail_says_when_no_meeting_is_near(days: int, so: bool) -> None:
    assert ("There is no meeting in the next two weeks." in monday_mail(world(), days)) is so


@pytest.mark.parametrize(
    ("phone", "another", "options"),
    [
        ("06 2", True, ["Call 06 2.", "Bert de Vries gets the mails about this turn until then."]),
        ("", True, ["Ask at the organisation.", "Bert de Vries gets the mails about this turn until then."]),
        (
            "06 2",
            False,
            ["Call 06 2.", "Name another contact; nobody else of this organisation can be reached by mail."],
        ),
    ],
)
def test_who_cannot_be_reached_is_to_be_reached_in_ways_there_are(
    phone: str, another: bool, options: list[str]
) -> None:
    w = world()
    w.host.address_failed_at, w.host.phone = NOW, phone
    w.substitute.address_failed_at = None if another else NOW
    refused = w.message("H1", w.host, state="failed")
    message = w.message("X2", w.manager, params={"message_id": refused.id})

    lines = KINDS["X2"].render([message], NOW).text.splitlines()

    listed = [line[2:] for line in lines if line.startswith("- ") and "Correct" not in line]
    assert listed == options
