"""Two organisations become one while a year of theirs is drafted, published, changed and mailed."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.admin.merging import merge_people
from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Cycle
from app.meetings.queries import meetings_of_year
from app.meetings.row import Row
from app.networks.models import Organisation
from app.people.links import personal_token
from app.planning import actions, drafts
from app.publishing import actions as publishing
from tests import make
from tests.planning import years

SOON = years.NOW + timedelta(days=1)


@pytest.fixture
def cycle(app: Flask) -> Cycle:
    return years.published(years.network(members=6))


@pytest.fixture
def client(app: Flask, cycle: Cycle) -> FlaskClient:
    return make.browser(app, make.programme_manager(programme=cycle.network.programme))


def change(cycle: Cycle, number: int, host: int) -> None:
    """Version n + 1: another host for one meeting."""
    actions.change_meeting(meetings_of_year(cycle)[number], {"host": host}, "", SOON)
    publishing.publish(cycle, SOON, None, "because")
    db.session.commit()


def merge(client: FlaskClient, keep: int, drop: int) -> int:
    slug = db.session.get_one(Organisation, keep).programme.slug
    posted = {"organisation-keep": keep, "organisation-drop": drop}
    return client.post(f"/programmes/{slug}/organisations/merge", data=posted).status_code


def test_a_publication_can_be_undone_after_its_host_became_part_of_another(client: FlaskClient, cycle: Cycle) -> None:
    hosts = [meeting.host.id for meeting in meetings_of_year(cycle) if meeting.host]
    free = next(m.organisation_id for m in cycle.network.memberships if m.organisation_id not in hosts)
    drop, keep = hosts[0], next(each for each in hosts[1:] if each != hosts[0])
    change(cycle, 0, free)

    merged = merge(client, keep, drop)
    path = f"/networks/{cycle.network.slug}/years/2027/publication/undo"
    undone = client.post(path, data=years.hidden(client.get(path).text))

    assert (merged, undone.status_code) == (302, 302)
    host = meetings_of_year(cycle)[0].host
    assert host is not None
    assert host.id == keep


def test_a_draft_names_the_organisation_that_is_left(client: FlaskClient, cycle: Cycle) -> None:
    year = years.drafted(cycle.network, year=2028)
    hosts = [row.host for row in drafts.rows_of(year) if row.host]
    drop, keep = hosts[0], next(each for each in hosts[1:] if each != hosts[0])

    merge(client, keep, drop)

    draft = drafts.of(year)
    assert draft is not None
    assert [row.host for row in draft.rows if row.host] == [keep if each == drop else each for each in hosts]
    assert drop not in draft.ends
    assert client.get(f"/networks/{cycle.network.slug}/years/2028/plan").status_code == 200


def test_a_change_mail_that_has_not_left_yet_is_still_so(client: FlaskClient, cycle: Cycle) -> None:
    for message in db.session.scalars(select(Message)):
        message.state = "sent"
    hosts = [meeting.host.id for meeting in meetings_of_year(cycle) if meeting.host]
    free = next(m.organisation_id for m in cycle.network.memberships if m.organisation_id not in hosts)
    change(cycle, 0, free)

    merge(client, hosts[1], free)

    told = [
        each for m in db.session.scalars(select(Message).where(Message.kind == "C1")) for each in m.params["changes"]
    ]
    assert told
    assert {each["new"]["host"] for each in told} == {hosts[1]}
    assert {each["old"]["host"] for each in told} == {hosts[0]}


def test_who_prepared_twice_in_a_version_prepares_once(client: FlaskClient, cycle: Cycle) -> None:
    one, two = [m.organisation_id for m in cycle.network.memberships][:2]
    version = cycle.versions[0]
    version.rows = [{**row, "preparers": [one, two]} for row in version.rows]
    db.session.commit()
    for meeting in meetings_of_year(cycle):
        for duty in list(meeting.duties):
            meeting.duties.remove(duty)
    db.session.commit()

    assert merge(client, one, two) == 302
    assert {Row.from_json(row).preparers for row in version.rows} == {(one,)}


def test_links_of_who_was_merged_away_never_lead_to_a_newcomer(app: Flask, cycle: Cycle) -> None:
    member = cycle.network.memberships[0]
    keep, drop = make.person(), make.person()
    for person in (keep, drop):
        make.contact(membership=member, person=person)
    db.session.flush()
    number, link = drop.id, f"/me/{personal_token(drop)}"
    merge_people(keep, drop, cycle.network.programme, keep, SOON)
    db.session.commit()

    newcomer = make.person()
    db.session.commit()

    assert newcomer.id > number
    with time_machine.travel(SOON, tick=False):
        assert app.test_client().get(link).status_code != 200
