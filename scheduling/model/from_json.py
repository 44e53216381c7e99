"""JSON -> nouns; whatever does not fit is Unreadable, with one sentence for a person."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import TypeVar

from scheduling.model.network import (
    ANY,
    IN_PERSON,
    ONLINE,
    Lock,
    Manager,
    Meeting,
    Member,
    Network,
    Organisation,
    PlannedMeeting,
    Previous,
    Span,
    Spans,
)
from scheduling.model.tiers import DEFAULT_WEIGHTS


class Unreadable(ValueError):
    """The JSON is not an instance or a plan; the message is one sentence."""


Key = TypeVar("Key")


def as_table(data: object, where: str) -> dict[str, object]:
    """Return the data if it is a JSON object; `where` names it in the sentence of Unreadable, here and below."""
    if not isinstance(data, dict):
        raise Unreadable(f"The {where} must be a table of names and values.")
    return data


def as_list(data: object, where: str) -> list[object]:
    """Return the data as a list if it is one."""
    if not isinstance(data, list | tuple):
        raise Unreadable(f"The {where} must be a list.")
    return list(data)


def required(table: Mapping[str, object], key: str, where: str) -> object:
    """Return the value of a key that must be there."""
    if key not in table:
        raise Unreadable(f"The {key} of {where} is missing.")
    return table[key]


def as_text(data: object, where: str) -> str:
    """Return the data if it is text."""
    if not isinstance(data, str):
        raise Unreadable(f"The {where} must be text.")
    return data


def as_whole(data: object, where: str, least: int = 0) -> int:
    """Return the data if it is a whole number from `least` on."""
    # True is an int to Python.
    if not isinstance(data, int) or isinstance(data, bool) or data < least:
        raise Unreadable(f"The {where} must be a whole number from {least}.")
    return data


def as_number(data: object, where: str) -> Fraction:
    """Return a number, or a string such as "1/3", as an exact fraction."""
    if type(data) is int:
        return Fraction(data)
    if isinstance(data, str | int | float) and not isinstance(data, bool):
        try:
            # By way of text: 0.1 means a tenth, not the binary fraction next to it.
            return Fraction(str(data))
        except (ValueError, ZeroDivisionError):
            pass
    raise Unreadable(f"The {where} must be a number or a fraction such as 1/3.")


def as_flag(table: Mapping[str, object], key: str, default: bool, where: str) -> bool:
    """Return the key's value, which must be true or false, or the default where it is missing."""
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise Unreadable(f"The {key} of {where} must be true or false.")
    return value


def as_day(data: object, where: str) -> date:
    """Return a date written as YYYY-MM-DD; the other ISO forms would make one day two different texts."""
    if isinstance(data, str) and len(data) == 10:
        try:
            return date.fromisoformat(data)
        except ValueError:
            pass
    raise Unreadable(f"The {where} must be a date such as 2026-09-01.")


def as_spans(data: object, where: str) -> tuple[tuple[date, date], ...]:
    """Return a list of dates and [first, last] pairs, both included, as pairs; nothing is no days."""
    out = []
    for item in as_list(data or [], where):
        if not isinstance(item, list | tuple):
            single = as_day(item, where)
            out.append((single, single))
        elif len(item) == 2:
            out.append((as_day(item[0], where), as_day(item[1], where)))
        else:
            raise Unreadable(f"The {where} must be dates and pairs of a first and a last date.")
    return tuple(out)


