"""kill -9 at every named point of sending, and at random. The relay counts, outside of whatever is killed."""

import time
from collections import Counter

import pytest
from flask import Flask

from app import clock
from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Meeting
from app.networks.models import Network
from tests.faults.conftest import Outside, workers
from tests.faults.full import fill

POINTS = (
    "claim:return:1", "gathered:return:1", "begin:return:2", "_fence:call:2", "leaves:return:2", "_fence:return:2",
    "finish:call:2", "finish:return:2", "_note_taken:return:3", "_settle:return:1", "_note:return:1",
)  # fmt: skip


def judged(outside: Outside) -> dict[str, int]:
    """Of what is due, how many messages are lost, still open, doubled without a mark, and marked."""
    arrived = outside.arrived()
    rows = {row.id: row for row in db.session.query(Message).filter(Message.due_at <= clock.now())}
    joined = {(row.person_id, row.sent_at) for row in rows.values() if arrived[row.id]}  # several in one mail
    db.session.rollback()
    return {
        "lost": sum(row.state != "cancelled" and (row.person_id, row.sent_at) not in joined for row in rows.values()),
        "open": sum(row.state in ("planned", "claimed", "sending") for row in rows.values()),
        "doubled unmarked": sum(count > 1 and not rows[number].ambiguous for number, count in arrived.items()),
        "marked": sum(row.ambiguous for row in rows.values()),
    }


def test_a_worker_killed_at_any_point_loses_nothing_and_doubles_only_what_is_marked(
    app: Flask, outside: Outside
) -> None:
    fill(140, by_invitation=True)  # more than one batch, half of them dates for a calendar
    process = workers(app, outside.url, "points")
    said, errors = process.communicate("\n".join([*POINTS, "nowhere:call:1"]) + "\n", timeout=400)
    assert (said.split()[1::2], errors) == (["killed"] * len(POINTS) + ["lived"], "")
    found = judged(outside)
    # Three of the points lie between "it leaves" and "it has left": there nobody knows.
    assert found == {"lost": 0, "open": 0, "doubled unmarked": 0, "marked": found["marked"]}
    assert 3 <= found["marked"] <= len(POINTS)


@pytest.mark.torture
@pytest.mark.parametrize("outside", [("--chance", "0.01")], indirect=True)
def test_four_workers_killed_at_random_before_a_relay_with_moods(app: Flask, outside: Outside) -> None:
    fill(10_000, by_invitation=True)
    process = workers(app, outside.url, "herd", "7")
    time.sleep(8)
    cancelled = _cancel_half()
    said, errors = process.communicate(timeout=1800)
    found = judged(outside)
    late = [line for line in outside.lines() if line["at"] > cancelled["at"] + 1.5]
    stale = sum(int(str(line["id"]).split("-")[1]) in cancelled["messages"] for line in late)
    states = Counter(state for (state,) in db.session.query(Message.state))
    print(f"kills {said.strip()}, {found}, {dict(states)}, taken {sum(outside.arrived().values())}")
    print(f"stale {stale} of {len(late)} taken after the cancelling")
    assert (found["lost"], found["open"], found["doubled unmarked"], stale, "Error" in errors) == (0, 0, 0, 0, False)
    assert int(said) >= 200


def _cancel_half() -> dict[str, object]:
    """Every other meeting is cancelled, in one transaction."""
    meetings = [meeting for meeting in db.session.query(Meeting) if meeting.id % 2]
    ids = [meeting.id for meeting in meetings]
    messages = {number for (number,) in db.session.query(Message.id).filter(Message.meeting_id.in_(ids))}
    db.session.rollback()
    db.session.query(Network).update({Network.revision: Network.revision + 1})
    db.session.query(Meeting).filter(Meeting.id.in_(ids)).update({Meeting.status: "cancelled"})
    db.session.commit()
    return {"at": time.time(), "messages": messages}
