"""The notes of a meeting: written by who hosts, read by all, mailed once."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.people.links import personal_token
from app.people.models import Person
from app.privacy.actions import keep_house
from app.reminders.actions import reconcile
from app.results import queries
from app.results.models import Agreement, Result
from app.results.personal import forget, personal_data
from app.worker import deliver
from tests import make
from tests.reminders.world import THURSDAY, World, world

FRIDAY = datetime(2027, 4, 16, 9, tzinfo=UTC)  # the day after the meeting
TEXTS = {
    "outcomes": "Reading together works\nTwice a month is enough",
    "agreements-0-text": "De Berk writes a page by May",
    "agreements-0-organisation": "",
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
    assert all(
        line in page for line in (*TEXTS["outcomes"].split("\n"), TEXTS["agreements-0-text"], TEXTS["next_time"])
    )
    assert (w.meeting.attended, render("N2", w.host, w)[0]) == (3, False)


def test_who_publishes_without_an_outcome_is_told(app: Flask, w: World) -> None:
    assert written(app, w, outcomes="", publish="1")[0] == 422
    assert w.meeting.notes_at is None


def test_word_of_the_notes_goes_with_the_next_mail_or_within_a_week(app: Flask, w: World) -> None:
    later = make.meeting(network=w.network, starts_at=FRIDAY + timedelta(days=17))
    monday = FRIDAY + timedelta(days=3)
    invited = {"network_id": w.network.id, "meeting_id": later.id, "kind": "D1"}
    make.message(person=w.preparer, due_at=monday, **invited)
    make.message(person=w.substitute, due_at=FRIDAY + timedelta(days=30), **invited)
    w.host.wants_mail, w.network.pulse = False, False
    written(app, w, publish="1")
    written(app, w, publish="1")  # twice tells nobody again
    waiting = mails("N3")
    with time_machine.travel(monday, tick=False):
        deliver(60)
    left = {row.person_id: row.sent_at for row in db.session.scalars(select(Message).where(Message.state == "sent"))}

    assert waiting == [(w.substitute.id, "23-04 06:00"), (w.preparer.id, "23-04 06:00")]
    assert mails("N3") == [(w.substitute.id, "23-04 06:00")]
    assert left == {w.preparer.id: monday}


def test_while_people_are_asked_how_it_was_the_notes_go_when_that_mail_would(app: Flask, w: World) -> None:
    written(app, w, publish="1")
    assert {due for _person, due in mails("N3")} == {"19-04 06:00"}  # the Monday after the third day


def test_who_was_missed_reads_it_the_next_morning(app: Flask, w: World) -> None:
    make.attendance(meeting=w.meeting, person=w.preparer, answer="no")
    make.message(person=w.preparer, kind="P3", due_at=FRIDAY + timedelta(days=5))
    w.network.pulse = False
    written(app, w, publish="1")
    assert mails("N3") == [(w.host.id, "23-04 06:00"), (w.substitute.id, "23-04 06:00"), (w.preparer.id, "19-04 06:00")]


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


def agreed(w: World) -> list[Agreement]:
    return queries.agreed_at([w.meeting.id]).get(w.meeting.id, [])


def test_what_was_agreed_is_somebodys_until_a_day(app: Flask, w: World) -> None:
    berk = w.meeting.preparers[0]
    lines = {"agreements-0-organisation": str(berk.id), "agreements-0-due": "2027-05-31", "agreements-1-text": "Coffee"}
    written(app, w, publish="1", **lines | {"agreements-1-organisation": ""})
    assert [(row.text, row.organisation, str(row.due)) for row in agreed(w)] == [
        ("De Berk writes a page by May", berk, "2027-05-31"),
        ("Coffee", None, "None"),
    ]
    text = render("N3", w.preparer, w)[2]
    assert "- De Berk writes a page by May (De Berk, by Mon 31 May)" in text
    page = make.browser(app, w.preparer).get(f"/networks/{w.network.slug}").text
    assert "Agreed and still open" in page
    assert "Coffee" in page


def test_a_day_of_another_year_is_said_with_its_year_and_one_of_this_year_without(app: Flask, w: World) -> None:
    lines = {"agreements-0-due": "2027-05-31", "agreements-1-text": "Coffee", "agreements-1-due": "2028-05-31"}
    written(app, w, publish="1", **lines | {"agreements-1-organisation": ""})

    mail = render("N3", w.preparer, w)[2]
    page = make.browser(app, w.preparer).get(f"/networks/{w.network.slug}").text

    assert "- De Berk writes a page by May (by Mon 31 May)" in mail
    assert "- Coffee (by Wed 31 May 2028)" in mail
    assert "by Mon 31 May<" in page
    assert "by Wed 31 May 2028<" in page


def test_a_line_is_changed_kept_and_left_out_by_its_own_number(app: Flask, w: World) -> None:
    written(app, w, **{"agreements-1-text": "Coffee", "agreements-1-organisation": ""})
    first, second = agreed(w)
    lines = {
        "agreements-0-id": str(second.id),
        "agreements-0-text": "Coffee and cake",
        "agreements-1-id": str(first.id),
        "agreements-1-text": "",
        "agreements-1-organisation": "",
    }
    assert written(app, w, **lines)[0] == 200
    assert [(row.id, row.text) for row in agreed(w)] == [(second.id, "Coffee and cake")]


def test_a_line_of_another_meeting_is_not_taken_over(app: Flask, w: World) -> None:
    other = make.agreement(meeting=make.meeting(network=w.network, starts_at=THURSDAY - timedelta(days=7)), text="Tea")
    written(app, w, **{"agreements-0-id": str(other.id)})
    db.session.refresh(other)
    assert (other.text, other.meeting_id == w.meeting.id) == ("Tea", False)
    assert [row.text for row in agreed(w)] == [TEXTS["agreements-0-text"]]


def test_an_organisation_of_elsewhere_and_a_day_out_of_reach_are_refused(app: Flask, w: World) -> None:
    stranger = make.organisation(programme=make.programme())
    answers = [
        written(app, w, **{"agreements-0-organisation": str(stranger.id)})[0],
        written(app, w, **{"agreements-0-due": "2999-01-01"})[0],
    ]
    assert (answers, agreed(w)) == ([422, 422], [])


def ticked(app: Flask, person: Person, row: Agreement, done: str) -> int:
    where = f"/me/{personal_token(person)}/agreements/{row.id}"
    return app.test_client().post(where, data={"done": done}).status_code


def test_what_was_agreed_is_ticked_by_link_and_opened_again(app: Flask, w: World) -> None:
    written(app, w, publish="1")
    [row] = agreed(w)
    assert ticked(app, w.substitute, row, "1") == 302
    assert (row.done_at, row.done_by, queries.open_agreements(w.network)) == (FRIDAY, w.substitute, [])
    page = app.test_client().get(f"/me/{personal_token(w.preparer)}/networks/{w.network.slug}/learnt").text
    assert ("done on Fri 16 April" in page, "Agreed and still open" in page) == (True, False)
    assert ticked(app, w.preparer, row, "0") == 302
    assert (row.done_at, queries.open_agreements(w.network)) == (None, [row])


def test_who_ticked_takes_word_of_it_along(app: Flask, w: World) -> None:
    written(app, w, publish="1")
    ticked(app, w.substitute, agreed(w)[0], "1")
    taken = make.browser(app, w.substitute).get("/me/data.json")
    assert (taken.status_code, taken.json["results"]) == (
        200,
        [{"day": "2027-04-15", "ticked": TEXTS["agreements-0-text"]}],
    )


def test_what_was_agreed_is_not_ticked_before_it_is_published_nor_from_elsewhere(app: Flask, w: World) -> None:
    written(app, w)
    [row] = agreed(w)
    elsewhere = make.membership(network=make.network()).primary
    admin = make.person(site_admin=True)
    db.session.commit()
    assert ticked(app, w.substitute, row, "1") == 404
    written(app, w, publish="1")
    [row] = agreed(w)
    by_admin = make.browser(app, admin).post(f"/networks/{w.network.slug}/agreements/{row.id}", data={"done": "1"})
    assert (ticked(app, elsewhere, row, "1"), by_admin.status_code, row.done_at) == (404, 404, None)


def test_who_prepares_and_who_comes_reads_what_is_still_open(app: Flask, w: World) -> None:
    written(app, w, publish="1")
    later = make.meeting(network=w.network, starts_at=THURSDAY + timedelta(days=42))
    make.duty(meeting=later, organisation=w.meeting.preparers[0], kind="preparation")
    row = make.message(person=w.preparer, kind="P1", network_id=w.network.id, meeting_id=later.id)
    invitation = make.message(person=w.host, kind="D1", network_id=w.network.id, meeting_id=later.id)
    texts = [KINDS[each.kind].render([each], FRIDAY).text for each in (row, invitation)]
    assert ["- De Berk writes a page by May" in text for text in texts] == [True, True]
    db.session.commit()
    links = [re.findall(r"To tick what is done: http://[^/]+(\S+)", text) for text in texts]
    assert [TEXTS["agreements-0-text"] in app.test_client().get(link).text for [link] in links] == [True, True]
    ticked(app, w.host, agreed(w)[0], "1")
    texts = [KINDS[each.kind].render([each], FRIDAY).text for each in (row, invitation)]
    assert ["De Berk writes a page" in text for text in texts] == [False, False]


RECORDING = {"recording": "https://video.example/42", "recording_consent": "Everybody, at the start"}


def test_a_recording_is_shown_until_its_last_day_and_then_erased(app: Flask, w: World) -> None:
    written(app, w, publish="1", **RECORDING)
    page = app.test_client().get(path(w, w.preparer)).text
    assert ('href="https://video.example/42"' in page, "Everybody, at the start" in page) == (True, True)
    assert "Recording, until Wednesday, 14 July 2027: https://video.example/42" in render("N3", w.preparer, w)[2]
    keep_house(datetime(2027, 7, 14, 21, tzinfo=UTC))
    assert db.session.scalars(select(Result.recording)).one() == RECORDING["recording"]
    keep_house(datetime(2027, 7, 14, 23, tzinfo=UTC))  # past midnight in Amsterdam
    page = app.test_client().get(path(w, w.preparer)).text
    assert ("video.example" in page, "its link is erased" in page) == (False, True)


def test_without_anybodys_consent_there_is_no_recording(app: Flask, w: World) -> None:
    assert written(app, w, **RECORDING | {"recording_consent": ""})[0] == 422
    assert written(app, w, **RECORDING | {"recording": "javascript:alert(1)"})[0] == 422
    assert db.session.query(Result).count() == 0


def test_a_recording_that_is_taken_away_leaves_no_word(app: Flask, w: World) -> None:
    written(app, w, publish="1", **RECORDING)
    written(app, w)
    page = app.test_client().get(path(w, w.preparer)).text
    assert ("video.example" in page, "its link is erased" in page) == (False, False)


def test_erasing_takes_the_name_and_leaves_what_is_the_networks(app: Flask, w: World) -> None:
    written(app, w, publish="1")
    ticked(app, w.host, agreed(w)[0], "1")
    assert len(personal_data(w.host)) == 2
    forget(w.host, FRIDAY)
    db.session.expire_all()
    assert db.session.scalars(select(Result.saved_by_id)).one() is None
    assert [(row.done_by_id, row.done_at) for row in agreed(w)] == [(None, FRIDAY)]
