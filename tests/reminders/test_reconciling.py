from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.extensions import db
from app.mail import actions as mail
from app.mail.models import Message
from app.meetings.models import Duty
from app.networks.queries import with_members
from app.reminders.actions import change_rules, plan_digests, reconcile, reconcile_all
from app.reminders.queries import behind
from tests import make
from tests.conftest import empty_tables
from tests.reminders.world import NOW, World, world
from tests.statements import statements


def rows(w: World, person: object = None) -> list[tuple[str, str, str]]:
    """(kind, due in Amsterdam, state) of the network's reminders, or of one person's."""
    query = select(Message).where(Message.network_id == w.network.id).order_by(Message.due_at, Message.kind, Message.id)
    found = [m for m in db.session.scalars(query) if person is None or m.person_id == person.id]
    return [(m.kind, f"{m.due_at.astimezone(w.network.zone):%d-%m %H:%M}", m.state) for m in found]


def changed(w: World) -> None:
    w.network.changed(NOW)
    db.session.flush()
    reconcile(w.network, NOW)


def sent(w: World, kind: str, person: object) -> Message:
    query = select(Message).where(Message.kind == kind, Message.person_id == person.id)
    message = db.session.scalars(query).one()
    message.state, message.sent_at = "sent", NOW
    return message


def everything() -> list[tuple[object, ...]]:
    return [tuple(row) for row in db.session.execute(select(Message.__table__).order_by(Message.id))]


def test_a_published_meeting_gets_its_reminders() -> None:
    w = world()
    reconcile(w.network, NOW)
    assert rows(w, w.host) == [
        ("H1", "04-03 08:00", "planned"),
        ("H2", "18-03 08:00", "planned"),
        ("H3", "01-04 08:00", "planned"),
        ("D1", "05-04 08:00", "planned"),
        ("D2", "13-04 08:00", "planned"),
        ("H4", "13-04 08:00", "planned"),
        ("N1", "16-04 08:00", "planned"),
        ("E1", "19-04 08:00", "planned"),
        ("N2", "22-04 08:00", "planned"),
    ]
    assert [each[0] for each in rows(w, w.preparer)] == ["P1", "P2", "P3", "D1", "P4", "D2", "E1"]
    assert [each[0] for each in rows(w, w.substitute)] == ["H1", "D1", "D2", "E1"]


def test_twice_changes_nothing() -> None:
    w = world()
    reconcile(w.network, NOW)
    before = everything()
    reconcile(w.network, NOW)
    assert everything() == before


def test_online_the_kinds_are_those_of_a_call() -> None:
    w = world(mode="online")
    reconcile(w.network, NOW)
    call = ["P1", "H1", "P2", "D1", "P3", "P4", "D2o", "H4o", "N1", "E1", "N2"]
    assert [each[0] for each in rows(w, w.preparer)] == call
    assert [each[0] for each in rows(w, w.host)] == ["D1", "D2o", "E1"]


def test_a_moved_meeting_takes_what_is_planned_with_it_and_leaves_what_was_sent() -> None:
    w = world()
    reconcile(w.network, NOW)
    sent(w, "H1", w.host)
    w.meeting.starts_at += timedelta(days=7)
    w.meeting.ends_at += timedelta(days=7)
    changed(w)
    assert [each for each in rows(w, w.host) if each[0].startswith("H")] == [
        ("H1", "04-03 08:00", "sent"),
        ("H2", "25-03 08:00", "planned"),
        ("H3", "08-04 08:00", "planned"),
        ("H4", "20-04 08:00", "planned"),
    ]


def test_a_cancelled_meeting_reminds_nobody_and_reminds_again_when_it_is_back() -> None:
    w = world()
    reconcile(w.network, NOW)
    w.meeting.status = "cancelled"
    changed(w)
    assert {each[2] for each in rows(w)} == {"cancelled"}
    w.meeting.status = "confirmed"
    changed(w)
    assert {each[2] for each in rows(w)} == {"planned"}
    assert len(rows(w)) == 20


def test_a_resting_network_reminds_nobody() -> None:
    w = world()
    reconcile(w.network, NOW)
    w.network.state = "resting"
    changed(w)
    assert {each[2] for each in rows(w)} == {"cancelled"}


def give_duty_to(w: World, organisation: object) -> None:
    duty = w.meeting.host_duty
    assert isinstance(duty, Duty)
    duty.organisation = organisation
    db.session.flush()
    changed(w)


def test_a_duty_that_passes_on_takes_its_reminders_with_it() -> None:
    w = world()
    reconcile(w.network, NOW)
    give_duty_to(w, w.meeting.preparers[0])
    kinds = [each for each in rows(w) if each[0].startswith("H")]
    assert [state for _, _, state in kinds] == ["cancelled", "cancelled", "planned"] + ["cancelled", "planned"] * 3


def test_a_duty_that_comes_back_is_asked_for_anew_what_was_sent_as_another_generation() -> None:
    w = world()
    linde, berk = w.meeting.host, w.meeting.preparers[0]
    reconcile(w.network, NOW)
    first = sent(w, "H1", w.host)
    give_duty_to(w, berk)
    give_duty_to(w, linde)
    query = select(Message).where(Message.kind == "H1", Message.person_id == w.host.id).order_by(Message.id)
    assert [(m.state, m.generation) for m in db.session.scalars(query)] == [("sent", 1), ("planned", 2)]
    assert first.duty_ended
    changed(w)
    assert len(db.session.scalars(query).all()) == 2


