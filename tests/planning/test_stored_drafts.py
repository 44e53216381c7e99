"""Drafts as they are kept in the database: written and read back, and those that version 0.1 wrote."""

import json
from datetime import UTC, date, datetime, time
from fractions import Fraction
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from app.extensions import db
from app.meetings.models import Cycle
from app.meetings.queries import cycle_of, meetings_of_year
from app.meetings.row import Origin, Row, RowKey
from app.planning import drafts
from app.planning.drafts import Clash, CostByHand, Draft, Move
from scheduling.model.plan import Reason
from scheduling.model.tiers import Tier
from scheduling.rules.balance import Balance
from tests import make
from tests.planning import years

OLD = json.loads((Path(__file__).parent / "draft_of_0_1.json").read_text())
P4, P5, P6 = (RowKey(Origin.PUBLISHED, number) for number in (4, 5, 6))


def year_of_0_1() -> Cycle:
    """The network, its published year and the draft of it as version 0.1 left them in the database."""
    network = make.network(region="NL-Midden")
    for number in (1, 2, 3, 4):
        organisation = make.organisation(programme=network.programme, id=number, name=f"Huis {number}")
        make.room(organisation=organisation, id=number)
        make.membership(network=network, organisation=organisation)
    for number, (month, day), host, preparer in ((4, (2, 11), 2, 3), (5, (4, 8), 1, 4), (6, (6, 10), 3, 2)):
        start = datetime(2027, month, day, 12 if month == 2 else 11, 30, tzinfo=UTC)
        meeting = make.meeting(network=network, starts_at=start, id=number, room_id=host)
        organisations = {member.organisation_id: member.organisation for member in network.memberships}
        make.duty(meeting=meeting, organisation=organisations[host])
        make.duty(meeting=meeting, organisation=organisations[preparer], kind="preparation")
    cycle = cycle_of(network, 2027)
    assert cycle is not None
    cycle.draft, cycle.draft_version = OLD, 7
    db.session.commit()
    db.session.expire_all()
    return cycle


def test_a_line_stored_by_version_0_1_is_read_with_its_day_and_its_key() -> None:
    assert Draft.from_json(OLD).rows[1] == Row(
        P5, date(2027, 4, 11), time(9, 30), 180, "in-person", host=3, preparers=(4,), room_id=3, locked=("date", "host")
    )


def test_the_extra_line_of_version_0_1_stands_for_no_meeting() -> None:
    extra = Draft.from_json(OLD).row(years.X1)

    assert (extra.meeting_id, extra.window) == (None, (date(2027, 9, 9), date(2027, 9, 9)))


def test_what_version_0_1_said_of_its_draft_is_read_as_it_was_meant() -> None:
    draft = Draft.from_json(OLD)

    assert draft.reasons[7] == Reason(
        "host_most_owed", {"organisation": "4", "balance": "-1/2", "next": None}, meeting="p6"
    )
    assert draft.warnings[1].params == {"organisations": ("1",), "network": "Other"}
    assert draft.clashes == (Clash("H2", P5),)
    assert draft.moved == (
        Move(P5, "date", date(2027, 4, 8), date(2027, 4, 11)),
        Move(P5, "start", time(13, 30), time(9, 30)),
        Move(P5, "host", 1, 3),
        Move(P6, "host", 3, 4),
    )
    worse = {Tier.ATTENDANCE: 0, Tier.UNFAIRNESS: 0, Tier.PREFERENCE: 4, Tier.SPACING: 0}
    assert draft.cost == CostByHand(worse, 1, Fraction(1, 2))
    assert draft.ends[1] == Balance(Fraction(-3, 4), Fraction(0))
    assert (draft.objective, draft.worst) == ((16, 0, Fraction(3, 4), 4, 0), Fraction(3, 4))


def test_the_plan_page_shows_a_draft_of_version_0_1(app: Flask) -> None:
    cycle = year_of_0_1()
    manager = make.browser(app, make.manager(network=cycle.network))

    page = manager.get(f"/networks/{cycle.network.slug}/years/2027/plan").text

    assert "moved from Thu 8 April; was 13:30, is now 09:30; host was Huis 1" in page
    assert "Your change costs this: it goes against a wish." in page
    assert "Sun 11 April: this is not one of the weekdays you asked for" in page
    assert "Huis 4 (host): next in turn, 1 turn owed." in page


def test_a_draft_of_version_0_1_can_be_published(app: Flask) -> None:
    cycle = year_of_0_1()
    with time_machine.travel(years.NOW):
        manager = make.browser(app, make.manager(network=cycle.network))
        path = f"/networks/{cycle.network.slug}/years/2027/publication"
        manager.post(path, data={**years.hidden(manager.get(path).text), "override": "they asked for it"})

    days = [(meeting.id, meeting.day) for meeting in meetings_of_year(cycle)]
    assert days[:3] == [(4, date(2027, 2, 11)), (5, date(2027, 4, 11)), (6, date(2027, 6, 10))]
    assert [day for _id, day in days[3:]] == [date(2027, 9, 9)]


def test_a_draft_is_read_as_it_was_stored(app: Flask) -> None:
    network = years.network(members=4)
    cycle = years.drafted(network, number=3, spread=True)
    draft = drafts.of(cycle)
    assert draft is not None

    drafts.store(cycle, draft)

    assert drafts.of(cycle) == draft
    assert draft.reasons != ()


@pytest.mark.parametrize("text", ["", "m", "3", "q3", "mx"])
def test_nothing_else_is_the_key_of_a_line(text: str) -> None:
    with pytest.raises(ValueError):
        RowKey.parse(text)
