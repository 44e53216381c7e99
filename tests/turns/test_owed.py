"""Who owed a turn at a meeting is kept when it is over, by whatever comes first: the clock or a change."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from threading import Barrier

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete

from app.admin.merging import merge_organisations
from app.exporting.network_json import export
from app.exporting.restoring import restore
from app.extensions import Base, db
from app.importing import actions as importing
from app.meetings.balances import balances
from app.meetings.models import Meeting
from app.meetings.queries import meetings_of
from app.networks.models import Membership, Network
from app.planning import actions as planning
from app.privacy.actions import erase
from app.publishing import actions as publishing
from app.turns.actions import credit, keep_owed
from app.worker import Worker
from tests import make
from tests.planning import years

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
NOW = years.NOW
LATER = NOW + timedelta(days=400)


def four() -> Network:
    """Two hosted one meeting each in a year that is over; nobody's room has a place to spare."""
    network = make.network()
    members = [make.membership(network=network, people=2, seats=8) for _n in range(4)]
    for n in range(2):
        held(network, members[2 * n], members[2 * n + 1], datetime(2027, 3 + n, 4, 12, tzinfo=UTC))
    return loaded(network)


def held(network: Network, host: Membership | None, preparer: Membership, at: datetime, **values: object) -> Meeting:
    meeting = make.meeting(network=network, starts_at=at, **values)
    if host:
        make.duty(meeting=meeting, organisation=host.organisation)
    make.duty(meeting=meeting, organisation=preparer.organisation, kind="preparation")
    return meeting


def loaded(network: Network) -> Network:
    db.session.commit()
    db.session.expire_all()
    return network


def meetings(network: Network) -> list[Meeting]:
    db.session.expire_all()
    return meetings_of([network.id])


def hosting(network: Network) -> list[Fraction]:
    """Balances of hosting, by joining."""
    found = balances(network, meetings(network))
    return [found[each.organisation_id][0] for each in sorted(network.memberships, key=lambda each: each.id)]


def stop_hosting(app: Flask, network: Network, at: datetime) -> None:
    member = min(network.memberships, key=lambda each: each.id)
    with time_machine.travel(at, tick=False):
        browser = make.browser(app, make.manager(network=network))
        data = {"joined": "2025-01-01", "hosts": "no", "prepares": "y"}
        assert browser.post(f"/networks/{network.slug}/members/{member.id}", data=data).status_code == 302


def clock(app: Flask, at: datetime) -> None:
    """One round of the job in the table of the worker."""
    db.session.commit()
    job = Worker(app).scheduler.get_job("turns owed")
    with time_machine.travel(at, tick=False):
        job.func(*job.args)
    db.session.expire_all()


def test_the_clock_keeps_who_owed_a_turn_once_a_meeting_is_over(app: Flask) -> None:
    network = four()
    members = sorted(each.organisation_id for each in network.memberships)

    clock(app, datetime(2027, 3, 4, 15, tzinfo=UTC))

    over, ahead = meetings(network)
    assert {kind: sorted(ids) for kind, ids in (over.owed or {}).items()} == {"host": members, "preparation": members}
    assert ahead.owed is None


def test_two_who_keep_it_at_once_keep_it_once(app: Flask) -> None:
    four()
    together = Barrier(2)

    def keep(_n: int) -> int:
        with app.app_context():
            together.wait()
            kept = keep_owed(LATER)
            db.session.commit()
            return kept

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(keep, range(2))) == [0, 2]


def test_one_who_hosts_no_more_changes_no_balance_of_the_past(app: Flask) -> None:
    network = four()

    clock(app, LATER)
    stop_hosting(app, network, LATER)

    assert hosting(network) == [HALF, -HALF, HALF, -HALF]


def test_a_change_before_the_clock_has_looked_is_as_late(app: Flask) -> None:
    network = four()

    stop_hosting(app, network, LATER)

    assert hosting(network) == [HALF, -HALF, HALF, -HALF]


def test_a_change_before_a_meeting_is_over_counts_for_it(app: Flask) -> None:
    network = four()

    stop_hosting(app, network, datetime(2027, 4, 4, 12, tzinfo=UTC))  # the second one goes on
    clock(app, LATER)

    quarter = Fraction(1, 4)
    assert hosting(network) == [1 - quarter, -quarter - THIRD, 1 - quarter - THIRD, -quarter - THIRD]


def test_a_cancelled_meeting_counts_for_nobody(app: Flask) -> None:
    network = four()
    called_off, kept = meetings(network)
    called_off.status = "cancelled"

    clock(app, LATER)
    kept = meetings(network)[1]
    kept.status = "cancelled"
    db.session.commit()

    assert [each.owed is None for each in meetings(network)] == [True, False]
    assert hosting(network) == [0, 0, 0, 0]


def test_what_was_cancelled_by_mistake_counts_as_it_did(app: Flask) -> None:
    network = years.network(members=3)
    cycle = years.published(network, number=1)
    clock(app, LATER)
    before = hosting(network)

    row = planning.change_of_published(cycle, LATER).rows[0]
    planning.remove(cycle, row.key, "", LATER)
    publishing.publish(cycle, LATER, None)
    cancelled = hosting(network)
    db.session.commit()
    stop_hosting(app, network, LATER)
    publishing.undo(cycle, LATER, None)

    assert (cancelled, hosting(network)) == ([0, 0, 0], before)


