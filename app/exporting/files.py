"""An export as a file: JSON, a table for a spreadsheet, or a calendar."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_date
from flask_babel import gettext as _

from app.exporting.sheets import table, workbook
from scheduling.days.icalendar_feed import Entry, Feed, render

Export = Mapping[str, Any]
TableLine = list[Any]
MONDAY = date(2027, 1, 4)


def written(kind: str, export: Export, title: str) -> bytes:
    """The bytes of an export; raises KeyError for a kind that is not in KINDS."""
    return KINDS[kind](export, title)


def _json(export: Export, _title: str) -> bytes:
    return (json.dumps(export, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(export: Export, _title: str) -> bytes:
    return table(_members(export))


def _xlsx(export: Export, _title: str) -> bytes:
    return workbook(
        {
            _("Members"): _members(export),
            _("Rooms"): _rooms(export),
            _("Absences"): _absences(export),
            _("Meetings"): _meetings(export),
        }
    )


def _ics(export: Export, title: str) -> bytes:
    zone = export["networks"][0]["timezone"] if export["networks"] else "Europe/Amsterdam"
    entries = [
        _entry(network, meeting)
        for network in export["networks"]
        for cycle in network["cycles"]
        for meeting in cycle["meetings"]
        if meeting["uid"] and not meeting["imported"]
    ]
    modified = max((entry.changed for entry in entries), default=datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC")))
    return render(Feed(title, zone, modified, tuple(entries)))


def _entry(network: Mapping[str, Any], meeting: Mapping[str, Any]) -> Entry:
    zone = ZoneInfo(network["timezone"])
    hosted = [_("Host: %(host)s", host=meeting["host"])] if meeting["host"] else []
    prepared = [_("Preparation: %(names)s", names=", ".join(meeting["preparers"]))] if meeting["preparers"] else []
    return Entry(
        uid=meeting["uid"],
        sequence=meeting["sequence"],
        changed=datetime.fromisoformat(meeting["changed"]),
        start=datetime.fromisoformat(meeting["start"]).astimezone(zone),
        end=datetime.fromisoformat(meeting["end"]).astimezone(zone),
        summary=": ".join(part for part in (network["name"], meeting["topic"]) if part),
        description="\n".join([*hosted, *prepared]),
        location=", ".join(part for part in (meeting["room"], meeting["place"]) if part),
        cancelled=meeting["status"] == "cancelled",
    )


def _members(export: Export) -> Iterable[TableLine]:
    """One row per person, in the shape the import reads."""
    yield [
        *(_("Network"), _("Organisation"), _("Town"), _("First name"), _("Last name"), _("E-mail")),
        *(_("Can host"), _("Member since")),
    ]
    for network in export["networks"]:
        for member in network["organisations"]:
            for contact in member["contacts"] or [{"first_name": "", "last_name": "", "email": ""}]:
                names = [contact["first_name"], contact["last_name"], contact["email"]]
                hosts = {True: _("yes"), False: _("no")}.get(member["hosts"], "")
                yield [network["name"], member["name"], member["town"], *names, hosts, member["joined"]]


def _rooms(export: Export) -> Iterable[TableLine]:
    yield [_("Organisation"), _("Room"), _("Seats"), _("Address"), _("Parking"), _("Wheelchair"), _("Screen")]
    for member in _once(export):
        for room in member["rooms"]:
            wheelchair = {True: _("yes"), False: _("no")}.get(room["wheelchair"], "")
            place = [room["name"], room["seats"], room["address"], room["directions"]]
            yield [member["name"], *place, wheelchair, room["screen"]]


def _absences(export: Export) -> Iterable[TableLine]:
    """In words and days the import reads again."""
    yield [_("Organisation"), _("Not available"), _("Reason")]
    for member in _once(export):
        for absence in member["absences"]:
            reason = [absence["reason"], *([_("host only")] if absence["only"] else [])]
            yield [member["name"], _when(absence), "; ".join(part for part in reason if part)]


def _when(absence: Mapping[str, Any]) -> str:
    days = f"{absence['from']}/{absence['until']}" if absence["from"] and absence["until"] else ""
    if absence["weekday"] is None:
        return days
    weekday = format_date(MONDAY + timedelta(absence["weekday"]), "EEEE")
    return " ".join(part for part in (_("every %(weekday)s", weekday=weekday), days) if part)


def _meetings(export: Export) -> Iterable[TableLine]:
    yield [_("Network"), _("Date"), _("Host"), _("Preparation"), _("Topic"), _("Status")]
    for network in export["networks"]:
        for cycle in network["cycles"]:
            for meeting in cycle["meetings"]:
                turns = [meeting["host"], " + ".join(meeting["preparers"])]
                yield [network["name"], meeting["start"][:10], *turns, meeting.get("topic", ""), meeting["status"]]


def _once(export: Export) -> Iterable[Mapping[str, Any]]:
    """Each organisation once, however many networks it is in."""
    return {member["name"]: member for network in export["networks"] for member in network["organisations"]}.values()


KINDS: Mapping[str, Callable[[Export, str], bytes]] = {"json": _json, "csv": _csv, "xlsx": _xlsx, "ics": _ics}
