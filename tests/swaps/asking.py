"""Who asks whom in a published year, and who is mailed."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.meetings.models import Cycle, Duty
from app.meetings.queries import meetings_of_year
from app.networks.models import Organisation
from app.people.models import Person
from app.swaps import actions, queries
from app.swaps.models import Swap
from tests.planning.years import NOW

LATER = NOW + timedelta(days=1)


def turns(cycle: Cycle, kind: str = "host") -> list[Duty]:
    return [duty for meeting in meetings_of_year(cycle) for duty in meeting.duties if duty.kind == kind]


def swappable(cycle: Cycle, kind: str = "host") -> list[Duty]:
    """The first turn for which two others can be had in return, and these two."""
    for mine in turns(cycle, kind):
        theirs = [turn for partner in queries.partners(mine, LATER) for turn in partner.turns[:1]]
        if len(theirs) > 1:
            return [mine, *theirs[:2]]
    raise AssertionError("nobody can swap")


def people(cycle: Cycle, *organisations: Organisation) -> list[Person]:
    """Contacts, the first of each organisation first."""
    members = {m.organisation_id: m for m in cycle.network.memberships}
    return [person for each in organisations for person in members[each.id].people]


def asked(mine: Duty, *theirs: Duty | Organisation, at: datetime = LATER) -> Swap:
    wanted = [(d.organisation_id, d.meeting_id) if isinstance(d, Duty) else (d.id, None) for d in theirs]
    return actions.ask(mine, wanted, "", people(mine.meeting.cycle, mine.organisation)[0], at)


def mails(kind: str, at: datetime | None = None) -> list[int]:
    """To whom mails of this kind leave, by `at` when given, as long as they are true."""
    query = select(Message).where(Message.kind == kind, Message.state == "planned").order_by(Message.person_id)
    due = [m for m in db.session.scalars(query) if at is None or (m.due_at <= at and KINDS[kind].still_true(m, at))]
    return [message.person_id for message in due]


def ids(found: list[Person]) -> list[int]:
    return sorted(person.id for person in found)
