"""Who wants invitations gets one for each date, a new one for each change, and one that takes it back.

The rows of the outbox are all that is kept of it: the last of an event says what its reader has.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.audit import differences, record
from app.calendars import actions as calendars
from app.invitations.queries import ASKED, BACK, Event, events_wanted, sent_about
from app.mail import actions as mail
from app.mail.models import Message
from app.networks.models import Network
from app.networks.queries import memberships_of, with_members
from app.people.actions import change_preferences
from app.people.models import Person


def choose(person: Person, by_invitation: bool, now: datetime) -> None:
    """Invitations in place of a calendar link, or none any more: never both, or each date would stand there twice.

    Who had stopped mails about meetings has them again by choosing invitations: without them none would come.
    """
    if by_invitation and not person.wants_mail:
        change_preferences(person, language=person.language, wants_mail=True, phone=person.phone, now=now)
        catch_up(person, now)
    if person.by_invitation == by_invitation:
        return
    record("invitations", person, now, **differences(person, {"by_invitation": by_invitation}, ("by_invitation",)))
    person.by_invitation = by_invitation
    if by_invitation:
        calendars.end(person, now)
    person.changed(now)
    _reconcile_networks(person, now)


def catch_up(person: Person, now: datetime) -> None:
    """Invite a person to what they missed while mails were stopped."""
    if person.by_invitation and person.wants_mail:
        _reconcile_networks(person, now)


def _reconcile_networks(person: Person, now: datetime) -> None:
    networks = {membership.network_id for membership in memberships_of(person, now.date())}
    for network in with_members(networks):
        reconcile(network, now)


def reconcile(network: Network, now: datetime) -> None:
    """Make the invitations of a network agree with its meetings and people. Twice in a row changes nothing."""
    wanted = events_wanted(network, now)
    sent = sent_about(network, now)
    rows: list[dict[str, Any]] = []
    for event in wanted.keys() | sent.keys():
        before = sent.get(event, [])
        rows += _invited(network, event, wanted[event], before, now) if event in wanted else _back(event, before, now)
    mail.add_all(rows)


def _invited(
    network: Network, event: Event, made_from: str, before: list[Message], now: datetime
) -> Iterable[dict[str, Any]]:
    last = before[-1] if before else None
    if last is not None and last.kind == ASKED:
        if last.params["made_from"] == made_from and last.cancelled_because in (None, "skipped"):
            return
        if last.state in ("planned", "claimed"):  # it says what is true when it leaves
            last.params = {**last.params, "made_from": made_from}
            return
    mail.cancel([each for each in before if each.kind == BACK], now)
    yield _row(network.id, event, ASKED, before, made_from, now)


def _back(event: Event, before: list[Message], now: datetime) -> Iterable[dict[str, Any]]:
    """Take back what may have arrived; what has not left needs nothing."""
    mail.cancel([each for each in before if each.kind == ASKED], now)
    arrived = [each for each in before if each.kind == ASKED and _may_have_arrived(each)]
    taken_back = [each for each in before if each.kind == BACK and each.state != "cancelled"]
    if arrived and (not taken_back or taken_back[-1].id < arrived[-1].id):
        yield _row(arrived[-1].network_id, event, BACK, before, "", now)


def _may_have_arrived(message: Message) -> bool:
    return message.state in ("sending", "sent", "uncertain") or message.ambiguous


def _row(
    network_id: int | None, event: Event, kind: str, before: list[Message], made_from: str, now: datetime
) -> dict[str, Any]:
    """`above`: by how much SEQUENCE is above the meeting's, because it was taken back while the meeting stood."""
    above = max((each.params["above"] for each in before if _may_have_arrived(each)), default=0)
    params = {"about": event.about, "made_from": made_from, "above": above + (kind == BACK)}
    return {
        "kind": kind,
        "key": f"{kind}-{event.meeting_id}-{event.person_id}-{event.about}-{len(before) + 1}",
        "person_id": event.person_id,
        "network_id": network_id,
        "meeting_id": event.meeting_id,
        "due_at": now,
        "created_at": now,
        "params": params,
    }
