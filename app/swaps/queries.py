"""Reads about swaps: what an organisation may ask, what it is asked, what it has asked."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.attendance.queries import answers_for
from app.extensions import db
from app.meetings.letters import contact, reachable
from app.meetings.models import Duty, Meeting
from app.meetings.queries import meetings_of
from app.networks.models import Membership, Network, Organisation
from app.networks.queries import sits_for, with_members
from app.people.models import Person
from app.publishing import ways_out
from app.swaps.models import Swap, SwapOffer, turn_of
from app.text import by_name

REMEMBERED = timedelta(days=14)  # as long as the link in a mail is good


@dataclass(frozen=True)
class Partner:
    """Whom to ask: an organisation that can take the turn, with its own turns that could be had in return."""

    organisation: Organisation
    turns: tuple[Duty, ...]
    mailed: bool  # whether anybody there can be reached by mail


def partners(duty: Duty, now: datetime) -> tuple[Partner, ...]:
    """Everybody who can do this turn, those with a turn to give in return first."""
    network = with_members([duty.meeting.network_id])[0]
    able = _able(duty, network)
    theirs: dict[int, list[Duty]] = {member.organisation_id: [] for member in able}
    for meeting in meetings_of([network.id], now):
        for other in meeting.duties if meeting.ahead(now) and meeting.id != duty.meeting_id else ():
            if other.kind == duty.kind and other.organisation_id in theirs and not other.handed_back:
                theirs[other.organisation_id].append(other)
    possible = {turn.id for turns in theirs.values() for turn in turns if _can_return(duty, turn, network)}
    listed = [
        Partner(m.organisation, tuple(t for t in theirs[m.organisation_id] if t.id in possible), bool(reachable(m)))
        for m in able
    ]
    return tuple(sorted(listed, key=lambda each: (not each.turns, by_name(each.organisation.name))))


def _able(duty: Duty, network: Network) -> list[Membership]:
    return ways_out.able_to(duty, network, answers_for(duty.meeting).expected)


def _can_return(duty: Duty, turn: Duty, network: Network) -> bool:
    return duty.organisation_id in {member.organisation_id for member in _able(turn, network)}


DETAILS = (
    selectinload(Swap.offers).joinedload(SwapOffer.organisation),
    selectinload(Swap.offers).joinedload(SwapOffer.meeting),
)


def of_members(members: Iterable[Membership], now: datetime) -> list[Swap]:
    """Requests these members made or were asked, and swaps they agreed on that can be undone."""
    places = {(member.network_id, member.organisation_id) for member in members}
    organisations = [organisation for _network, organisation in places]
    mine = select(SwapOffer.swap_id).where(SwapOffer.organisation_id.in_(organisations))
    query = select(Swap).where(Swap.organisation_id.in_(organisations) | Swap.id.in_(mine))
    found = db.session.scalars(query.options(*DETAILS).order_by(Swap.id))
    return _live([swap for swap in found if any((swap.network_id, each) in places for each in _parties(swap))], now)


def _parties(swap: Swap) -> set[int]:
    return {swap.organisation_id, *(offer.organisation_id for offer in swap.offers)}


def of_meeting(meeting: Meeting, organisations: Collection[int], now: datetime) -> list[Swap]:
    """The same of one meeting, as far as it concerns these: its turn is asked about, or offered in return."""
    mine = select(SwapOffer.swap_id).where(SwapOffer.meeting_id == meeting.id)
    query = select(Swap).where((Swap.meeting_id == meeting.id) | Swap.id.in_(mine))
    found = db.session.scalars(query.options(*DETAILS).order_by(Swap.id))
    return _live([swap for swap in found if _parties(swap) & set(organisations)], now)


def _live(swaps: Iterable[Swap], now: datetime) -> list[Swap]:
    """What still waits for somebody or can be undone, and for a while what has become of the others."""
    recent = [swap for swap in swaps if swap.meeting.ahead(now) and swap.asked_at > now - REMEMBERED]
    said = [swap for swap in recent if swap.duty or swap.state(now) != "open"]
    return [swap for swap in swaps if swap in said or can_be_undone(swap, now)]


def not_mailed(swap: Swap) -> list[Organisation]:
    """Who is asked and has nobody whom a mail reaches; somebody has to phone them."""
    asked = dict.fromkeys(offer.organisation for offer in swap.offers)
    people = {each: contact(swap.meeting, each) for each in asked}
    return [each for each, person in people.items() if person is None or not person.email]


def by_manager(swap: Swap) -> Person | None:
    """The manager who asked in place of an organisation, when it was not its own contact."""
    asker = db.session.get(Person, swap.asked_by_id) if swap.asked_by_id else None
    if asker is None or sits_for(asker, swap.network, swap.organisation_id, swap.meeting.day):
        return None
    return asker


def open_about(duty: Duty, now: datetime) -> Swap | None:
    """The request that is open about a turn."""
    query = select(Swap).where(
        Swap.meeting_id == duty.meeting_id, Swap.kind == duty.kind, Swap.organisation_id == duty.organisation_id
    )
    return next((swap for swap in db.session.scalars(query) if swap.state(now) == "open"), None)


def exchanged(swap: Swap) -> Sequence[tuple[Duty | None, int]]:
    """The turns an accepted swap gave away, as they are now, each with whose it was before."""
    offer = swap.accepted
    if swap.outcome != "accepted" or offer is None:
        return ()
    taken = turn_of(swap.meeting, swap.kind, offer.organisation_id)
    if offer.meeting is None:
        return ((taken, swap.organisation_id),)
    given = turn_of(offer.meeting, swap.kind, swap.organisation_id)
    return ((taken, swap.organisation_id), (given, offer.organisation_id))


def can_be_undone(swap: Swap, now: datetime) -> bool:
    """As long as neither meeting is over and both turns are where the swap put them."""
    turns = exchanged(swap)
    return bool(turns) and all(d is not None and d.meeting.ahead(now) for d, _ in turns)