def test_a_meeting_that_is_put_off_is_kept_when_it_is_over(app: Flask) -> None:
    network = years.network(members=3)
    cycle = years.published(network, number=1)
    [meeting] = meetings(network)
    moment = meeting.ends_at
    clock(app, moment)

    planning.change_meeting(meeting, {"date": meeting.day + timedelta(days=60)}, "", moment)
    publishing.publish(cycle, moment, None, override="snow")
    put_off = meetings(network)[0].owed
    stop_hosting(app, network, moment)
    clock(app, LATER)

    assert (put_off, len((meetings(network)[0].owed or {})["host"])) == (None, 2)


def test_corrected_to_online_a_meeting_owes_no_host_and_back_again_as_many_as_before(app: Flask) -> None:
    network = four()
    clock(app, LATER)
    before = hosting(network)

    for mode, expected in (("online", [Fraction(k, 4) for k in (3, -1, -1, -1)]), ("in-person", before)):
        second = meetings(network)[1]
        planning.change_meeting(second, {"mode": mode, "host": None if mode == "online" else third(network)}, "", LATER)
        publishing.publish(second.cycle, LATER, None, override="it was so")
        db.session.commit()
        assert hosting(network) == expected


def third(network: Network) -> int:
    return sorted(each.organisation_id for each in network.memberships)[2]


def test_a_host_credited_afterwards_leaves_what_others_owed(app: Flask) -> None:
    network = four()
    online = held(network, None, network.memberships[0], datetime(2027, 5, 4, 12, tzinfo=UTC), mode="online")
    db.session.commit()
    clock(app, LATER)

    credit(online, third(network), LATER)
    db.session.commit()
    stop_hosting(app, network, LATER)

    assert hosting(network) == [HALF, -HALF, HALF + 1, -HALF]


def test_who_becomes_part_of_another_brings_what_it_owed(app: Flask) -> None:
    network = four()
    first, second = sorted(network.memberships, key=lambda each: each.id)[:2]

    merge_organisations(first.organisation, second.organisation, LATER)
    db.session.commit()
    db.session.expire_all()

    assert hosting(network) == [0, HALF, -HALF]


def test_an_import_taken_back_leaves_who_owed_a_turn_meanwhile(app: Flask) -> None:
    network = four()
    network.name = "Noord"
    joins = b"organisation;network;room;seats\nDe Nieuwe;Noord;Zaal;90\n"
    row = importing.receive(network.programme, [("members.csv", joins)], NOW)
    importing.complete(row, NOW)
    db.session.commit()
    before = dict(balances(network, meetings(network)))

    kept = importing.undo(row, LATER)
    db.session.commit()

    assert balances(network, meetings(network)) == before
    assert (len(before), kept > 0) == (5, True)


def test_a_person_who_is_erased_frees_no_seat_in_the_past(app: Flask) -> None:
    network = four()
    make.membership(network=network, people=0, seats=8)  # nine people: no room is large enough
    loaded(network)
    person = network.memberships[0].people[1]

    erase(person, LATER)
    db.session.commit()

    assert [(each.owed or {})["host"] for each in meetings(network)] == [[], []]


def test_an_export_carries_what_was_owed_and_a_restore_brings_it_back(app: Flask) -> None:
    network = four()
    held(network, None, network.memberships[0], datetime(2027, 5, 4, 12, tzinfo=UTC), mode="online")
    held(network, network.memberships[1], network.memberships[0], LATER + timedelta(days=9))
    first, second, *others = sorted(network.memberships, key=lambda each: each.id)
    clock(app, datetime(2027, 3, 5, tzinfo=UTC))
    merge_organisations(first.organisation, second.organisation, datetime(2027, 3, 6, tzinfo=UTC))
    loaded(network)
    names = sorted([*[first.organisation.name] * 2, *(each.organisation.name for each in others)])

    before = export([network.id], LATER)
    db.session.expunge_all()
    for table in reversed(Base.metadata.sorted_tables):
        db.session.execute(delete(table))
    restore(json.loads(json.dumps(before)), LATER)
    db.session.expire_all()

    owed = [each["owed"] for cycle in before["networks"][0]["cycles"] for each in cycle["meetings"]]
    [again] = db.session.query(Network)
    assert [each and each["host"] for each in owed] == [names, sorted(set(names)), [], None]
    assert export([again.id], LATER) == before
    assert [each.owed is None for each in meetings(again)] == [False, False, False, True]


def test_a_restored_meeting_of_which_nothing_was_kept_is_kept_by_the_clock(app: Flask) -> None:
    network = four()
    before = export([network.id], NOW)
    db.session.expunge_all()
    for table in reversed(Base.metadata.sorted_tables):
        db.session.execute(delete(table))
    restore(before, NOW)

    assert (keep_owed(LATER), keep_owed(LATER)) == (2, 0)


@pytest.mark.parametrize("joined", [date(2025, 1, 1), date(2028, 1, 1)])
def test_whoever_joins_begins_at_nothing(app: Flask, joined: date) -> None:
    network = four()
    clock(app, LATER)

    make.membership(network=network, joined=joined)
    loaded(network)

    assert hosting(network) == [HALF, -HALF, HALF, -HALF, 0]
