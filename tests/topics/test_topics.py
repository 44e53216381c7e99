"""Topics people wish for: proposed, wished by others, chosen for a meeting, and open again."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.admin.merging import merge_people
from app.extensions import db
from app.letters.kinds import KINDS
from app.people.links import personal_token
from app.people.models import Person
from app.topics.models import Topic, TopicWish
from app.topics.personal import forget, personal_data
from app.topics.queries import open_topics
from tests import make
from tests.reminders.world import NOW, World, world
from tests.statements import statements


@pytest.fixture
def w(app: Flask) -> Iterator[World]:
    with time_machine.travel(NOW, tick=False):
        yield world(topic="")


def path(w: World, person: Person | None = None) -> str:
    start = f"/me/{personal_token(person)}" if person else ""
    return f"{start}/networks/{w.network.slug}/topics"


def post(app: Flask, w: World, person: Person, what: str = "", **data: object) -> tuple[int, str]:
    """Press a button by the person's link."""
    answer = app.test_client().post(path(w, person) + what, data=data, follow_redirects=True)
    return answer.status_code, answer.text


def topic(w: World, title: str = "Night shifts", *people: Person, **values: object) -> Topic:
    row = make.topic(network=w.network, title=title, matters_to=people, **values)
    db.session.commit()
    return row


def titles(w: World) -> list[tuple[str, int]]:
    """What is open, and to how many it matters."""
    db.session.expire_all()
    return [(each.topic.title, each.people) for each in open_topics([w.network.id], NOW.date())[w.network.id]]


def test_the_most_wished_stands_first_and_then_the_oldest(app: Flask, w: World) -> None:
    topic(w, "Old", created_at=NOW - timedelta(days=2))
    topic(w, "Older", created_at=NOW - timedelta(days=3))
    topic(w, "Wished", w.host, w.preparer)

    page = app.test_client().get(path(w, w.host)).text

    assert re.findall(r">(Old|Older|Wished)<", page) == ["Wished", "Older", "Old"]
    assert "matters to 2 people" in page
    assert w.preparer.last_name not in page


def test_who_proposes_a_topic_finds_it_on_the_list(app: Flask, w: World) -> None:
    status, page = post(app, w, w.host, title="  Working  with volunteers ")

    assert (status, "Your topic stands on the list." in page) == (200, True)
    assert titles(w) == [("Working with volunteers", 1)]


def test_the_same_title_again_is_a_wish_and_no_second_topic(app: Flask, w: World) -> None:
    post(app, w, w.host, title="Night shifts")

    said = post(app, w, w.preparer, title="NIGHTSHIFTS")[1]
    post(app, w, w.preparer, title="night  shifts")

    assert "This topic stood on the list already; now it matters to you too." in said
    assert titles(w) == [("Night shifts", 2)]


@pytest.mark.parametrize(
    ("title", "sentence"), [(" ", "Please fill this in."), ("x" * 201, "Field cannot be longer than 200 characters.")]
)
def test_a_title_that_will_not_do_is_answered_beside_its_field(app: Flask, w: World, title: str, sentence: str) -> None:
    status, page = post(app, w, w.host, title=title)

    assert (status, f'id="title-error" role="alert">{sentence}<' in page, titles(w)) == (422, True, [])


def test_two_who_propose_the_same_at_once_make_one(app: Flask, w: World) -> None:
    topic(w)

    with pytest.raises(IntegrityError):
        topic(w)
    db.session.rollback()


def test_a_wish_counts_once_and_can_be_taken_back(app: Flask, w: World) -> None:
    row = topic(w)
    for _twice in range(2):
        page = post(app, w, w.preparer, f"/{row.id}/wish")[1]
    wished = titles(w)
    post(app, w, w.preparer, f"/{row.id}/wish/removal")

    assert ("Not any more" in page, wished, titles(w)) == (True, [("Night shifts", 1)], [("Night shifts", 0)])


def test_wishes_of_who_has_left_do_not_count(app: Flask, w: World) -> None:
    topic(w, "Night shifts", w.host, w.preparer)
    w.network.memberships[0].left = date(2026, 11, 1)
    db.session.commit()

    assert titles(w) == [("Night shifts", 1)]


def test_who_proposed_it_takes_it_back_and_nobody_else(app: Flask, w: World) -> None:
    row = topic(w, "One", w.preparer, person_id=w.host.id)
    mia = make.browser(app, w.manager)

    refused = [post(app, w, each, f"/{row.id}/withdrawal")[0] for each in (w.preparer, w.manager)]
    managers = mia.post(f"{path(w)}/{row.id}/withdrawal").status_code
    own = post(app, w, w.host, f"/{row.id}/withdrawal")[0]

    assert (refused, managers, own, titles(w)) == ([404, 404], 404, 200, [])
    assert db.session.scalars(select(TopicWish)).all() == []


