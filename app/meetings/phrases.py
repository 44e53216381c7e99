"""Codes of the planner as sentences, and dates as people say them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any
from urllib.parse import quote

from flask_babel import format_date, format_decimal, get_locale, gettext, ngettext

from app.availability.models import Absence
from app.meetings.drawings.turn_balance import Standing
from app.meetings.models import Meeting
from app.networks.models import Network


def names(network: Network) -> dict[int, str]:
    """{organisation id: its short name} of everybody who is or was a member."""
    return {m.organisation_id: m.organisation.short for m in network.memberships}


def day(value: date | datetime | str) -> str:
    """Weekday, day and month: "do 15 april", "15. April", "Thu 15 April"."""
    value = date.fromisoformat(value) if isinstance(value, str) else value
    pattern = {"de": "EEE d. MMMM", "nl": "EEE d MMMM"}.get(get_locale().language, "EEE d MMMM")
    return str(format_date(value, pattern))


def dated(value: date) -> str:
    """The same with its year, where a wrong one has to be seen."""
    return f"{day(value)} {value.year}"


def due(value: date | datetime, today: date) -> str:
    """With its year when that is not this one."""
    value = value.date() if isinstance(value, datetime) else value
    return day(value) if value.year == today.year else dated(value)


def full_day(value: date | datetime) -> str:
    return str(format_date(value, "full"))


def lately(value: datetime, now: datetime) -> str:
    """When something was, both local already: "today 09:12", "yesterday 09:12", "Thu 15 April 09:12"."""
    days = (now.date() - value.date()).days
    word = {0: gettext("today"), 1: gettext("yesterday")}.get(days) or day(value)
    return f"{word} {clock(value)}"


def week(value: date, network: Network) -> str:
    """ "week 15", "KW 15": the number of the week (ISO 8601), where people plan by it; in Britain they do not."""
    return "" if network.timezone == "Europe/London" else gettext("week %(n)s", n=value.isocalendar().week)


def clock(value: datetime) -> str:
    """The time on the wall as people say it: "13:30 uur", "13:30 Uhr", "13:30"; `value` is local already."""
    return gettext("%(time)s", time=value.strftime("%H:%M"))


def planned(date: date | None, start: time, host: int | None, known: Mapping[int, str]) -> str:
    """A line of a plan: "do 18 februari, 13:30 uur, De Linde"."""
    return f"{day(date) if date else '–'}, {gettext('%(time)s', time=f'{start:%H:%M}')}, {named(host, known)}"


def hours(meeting: Meeting) -> str:
    """ "13:30-16:30 uur", with a proper dash, on the network's wall."""
    return gettext("%(time)s", time=f"{meeting.local_start:%H:%M}–{meeting.local_end:%H:%M}")


def route(meeting: Meeting) -> str:
    """A map that shows the place, when it has an address; only a link, nothing is fetched."""
    address = meeting.room.address if meeting.room and not meeting.place else meeting.place
    if meeting.mode == "online" or not address:
        return ""
    return f"https://www.openstreetmap.org/search?query={quote(address)}"


def month_names() -> list[str]:
    return [str(format_date(date(2027, month, 1), "LLLL")) for month in range(1, 13)]


def mode(value: str | None) -> str:
    words = {"in-person": gettext("in person"), "online": gettext("online"), "hybrid": gettext("hybrid")}
    return words.get(value or "", gettext("in person or online"))


def turns(value: Fraction | str) -> str:
    """A balance in whole turns: "even", "1 turn owed", "2 turns ahead"; less than half a turn is none."""
    value = Fraction(value)
    count = int(abs(value) + Fraction(1, 2))
    if count == 0:
        return gettext("even")
    if value < 0:
        return ngettext("%(num)s turn owed", "%(num)s turns owed", count)
    return ngettext("%(num)s turn ahead", "%(num)s turns ahead", count)


def standing(value: Standing, kind: str) -> str:
    """What was done and what that means: "has hosted 2 times, is next"."""
    if kind == "host":
        done = ngettext("has hosted once", "has hosted %(num)s times", value.done) if value.done else ""
        done = done or gettext("has not hosted yet")
    else:
        done = ngettext("has prepared once", "has prepared %(num)s times", value.done) if value.done else ""
        done = done or gettext("has not prepared yet")
    then = {"next": gettext("is next"), "due": gettext("is due"), "ahead": gettext("others come first")}
    return f"{done}, {then[value.side]}" if value.side in then else done


def decimal(value: float) -> str:
    """With one figure after the point, as the language writes it."""
    return str(format_decimal(round(value, 1), format="0.0"))


def joined(items: list[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    if len(items) < 2:
        return "".join(items)
    return gettext("%(list)s and %(last)s", list=", ".join(items[:-1]), last=items[-1])


def stays_published(meetings: Sequence[Meeting]) -> str:
    """What is said to whoever closes a day on which something is published already; nothing of nothing."""
    days = joined([f"{day(meeting.local_start)} ({meeting.network.name})" for meeting in meetings])
    return (
        gettext("What is published on these days stays until somebody changes it: %(days)s.", days=days) if days else ""
    )


def named(value: Any, known: Mapping[int, str]) -> str:
    """An organisation, or several, by name; nobody is a dash."""
    if value in (None, (), []):
        return "–"
    if isinstance(value, list | tuple):
        return joined([known.get(int(each), "?") for each in value])
    return known.get(int(value), "?")


def place(meeting: Meeting) -> str:
    """Where a meeting is: the room with its address, another place, or online."""
    if meeting.mode == "online":
        return gettext("online")
    room = meeting.room
    parts = [meeting.place] if meeting.place else [room.name, room.address] if room else []
    host = meeting.host.name if meeting.host else ""
    return ", ".join(part for part in [host, *parts] if part)


def absence(value: Absence) -> str:
    """When an organisation cannot, in words."""
    weekdays = [
        gettext("Mondays"),
        gettext("Tuesdays"),
        gettext("Wednesdays"),
        gettext("Thursdays"),
        gettext("Fridays"),
        gettext("Saturdays"),
        gettext("Sundays"),
    ]
    parts = [weekdays[value.weekday]] if value.weekday is not None else []
    if value.first and value.last:
        first, last = format_date(value.first, "long"), format_date(value.last, "long")
        parts.append(first if first == last else gettext("%(first)s until %(last)s", first=first, last=last))
    text = ", ".join(parts)
    return gettext("%(when)s (only the room)", when=text) if value.only else text
