"""A mail of the ladder as an example: an invented meeting of a network, its own people, nothing stored."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from flask_babel import LazyString, force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.letters.layout import fill, lay_out
from app.letters.names import NAMES
from app.mail.kind_of_mail import Letter
from app.meetings.models import Duty, Meeting
from app.meetings.queries import meetings_of
from app.networks.letters import frame, member_why
from app.networks.models import Membership, Network, Organisation
from app.people.models import LOCALES, VARIANTS, Person
from app.reminders.letters import FOR_PARTICIPANTS, NEVER_ONLINE, ONLINE_ONLY, why_duty
from app.reminders.models import MailText
from app.reminders.queries import ladder_of
from app.reminders.step_texts import section
from app.reminders.subject_lines import SUBJECTS, About
from app.reminders.wording.own_words import places_of, said, subject
from scheduling.reminding.ladder import LADDER

KINDS = tuple(kind for kind in SUBJECTS if kind.removesuffix("o") in {step.id for step in LADDER})
NAMES_ONLINE = NAMES | {"H1": _l("Opening the call: is the link ready?")}
OPEN_TOPIC = ("P1", "P2")  # these ask for one


def kinds_of(network: Network) -> tuple[str, ...]:
    """The mails of its ladder: where nothing is in person nobody hosts."""
    return KINDS if network.hosted else tuple(kind for kind in KINDS if kind not in NEVER_ONLINE)


def names_in(network: Network) -> Mapping[str, LazyString]:
    """What each mail is called there."""
    return NAMES if network.hosted else NAMES_ONLINE


def example(network: Network, kind: str, own: MailText | None, now: datetime) -> Letter:
    """The mail as it reads in the network's language with these words of its manager, its links left out."""
    with force_locale(language_of(network)):
        about = replace(_about(network, kind, now), own=own)
        participant = kind in FOR_PARTICIPANTS
        why = member_why(network) if participant else why_duty(network.name)
        page = lay_out(subject(about), [section(about)], frame(network, why, participant=participant))
        letter = fill(page, about.person)
        return replace(letter, text=re.sub(r"http\S+", _("(link)"), letter.text))


def fields(network: Network, kind: str, now: datetime) -> list[tuple[str, str]]:
    """What may stand between braces, as whoever reads the page writes it, with what it says in the example."""
    words = [(name, str(place.word)) for name, place in places_of(kind).items()]
    with force_locale(language_of(network)):
        about = _about(network, kind, now)
        return [(word, said(name, about)) for name, word in words]


def usual(network: Network, kind: str, now: datetime) -> tuple[str, str]:
    """The subject and the first sentence that stand there while the manager says nothing; the latter may be empty."""
    with force_locale(language_of(network)):
        about = _about(network, kind, now)
        plain = section(about).sentences
        worded = section(replace(about, own=MailText(subject="", opening="-", closing=""))).sentences
        return SUBJECTS[kind](about), plain[0] if len(plain) == len(worded) else ""


def language_of(network: Network) -> str:
    language, formal = network.programme.language, network.addresses_formally
    return LOCALES[language] + VARIANTS.get((language, language == "de" if formal is None else formal), "")


def _about(network: Network, kind: str, now: datetime) -> About:
    meeting = _meeting(network, kind, now)
    step = next(each for each in ladder_of(network.id) if each.id == kind.removesuffix("o"))
    days = step.in_person if meeting.in_person else step.online
    sent = meeting.day + timedelta(days or 0)
    duty = meeting.duties[-1 if kind[0] == "P" else 0]
    return About(kind, meeting, _reader(network.members_on(meeting.day), duty), sent)


def _meeting(network: Network, kind: str, now: datetime) -> Meeting:
    """On the day and at the hour of the network's next meeting, or in two months; it stands in no table."""
    ahead = next((each for each in meetings_of([network.id], now) if not each.cancelled), None)
    local = now.astimezone(network.zone).replace(hour=13, minute=0, second=0, microsecond=0) + timedelta(days=60)
    starts, ends = (ahead.starts_at, ahead.ends_at) if ahead else (local, local + timedelta(hours=3))
    online = kind in ONLINE_ONLY or (network.mode == "online" and kind not in NEVER_ONLINE)
    meeting = Meeting(id=0, network=network, starts_at=starts, ends_at=ends, mode="online" if online else "in-person")
    meeting.place = meeting.link = meeting.topic = meeting.running_order = meeting.question = ""
    if kind not in OPEN_TOPIC:
        meeting.topic = _("The topic of the meeting")
    if kind in FOR_PARTICIPANTS:
        meeting.running_order = _("The programme of the meeting")
    _appoint(meeting, network.members_on(meeting.day))
    return meeting


def _appoint(meeting: Meeting, members: Sequence[Membership]) -> None:
    """The first member that hosts receives, another one prepares; of a network without members nobody real."""
    nobody = Organisation(name=_("An organisation"), town="", short_name="")
    host = next((each.organisation for each in members if each.hosts is not False), nobody)
    preparer = next((each.organisation for each in members if each.organisation is not host), host)
    if meeting.in_person:
        meeting.duties.append(Duty(kind="host", organisation=host, organisation_id=host.id))
        meeting.room = host.largest_room
    meeting.duties.append(Duty(kind="preparation", organisation=preparer, organisation_id=preparer.id))


def _reader(members: Sequence[Membership], duty: Duty) -> Person:
    """Somebody of the organisation whose turn it is; online the first to prepare opens the call."""
    first = [member for member in members if member.organisation is duty.organisation]
    people = [person for member in [*first, *members] for person in member.people]
    return next(iter(people), Person(first_name=_("reader"), last_name="", title="", email="", language="nl"))
