"""The manager's Monday mail (M1): what needs them, then the meetings of the next two weeks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.edge.web import absolute
from app.joining.queries import waiting_in, waiting_to_start
from app.letters.layout import Item, Section, addressee, recipient, speaking, write
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.mail.queries import troubled
from app.meetings.letters import from_to, where
from app.meetings.models import Meeting
from app.meetings.queries import meetings_of
from app.networks.letters import frame, full_day, short_day
from app.networks.models import LIVE, Network
from app.networks.network_year import shared_name
from app.networks.queries import handed_over, managed_networks, managed_programmes
from app.people.models import Person
from app.portfolio.queries import Need, portfolio
from app.reminders.queries import missing

AHEAD = timedelta(days=14)
NO_HOST_DAYS, NO_TOPIC_DAYS, TOO_LATE_DAYS = 21, 10, 5


def _networks(person: Person) -> list[Network]:
    """Those of the person today. What a deputy has in the meantime is in the deputy's mail."""
    away = handed_over(person)
    return [each for each in managed_networks(person) if each.state in LIVE and each.programme_id not in away]


def _meetings(networks: Sequence[Network], now: datetime) -> list[Meeting]:
    """Meetings far enough ahead for everything that can need a manager."""
    found = meetings_of([network.id for network in networks], now, now + timedelta(days=NO_HOST_DAYS + 1))
    return [meeting for meeting in found if not meeting.cancelled and not meeting.imported]


def needs(person: Person, networks: Sequence[Network], meetings: Sequence[Meeting], now: datetime) -> list[Item]:
    """One line for each thing that waits for the manager, most pressing first; years to close come last."""
    out = [_trouble(networks, message) for message in troubled([network.id for network in networks], person.id)]
    out += _requests(networks, programmes := _programmes(person))
    for meeting in meetings:
        days = (meeting.day - now.astimezone(meeting.network.zone).date()).days
        out += [
            _("%(network)s, %(d)s: %(what)s", network=meeting.network.name, d=short_day(meeting.day), what=what)
            for what in _open_points(meeting, days)
        ]
    return [*map(Item, out), *_years_over(networks, programmes, now)]


def _programmes(person: Person) -> list[int]:
    """What the person manages as a whole today."""
    away = handed_over(person)
    return [each.id for each in managed_programmes(person) if each.id not in away]


def _years_over(networks: Sequence[Network], programmes: Sequence[int], now: datetime) -> list[Item]:
    """Years that can be closed, as they stand on the start page: of several networks in one line, with its page."""
    found = portfolio([network.id for network in networks], now, programmes).needs
    return [_year_over(each) for each in found if each.what == "close"]


def _year_over(over: Need) -> Item:
    networks, programme = over.networks or (over.network,), over.network.programme
    year = shared_name(over.year, [each.year_begins for each in networks])
    said = ngettext(
        "%(year)s is over: close it", "%(num)s networks: %(year)s is over: close it", len(networks), year=year
    )
    if over.networks:
        link = absolute("closing.show_all", programme=programme.slug, year=over.year)
        return Item(f"{programme.name}: {said}", link=link)
    link = absolute("closing.show", slug=over.network.slug, year=over.year)
    return Item(f"{over.network.name}: {said}", link=link)


def _requests(networks: Sequence[Network], programmes: Sequence[int]) -> list[str]:
    """Who asks to take part and has no answer."""
    waiting = waiting_in([network.id for network in networks])
    asked = [(network.name, waiting[network.id][0]) for network in networks if network.id in waiting]
    out = [
        ngettext(
            "%(network)s: one organisation asks to join",
            "%(network)s: %(num)s organisations ask to join",
            count,
            network=name,
        )
        for name, count in asked
    ]
    for programme, count in waiting_to_start(programmes):
        said = ngettext(
            "%(name)s: one organisation asks for a new network",
            "%(name)s: %(num)s organisations ask for a new network",
            count,
            name=programme.name,
        )
        out.append(said)
    return out


def _trouble(networks: Sequence[Network], message: Message) -> str:
    name = next((network.name for network in networks if network.id == message.network_id), _("Your own mail"))
    if message.state == "uncertain":
        return _("%(network)s: nobody knows whether a mail arrived.", network=name)
    return _("%(network)s: a mail could not be delivered", network=name)


def _open_points(meeting: Meeting, days: int) -> list[str]:
    lacks = missing(meeting)
    host = meeting.host_duty
    points = {
        _("nobody hosts it yet"): meeting.in_person and host is None,
        _("a turn is given back"): any(duty.handed_back for duty in meeting.duties),
        _("the host has not confirmed the room"): host is not None and not host.handed_back and not host.confirmed_at,
        _("there is no topic yet"): "topic" in lacks and days <= NO_TOPIC_DAYS,
        _("there is no programme yet"): "programme" in lacks and days <= TOO_LATE_DAYS,
        _("there is no link yet"): "link" in lacks and days <= TOO_LATE_DAYS,
    }
    return [point for point, so in points.items() if so]


def _soon(meetings: Sequence[Meeting], now: datetime) -> list[Meeting]:
    return [meeting for meeting in meetings if meeting.starts_at <= now + AHEAD]


def _true(message: Message, now: datetime) -> bool:
    """Nothing open and nothing ahead: no mail."""
    person = recipient(message)
    networks = _networks(person) if person is not None else []
    if person is None or not networks:
        return False
    meetings = _meetings(networks, now)
    with speaking(person):
        return bool(_soon(meetings, now) or needs(person, networks, meetings, now))


def _digest(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person = addressee(message)
    networks = _networks(person)
    meetings = _meetings(networks, now)
    with speaking(person):
        waiting = needs(person, networks, meetings, now)
        subject = _subject(len(waiting))
        sections = [_needs_me(waiting), _two_weeks(_soon(meetings, now))]
        why = _("You get this mail on Mondays because you manage networks.")
        around = replace(frame(networks[0], why, answered=False), name=networks[0].programme.name)
        return write(person, subject, sections, around, [message.note])


def _subject(count: int) -> str:
    return ngettext("Your networks this week: %(num)s needs you", "Your networks this week: %(num)s need you", count)


def _needs_me(waiting: Sequence[Item]) -> Section:
    return Section(
        heading=_("What needs you"),
        sentences=[] if waiting else [_("Nothing waits for you.")],
        items=waiting,
        button=(_("Open my networks"), absolute("portfolio.start")),
    )


def _two_weeks(meetings: Sequence[Meeting]) -> Section:
    return Section(
        heading=_("The next two weeks"),
        sentences=[] if meetings else [_("There is no meeting in the next two weeks.")],
        items=[Item(_line(meeting)) for meeting in meetings],
    )


def _line(meeting: Meeting) -> str:
    when = f"{full_day(meeting.day)}, {from_to(meeting.local_start, meeting.local_end)}"
    topic = f" – {meeting.topic}" if meeting.topic else ""
    return f"{when} – {meeting.network.name} – {where(meeting)}{topic}"


KINDS = {"M1": Kind(_true, _digest, rather_not_twice=True)}
