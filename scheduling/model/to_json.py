"""Nouns -> JSON, as `from_json` reads them. Fractions become strings, so that none is rounded."""

from dataclasses import fields
from datetime import date
from fractions import Fraction

from scheduling.model.network import Manager, Meeting, Member, Network, Organisation, PlannedMeeting, Previous, Spans

Table = dict[str, object]


def spans(value: Spans) -> list[object]:
    """Return days as a list of dates and [first, last] pairs."""
    return [a.isoformat() if a == b else [a.isoformat(), b.isoformat()] for a, b in value]


def row(planned: PlannedMeeting) -> Table:
    """Return one row of a plan as a table."""
    return {
        "meeting": planned.meeting,
        "date": planned.date.isoformat(),
        "format": planned.format,
        "host": planned.host,
        "preparers": list(planned.preparers),
    }


def organisation(value: Organisation) -> Table:
    """Return an organisation as the table under its id."""
    return {"unavailable": spans(value.unavailable), "school": value.school, "one_per_day": value.one_per_day}


def manager(value: Manager) -> Table:
    """Return a manager as the table under their id."""
    return {"unavailable": spans(value.unavailable), "max_per_day": value.max_per_day}


def network(value: Network) -> Table:
    """Return a network with its members and meetings as a table."""
    out = {k: v for k, v in _fields(value).items() if v is not None}
    return out | {
        "members": [_member(m) for m in value.members],
        "meetings": [_meeting(m) for m in value.meetings],
        "weekdays": {str(k): _plain(v) for k, v in value.weekdays.items()},
        "weights": {k: _plain(v) for k, v in value.weights.items()},
        "previous": _fields(value.previous),
    }


def _member(member: Member) -> Table:
    out = _fields(member)
    out["from"] = out.pop("since")
    balances = {"host_balance": str(member.host_balance), "prep_balance": str(member.prep_balance)}
    closed = {"host_avoid": spans(member.host_avoid), "host_unavailable": spans(member.host_unavailable)}
    return out | balances | closed


def _meeting(meeting: Meeting) -> Table:
    out = {k: v for k, v in _fields(meeting).items() if v is not None}
    out["locked"] = {k: _plain(getattr(meeting.locked, k)) for k in sorted(meeting.locked.fields)}
    if meeting.published:
        out["published"] = row(meeting.published)
    return out


def _fields(value: Meeting | Member | Network | Previous) -> Table:
    return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}


def _plain(value: object) -> object:
    """Return dates, fractions and tuples as JSON has them."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else str(value)
    return [_plain(x) for x in value] if isinstance(value, tuple) else value
