"""When a planned mail may still leave."""

from datetime import date, timedelta

import pytest

from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.people.actions import make_link
from app.reminders.models import ReminderRule
from tests import make
from tests.reminders.test_letters import change
from tests.reminders.world import NOW, THURSDAY, World, world


def true(message: Message) -> bool:
    db.session.flush()
    return KINDS[message.kind].still_true(message, NOW)


def leaves(w: World) -> None:
    """The host's organisation leaves the network before the meeting."""
    w.network.memberships[0].left = date(2026, 11, 1)


def test_a_sign_in_mail_leaves_only_while_its_link_works() -> None:
    person = make.person()
    fresh, used, old = (make_link(person, NOW - timedelta(minutes=n))[0] for n in (0, 1, 20))
    used.used_at = NOW
    rows = [make.message(person=person, kind="sign_in", params={"link_id": link.id}) for link in (fresh, used, old)]
    assert [true(row) for row in rows] == [True, False, False]


@pytest.mark.parametrize("kind", ["H1", "H3", "D1", "D2"])
def test_who_left_the_network_is_not_written_to(kind: str) -> None:
    w = world()
    row = w.message(kind, w.host)
    assert true(row) is True
    leaves(w)
    assert true(row) is False


def test_the_room_is_asked_for_until_it_is_confirmed() -> None:
    w = world()
    row = w.message("H2", w.host)
    assert true(row) is True
    w.meeting.host_duty.confirmed_at = NOW
    assert true(row) is False


def test_the_topic_is_asked_for_until_there_is_one_or_none_is_wanted() -> None:
    w = world(topic="")
    row = w.message("P2", w.preparer)
    assert true(row) is True
    w.meeting.open_agenda = True
    assert true(row) is False


def test_the_list_of_what_is_missing_goes_only_when_something_is() -> None:
    w = world()
    row = w.message("P4", w.preparer)
    assert true(row) is True
    w.meeting.running_order = "13:00 Welcome"
    assert true(row) is False


def test_who_said_no_is_invited_but_not_expected() -> None:
    w = world()
    make.attendance(meeting=w.meeting, person=w.host, answer="no")
    assert (true(w.message("D1", w.host)), true(w.message("D2", w.host))) == (True, False)


def test_a_step_switched_off_does_not_leave() -> None:
    w = world()
    row = w.message("H3", w.host)
    db.session.add(ReminderRule(network_id=w.network.id, step="H3", on=False, in_person=-14))
    assert true(row) is False


@pytest.mark.parametrize(
    ("kind", "mode"), [("H4", "online"), ("D2", "online"), ("H4o", "hybrid"), ("D2o", "in-person")]
)
def test_a_mail_for_another_mode_does_not_leave(kind: str, mode: str) -> None:
    w = world(mode=mode)
    assert true(w.message(kind, w.preparer if w.meeting.mode == "online" else w.host)) is False


def test_nothing_leaves_after_the_meeting_began() -> None:
    w = world(starts_at=NOW - timedelta(minutes=5))
    assert true(w.message("D2", w.host)) is False


def test_the_year_leaves_while_it_is_published() -> None:
    w = world()
    row = w.message("Y0", w.host, params={"version": 1, "cycle_id": w.meeting.cycle_id}, meeting_id=None)
    assert true(row) is True
    w.meeting.cycle.published = None
    assert true(row) is False


def test_of_two_changes_only_the_one_still_in_force_is_told() -> None:
    w = world()
    other = make.meeting(network=w.network, starts_at=THURSDAY + timedelta(days=30))
    row = change(w, {"mode": "online"}, w.host)
    second = {"meeting_id": other.id, "old": None, "new": {**row.params["changes"][0]["new"], "place": "elsewhere"}}
    row.params = {**row.params, "changes": [*row.params["changes"], second]}
    assert true(row) is True
    assert "new meeting" not in KINDS["C1"].render([row], NOW).text


def test_the_monday_mail_stays_away_when_there_is_nothing_to_say() -> None:
    w = world()
    row = w.message("M1", w.manager, network_id=None, meeting_id=None)
    assert true(row) is False
    w.meeting.starts_at, w.meeting.ends_at = NOW + timedelta(days=13), NOW + timedelta(days=13, hours=1)
    assert true(row) is True
