"""What strangers may read: nothing until it is switched on, then exactly what its preview shows, and nothing after."""

import re
from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.audit import Audit
from app.config import LANGUAGES
from app.extensions import Base, db
from app.joining.links import token_of
from app.letters.kinds import KINDS
from app.networks.models import Membership, Network, Programme
from app.people.models import Person
from app.public.models import LegalText
from tests import make
from tests.statements import statements

NOW = make.NOW


class Place:
    """A public programme with two networks, of which one is public too, and its managers."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.programme: Programme = make.programme(
            name="Samen leren", public=True, about="Wij *leren*.", sender_email="samen@example.org", language="nl"
        )
        self.shown: Network = make.network(
            programme=self.programme,
            name="Noord",
            public=True,
            goal="Vrijwilligers binden",
            link="https://call.example",
        )
        self.silent: Network = make.network(programme=self.programme, name="Geheim", goal="Niets voor buiten")
        self.member: Membership = make.membership(network=self.shown, people=2)
        self.manager: Person = make.programme_manager(programme=self.programme)
        make.programme_manager(programme=self.programme)
        meeting = make.meeting(network=self.shown, starts_at=NOW + timedelta(days=9), topic="Verborgen thema")
        make.duty(meeting=meeting, organisation=self.member.organisation)
        db.session.commit()

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        answer = self.app.test_client().get(f"/p/{self.programme.slug}{path}", headers=headers)
        return answer.status_code, answer.text

    @property
    def desk(self) -> FlaskClient:
        return make.browser(self.app, self.manager)


@pytest.fixture
def place(app: Flask) -> Iterator[Place]:
    with time_machine.travel(NOW, tick=False):
        yield Place(app)


def test_strangers_read_aim_and_contact_and_no_names_days_or_topics(place: Place) -> None:
    status, shown = place.get(f"/{place.shown.slug}")
    _status, whole = place.get("")
    names = [word for person in place.member.people for word in (person.last_name, person.email)]
    private = [*names, "Verborgen thema", "https://call.example", place.member.organisation.name, "Geheim"]

    assert (status, "Vrijwilligers binden" in shown, "samen@example.org" in shown) == (200, True, True)
    assert "Wij <em>leren</em>." in whole
    assert [word for word in private if word and word in shown + whole] == []


@pytest.mark.parametrize("off", ["programme", "network"])
def test_switched_off_it_is_gone_at_the_next_request(place: Place, off: str) -> None:
    before = place.get(f"/{place.shown.slug}")[0]
    there = f"/programmes/{place.programme.slug}" if off == "programme" else f"/networks/{place.shown.slug}"
    place.desk.post(f"{there}/public", data={"about": "", "for_whom": "", "rhythm": ""})
    after = place.get(f"/{place.shown.slug}")[0]
    sitemap = place.app.test_client().get("/sitemap.xml").text

    assert (before, after) == (200, 404)
    assert place.shown.slug not in sitemap


def test_a_network_without_a_page_is_nowhere(place: Place) -> None:
    assert place.get(f"/{place.silent.slug}")[0] == 404
    assert place.silent.slug not in place.get("")[1] + place.app.test_client().get("/sitemap.xml").text


def test_a_new_programme_has_no_page(app: Flask, place: Place) -> None:
    other = make.programme(name="Anders")
    db.session.commit()

    assert app.test_client().get(f"/p/{other.slug}").status_code == 404


def test_the_preview_is_what_strangers_then_see(place: Place) -> None:
    path = f"/networks/{place.silent.slug}/public"
    data = {"for_whom": "Voor wie **begint**", "rhythm": "Zes keer per jaar"}
    preview = place.desk.post(path, data=data, follow_redirects=True).text
    hidden = place.get(f"/{place.silent.slug}")[0]
    place.desk.post(path, data={**data, "public": "y"})
    shown = place.get(f"/{place.silent.slug}?lang=en")[1]
    lines = ("Niets voor buiten", "Voor wie <strong>begint</strong>", "Zes keer per jaar", "samen@example.org")

    assert hidden == 404
    assert [line in preview for line in lines] == [True] * 4
    assert [line in shown for line in lines] == [True] * 4


def test_the_desk_of_a_network_says_who_can_read_it(place: Place) -> None:
    path, said = f"/networks/{place.shown.slug}/public", []
    sentences = (
        "Strangers can read this page now:",
        "Nobody can read it yet: the programme has no public page.",
        "No stranger can read anything about this network.",
    )
    for network, programme in ((True, True), (True, False), (False, True)):
        place.shown.public, place.programme.public = network, programme
        db.session.commit()
        desk = place.desk.get(path).text
        said.append(([each in desk for each in sentences], place.get(f"/{place.shown.slug}")[0]))

    assert said == [([True, False, False], 200), ([False, True, False], 404), ([False, False, True], 404)]


def test_the_desk_of_a_programme_says_when_nothing_is_public(place: Place) -> None:
    path, nothing = f"/programmes/{place.programme.slug}/public", "Nothing. No stranger can read anything about this"
    opened = nothing in place.desk.get(path).text
    place.member.organisation.listed, place.programme.public = True, False
    db.session.commit()
    closed = nothing in place.desk.get(path).text
    answers = [place.get(each)[0] for each in ("", "/members", "/mark.svg", f"/{place.shown.slug}")]

    assert (opened, closed) == (False, True)
    assert answers == [404] * 4


def test_the_list_of_what_is_public_names_every_page(place: Place) -> None:
    place.member.organisation.listed = place.programme.open_to_start = place.shown.open_to_join = True
    db.session.commit()

    listed = place.desk.get(f"/programmes/{place.programme.slug}/public").text
    addresses = set(re.findall(rf'href="(/p/{place.programme.slug}[^"]*)"', listed))

    slug = place.programme.slug
    own, ends = f"/p/{slug}/{place.shown.slug}", ("", "/members", "/mark.svg", "/start")
    assert addresses == {own, f"{own}/join", *(f"/p/{slug}{each}" for each in ends)}


def test_a_network_in_formation_says_how_many_are_there(place: Place) -> None:
    place.shown.state, place.shown.size_wanted = "forming", 7
    db.session.commit()

    assert "In formation: 1 of 7 organisations are there." in place.get(f"/{place.shown.slug}?lang=en")[1]
    assert "in formation, 1 of 7 organisations" in place.get("?lang=en")[1]


def test_only_who_chose_so_stands_in_the_directory(place: Place) -> None:
    quiet = make.membership(network=place.shown)
    gone = make.membership(network=place.shown, left=NOW.date() - timedelta(days=1))
    gone.organisation.listed = True
    db.session.commit()
    before = place.get("/members")[0]

    contact = make.browser(place.app, place.member.people[0])
    data = {"listed": "y", "offers": "Een rondleiding", "website": "https://linde.example"}
    contact.post(f"/networks/{place.shown.slug}/members/{place.member.id}/listing", data=data)
    status, shown = place.get("/members")
    names = [each.organisation.name in shown for each in (place.member, quiet, gone)]

    assert (before, status) == (404, 200)
    assert names == [True, False, False]
    assert ("Een rondleiding" in shown, 'href="https://linde.example"' in shown) == (True, True)


def test_another_organisation_cannot_be_listed_by_a_contact(place: Place) -> None:
    other = make.membership(network=place.shown)
    db.session.commit()
    contact = make.browser(place.app, place.member.people[0])

    answer = contact.post(f"/networks/{place.shown.slug}/members/{other.id}/listing", data={"listed": "y"})

    assert (answer.status_code, other.organisation.listed) == (404, False)


def test_a_website_that_is_none_is_said(place: Place) -> None:
    contact = make.browser(place.app, place.member.people[0])
    path = f"/networks/{place.shown.slug}/members/{place.member.id}/listing"

    answer = contact.post(path, data={"website": "javascript:alert(1)"})

    assert (answer.status_code, "A link begins with https://." in answer.text) == (422, True)


def test_the_mark_is_a_picture_that_other_sites_may_show(place: Place) -> None:
    place.member.organisation.listed = True
    place.programme.name = "Samen <leren>"
    db.session.commit()

    answer = place.app.test_client().get(f"/p/{place.programme.slug}/mark.svg")

    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Samen <leren>" in "".join(ElementTree.fromstring(answer.text).itertext())


@pytest.mark.parametrize(("language", "words"), [("nl", "Voor wie"), ("de", "Für wen"), ("en", "For whom")])
def test_a_page_speaks_the_language_of_its_address(place: Place, language: str, words: str) -> None:
    place.shown.for_whom = "x"
    db.session.commit()
    _status, shown = place.get(f"/{place.shown.slug}?lang={language}", **{"Accept-Language": "fr"})

    assert f'<html lang="{language}"' in shown
    assert words in shown
    assert re.findall(r'hreflang="(\w+)" href="http://localhost/p/', shown)[:3] == ["nl", "de", "en"]


def test_caches_and_search_engines_may_keep_it_and_nobody_gets_a_cookie(place: Place) -> None:
    client = place.app.test_client()
    path = f"/p/{place.programme.slug}/{place.shown.slug}"
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    other = client.get("/sign-in")

    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert first.headers["X-Robots-Tag"] == "all"
    assert "Set-Cookie" not in first.headers
    assert "Cookie" not in first.headers.get("Vary", "")
    assert (again.status_code, again.data) == (304, b"")
    assert "public" not in other.headers["Cache-Control"]


def test_who_is_signed_in_sees_what_strangers_see(place: Place) -> None:
    path = f"/p/{place.programme.slug}/{place.shown.slug}"

    assert place.desk.get(path).text == place.app.test_client().get(path).text


def test_no_model_reaches_a_public_template(app: Flask, place: Place) -> None:
    place.member.organisation.listed = True
    db.session.add(LegalText(kind="imprint", text="Wij."))
    db.session.commit()
    seen: list[object] = []

    def look(sender: Flask, template: object, context: dict[str, object], **extra: object) -> None:
        seen.extend(value for key, value in context.items() if key not in ("g", "request", "session", "config"))

    place.programme.open_to_start = place.shown.open_to_join = True
    asked = make.join_request(network=place.shown)
    db.session.commit()
    own = f"/{place.shown.slug}"
    ends = ("", own, "/members", "/mark.svg", f"{own}/join", "/start", "/asked")
    paths = [f"/p/{place.programme.slug}{each}" for each in ends]
    with template_rendered.connected_to(look, app):
        for path in [*paths, "/legal/imprint", f"/requests/{token_of(asked)}"]:
            assert app.test_client().get(path).status_code == 200

    assert len(seen) > 20
    assert [value for value in seen for each in walked(value) if isinstance(each, Base)] == []


def walked(value: object) -> Iterator[object]:
    """A value and what hangs on it."""
    yield value
    inside = value if isinstance(value, list | tuple) else getattr(value, "__dict__", {}).values()
    if not callable(value):
        for each in inside:
            yield from walked(each)


def test_search_engines_find_public_pages_and_nothing_else(place: Place) -> None:
    client = place.app.test_client()
    robots, sitemap = client.get("/robots.txt").text, client.get("/sitemap.xml").text
    found = [
        each.text for each in ElementTree.fromstring(sitemap).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    here = f"http://localhost/p/{place.programme.slug}"

    assert robots.splitlines()[1:4] == ["Allow: /p/", "Allow: /static/", "Disallow: /"]
    assert "Sitemap: http://localhost/sitemap.xml" in robots
    assert found == [f"{each}?lang={code}" for each in (here, f"{here}/{place.shown.slug}") for code in LANGUAGES]


def test_legal_texts_stand_below_public_pages_and_mails_once_they_are_written(app: Flask, place: Place) -> None:
    admin = make.browser(app, make.person(site_admin=True))
    db.session.commit()
    page = f"/p/{place.programme.slug}"
    before = app.test_client().get("/legal/privacy").status_code, "/legal/" in app.test_client().get(page).text
    admin.post("/site/legal", data={"privacy": "We keep **little**.", "imprint": "", "accessibility": ""})
    text = app.test_client().get("/legal/privacy").text
    linked = re.findall(r'href="(/legal/\w+)', app.test_client().get(page).text)
    sign_in = app.test_client().get("/sign-in").text
    message = make.message(person=place.member.people[0], kind="A3", network_id=place.shown.id)
    said = KINDS["A3"].render([message], NOW).text

    assert before == (404, False)
    assert "We keep <strong>little</strong>." in text
    assert linked == ["/legal/privacy"]
    assert "/legal/privacy" in sign_in
    assert "http://localhost/legal/privacy?lang=en" in said
    assert "/legal/imprint" not in said


def test_two_who_write_at_once_are_shown_both_texts(place: Place) -> None:
    path = f"/networks/{place.shown.slug}/public"
    version = re.search(r'name="version"[^>]*value="(\w+)"', place.desk.get(path).text)
    assert version
    data = {"public": "y", "rhythm": "", "version": version[1]}
    place.desk.post(path, data={**data, "for_whom": "Theirs"})

    answer = place.desk.post(path, data={**data, "for_whom": "Mine"})

    assert (answer.status_code, "Theirs" in answer.text, "Mine" in answer.text) == (409, True, True)


def test_one_network_and_forty_take_the_same_number_of_statements(place: Place) -> None:
    counts = []
    for more in (1, 39):
        for _each in range(more):
            make.membership(network=make.network(programme=place.programme, public=True, state="forming"))
        db.session.commit()
        with statements() as seen:
            place.get("")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_a_name_stands_there_by_its_owners_choice_alone(place: Place) -> None:
    own = make.manager(network=place.shown, first_name="Marit", last_name="Vos")
    whole = place.manager
    db.session.commit()
    path = f"/networks/{place.shown.slug}/public"
    before = place.get(f"/{place.shown.slug}?lang=en")[1]
    refused = place.desk.post(f"{path}/name", data={"named": "yes"}).status_code  # manages the whole, not this one
    desk = make.browser(place.app, own)
    silent = "Your name does not stand on this page." in desk.get(path).text
    desk.post(f"{path}/name", data={"named": "yes"})
    place.desk.post(f"/programmes/{place.programme.slug}/public/name", data={"named": "yes"})
    shown, programme = place.get(f"/{place.shown.slug}?lang=en")[1], place.get("?lang=en")[1]
    desk.post(f"{path}/name", data={"named": "no"})
    after = place.get(f"/{place.shown.slug}?lang=en")[1]

    assert (refused, silent) == (404, True)
    assert ["Marit Vos" in page for page in (before, shown, programme, after)] == [False, True, False, False]
    assert (whole.name in programme, whole.name in shown) == (True, False)


@pytest.fixture
def kept(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Pages are kept for five minutes, as outside of tests."""
    monkeypatch.setitem(place.app.config, "PUBLIC_PAGES_KEPT", 300)
    return place


