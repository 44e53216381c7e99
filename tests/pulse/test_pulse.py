"""How a meeting was: asked of who was expected, kept for ten days, and then only as sums of four and more."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.audit import Audit
from app.extensions import db
from app.letters.kinds import KINDS
from app.people.links import personal_token
from app.people.models import Person
from app.privacy.actions import keep_house
from app.pulse.actions import close_due
from app.pulse.models import Pulse, PulseAnswer
from app.pulse.personal import forget, personal_data
from app.reminders.actions import reconcile
from tests import make
from tests.reminders.world import THURSDAY, World, world
from tests.results.test_notes import FRIDAY, TEXTS, mails, path

LAST = datetime(2027, 4, 24, 21, 59, tzinfo=UTC)  # a minute before midnight in Amsterdam, on the ninth day
OVER = LAST + timedelta(minutes=1)


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FRIDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def w(clock: time_machine.Traveller) -> World:
    """Five take part: fewer than four are not asked."""
    there = world()
    for _n in range(2):
        make.contact(membership=make.membership(network=there.network, people=0))
    db.session.commit()
    db.session.expire_all()
    return there


def everybody(w: World) -> list[Person]:
    return [person for member in w.network.memberships for person in member.people]


def where(w: World, person: Person) -> str:
    return f"/me/{personal_token(person)}/meetings/{w.meeting.id}/pulse"


def say(app: Flask, w: World, person: Person, atmosphere: str, goal: str, sentence: str = "") -> int:
    said = {"atmosphere": atmosphere, "goal": goal, "sentence": sentence}
    return app.test_client().post(where(w, person), data=said).status_code


def shown(app: Flask, w: World, person: Person) -> str:
    """All pages on which a pulse can stand."""
    start = f"/me/{personal_token(person)}"
    pages = (where(w, person), path(w, person), f"{start}/networks/{w.network.slug}/learnt", start)
    return "".join(app.test_client().get(page).text for page in pages)


def kept() -> int:
    return db.session.scalar(select(func.count()).select_from(PulseAnswer)) or 0


def test_nothing_is_shown_before_it_is_closed_and_sums_are_after(
    app: Flask, w: World, clock: time_machine.Traveller
) -> None:
    people = everybody(w)
    for person, atmosphere in zip(people, "54325", strict=True):
        assert say(app, w, person, atmosphere, "4", f"said with {atmosphere}") == 302
    clock.move_to(LAST)
    assert (close_due(LAST), kept()) == (0, 5)
    before = shown(app, w, people[0])
    assert ("of 5 for the meeting" in before, "said with 4" in before) == (False, False)
    clock.move_to(OVER)
    assert (close_due(OVER), kept(), close_due(OVER)) == (1, 0, 0)
    after = shown(app, w, people[0])
    assert "5 of 5 answered:" in after
    assert "3.8 of 5 for the meeting, 4.0 of 5 for how far it brought us." in after
    assert "said with 4" in after


def test_of_fewer_than_four_nothing_is_kept(app: Flask, w: World, clock: time_machine.Traveller) -> None:
    people = everybody(w)
    for person in people[:3]:
        say(app, w, person, "1", "1", "I was cold")
    clock.move_to(OVER)
    close_due(OVER)
    pulse = db.session.scalars(select(Pulse)).one()
    assert (pulse.answers, pulse.atmosphere, pulse.goal, pulse.sentences, kept()) == (3, None, None, [], 0)
    text = shown(app, w, people[0])
    assert ("Fewer than four said how it was" in text, "I was cold" in text) == (True, False)


def test_the_database_keeps_no_sums_of_fewer_than_four(w: World) -> None:
    db.session.add(Pulse(meeting=w.meeting, answers=3, atmosphere=[1, 1, 1, 0, 0], closed_at=OVER))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_an_answer_is_changed_until_the_day_the_page_says_and_not_after(
    app: Flask, w: World, clock: time_machine.Traveller
) -> None:
    assert say(app, w, w.host, "2", "2", "first") == 302
    clock.move_to(LAST)
    page = app.test_client().get(where(w, w.host)).text
    assert ("is kept until Saturday, 24 April 2027" in page, 'value="first"' in page) == (True, True)
    assert say(app, w, w.host, "3", "2") == 302
    row = db.session.scalars(select(PulseAnswer)).one()
    assert (row.atmosphere, row.sentence) == (3, "")
    clock.move_to(OVER)  # closed by the clock, whether or not the job has run
    assert say(app, w, w.host, "5", "5") == 422
    assert "<form" not in app.test_client().get(where(w, w.host)).text.split("<main")[1]


@pytest.mark.parametrize("reason", ["no", "before", "off", "cancelled"])
def test_who_could_not_come_and_what_is_not_held_is_not_asked(
    app: Flask, w: World, clock: time_machine.Traveller, reason: str
) -> None:
    assert "How was it for you?" in app.test_client().get(where(w, w.host)).text
    if reason == "no":
        make.attendance(meeting=w.meeting, person=w.host, answer="no")
    elif reason == "before":
        clock.move_to(THURSDAY)
    elif reason == "off":
        w.network.pulse = False
    else:
        w.meeting.status = "cancelled"
    db.session.commit()
    assert "How was it for you?" not in app.test_client().get(where(w, w.host)).text
    assert (say(app, w, w.host, "5", "5"), kept()) == (422, 0)


def test_where_nothing_could_ever_be_shown_nobody_is_asked(app: Flask, w: World) -> None:
    """Of four people each is asked, by page and mail; of three nobody."""
    seen = []
    for member in w.network.memberships[2:]:
        member.left = THURSDAY.date() - timedelta(days=1)
        db.session.commit()
        seen.append((asked(w, w.host)[0], "How was it for you?" in app.test_client().get(where(w, w.host)).text))
    assert seen == [(True, True), (False, False)]


def test_nobody_else_can_answer_or_look(app: Flask, w: World) -> None:
    elsewhere = make.membership(network=make.network()).primary
    db.session.commit()
    manager = make.browser(app, w.manager).get(f"/networks/{w.network.slug}/meetings/{w.meeting.id}/pulse")
    assert (say(app, w, elsewhere, "5", "5"), manager.status_code, kept()) == (404, 404, 0)


def test_both_questions_are_asked_for(app: Flask, w: World) -> None:
    assert [say(app, w, w.host, "6", "3"), say(app, w, w.host, "3", ""), kept()] == [422, 422, 0]


def test_the_log_does_not_say_who_answered(app: Flask, w: World) -> None:
    say(app, w, w.host, "5", "5")
    assert db.session.scalars(select(Audit.verb)).all() == []


def test_without_notes_everybody_is_asked_on_the_third_day(app: Flask, w: World) -> None:
    make.attendance(meeting=w.meeting, person=w.preparer, answer="no")
    reconcile(w.network, THURSDAY + timedelta(hours=3))
    assert mails("E1") == [(person.id, "19-04 06:00") for person in everybody(w)]  # the third day is a Sunday
    true = {person.id: asked(w, person)[0] for person in (w.host, w.substitute, w.preparer)}
    assert true == {w.host.id: True, w.substitute.id: True, w.preparer.id: False}
    subject, text = asked(w, w.host)[1:]
    assert subject == "How was Thu 15 April for you? Two questions, half a minute"
    assert f"/meetings/{w.meeting.id}/pulse" in text
    assert "is kept until Saturday, 24 April 2027, for you to change, and shown to nobody." in text


def asked(w: World, person: Person, kind: str = "E1", at: datetime = FRIDAY) -> tuple[bool, str, str]:
    row = make.message(person=person, kind=kind, network_id=w.network.id, meeting_id=w.meeting.id)
    letter = KINDS[kind].render([row], at)
    return KINDS[kind].still_true(row, at), letter.subject, letter.text


def test_who_has_answered_is_not_asked_again(app: Flask, w: World) -> None:
    assert asked(w, w.host)[0]
    say(app, w, w.host, "5", "5")
    assert not asked(w, w.host)[0]


def test_the_notes_ask_along_and_then_no_mail_of_its_own_leaves(app: Flask, w: World) -> None:
    app.test_client().post(path(w, w.host), data=TEXTS | {"publish": "1"})
    reconcile(w.network, FRIDAY)
    assert (asked(w, w.preparer)[0], len(mails("N3"))) == (False, 5)
    assert "Two questions and, if you like, one sentence." in asked(w, w.preparer, "N3")[2]
    make.attendance(meeting=w.meeting, person=w.preparer, answer="no")
    db.session.commit()
    assert "Two questions" not in asked(w, w.preparer, "N3")[2]


def test_a_network_that_does_not_ask_sends_nothing_and_shows_no_form(app: Flask, w: World) -> None:
    w.network.pulse = False
    reconcile(w.network, THURSDAY + timedelta(hours=3))
    assert mails("E1") == []
    app.test_client().post(path(w, w.host), data=TEXTS | {"publish": "1"})
    text = asked(w, w.preparer, "N3")[2]
    assert ("Two questions" in text, "say how it was" in text) == (False, False)


def test_erasing_somebody_takes_the_answer_along(app: Flask, w: World) -> None:
    say(app, w, w.host, "5", "4", "well")
    assert personal_data(w.host) == [{"day": "2027-04-15", "atmosphere": 5, "goal": 4, "sentence": "well"}]
    forget(w.host, FRIDAY)
    assert kept() == 0


def test_sentences_go_when_answers_to_meetings_do_and_the_sums_stay(app: Flask, w: World) -> None:
    counts = [0, 0, 0, 4, 0]
    sums = {"asked": 6, "answers": 4, "atmosphere": counts, "goal": counts, "sentences": ["Cold"]}
    db.session.add(Pulse(meeting=w.meeting, closed_at=OVER, **sums))
    db.session.commit()

    def left(at: datetime) -> tuple[list[str], list[int] | None]:
        keep_house(at)
        db.session.commit()
        pulse = db.session.scalars(select(Pulse)).one()
        return pulse.sentences, pulse.atmosphere

    months = w.network.programme.keep_answers
    assert left(THURSDAY + timedelta(days=29 * months)) == (["Cold"], counts)
    assert left(THURSDAY + timedelta(days=32 * months)) == ([], counts)


def test_two_closings_make_a_line_and_one_does_not(app: Flask, w: World, clock: time_machine.Traveller) -> None:
    def learnt() -> str:
        return app.test_client().get(f"/me/{personal_token(w.host)}/networks/{w.network.slug}/learnt").text

    earlier = make.meeting(network=w.network, starts_at=THURSDAY - timedelta(days=60))
    for meeting, counts in ((w.meeting, [0, 0, 0, 4, 0]), (earlier, [0, 4, 0, 0, 0])):
        assert "<polyline" not in learnt()
        db.session.add(Pulse(meeting=meeting, asked=6, answers=4, atmosphere=counts, goal=counts, closed_at=OVER))
        db.session.commit()
    assert 'points="24,117.0 616,47.0"' in learnt()  # from 2 up to 4