def test_who_prepares_makes_a_topic_that_of_the_meeting(app: Flask, w: World) -> None:
    row, before = topic(w), w.network.revision

    status, page = post(app, w, w.preparer, "/choice", meeting=w.meeting.id, topic=row.id)

    db.session.expire_all()
    assert (status, w.meeting.topic, row.meeting_id) == (200, "Night shifts", w.meeting.id)
    assert w.network.revision > before
    assert titles(w) == []
    assert "Thursday, 15 April 2027" in page.split("Already had, or settled")[1]
    assert 'href="/networks/' not in page  # by link nothing leads to the sign-in page


@pytest.mark.parametrize("then", [{"topic": ""}, {"status": "cancelled"}])
def test_it_is_open_again_when_the_meeting_has_it_no_more(app: Flask, w: World, then: dict[str, str]) -> None:
    row = topic(w)
    post(app, w, w.preparer, "/choice", meeting=w.meeting.id, topic=row.id)
    chosen = titles(w)
    for name, value in then.items():
        setattr(w.meeting, name, value)
    db.session.commit()

    assert (chosen, titles(w)) == ([], [("Night shifts", 0)])


def test_in_other_words_it_stays_the_topic_until_somebody_puts_it_back(app: Flask, w: World) -> None:
    row = topic(w)
    post(app, w, w.preparer, "/choice", meeting=w.meeting.id, topic=row.id)
    w.meeting.topic = "Night shifts: how we hand over"
    db.session.commit()

    reworded = titles(w)
    page = app.test_client().get(f"/me/{personal_token(w.preparer)}/meetings/{w.meeting.id}/preparation").text
    refused = post(app, w, w.host, f"/{row.id}/release")[0]
    released = post(app, w, w.preparer, f"/{row.id}/release")[0]

    db.session.expire_all()
    assert reworded == []
    assert "Chosen from the list as “Night shifts”." in page
    assert (refused, released) == (404, 200)
    assert (w.meeting.topic, titles(w)) == ("", [("Night shifts", 0)])


def test_who_does_not_prepare_chooses_for_no_meeting(app: Flask, w: World) -> None:
    row, outsider = topic(w), make.membership(network=make.network()).primary
    db.session.commit()
    data = {"meeting": w.meeting.id, "topic": row.id}

    assert [post(app, w, each, "/choice", **data)[0] for each in (w.host, w.manager, outsider)] == [404, 404, 404]
    assert make.browser(app, w.manager).post(f"{path(w)}/choice", data=data).status_code == 302


def test_who_comes_second_reads_that_it_is_too_late(app: Flask, w: World) -> None:
    row, other = topic(w), topic(w, "Waiting lists")
    post(app, w, w.preparer, "/choice", meeting=w.meeting.id, topic=row.id)

    status, page = post(app, w, w.preparer, "/choice", meeting=w.meeting.id, topic=other.id)
    wish = post(app, w, w.host, f"/{row.id}/wish")

    assert (status, "This cannot be chosen any more. Please choose again." in page) == (422, True)
    assert (wish[0], "This topic has been chosen for a meeting." in wish[1]) == (422, True)
    assert w.meeting.topic == "Night shifts"


def test_a_topic_of_another_network_is_not_found(app: Flask, w: World) -> None:
    foreign = make.topic(network=make.network(), title="Secret")
    db.session.commit()
    data = {"meeting": w.meeting.id, "topic": foreign.id}

    answers = [post(app, w, w.preparer, f"/{foreign.id}/wish")[0], post(app, w, w.preparer, "/choice", **data)[0]]
    app.test_client().post(
        f"/me/{personal_token(w.preparer)}/answers", data={f"choice-{w.meeting.id}": str(foreign.id)}
    )

    assert (answers, w.meeting.topic) == ([404, 422], "")
    assert "Secret" not in app.test_client().get(path(w, w.preparer)).text


def test_an_empty_list_says_what_belongs_there(app: Flask, w: World) -> None:
    page = app.test_client().get(path(w, w.host)).text

    assert "No topic is open. Propose what you would like to talk about" in page
    assert "Choose one for a meeting" not in page


def test_one_topic_and_three_hundred_take_the_same_number_of_queries(app: Flask, w: World) -> None:
    counts, kinds = [], ("question", "theme", "offer")
    for more in (1, 299):
        for n in range(more):
            values = {"person_id": w.host.id, "kind": kinds[n % 3], "closed_at": NOW if n % 7 == 3 else None}
            make.reply(topic=topic(w, f"{more}-{n}", w.host, w.preparer, **values), person=w.preparer)
        db.session.commit()
        one = path(w, w.preparer) + f"/{db.session.scalars(select(Topic.id)).first()}"
        for page in (path(w, w.preparer), one, f"/me/{personal_token(w.preparer)}"):
            db.session.expire_all()
            with statements() as seen:
                app.test_client().get(page)
            counts.append(len(seen))

    assert counts[:3] == counts[3:]


