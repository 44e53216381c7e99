"""Questions and what others know about them, by the links people have: asked, answered, closed, withdrawn, hidden."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.audit import Audit
from app.extensions import db
from app.people.links import personal_token
from app.people.models import NOBODY_YET
from app.topics.models import Reply, Topic
from app.topics.personal import forget
from app.worker import deliver
from tests import make
from tests.reminders.world import NOW, World
from tests.topics.asking import asked, letter, mails, page, path, post


def test_a_question_goes_to_everybody_but_who_asked(app: Flask, w: World) -> None:
    row = asked(app, w, why="Ours **breaks** in May.")

    told = {message.person_id for message in mails("Q1")}
    said = letter(mails("Q1")[0])

    assert told == {w.substitute.id, w.preparer.id}
    assert "Anna de Vries, De Linde asks: Who has a night rota?" in said
    assert "Ours **breaks** in May." in said
    assert f"/topics/{row.id}" in said
    assert "<strong>breaks</strong>" in page(app, w.preparer, row)


def test_it_goes_with_the_next_mail_at_once_or_never_as_each_person_chose(
    app: Flask, w: World, clock: time_machine.Traveller
) -> None:
    w.preparer.questions = "once"
    third = make.membership(network=w.network, people=2)
    third.people[0].questions = "never"
    asked(app, w)
    soon = NOW + timedelta(days=9)
    make.message(person=w.substitute, kind="D1", network_id=w.network.id, meeting_id=w.meeting.id, due_at=soon)
    db.session.commit()

    left = []
    for day in (0, 9, 90):
        clock.move_to(NOW + timedelta(days=day))
        deliver(60)
        left.append({message.person_id for message in mails("Q1") if message.state == "sent"})
    together = {
        message.kind: message.sent_at for message in mails("D1") + mails("Q1") if message.person_id == w.substitute.id
    }

    assert left[0] == {w.preparer.id}
    assert left[1] == {w.preparer.id, w.substitute.id}
    assert left[2] == {w.preparer.id, w.substitute.id, third.people[1].id}
    assert together["D1"] == together["Q1"] == soon


def test_the_choice_is_made_where_mails_are_chosen(app: Flask, w: World) -> None:
    here = f"/me/{personal_token(w.preparer)}/mails"
    shown = app.test_client().get(here).text

    app.test_client().post(here, data={"language": "en", "tone": "", "wants_mail": "y", "questions": "never"})
    asked(app, w)

    assert "Questions of others" in shown
    assert w.preparer.id not in {message.person_id for message in mails("Q1")}


def test_a_theme_sends_nobody_a_mail(app: Flask, w: World) -> None:
    asked(app, w, kind="theme")

    assert mails("Q1") + mails("Q3") == []


def test_nothing_leaves_about_a_question_that_is_closed_or_answered_by_its_reader(app: Flask, w: World) -> None:
    row = asked(app, w)
    first, second = mails("Q1")
    before = [bool(letter(first)), bool(letter(second))]

    post(app, w.preparer, w.network, f"/{row.id}/replies", text="We have one.")
    after_reply = {message.person_id: bool(letter(message)) for message in mails("Q1")}
    post(app, w.host, w.network, f"/{row.id}/closing", answer="De Berk has one")

    assert before == [True, True]
    assert after_reply == {w.preparer.id: False, w.substitute.id: True}
    assert [letter(message) for message in (*mails("Q1"), *mails("Q3"))] == ["", "", ""]


def test_who_asked_reads_the_answers_once_a_day_at_most(app: Flask, w: World, clock: time_machine.Traveller) -> None:
    row = asked(app, w)
    post(app, w.preparer, w.network, f"/{row.id}/replies", text="We have one.")
    post(app, w.substitute, w.network, f"/{row.id}/replies", text="Ask the nurses.")
    [first] = mails("Q2")
    both = letter(first)
    first.state, first.sent_at = "sent", NOW
    db.session.commit()
    clock.shift(timedelta(hours=2))
    post(app, w.preparer, w.network, f"/{row.id}/replies", text="I found it.")
    second = mails("Q2")[1]

    assert (first.person_id, first.due_at) == (w.host.id, NOW)
    assert "Cas de Vries, De Berk: We have one." in both
    assert "Ask the nurses." in both
    assert second.due_at == NOW + timedelta(days=1)
    assert "I found it." in letter(second)
    assert "We have one." not in letter(second)


def test_after_fourteen_days_its_author_is_asked_and_else_it_waits_for_a_meeting(
    app: Flask, w: World, clock: time_machine.Traveller
) -> None:
    row = asked(app, w)
    now = app.test_client().get(path(w.preparer, w.network)).text
    [reminder] = mails("Q3")
    said = letter(reminder)
    clock.move_to(NOW + timedelta(days=15))
    later = app.test_client().get(path(w.preparer, w.network)).text

    assert reminder.person_id == w.host.id
    assert NOW + timedelta(days=13) < reminder.due_at < NOW + timedelta(days=17)
    assert f"/topics/{row.id}#closing" in said
    assert now.index("Asked now") < now.index("Who has a night rota?")
    assert "Asked now" not in later
    assert later.index("For a meeting") < later.index("Who has a night rota?")


def test_a_question_is_closed_with_one_line_and_opened_again(app: Flask, w: World) -> None:
    row = asked(app, w)

    foreign = post(app, w.preparer, w.network, f"/{row.id}/closing", answer="No")[0]
    closed = post(app, w.host, w.network, f"/{row.id}/closing", answer="De Berk has one")[1]
    refused = post(app, w.preparer, w.network, f"/{row.id}/replies", text="Late")
    listed = app.test_client().get(path(w.preparer, w.network)).text
    again = post(app, w.host, w.network, f"/{row.id}/reopening")[1]

    assert foreign == 404
    assert "Answered: De Berk has one" in closed
    assert "This is closed: nothing can be added any more." in refused[1]
    assert listed.index("Answered, to be found again") < listed.index("Who has a night rota?")
    assert "Answered: De Berk has one" not in again
    assert row.state == "open"


def test_its_author_changes_it_for_a_day_and_takes_it_back_at_any_time(
    app: Flask, w: World, clock: time_machine.Traveller
) -> None:
    row = asked(app, w)
    post(app, w.preparer, w.network, f"/{row.id}/replies", text="We have one.")
    foreign = post(app, w.preparer, w.network, f"/{row.id}/text", **{"own-title": "Mine"})[0]
    changed = post(app, w.host, w.network, f"/{row.id}/text", **{"own-title": "Who has a rota?"})[1]
    clock.shift(timedelta(days=1))
    late = post(app, w.host, w.network, f"/{row.id}/text", **{"own-title": "Too late"})[1]
    offered = page(app, w.host, row)
    post(app, w.host, w.network, f"/{row.id}/withdrawal")
    after = page(app, w.preparer, row)

    assert foreign == 404
    assert "Who has a rota?" in changed
    assert "The day to change it is over." in late
    assert "Change what I asked" not in offered
    assert ("Taken back by who asked" in after, "We have one." in after, "Who has a rota?" in after) == (
        True,
        True,
        False,
    )


def test_who_answered_changes_it_for_a_day_and_takes_it_back(
    app: Flask, w: World, clock: time_machine.Traveller
) -> None:
    row = asked(app, w)
    post(app, w.preparer, w.network, f"/{row.id}/replies", text="We have one.")
    reply = db.session.scalars(select(Reply)).one()
    foreign = post(app, w.host, w.network, f"/replies/{reply.id}/text", text="Mine")[0]
    changed = post(app, w.preparer, w.network, f"/replies/{reply.id}/text", text="We have two.")[1]
    clock.shift(timedelta(days=2))
    late = post(app, w.preparer, w.network, f"/replies/{reply.id}/text", text="We have three.")[1]
    not_theirs = post(app, w.host, w.network, f"/replies/{reply.id}/withdrawal")[0]
    gone = post(app, w.preparer, w.network, f"/replies/{reply.id}/withdrawal")[1]

    assert (foreign, not_theirs) == (404, 404)
    assert "We have two." in changed
    assert "The day to change it is over." in late
    assert "We have two." not in gone
    assert "Nobody has answered yet." in gone


def test_a_manager_hides_with_a_reason_that_stands_in_the_log(app: Flask, w: World) -> None:
    row, mia = asked(app, w), make.browser(app, w.manager)
    here = f"/networks/{w.network.slug}/topics/{row.id}"

    without = mia.post(f"{here}/hiding", data={"reason": ""})
    mia.post(f"{here}/hiding", data={"reason": "Names a client"})
    others = app.test_client().get(f"{path(w.preparer, w.network)}/{row.id}").status_code
    listed = app.test_client().get(path(w.preparer, w.network)).text
    authors, managers = page(app, w.host, row), mia.get(here).text
    by_link = post(app, w.manager, w.network, f"/{row.id}/hiding", reason="x")[0]
    mia.post(f"{here}/showing")
    again = app.test_client().get(f"{path(w.preparer, w.network)}/{row.id}").status_code
    verbs = list(db.session.scalars(select(Audit.verb).where(Audit.person_id == w.manager.id)))

    assert (without.status_code, "Please fill this in." in without.text) == (422, True)
    assert (others, by_link, again) == (404, 404, 200)
    assert "Who has a night rota?" not in listed
    assert "Hidden by a manager: Names a client" in authors
    assert "Hidden by a manager: Names a client" in managers
    assert {"topic-hidden", "topic-shown"} <= set(verbs)


def test_name_and_organisation_stand_beside_an_answer(app: Flask, w: World) -> None:
    row = asked(app, w)
    promised = "Your name and organisation stand beside it." in page(app, w.preparer, row)
    before = "Cas de Vries" in page(app, w.substitute, row)
    post(app, w.preparer, w.network, f"/{row.id}/replies", text="We have one.")
    after = " ".join(page(app, w.substitute, row).split())

    assert (promised, before) == (True, False)
    assert "Cas de Vries, De Berk" in after


def test_a_hidden_answer_says_so_and_nothing_else(app: Flask, w: World) -> None:
    row, mia = asked(app, w), make.browser(app, w.manager)
    post(app, w.preparer, w.network, f"/{row.id}/replies", text="Ask Mrs Jones.")
    reply = db.session.scalars(select(Reply)).one()
    mia.post(f"/networks/{w.network.slug}/topics/replies/{reply.id}/hiding", data={"reason": "Names a client"})

    others, authors = page(app, w.substitute, row), page(app, w.preparer, row)

    assert ("Ask Mrs Jones." in others, "Hidden by a manager: Names a client" in others) == (False, True)
    assert "Ask Mrs Jones." in authors
    assert letter(mails("Q2")[0]) == ""


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"choices": "one"}, "From two to eight lines, each of sixty letters at most."),
        ({"choices": "a\nb", "kind": "theme"}, "Only a question can be answered with a choice."),
        ({"kind": "gossip"}, "Not a valid choice"),
        ({"title": ""}, "Please fill this in."),
    ],
)
def test_what_cannot_be_asked_is_said_and_nothing_is_lost(
    app: Flask, w: World, data: dict[str, str], sentence: str
) -> None:
    given = {"title": "Which one?", "kind": "question", "why": "We choose in May.", **data}
    status, said = post(app, w.host, w.network, **given)

    assert (status, sentence in said, "We choose in May." in said) == (422, True, True)
    assert db.session.query(Topic).count() == 0


def test_who_is_erased_leaves_a_thread_that_can_be_read(app: Flask, w: World) -> None:
    row = asked(app, w)
    post(app, w.preparer, w.network, f"/{row.id}/replies", text="We have one.")
    for person in (w.host, w.preparer):
        forget(person, NOW)
    db.session.commit()

    shown = page(app, w.substitute, row)

    assert ("Who has a night rota?" in shown, "We have one." in shown) == (True, True)
    assert ("Cas de Vries" in shown, "Somebody who is no longer here, De Berk" in " ".join(shown.split())) == (
        False,
        True,
    )


def test_a_question_takes_two_taps_and_a_sentence_and_an_answer_one(app: Flask, w: World) -> None:
    """Tap "Ask a question", type, tap "Send"; in the mail's page type, tap "Answer"."""
    start = app.test_client().get(f"/me/{personal_token(w.host)}").text
    link = re.search(r'href="([^"]+kind=question#ask)"', start)
    assert link
    form = app.test_client().get(link[1].partition("#")[0]).text
    row = asked(app, w)

    assert re.search(r'<input[^>]*checked[^>]*value="question"|value="question"[^>]*checked', form)
    assert post(app, w.preparer, w.network, f"/{row.id}/replies", text="We do.")[0] == 200


