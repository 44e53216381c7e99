"""The letters as people read them. `WRITE_LETTERS=1` writes the texts in letters/ anew: then read them."""

import os
import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.kind_of_mail import Letter
from app.mail.mime import compose
from app.mail.models import Message
from app.meetings.row import of_meeting
from app.people.actions import make_link
from app.people.models import Person
from tests import make
from tests.reminders.world import NOW, THURSDAY, World, world

LETTERS = Path(__file__).parent / "letters"
OFFSETS = {"H1": 42, "H2": 28, "H3": 14, "H4": 2, "H4o": 1, "P1": 42, "P2": 28, "P3": 14, "P4": 3, "D1": 14, "D2": 2}
TOPICS = ("Night shifts", "Waiting lists", "Cooking together", "The wish of nobody")


def letter(message: Message, now: object = None) -> Letter:
    return KINDS[message.kind].render([message], now or message.due_at)


def expect(name: str, found: Letter) -> None:
    """Equal to the text in letters/, links without their secrets."""
    text = re.sub(r"http://localhost/\S+", "LINK", f"{found.subject}\n\n{found.text}")
    text = re.sub(r"\b[A-Z2-9]{4} [A-Z2-9]{4}\b", "CODE", text)
    path = LETTERS / f"{name}.txt"
    if os.environ.get("WRITE_LETTERS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert text == path.read_text()


@pytest.mark.parametrize("language", ["nl", "de", "en"])
@pytest.mark.parametrize("kind", OFFSETS)
def test_each_step_of_the_ladder_in_each_language(kind: str, language: str) -> None:
    online = {"mode": "online", "link": "https://call.example.org/1", "room": None} if kind == "H4o" else {}
    w = world(language, **online)
    person = w.preparer if kind[0] == "P" or online else w.host
    if kind in ("P1", "P2", "P4"):
        w.meeting.topic = ""
        for n, title in enumerate(TOPICS):
            make.topic(network=w.network, title=title, matters_to=(w.host, w.substitute, w.preparer)[n:])
    if kind.startswith("D"):
        w.meeting.running_order, w.meeting.question = "13:00 Welcome\n13:15 Reading", "What did you read last?"
    message = w.message(kind, person, due_at=THURSDAY - timedelta(days=OFFSETS[kind], hours=5))
    expect(f"{kind}.{language}", letter(message))


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_the_invitation_to_sign_in(language: str) -> None:
    person = make.person(first_name="Anna", last_name="de Vries", language=language)
    link, _, _ = make_link(person, NOW)
    expect(f"sign_in.{language}", letter(make.message(person=person, kind="sign_in", params={"link_id": link.id})))


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_the_year(language: str) -> None:
    w = world(language)
    second = make.meeting(network=w.network, starts_at=THURSDAY + timedelta(days=60), mode="online")
    make.duty(meeting=second, organisation=w.meeting.host, kind="preparation")
    params = {"version": 1, "cycle_id": w.meeting.cycle_id}
    expect(f"Y0.{language}", letter(w.message("Y0", w.host, params=params, meeting_id=None)))


def change(w: World, old: dict[str, object], person: Person, reason: str = "") -> Message:
    """A change mail: `old` is how the meeting was before it became what it is."""
    new = of_meeting(w.meeting).for_letter(w.network.zone)
    changes = [{"meeting_id": w.meeting.id, "old": {**new, **old}, "new": new}]
    params = {"version": 2, "cycle_id": w.meeting.cycle_id, "reason": reason, "changes": changes}
    return w.message("C1x" if w.meeting.cancelled else "C1", person, params=params)


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_a_meeting_that_moved_and_went_elsewhere(language: str) -> None:
    w = world(language)
    old = {"start": "2027-04-08T10:00:00+02:00", "end": "2027-04-08T12:00:00+02:00", "host": w.meeting.preparers[0].id}
    expect(f"C1.{language}", letter(change(w, old, w.host, "The room is being painted.")))


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_a_meeting_that_is_cancelled_within_three_days(language: str) -> None:
    w = world(language, starts_at=NOW + timedelta(days=2), status="cancelled")
    found = letter(change(w, {"cancelled": False}, w.host))
    assert found.urgent
    expect(f"C1x.{language}", found)


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_the_manager_s_monday(language: str) -> None:
    w = world(language, starts_at=NOW + timedelta(days=4), topic="")
    w.message("H3", w.host, state="failed", error="550")
    expect(f"M1.{language}", letter(w.message("M1", w.manager, network_id=None, meeting_id=None)))


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_a_turn_that_is_given_back(language: str) -> None:
    w = world(language)
    w.network.region = "NL-Midden"
    elm = make.organisation(programme=w.network.programme, name="De Iep", town="Breda")
    make.membership(network=w.network, organisation=elm, seats=12)
    duty = w.meeting.host_duty
    assert duty is not None
    duty.handed_back_at, duty.handed_back_reason = NOW, "Norovirus"
    expect(f"M3.{language}", letter(w.message("M3", w.manager, params={"duty_id": duty.id})))


@pytest.mark.parametrize(
    ("before", "subject"),
    [
        ({"start": "2027-04-15T09:00:00+02:00"}, "Changed: Noord of Thu 15 April is now at 13:00"),
        ({"mode": "online"}, "Changed: Noord of Thu 15 April is now in person"),
        ({"host": None}, "Changed: Noord of Thu 15 April is now at De Linde"),
        ({"cancelled": True}, "Changed: Noord of Thu 15 April is now on again"),
        ({"preparers": []}, "Changed: Noord of Thu 15 April is now arranged differently"),
    ],
)
def test_the_subject_of_a_change_names_the_weightiest(before: dict[str, object], subject: str) -> None:
    w = world()
    assert letter(change(w, before, w.host)).subject == subject


def test_a_change_that_is_superseded_is_not_true_any_more() -> None:
    w = world()
    message = change(w, {"mode": "online"}, w.host)
    assert KINDS["C1"].still_true(message, NOW) is True
    w.meeting.starts_at += timedelta(hours=1)
    db.session.flush()
    assert KINDS["C1"].still_true(message, NOW) is False


@pytest.mark.parametrize(
    ("days", "subject"),
    [
        (0, "See you later today: Noord in Utrecht, 13:00"),
        (1, "See you tomorrow: Noord in Utrecht, 13:00"),
        (2, "See you in two days: Noord in Utrecht, 13:00"),
        (3, "See you on Thursday: Noord in Utrecht, 13:00"),
        (8, "See you on Thu 15 April: Noord in Utrecht, 13:00"),
    ],
)
def test_relative_words_are_those_of_the_day_it_leaves(days: int, subject: str) -> None:
    w = world()
    assert letter(w.message("D2", w.host), THURSDAY - timedelta(days=days, hours=3)).subject == subject


def test_a_mail_on_friday_for_monday_says_monday() -> None:
    w = world("nl", starts_at=THURSDAY + timedelta(days=4))
    subject = letter(w.message("D2", w.host), THURSDAY + timedelta(days=1)).subject
    assert subject == "Tot maandag: Noord in Utrecht, 13:00 uur"


def test_the_first_mail_to_the_host_goes_to_the_substitute_as_a_copy_that_says_so() -> None:
    w = world()
    text = letter(w.message("H1", w.substitute, params={"audience": "substitute"})).text
    assert "You get a copy because you substitute for Anna de Vries." in text


def test_a_deadline_that_is_over_is_never_asked_for() -> None:
    w = world()
    subject = letter(w.message("P3", w.preparer), THURSDAY - timedelta(days=4)).subject
    assert subject == "Programme for Thu 15 April: please fill in by Mon 12 April"


def test_a_participant_s_subject_names_no_person() -> None:
    w = world()
    for kind in ("D1", "D2"):
        subject = letter(w.message(kind, w.host)).subject
        assert not any(name in subject for name in ("Anna", "Bert", "Cas", "Mia", "Vries"))


@pytest.mark.parametrize("length", range(0, 90, 3))
def test_a_subject_arrives_letter_by_letter_wherever_its_line_ends(length: int) -> None:
    w = world("de")
    subject = f"{'Kreis Nord ' * 9}"[:length].strip() + " bestätigen Sie den Raum für den 4. März: größer als früher"
    message = w.message("H1", w.host, subject=subject)

    mail = compose(message, letter(message), NOW).body

    assert message_from_bytes(mail, policy=SMTP)["Subject"] == subject.strip()
    assert max(len(line) for line in mail.split(b"\r\n") if b"=?utf-8" in line) <= 76