def test_a_long_list_shows_forty_and_leads_to_all(app: Flask, w: World) -> None:
    for n in range(60):
        make.topic(network=w.network, title=f"Number {n}")
    db.session.commit()

    few = app.test_client().get(path(w, w.preparer)).text
    everything = app.test_client().get(path(w, w.preparer), query_string={"all": 1}).text

    assert ("Show all 60" in few, few.count("</a>\n<br>")) == (True, 40)
    assert ("Show all 60" in everything, everything.count("</a>\n<br>")) == (False, 60)


def test_a_link_in_the_mail_chooses_and_save_makes_it_the_topic(app: Flask, w: World) -> None:
    for n in range(4):
        row = topic(w, f"Topic {n}", *[w.host, w.substitute, w.preparer][n:])
    client, own = app.test_client(), f"/me/{personal_token(w.preparer)}"

    page = client.get(f"{own}?meeting={w.meeting.id}&topic={row.id}").text
    untouched = w.meeting.topic
    client.post(f"{own}/answers", data={f"topic-{w.meeting.id}": "", f"choice-{w.meeting.id}": str(row.id)})

    assert re.findall(r'value="(\d+)" checked', page) == [str(row.id)]
    assert page.count(f'name="choice-{w.meeting.id}"') == 5  # the three wished most, the one chosen, an open agenda
    assert "Topics of Noord" in page
    db.session.expire_all()
    assert (untouched, w.meeting.topic, row.meeting_id) == ("", "Topic 3", w.meeting.id)


def test_an_open_agenda_can_be_chosen_and_own_words_go_first(app: Flask, w: World) -> None:
    client, own, number = app.test_client(), f"/me/{personal_token(w.preparer)}/answers", w.meeting.id

    client.post(own, data={f"topic-{number}": "", f"choice-{number}": "open"})
    agenda = w.meeting.open_agenda
    w.meeting.open_agenda = False
    db.session.commit()
    client.post(own, data={f"topic-{number}": "Waiting lists", f"choice-{number}": str(topic(w).id)})

    assert (agenda, w.meeting.topic, titles(w)) == (True, "Waiting lists", [("Night shifts", 0)])


def test_the_host_is_not_asked_to_choose(app: Flask, w: World) -> None:
    row = topic(w)
    own = f"/me/{personal_token(w.host)}"

    page = app.test_client().get(f"{own}?meeting={w.meeting.id}&topic={row.id}").text
    app.test_client().post(f"{own}/answers", data={f"choice-{w.meeting.id}": str(row.id)})

    assert (f"choice-{w.meeting.id}" in page, w.meeting.topic) == (False, "")


def choices(w: World) -> list[str]:
    """What the second mail to who prepares offers: topics, or an open agenda."""
    text = KINDS["P2"].render([w.message("P2", w.preparer)], NOW).text
    return [re.sub(r"( \(.*)?:$", "", line[2:]) for line in text.splitlines() if line.startswith("- ")]


def test_the_second_mail_always_offers_three_choices(w: World) -> None:
    agenda = "an open agenda: everybody brings something"
    assert choices(w) == [
        "a topic of your own, in one sentence",
        "a question of one of the members, for peer consultation",
        agenda,
    ]
    topic(w)
    assert choices(w) == ["Night shifts", "a topic of your own, in one sentence", agenda]
    topic(w, "Waiting lists", w.host)
    topic(w, "Third")
    assert choices(w) == ["Waiting lists", "Night shifts", agenda]


def test_a_meeting_with_a_topic_is_prepared_without_the_list(w: World) -> None:
    topic(w, "Night shifts", w.host)
    before, w.meeting.open_agenda = KINDS["P1"].render([w.message("P1", w.preparer)], NOW).text, True
    after = KINDS["P1"].render([w.message("P1", w.preparer)], NOW).text

    assert ("- Night shifts (matters to one person)" in before, f"#meeting-{w.meeting.id}" in before) == (True, True)
    assert ("Night shifts" in after, f"#meeting-{w.meeting.id}" in after) == (False, False)


def test_who_is_erased_leaves_the_topic_to_nobody(app: Flask, w: World) -> None:
    row = topic(w, "Night shifts", w.host, w.preparer, person_id=w.host.id)
    known = personal_data(w.host)

    forget(w.host, NOW)

    db.session.expire_all()
    proposed = {"network": "Noord", "kind": "theme", "proposed": "Night shifts", "why": ""}
    assert known == [proposed, {"network": "Noord", "matters": "Night shifts"}]
    assert (row.person_id, titles(w), personal_data(w.host)) == (None, [("Night shifts", 1)], [])


def test_of_two_rows_of_one_person_one_wish_stays(app: Flask, w: World) -> None:
    row = topic(w, "Night shifts", w.host, w.substitute)

    programme = w.network.programme
    merge_people(w.host, w.substitute, programme, make.programme_manager(programme=programme), NOW)

    assert [each.person_id for each in db.session.scalars(select(TopicWish))] == [w.host.id]
    assert row.is_open