def test_what_is_kept_of_a_page_is_never_older_than_a_change(kept: Place) -> None:
    kept.get("?lang=nl")
    kept.get("?lang=nl")
    data = {"about": "Iets anders.", "public": "y"}
    kept.desk.post(f"/programmes/{kept.programme.slug}/public", data=data)

    assert "Iets anders." in kept.get("?lang=nl")[1]


def test_the_second_who_asks_gets_the_same_without_another_look(kept: Place) -> None:
    path, client = f"/p/{kept.programme.slug}?lang=de", kept.app.test_client()
    first = client.get(path)
    with statements() as asked:
        again = client.get(path)
        same = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert asked == []


def test_no_language_is_given_for_another(kept: Place) -> None:
    texts = [kept.get(f"?lang={code}")[1] for code in LANGUAGES for _time in range(2)]

    assert (texts[0] == texts[1], texts[2] == texts[3], len(set(texts))) == (True, True, 3)


def test_a_head_has_no_body_and_a_strange_host_no_page(kept: Place) -> None:
    path, client = f"/p/{kept.programme.slug}", kept.app.test_client()
    client.get(path)

    assert (client.head(path).status_code, client.head(path).data) == (200, b"")
    assert client.get(path, headers={"Host": "elsewhere.example"}).status_code == 400


def test_five_minutes_later_a_page_is_made_anew(kept: Place) -> None:
    kept.get("")
    kept.shown.goal = "Changed by nobody who is in the log"
    db.session.commit()
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        after = kept.get("")[1]

    assert "Changed by nobody who is in the log" in after


def test_a_change_that_is_stored_after_a_later_one_is_seen_at_once(kept: Place) -> None:
    """Of two who write at the same moment PostgreSQL may store the one with the higher number first."""
    newest = db.session.scalar(select(func.max(Audit.id))) or 0
    for number, goal in ((newest + 2, "The later one"), (newest + 1, "The earlier one")):
        db.session.add(Audit(id=number, at=NOW, via="page", verb="changed", object="network"))
        kept.shown.goal = goal
        db.session.commit()

        assert goal in kept.get("")[1]
