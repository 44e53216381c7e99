"""Networks as the tests of a year need them."""

import re
from datetime import UTC, datetime
from typing import Any

from app.extensions import db
from app.meetings.models import Cycle
from app.meetings.row import Origin, RowKey
from app.networks.models import Network
from app.planning import actions
from app.planning.year_request import Wishes
from app.publishing import actions as publishing
from tests import make

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
M1, M2, M3, M4 = (RowKey(Origin.ASKED, number) for number in (1, 2, 3, 4))
X1 = RowKey(Origin.EXTRA, 1)


def hidden(page: str) -> dict[str, str]:
    """What the forms of a page carry unseen."""
    return dict(re.findall(r'<input type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', page))


def network(*, members: int = 8, people: int = 2, **values: Any) -> Network:
    """A network in the region Midden whose members all have a room for everybody."""
    row = make.network(region="NL-Midden", **values)
    for _n in range(members):
        make.membership(network=row, people=people, seats=40)
    db.session.commit()
    db.session.expire_all()
    return row


def drafted(row: Network, now: datetime = NOW, *, year: int = 2027, **wishes: Any) -> Cycle:
    cycle = actions.open_year(row, year)
    actions.propose(cycle, Wishes(**{"number": 5, "weekdays": (3,), "nth": "2", **wishes}), now)
    db.session.commit()
    return cycle


def published(row: Network, now: datetime = NOW, *, year: int = 2027, **wishes: Any) -> Cycle:
    cycle = drafted(row, now, year=year, **wishes)
    publishing.publish(cycle, now, None)
    db.session.commit()
    return cycle
