"""Organisations that ask for a turn, and the manager who grants it in the draft."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app.audit import record
from app.errors import Refused
from app.extensions import db
from app.meetings.models import Cycle, TurnWish
from app.meetings.row import Edit, Row
from app.networks.models import Membership, Network, Organisation
from app.people.models import Person
from app.planning import actions
from app.planning.drafts import Draft


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


def year_to_plan(now: datetime) -> int:
    """The year that managers plan now: the next one from September on."""
    return now.year + (now.month >= 9)


def wishes_of(network: Network, year: int | None = None, organisation: Organisation | None = None) -> list[TurnWish]:
    query = select(TurnWish).where(TurnWish.network_id == network.id)
    if year is not None:
        query = query.where(TurnWish.year == year)
    if organisation is not None:
        query = query.where(TurnWish.organisation_id == organisation.id)
    return list(db.session.scalars(query.order_by(TurnWish.asked_at, TurnWish.id)))


def fitting(wish: TurnWish, rows: Sequence[Row]) -> list[Row]:
    """The meetings of a draft that this wish may mean: of its month, and not the organisation's already."""
    free = [row for row in rows if row.date and not row.cancelled and not row.meeting_id]
    free = [row for row in free if wish.organisation_id not in (row.host, *row.preparers)]
    if wish.kind == "host":
        free = [row for row in free if row.mode != "online"]
    return [row for row in free if wish.month is None or (row.date and row.date.month == wish.month)]


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
    wish.answer = "declined"
    record("turn-not-granted", wish, now, network_id=wish.network_id)
