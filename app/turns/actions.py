"""What an organisation says of its turns, and what is counted by hand."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _

from app.audit import record
from app.errors import Refused
from app.extensions import db
from app.mail import actions as mail
from app.meetings.balances import able
from app.meetings.models import Duty, DutyTick, Meeting
from app.meetings.queries import meetings_kept_of, meetings_to_keep
from app.meetings.turn_checklist import items_of
from app.networks.queries import answering_for, with_members
from app.people.models import Person


def confirm(duty: Duty, person: Person, now: datetime) -> None:
    """The organisation says it will, also after it had given the turn back; a second press changes nothing."""
    _refuse_over(duty, now)
    if duty.confirmed_at is None:
        duty.ask_again()
        duty.confirmed_at, duty.confirmed_by_id = now, person.id
        duty.meeting.network.changed(now)
        record("confirmation", duty, now, network_id=duty.meeting.network_id)


def hand_back(duty: Duty, person: Person, reason: str, now: datetime) -> None:
    """The organisation cannot do its turn: the manager hears it at once (M3). A second press changes nothing."""
    _refuse_over(duty, now)
    if duty.handed_back:
        return
    duty.ask_again()
    duty.handed_back_at, duty.handed_back_by_id, duty.handed_back_reason = now, person.id, reason
    network = duty.meeting.network
    network.changed(now)
    record("hand-back", duty, now, network_id=network.id)
    for manager in answering_for(network):
        mail.add(
            kind="M3",
            key=f"M3-{duty.id}-{now:%Y%m%d%H%M%S}-{manager.id}",
            person_id=manager.id,
            due_at=now,
            now=now,
            network_id=network.id,
            meeting_id=duty.meeting_id,
            params={"duty_id": duty.id},
        )


def tick(duty: Duty, done: Collection[str], person: Person, now: datetime) -> None:
    """Keep which items of its checklist are done; a step of which all is done sends no mail."""
    possible = {item.id for item in items_of(duty) if not item.fact}
    kept = {each.item for each in duty.ticks}
    wanted = possible & set(done)
    if kept == wanted:
        return
    duty.ticks = [each for each in duty.ticks if each.item in wanted]
    duty.ticks += [DutyTick(item=item, at=now, by_id=person.id) for item in sorted(wanted - kept)]
    duty.meeting.network.changed(now)
    record("ticks", duty, now, network_id=duty.meeting.network_id, done=len(wanted))


def _refuse_over(duty: Duty, now: datetime) -> None:
    if not duty.meeting.ahead(now):
        raise Refused(_("This meeting is over or does not take place."))


def credit(meeting: Meeting, organisation_id: int, now: datetime) -> None:
    """Count a turn to host at a meeting that went online, for who had everything ready. Nobody owes more by it.

    Raises Refused for a meeting that is not over, was in person, or has a host.
    """
    if meeting.ends_at > now or meeting.in_person or meeting.host_duty or meeting.cancelled:
        raise Refused(_("A turn to host is only counted by hand after a meeting that went online."))
    meeting.duties.append(Duty(kind="host", organisation_id=organisation_id))
    db.session.flush()
    meeting.network.changed(now)
    record("turn-credited", meeting, now, network_id=meeting.network_id, organisation=organisation_id)


def keep_owed(now: datetime) -> int:
    """Keep who owed a turn at meetings that are over and not cancelled; return how many were kept.

    By the members, rooms and people of this moment. The clock calls it, every request that may change something, and
    each action that changes members, rooms or people of many networks, first of all. A second time keeps nothing.
    """
    over = meetings_to_keep(now)
    if not over:
        return 0
    networks = {network.id: network for network in with_members({meeting.network_id for meeting in over})}
    for meeting in over:
        meeting.owed = able(networks[meeting.network_id], meeting.day)
    db.session.flush()
    return len(over)


def pass_owed(drop_id: int, keep_id: int) -> None:
    """Let an organisation owe what another one owed at meetings that are over, beside its own share."""
    for meeting in meetings_kept_of(drop_id):
        owed = meeting.owed or {}
        meeting.owed = {kind: [keep_id if each == drop_id else each for each in ids] for kind, ids in owed.items()}
    db.session.flush()
