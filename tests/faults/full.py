"""Many mails to send."""

from datetime import datetime, timedelta
from typing import Any

from app import clock
from app.extensions import db
from tests import make


def noon(now: datetime) -> str:
    """The zone where it is between twelve and one: nothing waits there for the morning, whenever a test runs."""
    return f"Etc/GMT{now.hour - 12:+d}"  # these count westwards


def fill(mails: int, *, by_invitation: bool = False) -> None:
    """Networks of twenty people, a mail about the meeting for each; every other one for the calendar, if so wanted."""
    at = clock.now()
    starts = (at + timedelta(days=14)).replace(minute=0, second=0, microsecond=0)
    programme = make.programme(sender_name="Samen", sender_email="samen@example.org")
    for _ in range(0, mails, 20):
        zone = "Europe/Amsterdam" if by_invitation else noon(at)  # calendars hold no other zones
        network = make.network(programme=programme, timezone=zone)
        make.manager(network=network)
        members = [make.membership(network=network, people=2) for _ in range(10)]
        meeting = make.meeting(network=network, starts_at=starts, topic="Reading together")
        make.duty(meeting=meeting, organisation=members[0].organisation)
        make.duty(meeting=meeting, organisation=members[1].organisation, kind="preparation")
        for number, person in enumerate(person for member in members for person in member.people):
            about: dict[str, Any] = {"kind": "D1", "network_id": network.id, "meeting_id": meeting.id}
            person.by_invitation = by_invitation and number % 2 == 1
            if person.by_invitation:
                about |= {"kind": "I1", "params": {"about": "meeting", "made_from": "", "above": 0}}
            make.message(person=person, due_at=at, pinned=True, **about)  # pinned: planning leaves it alone
    db.session.commit()
