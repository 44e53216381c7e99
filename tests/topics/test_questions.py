"""Questions and what others know about them, by the links people have: asked, answered, closed, withdrawn, hidden."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text

from app.admin.merging import merge_organisations
from app.audit import Audit
from app.exporting.network_json import export
from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.networks.models import Network
from app.people.links import personal_token
from app.people.models import Person
from app.swaps.models import Swap
from app.topics.models import Reply, Topic
from app.topics.personal import forget
from app.worker import deliver
from tests import make
from tests.reminders.world import NOW, World, world


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def w(clock: time_machine.Traveller) -> World:
    return world(topic="")


def path(person: Person, network: Network) -> str:
    return f"/me/{personal_token(person)}/networks/{network.slug}/topics"


def post(app: Flask, person: Person, network: Network, what: str = "", **data: object) -> tuple[int, str]:
    """Press a button by the person's link."""
    answer = app.test_client().post(path(person, network) + what, data=data, follow_redirects=True)
    db.session.expire_all()
    return answer.status_code, answer.text


def page(app: Flask, person: Person, row: Topic, network: Network | None = None) -> str:
    return app.test_client().get(f"{path(person, network or row.network)}/{row.id}").text


def asked(app: Flask, w: World, **data: object) -> Topic:
    """Anna asks."""
    post(app, w.host, w.network, **{"title": "Who has a night rota?", "kind": "question", **data})
    return db.session.scalars(select(Topic).order_by(Topic.id.desc())).first()


def mails(kind: str) -> list[Message]:
    db.session.expire_all()
    return list(db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))


def letter(message: Message) -> str:
    """What it says, when it is still true."""
    at = message.due_at
    if not KINDS[message.kind].still_true(message, at):
        return ""
    return KINDS[message.kind].render([message], at).text


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


def test_a_hidden_answer_says_so_and_nothing_else(app: Flask, w: World) -> None:
    row, mia = asked(app, w), make.browser(app, w.manager)
    post(app, w.preparer, w.network, f"/{row.id}/replies", text="Ask Mrs Jones.")
    reply = db.session.scalars(select(Reply)).one()
    mia.post(f"/networks/{w.network.slug}/topics/replies/{reply.id}/hiding", data={"reason": "Names a client"})

    others, authors = page(app, w.substitute, row), page(app, w.preparer, row)

    assert ("Ask Mrs Jones." in others, "Hidden by a manager: Names a client" in others) == (False, True)
    assert "Ask Mrs Jones." in authors
    assert letter(mails("Q2")[0]) == ""


def everything_about(app: Flask, w: World, row: Topic) -> str:
    """All that anybody but its author can read: pages of members and managers, mails, the log, the export."""
    mia, slug = make.browser(app, w.manager), w.network.slug
    pages = [page(app, w.substitute, row)]
    pages += [mia.get(f"/networks/{slug}/{each}").text for each in ("topics", f"topics/{row.id}", "library")]
    pages += [mia.get(each).text for each in ("/outbox", "/log", "/themes")]
    pages += [app.test_client().get(path(w.substitute, w.network)).text]
    log = [f"{each.verb} {each.person_id} {each.values}" for each in db.session.scalars(select(Audit))]
    said = [letter(message) for message in (*mails("Q1"), *mails("Q2"), *mails("Q3"))]
    topics = json.dumps(export([w.network.id], NOW)["networks"][0]["topics"])
    return "\n".join([*pages, *log, *said, topics])


# Numbers of rows and tokens differ from one time to the next; who asked must not.
NUMBERS = re.compile(r'\d+|/me/[^/"]+|csrf_token" value="[^"]+')


def test_who_asks_without_a_name_is_known_to_nobody(app: Flask, w: World) -> None:
    """The same question asked by Anna and by Cas reads the same everywhere."""
    read = []
    for author in (w.host, w.preparer):
        post(app, author, w.network, title="May I say no?", kind="dilemma", unnamed="y")
        row = db.session.scalars(select(Topic)).one()
        post(app, w.substitute, w.network, f"/{row.id}/replies", text="You may.")
        told = sorted(message.person_id for message in mails("Q1"))
        read.append((told, NUMBERS.sub("", everything_about(app, w, row))))
        own = page(app, author, row)
        assert "You asked this without your name; nobody else sees that it is yours." in own
        for statement in ("delete from message", "delete from reply", "delete from topic", "delete from audit"):
            db.session.execute(text(statement))
        db.session.commit()

    assert read[0][0] == read[1][0] == sorted(each.id for each in (w.host, w.substitute, w.preparer))
    first, second = (said for _told, said in read)
    assert first == second
    assert "somebody who is not named" in first


