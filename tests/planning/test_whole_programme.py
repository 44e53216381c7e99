"""All networks of a programme planned as one whole."""

from datetime import date

import time_machine
from click.testing import Result
from flask import Flask

from app.cli import cycle as command
from app.extensions import db
from app.jobs.models import Job
from app.jobs.running import begun, run
from app.meetings.queries import cycle_of
from app.meetings.row import published_rows
from app.networks.models import Network, Programme
from app.planning import actions, drafts
from app.planning.whole_programme import groups, to_do
from tests import make
from tests.planning import years
from tests.planning.years import NOW

THURSDAYS = {"number": 4, "months": [2, 4, 9, 11], "weekdays": [3], "nth": "2"}


def programme_of(networks: int, **wishes: object) -> tuple[Programme, list[Network]]:
    """Networks of one manager who all want the same Thursdays."""
    programme = make.programme()
    found = [years.network(members=4, programme=programme, wishes=THURSDAYS | wishes) for _n in range(networks)]
    manager = make.manager(network=found[0])
    for other in found[1:]:
        make.role_of(manager, network=other)
    db.session.commit()
    return programme, found


def planned(programme: Programme, *, again: bool = False) -> dict[str, list[str]]:
    """What came of planning all."""
    number = make.job(programme=programme, params={"year": 2027, "again": again}).id
    db.session.commit()
    begun(db.session.get_one(Job, number))
    with time_machine.travel(NOW, tick=False):
        run(number)
    outcome = db.session.get_one(Job, number).outcome
    db.session.rollback()
    return outcome


def draft_of(number: int) -> drafts.Draft:
    cycle = cycle_of(db.session.get_one(Network, number), 2027)
    draft = drafts.of(cycle) if cycle else None
    assert draft is not None
    return draft


def test_networks_of_one_manager_are_planned_off_each_others_days(app: Flask) -> None:
    programme, networks = programme_of(3, nth="", weekdays=[1, 3])
    slugs, ids = sorted(n.slug for n in networks), [n.id for n in networks]
    outcome = planned(programme)

    made = [draft_of(each) for each in ids]
    days = [row.date for draft in made for row in draft.rows]
    assert {status: sorted(found) for status, found in outcome.items()} == {"optimal": slugs}
    assert (len(days), len(set(days))) == (12, 12)
    assert [(draft.together, draft.clashes) for draft in made] == [(2, ())] * 3
    assert all({reason.meeting for reason in draft.reasons} == {str(row.key) for row in draft.rows} for draft in made)


def test_every_manager_is_kept_off_their_other_networks_days_and_the_whole_is_proven_all_the_same(app: Flask) -> None:
    programme, networks = programme_of(2, nth="")
    networks[0].wishes = THURSDAYS | {"nth": "1"}
    third = years.network(members=3, programme=programme, wishes=THURSDAYS | {"nth": ""})  # fewest hosts: it gives way
    for month in (2, 4, 9, 11):  # so that it would rather have the first Thursdays too
        away = {"first": date(2027, month, 8), "last": date(2027, month, 28)}
        make.absence(organisation=third.memberships[0].organisation, **away)
    make.role_of(make.manager(network=third), network=networks[0])
    db.session.commit()
    ids = [networks[0].id, networks[1].id, third.id]
    planned(programme)

    first, second, last = (draft_of(each) for each in ids)

    days = {row.date for row in first.rows}
    assert days & {row.date for row in last.rows} == set()
    assert days & {row.date for row in second.rows} == set()
    assert [draft.clashes for draft in (first, second, last)] == [()] * 3
    assert [draft.status for draft in (first, second, last)] == ["optimal"] * 3


def test_a_room_that_two_networks_would_need_on_one_day_ends_the_proof_of_the_whole(app: Flask) -> None:
    """The first two share a room, by different people, and know of each other only through the third's managers."""
    programme = make.programme()
    wishes = THURSDAYS | {"number": 1, "months": [2], "nth": ""}
    networks = [years.network(members=2, programme=programme, wishes=wishes) for _n in range(3)]
    room = make.membership(network=networks[0], seats=40).organisation
    make.membership(network=networks[1], organisation=room)
    for network in networks[:2]:
        make.role_of(make.manager(network=network), network=networks[2])
        for membership in network.memberships:
            membership.hosts = membership.organisation is room
    db.session.commit()
    db.session.expire_all()
    ids, host = [network.id for network in networks], room.id
    planned(programme)

    one, other, _third = (draft_of(each) for each in ids)
    assert one.rows[0].host == other.rows[0].host == host
    assert one.rows[0].date != other.rows[0].date
    assert (one.clashes, other.clashes, {one.status, other.status}) == ((), (), {"feasible", "optimal"})


def test_what_is_published_stays_and_keeps_its_days(app: Flask) -> None:
    programme, (first, second) = programme_of(2, nth="")
    standing = {row.date for row in published_rows(years.published(first, **THURSDAYS))}
    number, slug = second.id, second.slug
    outcome = planned(programme, again=True)

    assert outcome == {"optimal": [slug]}
    assert not standing & {row.date for row in draft_of(number).rows}


