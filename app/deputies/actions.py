"""Who stands in for whom: set and withdrawn."""

from datetime import date, datetime

from flask_babel import gettext as _

from app.audit import record
from app.errors import Refused
from app.extensions import db
from app.networks.models import Deputy, Programme
from app.networks.queries import deputies_of
from app.people.models import Person


def stand_in(programme: Programme, manager: Person, deputy: Person, first: date, last: date, now: datetime) -> Deputy:
    """`deputy` has the networks of `manager` from `first` to `last`, both days included.

    Raises Refused when somebody stands in for that manager on one of these days already, or for oneself.
    """
    if manager is deputy:
        raise Refused(_("Nobody stands in for themselves."))
    others = [each for each in deputies_of([programme.id], first) if each.manager_id == manager.id]
    if any(each.first <= last for each in others):
        raise Refused(_("Somebody stands in on one of these days already."))
    row = Deputy(programme=programme, manager=manager, deputy=deputy, first=first, last=last)
    db.session.add(row)
    db.session.flush()
    record(
        "deputy-set",
        row,
        now,
        programme_id=programme.id,
        manager=manager.id,
        deputy=deputy.id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return row


def withdraw(row: Deputy, now: datetime) -> None:
    """The colleague has the networks alone again, from this moment."""
    record("deputy-withdrawn", row, now, programme_id=row.programme_id, manager=row.manager_id, deputy=row.deputy_id)
    db.session.delete(row)
