"""Turns done minus turns owed, folded over the meetings that are past."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.meetings.models import Meeting
from app.networks.models import Membership, Network
from scheduling.model import network as planned
from scheduling.model.network import Member, roll, seats_of
from scheduling.rules import balance as ledger


def able(network: Network, day: date) -> dict[str, list[int]]:
    """Return who shares the turns of a meeting on `day`: {"host": ids, if it is in person, "preparation": ids}."""
    counted = roll(map(as_member, network.members_on(day)), day, day)
    return {"host": list(map(int, counted.may_host)), "preparation": list(map(int, counted.may_prepare))}


def as_member(membership: Membership) -> Member:
    """Return the membership as the planner sees it, without balances and closed days."""
    room = membership.organisation.largest_room
    return Member(
        str(membership.organisation_id),
        membership.joined,
        membership.left,
        membership.duties_from,
        seats=seats_of(len(membership.contacts)),
        room=(room.seats or 0) if room else 0,
        hosts=membership.hosts is not False,
        prepares=membership.prepares,
    )


def seats_needed(members: Iterable[Membership]) -> int:
    """Return the seats that a room must have for the people of all these members."""
    return planned.seats_needed(map(as_member, members))


def may_host(member: Membership, need: int) -> bool:
    """Return whether it is willing to host and has a room for so many."""
    return as_member(member).can_host(need)


def owed_at(meeting: Meeting) -> dict[str, list[int]]:
    """Return who owed what at a meeting: as it was kept, else as the members and rooms are now."""
    owed = meeting.owed or able(meeting.network, meeting.day)
    return owed if meeting.in_person else owed | {"host": []}


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


def done(meetings: Iterable[Meeting]) -> Counter[tuple[int, str]]:
    """{(organisation id, kind of duty): turns done}, those given back left out."""
    return Counter((d.organisation_id, d.kind) for m in meetings for d in m.duties if not d.handed_back)


@dataclass(frozen=True)
class YearOfTurns:
    """What one organisation did and owed in one year, and how it stood at its end: (hosting, preparation)."""

    year: int
    done: tuple[int, int]
    owed: tuple[Fraction, Fraction]
    balance: tuple[Fraction, Fraction]


def over_years(network: Network, meetings: Sequence[Meeting]) -> dict[int, list[YearOfTurns]]:
    """{organisation: its years, oldest first}, folded over past meetings; years before it joined are left out."""
    years = sorted({network.year_of(meeting.day) for meeting in meetings})
    out: dict[int, list[YearOfTurns]] = {membership.organisation_id: [] for membership in network.memberships}
    before = {number: (Fraction(0), Fraction(0)) for number in out}
    for year in years:
        held = [meeting for meeting in meetings if network.year_of(meeting.day) == year and not meeting.cancelled]
        after = balances(network, [meeting for meeting in meetings if network.year_of(meeting.day) <= year])
        for number, rows in out.items():
            done = (sum(_did(m, number, "host") for m in held), sum(_did(m, number, "preparation") for m in held))
            change = [new - old for new, old in zip(after[number], before[number], strict=True)]
            owed = (done[0] - change[0], done[1] - change[1])
            if rows or any((*done, *owed)):
                rows.append(YearOfTurns(year, done, owed, after[number]))
        before = after
    return out


def _did(meeting: Meeting, organisation_id: int, kind: str) -> bool:
    own = (duty for duty in meeting.duties if duty.organisation_id == organisation_id and duty.kind == kind)
    return any(not duty.handed_back for duty in own)