def test_a_draft_is_planned_anew_only_when_asked_and_keeps_what_is_fixed(app: Flask) -> None:
    programme, (first, second) = programme_of(2, nth="")
    cycle = years.drafted(first, **{**THURSDAYS, "nth": ""})
    actions.edit(cycle, {years.M1: {"date": date(2027, 2, 25)}}, {}, NOW)
    db.session.commit()
    ids, slugs = (first.id, second.id), [first.slug, second.slug]
    name = programme.name
    left = planned(programme)
    again = planned(db.session.query(Programme).filter_by(name=name).one(), again=True)

    assert (left, {k: sorted(v) for k, v in again.items()}) == ({"optimal": slugs[1:]}, {"optimal": sorted(slugs)})
    assert draft_of(ids[0]).row(years.M1).date == date(2027, 2, 25)
    assert date(2027, 2, 25) not in {row.date for row in draft_of(ids[1]).rows}


def test_a_year_that_is_not_possible_together_is_explained_network_by_network(app: Flask) -> None:
    programme, networks = programme_of(2)
    ids = [network.id for network in networks]
    outcome = planned(programme)

    assert {status: len(found) for status, found in outcome.items()} == {"optimal": 1, "infeasible": 1}
    assert sorted(bool(draft_of(each).conflict) for each in ids) == [False, True]


def test_the_order_of_the_networks_changes_nothing(app: Flask) -> None:
    found = []
    for names in ("ABC", "CBA"):
        programme, networks = programme_of(3, nth="", weekdays=[1, 3])
        for network, name in zip(networks, names, strict=True):
            network.name = name
        db.session.commit()
        ids = [network.id for network in networks]
        planned(programme)
        found.append(sorted(row.date or "" for each in ids for row in draft_of(each).rows))

    assert found[0] == found[1]


def test_networks_that_share_nobody_are_planned_apart(app: Flask) -> None:
    programme = make.programme()
    networks = [years.network(members=2, programme=programme) for _n in range(4)]
    manager = make.manager(network=networks[0])
    make.role_of(manager, network=networks[1])
    both = networks[2].memberships[0]
    shared = make.membership(network=networks[3], organisation=both.organisation, people=0)
    make.contact(membership=shared, person=both.primary)
    db.session.commit()
    db.session.expire_all()

    ids = [network.id for network in networks]
    assert sorted(groups(to_do(programme, 2027))) == [ids[:2], ids[2:]]


def test_the_same_person_never_sits_in_two_networks_on_one_day(app: Flask) -> None:
    programme = make.programme()
    networks = [years.network(members=3, programme=programme, wishes=THURSDAYS | {"nth": ""}) for _n in range(2)]
    both = networks[0].memberships[0]
    shared = make.membership(network=networks[1], organisation=both.organisation, people=0)
    make.contact(membership=shared, person=both.primary)
    db.session.commit()
    ids = [network.id for network in networks]
    planned(programme)

    one, other = ({row.date for row in draft_of(each).rows} for each in ids)
    assert one & other == set()


def test_who_was_changed_meanwhile_is_left_alone(app: Flask) -> None:
    programme, networks = programme_of(2, nth="")
    ids, slugs = [network.id for network in networks], [network.slug for network in networks]
    number = make.job(programme=programme).id
    db.session.commit()
    begun(db.session.get_one(Job, number))
    changed: list[str] = []

    def meanwhile(step: str, _done: int, _total: int) -> None:
        if step == "together" and not changed:
            with app.app_context():
                years.drafted(db.session.get_one(Network, ids[0]), **THURSDAYS)
                changed.extend(row.date or "" for row in draft_of(ids[0]).rows)
                db.session.rollback()

    with time_machine.travel(NOW, tick=False):
        run(number, meanwhile)

    assert db.session.get_one(Job, number).outcome == {"left": slugs[:1], "optimal": slugs[1:]}
    assert [row.date for row in draft_of(ids[0]).rows] == changed


def by_command(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(command, ["plan-all", *arguments])


def test_a_programme_is_planned_by_command(app: Flask) -> None:
    programme, networks = programme_of(2, nth="")
    slugs = sorted(network.slug for network in networks)
    with time_machine.travel(NOW, tick=False):
        answer = by_command(app, programme.name, "2027")

    assert (answer.exit_code, answer.stdout) == (0, f"2 optimal: {', '.join(slugs)}\n")


def test_other_long_work_comes_first(app: Flask) -> None:
    programme = make.programme()
    make.job(programme=programme, state="running", params={})
    db.session.commit()
    answer = by_command(app, programme.name, "2027")

    assert (answer.exit_code, "try again when it is done" in answer.output) == (2, True)


def test_an_unknown_programme_is_bad_usage(app: Flask) -> None:
    assert by_command(app, "Nobody's", "2027").exit_code == 2