@pytest.mark.parametrize(
    ("typed", "links"),
    [
        ("See https://a.example/x_y, and (https://b.example).", ["https://a.example/x_y", "https://b.example"]),
        ("[here](https://c.example) or <https://d.example>", ["https://c.example", "https://d.example"]),
        ("`https://e.example`", []),
        ("<a href='https://f.example'>", []),
    ],
)
def test_an_address_in_an_answer_is_a_link_once(app: Flask, w: World, typed: str, links: list[str]) -> None:
    row = asked(app, w)
    post(app, w.preparer, w.network, f"/{row.id}/replies", text=typed)

    shown = page(app, w.substitute, row).partition("What others know about it")[2]

    assert re.findall(r'<a href="(https://[^"]+)"', shown) == links


def test_a_manager_without_a_name_asks_as_somebody_and_gets_replies_at_an_address(app: Flask, w: World) -> None:
    w.manager.first_name = w.manager.last_name = ""
    db.session.commit()
    make.browser(app, w.manager).post(f"/networks/{w.network.slug}/topics", data={"title": "Why?", "kind": "question"})

    said = letter(mails("Q1")[0])

    assert "Somebody of the network asks: Why?" in said
    assert f"Your reply goes to {w.manager.email}." in said


def test_no_reply_goes_to_the_address_of_who_has_not_given_one_yet(app: Flask, w: World) -> None:
    w.manager.email = NOBODY_YET
    db.session.commit()
    asked(app, w)

    said = letter(mails("Q1")[0])

    assert NOBODY_YET not in said
    assert "Your reply goes to" not in said
