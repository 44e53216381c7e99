"""Networks, organisations, people and rooms by hand."""

import re
from datetime import UTC, date, datetime, timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.availability.models import Absence
from app.extensions import db
from app.networks.models import Membership, Network
from app.people.models import Person
from tests import make
from tests.forms import forms_of
from tests.make import NOW
from tests.planning.years import hidden


def manager(app: Flask, network: Network) -> FlaskClient:
    return make.browser(app, make.manager(network=network, language="en"))


def test_a_new_network_gets_an_address_of_its_own(app: Flask) -> None:
    programme = make.programme()
    make.network(programme=programme, slug="koken-met-bewoners")
    client = make.browser(app, make.programme_manager(programme=programme))
    data = {"name": "Koken met bewoners", "region": "NL-Zuid", "mode": "online", "state": "forming"}

    answer = client.post(
        f"/programmes/{programme.slug}/networks/new", data={**data, "size_wanted": 6, "timezone": "Europe/Amsterdam"}
    )

    network = db.session.scalars(select(Network).where(Network.name == "Koken met bewoners")).one()
    assert answer.location == "/networks/koken-met-bewoners-2"
    assert (network.state, network.region, network.mode, network.size_wanted) == ("forming", "NL-Zuid", "online", 6)


NEW = {"name": "Koken", "region": "NL-Zuid", "mode": "online", "state": "active", "size_wanted": "7"}


def test_people_pasted_with_a_new_network_are_looked_over_as_its_own(app: Flask) -> None:
    programme = make.programme()
    client = make.browser(app, make.programme_manager(programme=programme, language="en"))
    rows = "Organisatie\tContactpersoon\tE-mail\nDe Linde\tAnn Bakker\tann@linde.example\n"

    data = {**NEW, "timezone": "Europe/Amsterdam", "pasted": rows}
    answer = client.post(f"/programmes/{programme.slug}/networks/new", data=data)
    page = client.get(answer.location).text

    assert "/imports/" in answer.location
    assert "De Linde" in page
    assert db.session.scalars(select(Membership)).all() == []


def test_pasted_people_that_cannot_be_read_stay_in_the_form_of_the_import(app: Flask) -> None:
    programme = make.programme()
    client = make.browser(app, make.programme_manager(programme=programme, language="en"))

    data = {**NEW, "timezone": "Europe/Amsterdam", "pasted": "no list at all"}
    answer = client.post(f"/programmes/{programme.slug}/networks/new", data=data)

    assert answer.status_code == 422
    assert "no list at all</textarea>" in answer.text
    assert f'action="/programmes/{programme.slug}/import"' in answer.text
    assert [each.name for each in db.session.scalars(select(Network))] == ["Koken"]


def test_blank_lines_pasted_are_nobody(app: Flask) -> None:
    programme = make.programme()
    client = make.browser(app, make.programme_manager(programme=programme, language="en"))

    data = {**NEW, "timezone": "Europe/Amsterdam", "pasted": " "}
    answer = client.post(f"/programmes/{programme.slug}/networks/new", data=data)

    assert answer.location == "/networks/koken"
    assert [each.name for each in db.session.scalars(select(Network))] == ["Koken"]


def test_an_organisation_that_joins_later_takes_part_from_then_on(app: Flask) -> None:
    network = make.network()
    client = manager(app, network)
    path = f"/networks/{network.slug}/organisations"

    with time_machine.travel(datetime(2026, 12, 1, 9, tzinfo=UTC), tick=False):
        client = manager(app, network)
        now = client.post(path, data={"organisation": "Zon", "joined": "2026-12-01"}, follow_redirects=True).text
        later = client.post(path, data={"organisation": "Maan", "joined": "2027-05-01"}, follow_redirects=True).text

    assert "Zon takes part from now on." in now
    assert "Maan takes part from Saturday, 1 May 2027 on." in later


def test_who_leaves_with_turns_ahead_is_shown_with_a_way_out(app: Flask) -> None:
    network = make.network()
    member = make.membership(network=network)
    meeting = make.meeting(network=network, starts_at=datetime(2027, 3, 4, 12, tzinfo=UTC))
    duty = make.duty(meeting=meeting, organisation=member.organisation)
    with time_machine.travel(datetime(2026, 12, 1, 9, tzinfo=UTC), tick=False):
        client = manager(app, network)
        path = f"/networks/{network.slug}"
        before = client.get(path).text
        data = {"joined": str(member.joined), "left": "2027-03-01", "hosts": "yes", "prepares": "y"}
        client.post(
            f"{path}/members/{member.id}", data={**data, **hidden(client.get(f"{path}/members/{member.id}").text)}
        )
        corner, after = client.get(f"{path}/members/{member.id}").text, client.get(path).text

    assert "leaves on" not in before
    assert "leaves and still has one turn after that:" in corner
    assert f"/duties/{duty.id}/repair" in after


