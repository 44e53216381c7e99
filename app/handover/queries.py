"""What a manager leaves open: by network, and whose place they take."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.extensions import db
from app.joining.models import OPEN, JoinRequest
from app.mail.models import Message
from app.meetings.models import TurnWish
from app.networks.models import Deputy, Network, Programme, Role
from app.networks.queries import deputies_of, managers_by_network, own_roles_of
from app.people.models import Person
from app.portfolio.queries import Need, portfolio
from app.swaps.models import Swap
from app.text import by_name

Numbers = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]  # a column that names networks


@dataclass(frozen=True)
class OpenPoints:
    """What waits in a network: what its start page says, and how many of what that page need not say."""

    network: Network
    needs: Sequence[Need] = ()
    wishes: int = 0  # for a turn, that nobody has answered
    swaps: int = 0
    promised: int = 0  # mails that will leave

    @property
    def nothing(self) -> bool:
        return not (self.needs or self.wishes or self.swaps or self.promised)


def roles_in(person: Person, programme: Programme) -> list[Role]:
    """Their own, not those they have as a deputy."""
    return [role for role in own_roles_of(person) if role.programme_id == programme.id]


def networks_of(person: Person, programme: Programme) -> list[Network]:
    """Networks whose manager the person is: by a role, or as the only one of a programme where nobody else is named."""
    holders = managers_by_network(programme.id)
    return sorted(
        (network for network in programme.networks if person.id in holders[network.id]),
        key=lambda each: by_name(each.name),
    )


def open_points(networks: Sequence[Network], now: datetime) -> list[OpenPoints]:
    """Of each network, in as many statements for one as for twenty."""
    ids = [network.id for network in networks]
    needs = {line.network.id: line.needs for line in portfolio(ids, now).waiting}
    wishes = _counted(TurnWish.network_id, ids, TurnWish.answer.is_(None))
    swaps = _counted(Swap.network_id, ids, Swap.outcome.is_(None), Swap.expires_at > now)
    promised = _counted(Message.network_id, ids, Message.state.in_(("planned", "claimed")))
    return [
        OpenPoints(
            network,
            needs=needs.get(network.id, ()),
            wishes=wishes.get(network.id, 0),
            swaps=swaps.get(network.id, 0),
            promised=promised.get(network.id, 0),
        )
        for network in networks
    ]


def requests_to_start(programme: Programme) -> int:
    """Of strangers who wish for a network of their own."""
    query = select(func.count()).where(JoinRequest.programme_id == programme.id, JoinRequest.network_id.is_(None))
    return db.session.scalar(query.where(JoinRequest.state.in_(OPEN))) or 0


def _counted(network: Numbers, network_ids: Collection[int], *conditions: ColumnElement[bool]) -> dict[int, int]:
    query = select(network, func.count()).where(network.in_(network_ids), *conditions)
    return {number or 0: count for number, count in db.session.execute(query.group_by(network))}


def deputies_with(person: Person, programme: Programme, now: datetime) -> list[Deputy]:
    """Who stands in for the person, and for whom they do, today or later."""
    rows = deputies_of([programme.id], now.date())
    return [row for row in rows if person.id in (row.manager_id, row.deputy_id)]


def successors(person: Person, programme: Programme) -> list[Person]:
    """Whoever else has a role in the programme."""
    having = select(Role.person_id).where(Role.programme_id == programme.id, Role.person_id != person.id)
    found = db.session.scalars(select(Person).where(Person.id.in_(having)))
    return sorted(found, key=lambda each: by_name(each.name or each.email or ""))


def mails_about(person: Person, network_ids: Collection[int]) -> list[Message]:
    """Mails of these networks that wait to leave to the person as their manager."""
    query = select(Message).where(
        Message.person_id == person.id,
        Message.network_id.in_(network_ids),
        Message.kind.in_(TO_MANAGERS),
        Message.state.in_(("planned", "failed")),
    )
    return list(db.session.scalars(query.order_by(Message.id)))


TO_MANAGERS = ("J2", "M2", "M3", "S3", "X2", "X3")
