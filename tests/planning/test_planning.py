"""From the rows of a network to a draft."""

from datetime import UTC, date, datetime, time

import pytest
from flask import Flask

from app.errors import Refused
from app.extensions import db
from app.meetings import phrases
from app.planning import actions, drafts, sentences
from app.planning.elsewhere import busy_days
from app.planning.year_request import Wishes
from tests import make
from tests.planning import years
from tests.planning.years import NOW


def test_a_year_is_proposed_on_the_days_asked_for_with_different_hosts(app: Flask) -> None:
    draft = drafts.of(years.drafted(years.network()))

    assert draft is not None
    assert draft.status == "optimal"
    assert [row.date for row in draft.rows] == [
        date(2027, 2, 11),
        date(2027, 4, 8),
        date(2027, 6, 10),
        date(2027, 9, 9),
        date(2027, 11, 11),
    ]
    assert len({row.host for row in draft.rows}) == 5
    assert draft.clashes == ()


def test_every_line_says_why(app: Flask) -> None:
    draft = drafts.of(years.drafted(years.network()))

    assert draft is not None
    explained = {reason.meeting for reason in draft.reasons}
    assert explained == {str(row.key) for row in draft.rows}


def test_absences_and_closed_periods_keep_a_day_free(app: Flask) -> None:
    network = years.network()
    make.closed_period(programme=network.programme, first=date(2027, 2, 8), last=date(2027, 2, 14))
    organisation = network.memberships[0].organisation
    make.absence(organisation=organisation, first=date(2027, 4, 5), last=date(2027, 4, 11))

    draft = drafts.of(years.drafted(network, months=(2, 4), number=2, nth=""))

    assert draft is not None
    assert not {row.date for row in draft.rows} & {date(2027, 2, 11), date(2027, 4, 8)}


def test_a_room_too_small_never_hosts(app: Flask) -> None:
    network = years.network(members=6)
    small = make.membership(network=network, people=1, seats=4)
    db.session.commit()

    draft = drafts.of(years.drafted(network))

    assert draft is not None
    assert small.organisation_id not in {row.host for row in draft.rows}


def test_who_hosted_most_last_year_comes_last(app: Flask) -> None:
    network = years.network(members=6)
    first = network.memberships[0].organisation
    for month in (1, 3, 6):
        held = make.meeting(network=network, starts_at=datetime(2026, month, 8, 12, tzinfo=UTC), imported=True)
        make.duty(meeting=held, organisation=first)

    draft = drafts.of(years.drafted(network))

    assert draft is not None
    assert first.id not in {row.host for row in draft.rows}


def test_a_network_without_a_region_is_refused(app: Flask) -> None:
    network = make.network(programme=make.programme(region=None))
    make.membership(network=network)

    with pytest.raises(Refused):
        actions.propose(actions.open_year(network, 2027), Wishes(), NOW)


def test_an_impossible_year_names_what_clashes_and_what_helps(app: Flask) -> None:
    network = years.network(members=1, people=1)
    make.membership(network=network, seats=None)
    db.session.commit()

    cycle = years.drafted(network, number=3)
    draft = drafts.of(cycle)

    assert draft is not None
    assert draft.status == "infeasible"
    assert (draft.conflict, draft.relax) != ((), ())
    assert "no_repeat_host" in {wish.split(":")[0] for wish in draft.relax}


def test_giving_up_what_helps_makes_the_year_possible(app: Flask) -> None:
    network = years.network(members=1, people=1)
    make.membership(network=network, seats=None)
    db.session.commit()
    cycle = years.drafted(network, number=3)

    while (draft := drafts.of(cycle)) and draft.status == "infeasible":
        for wish in draft.relax:
            actions.relax(cycle, [wish], NOW)

    assert draft is not None
    assert (draft.status in drafts.PLANNED, len({row.host for row in draft.rows})) == (True, 1)


def test_a_changed_cell_stays_and_little_else_moves(app: Flask) -> None:
    cycle = years.drafted(years.network())
    before = drafts.of(cycle)
    assert before is not None
    third = before.rows[2]

    after = actions.edit(cycle, {third.key: {"date": date(2027, 6, 17)}}, {}, NOW)

    assert after.row(third.key).date == date(2027, 6, 17)
    assert after.row(third.key).locked == ("date",)
    assert after.moved == ()
    assert after.by_hand == 1
    assert [clash.rule for clash in after.clashes] == ["H1"]


def test_proposing_again_keeps_what_was_fixed_by_hand(app: Flask) -> None:
    network = years.network()
    cycle = years.drafted(network)
    draft = drafts.of(cycle)
    assert draft is not None
    host = network.memberships[7].organisation_id
    actions.edit(cycle, {years.M1: {"host": host}}, {}, NOW)

    again = actions.propose(cycle, draft.wishes, NOW)

    assert again.row(years.M1).host == host


def test_a_time_set_by_hand_stays_when_proposing_again(app: Flask) -> None:
    cycle = years.drafted(years.network())
    draft = actions.edit(cycle, {years.M2: {"start": time(9, 15)}}, {}, NOW)

    again = actions.propose(cycle, draft.wishes, NOW)

    assert [row.start for row in again.rows] == [time(13, 30), time(9, 15), *[time(13, 30)] * 3]


