"""The log: who, as what, by which way, where, and what of it changed; never a name, an address or a text."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.admin import backups
from app.audit import Audit
from app.extensions import db
from app.networks import actions
from app.networks.models import Membership
from app.people.links import personal_token
from app.privacy.actions import keep_house
from tests import make
from tests.make import NOW


@pytest.fixture
def member(app: Flask) -> Membership:
    return make.membership(network=make.network(state="forming"))


def noted(verb: str) -> Audit:
    return db.session.scalars(select(Audit).where(Audit.verb == verb)).one()


def where(row: Audit) -> tuple[int | None, int | None]:
    return row.network_id, row.programme_id


def save_settings(app: Flask, member: Membership, **values: Any) -> None:
    network = member.network
    client = make.browser(app, make.manager(network=network))
    data = {"name": "Secret name", "region": "NL-Zuid", "mode": "online", "state": "active", "size_wanted": 7}
    answer = client.post(f"/networks/{network.slug}/settings", data={**data, "timezone": network.timezone, **values})
    assert answer.status_code == 302


def test_a_page_notes_role_way_and_place(app: Flask, member: Membership) -> None:
    save_settings(app, member)

    row = noted("changed")
    assert (row.role, row.via) == ("network_manager", "page")
    assert where(row) == (member.network_id, member.network.programme_id)


def test_figures_and_choices_are_noted_before_and_after_and_texts_are_not(app: Flask, member: Membership) -> None:
    save_settings(app, member, minimum=5)

    values = noted("changed").values
    assert values == {
        "before": {"state": "forming", "mode": "in-person", "region": None, "minimum": None, "pulse": True},
        "after": {"state": "active", "mode": "online", "region": "NL-Zuid", "minimum": 5, "pulse": False},
    }


def test_days_of_a_membership_are_noted_before_and_after(member: Membership) -> None:
    actions.change_membership(member, {"joined": member.joined, "left": NOW.date(), "hosts": True}, NOW)
    db.session.flush()

    assert noted("membership-changed").values == {"before": {"left": None}, "after": {"left": "2026-11-24"}}


def test_a_link_in_a_mail_is_a_way_of_its_own(app: Flask, member: Membership) -> None:
    token = personal_token(member.people[0])
    db.session.commit()

    app.test_client().post(f"/me/{token}/calendar", data={"which": "mine"})

    row = noted("feed-made")
    assert (row.role, row.via, row.person_id) == ("participant", "link", member.people[0].id)


def test_what_somebody_does_to_themselves_is_their_own(app: Flask, member: Membership) -> None:
    make.browser(app, member.people[0]).post("/preferences/name", data={"first_name": "Unheard"})

    row = noted("renamed")
    assert (row.role, row.via, row.values) == ("own", "page", {})


def test_a_site_admin_on_a_programme_is_one(app: Flask, member: Membership) -> None:
    programme = member.network.programme
    client = make.browser(app, make.person(site_admin=True))

    client.post(f"/programmes/{programme.slug}/roles", data={"first_name": "Tom", "email": "tom@example.org"})

    row = noted("role-granted")
    assert (row.role, row.programme_id) == ("site_admin", programme.id)


def test_a_command_has_no_person(member: Membership) -> None:
    actions.change_network(member.network, {"name": member.network.name, "state": "resting"}, NOW)
    db.session.flush()

    row = noted("changed")
    assert (row.via, row.person_id, row.role) == ("command", None, "")


@pytest.fixture
def clockwork(app: Flask) -> Iterator[None]:
    app.config["WAY"] = "job"
    yield
    del app.config["WAY"]


@pytest.mark.usefixtures("clockwork")
def test_the_clock_notes_what_it_lets_go(member: Membership) -> None:
    make.message(person=member.people[0], network_id=member.network_id, state="sent")

    keep_house(NOW + timedelta(days=400))

    row = noted("let-go")
    assert (row.via, row.values, row.programme_id) == ("job", {"rows": 1}, member.network.programme_id)


@pytest.mark.parametrize(("error", "verb"), [(None, "backup-made"), ("disk full", "backup-failed")])
def test_a_backup_that_was_made_or_not_is_noted(app: Flask, error: str | None, verb: str) -> None:
    backups.note(None, error, clock.now())
    db.session.flush()

    assert noted(verb).object == "backup_plan"
