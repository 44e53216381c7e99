"""Reads of date rounds: who said what, who is silent, and what it means for an organisation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.mail.models import Message
from app.networks.models import Membership, Network
from app.networks.queries import memberships_of
from app.people.models import Person
from app.rounds.models import WORDS, CandidateDate, DateRound
from app.text import by_name

WITH_ANSWERS = selectinload(DateRound.dates).selectinload(CandidateDate.answers), selectinload(DateRound.remarks)


def round_of(network: Network, year: int) -> DateRound | None:
    query = select(DateRound).where(DateRound.network_id == network.id, DateRound.year == year)
    return db.session.scalars(query.options(*WITH_ANSWERS)).first()


def other_rounds_of(network: Network, year: int) -> list[DateRound]:
    """The network's rounds of other years, the latest first."""
    query = select(DateRound).where(DateRound.network_id == network.id, DateRound.year != year)
    return list(db.session.scalars(query.order_by(DateRound.year.desc())))


def open_rounds_of(network_ids: Sequence[int]) -> dict[int, list[DateRound]]:
    """{network: its rounds that are not closed}."""
    query = select(DateRound).where(DateRound.network_id.in_(network_ids), DateRound.closed_at.is_(None))
    found: dict[int, list[DateRound]] = {}
    for row in db.session.scalars(query.options(*WITH_ANSWERS).order_by(DateRound.until, DateRound.id)):
        found.setdefault(row.network_id, []).append(row)
    return found


def rounds_for(person: Person, today: date) -> list[DateRound]:
    """Open rounds of the networks a person sits in."""
    networks = [membership.network_id for membership in memberships_of(person, today)]
    query = select(DateRound).where(DateRound.network_id.in_(networks), DateRound.closed_at.is_(None))
    return list(db.session.scalars(query.options(*WITH_ANSWERS).order_by(DateRound.until, DateRound.id)))


def round_asked_of(person: Person, number: int, today: date) -> DateRound | None:
    """A round, open or closed, of a network the person sits in."""
    networks = [membership.network_id for membership in memberships_of(person, today)]
    query = select(DateRound).where(DateRound.id == number, DateRound.network_id.in_(networks))
    return db.session.scalars(query.options(*WITH_ANSWERS)).first()


def asked(row: DateRound, today: date) -> list[Membership]:
    """The organisations whose people are asked: members of the year, and not gone yet."""
    begin, last = row.network.span(row.year)
    first = max(today, begin)
    members = [m for m in row.network.memberships if m.joined <= last and (m.left is None or m.left >= first)]
    return sorted(members, key=lambda member: by_name(member.organisation.name))


def asked_soon(row: DateRound) -> set[int]:
    """The people for whom the question of this round has not left yet: it will ask for whatever is open then."""
    waiting = Message.network_id == row.network_id, Message.kind == "R1", Message.state.in_(("planned", "claimed"))
    return {
        each.person_id
        for each in db.session.scalars(select(Message).where(*waiting))
        if each.params["round_id"] == row.id
    }


def answers_of(row: DateRound, person_id: int) -> dict[int, str]:
    """{candidate date: what this person said}."""
    given = (answer for candidate in row.dates for answer in candidate.answers)
    return {answer.candidate_id: answer.answer for answer in given if answer.person_id == person_id}


def remark_of(row: DateRound, person_id: int) -> str:
    return next((each.words for each in row.remarks if each.person_id == person_id), "")


def open_dates(row: DateRound, person_id: int) -> list[CandidateDate]:
    """The days this person has not said anything about."""
    said = answers_of(row, person_id)
    return [candidate for candidate in row.dates if candidate.id not in said]


@dataclass(frozen=True)
class Said:
    """What the answers mean for the plan. {organisation: days}."""

    cannot: dict[int, set[date]] = field(default_factory=dict)  # whoever answered for it said no
    rather_not: dict[int, set[date]] = field(default_factory=dict)
    asked: frozenset[date] = frozenset()

    def not_asked(self, spans: Sequence[tuple[date, date]]) -> set[date]:
        """Days of those spans in which a day was asked for, but not this one."""
        days: set[date] = set()
        for first, last in spans:
            span = {date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)}
            days |= span - self.asked if span & self.asked else set()
        return days


def said(network: Network, year: int) -> Said:
    row = round_of(network, year)
    if row is None:
        return Said()
    out = Said(asked=frozenset(candidate.day for candidate in row.dates))
    for member in network.memberships:
        people = {person.id for person in member.people}
        for candidate in row.dates:
            words = {answer.answer for answer in candidate.answers if answer.person_id in people}
            best = next((word for word in WORDS if word in words), None)
            days = {"no": out.cannot, "rather_not": out.rather_not}.get(best or "")
            if days is not None:
                days.setdefault(member.organisation_id, set()).add(candidate.day)
    return out


def starts_of(network: Network, year: int) -> dict[date, time]:
    """{day: the hour at which it was asked about}."""
    query = select(CandidateDate.day, CandidateDate.starts).join(DateRound)
    query = query.where(DateRound.network_id == network.id, DateRound.year == year, CandidateDate.starts.is_not(None))
    return {day: starts for day, starts in db.session.execute(query) if starts}