def test_in_mid_year_only_what_is_ahead_is_planned(app: Flask) -> None:
    in_may = datetime(2027, 5, 3, 9, tzinfo=UTC)

    draft = drafts.of(years.drafted(years.network(), in_may))

    assert draft is not None
    assert [row.date for row in draft.rows] == [date(2027, 6, 10), date(2027, 9, 9), date(2027, 11, 11)]


def test_a_year_that_is_over_is_refused(app: Flask) -> None:
    with pytest.raises(Refused):
        years.drafted(years.network(), datetime(2028, 1, 3, 9, tzinfo=UTC))


def test_an_extra_meeting_is_planned_in(app: Flask) -> None:
    cycle = years.drafted(years.network())

    draft = actions.add_extra(cycle, date(2027, 5, 20), time(10), 90, "online", NOW)

    extra = draft.row(years.X1)
    assert (extra.date, extra.start, extra.host, len(extra.preparers), len(draft.rows)) == (
        date(2027, 5, 20),
        time(10),
        None,
        1,
        6,
    )


def test_a_time_that_the_clock_skips_is_refused(app: Flask) -> None:
    cycle = years.drafted(years.network())

    with pytest.raises(Refused):
        actions.edit(cycle, {years.M1: {"date": date(2027, 3, 28), "start": time(2, 30)}}, {}, NOW)


def test_days_of_other_networks_are_kept_off(app: Flask) -> None:
    programme = make.programme()
    network, sister = years.network(programme=programme), make.network(programme=programme)
    shared = network.memberships[0]
    manager = make.manager(network=network)
    make.role_of(manager, network=sister)
    make.contact(membership=make.membership(network=sister, organisation=shared.organisation), person=shared.primary)
    meeting = make.meeting(network=sister, starts_at=datetime(2027, 2, 11, 12, tzinfo=UTC))
    make.duty(meeting=meeting, organisation=shared.organisation)
    db.session.commit()

    busy = busy_days(network, 2027)

    day, organisation = date(2027, 2, 11), shared.organisation_id
    assert (busy.manager, busy.rooms, busy.people) == ({day}, {organisation: {day}}, {organisation: {day}})
    assert busy.shared == {day: ((sister.name, organisation),)}


def test_a_shared_organisation_is_a_notice_and_a_shared_person_an_absence(app: Flask) -> None:
    programme = make.programme()
    network, sister = years.network(programme=programme), make.network(programme=programme)
    make.membership(network=sister, organisation=network.memberships[0].organisation)
    make.meeting(network=sister, starts_at=datetime(2027, 2, 11, 12, tzinfo=UTC))
    db.session.commit()

    draft = drafts.of(years.drafted(network))

    assert draft is not None
    assert draft.rows[0].date == date(2027, 2, 11)
    assert [w.code for w in draft.warnings] == ["organisation_elsewhere"]


def test_a_change_by_hand_says_what_it_costs_and_whom(app: Flask) -> None:
    network = years.network()
    cycle = years.drafted(network)
    draft = drafts.of(cycle)
    assert draft is not None
    first, second = draft.rows[0], draft.rows[2]

    twice = actions.edit(cycle, {second.key: {"host": first.host}}, {}, NOW)
    assert twice.cost is not None
    said = sentences.cost(twice.cost, phrases.names(network))
    back = actions.edit(cycle, {second.key: {"host": second.host}}, {}, NOW)

    assert (twice.cost.who, twice.cost.turns) == (first.host, 1)
    assert said.startswith("Your change costs this: it is less fair: ")
    assert back.cost is not None
    assert sentences.cost(back.cost, phrases.names(network)) == "Your change costs nothing."


def test_locking_alone_and_a_fresh_proposal_say_nothing_of_cost(app: Flask) -> None:
    cycle = years.drafted(years.network())
    locked = actions.edit(cycle, {}, {years.M1: ("host",)}, NOW)

    assert (locked.cost, actions.propose(cycle, locked.wishes, NOW).cost) == (None, None)


def test_hosts_go_round_the_regions_when_asked_and_the_reasons_say_so(app: Flask) -> None:
    network = years.network(members=4)
    for member, town in zip(network.memberships, ("Zwolle", "zwolle", "Goes", "Goes"), strict=True):
        member.organisation.town = town
    db.session.commit()
    usual = drafts.of(years.drafted(network, number=4, months=(2, 4, 6, 9)))
    spread = drafts.of(years.drafted(network, number=4, months=(2, 4, 6, 9), spread=True))

    assert usual is not None
    assert spread is not None
    known = phrases.names(network)
    said = [sentences.sentence(each, known) for each in spread.reasons if each.code.startswith("region")]
    before = [known[row.host or 0] for row in spread.rows[:3]]
    assert said == [f"Another region than the meeting before, at {name}, as you wished." for name in before]
    assert (spread.status, spread.objective) == ("optimal", usual.objective)
