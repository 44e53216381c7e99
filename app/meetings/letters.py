"""What letters say about meetings, and the mails of a publication:
the year (Y0), the dates for a newcomer (W0), changes (C1), cancellation (C1x)."""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Meeting
from app.meetings.queries import meetings_numbered
from app.networks.letters import full_day
from app.networks.models import Membership, Network, Organisation
from app.networks.queries import with_members
from app.people.models import Person


def from_to(start: datetime, end: datetime) -> str:
    return _("%(start)s–%(end)s", start=f"{start:%H:%M}", end=f"{end:%H:%M}")


def link_of(meeting: Meeting) -> str:
    """Where to click for a meeting that is online or hybrid."""
    return (meeting.link or meeting.network.link) if meeting.mode != "in-person" else ""


def where(meeting: Meeting) -> str:
    """The place in one line: room, address, host; or online."""
    if not meeting.in_person:
        return _("online")
    room = meeting.room
    place = [room.name, room.address] if room else [meeting.place]
    host = [meeting.host.name, meeting.host.town] if meeting.host else []
    return ", ".join(part for part in (*host, *place) if part) or _("not known yet")


def moment(meeting: Meeting) -> tuple[str, str]:
    """The day and from when to when; joined by a comma it is what `facts` says of when."""
    return full_day(meeting.day), from_to(meeting.local_start, meeting.local_end)


def facts(meeting: Meeting) -> list[tuple[str, str]]:
    """What, when, where."""
    what = f"{meeting.topic} – {meeting.network.name}" if meeting.topic else meeting.network.name
    out = [
        (_("What"), what),
        (_("When"), ", ".join(moment(meeting))),
        (_("Where"), where(meeting)),
    ]
    return out + ([(_("Link"), link_of(meeting))] if link_of(meeting) else [])


def contact(meeting: Meeting, organisation: Organisation) -> Person | None:
    """Who speaks for an organisation at a meeting: the first contact that mail reaches."""
    for member in meeting.network.members_on(meeting.day):
        if member.organisation_id == organisation.id:
            return next(iter(reachable(member)), member.primary)
    return None


def reachable(member: Membership) -> list[Person]:
    """The contacts mail can reach, in their order; those whose address was refused come last."""
    people = [person for person in member.people if person.email]
    return sorted(people, key=lambda person: person.address_failed_at is not None)


def roles(meeting: Meeting) -> list[str]:
    """Who hosts and who prepares, a line each, with names and telephone numbers where there are any."""
    lines = [(_("Host"), [meeting.host] if meeting.host else []), (_("Preparation"), meeting.preparers)]
    reached = [(label, [f"{each.name}{_reach(contact(meeting, each))}" for each in who]) for label, who in lines]
    return [f"{label}: {', '.join(names)}" for label, names in reached if names]


def _reach(person: Person | None) -> str:
    parts = [part for part in ((person.name, person.phone) if person else ()) if part]
    return f" ({', '.join(parts)})" if parts else ""


def memberships_in(network: Network, person: Person, day: date) -> list[Membership]:
    """For which organisations the person sits in the network on `day` or later."""
    members = [m for m in network.memberships if m.left is None or m.left >= day]
    return [member for member in members if any(each.person_id == person.id for each in member.contacts)]


def meeting_of(message: Message) -> Meeting:
    return db.session.get_one(Meeting, message.meeting_id)


def gather(messages: Sequence[Message]) -> list[object]:
    """The people, networks and meetings these messages are about, with a fixed number of queries.

    It trusts no row: one that is not as it should be fails alone, when its letter is written.
    """
    networks = with_members({message.network_id for message in messages if message.network_id})
    changes = [change.get("meeting_id") for message in messages for change in message.params.get("changes", ())]
    about = {message.meeting_id for message in messages if message.meeting_id}
    people = select(Person).where(Person.id.in_({message.person_id for message in messages}))
    return [networks, meetings_numbered({*about, *changes}), list(db.session.scalars(people))]
