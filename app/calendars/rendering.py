"""From published meetings to the calendar of one person."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _

from app.calendars.current import PAST
from app.calendars.models import FeedLink
from app.edge.web import absolute, settings
from app.meetings import phrases
from app.meetings.models import Meeting
from app.meetings.queries import meetings_of
from app.networks.models import Network
from app.networks.queries import with_members
from app.people.links import entry_token
from app.people.models import Person
from app.results.models import Result
from app.results.queries import notes_of
from scheduling.days.icalendar_feed import Entry, Feed, render, render_one

CANCELLED = timedelta(days=30)  # after their day
DUE_IN_PERSON, DUE_ONLINE = 10, 5  # days before the meeting on which its programme is due


def modified(link: FeedLink, networks: Sequence[Network]) -> datetime:
    """The newest instant of what the rendering depends on; it never goes backwards."""
    instants = [link.made_at, link.person.changed_at, *(network.changed_at for network in networks), link.modified_at]
    return max(instant for instant in instants if instant is not None).replace(microsecond=0)


def render_feed(link: FeedLink, networks: Sequence[Network], now: datetime, when: datetime | None = None) -> bytes:
    """The feed's bytes, in the person's language, last modified `when`. A replaced link gets an empty calendar."""
    zone = networks[0].timezone if networks else settings().timezone
    with force_locale(str(link.person.locale)):
        name = _feed_name(link, networks)
        entries = () if link.replaced_at else _entries(link, networks, now)
        return render(Feed(name, zone, when or modified(link, networks), tuple(entries)))


def render_meeting(person: Person, meeting: Meeting) -> bytes:
    """One meeting as a file, as it stands in the person's own calendar."""
    network = with_members([meeting.network_id])[0]
    notes = notes_of([network.id]).get(meeting.id)
    with force_locale(str(person.locale)):
        return render_one(entry_of(meeting, own_organisation(person.id, network, meeting), notes, person.id))


def _feed_name(link: FeedLink, networks: Sequence[Network]) -> str:
    if link.scope == "network" and link.network:
        return link.network.name
    if link.scope == "all":
        return _("All networks")
    return networks[0].name if len(networks) == 1 else _("My network meetings")


def _entries(link: FeedLink, networks: Sequence[Network], now: datetime) -> list[Entry]:
    loaded = {network.id: network for network in with_members([network.id for network in networks])}
    meetings = [m for m in meetings_of(list(loaded), now - PAST) if not m.imported and _shown(m, now)]
    notes = notes_of(list(loaded))
    reader = link.person_id if link.scope == "mine" else None
    entries = []
    for meeting in meetings:
        own = own_organisation(link.person_id, loaded[meeting.network_id], meeting)
        if own is None and link.scope == "mine":
            continue
        entries.append(entry_of(meeting, own, notes.get(meeting.id), reader))
        if link.scope == "mine" and not meeting.cancelled and own in {each.id for each in meeting.preparers}:
            entries.append(preparation_of(meeting, reader))
    return entries


def _shown(meeting: Meeting, now: datetime) -> bool:
    return not meeting.cancelled or meeting.starts_at > now - CANCELLED


def own_organisation(person_id: int, network: Network, meeting: Meeting) -> int | None:
    """The organisation for which the person sits in the network on that day."""
    return next(
        (m.organisation_id for m in network.members_on(meeting.day) if person_id in {c.person_id for c in m.contacts}),
        None,
    )


def uid_of(meeting: Meeting, kind: str = "meeting") -> str:
    """The same in every feed and export, for ever."""
    return f"{kind}-{meeting.id}@{settings().feed_domain}"


def entry_of(meeting: Meeting, own: int | None, notes: Result | None, reader: int | None) -> Entry:
    """A meeting in the calendar of who sits in it for `own`; `reader`: whose page its link leads to, None: its own."""
    title = f"{meeting.network.name}: {meeting.topic}" if meeting.topic else meeting.network.name
    return Entry(
        uid=uid_of(meeting),
        sequence=meeting.sequence,
        changed=meeting.changed_at,
        start=meeting.local_start,
        end=meeting.local_end,
        summary=_("Cancelled: %(title)s", title=title) if meeting.cancelled else title,
        description="\n".join([*_lines(meeting, own), *(_came(notes, reader) if notes else [])]),
        location=phrases.place(meeting),
        url=_learnt(meeting, reader) if notes else _page_of(meeting, reader),
        conference=meeting.link if meeting.mode != "in-person" else "",
        cancelled=meeting.cancelled,
    )


def _page_of(meeting: Meeting, reader: int | None) -> str:
    if reader is None:
        return absolute("meetings.meeting", slug=meeting.network.slug, number=meeting.id)
    return absolute("portfolio.personal", token=entry_token(reader), meeting=meeting.id)


def _learnt(meeting: Meeting, reader: int | None) -> str:
    anchor, slug = f"meeting-{meeting.id}", meeting.network.slug
    if reader is None:
        return absolute("results.learnt", _anchor=anchor, slug=slug)
    return absolute("results.learnt_by_link", _anchor=anchor, slug=slug, token=entry_token(reader))


def _came(notes: Result, reader: int | None) -> list[str]:
    """What came out of a meeting that is over, and where the rest of it is."""
    lines = ["", _("What came out of it:"), *(f"- {line}" for line in notes.outcomes.splitlines() if line.strip())]
    if notes.recording and notes.recording_until:
        until = phrases.full_day(notes.recording_until)
        lines.append(_("Recording, until %(day)s: %(link)s", day=until, link=notes.recording))
    return [*lines, _("What we learnt: %(link)s", link=_learnt(notes.meeting, reader))]


def _lines(meeting: Meeting, own: int | None) -> list[str]:
    """Who, what, and what changed."""
    lines = []
    if meeting.moved_from:
        was = meeting.moved_from.astimezone(meeting.network.zone)
        lines.append(_("Moved from %(day)s, %(time)s", day=phrases.full_day(was), time=phrases.clock(was)))
    if meeting.host:
        lines.append(_("Host: %(host)s", host=meeting.host.name))
    if meeting.preparers:
        names = phrases.joined([organisation.name for organisation in meeting.preparers])
        lines.append(_("Preparation: %(names)s", names=names))
    if own is not None and own in {duty.organisation_id for duty in meeting.duties}:
        lines.append(_("It is your turn."))
    if meeting.open_agenda:
        lines.append(_("Open agenda"))
    if meeting.running_order:
        lines.append(meeting.running_order)
    if meeting.question:
        lines.append(_("To think about beforehand: %(question)s", question=meeting.question))
    if meeting.mode != "in-person" and meeting.link:
        lines.append(meeting.link)
    return lines


def preparation_of(meeting: Meeting, reader: int | None) -> Entry:
    """The day on which the programme is due, for those who prepare it."""
    days = DUE_IN_PERSON if meeting.in_person else DUE_ONLINE
    due = meeting.day - timedelta(days=days)
    day = phrases.day(meeting.day)
    return Entry(
        uid=uid_of(meeting, "preparation"),
        sequence=meeting.sequence,
        changed=meeting.changed_at,
        start=due,
        end=due + timedelta(days=1),
        summary=_("Programme ready for %(day)s: %(network)s", day=day, network=meeting.network.name),
        url=_page_of(meeting, reader),
        transparent=True,
    )
