"""Asking to swap or cover a turn, answering, taking it back. The turn itself changes in `cycles.reassigning`."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.audit import record
from app.errors import Refused, Stale
from app.extensions import db
from app.mail import actions as mail
from app.meetings.letters import contact
from app.meetings.models import Duty, Meeting
from app.networks.models import Organisation
from app.networks.queries import answering_for, with_members
from app.people.models import Person
from app.publishing.preview import Notice
from app.publishing.reassigning import reassign
from app.swaps.models import Swap, SwapOffer
from app.swaps.queries import by_manager, can_be_undone, exchanged, open_about
from app.topics.models import Topic

AGAIN, EXPIRES = timedelta(days=4), timedelta(days=7)


def ask(
    duty: Duty,
    wanted: Iterable[tuple[int, int | None]],
    words: str,
    person: Person,
    now: datetime,
    until: datetime | None = None,
) -> Swap:
    """Ask organisations to take a turn: (organisation id, meeting whose turn they give in return, None = cover).

    Each contact is mailed at once and again after four days (S1); after seven, or at `until`, the manager is told (S3).
    When that is sooner, the second mail leaves halfway.
    Raises Refused when a request about this turn is open, or the meeting is over.
    """
    meeting = duty.meeting
    if not meeting.ahead(now):
        raise Refused(_("This meeting is over or does not take place."))
    if open_about(duty, now) is not None:
        raise Refused(_("A request about this turn is open already. Withdraw it first to ask others."))
    swap = Swap(
        network_id=meeting.network_id,
        meeting=meeting,
        kind=duty.kind,
        organisation_id=duty.organisation_id,
        asked_at=now,
        asked_by_id=person.id,
        expires_at=until or now + EXPIRES,
        words=words,
        offers=[SwapOffer(organisation_id=who, meeting_id=what) for who, what in wanted],
    )
    db.session.add(swap)
    db.session.flush()
    for organisation_id in dict.fromkeys(offer.organisation_id for offer in swap.offers):
        params = {"swap_id": swap.id, "organisation_id": organisation_id}
        for number, due in enumerate((now, _again(swap)), start=1):
            _mail("S1", f"{organisation_id}-{number}", swap, _contacts(swap, organisation_id), params, due, now)
    unanswered = {"swap_id": swap.id, "what": "expired"}
    _mail("S3", "expired", swap, answering_for(meeting.network), unanswered, swap.expires_at, now)
    _noted("swap-asked", swap, now)
    return swap


def ask_who_brings(topic: Topic, person: Person, now: datetime) -> Swap | None:
    """Ask the organisation that brings a chosen topic in to prepare its meeting, instead of whose turn it is.

    None when it prepares already, takes part no more, is asked already, or nobody has that turn.
    """
    meeting, organisation = topic.meeting, topic.brings
    if meeting is None or organisation is None or organisation in meeting.preparers:
        return None
    members = {member.organisation_id for member in meeting.network.members_on(meeting.day) if member.prepares}
    free = [duty for duty in meeting.preparation_duties if open_about(duty, now) is None]
    if organisation.id not in members or not free:
        return None
    return ask(
        free[0], [(organisation.id, None)], _("You bring in the topic: %(title)s", title=topic.title), person, now
    )


def _again(swap: Swap) -> datetime:
    """When who has not answered is asked once more."""
    time = swap.expires_at - swap.asked_at
    return swap.asked_at + (AGAIN if time >= EXPIRES else time / 2)


def accept(offer: SwapOffer, person: Person, now: datetime) -> None:
    """The organisation that was asked takes the turn; of two at once one wins, the other hears so.

    Raises Stale (409) when the request is closed or a turn is not where it was; Refused when it cannot be done.
    """
    swap = offer.swap
    _refuse_closed(swap, now)
    duty, other = swap.duty, offer.duty
    if duty is None or (offer.meeting_id and other is None) or not _ahead(swap.meeting, offer.meeting, now):
        raise Stale(_("One of these turns has changed meanwhile, so there is nothing to swap any more."))
    offer.answered("accepted", person, now)
    swap.close("accepted", now)
    db.session.flush()  # the database lets only one offer win
    to = {duty: offer.organisation_id} | ({other: swap.organisation_id} if other else {})
    _reassign(swap, offer, to, "swap" if other else "cover", person, now)
    _tell_both(swap, offer, "accepted", now)
    _noted("swap-accepted", swap, now)


def decline(offer: SwapOffer, person: Person, now: datetime) -> None:
    """The organisation cannot, with none of its dates. When nobody is left, asker and manager are told."""
    swap = offer.swap
    _refuse_closed(swap, now)
    for each in swap.offers:
        if each.organisation_id == offer.organisation_id:
            each.answered("declined", person, now)
    if all(each.answer == "declined" for each in swap.offers):
        swap.close("declined", now)
        asker = [] if by_manager(swap) else _contacts(swap, swap.organisation_id)
        for kind, people in (("S2", asker), ("S3", answering_for(swap.network))):
            _mail(kind, "declined", swap, people, {"swap_id": swap.id, "what": "declined"}, now, now)
    _noted("swap-declined", swap, now)


def withdraw(swap: Swap, now: datetime, taken_by: Organisation | None = None) -> None:
    """The asker does not need it any more; who was asked and has not answered is told, but for who gets the turn."""
    _refuse_closed(swap, now)
    swap.close("withdrawn", now)
    for organisation_id in {o.organisation_id for o in swap.offers if o.answer is None and o.organisation != taken_by}:
        params = {"swap_id": swap.id, "what": "withdrawn"}
        _mail("S2", f"withdrawn-{organisation_id}", swap, _contacts(swap, organisation_id), params, now, now)
    _noted("swap-withdrawn", swap, now)


def undo(swap: Swap, person: Person, now: datetime) -> None:
    """Both turns go back to whose they were. Raises Stale when that is not possible any more."""
    _locked(swap)
    offer = swap.accepted
    if offer is None or not can_be_undone(swap, now):
        raise Stale(_("This swap cannot be undone any more: a meeting is over, or a turn has changed since."))
    to = {duty: organisation_id for duty, organisation_id in exchanged(swap) if duty}
    swap.close("undone", now)
    _reassign(swap, offer, to, "undo", person, now)
    _tell_both(swap, offer, "undone", now)
    _noted("swap-undone", swap, now)


def _locked(swap: Swap) -> None:
    """As it is now, and nobody else changes it before this transaction ends."""
    db.session.refresh(swap, with_for_update=True)


def _refuse_closed(swap: Swap, now: datetime) -> None:
    _locked(swap)
    sentences = {
        "accepted": _("Somebody else was first: this turn has been swapped already."),
        "declined": _("This request is closed: everybody said no."),
        "withdrawn": _("This request was withdrawn."),
        "undone": _("This swap was undone."),
        "expired": _("This request has run out; the manager looks for a solution."),
    }
    state = swap.state(now)
    if state != "open":
        raise Stale(sentences[state])


def _ahead(meeting: Meeting, in_return: Meeting | None, now: datetime) -> bool:
    return all(each.ahead(now) for each in (meeting, in_return) if each)


def _reassign(swap: Swap, offer: SwapOffer, to: dict[Duty, int], how: str, person: Person, now: datetime) -> None:
    """The change mail is for the others, and only when a host changes: then everybody goes elsewhere."""
    both = {each.id for each in _people(swap, offer)}

    def told(notice: Notice) -> bool:
        return swap.kind == "host" and notice.person.id not in both

    sentence = _("This cannot be swapped: one of you has no room for everybody, or is away that day.")
    reassign(to, how, now, person, impossible=sentence, told=told)


def _people(swap: Swap, offer: SwapOffer) -> list[Person]:
    """Everybody of the two organisations."""
    network = with_members([swap.network_id])[0]
    members = [m for m in network.members_on(swap.meeting.day) if m.organisation_id in _both(swap, offer)]
    return list({person.id: person for member in members for person in member.people}.values())


def _both(swap: Swap, offer: SwapOffer) -> tuple[int, int]:
    return swap.organisation_id, offer.organisation_id


def _tell_both(swap: Swap, offer: SwapOffer, what: str, now: datetime) -> None:
    params, people = {"swap_id": swap.id, "what": what}, _people(swap, offer)
    manager = by_manager(swap)
    people += [manager] if manager and manager not in people else []
    _mail("S2", what, swap, people, params, now, now)


def _contacts(swap: Swap, organisation_id: int) -> list[Person]:
    person = contact(swap.meeting, db.session.get_one(Organisation, organisation_id))
    return [person] if person else []


def _mail(
    kind: str, about: str, swap: Swap, people: Iterable[Person], params: Mapping[str, Any], due: datetime, now: datetime
) -> None:
    for person in people:
        if person.email:
            mail.add(
                kind=kind,
                key=f"{kind}-{swap.id}-{about}-{person.id}",
                person_id=person.id,
                due_at=due,
                now=now,
                network_id=swap.network_id,
                meeting_id=swap.meeting_id,
                params=dict(params),
            )


def _noted(verb: str, swap: Swap, now: datetime) -> None:
    swap.network.changed(now)
    record(verb, swap, now, network_id=swap.network_id, organisation=swap.organisation_id)
