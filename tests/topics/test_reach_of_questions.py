"""Who may know what of a question: without a name, in other networks, by organisation, at a meeting."""

import json
import re

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.admin.merging import merge_organisations
from app.audit import Audit
from app.exporting.network_json import export
from app.extensions import db
from app.letters.kinds import KINDS
from app.networks.models import Network
from app.people.links import personal_token
from app.people.models import Person
from app.swaps.models import Swap
from app.topics.models import Reply, Topic
from tests import make
from tests.reminders.world import NOW, World
from tests.topics.asking import asked, letter, mails, page, path, post


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
