from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Executable, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.extensions import db
from app.letters.kinds import KINDS
from app.mail import claims
from app.mail.kind_of_mail import Kind
from app.mail.models import Message
from app.mail.models import Relay as RelayRow
from app.mail.queries import earliest
from app.meetings.models import Duty, Meeting
from app.networks.models import Network
from app.worker import deliver
from tests import make
from tests.fakes import Relay
from tests.make import NOW
from tests.reminders.world import THURSDAY, World, world

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def state(message: Message) -> tuple[str, int, bool]:
    db.session.refresh(message)
    return message.state, message.attempts, message.ambiguous


def elsewhere(*changes: Executable) -> Callable[[], None]:
    """Another process that makes these changes, in a transaction of its own, when it is called."""
    engine = db.engine

    def change() -> None:
        with Session(engine) as session:
            for each in changes:
                session.execute(each)
            session.commit()

    return change


def test_in_one_batch_each_mail_is_about_its_own_meeting_and_network(relay: Relay) -> None:
    first, second = world(), world(name_of_network="Zuid")
    second.meeting.topic = "Writing together"
    first.message("D2", first.host)
    second.message("D2", second.host)
    third = second.message("D1", second.preparer)
    assert deliver(5) == 3
    assert [mail["To"].addresses[0].addr_spec for mail in relay.received] == [
        first.host.email,
        second.host.email,
        second.preparer.email,
    ]
    whats = [mail.get_body(("plain",)).get_content().split("What: ")[1].splitlines()[0] for mail in relay.received]
    assert whats == ["Reading together – Noord", "Writing together – Zuid", "Writing together – Zuid"]
    assert state(third)[0] == "sent"


def test_what_is_due_leaves_and_what_is_not_stays(relay: Relay) -> None:
    w = world()
    due, later = w.message("H3", w.host), w.message("P3", w.preparer, due_at=NOW + timedelta(days=1))
    assert deliver(5) == 1
    assert (state(due), state(later)) == (("sent", 1, False), ("planned", 0, False))
    assert (due.reply_code, due.sent_at.date(), due.token) == (250, NOW.date(), None)
    assert relay.envelopes == [("samen@example.org", ["anna@example.org"])]


def test_a_second_round_sends_nothing_again(relay: Relay) -> None:
    w = world()
    w.message("H3", w.host)
    assert (deliver(5), deliver(5), len(relay.received)) == (1, 0, 1)


def test_one_connection_serves_a_batch(relay: Relay) -> None:
    w = world()
    for person in (w.host, w.preparer, w.substitute):
        w.message("D2", person)
    assert (deliver(5), relay.connections) == (3, 1)


def test_the_steps_of_one_person_leave_as_one_mail_with_the_most_pressing_subject(relay: Relay) -> None:
    w = world()
    rows = [w.message(kind, w.host) for kind in ("D1", "H3")]
    deliver(5)
    assert relay.subjects == ["Soon at your place: the practical points for Thu 15 April"]
    assert [state(row)[0] for row in rows] == ["sent", "sent"]
    assert "Invitation: Reading together" in relay.received[0].get_body(("plain",)).get_content()


def test_a_message_the_meeting_of_which_is_cancelled_never_leaves(relay: Relay) -> None:
    w = world(status="cancelled")
    row = w.message("D2", w.host)
    assert (deliver(5), relay.received, state(row)[0], row.cancelled_because) == (0, [], "cancelled", "untrue")


@pytest.mark.parametrize(
    "change",
    [
        lambda w: update(Meeting).where(Meeting.id == w.meeting.id).values(status="cancelled"),
        lambda w: update(Duty).where(Duty.kind == "host").values(organisation_id=w.meeting.preparers[0].id),
        lambda _: update(Message).values(state="cancelled", cancelled_because="withdrawn", token=None),
    ],
    ids=["meeting cancelled", "duty passed on", "mail withdrawn"],
)
def test_a_change_between_claim_and_fence_stops_the_mail(app: Flask, relay: Relay, change: object) -> None:
    w = world()
    row, statement = w.message("H3", w.host), change(w)
    db.session.commit()
    relay.on_rcpt = elsewhere(statement, update(Network).values(revision=Network.revision + 1))
    assert (deliver(5), relay.received, state(row)[0]) == (0, [], "cancelled")


def test_a_meeting_moved_before_the_fence_leaves_with_its_new_date(relay: Relay) -> None:
    w = world()
    w.message("D2", w.host)
    moved = update(Meeting).values(
        starts_at=THURSDAY + timedelta(days=1), ends_at=THURSDAY + timedelta(days=1, hours=3)
    )
    raised = update(type(w.network)).values(revision=99)
    relay.on_rcpt = elsewhere(moved, raised)
    deliver(5)
    text = relay.received[0].get_body(("plain",)).get_content()
    assert ("Friday, 16 April 2027" in text, "Thursday, 15 April 2027" in text) == (True, False)


