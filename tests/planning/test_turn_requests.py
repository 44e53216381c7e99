"""Organisations ask for a turn; the manager grants it in the draft, and sees what it costs."""

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.errors import Refused
from app.extensions import db
from app.meetings.models import Cycle, TurnWish
from app.networks.models import Membership
from app.planning import drafts
from app.planning.turn_requests import actions as turn_requests
from app.planning.turn_requests.queries import fitting
from tests import make
from tests.planning import years
from tests.planning.years import NOW


@pytest.fixture
def cycle(app: Flask) -> Cycle:
    return years.drafted(years.network())


def outsider(cycle: Cycle, key: str) -> Membership:
    """Whoever has no turn at that meeting."""
    draft = drafts.of(cycle)
    assert draft is not None
    row = draft.named(key)
    return next(m for m in cycle.network.memberships if m.organisation_id not in (row.host, *row.preparers))


@time_machine.travel(NOW, tick=False)
def test_a_contact_asks_in_the_corner_and_the_manager_grants_it_on_the_plan(app: Flask, cycle: Cycle) -> None:
    member, network = outsider(cycle, "m3"), cycle.network
    contact, manager = make.browser(app, member.primary), make.browser(app, make.manager(network=network))
    path = f"/networks/{network.slug}/members/{member.id}/turn-wishes"

    for _twice in range(2):
        contact.post(path, data={"kind": "host", "month": "6"})
    wish = db.session.scalars(select(TurnWish)).one()
    page = manager.get(f"/networks/{network.slug}/years/2027/plan").text
    manager.post(f"/networks/{network.slug}/turn-wishes/{wish.id}/answer", data={"key": "m3"})
    draft = drafts.of(cycle)

    assert (wish.year, wish.kind, wish.month) == (2027, "host", 6)
    assert f"{member.organisation.short} would like to host" in page
    assert draft is not None
    assert (draft.row(years.M3).host, "host" in draft.row(years.M3).locked) == (member.organisation_id, True)
    assert draft.cost is not None
    assert (wish.answer, draft.clashes) == ("granted", ())


@time_machine.travel(NOW, tick=False)
def test_a_wish_that_is_not_granted_is_said_in_the_corner(app: Flask, cycle: Cycle) -> None:
    member, network = outsider(cycle, "m3"), cycle.network
    wish = make.turn_wish(membership=member, month=6)
    db.session.commit()

    make.browser(app, make.manager(network=network)).post(f"/networks/{network.slug}/turn-wishes/{wish.id}/answer")
    page = make.browser(app, member.primary).get(f"/networks/{network.slug}/members/{member.id}").text

    assert wish.answer == "declined"
    assert "not this time" in page


def test_only_meetings_of_its_month_and_sort_fit(app: Flask, cycle: Cycle) -> None:
    draft = drafts.of(cycle)
    assert draft is not None
    member = outsider(cycle, "m3")

    in_june = fitting(make.turn_wish(membership=member, month=6), draft.rows)
    ever = fitting(make.turn_wish(membership=member, kind="preparation"), draft.rows)

    assert [row.key for row in in_june] == [years.M3]
    assert years.M3 in [row.key for row in ever]


def test_a_turn_that_is_gone_is_refused_in_words(app: Flask, cycle: Cycle) -> None:
    wish = make.turn_wish(membership=outsider(cycle, "m3"), month=6)

    with pytest.raises(Refused):
        turn_requests.grant(wish, cycle, "m1", NOW)
    assert wish.answer is None