def test_a_stopped_network_offers_no_plan(app: Flask) -> None:
    stopped, open_one = make.network(state="ended"), make.network()

    pages = [manager(app, each).get(f"/networks/{each.slug}").text for each in (stopped, open_one)]

    assert ["/plan" in page for page in pages] == [False, True]


def test_a_network_in_formation_counts_who_joins_later_on_both_pages(app: Flask) -> None:
    network = make.network(state="forming", size_wanted=7)
    for day in (date(2026, 1, 1), date(2027, 1, 1)):
        make.membership(network=network, joined=day)
    with time_machine.travel(datetime(2026, 12, 1, 9, tzinfo=UTC), tick=False):
        client = manager(app, network)

        pages = [client.get(path).text for path in ("/", f"/networks/{network.slug}")]

    assert ["2 of 7 organisations" in page for page in pages] == [True, True]
    assert "from 1 January 2027" in pages[1]
    assert "5 organisations are still wanted." in pages[1]


def test_a_network_needs_a_region(app: Flask) -> None:
    programme = make.programme(region=None)
    client = make.browser(app, make.programme_manager(programme=programme, language="en"))

    answer = client.post(f"/programmes/{programme.slug}/networks/new", data={"name": "X", "goal": "keep me"})

    assert (answer.status_code, "Please choose a region." in answer.text, "keep me" in answer.text) == (422, True, True)


def test_an_organisation_joins_with_its_contact_and_room(app: Flask) -> None:
    network = make.network()
    client = manager(app, network)
    data = {"organisation": " Huize  Zon ", "joined": "2027-01-01", "first_name": "Jan", "last_name": "de Vries"}

    client.post(
        f"/networks/{network.slug}/organisations",
        data={**data, "email": "JAN@Zon.example", "room": "Zaal", "seats": "20"},
    )

    (member,) = db.session.scalars(select(Membership))
    found = (member.organisation.name, member.joined, [p.email for p in member.people])
    assert found == ("Huize Zon", date(2027, 1, 1), ["jan@zon.example"])
    assert [(r.name, r.seats) for r in member.organisation.rooms] == [("Zaal", 20)]


def test_an_organisation_is_a_member_once(app: Flask) -> None:
    network = make.network()
    member = make.membership(network=network)
    client = manager(app, network)

    answer = client.post(
        f"/networks/{network.slug}/organisations",
        data={"organisation": member.organisation.name, "joined": "2027-01-01"},
    )

    assert (answer.status_code, len(db.session.scalars(select(Membership)).all())) == (422, 1)


def test_the_contact_can_be_changed_put_first_and_removed(app: Flask) -> None:
    network = make.network()
    member = make.membership(network=network, people=2)
    first, second = member.contacts
    client, path = manager(app, network), f"/networks/{network.slug}/members/{member.id}/contacts"

    client.post(f"{path}/{second.id}", data={"first_name": "Ada", "last_name": "Bos", "email": "ada@example.org"})
    client.post(f"{path}/{second.id}/first")
    client.post(f"{path}/{first.id}/removal")

    db.session.expire_all()
    assert [(p.name, p.email) for p in member.people] == [("Ada Bos", "ada@example.org")]


def test_an_address_that_somebody_else_has_is_refused(app: Flask) -> None:
    network = make.network()
    member = make.membership(network=network)
    other = make.membership(network=network).people[0]
    client = manager(app, network)

    answer = client.post(
        f"/networks/{network.slug}/members/{member.id}/contacts/{member.contacts[0].id}",
        data={"first_name": "A", "last_name": "B", "email": other.email},
    )

    assert answer.status_code == 422
    assert db.session.get_one(Person, member.contacts[0].person_id).email != other.email


def test_an_absence_is_a_period_or_a_weekday(app: Flask) -> None:
    network = make.network()
    member = make.membership(network=network)
    client, path = manager(app, network), f"/networks/{network.slug}/members/{member.id}/absences"

    client.post(path, data={"first": "2027-05-01", "last": "2027-05-14", "weekday": "", "only": "host"})
    client.post(path, data={"weekday": "2", "only": "", "reason": "overleg"})
    empty = client.post(path, data={"weekday": "", "only": ""})
    backwards = client.post(path, data={"first": "2027-05-14", "last": "2027-05-01", "weekday": "", "only": ""})

    stored = [(a.first, a.last, a.weekday, a.only) for a in db.session.scalars(select(Absence).order_by(Absence.id))]
    assert stored == [(date(2027, 5, 1), date(2027, 5, 14), None, "host"), (None, None, 2, None)]
    assert (empty.status_code, backwards.status_code) == (422, 422)