def test_a_new_address_before_the_fence_is_not_missed(relay: Relay) -> None:
    w = world()
    row = w.message("D2", w.host)
    changed = update(type(w.host)).where(type(w.host).id == w.host.id).values(email="new@example.org", revision=5)
    db.session.commit()
    relay.on_rcpt = elsewhere(changed)
    deliver(5)
    assert (relay.envelopes[-1][1], len(relay.received), state(row)[0]) == (["new@example.org"], 1, "sent")


def test_a_refused_address_fails_at_once_is_marked_and_blocks_nobody(relay: Relay) -> None:
    w = world()
    refused, fine = w.message("H3", w.host), w.message("P3", w.preparer)
    relay.rcpt = {"anna@example.org": "550 no such person"}
    assert deliver(5) == 1
    assert (state(refused), refused.error, state(fine)[0]) == (("failed", 1, False), "rcpt: 550 no such person", "sent")
    db.session.refresh(w.host)
    assert (w.host.address_failed_at is not None, w.preparer.address_failed_at) == (True, None)


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_not_now_is_tried_again_later_and_then_arrives(relay: Relay, clock: time_machine.Traveller, stage: str) -> None:
    w = world()
    row = w.message("H3", w.host)
    setattr(relay, stage, {"*": "451 try later"})
    assert (deliver(5), state(row)) == (0, ("planned", 1, False))
    assert timedelta(seconds=40) < row.retry_at - NOW < timedelta(seconds=90)
    setattr(relay, stage, {})
    assert deliver(5) == 0
    clock.shift(timedelta(minutes=2))
    assert (deliver(5), state(row)) == (1, ("sent", 2, False))


def test_tries_are_used_up_in_the_end(relay: Relay, clock: time_machine.Traveller) -> None:
    w = world()
    row = w.message("H3", w.host)
    relay.rcpt = {"*": "450 busy"}
    for _ in range(10):
        deliver(5)
        clock.shift(timedelta(hours=6))
    assert (state(row), row.error) == (("failed", 10, False), "rcpt: 450 busy")


def test_a_body_refused_for_good_fails(relay: Relay) -> None:
    w = world()
    row = w.message("H3", w.host)
    relay.data = {"*": "554 not this"}
    deliver(5)
    assert (state(row), w.host.address_failed_at) == (("failed", 1, False), None)


def test_a_connection_lost_after_the_body_is_ambiguous_and_goes_again_as_the_same_mail(
    relay: Relay, clock: time_machine.Traveller
) -> None:
    w = world()
    row = w.message("H3", w.host)
    relay.data = {"*": "drop"}
    assert (deliver(5), state(row)) == (0, ("planned", 1, True))
    relay.data = {}
    clock.shift(timedelta(minutes=2))
    deliver(5)
    assert (state(row), len(relay.received)) == (("sent", 2, True), 2)
    assert len({mail["Message-ID"] for mail in relay.received}) == 1


def test_the_digest_is_held_when_nobody_knows_whether_it_arrived(relay: Relay) -> None:
    w = world(starts_at=NOW + timedelta(days=3))
    row = w.message("M1", w.manager, network_id=None, meeting_id=None)
    relay.data = {"*": "drop"}
    assert (deliver(5), state(row)) == (0, ("uncertain", 1, True))
    relay.data = {}
    assert (deliver(5), len(relay.received)) == (0, 1)


@pytest.mark.parametrize("answer", ["421 going away", None], ids=["421", "nobody there"])
def test_a_relay_that_is_down_rests_and_no_mail_pays_for_it(
    relay: Relay, clock: time_machine.Traveller, answer: str | None
) -> None:
    w = world()
    rows = [w.message("H3", w.host), w.message("P3", w.preparer)]
    if answer:
        relay.mail = {"*": answer}
    else:
        relay.stop()
    assert (deliver(5), [state(row) for row in rows]) == (0, [("planned", 0, False)] * 2)
    resting = db.session.get_one(RelayRow, 1)
    assert (resting.failures, resting.rest_until > NOW) == (1, True)
    assert deliver(5) == 0
    assert resting.failures == 1


def test_after_its_rest_the_relay_is_used_again(relay: Relay, clock: time_machine.Traveller) -> None:
    w = world()
    w.message("H3", w.host)
    relay.mail = {"*": "421 going away"}
    deliver(5)
    relay.mail = {}
    clock.shift(timedelta(minutes=1))
    assert deliver(5) == 1
    assert (db.session.get_one(RelayRow, 1).failures, db.session.get_one(RelayRow, 1).rest_until) == (0, None)


def claimed(w: World, state: str, kind: str = "H3") -> Message:
    return w.message(kind, w.host, state=state, token="of one who died", lease_until=LONG_AGO)


def test_what_a_dead_worker_had_claimed_is_sent(relay: Relay) -> None:
    row = claimed(world(), "claimed")
    assert (deliver(5), state(row)) == (1, ("sent", 1, False))


def test_what_a_dead_worker_was_sending_is_sent_again_and_marked(relay: Relay) -> None:
    row = claimed(world(), "sending")
    assert (deliver(5), state(row)) == (1, ("sent", 1, True))


