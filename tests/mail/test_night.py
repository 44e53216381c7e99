"""What need not leave at once waits for the morning of its network."""

from datetime import UTC, datetime

import pytest
import time_machine

from app.worker import deliver
from tests.fakes import Relay
from tests.reminders.world import world


@pytest.mark.parametrize(
    ("zone", "kind", "pinned", "leaves"),
    [
        ("Europe/Amsterdam", "D2", False, 0),
        ("Europe/Amsterdam", "D2", True, 1),
        ("America/New_York", "D2", False, 1),
        ("Europe/Amsterdam", "X1", False, 1),
    ],
    ids=["a reminder waits", "a manager said now", "elsewhere it is day", "what leaves at once"],
)
def test_at_half_past_ten_in_the_evening(
    relay: Relay, clock: time_machine.Traveller, zone: str, kind: str, pinned: bool, leaves: int
) -> None:
    w = world()
    w.network.timezone = zone
    w.message(kind, w.host, pinned=pinned, params={"audience": "all"}, subject="Parking", note="Closed.")
    clock.move_to(datetime(2026, 11, 24, 21, 30, tzinfo=UTC))
    assert deliver(5, at_night=False) == leaves


def test_in_the_morning_it_leaves(relay: Relay, clock: time_machine.Traveller) -> None:
    w = world()
    w.message("D2", w.host)
    clock.move_to(datetime(2026, 11, 25, 5, 59, tzinfo=UTC))
    assert deliver(5, at_night=False) == 0
    clock.move_to(datetime(2026, 11, 25, 6, 1, tzinfo=UTC))
    assert deliver(5, at_night=False) == 1


def test_by_hand_it_leaves_at_any_hour(relay: Relay, clock: time_machine.Traveller) -> None:
    w = world()
    w.message("D2", w.host)
    clock.move_to(datetime(2026, 11, 24, 23, 0, tzinfo=UTC))
    assert deliver(5) == 1