def require_different(names: Iterable[str], where: str) -> None:
    """Raise Unreadable if a name comes twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise Unreadable(f"There are two {where} with the name {name}.")
        seen.add(name)


def organisation(key: str, data: object) -> Organisation:
    """Read the organisation with this id."""
    where = f"organisation {key}"
    table = as_table(data, where)
    school = table.get("school")
    return Organisation(
        key,
        as_spans(table.get("unavailable"), f"unavailable of {where}"),
        None if school is None else as_text(school, f"school of {where}"),
        as_flag(table, "one_per_day", True, where),
    )


def manager(key: str, data: object) -> Manager:
    """Read the manager with this id."""
    where = f"manager {key}"
    table = as_table(data, where)
    return Manager(
        key,
        as_spans(table.get("unavailable"), f"unavailable of {where}"),
        as_whole(table.get("max_per_day", 1), f"max_per_day of {where}"),
    )


def _member(data: object, network: str) -> Member:
    table = as_table(data, f"a member of {network}")
    org = as_text(required(table, "org", f"a member of {network}"), f"org of a member of {network}")
    where = f"member {org} of {network}"
    until, duties = table.get("until"), table.get("duties_from")
    return Member(
        org,
        as_day(required(table, "from", where), f"from of {where}"),
        None if until is None else as_day(until, f"until of {where}"),
        None if duties is None else as_day(duties, f"duties_from of {where}"),
        as_whole(table.get("seats", 1), f"seats of {where}"),
        as_whole(table.get("room", 0), f"room of {where}"),
        as_flag(table, "hosts", True, where),
        as_flag(table, "prepares", True, where),
        as_number(table.get("host_balance", 0), f"host_balance of {where}"),
        as_number(table.get("prep_balance", 0), f"prep_balance of {where}"),
        as_spans(table.get("host_avoid"), f"host_avoid of {where}"),
        as_spans(table.get("host_unavailable"), f"host_unavailable of {where}"),
    )


def _span(data: object, where: str) -> Span:
    pair = as_list(data, where)
    if len(pair) != 2:
        raise Unreadable(f"The {where} must be a first and a last day.")
    return as_day(pair[0], where), as_day(pair[1], where)


def _format(data: object, where: str, known: tuple[str, ...] = (IN_PERSON, ONLINE)) -> str:
    if data not in known:
        raise Unreadable(f"The {where} must be one of {', '.join(known)}.")
    return str(data)


def _host(data: object, where: str) -> str | None:
    return None if data is None else as_text(data, where)


def _preparers(data: object, where: str) -> tuple[str, ...]:
    return tuple(as_text(x, where) for x in as_list(data or [], where))


def row(data: object, where: str, meeting: str | None = None) -> PlannedMeeting:
    """Read one row of a plan; `meeting` is its id where the row itself does not say it."""
    table = as_table(data, where)
    return PlannedMeeting(
        meeting if meeting is not None else as_text(required(table, "meeting", where), f"meeting of {where}"),
        as_day(required(table, "date", where), f"date of {where}"),
        _format(required(table, "format", where), f"format of {where}"),
        _host(table.get("host"), f"host of {where}"),
        _preparers(table.get("preparers"), f"preparers of {where}"),
    )


def _lock(data: object, where: str) -> Lock:
    table = as_table(data or {}, where)
    return Lock(
        frozenset(table) & {"date", "format", "host", "preparers"},
        as_day(table["date"], f"date of {where}") if "date" in table else None,
        _format(table["format"], f"format of {where}") if "format" in table else None,
        _host(table.get("host"), f"host of {where}"),
        _preparers(table.get("preparers"), f"preparers of {where}"),
    )


def _meeting(data: object, network: str) -> Meeting:
    table = as_table(data, f"a meeting of {network}")
    key = as_text(required(table, "id", f"a meeting of {network}"), f"id of a meeting of {network}")
    where = f"meeting {key} of {network}"
    prefer = table.get("prefer")
    return Meeting(
        key,
        _span(required(table, "window", where), f"window of {where}"),
        _span(table["roll"], f"roll of {where}") if table.get("roll") else None,
        _format(table.get("format", ANY), f"format of {where}", (IN_PERSON, ONLINE, ANY)),
        _format(prefer, f"prefer of {where}") if prefer else None,
        _lock(table.get("locked"), f"locked of {where}"),
        row(table["published"], f"published of {where}", key) if table.get("published") else None,
    )


def _costs(data: object, where: str, keys: Mapping[str, Key]) -> dict[Key, Fraction]:
    table = as_table(data, where)
    costs = {keys[k]: as_number(v, f"{k} of {where}") for k, v in table.items() if k in keys}
    if any(v < 0 for v in costs.values()):
        raise Unreadable(f"No cost of {where} may be negative.")
    return costs


def network(data: object) -> Network:
    """Read a network with its members and meetings."""
    table = as_table(data, "a network")
    key = as_text(required(table, "id", "a network"), "id of a network")
    where = f"network {key}"
    members = tuple(_member(m, where) for m in as_list(required(table, "members", where), f"members of {where}"))
    meetings = tuple(_meeting(m, where) for m in as_list(required(table, "meetings", where), f"meetings of {where}"))
    require_different([m.org for m in members], f"members of {where}")
    require_different([m.id for m in meetings], f"meetings of {where}")
    previous = as_table(table.get("previous") or {}, f"previous of {where}")
    low_high = [
        as_whole(x, f"in_person of {where}") for x in as_list(table.get("in_person") or [], f"in_person of {where}")
    ]
    if len(low_high) not in (0, 2):
        raise Unreadable(f"The in_person of {where} must be a lowest and a highest number.")
    target, turns = table.get("target_gap"), table.get("max_turns")
    return Network(
        key,
        as_text(required(table, "manager", where), f"manager of {where}"),
        members,
        meetings,
        _costs(required(table, "weekdays", where), f"weekdays of {where}", {str(i): i for i in range(1, 8)}),
        tuple(as_text(c, f"closed of {where}") for c in as_list(table.get("closed") or [], f"closed of {where}")),
        as_whole(table.get("min_gap", 1), f"min_gap of {where}", 1),
        None if target is None else as_whole(target, f"target_gap of {where}"),
        as_whole(table.get("quorum", 0), f"quorum of {where}"),
        as_whole(table.get("preparers_per_meeting", 1), f"preparers_per_meeting of {where}"),
        as_flag(table, "host_may_prepare", False, where),
        as_flag(table, "no_repeat_host", True, where),
        as_flag(table, "no_repeat_preparer", True, where),
        (low_high[0], low_high[1]) if low_high else None,
        None if turns is None else as_whole(turns, f"max_turns of {where}"),
        Previous(
            as_day(previous["date"], f"previous date of {where}") if previous.get("date") else None,
            _host(previous.get("host"), f"previous host of {where}"),
            _preparers(previous.get("preparers"), f"previous preparers of {where}"),
        ),
        _costs(table.get("weights") or {}, f"weights of {where}", {k: k for k in DEFAULT_WEIGHTS}),
    )


def require_known(network: Network, organisations: Mapping[str, Organisation], calendars: Mapping[str, Spans]) -> None:
    """Raise Unreadable if the network names an organisation or a calendar that the instance does not have."""
    for member in network.members:
        if member.org not in organisations:
            raise Unreadable(f"Network {network.id} has an unknown organisation {member.org}.")
    for name in network.closed:
        if name not in calendars:
            raise Unreadable(f"Network {network.id} is closed in an unknown calendar {name}.")
