"""A manager leaves: somebody else has everything, nothing is nobody's, and elsewhere nothing changes."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.audit import Audit
from app.errors import Refused
from app.extensions import db
from app.handover.actions import hand_over
from app.handover.letters import KINDS
from app.handover.queries import open_points
from app.mail.models import Message
from app.meetings.models import Cycle
from app.networks.actions import grant, withdraw
from app.networks.models import Deputy, Network, Role
from app.networks.queries import answering_for, left_alone, managed_networks, managers_of
from app.people.models import Person
from app.portfolio.queries import portfolio
from app.privacy.actions import erase
from tests import make
from tests.make import NOW
from tests.statements import statements

DAYS = {"first": date(2026, 11, 1), "last": date(2029, 12, 31)}


@pytest.fixture(autouse=True)
def at_the_same_moment() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def noord(app: Flask) -> Network:
    """Mia manages it, beside two managers of the whole programme: were it not for her, nobody would be named."""
    programme = make.programme(name="Rekenen")
    make.programme_manager(programme=programme, first_name="Pia", last_name="Pol")
    make.programme_manager(programme=programme, first_name="Rob", last_name="Rog")
    network = make.network(programme=programme, name="Noord")
    make.manager(network=network, first_name="Mia", last_name="Mol")
    return network


def named(first_name: str) -> Person:
    return db.session.scalars(select(Person).where(Person.first_name == first_name)).one()


def roles(person: Person) -> list[tuple[str, str]]:
    """(role, of what) of a person."""
    found = db.session.scalars(select(Role).where(Role.person_id == person.id).order_by(Role.id))
    return [(each.role, each.network.name if each.network else each.programme.name) for each in found]


def path(person: Person) -> str:
    role = db.session.scalars(select(Role).where(Role.person_id == person.id).order_by(Role.id)).first()
    assert role is not None
    return f"/programmes/{role.programme.slug}/roles/{role.id}/handover"


def test_all_a_manager_has_goes_to_another_in_one_form(app: Flask, noord: Network) -> None:
    zuid = make.network(programme=noord.programme, name="Zuid")
    mia, pia = named("Mia"), named("Pia")
    grant(mia, noord.programme, zuid, NOW)

    answer = make.browser(app, mia).post(path(mia), data={"successor": pia.id})

    assert answer.status_code == 302
    assert roles(mia) == []
    assert [each.name for each in managed_networks(mia)] == []
    assert roles(pia)[1:] == [("network_manager", "Noord"), ("network_manager", "Zuid")]
    assert [managers_of(each) for each in (noord, zuid)] == [[pia], [pia]]


def test_what_is_open_stands_on_the_page(app: Flask, noord: Network) -> None:
    member, mia = make.membership(network=noord), named("Mia")
    year = noord.year_to_plan(NOW.date())
    db.session.add(Cycle(network=noord, year=year, draft={"status": "optimal"}))
    meeting = make.meeting(network=noord, starts_at=NOW + timedelta(days=90))
    duty = make.duty(meeting=meeting, organisation=member.organisation)
    make.offer(duty=duty, to=make.membership(network=noord).organisation, expires_at=NOW + timedelta(days=9))
    make.date_round(network=noord, days=[date(2028, 3, 2)])
    make.turn_wish(membership=member)
    make.message(person=member.people[0], network_id=noord.id, state="planned")
    make.message(person=member.people[0], network_id=noord.id, state="failed")
    make.deputy(programme=noord.programme, manager=mia, deputy=named("Rob"), **DAYS)
    make.join_request(network=noord)
    make.join_request(network=noord, state="unconfirmed", confirmed_at=None)
    quiet = make.network(programme=noord.programme, name="Quiet", state="resting")

    page = make.browser(app, mia).get(path(mia)).text
    points = open_points([noord, quiet], NOW)

    for said in (
        f"the draft of {year} waits to be published",
        "0 of 2 have answered the date round",
        "one wish for a turn has no answer",
        "one swap is asked for",
        "one organisation asks to join",
        "one mail did not arrive",
        "one mail waits to leave",
        "Rob Rog for Mia Mol",
    ):
        assert said in page
    assert [point.nothing for point in points] == [False, True]
    assert "Quiet" not in page


def test_open_points_take_as_many_statements_for_one_network_as_for_twenty(noord: Network) -> None:
    counts = []
    for number in (1, 19):
        for _network in range(number):
            db.session.add(Cycle(network=make.network(programme=noord.programme), year=2028, draft={"status": "x"}))
        db.session.expire_all()
        networks = list(noord.programme.networks)
        with statements() as seen:
            open_points(networks, NOW)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_nobody_is_left_without_a_manager(app: Flask, noord: Network) -> None:
    mia = named("Mia")
    role = db.session.scalars(select(Role).where(Role.person_id == mia.id)).one()
    admin = make.browser(app, named("Pia"))

    with pytest.raises(Refused, match="Nobody else manages Noord"):
        withdraw(role, NOW)
    page = admin.post(f"/programmes/{noord.programme.slug}/roles/{role.id}/removal", follow_redirects=True).text
    with pytest.raises(Refused, match="Nobody else manages Noord"):
        erase(mia, NOW)
    db.session.rollback()

    assert "Nobody else manages Noord" in page
    assert managers_of(noord) == [named("Mia")]


def test_with_a_second_manager_a_role_can_be_withdrawn(noord: Network) -> None:
    second = make.manager(network=noord)
    role = db.session.scalars(select(Role).where(Role.person_id == named("Mia").id)).one()

    withdraw(role, NOW)
    db.session.flush()

    assert managers_of(noord) == [second]


@pytest.mark.parametrize(("state", "alone"), [("active", ["Noord"]), ("resting", ["Noord"]), ("ended", [])])
def test_what_has_ended_needs_nobody(noord: Network, state: str, alone: list[str]) -> None:
    noord.state = state
    role = db.session.scalars(select(Role).where(Role.network_id == noord.id)).one()

    assert [each.name for each in left_alone([role])] == alone


def test_who_wants_to_be_erased_hands_over_first(app: Flask, noord: Network) -> None:
    mia, pia = named("Mia"), named("Pia")
    before = make.browser(app, mia).get("/me/data").text
    refused = make.browser(app, mia).post("/me/data/erasure", data={"sure": "y"}, follow_redirects=True)
    still = named("Mia").name
    make.browser(app, mia).post(path(mia), data={"successor": pia.id})
    after = make.browser(app, mia).get("/me/data").text
    erased = make.browser(app, mia).post("/me/data/erasure", data={"sure": "y"})

    assert f'href="{path_of(before)}"' in before
    assert "Erase my data" not in before
    assert "Nobody else manages Noord" in refused.text
    assert still == "Mia Mol"
    assert "Erase my data" in after
    assert erased.status_code == 200
    assert mia.name == ""
    assert managers_of(noord) == [pia]


def path_of(page: str) -> str:
    return page.partition("/handover")[0].rpartition('href="')[2] + "/handover"


def test_the_last_manager_of_a_programme_hands_the_programme_over(app: Flask) -> None:
    programme = make.programme(name="Alone")
    network = make.network(programme=programme)
    chief = make.programme_manager(programme=programme)
    data = {"successor": "0", "first_name": "Nia", "last_name": "Nol", "email": "nia@example.org"}

    answer = make.browser(app, chief).post(path(chief), data=data)

    assert answer.status_code == 302
    assert roles(chief) == []
    assert roles(named("Nia")) == [("programme_manager", "Alone")]
    assert managers_of(network) == [named("Nia")]


@pytest.mark.parametrize("missing", ["first_name", "email"])
def test_somebody_new_has_a_name_and_an_address(app: Flask, noord: Network, missing: str) -> None:
    pia = named("Pia")
    data = {"successor": "0", "first_name": "Nia", "email": "nia@example.org"} | {missing: ""}

    answer = make.browser(app, pia).post(path(pia), data=data)

    assert answer.status_code == 422
    assert "Fill in the name and the address below, too." in answer.text
    assert roles(pia) == [("programme_manager", "Rekenen")]


def test_who_manages_a_network_alone_hands_over_to_colleagues_only(app: Flask, noord: Network) -> None:
    mia = named("Mia")
    strangers = make.manager(network=make.network())
    client = make.browser(app, mia)
    new = {"successor": "0", "first_name": "Nia", "email": "nia@example.org"}

    answers = [client.post(path(mia), data=data).status_code for data in (new, {"successor": strangers.id})]
    page = client.get(path(mia)).text

    assert answers == [422, 422]
    assert 'name="email"' not in page
    assert strangers.name not in page
    assert roles(mia) == [("network_manager", "Noord")]


def test_nobody_hands_over_what_others_have(app: Flask, noord: Network) -> None:
    """A manager of a network for another, a deputy, a manager elsewhere, a participant."""
    zuid = make.network(programme=noord.programme)
    other, pia, rob = make.manager(network=zuid), named("Pia"), named("Rob")
    make.deputy(programme=noord.programme, manager=pia, deputy=other, **DAYS)
    elsewhere = make.programme_manager(programme=make.programme())
    part = make.membership(network=noord).people[0]

    answers = [make.browser(app, each).post(path(rob), data={"successor": pia.id}) for each in (other, elsewhere, part)]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert roles(rob) == [("programme_manager", "Rekenen")]


def test_what_a_manager_has_in_another_programme_stays(app: Flask, noord: Network) -> None:
    mia, pia = named("Mia"), named("Pia")
    abroad = make.network(programme=make.programme(name="Elsewhere"), name="Abroad")
    grant(mia, abroad.programme, abroad, NOW)
    theirs = make.message(person=mia, network_id=abroad.id, kind="M3", state="planned")
    deputy = make.deputy(programme=abroad.programme, manager=mia, deputy=make.manager(network=abroad), **DAYS)

    make.browser(app, mia).post(path(mia), data={"successor": pia.id})

    assert roles(mia) == [("network_manager", "Abroad")]
    assert db.session.get_one(Message, theirs.id).person_id == mia.id
    assert db.session.get_one(Deputy, deputy.id).manager_id == mia.id
    assert "Abroad" not in [each.name for each in managed_networks(pia)]


def test_mails_that_wait_for_the_manager_go_to_who_takes_over(noord: Network) -> None:
    mia, rob = named("Mia"), named("Rob")
    meeting = make.meeting(network=noord, starts_at=NOW + timedelta(days=9))
    given = {"network_id": noord.id, "meeting_id": meeting.id}
    waits = make.message(person=mia, kind="M3", state="planned", **given)
    twice = make.message(person=mia, kind="X2", state="planned", **given)
    make.message(person=rob, kind="X2", state="planned", **given)
    left = make.message(person=mia, kind="M2", state="sent", **given)
    own = make.message(person=mia, kind="D1", state="planned", **given)

    hand_over(mia, noord.programme, rob, NOW)
    db.session.flush()

    assert waits.person_id == rob.id
    assert waits.person_id in {person.id for person in answering_for(noord)}
    assert (twice.person_id, twice.state) == (mia.id, "cancelled")
    assert left.person_id == mia.id
    assert own.person_id == mia.id


def test_who_takes_over_stands_in_where_the_manager_did(noord: Network) -> None:
    mia, pia, rob = named("Mia"), named("Pia"), named("Rob")
    days = {"programme": noord.programme, **DAYS}
    for_rob = make.deputy(manager=rob, deputy=mia, **days)
    for_pia = make.deputy(manager=pia, deputy=mia, **days)
    for_mia = make.deputy(manager=mia, deputy=rob, **days)
    gone = [for_pia.id, for_mia.id]

    hand_over(mia, noord.programme, pia, NOW)
    db.session.flush()

    assert for_rob.deputy is pia
    assert [db.session.get(Deputy, number) for number in gone] == [None, None]


def test_who_takes_over_is_told_what_is_theirs(app: Flask, noord: Network) -> None:
    mia, pia = named("Mia"), named("Pia")
    hand_over(mia, noord.programme, pia, NOW)
    db.session.commit()
    row = db.session.scalars(select(Message).where(Message.kind == "M4")).one()

    assert row.person_id == pia.id
    assert KINDS["M4"].still_true(row, NOW)
    letter = KINDS["M4"].render([row], NOW)
    assert letter.subject == "Networks are yours now"
    assert "Mia Mol hands these networks over to you." in letter.text
    assert "- Noord" in letter.text
    erase(mia, NOW)
    assert "These networks are handed over to you." in KINDS["M4"].render([row], NOW).text
    hand_over(pia, noord.programme, named("Rob"), NOW)
    db.session.flush()
    assert not KINDS["M4"].still_true(row, NOW)


def test_the_log_says_who_handed_over_to_whom(app: Flask, noord: Network) -> None:
    mia, pia = named("Mia"), named("Pia")

    make.browser(app, pia).post(path(mia), data={"successor": pia.id})

    row = db.session.scalars(select(Audit).where(Audit.verb == "handed-over")).one()
    assert row.values == {"person": mia.id, "successor": pia.id}
    assert (row.person_id, row.role, row.programme_id) == (pia.id, "programme_manager", noord.programme_id)
    assert "Mia Mol, Pia Pol" in make.browser(app, pia).get("/log").text


@pytest.mark.parametrize("again", [True, False])
def test_nobody_takes_over_from_themselves_or_a_second_time(noord: Network, again: bool) -> None:
    mia, pia = named("Mia"), named("Pia")
    if again:
        hand_over(mia, noord.programme, pia, NOW)
        db.session.flush()

    with pytest.raises(Refused, match="Nothing is left" if again else "nobody takes over from themselves"):
        hand_over(mia, noord.programme, pia if again else mia, NOW)


def test_a_network_of_nobody_waits_for_the_managers_of_the_programme(app: Flask, noord: Network) -> None:
    orphan = make.network(programme=noord.programme, name="Orphan")
    pia, admin = named("Pia"), make.person(site_admin=True)

    view = portfolio([noord.id, orphan.id], NOW, [noord.programme_id])
    page = make.browser(app, pia).get("/").text
    settings = make.browser(app, pia).get(f"/programmes/{noord.programme.slug}").text
    every = make.browser(app, admin).get("/").text

    assert [need.network.name for need in view.needs if need.what == "no_manager"] == ["Orphan"]
    assert "nobody is named as its manager" in page
    assert "Orphan has no manager." in settings
    assert "Orphan has no manager." in every
    assert "Noord has no manager." not in settings + every


def test_several_networks_of_nobody_are_said_in_one_sentence(app: Flask, noord: Network) -> None:
    for name in ("Orphan", "Waif"):
        make.network(programme=noord.programme, name=name)
    pia, admin = named("Pia"), make.person(site_admin=True)

    start = make.browser(app, pia).get("/").text
    pages = [
        make.browser(app, pia).get(f"/programmes/{noord.programme.slug}").text,
        make.browser(app, admin).get("/").text,
    ]

    assert [page.count("2 networks have no manager: Orphan, Waif.") for page in pages] == [1, 1]
    assert start.count("2 networks: nobody is named as their manager") == start.count("Name somebody") == 1
    assert "nobody is named as its manager" not in start
