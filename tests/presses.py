"""Every button there is, pressed as somebody presses it: with the forms of the pages, or with what stands here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from app.edge.strangers import stamp
from app.extensions import db
from app.meetings.models import Cycle, Meeting
from app.networks.models import Membership
from app.people.actions import ask_new_address, make_link
from app.people.links import address_token, personal_token
from app.people.models import AddressChange
from app.planning import actions as planning
from app.swaps.models import SwapOffer
from tests import make
from tests.everything import NOW, World
from tests.forms import forms_of
from tests.test_routes import MATRIX, browser, let_in, method_of, url_of

# Who opens the pages: the first two of them who are let in.
WHO = ("network manager", "contact", "programme manager", "site admin", "public")
LATE = datetime(2027, 1, 7, 12, tzinfo=NOW.tzinfo)
FOUND = "https://example.org/found"


@dataclass(frozen=True)
class Press:
    """One button somebody presses, `before` it another one."""

    endpoint: str
    who: str
    path: str
    data: Mapping[str, Any] = field(default_factory=dict)
    before: "Press | None" = None


def waiting(world: World) -> World:
    """The world with more that waits for somebody: notes, a doubtful mail, a way in, a new address, a change."""
    host = db.session.get_one(Membership, world.numbers["networks"])
    person, network = host.primary, host.network
    assert person is not None
    recent = make.meeting(network=network, starts_at=LATE, owed={"host": [], "preparation": []})
    make.duty(meeting=recent, organisation=host.organisation)
    make.duty(meeting=recent, organisation=host.organisation, kind="preparation")
    online = make.meeting(network=network, starts_at=LATE, mode="online", owed={"host": [], "preparation": []})
    doubtful = make.message(person=person, network_id=network.id, meeting_id=recent.id, state="uncertain", kind="Y0")
    _link, secret, code = make_link(person, NOW)
    ask_new_address(person, "moved@example.org", NOW)
    change = db.session.scalars(select(AddressChange)).one()
    change.old_confirmed_at = NOW
    planning.drop_draft(recent.cycle, NOW)
    planning.change_meeting(db.session.get_one(Meeting, world.numbers["meetings"]), {"start": time(9, 15)}, "", NOW)
    db.session.commit()
    sister = next(each for each in network.programme.networks if each is not network)
    twin = make.membership(network=sister)
    db.session.add(Cycle(network=network, year=2029, published=1, closed_at=NOW))
    db.session.add(Cycle(network=sister, year=2028, published=1))
    db.session.commit()
    more = {"twin": twin.id, "recent": recent.id, "turns.credit": online.id, "doubtful": doubtful.id}
    values = {"secret": secret, "code": code, "address": address_token(change, "new"), "email": person.email}
    return replace(world, numbers=world.numbers | more, values=world.values | values)


def presses(app: Flask, world: World) -> dict[str, list[Press]]:
    """{endpoint: the ways it is pressed}, for every route that takes a POST and lets anybody in."""
    found: dict[str, list[Press]] = {}
    for press in [*_by_hand(app, world), *_on_pages(app, world)]:
        found.setdefault(press.endpoint, []).append(press)
    for endpoint in posting(app):
        found.setdefault(endpoint, [Press(endpoint, _who(endpoint)[0], url_of(app, world, endpoint))])
    return found


def posting(app: Flask) -> list[str]:
    return [name for name in MATRIX if method_of(app, name) == "POST" and let_in(name)]


def _who(endpoint: str) -> list[str]:
    return [who for who in WHO if who in let_in(endpoint)][:2] or [min(let_in(endpoint))]


def press(app: Flask, world: World, button: Press) -> int:
    """The answer's status."""
    if button.before:
        assert press(app, world, button.before) < 400, button.before
    return browser(app, world.people[button.who]).post(button.path, data=button.data).status_code


def _on_pages(app: Flask, world: World) -> Iterator[Press]:
    """Each form as it stands and with everything in it changed, where it is met first."""
    map_, met = app.url_map.bind("localhost"), set[str]()
    pages = sorted(name for name in MATRIX if method_of(app, name) == "GET" and let_in(name))
    for who, page in ((who, name) for name in pages for who in _who(name)):
        own = url_of(app, world, page)
        answer = browser(app, world.people[who]).get(own)
        for form in forms_of(answer.text) if answer.mimetype == "text/html" else ():
            path = form.action or own
            try:
                endpoint, _values = map_.match(path.partition("?")[0].partition("#")[0], method="POST")
            except HTTPException:
                continue
            if endpoint not in met:
                yield from (Press(endpoint, who, path, data) for data in (form.other, form.same))
            met.add(endpoint)