def test_what_a_manager_skipped_or_hurried_stays_as_the_manager_said() -> None:
    w = world()
    reconcile(w.network, NOW)
    query = select(Message).where(Message.person_id == w.host.id)
    by_kind = {m.kind: m for m in db.session.scalars(query)}
    mail.skip(by_kind["H1"], NOW)
    mail.send_now(by_kind["H3"], NOW)
    mail.edit(by_kind["H4"], subject="Lunch", note="Soup", now=NOW)
    changed(w)
    h1, h3, h4 = by_kind["H1"], by_kind["H3"], by_kind["H4"]
    assert (h1.state, h3.due_at, h4.subject, h4.note) == ("cancelled", NOW, "Lunch", "Soup")


def test_a_refused_address_gives_the_steps_to_the_substitute() -> None:
    w = world()
    reconcile_all(NOW)
    assert behind() == []
    w.host.address_failed_at = NOW + timedelta(hours=1)
    db.session.flush()
    assert behind() == [w.network.id]
    reconcile_all(NOW + timedelta(hours=2))
    planned = [each for each in rows(w, w.substitute) if each[2] == "planned" and each[0][0] == "H"]
    assert [kind for kind, _, _ in planned] == ["H1", "H2", "H3", "H4"]
    assert behind() == []


def test_only_networks_that_are_behind_are_made_anew() -> None:
    w, still = world(), make.network()
    assert (reconcile_all(NOW), reconcile_all(NOW)) == (2, 0)
    w.network.changed(NOW)
    db.session.flush()
    assert behind() == [w.network.id]
    assert still.revision == 1


def test_late_only_the_latest_of_each_kind_is_sent() -> None:
    w = world(starts_at=NOW + timedelta(days=20))
    reconcile(w.network, NOW)
    assert [each[0] for each in rows(w, w.host)] == ["H2", "H3", "D1", "D2", "H4", "N1", "E1", "N2"]
    assert rows(w, w.host)[0] == ("H2", "24-11 10:00", "planned")
    w.network.changed(NOW)
    reconcile(w.network, NOW + timedelta(hours=1))
    assert rows(w, w.host)[0] == ("H2", "24-11 10:00", "planned")
    assert [each[0] for each in rows(w, w.preparer)] == ["P1", "P3", "D1", "D2", "P4", "E1"]


def test_history_from_a_sheet_is_not_reminded_of() -> None:
    w = world(imported=True)
    reconcile(w.network, NOW)
    assert rows(w) == []


def test_changed_rules_move_and_stop_steps_and_the_usual_ones_leave_no_trace() -> None:
    w = world()
    reconcile(w.network, NOW)
    change_rules(w.network, {"H1": (True, -35, -14), "H2": (False, -28, None), "H3": (True, -14, None)}, NOW)
    db.session.flush()
    reconcile_all(NOW)
    found = [each for each in rows(w, w.host) if each[0] in ("H1", "H2", "H3")]
    assert [each[1:] for each in found] == [
        ("11-03 08:00", "planned"),
        ("18-03 08:00", "cancelled"),
        ("01-04 08:00", "planned"),
    ]
    change_rules(w.network, {"H1": (True, -42, -14), "H2": (True, -28, None)}, NOW)
    db.session.flush()
    reconcile_all(NOW)
    assert rows(w, w.host)[:2] == [("H1", "04-03 08:00", "planned"), ("H2", "18-03 08:00", "planned")]


def test_a_reminder_somebody_else_planned_meanwhile_stays_one() -> None:
    w = world()
    row = {"kind": "H1", "key": f"H1-{w.meeting.id}-{w.host.id}-g1", "person_id": w.host.id, "params": {}}
    row |= {"due_at": NOW, "created_at": NOW, "network_id": w.network.id, "meeting_id": w.meeting.id}
    mail.add_all([row, {**row, "due_at": NOW + timedelta(days=1)}])
    mail.add_all([row])
    assert rows(w) == [("H1", "24-11 10:00", "planned")]


def statements_for(meetings: int, *, planned: bool) -> int:
    w = world()
    for n in range(1, meetings):
        make.meeting(network=w.network, starts_at=w.meeting.starts_at + timedelta(days=14 * n))
    if planned:
        reconcile(w.network, NOW)
    db.session.commit()
    number = w.network.id
    with statements() as seen:
        reconcile(with_members([number])[0], NOW)
    return len(seen)


@pytest.mark.parametrize("planned", [True, False])
def test_one_meeting_or_six_cost_the_same_number_of_statements(planned: bool) -> None:
    one = statements_for(1, planned=planned)
    db.session.rollback()
    empty_tables()
    assert statements_for(6, planned=planned) <= one


def test_every_manager_gets_one_digest_a_week_however_often_it_is_planned() -> None:
    w = world()
    make.programme_manager(programme=w.network.programme)
    for moment in (NOW, NOW + timedelta(days=2), NOW + timedelta(days=6)):
        with time_machine.travel(moment):
            plan_digests(moment)
    due = sorted((m.person_id, m.due_at.astimezone(w.network.zone).date()) for m in db.session.scalars(select(Message)))
    mondays = [date(2026, 11, 30), date(2026, 12, 7)]
    assert [day for _, day in due] == mondays * 2
    assert len({person for person, _ in due}) == 2
