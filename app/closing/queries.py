"""Which year is over, who stays in the next one, and what goes along."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.closing.models import Stay
from app.extensions import db
from app.meetings.models import Cycle, Meeting
from app.networks.models import Contact, Membership, Network, Programme
from app.networks.queries import with_members
from app.people.models import Person

CONTACTS = 2  # of an organisation are asked: who comes first, and the substitute


def year_over(network: Network, cycles: Sequence[Cycle], meetings: Sequence[Meeting], now: datetime) -> Cycle | None:
    """The latest year that is published and all held, if it is not closed. `cycles`: the oldest first."""
    this = network.year_of(now.astimezone(network.zone).date())
    for cycle in reversed([each for each in cycles if each.published and each.year <= this]):
        held = [m for m in meetings if network.year_of(m.day) == cycle.year and not m.cancelled]
        if cycle.year < this or (held and all(m.ends_at <= now for m in held)):
            return None if cycle.closed_at else cycle
    return None


def to_ask(network: Network, year: int) -> list[Membership]:
    """Who takes part in `year` and, as far as known, still in the next one; not who joins only then."""
    first = network.span(year + 1)[0]
    return [m for m in network.memberships if m.joined < first and (m.left is None or m.left >= first)]


def people_to_ask(member: Membership) -> list[Person]:
    return [person for person in member.people if person.email][:CONTACTS]


def stays_in(network_ids: Sequence[int]) -> dict[int, list[Stay]]:
    """{network: what was asked and said, the latest year last}."""
    query = select(Stay).join(Stay.membership).where(Membership.network_id.in_(network_ids))
    found: dict[int, list[Stay]] = {}
    by = joinedload(Stay.answered_by)
    for row in db.session.scalars(query.options(contains_eager(Stay.membership), by).order_by(Stay.year, Stay.id)):
        found.setdefault(row.membership.network_id, []).append(row)
    return found


def asked_of(person: Person, day: date) -> list[Stay]:
    """What the person may still say, for each organisation and network they sit in: the year before is not closed."""
    before = and_(Cycle.network_id == Membership.network_id, Cycle.year == Stay.year - 1)
    query = (
        select(Stay)
        .join(Stay.membership)
        .join(Contact, Contact.membership_id == Membership.id)
        .join(Cycle, before)
        .where(Contact.person_id == person.id, Cycle.closed_at.is_(None))
        .where(or_(Membership.left.is_(None), Membership.left >= day))
        .options(
            contains_eager(Stay.membership).joinedload(Membership.network),
            contains_eager(Stay.membership).joinedload(Membership.organisation),
        )
    )
    return list(db.session.scalars(query.order_by(Stay.year, Stay.id)))


def speaks_for(person: Person, member: Membership, day: date) -> bool:
    """Whether the person takes part for this member, which has not left by then."""
    there = member.left is None or member.left >= day
    return there and any(contact.person_id == person.id for contact in member.contacts)


def stays_of(member: Membership) -> list[Stay]:
    return list(db.session.scalars(select(Stay).where(Stay.membership_id == member.id)))


def stays_numbered(ids: Sequence[int]) -> list[Stay]:
    query = select(Stay).where(Stay.id.in_(ids)).options(joinedload(Stay.membership).joinedload(Membership.network))
    return list(db.session.scalars(query.order_by(Stay.id)))


def of_this_year(programme: Programme) -> list[Network]:
    """The networks of a programme that are active or in formation, with their members."""
    states = ("idea", "forming", "active")
    query = select(Network.id).where(Network.programme_id == programme.id, Network.state.in_(states))
    return with_members(db.session.scalars(query).all())
