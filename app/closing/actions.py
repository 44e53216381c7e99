"""Asking who stays, closing a year and opening it again, and the plan of the next one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.audit import record
from app.closing.models import Stay
from app.closing.queries import people_to_ask, stays_in, to_ask
from app.errors import Refused
from app.extensions import db, hold
from app.mail import actions as mail
from app.meetings import phrases
from app.meetings.models import Cycle
from app.meetings.queries import cycle_of, meetings_of_year
from app.networks.actions import change_membership
from app.networks.models import Network
from app.people.models import Person
from app.planning import actions as planning
from app.planning.drafts import Draft


def ask_who_stays(networks: Sequence[Network], year: int, now: datetime) -> int:
    """Ask the members of these networks, loaded with them, whether they take part after `year`.

    Nobody is asked twice. One mail a person, whatever number of networks; return how many.
    """
    asked = [row for rows in stays_in([network.id for network in networks]).values() for row in rows]
    known = {row.membership_id for row in asked if row.year == year + 1}
    people: dict[int, list[int]] = {}
    for network in networks:
        for member in [each for each in to_ask(network, year) if each.id not in known]:
            row = Stay(membership=member, year=year + 1, asked_at=now)
            db.session.add(row)
            db.session.flush()
            for person in people_to_ask(member):
                people.setdefault(person.id, []).append(row.id)
        record("stay-asked", network, now, network_id=network.id, year=network.year_name(year + 1))
    for number, rows in people.items():
        _write(number, rows, networks, now)
    return len(people)


def _write(person_id: int, rows: Sequence[int], networks: Sequence[Network], now: datetime) -> None:
    about = networks[0].id if len(networks) == 1 else _network_of(rows[0])
    mail.add(
        kind="Y1",
        key=f"Y1-{rows[0]}-{person_id}",
        person_id=person_id,
        due_at=now,
        now=now,
        network_id=about,
        params={"stays": list(rows)},
    )


def _network_of(number: int) -> int:
    return db.session.get_one(Stay, number).membership.network_id


def answer(row: Stay, word: str, person: Person | None, now: datetime) -> None:
    """Keep what an organisation says: "stay", "leave" or "unsure". Who leaves is a member until the year ends.

    Raises Refused once the year is closed. What its manager wrote down of another last day stands.
    """
    member, network = row.membership, row.membership.network
    cycle = cycle_of(network, row.year - 1)
    if cycle is not None and cycle.closed_at:
        raise Refused(_("The year is closed. Ask the manager of %(network)s to change this.", network=network.name))
    row.answer, row.answered_at, row.answered_by_id = word, now, person.id if person else None
    last = network.span(row.year)[0] - timedelta(1)
    left = last if word == "leave" else None
    if member.left in (None, last) and member.left != left:
        change_membership(member, {"left": left}, now)
    record("stay-answered", row, now, network_id=network.id, answer=word)


def close(cycle: Cycle, now: datetime) -> bool:
    """Close a year that was held; False when it is closed already. Raises Refused while it is not over."""
    hold(cycle)
    if cycle.closed_at:
        return False
    name = cycle.network.year_name(cycle.year)
    if not cycle.published:
        raise Refused(_("%(year)s was never published, so there is nothing to close.", year=name))
    ahead = [each for each in meetings_of_year(cycle) if not each.cancelled and each.ends_at > now]
    if ahead:
        raise Refused(
            _("%(year)s can be closed after its last meeting, on %(day)s.", year=name, day=phrases.day(ahead[-1].day))
        )
    cycle.closed_at = now
    record("year-closed", cycle, now, network_id=cycle.network_id, year=name)
    return True


def reopen(cycle: Cycle, now: datetime) -> None:
    """Open a closed year again. Raises Refused when the next one is published: what the year brought went with it."""
    if not cycle.closed_at:
        return
    after = cycle_of(cycle.network, cycle.year + 1)
    if after is not None and after.published:
        names = {
            "year": cycle.network.year_name(cycle.year),
            "next": cycle.network.year_name(cycle.year + 1),
        }
        raise Refused(
            _(
                "%(year)s stays closed: %(next)s is published, and everybody was told with it what %(year)s brought. "
                "Notes and agreements can still be changed.",
                **names,
            )
        )
    cycle.closed_at = None
    record("year-reopened", cycle, now, network_id=cycle.network_id, year=cycle.network.year_name(cycle.year))


def roll_over(network: Network, year: int, now: datetime) -> Draft | None:
    """Propose the year after `year` with the wishes of last time; None when it has a plan already.

    Raises Refused when the network cannot be planned at all.
    """
    after = planning.open_year(network, year + 1)
    if after.published or after.draft:
        return None
    return planning.propose(after, planning.wishes_for(network, year + 1), now)