def test_who_is_not_named_closes_and_withdraws_by_their_own_link_and_the_log_is_silent(app: Flask, w: World) -> None:
    row = asked(app, w, unnamed="y")
    before = db.session.query(Audit).count()

    foreign = post(app, w.preparer, w.network, f"/{row.id}/withdrawal")[0]
    post(app, w.host, w.network, f"/{row.id}/closing", answer="Yes")
    post(app, w.host, w.network, f"/{row.id}/reopening")
    own = post(app, w.host, w.network, f"/{row.id}/withdrawal")[0]

    assert (foreign, own, db.session.query(Topic).count()) == (404, 200, 0)
    assert db.session.query(Audit).count() == before
    assert mails("Q2") + mails("Q3") == []


def test_who_is_not_named_cannot_bring_it_in(app: Flask, w: World) -> None:
    status, said = post(app, w.host, w.network, title="May I?", kind="theme", unnamed="y", brings="y")

    assert (status, "that would name your organisation" in said) == (422, True)
    assert db.session.query(Topic).count() == 0


def test_a_comparison_is_a_table_by_organisation_without_ranks(app: Flask, w: World) -> None:
    row = asked(app, w, title="How happy are you with your planner?", choices="very\nnot at all\n")
    empty = post(app, w.preparer, w.network, f"/{row.id}/replies", text="No choice")
    post(app, w.host, w.network, f"/{row.id}/replies", choice="very", text="Paper")
    post(app, w.preparer, w.network, f"/{row.id}/replies", choice="very", text="Excel")
    post(app, w.preparer, w.network, f"/{row.id}/replies", choice="not at all", text="Excel")
    shown = page(app, w.substitute, row)
    cells = re.findall(r"<t[hd][^>]*>([^<]+)</t[hd]>", shown)

    assert (empty[0], "Please choose one." in empty[1]) == (422, True)
    assert cells[3:] == ["De Berk", "not at all", "Excel", "De Linde", "very", "Paper"]
    assert "average" not in shown.lower()


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


def sister_of(w: World, *, shares: bool) -> tuple[Network, Person]:
    """Another network of the programme and somebody in it who wants questions of others."""
    sister = make.network(programme=w.network.programme, name="Zuid")
    reader = make.membership(network=sister).people[0]
    reader.programme_questions = True
    w.network.programme.shares_topics = shares
    db.session.commit()
    return sister, reader


def test_other_networks_read_and_answer_what_its_author_shares_where_the_programme_allows_it(
    app: Flask, w: World
) -> None:
    sister, reader = sister_of(w, shares=True)
    own, shared = asked(app, w), asked(app, w, title="Who knows a speaker?", shared="y")
    there = app.test_client().get(path(reader, sister)).text
    foreign = app.test_client().get(f"{path(reader, sister)}/{own.id}").status_code
    mail = letter(next(each for each in mails("Q1") if each.person_id == reader.id))
    status, said = post(app, reader, sister, f"/{shared.id}/replies", text="I do.")
    told = {message.person_id: message.network_id for message in mails("Q1") if message.params["topic_id"] == shared.id}

    assert ("Who knows a speaker?" in there, "Who has a night rota?" in there) == (True, False)
    assert (foreign, status) == (404, 200)
    assert "Noord asks all networks: Who knows a speaker?" in mail
    assert "I do." in said
    assert told == {w.substitute.id: w.network.id, w.preparer.id: w.network.id, reader.id: sister.id}


@pytest.mark.parametrize("allows", [False, True])
def test_nothing_leaves_the_network_without_both_its_author_and_the_programme(
    app: Flask, w: World, allows: bool
) -> None:
    sister, reader = sister_of(w, shares=allows)
    row = asked(app, w, **({} if allows else {"shared": "y"}))

    there = app.test_client().get(path(reader, sister)).text

    assert row.reach == "network"
    assert "Who has a night rota?" not in there
    assert reader.id not in {message.person_id for message in mails("Q1")}
    assert app.test_client().get(f"{path(reader, sister)}/{row.id}").status_code == 404


