"""A manager leaves for good: somebody else has everything from now on."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _

from app.audit import record
from app.deputies.actions import withdraw as withdraw_deputy
from app.errors import Refused
from app.extensions import db
from app.handover import queries
from app.mail import actions as mail
from app.mail.models import Message
from app.networks.actions import grant, withdraw
from app.networks.models import Deputy, Programme
from app.people.models import Person


def hand_over(person: Person, programme: Programme, successor: Person, now: datetime) -> None:
    """Every role of `person` in the programme is `successor`'s, with what waits for a manager: mails that have not
    left, and colleagues for whom the person stands in. Deputies of the person stand in no more.

    What the person has in other programmes, and where they take part, stays. Raises Refused for oneself, and when there
    is nothing to hand over any more.
    """
    roles = queries.roles_in(person, programme)
    if person is successor:
        raise Refused(_("Choose somebody else: nobody takes over from themselves."))
    if not roles:
        raise Refused(_("Nothing is left to hand over: somebody has it already."))
    networks = queries.networks_of(person, programme)
    _mails(queries.mails_about(person, [network.id for network in networks]), successor, now)
    _stand_ins(queries.deputies_with(person, programme, now), person, successor, now)
    for role in roles:
        grant(successor, programme, role.network, now)
    db.session.flush()
    for role in roles:
        withdraw(role, now)
    record("handed-over", programme, now, programme_id=programme.id, person=person.id, successor=successor.id)
    if networks:
        mail.add(
            kind="M4",
            key=f"M4-{programme.id}-{person.id}-{successor.id}-{now:%Y%m%d%H%M%S}",
            person_id=successor.id,
            due_at=now,
            now=now,
            network_id=networks[0].id,
            params={"from": person.id, "networks": [network.id for network in networks]},
        )


def _mails(waiting: Iterable[Message], successor: Person, now: datetime) -> None:
    """To the successor, but what they get already."""
    for message in waiting:
        same = (message.kind, message.meeting_id, message.params)
        theirs = queries.mails_about(successor, [message.network_id or 0])
        if any((each.kind, each.meeting_id, each.params) == same for each in theirs):
            mail.cancel([message], now)
        else:
            message.person_id = successor.id


def _stand_ins(rows: Iterable[Deputy], person: Person, successor: Person, now: datetime) -> None:
    """The successor stands in where the person did; for whom they are themselves, nobody has to."""
    for row in rows:
        if row.manager_id in (person.id, successor.id):
            withdraw_deputy(row, now)
        else:
            row.deputy = successor
            record("deputy-set", row, now, programme_id=row.programme_id, manager=row.manager_id, deputy=successor.id)
