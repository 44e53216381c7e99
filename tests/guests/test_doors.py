"""Who opens a meeting, to whom, and what is seen of it: nothing until it is open, and nothing after."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from flask import template_rendered
from icalendar import Calendar

from app.extensions import Base, db
from tests import make
from tests.calendars.strict import components
from tests.guests.asking import NOW, Open
from tests.public.test_public_pages import walked
from tests.statements import statements


def desk(there: Open) -> str:
    return f"/networks/{there.network.slug}/meetings/{there.meeting.id}/guests"


def pages(there: Open) -> list[str]:
    return [there.page, f"{there.page}/place", f"/p/{there.programme.slug}/open"]


def statuses(there: Open) -> list[int]:
    client = there.app.test_client()
    return [client.get(path).status_code for path in pages(there)]


@pytest.mark.parametrize("who", ["manager", "host"])
def test_a_manager_or_the_host_opens_a_meeting_and_closes_it_within_one_request(there: Open, who: str) -> None:
    there.meeting.open_to = None
    db.session.commit()
    client = make.browser(there.app, there.manager if who == "manager" else there.host.people[0])
    before = statuses(there)
    client.post(desk(there), data={"open_to": "everybody", "guest_seats": "3"})
    opened = statuses(there)
    client.post(desk(there), data={"open_to": "", "guest_seats": "3"})

    assert (before, opened, statuses(there)) == ([404] * 3, [200] * 3, [404] * 3)


@pytest.mark.parametrize("off", ["programme", "network", "to the programme", "cancelled", "over"])
def test_whatever_is_switched_off_nothing_of_it_is_there_at_the_next_request(there: Open, off: str) -> None:
    before = statuses(there)
    there.programme.public = off != "programme"
    there.network.public = off != "network"
    there.meeting.open_to = "programme" if off == "to the programme" else "everybody"
    there.meeting.status = "cancelled" if off == "cancelled" else "confirmed"
    db.session.commit()
    if off == "over":
        there.at(there.meeting.starts_at)
    sitemap = there.app.test_client().get("/sitemap.xml").text
    refused = there.app.test_client().post(f"{there.page}/place", data={"email": "x@example.org"})

    assert (before, statuses(there)) == ([200] * 3, [404] * 3)
    assert (refused.status_code, there.page in sitemap) == (404, False)


def test_an_ordinary_member_opens_nothing(there: Open) -> None:
    member = make.membership(network=there.network)
    make.duty(meeting=there.meeting, organisation=member.organisation, kind="preparation")
    db.session.commit()
    client = make.browser(there.app, member.people[0])
    shown = client.get(desk(there))
    answer = client.post(desk(there), data={"open_to": "", "guest_seats": "0"})
    db.session.refresh(there.meeting)

    assert (shown.status_code, 'name="guest_seats"' in shown.text, answer.status_code) == (200, False, 404)
    assert there.meeting.open_to == "everybody"


def test_guests_get_no_more_seats_than_the_room_has_beside_the_members(there: Open) -> None:
    manager = there.desk
    said = manager.get(desk(there)).text
    answer = manager.post(desk(there), data={"open_to": "everybody", "guest_seats": "9"})
    fits = manager.post(desk(there), data={"open_to": "everybody", "guest_seats": "8"})

    assert "Beside the members the room has 8 seats." in said
    assert (answer.status_code, "Beside the members the room has 8 seats." in answer.text) == (422, True)
    assert fits.status_code == 302


def test_seats_that_are_taken_stay_and_new_ones_go_to_who_waits(there: Open) -> None:
    for who in "abc":
        there.comes(f"{who}@example.org")
    fewer = there.desk.post(desk(there), data={"open_to": "everybody", "guest_seats": "1"})
    before = there.guests()
    there.desk.post(desk(there), data={"open_to": "everybody", "guest_seats": "3"})

    assert (fewer.status_code, "2 guests have a seat already." in fewer.text) == (422, True)
    assert before["c@example.org"] is None
    assert there.guests()["c@example.org"] == 3
    assert there.mails("c@example.org")[-1]["Subject"] == "You have a place on Thu 3 December: Noord"


def test_the_preview_at_the_desk_is_what_strangers_then_see(there: Open) -> None:
    shown = re.sub(r"\s+", " ", there.app.test_client().get(f"{there.page}?lang=en").text)
    preview = re.sub(r"\s+", " ", there.desk.get(desk(there)).text)
    event = re.search(r'<div itemscope itemtype="https://schema.org/Event">.*?</dl>', shown)

    assert event
    assert event[0] in preview


def test_strangers_read_town_and_topic_and_no_room_link_or_name(there: Open) -> None:
    there.meeting.mode, there.meeting.link = "hybrid", "https://call.example/secret"
    there.comes("gast@example.org", organisation="De Buren")
    client = there.app.test_client()
    shown = "".join(client.get(path).text for path in [*pages(there), f"/p/{there.programme.slug}/open.ics"])
    people = [*there.host.people, there.manager]
    private = ["Laan 1", "Achterom", "secret", "De Buren", "Gerda", "gast@example.org"]
    private += [word for person in people for word in (person.last_name, person.email) if word]

    assert [word for word in ("Vrijwilligers", "Zwolle", "Samen sterk") if word not in shown] == []
    assert [word for word in private if word in shown] == []


def test_the_open_page_is_linked_listed_and_in_the_sitemap(there: Open) -> None:
    client, slug = there.app.test_client(), there.programme.slug
    programme, network = client.get(f"/p/{slug}").text, client.get(f"/p/{slug}/{there.network.slug}").text
    manager = make.programme_manager(programme=there.programme)
    listed = make.browser(there.app, manager).get(f"/programmes/{slug}/public").text
    sitemap = client.get("/sitemap.xml").text

    assert there.page in programme
    assert f"/p/{slug}/open" in programme
    assert there.page in network
    assert [path in listed for path in (there.page, f"/p/{slug}/open", desk(there))] == [True] * 3
    assert [f"http://localhost{path}?lang=nl" in sitemap for path in (there.page, f"/p/{slug}/open")] == [True] * 2


def test_pages_of_meetings_may_be_kept_and_say_their_languages_and_forms_may_not(there: Open) -> None:
    client = there.app.test_client()
    page, form = client.get(f"{there.page}?lang=de"), client.get(f"{there.page}/place")
    again = client.get(f"{there.page}?lang=de", headers={"If-None-Match": page.headers["ETag"]})

    assert page.headers["Cache-Control"] == "public, max-age=300"
    assert f'rel="canonical" href="http://localhost{there.page}?lang=de"' in page.text
    assert re.findall(r'rel="alternate" hreflang="(\w+)"', page.text) == ["nl", "de", "en"]
    assert again.status_code == 304
    assert (form.headers["Cache-Control"], form.headers["X-Robots-Tag"]) == ("no-store", "noindex")


def test_no_row_reaches_a_template_for_strangers(there: Open) -> None:
    path = there.comes("gast@example.org")
    topic = make.topic(network=there.network, kind="offer", reach="programme", public=True)
    db.session.commit()
    seen: list[object] = []

    def look(sender: object, template: object, context: dict[str, object], **extra: object) -> None:
        seen.extend(value for key, value in context.items() if key not in ("g", "request", "session", "config", "form"))

    client = there.app.test_client()
    with template_rendered.connected_to(look, there.app):
        answers = [client.get(each).status_code for each in [*pages(there), path]]

    assert (answers, topic.is_open) == ([200] * 4, True)
    assert len(seen) > 20
    assert [value for value in seen for each in walked(value) if isinstance(each, Base)] == []


def test_one_open_meeting_and_twenty_take_the_same_number_of_statements(there: Open) -> None:
    counts = []
    for more in (0, 19):
        for n in range(more):
            network = make.network(programme=there.programme, public=True)
            meeting = make.meeting(network=network, starts_at=there.meeting.starts_at, open_to="everybody")
            make.duty(meeting=meeting, organisation=make.membership(network=network).organisation)
            make.guest(meeting=meeting, seat=1, confirmed_at=NOW) if n else None
        db.session.commit()
        db.session.expire_all()
        with statements() as seen:
            for page in ("open", "open.ics"):
                there.app.test_client().get(f"/p/{there.programme.slug}/{page}")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_the_calendar_of_open_meetings_holds_them_and_nothing_else(there: Open) -> None:
    make.meeting(network=there.network, starts_at=there.meeting.starts_at, topic="Verborgen")
    db.session.commit()
    answer = there.app.test_client().get(f"/p/{there.programme.slug}/open.ics")
    events = Calendar.from_ical(answer.text).walk("VEVENT")
    there.meeting.open_to = None
    db.session.commit()
    later = there.app.test_client().get(f"/p/{there.programme.slug}/open.ics")
    there.programme.public = False
    db.session.commit()

    assert [str(event["SUMMARY"]) for event in events] == ["Noord: Vrijwilligers"]
    assert str(events[0]["URL"]) == f"http://localhost{there.page}"
    assert Calendar.from_ical(later.text).walk("VEVENT") == []
    assert components(later.get_data()) == ["VTIMEZONE"]
    assert there.app.test_client().get(f"/p/{there.programme.slug}/open.ics").status_code == 404


def test_offers_and_questions_stand_there_by_a_tick_of_who_asks_and_without_a_name(there: Open) -> None:
    person = there.host.people[0]
    client, slug = make.browser(there.app, person), there.programme.slug
    asked = {"shared": "y", "kind": "question"}
    path = f"/networks/{there.network.slug}/topics"
    client.post(path, data={**asked, "title": "Who has a van?", "why": "We *move*", "public": "y"})
    client.post(path, data={**asked, "title": "Kept inside?"})
    client.post(path, data={"shared": "y", "kind": "offer", "title": "A tour", "public": "y"})
    wrong = client.post(path, data={"kind": "question", "title": "Not shared", "public": "y"})
    shown = there.app.test_client().get(f"/p/{slug}/open").text

    assert "Who has a van?" in shown
    assert "We <em>move</em>" in shown
    assert "A tour" in shown
    assert [w for w in ("Kept inside?", person.last_name, there.host.organisation.name + "<") if w in shown] == []
    assert (wrong.status_code, "Not shared" in shown) == (422, False)


@pytest.mark.parametrize("change", ["withdrawal", "closing", "hiding"])
def test_a_question_taken_back_or_closed_is_gone_from_the_open_page(there: Open, change: str) -> None:
    topic = make.topic(
        network=there.network, kind="question", reach="programme", public=True, title="Wie weet het?",
        person=there.host.people[0], created_at=NOW,
    )  # fmt: skip
    db.session.commit()
    slug = there.programme.slug
    before = "Wie weet het?" in there.app.test_client().get(f"/p/{slug}/open").text
    path = f"/networks/{there.network.slug}/topics/{topic.id}/{change}"
    client = there.desk if change == "hiding" else make.browser(there.app, there.host.people[0])
    answer = client.post(path, data={"reason": "not ours", "answer": ""})

    assert (before, answer.status_code) == (True, 302)
    assert "Wie weet het?" not in there.app.test_client().get(f"/p/{slug}/open").text


def test_a_meeting_open_to_the_programme_is_found_by_its_people_alone(there: Open) -> None:
    there.meeting.open_to = "programme"
    other = make.membership(network=make.network(programme=there.programme), people=2)
    foreign = make.membership(network=make.network())
    db.session.commit()
    path = there.link(other.people[0], "/open-meetings")
    listed = there.app.test_client().get(path).text
    there.app.test_client().post(f"{path}/{there.meeting.id}")
    client = make.browser(there.app, other.people[1])
    client.post(f"/networks/{other.network.slug}/open-meetings/{there.meeting.id}")
    refused = there.app.test_client().post(there.link(foreign.people[0], f"/open-meetings/{there.meeting.id}"))

    assert "Vrijwilligers" in listed
    assert statuses(there) == [404] * 3
    assert list(there.guests()) == [person.email for person in other.people]
    assert list(there.guests().values()) == [1, 2]
    assert refused.status_code == 404
    assert "You have a place." in there.app.test_client().get(path).text


class Microdata(HTMLParser):
    """The items of a page as (type, {property: value or item}), after the microdata chapter of the HTML standard."""

    VALUES = {"meta": "content", "link": "href", "a": "href", "time": "datetime", "img": "src"}  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.items: list[tuple[str, dict[str, object]]] = []
        self.open: list[tuple[str, tuple[str, dict[str, object]] | None, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        item = (given["itemtype"], dict[str, object]()) if "itemscope" in given else None
        name, scope = given.get("itemprop", ""), self._scope()
        if name and scope:
            scope[1][name] = item or given.get(self.VALUES.get(tag, ""), "")
        elif item:
            self.items.append(item)
        if tag not in ("meta", "link", "br", "input", "img"):
            self.open.append((tag, item, "" if item or tag in self.VALUES else name))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        name, scope = next(((n, self._scope()) for _tag, _item, n in self.open[-1:] if n), ("", None))
        if scope:
            scope[1][name] = f"{scope[1].get(name, '')}{data}".strip()

    def _scope(self) -> tuple[str, dict[str, object]] | None:
        return next((item for _tag, item, _name in reversed(self.open) if item), None)


ORG = "https://schema.org/"
# What schema.org says these types have, and what search engines want of an Event (required, then recommended).
VOCABULARY = {
    "Event": {
        "name", "startDate", "endDate", "location", "description", "url", "organizer", "eventStatus", "image", "offers",
        "eventAttendanceMode", "remainingAttendeeCapacity", "maximumAttendeeCapacity", "previousStartDate", "performer",
    },
    "Place": {"name", "address", "url"},
    "VirtualLocation": {"name", "url"},
    "Organization": {"name", "url", "address"},
}  # fmt: skip
WANTED = {"Event": {"name", "startDate", "location", "endDate", "description", "eventStatus", "organizer"}}
WANTED |= {"Place": {"name", "address"}, "VirtualLocation": {"url"}, "Organization": {"name", "url"}}


def faults(item: tuple[str, dict[str, object]]) -> Iterator[str]:
    kind = item[0].removeprefix(ORG)
    for name, value in item[1].items():
        if name not in VOCABULARY.get(kind, set()):
            yield f"{kind} has no {name}"
        if isinstance(value, tuple):
            yield from faults(value)
        elif not value:
            yield f"{kind}.{name} is empty"
        elif name.endswith("Date") and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", str(value)):
            yield f"{kind}.{name} is no instant with its zone"
        elif name == "url" and not str(value).startswith("http"):
            yield f"{kind}.{name} is not absolute"
        elif name == "eventStatus" and value not in {f"{ORG}Event{s}" for s in ("Scheduled", "Rescheduled")}:
            yield f"{value} is no status"
        elif name == "eventAttendanceMode" and not re.fullmatch(
            ORG + "(Offline|Online|Mixed)EventAttendanceMode", str(value)
        ):
            yield f"{value} is no mode"
    yield from (f"{kind} lacks {name}" for name in WANTED.get(kind, set()) - item[1].keys())


def events(page: str) -> list[tuple[str, dict[str, object]]]:
    reading = Microdata()
    reading.feed(page)
    return reading.items


@pytest.mark.parametrize("mode", ["in-person", "online", "hybrid"])
@pytest.mark.parametrize("moved", [False, True])
def test_the_page_is_an_event_as_search_engines_want_it(there: Open, mode: str, moved: bool) -> None:
    there.meeting.mode = mode
    there.meeting.moved_from = NOW if moved else None
    db.session.commit()
    found = events(there.app.test_client().get(f"{there.page}?lang=nl").text)

    assert [kind for kind, _said in found] == [f"{ORG}Event"]
    assert list(faults(found[0])) == []
    assert found[0][1]["name"] == "Vrijwilligers"
    assert found[0][1]["startDate"] == "2026-12-03T10:00:00+01:00"


def test_the_reader_of_microdata_sees_what_is_wrong() -> None:
    page = (
        '<div itemscope itemtype="https://schema.org/Event"><meta itemprop="nam" content="x">'
        '<time itemprop="startDate" datetime="2026-12-03">3</time><link itemprop="url" href="/p"></div>'
    )

    found = set(faults(events(page)[0]))

    assert {"Event has no nam", "Event.startDate is no instant with its zone", "Event.url is not absolute"} < found
    assert "Event lacks name" in found