def test_when_the_programme_allows_it_no_more_it_is_gone_from_the_others_at_once(app: Flask, w: World) -> None:
    sister, reader = sister_of(w, shares=True)
    row = asked(app, w, shared="y")
    before = app.test_client().get(f"{path(reader, sister)}/{row.id}").status_code
    w.network.programme.shares_topics = False
    db.session.commit()

    mail = next(message for message in mails("Q1") if message.person_id == reader.id)

    assert before == 200
    assert app.test_client().get(f"{path(reader, sister)}/{row.id}").status_code == 404
    assert letter(mail) == ""


def test_of_other_networks_only_who_chose_so_gets_a_mail(app: Flask, w: World) -> None:
    sister, reader = sister_of(w, shares=True)
    quiet = make.membership(network=sister).people[0]
    db.session.commit()

    asked(app, w, shared="y")

    told = {message.person_id for message in mails("Q1")}
    assert (reader.id in told, quiet.id in told) == (True, False)


def test_a_chosen_topic_asks_the_organisation_that_brings_it_in_to_prepare(app: Flask, w: World) -> None:
    row = asked(app, w, title="Our night rota", kind="example", brings="y")

    said = post(app, w.preparer, w.network, "/choice", meeting=w.meeting.id, topic=row.id)[1]
    swap = db.session.scalars(select(Swap)).one()

    assert "De Linde brings it in and is asked to prepare that meeting." in said
    assert (swap.kind, [offer.organisation_id for offer in swap.offers]) == ("preparation", [row.brings_id])
    assert w.meeting.preparers[0].name == "De Berk"  # until De Linde says yes


def test_who_prepares_anyway_is_not_asked(app: Flask, w: World) -> None:
    post(app, w.preparer, w.network, title="Our rota", kind="example", brings="y")
    row = db.session.scalars(select(Topic)).one()

    said = post(app, w.preparer, w.network, "/choice", meeting=w.meeting.id, topic=row.id)[1]

    assert "brings it in and is asked" not in said
    assert db.session.query(Swap).count() == 0


def test_the_mails_to_who_prepares_and_the_meeting_say_why_and_how_many_answers(app: Flask, w: World) -> None:
    row = asked(app, w, why="Ours breaks in May.")
    post(app, w.substitute, w.network, f"/{row.id}/replies", text="Ask the nurses.")
    before = KINDS["P3"].render([w.message("P3", w.preparer)], NOW).text
    post(app, w.preparer, w.network, "/choice", meeting=w.meeting.id, topic=row.id)

    said = KINDS["P3"].render([w.message("P3", w.preparer)], NOW).text
    shown = make.browser(app, w.manager).get(f"/networks/{w.network.slug}/meetings/{w.meeting.id}").text

    assert "Ours breaks in May." not in before
    assert "Why this topic: Ours breaks in May." in said
    assert "What people know about it, one answer:" in said
    assert "What people know about it: one answer" in shown
    assert "Chosen for the meeting on" in page(app, w.substitute, row)


def test_typed_by_hand_the_title_of_the_list_chooses_that_topic(app: Flask, w: World) -> None:
    row = asked(app, w)
    form = {"meeting": w.meeting.id, f"topic-{w.meeting.id}": "who has a  NIGHT rota?", f"topic-was-{w.meeting.id}": ""}

    app.test_client().post(f"/me/{personal_token(w.preparer)}/answers", data=form)

    db.session.expire_all()
    assert (row.meeting_id, row.state) == (w.meeting.id, "chosen")


def test_two_organisations_that_are_one_keep_one_choice(app: Flask, w: World) -> None:
    row = asked(app, w, title="Happy?", choices="very\nnot at all")
    for person, choice in ((w.host, "very"), (w.preparer, "not at all")):
        post(app, person, w.network, f"/{row.id}/replies", choice=choice)
    keep, drop = (member.organisation for member in w.network.memberships)
    w.meeting.duties.clear()

    merge_organisations(keep, drop, NOW)
    db.session.commit()

    assert [(reply.organisation_id, reply.choice) for reply in db.session.scalars(select(Reply))] == [(keep.id, "very")]


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