def test_leaving_before_joining_is_refused(app: Flask) -> None:
    network = make.network()
    member = make.membership(network=network, joined=date(2026, 1, 1))
    client = manager(app, network)

    answer = client.post(
        f"/networks/{network.slug}/members/{member.id}",
        data={"joined": "2026-01-01", "left": "2025-01-01", "hosts": "yes"},
    )

    assert answer.status_code == 422


def test_every_change_raises_the_revision(app: Flask) -> None:
    network = make.network()
    member = make.membership(network=network)
    client, path = manager(app, network), f"/networks/{network.slug}/members/{member.id}"
    posts = [
        (path, {"joined": "2025-01-01", "hosts": "no"}),
        (f"{path}/organisation", {"name": "Other"}),
        (f"{path}/contacts", {"first_name": "Jo"}),
        (f"{path}/rooms", {"name": "Hall", "seats": "12"}),
        (f"{path}/absences", {"weekday": "1", "only": ""}),
    ]
    seen = [network.revision]
    for target, data in posts:
        client.post(target, data=data)
        db.session.expire_all()
        seen.append(network.revision)

    assert seen == sorted(set(seen))


def test_script_in_names_is_only_text(app: Flask) -> None:
    network = make.network(name="<script>alert(1)</script>")
    make.membership(network=network, organisation=make.organisation(programme=network.programme, name="<b>x</b>"))
    client = manager(app, network)

    page = client.get(f"/networks/{network.slug}").text

    assert ("<script>alert" in page, "<b>x</b>" in page, "&lt;b&gt;x&lt;/b&gt;" in page) == (False, False, True)


def test_what_is_wrong_with_a_membership_is_said_once_beside_its_field(app: Flask) -> None:
    network = make.network()
    member = make.membership(network=network)
    client = manager(app, network)

    unjoined = client.post(f"/networks/{network.slug}/members/{member.id}", data={"hosts": "yes"})
    settings = {"name": "X", "region": "NL-Zuid", "mode": "online", "state": "active", "size_wanted": "many"}
    unsized = client.post(f"/networks/{network.slug}/settings", data=settings | {"timezone": "Europe/Amsterdam"})

    assert (unjoined.status_code, unjoined.text.count("Please choose a day.")) == (422, 1)
    assert (unsized.text.count('id="size_wanted-error"'), "From 2 to 100." in unsized.text) == (1, True)


def test_who_cannot_host_stays_so_when_the_page_is_saved_as_it_comes(app: Flask) -> None:
    network = make.network()
    members = [make.membership(network=network, hosts=hosts) for hosts in (True, False, True)]
    members[2].hosts = None
    client = manager(app, network)

    for member in members:
        path = f"/networks/{network.slug}/members/{member.id}"
        form = next(each for each in forms_of(client.get(path).text) if each.action == path)
        client.post(path, data=form.same)

    db.session.expire_all()
    assert [member.hosts for member in members] == [True, False, None]


def test_what_was_done_stands_apart_and_is_announced_once(app: Flask) -> None:
    network = make.network(region="NL-Midden")
    client, path = manager(app, network), f"/networks/{network.slug}/settings"
    data = {"name": "X", "region": "NL-Zuid", "mode": "online", "state": "active", "size_wanted": "7"}

    before = client.get(path).text
    client.post(path, data={**data, "timezone": "Europe/Berlin"})
    after, later = client.get(path).text, client.get(path).text

    assert ['class="notice" role="status"' in page for page in (before, after, later)] == [False, True, False]


def test_what_is_wrong_stands_at_its_field_and_is_announced(app: Flask) -> None:
    network = make.network(region="NL-Midden")
    client, path = manager(app, network), f"/networks/{network.slug}/settings"

    wrong = client.post(path, data={"name": "", "region": "NL-Zuid", "mode": "online", "state": "active"}).text

    assert re.search(r'aria-describedby="name-error"\s+aria-invalid="true"', wrong)
    assert '<p class="error" id="name-error" role="alert">' in wrong
    assert 'role="alert"' not in client.get(path).text


def test_what_is_refused_is_announced(app: Flask) -> None:
    network = make.network()
    answer = manager(app, network).get(f"/networks/{network.slug}?year=1999")
    assert answer.status_code == 422
    assert '<p class="notice" role="alert">Nothing is known of the year 1999.</p>' in answer.text


def test_an_organisation_without_a_turn_says_so_and_one_that_had_one_says_which(app: Flask) -> None:
    network = make.network()
    members = [make.membership(network=network, seats=40) for _n in range(3)]
    client = manager(app, network)
    before = client.get(f"/networks/{network.slug}").text
    meeting = make.meeting(network=network, starts_at=NOW - timedelta(days=9))
    make.duty(meeting=meeting, organisation=members[0].organisation)
    db.session.commit()
    after = client.get(f"/networks/{network.slug}").text

    assert before.count("has had no turn yet") == 3
    assert "has hosted once" not in before
    assert "has hosted once" in after
    assert after.count("has had no turn yet") < 3
