"""The library: links kept by theme, offered from what was written, found again, taken along."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.library.models import Link
from app.library.personal import forget, personal_data
from app.library.queries import addresses, written_down
from app.people.links import personal_token
from app.people.models import Person
from app.results.actions import Notes, publish, save
from tests import make
from tests.reminders.world import NOW, World, world
from tests.statements import statements


@pytest.fixture
def w(app: Flask) -> Iterator[World]:
    with time_machine.travel(NOW, tick=False):
        yield world(topic="")


def path(w: World, person: Person) -> str:
    return f"/me/{personal_token(person)}/networks/{w.network.slug}/library"


def post(app: Flask, w: World, person: Person, what: str = "", **data: object) -> tuple[int, str]:
    answer = app.test_client().post(path(w, person) + what, data=data, follow_redirects=True)
    db.session.expire_all()
    return answer.status_code, answer.text


def titles(text: str) -> list[str]:
    return re.findall(r'rel="noreferrer nofollow">([^<]+)</a>', text)


def test_a_link_is_put_in_and_stands_under_its_theme(app: Flask, w: World) -> None:
    post(app, w, w.host, url="https://example.org/rota", title="A rota", theme="Planning")
    said = post(app, w, w.host, url="https://example.org/film", title="A film")[1]

    assert said.index("Planning") < said.index("A rota") < said.index("Without a theme") < said.index("A film")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"url": "javascript:alert(1)", "title": "x"}, "A link begins with https://."),
        ({"url": "https://example.org/ javascript:", "title": "x"}, "A link begins with https://."),
        ({"url": "https://example.org", "title": ""}, "Please fill this in."),
    ],
)
def test_what_is_no_link_is_said(app: Flask, w: World, data: dict[str, str], sentence: str) -> None:
    status, said = post(app, w, w.host, **data)

    assert (status, sentence in said) == (422, True)
    assert db.session.query(Link).count() == 0


def test_the_same_address_again_is_the_same_link_with_the_new_title(app: Flask, w: World) -> None:
    for title in ("Old", "New"):
        said = post(app, w, w.host, url="https://example.org", title=title)[1]

    assert titles(said) == ["New"]


def test_addresses_in_notes_topics_and_answers_are_offered_and_nothing_hidden(app: Flask, w: World) -> None:
    over = make.meeting(network=w.network, starts_at=NOW - timedelta(days=3), topic="Rota")
    publish(save(over, Notes("Read https://notes.example/a."), w.host, NOW), NOW)
    topic = make.topic(network=w.network, title="Films", why="See (https://why.example/b)!")
    make.reply(topic=topic, person=w.host, text="Or https://answer.example/c, or https://why.example/b")
    make.topic(network=w.network, why="https://hidden.example", hidden_at=NOW, hidden_because="x")
    make.topic(network=make.network(), why="https://elsewhere.example")
    db.session.commit()

    found = [(each.url, each.title) for each in written_down(w.network)]

    assert found == [
        ("https://answer.example/c", "Films"),
        ("https://why.example/b", "Films"),
        ("https://notes.example/a", "Rota"),
    ]


def test_unpublished_notes_offer_nothing(w: World) -> None:
    over = make.meeting(network=w.network, starts_at=NOW - timedelta(days=3))
    save(over, Notes("Read https://notes.example/a."), w.host, NOW)

    assert written_down(w.network) == []


def test_one_tick_puts_it_in_and_no_is_offered_no_more(app: Flask, w: World) -> None:
    make.topic(network=w.network, title="Films", why="https://a.example https://b.example https://c.example")
    db.session.commit()
    offered = app.test_client().get(path(w, w.host)).text
    urls = re.findall(r'name="url-\d" value="([^"]+)"', offered)

    data = {f"url-{n}": url for n, url in enumerate(urls)}
    said = post(app, w, w.host, "/offered", **data, **{"what-0": "keep", "title-0": "First", "what-1": "no"})[1]
    stale = post(app, w, w.host, "/offered", **{"url-0": "https://evil.example", "what-0": "keep"})[1]

    assert urls == ["https://a.example", "https://b.example", "https://c.example"]
    assert titles(said)[0] == "First"
    assert re.findall(r'name="url-\d" value="([^"]+)"', said) == ["https://c.example"]
    assert "Nothing was ticked, so nothing changed." in stale
    assert db.session.scalars(select(Link.url).where(Link.kept)).all() == ["https://a.example"]


def test_words_find_links_whatever_case_and_accents(app: Flask, w: World) -> None:
    for title, theme in (("Één rooster", "Planning"), ("A film", "")):
        make.link(network=w.network, title=title, theme=theme)
    db.session.commit()

    found = app.test_client().get(path(w, w.host), query_string={"q": "een PLAN"}).text
    nothing = app.test_client().get(path(w, w.host), query_string={"q": "car"}).text

    assert titles(found) == ["Één rooster"]
    assert "Nothing in the library holds these words." in nothing


def test_it_is_changed_and_taken_out(app: Flask, w: World) -> None:
    row = make.link(network=w.network, title="Old", url="https://old.example")
    make.topic(network=w.network, why="https://old.example")
    db.session.commit()
    changed = post(app, w, w.preparer, f"/{row.id}", title="New", theme="Films")[1]
    refused, why = post(app, w, w.preparer, f"/{row.id}", title="", theme="Films")
    gone = post(app, w, w.preparer, f"/{row.id}/removal")[1]

    assert titles(changed) == ["New"]
    assert (refused, "A link needs a title." in why) == (422, True)
    assert "The library is empty." in gone
    assert "https://old.example" not in gone  # and is not offered again


def test_the_library_of_another_network_is_not_reached(app: Flask, w: World) -> None:
    other = make.network(programme=w.network.programme)
    stranger = make.membership(network=other).primary
    row = make.link(network=other)
    db.session.commit()

    assert stranger is not None
    assert post(app, w, stranger, url="https://example.org", title="x")[0] == 404
    assert post(app, w, w.host, f"/{row.id}", title="x")[0] == 404
    assert post(app, w, w.host, f"/{row.id}/removal")[0] == 404
    assert row.kept


def test_it_is_taken_along_as_a_table_and_as_bookmarks(app: Flask, w: World) -> None:
    make.link(network=w.network, title='=cmd "x" & <b>', theme="Ünter", url="https://example.org/?a=1&b=2")
    db.session.commit()

    table = app.test_client().get(f"{path(w, w.host)}/files/csv")
    marks = app.test_client().get(f"{path(w, w.host)}/files/html")

    assert table.data.startswith(b"\xef\xbb\xbf")
    assert 'Ünter;"\'=cmd ""x"" & <b>";https://example.org/?a=1&b=2' in table.data.decode("utf-8-sig")
    assert marks.text.startswith("<!DOCTYPE NETSCAPE-Bookmark-file-1>")
    assert '<A HREF="https://example.org/?a=1&amp;b=2"' in marks.text
    assert "=cmd &quot;x&quot; &amp; &lt;b&gt;</A>" in marks.text
    assert marks.headers["Content-Disposition"] == f'attachment; filename="{w.network.slug}.html"'


def test_marks_behind_an_address_are_not_part_of_it() -> None:
    said = "See https://a.example/x, (https://b.example/y). Or http://c.example/z?q=1! And ftp://d.example"

    assert addresses(said) == ["https://a.example/x", "https://b.example/y", "http://c.example/z?q=1"]


def test_who_is_erased_leaves_links_to_nobody(app: Flask, w: World) -> None:
    post(app, w, w.host, url="https://example.org", title="A rota")
    known = personal_data(w.host)

    forget(w.host, NOW)

    assert known == [{"network": "Noord", "link": "https://example.org", "title": "A rota"}]
    assert personal_data(w.host) == []
    assert db.session.query(Link).count() == 1


def test_one_link_and_two_hundred_take_the_same_number_of_queries(app: Flask, w: World) -> None:
    make.link(network=w.network)
    db.session.commit()
    with statements() as few:
        app.test_client().get(path(w, w.host))
    for n in range(200):
        make.link(network=w.network, theme=f"Theme {n % 7}")
        make.topic(network=w.network, why=f"https://example.org/found/{n}")
    db.session.commit()
    with statements() as many:
        app.test_client().get(path(w, w.host))

    assert len(few) == len(many)
