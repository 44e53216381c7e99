"""Who asks for a turn, and what could be given to them."""

from collections.abc import Sequence

from sqlalchemy import select

from app.extensions import db
from app.meetings.models import TurnWish
from app.meetings.row import Row
from app.networks.models import Network, Organisation


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
