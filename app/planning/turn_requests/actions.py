"""Organisations that ask for a turn, and the manager who grants it in the draft."""

from datetime import datetime

from flask_babel import gettext as _

from app.audit import record
from app.errors import Refused
from app.extensions import db
from app.meetings.models import Cycle, TurnWish
from app.meetings.row import Edit, Row
from app.networks.models import Membership
from app.people.models import Person
from app.planning import actions
from app.planning.drafts import Draft
from app.planning.turn_requests.queries import fitting, wishes_of


def ask(membership: Membership, year: int, kind: str, month: int | None, person: Person, now: datetime) -> TurnWish:
    """Ask for a turn ("host" or "preparation"); `month` None = whenever it fits. The same twice is one wish."""
    open_ones = wishes_of(membership.network, year, membership.organisation)
    row = next((each for each in open_ones if (each.kind, each.month) == (kind, month) and each.answer is None), None)
    if row is None:
        row = TurnWish(network_id=membership.network_id, organisation_id=membership.organisation_id)
        row.year, row.kind, row.month, row.asked_at, row.asked_by_id = year, kind, month, now, person.id
        db.session.add(row)
        db.session.flush()
        record("turn-wished", row, now, network_id=row.network_id, kind=kind)
    return row


def take_back(wish: TurnWish, now: datetime) -> None:
    """Nobody asks for it any more."""
    record("turn-wish-removed", wish, now, network_id=wish.network_id)
    db.session.delete(wish)


def grant(wish: TurnWish, cycle: Cycle, key: str, now: datetime) -> Draft:
    """The turn at the meeting `key` of the draft is theirs and stays so; the rest is proposed anew."""
    draft = actions.draft_for_change(cycle, now)
    row = next((each for each in fitting(wish, draft.rows) if str(each.key) == key), None)
    if row is None:
        raise Refused(_("This turn cannot be given to them any more. Look at the plan again."))
    theirs = Edit(host=wish.organisation_id)
    if wish.kind == "preparation":
        theirs = Edit(preparers=_with(row, wish.organisation_id))
    wish.answer = "granted"
    record("turn-granted", wish, now, network_id=wish.network_id)
    return actions.edit(cycle, {row.key: theirs}, {}, now)


def _with(row: Row, organisation_id: int) -> tuple[int, ...]:
    return (organisation_id, *row.preparers[1:])


def decline(wish: TurnWish, now: datetime) -> None:
    """Say no to a wish for a turn; who asked sees it on their page, nobody is mailed."""
    wish.answer = "declined"
    record("turn-not-granted", wish, now, network_id=wish.network_id)
