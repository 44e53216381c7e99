"""The notes of a meeting: written by who hosts, read by all, mailed once."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.people.links import personal_token
from app.people.models import Person
from app.privacy.actions import keep_house
from app.reminders.actions import reconcile
from app.results.models import Evaluation, Result
from app.results.personal import forget, personal_data
from tests import make
from tests.reminders.world import THURSDAY, World, world

FRIDAY = datetime(2027, 4, 16, 9, tzinfo=UTC)  # the day after the meeting
TEXTS = {
    "outcomes": "Reading together works\nTwice a month is enough",
    "agreements": "De Berk writes a page by May",
    "next_time": "Begin with a round",
    "attended": "3",
}


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FRIDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def w(clock: time_machine.Traveller) -> World:
    return world()


def path(w: World, person: Person | None = None) -> str:
    start = f"/me/{personal_token(person)}" if person else f"/networks/{w.network.slug}"
    return f"{start}/meetings/{w.meeting.id}/notes"


def written(app: Flask, w: World, **changes: str) -> tuple[int, str]:
    client = app.test_client()
    answer = client.post(path(w, w.host), data=TEXTS | changes, follow_redirects=True)
    return answer.status_code, answer.text


def mails(kind: str) -> list[tuple[int, str]]:
    """(person, due) of what is planned."""
    query = select(Message).where(Message.kind == kind, Message.state == "planned").order_by(Message.person_id)
    return [(row.person_id, f"{row.due_at:%d-%m %H:%M}") for row in db.session.scalars(query)]


def render(kind: str, person: Person, w: World, at: datetime = FRIDAY) -> tuple[bool, str, str]:
    about = {"network_id": w.network.id, "meeting_id": w.meeting.id}
    row = make.message(person=person, kind=kind, **about)
    letter = KINDS[kind].render([row], at)
    return KINDS[kind].still_true(row, at), letter.subject, letter.text


def test_the_host_is_asked_for_notes_the_day_after_and_once_more(app: Flask, w: World) -> None:
    reconcile(w.network, THURSDAY + timedelta(hours=3))
    assert (mails("N1"), mails("N2")) == ([(w.host.id, "16-04 06:00")], [(w.host.id, "22-04 06:00")])
    true, subject, text = render("N1", w.host, w)
    assert (true, subject) == (True, "How was Thu 15 April? Write the notes in ten minutes")
    assert f"/meetings/{w.meeting.id}/notes" in text


def test_online_the_first_who_prepares_is_asked(app: Flask, w: World) -> None:
    w.meeting.mode = "online"
    db.session.delete(w.meeting.host_duty)
    db.session.flush()
    db.session.expire(w.meeting)
    reconcile(w.network, THURSDAY + timedelta(hours=3))
    assert mails("N1") == [(w.preparer.id, "16-04 06:00")]


def test_saved_notes_are_nobody_elses_yet(app: Flask, w: World) -> None:
    assert written(app, w)[0] == 200
    bert = make.browser(app, w.preparer).get(path(w))
    other = make.contact(membership=make.membership(network=w.network)).person
    third = make.browser(app, other).get(path(w))
    assert ("Reading together works" in bert.text, "Reading together works" in third.text) == (True, False)
    assert (mails("N3"), render("N1", w.host, w)[0]) == ([], True)


def test_published_notes_are_everybodys_and_end_the_asking(app: Flask, w: World) -> None:
    status, text = written(app, w, publish="1")
    assert (status, "Published. 3 people hear of it." in text) == (200, True)
    page = make.browser(app, w.substitute).get(path(w)).text
    assert all(line in page for line in (*TEXTS["outcomes"].split("\n"), TEXTS["agreements"], TEXTS["next_time"]))
    assert (w.meeting.attended, render("N2", w.host, w)[0]) == (3, False)


def test_who_publishes_without_an_outcome_is_told(app: Flask, w: World) -> None:
    assert written(app, w, outcomes="", publish="1")[0] == 422
    assert w.meeting.notes_at is None


def test_word_of_the_notes_goes_with_the_next_mail_or_within_a_week(app: Flask, w: World) -> None:
    make.message(person=w.preparer, kind="P3", due_at=FRIDAY + timedelta(days=3))
    make.message(person=w.substitute, kind="P3", due_at=FRIDAY + timedelta(days=30))
    w.host.wants_mail = False
    written(app, w, publish="1")
    written(app, w, publish="1")  # twice tells nobody again
    assert mails("N3") == [(w.substitute.id, "23-04 06:00"), (w.preparer.id, "19-04 09:00")]


def test_the_mail_says_what_came_out_and_who_was_missed(app: Flask, w: World) -> None:
    later = make.meeting(network=w.network, starts_at=THURSDAY + timedelta(days=28))
    make.attendance(meeting=w.meeting, person=w.preparer, answer="no")
    written(app, w, publish="1")
    true, subject, text = render("N3", w.preparer, w)
    assert (true, subject) == (True, "Notes of Thu 15 April are ready")
    assert "You were missed." in text
    assert "- Reading together works" in text
    assert "- De Berk writes a page by May" in text
    assert f"The next meeting: {later.day:%A}, 13 May 2027." in text
    assert "You were missed." not in render("N3", w.host, w)[2]


def test_who_prepares_next_reads_what_was_left_for_them(app: Flask, w: World) -> None:
    written(app, w, publish="1")
    later = make.meeting(network=w.network, starts_at=THURSDAY + timedelta(days=42))
    make.duty(meeting=later, organisation=w.meeting.preparers[0], kind="preparation")
    row = make.message(person=w.preparer, kind="P1", network_id=w.network.id, meeting_id=later.id)
    assert "From who prepared last: Begin with a round" in KINDS["P1"].render([row], FRIDAY).text


def test_two_who_write_at_once_see_both_texts(app: Flask, w: World) -> None:
    shown = re.search('name="version"[^>]*value="([^"]+)"', app.test_client().get(path(w, w.host)).text)
    written(app, w)
    status, text = written(app, w, outcomes="Something else", version=shown[1] if shown else "none")
    assert (status, "Reading together works" in text, "Something else" in text) == (409, True, True)
    assert db.session.scalars(select(Result.outcomes)).one() == TEXTS["outcomes"]


def test_before_the_meeting_and_by_others_nothing_is_written(
    app: Flask, w: World, clock: time_machine.Traveller
) -> None:
    other = make.contact(membership=make.membership(network=w.network)).person
    elsewhere = make.membership(network=make.network()).primary
    db.session.commit()
    refused = [app.test_client().post(path(w, person), data=TEXTS).status_code for person in (other, elsewhere)]
    clock.move_to(THURSDAY - timedelta(hours=1))
    early = written(app, w)[0]
    assert (refused, early, db.session.query(Result).count()) == ([404, 404], 422, 0)


def evaluated(client: FlaskClient, where: str, atmosphere: str, goal: str) -> int:
    return client.post(f"{where}/evaluation", data={"atmosphere": atmosphere, "goal": goal}).status_code


def test_how_it_was_is_shown_from_four_answers_on(app: Flask, w: World) -> None:
    written(app, w, publish="1")
    people = [w.host, w.substitute, w.preparer, make.contact(membership=make.membership(network=w.network)).person]
    db.session.commit()
    seen = []
    for person, atmosphere in zip(people, "5432", strict=True):
        assert evaluated(app.test_client(), path(w, person), atmosphere, "4") == 302
        seen.append("of 5 for the meeting" in app.test_client().get(path(w, w.host)).text)
    assert seen == [False, False, False, True]
    assert "4 people said how it was: 3.5 of 5 for the meeting, 4 of 5" in app.test_client().get(path(w, w.host)).text
    assert evaluated(app.test_client(), path(w, w.host), "6", "") == 422


def test_erasing_and_time_take_the_name_from_answers_and_leave_the_numbers(app: Flask, w: World) -> None:
    written(app, w, publish="1")
    for person in (w.host, w.substitute):
        evaluated(app.test_client(), path(w, person), "5", "4")
    assert len(personal_data(w.host)) == 2
    forget(w.host, FRIDAY)
    keep_house(FRIDAY + timedelta(days=400))
    db.session.expire_all()
    assert [(row.person_id, row.atmosphere) for row in db.session.query(Evaluation)] == [(None, 5), (None, 5)]
    assert db.session.scalars(select(Result.saved_by_id)).one() is None
