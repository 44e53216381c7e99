"""Turns done minus turns owed, folded over the meetings that are past."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from app.cycles.models import Meeting
from app.networks.models import Membership, Network
from scheduling import ledger


def able(network: Network, day: date, *, in_person: bool) -> dict[str, list[int]]:
    """Which organisations owe a turn on `day`: {"host": ids, "preparation": ids}."""
    members = network.members_on(day)
    need = sum(max(1, len(member.contacts)) for member in members)
    turn = [member for member in members if member.duties_from is None or member.duties_from <= day]
    return {
        "host": [m.organisation_id for m in turn if in_person and may_host(m, need)],
        "preparation": [m.organisation_id for m in turn if m.prepares],
    }


def may_host(member: Membership, need: int) -> bool:
    room = member.organisation.largest_room
    return member.hosts is not False and room is not None and (room.seats or 0) >= need


def owed_at(meeting: Meeting) -> dict[str, list[int]]:
    """Who owed what at a meeting: as it was kept, else as the members and rooms are now."""
    return meeting.owed or able(meeting.network, meeting.day, in_person=meeting.in_person)


def past(meetings: Iterable[Meeting]) -> list[ledger.PastMeeting]:
    """Meetings as the ledger of `scheduling` folds them."""
    return [_past(meeting) for meeting in meetings]


def _past(meeting: Meeting) -> ledger.PastMeeting:
    owed = owed_at(meeting)
    done = [duty for duty in meeting.duties if not duty.handed_back]  # a turn given back stays owed
    return ledger.PastMeeting(
        host=next((str(duty.organisation_id) for duty in done if duty.kind == "host"), None),
        preparers=tuple(str(duty.organisation_id) for duty in done if duty.kind == "preparation"),
        may_host=tuple(map(str, owed["host"])),
        may_prepare=tuple(map(str, owed["preparation"])),
        preparers_per_meeting=max(1, len(meeting.preparers)),
        cancelled=meeting.cancelled,
    )


def balances(network: Network, meetings: Iterable[Meeting]) -> dict[int, tuple[Fraction, Fraction]]:
    """{organisation id: (hosting, preparation)} for every organisation that ever was a member."""
    members = {str(membership.organisation_id) for membership in network.memberships}
    folded = ledger.fold(past(meetings), members)
    return {int(member): (balance.host, balance.prep) for member, balance in folded.items()}