def _by_hand(app: Flask, world: World) -> Iterator[Press]:
    """Where the form of a page is not filled in by changing everything in it, or not there in this world."""
    manages, mine, number, value = "network manager", "contact", world.numbers, world.values
    host, third, twin, chief = *_members(world), "programme manager"
    by_link, theirs = "swaps.accept_by_link", "networks.save_contact"
    offer = db.session.scalars(select(SwapOffer.id).filter_by(swap_id=number["swaps"])).one()

    def at(endpoint: str, over: int = 0, who: str = manages, before: Press | None = None, **data: Any) -> Press:
        place = replace(world, numbers=number | {endpoint: over}) if over else world
        return Press(endpoint, who, url_of(app, place, endpoint), data, before)

    settings = {"name": "Other", "region": "NL-Zuid", "mode": "mixed", "state": "active", "year_begins": "1"}
    free, agreed = at("swaps.withdraw"), at("swaps.accept", offer)
    yield from (agreed, at("swaps.undo", before=agreed), at("swaps.undo_by_link", before=agreed))
    yield at("publishing.ask_first", before=free, wanted=third.organisation_id, until="2027-01-20")
    yield from _closing(app, world)
    yield at("turns.credit", organisation=host.organisation_id)
    yield at("attendance.save_count", number["recent"], attended="7")
    for way in ("", "_by_link"):
        yield at(f"swaps.send{way}", who=mine, before=free, wanted=f"{third.organisation_id}-0")
        yield at(f"results.save{way}", number["recent"], mine, outcomes="a", publish="y")
        yield at(f"pulse.answer{way}", number["recent"], mine, atmosphere="4", goal="5")
        yield at(f"results.tick{way}", who=mine, done="1")
        yield at(f"preparing.save_programme{way}", who=mine, topic="Other", running_order="- tea", question="Why?")
        noted = at("results.save", number["recent"], mine, outcomes=FOUND, publish="y")
        yield at(f"library.settle{way}", who=mine, before=noted, **{"url-0": FOUND, "what-0": "keep"})
        yield at(f"topics.wish{way}", who=mine, before=at("topics.unwish", who=mine))
        yield at(f"topics.propose{way}", who=mine, title="Who knows?", kind="question")
        yield at(f"topics.reopen{way}", who=mine, before=at("topics.close", who=mine))
        put_back, chosen = at("topics.release", who=mine), {"meeting": number["later"], "topic": number["topics"]}
        yield at(f"topics.take{way}", who=mine, before=put_back, **chosen)
    yield at("networks.save_settings", size_wanted="8", timezone="Europe/London", tone="formal", **settings)
    yield from (at(f"mail.{name}", number["doubtful"]) for name in ("send_again", "arrived"))
    yield at("mail.settle", mail=number["doubtful"], what="arrived")
    merged = {"organisation": [each.organisation_id for each in (host, twin)]}
    merged["person"] = [each.contacts[0].person_id for each in (host, twin)]
    for kind, endpoint in {"organisation": "admin.merge_organisations", "person": "admin.merge_people"}.items():
        data: dict[str, Any] = dict(zip((f"{kind}-keep", f"{kind}-drop"), merged[kind], strict=True))
        yield at(endpoint, 0, chief, None, **data)
    yield at("networks.create", who=chief, name="New", region="NL-Zuid", mode="online", state="active")
    yield at("networks.begin", before=at("networks.save_settings", **settings | {"state": "forming"}))
    yield at("reminders.save_text", subject="Ours", opening="Well then", closing="Until then")
    yield at("planning.propose_all", who=chief, before=at("jobs.stop", who=chief))
    ended = at("calendars.choose", who=mine, by_invitation="no", before=at("calendars.choose", by_invitation="yes"))
    yield at("calendars.make", who="public", before=ended, which="mine")
    yield at("people.ask_link", who="public", email=value["email"])
    yield at("importing.receive", who=chief, pasted="organisation;network\nHuize Maan;Care\n")
    yield at("importing.undo", number["importing.report"], chief)
    yield from _of_strangers(app, world)
    yield at("people.use_code", who="public", email=value["email"], code=value["code"])
    yield at("people.use_link", who="public")
    token = value | {"token": personal_token(third.contacts[0].person), "contact": host.contacts[0].id}
    there = replace(world, values=token, numbers=number | {by_link: offer})
    yield Press(by_link, "public", url_of(app, there, by_link))
    yield Press(theirs, manages, url_of(app, there, theirs), {"first_name": "Other", "email": "other@example.org"})
    yield Press("people.confirm_address", "public", f"/address/{value['address']}")


def _of_strangers(app: Flask, world: World) -> Iterator[Press]:
    """Who looked at the form for a minute."""
    with time_machine.travel(NOW - timedelta(minutes=1), tick=False):
        asked = {"organisation": "A", "first_name": "B", "email": "ask@example.org", "shown": stamp(), "name": "B"}
    for endpoint in ("joining.ask_to_join", "joining.ask_to_start", "guests.send"):
        yield Press(endpoint, "public", url_of(app, world, endpoint), asked | {"subject": "C"})


def _closing(app: Flask, world: World) -> Iterator[Press]:
    """Of the year before, which is over; of one whose next year is not published."""
    before, chief = replace(world, values=world.values | {"year": 2026}), "programme manager"
    close = Press("closing.close", "network manager", url_of(app, before, "closing.close"))
    yield close
    closed = replace(world, values=world.values | {"year": 2029})
    yield Press("closing.reopen", "network manager", url_of(app, closed, "closing.reopen"))
    yield Press("closing.close_all", chief, url_of(app, before, "closing.close_all"))
    last = replace(world, values=world.values | {"year": 2028})
    yield Press("closing.ask_all_members", chief, url_of(app, last, "closing.ask_all_members"))
    yield Press("closing.ask_members", "network manager", url_of(app, before, "closing.ask_members"))
    for word in ("leave", "stay"):
        for name, who in (("note", "network manager"), ("say", "contact"), ("say_by_link", "public")):
            yield Press(f"closing.{name}", who, url_of(app, world, f"closing.{name}"), {"answer": word})


def _members(world: World) -> list[Membership]:
    """Who hosts, who is asked for a swap, and who turns out to be the host by another name."""
    host, twin = (db.session.get_one(Membership, world.numbers[name]) for name in ("networks", "twin"))
    return [host, host.network.memberships[2], twin]
