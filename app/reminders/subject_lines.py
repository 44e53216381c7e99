"""The subject lines of the ladder. Words like "tomorrow" are worked out when the mail leaves."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from app.attendance.queries import answers_for
from app.meetings.models import Meeting
from app.networks.letters import short_day
from app.people.models import Person
from app.reminders.models import MailText
from app.reminders.queries import missing


@dataclass(frozen=True)
class About:
    """One step for one person, on the day it leaves."""

    kind: str
    meeting: Meeting
    person: Person
    today: date
    audience: str = ""
    own: MailText | None = None  # the manager's words

    @property
    def network(self) -> str:
        return self.meeting.network.name

    @property
    def days(self) -> int:
        return (self.meeting.day - self.today).days

    @property
    def d(self) -> str:
        return short_day(self.meeting.day)

    @property
    def time(self) -> str:
        return f"{self.meeting.local_start:%H:%M}"

    @property
    def topic(self) -> str:
        return self.meeting.topic or self.network

    @property
    def expected(self) -> int:
        """Everybody who has not said no."""
        return answers_for(self.meeting).expected

    @property
    def deadline(self) -> date:
        """When the programme is due, and never a day that is over."""
        day = self.meeting.day - timedelta(10 if self.meeting.in_person else 5)
        return max(day, self.today + timedelta(1))


def when(day: date, today: date) -> str:
    """How a sentence begins: "Tomorrow", "On Monday"."""
    days = (day - today).days
    words = {0: _("Today"), 1: _("Tomorrow"), 2: _("In two days")}
    if days in words:
        return words[days]
    if days < 7:
        return _("On %(weekday)s", weekday=format_date(day, "EEEE"))
    return _("On %(d)s", d=short_day(day))


def until_when(day: date, today: date) -> str:
    """The same after "See you"."""
    days = (day - today).days
    words = {0: _("later today"), 1: _("tomorrow"), 2: _("in two days")}
    if days in words:
        return words[days]
    if days < 7:
        return _("on %(weekday)s", weekday=format_date(day, "EEEE"))
    return _("on %(d)s", d=short_day(day))


def h1(about: About) -> str:
    if not about.meeting.in_person:
        return _(
            "You open the online meeting of %(network)s on %(d)s: is the link ready?", network=about.network, d=about.d
        )
    return _("%(network)s meets at your place on %(d)s: please confirm the room", network=about.network, d=about.d)


def h2(about: About) -> str:
    return _("Quick check: is the room booked for %(d)s?", d=about.d)


def h3(about: About) -> str:
    begin = _("In two weeks") if about.days == 14 else _("Soon")
    return _("%(when)s at your place: the practical points for %(d)s", when=begin, d=about.d)


def h4(about: About) -> str:
    return ngettext(
        "%(when)s at your place: %(num)s person, %(time)s start",
        "%(when)s at your place: %(num)s people, %(time)s start",
        about.expected,
        when=when(about.meeting.day, about.today),
        time=about.time,
    )


def h4o(about: About) -> str:
    begin = when(about.meeting.day, about.today)
    return _("%(when)s you open the call: %(topic)s, %(time)s", when=begin, topic=about.topic, time=about.time)


def p1(about: About) -> str:
    if about.meeting.topic:
        return _("You prepare the meeting on %(d)s: %(topic)s", d=about.d, topic=about.topic)
    return _("You prepare the meeting on %(d)s: which topic will it be?", d=about.d)


def p2(about: About) -> str:
    return _("Topic for %(d)s still open: can you settle it this week?", d=about.d)


def p3(about: About) -> str:
    if about.meeting.running_order or about.meeting.open_agenda:
        return _("Programme for %(d)s: it is there; is it still right?", d=about.d)
    return _("Programme for %(d)s: please fill in by %(deadline)s", d=about.d, deadline=short_day(about.deadline))


def p4(about: About) -> str:
    left = len(missing(about.meeting))
    return ngettext("%(num)s thing left to do for %(d)s", "%(num)s things left to do for %(d)s", left, d=about.d)


def d1(about: About) -> str:
    topic, host = about.topic, about.meeting.host
    if host is None:
        return _("Invitation: %(topic)s, %(d)s, %(mode)s", topic=topic, d=about.d, mode=_mode(about.meeting))
    if not host.town:
        return _("Invitation: %(topic)s, %(d)s at %(organisation)s", topic=topic, d=about.d, organisation=host.name)
    return _(
        "Invitation: %(topic)s, %(d)s at %(organisation)s, %(town)s",
        topic=topic,
        d=about.d,
        organisation=host.name,
        town=host.town,
    )


def _mode(meeting: Meeting) -> str:
    return _("in person") if meeting.in_person else _("online")


def d2(about: About) -> str:
    return _(
        "See you %(when)s: %(network)s %(place)s, %(time)s",
        when=until_when(about.meeting.day, about.today),
        network=about.network,
        place=_place(about.meeting),
        time=about.time,
    )


def _place(meeting: Meeting) -> str:
    host = meeting.host
    if host is None:
        return _mode(meeting)
    return _("in %(town)s", town=host.town) if host.town else _("at %(organisation)s", organisation=host.name)


def d2o(about: About) -> str:
    begin = when(about.meeting.day, about.today)
    return _("%(when)s online: %(topic)s, %(time)s", when=begin, topic=about.topic, time=about.time)


def n1(about: About) -> str:
    return _("How was %(d)s? Write the notes in ten minutes", d=about.d)


def n2(about: About) -> str:
    return _("Notes of %(d)s are still missing", d=about.d)


def n3(about: About) -> str:
    return _("Notes of %(d)s are ready", d=about.d)


def e1(about: About) -> str:
    return _("How was %(d)s for you? Two questions, half a minute", d=about.d)


SUBJECTS = {
    "H1": h1, "H2": h2, "H3": h3, "H4": h4, "H4o": h4o, "P1": p1, "P2": p2, "P3": p3, "P4": p4,
    "D1": d1, "D2": d2, "D2o": d2o, "N1": n1, "N2": n2, "N3": n3, "E1": e1,
}  # fmt: skip
