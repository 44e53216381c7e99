"""Nobody is asked oftener in a year than the network wants, and what was agreed on stands."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from app.meetings.models import Cycle
from app.meetings.row import Row
from app.planning import actions, drafting, drafts, sentences
from app.planning.elsewhere import busy_days
from app.planning.turn_limit import ANY_NUMBER, turns_in
from app.planning.year_request import Wishes
from app.publishing import ways_out
from tests import make
from tests.planning import years
from tests.planning.test_plan_pages import manager, wishes
from tests.planning.years import NOW


def behind(members: int = 5, turns: int = 8) -> Cycle:
    """A drafted year of a network in which the first organisation did nothing while it met `turns` times."""
    network = years.network(members=members)
    others = [m.organisation for m in network.memberships[1:]]
    for month in range(1, 1 + turns):
        held = make.meeting(network=network, starts_at=datetime(2026, month, 8, 12, tzinfo=UTC), imported=True)
        make.duty(meeting=held, organisation=others[month % len(others)])
        make.duty(meeting=held, organisation=others[(month + 1) % len(others)], kind="preparation")
    db.session.commit()
    return years.drafted(network)


def asked(**values: Any) -> Wishes:
    return Wishes(number=5, weekdays=(3,), nth="2", **values)


def most_turns(rows: Sequence[Row]) -> int:
    return max(turns_in(rows).values())


def draft_of(cycle: Cycle) -> drafts.Draft:
    draft = drafts.of(cycle)
    assert draft is not None
    return draft


def limit_of(cycle: Cycle) -> int | None:
    busy = busy_days(cycle.network, cycle.year)
    return drafting.asked_of(cycle, draft_of(cycle), {}, busy).networks[0].max_turns


@pytest.mark.parametrize(("members", "number", "limit"), [(8, 5, 3), (5, 5, 3), (4, 5, 4), (12, 3, 2)])
def test_by_default_nobody_has_more_than_an_equal_share_and_one(
    app: Flask, members: int, number: int, limit: int
) -> None:
    cycle = years.drafted(years.network(members=members), number=number, nth="")
    assert limit_of(cycle) == limit


def test_who_is_far_behind_catches_up_without_being_asked_all_the_year(app: Flask) -> None:
    cycle = behind()
    assert most_turns(draft_of(cycle).rows) == 3
    actions.propose(cycle, asked(max_turns=ANY_NUMBER), NOW)
    assert most_turns(draft_of(cycle).rows) == 4


def test_what_is_asked_for_is_kept_for_the_next_proposal(app: Flask) -> None:
    cycle = behind()
    actions.propose(cycle, asked(max_turns=2), NOW)
    assert most_turns(draft_of(cycle).rows) == 2
    assert actions.wishes_for(cycle.network, 2028).max_turns == 2


def test_a_limit_that_cannot_be_kept_is_named_and_given_up_by_button(app: Flask) -> None:
    cycle = years.drafted(years.network(members=4), max_turns=1)
    draft = draft_of(cycle)
    assert draft.status == "infeasible"
    wish = f"max_turns:{cycle.network.slug}"
    assert wish in draft.conflict
    assert sentences.wish(wish, cycle.network) == "at most one turn each"
    actions.relax(cycle, [wish], NOW)
    assert draft_of(cycle).status == "optimal"
    assert draft_of(cycle).wishes.max_turns == ANY_NUMBER


def test_a_turn_too_many_by_hand_is_a_clash_that_names_who(app: Flask) -> None:
    cycle = behind()
    actions.propose(cycle, asked(max_turns=2), NOW)
    draft, lazy = draft_of(cycle), cycle.network.memberships[0].organisation
    free = [row for row in draft.rows if lazy.id not in (row.host, *row.preparers)]
    made = actions.edit(cycle, {row.key: {"host": lazy.id} for row in free}, {}, NOW)
    said = [sentences.clash(each, cycle.network, made) for each in made.clashes if each.rule == "H15"]
    turns = turns_in(made.rows)[lazy.id]
    assert said == [f"{lazy.name} would have {turns} turns, more than you allow"]


def test_turns_agreed_on_outweigh_the_limit_when_the_year_is_planned_again(app: Flask) -> None:
    cycle = years.published(years.network(), max_turns=2)
    first, *others = [meeting for meeting in cycle.meetings if meeting.host]
    host = first.host
    assert host is not None
    for meeting in others[1::2]:  # as swaps and people who stepped in leave it
        next(duty for duty in meeting.duties if duty.kind == "host").organisation = host
    db.session.commit()
    db.session.expire_all()

    draft = actions.draft_for_change(cycle, NOW)
    again = actions.propose(cycle, draft.wishes, NOW)
    assert [(r.date, r.host, r.preparers) for r in again.rows] == [(r.date, r.host, r.preparers) for r in draft.rows]
    assert [each for each in again.clashes if each.rule == "H15"] == []


def test_somebody_with_all_turns_is_offered_last_for_a_turn_given_back(app: Flask) -> None:
    cycle = years.published(years.network(members=6), max_turns=2)
    duty = next(duty for meeting in cycle.meetings for duty in meeting.duties if duty.kind == "host")
    offered = ways_out.options(duty, 2, NOW).substitutes
    turns = turns_in(actions.change_of_published(cycle, NOW).rows)
    full = [turns[option.organisation.id] >= 2 for option in offered if option.organisation]
    assert full == sorted(full)
    assert [" as many as you ask for at most." in option.why for option in offered] == full


def test_the_limit_is_chosen_on_the_plan_page(app: Flask) -> None:
    cycle = behind()
    browser, address = manager(app, cycle.network), f"/networks/{cycle.network.slug}/years/2027"
    asked = wishes(number=5, months=[], max_turns="2", version=cycle.draft_version)
    browser.post(f"{address}/proposal", data=asked)
    db.session.expire_all()
    assert most_turns(draft_of(cycle).rows) == 2
    page = browser.get(f"{address}/plan").text
    assert "at most 2 turns each" in page
    assert '<option selected value="2">at most 2</option>' in page
