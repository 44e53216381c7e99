"""What a manager leaves open: by network, and whose place they take."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.extensions import db
from app.joining.models import OPEN, JoinRequest
from app.mail.models import Message
from app.meetings.models import Cycle, TurnWish
from app.networks.models import Deputy, Network, Programme, Role
from app.networks.queries import deputies_of, managers_by_network, own_roles_of
from app.people.models import Person
from app.rounds.models import DateRound
from app.swaps.models import Swap
from app.text import by_name

Numbers = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]  # a column that names networks


@dataclass(frozen=True)
class OpenPoints:
    """What waits in a network: years with a draft, and how many of the rest."""

    network: Network
    years: Sequence[str] = ()
    rounds: int = 0
    wishes: int = 0  # for a turn, that nobody has answered
    swaps: int = 0
    requests: int = 0  # of strangers who wish to join
    promised: int = 0  # mails that will leave
    doubtful: int = 0  # mails somebody has to decide about

    @property
    def nothing(self) -> bool:
        return not (
            self.years or self.rounds or self.wishes or self.swaps or self.requests or self.promised or self.doubtful
        )


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
    drafts = _drafts(ids)
    rounds = _counted(DateRound.network_id, ids, DateRound.closed_at.is_(None))
    wishes = _counted(TurnWish.network_id, ids, TurnWish.answer.is_(None))
    swaps = _counted(Swap.network_id, ids, Swap.outcome.is_(None), Swap.expires_at > now)
    requests = _counted(JoinRequest.network_id, ids, JoinRequest.state.in_(OPEN))
    promised = _counted(Message.network_id, ids, Message.state.in_(("planned", "claimed")))
    doubtful = _counted(Message.network_id, ids, Message.state.in_(("failed", "uncertain")))
    return [
        OpenPoints(
            network,
            years=[network.year_name(year) for year in drafts.get(network.id, ())],
            rounds=rounds.get(network.id, 0),
            wishes=wishes.get(network.id, 0),
            swaps=swaps.get(network.id, 0),
            requests=requests.get(network.id, 0),
            promised=promised.get(network.id, 0),
            doubtful=doubtful.get(network.id, 0),
        )
        for network in networks
    ]


def requests_to_start(programme: Programme) -> int:
    """Of strangers who wish for a network of their own."""
    query = select(func.count()).where(JoinRequest.programme_id == programme.id, JoinRequest.network_id.is_(None))
    return db.session.scalar(query.where(JoinRequest.state.in_(OPEN))) or 0


def _drafts(network_ids: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    query = select(Cycle).where(Cycle.network_id.in_(network_ids)).order_by(Cycle.year)
    for cycle in db.session.scalars(query):
        if cycle.draft:
            found.setdefault(cycle.network_id, []).append(cycle.year)
    return found


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