def test_a_digest_a_dead_worker_was_sending_waits_for_a_person(relay: Relay) -> None:
    w = world()
    row = w.message("M1", w.manager, state="sending", token="of one who died", lease_until=LONG_AGO, network_id=None)
    assert (deliver(5), state(row)) == (0, ("uncertain", 0, True))


def test_what_another_worker_holds_is_left_alone(relay: Relay) -> None:
    w = world()
    row = w.message("H3", w.host, state="claimed", token="alive", lease_until=datetime(2100, 1, 1, tzinfo=UTC))
    assert (deliver(5), state(row)[0], row.token) == (0, "claimed", "alive")


def test_a_mail_is_claimed_by_one_only(app: Flask) -> None:
    w = world()
    w.message("H3", w.host)
    first, second = claims.claim("a", NOW), claims.claim("b", NOW)
    assert (len(first), second) == (1, [])


def test_a_round_that_a_database_error_ended_leaves_nothing_waiting_for_a_lease(app: Flask, relay: Relay) -> None:
    row = world().message("away", make.person())

    def away(messages: object, now: datetime) -> NoReturn:
        raise OperationalError("select", None, Exception("the database is away"))

    app.extensions["kinds of mail"] = {"away": Kind(lambda message, now: True, away)}
    with pytest.raises(OperationalError):
        deliver(5)
    app.extensions["kinds of mail"] = KINDS
    assert (state(row), row.token) == (("planned", 0, False), None)


def test_a_letter_that_cannot_be_written_fails_alone(relay: Relay) -> None:
    w = world()
    broken = w.message("C1", w.host, params={"cycle_id": w.meeting.cycle_id})
    fine = w.message("H3", w.host)
    assert (deliver(5), state(broken)[0], broken.error, state(fine)[0]) == (
        1,
        "failed",
        "KeyError: 'changes'",
        "sent",
    )


def test_each_letter_that_cannot_be_written_is_recorded_and_all_others_leave(relay: Relay) -> None:
    w = world()
    broken = [w.message("C1", w.host, params={"cycle_id": w.meeting.cycle_id}) for _ in range(3)]
    fine = [w.message(kind, person) for kind, person in (("H3", w.host), ("P3", w.preparer), ("D2", w.substitute))]
    assert deliver(5) == 3
    assert [state(row)[0] for row in broken] == ["failed"] * 3
    assert [state(row)[0] for row in fine] == ["sent"] * 3


def test_of_steps_held_up_by_an_outage_only_the_last_leaves(relay: Relay) -> None:
    w = world()
    h2 = w.message("H2", w.host, due_at=NOW - timedelta(days=14))
    h3 = w.message("H3", w.host)
    assert (deliver(5), state(h2)[0], state(h3)[0]) == (1, "cancelled", "sent")


def test_stopping_leaves_the_rest_for_the_next(relay: Relay) -> None:
    w = world()
    rows = [w.message("D2", person) for person in (w.host, w.preparer)]
    assert deliver(5, stopped=lambda: bool(relay.received)) == 1
    assert [state(row)[0] for row in rows] == ["sent", "planned"]


def test_a_person_without_an_address_gets_nothing(relay: Relay) -> None:
    w = world()
    w.host.email = None
    row = w.message("H3", w.host)
    assert (deliver(5), state(row)[0]) == (0, "cancelled")


def test_a_line_that_is_a_dot_arrives_whole(relay: Relay) -> None:
    w = world(running_order=".\n..\n.end")
    w.message("D1", w.host)
    deliver(5)
    text = relay.received[0].get_body(("plain",)).get_content()
    assert text.splitlines()[5:8] == [".", "..", ".end"]


def test_forms_of_address_from_settings_win(app: Flask, relay: Relay) -> None:
    w = world()
    w.message("H3", w.host)
    w.network.programme.sender_email = ""
    db.session.commit()
    deliver(5)
    assert str(relay.received[0]["From"]) == f"Toerbeurt <noreply@{app.config['SETTINGS'].feed_domain}>"


def test_who_was_unreachable_and_is_reached_is_no_longer_marked(relay: Relay) -> None:
    w = world()
    w.host.address_failed_at = NOW
    w.message("H3", w.host)
    deliver(5)
    db.session.refresh(w.host)
    assert w.host.address_failed_at is None


def test_the_next_wake_is_for_the_first_mail_that_wants_attention(app: Flask) -> None:
    w = world()
    assert earliest(NOW) is None
    w.message("D2", w.host, due_at=NOW + timedelta(hours=5))
    assert earliest(NOW) == NOW + timedelta(hours=5)
    w.message("D2", w.host, due_at=NOW, retry_at=NOW + timedelta(hours=4))
    assert earliest(NOW) == NOW + timedelta(hours=4)
    w.message("D2", w.host, state="claimed", token="of one who died", lease_until=NOW + timedelta(hours=3))
    assert earliest(NOW) == NOW + timedelta(hours=3)


def test_while_the_relay_rests_nobody_is_woken(app: Flask) -> None:
    w = world()
    w.message("D2", w.host)
    db.session.add(RelayRow(id=1, failures=1, rest_until=NOW + timedelta(minutes=2)))
    db.session.commit()
    assert earliest(NOW) == NOW + timedelta(minutes=2)
