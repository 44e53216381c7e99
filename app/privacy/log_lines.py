"""Lines of the log as they are read: who did it, where, what it is about, what it was before and is now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from app.audit import Audit
from app.meetings.models import Cycle, Duty, Meeting
from app.networks.models import Membership, Network, Organisation, Programme
from app.people.models import Person
from app.privacy import log_words
from app.privacy.log_queries import rows_of, within_reach

PERSON_KEYS = ("person", "manager", "deputy", "successor")


@dataclass(frozen=True)
class Line:
    row: Audit
    who: str
    where: str
    about: str
    changed: tuple[tuple[str, str, str], ...]  # (field, before, after), in words

    @property
    def done(self) -> str:
        return str(log_words.DONE.get(self.row.verb, self.row.verb))

    @property
    def role(self) -> str:
        return str(log_words.ROLES.get(self.row.role, ""))

    @property
    def way(self) -> str:
        return str(log_words.WAYS.get(self.row.via, ""))


@dataclass(frozen=True)
class Known:
    """What the lines name by its number, by the name of its table."""

    rows: Mapping[str, Mapping[int, Any]]
    networks: set[int]
    programmes: set[int]

    def get(self, table: str, number: log_words.Value) -> Any:
        return self.rows[table].get(number if isinstance(number, int) else 0)

    def named(self, table: str, number: log_words.Value) -> str:
        row = self.get(table, number)
        return row.name if row else ""

    def person(self, number: int | None) -> str:
        return (self.named("person", number) or _("former participant")) if number else ""

    def in_reach(self, row: Audit) -> bool:
        return row.network_id in self.networks if row.network_id else row.programme_id in self.programmes


def lines_of(rows: Sequence[Audit], reader: Person) -> list[Line]:
    """The rows in words; what they are about only where the reader may read of it today."""
    known = _known(rows, reader)
    return [
        Line(
            row,
            who=known.person(row.person_id),
            where=known.named("network", row.network_id) or known.named("programme", row.programme_id),
            about=", ".join(part for part in _about(row, known) if part) if known.in_reach(row) else "",
            changed=tuple(_changed(row.values, known)),
        )
        for row in rows
    ]


def _known(rows: Sequence[Audit], reader: Person) -> Known:
    """Everything the rows name, in as many statements for one row as for thousands."""

    def told(table: str, *keys: str) -> list[int | None]:
        numbers = [row.object_id for row in rows if row.object == table]
        sides = [part for row in rows for part in (row.values, *(row.values.get(side, {}) for side in _SIDES))]
        return [*numbers, *(part.get(key) for part in sides for key in keys)]

    duties = rows_of(Duty, told("duty"))
    cycles = rows_of(Cycle, told("cycle"))
    members = rows_of(Membership, told("membership"))
    organisations = [each.organisation_id for each in (*duties.values(), *members.values())]
    networks = [each.network_id for each in cycles.values()]
    of_turns = [each.meeting_id for each in duties.values()]
    found = {
        "duty": duties,
        "cycle": cycles,
        "membership": members,
        "meeting": rows_of(Meeting, told("meeting", "meeting") + of_turns),
        "organisation": rows_of(Organisation, told("organisation", "organisation") + organisations),
        "network": rows_of(Network, [row.network_id for row in rows] + networks),
        "programme": rows_of(Programme, [row.programme_id for row in rows]),
        "person": rows_of(Person, told("person", *PERSON_KEYS) + [row.person_id for row in rows]),
    }
    return Known(found, *within_reach(reader))


_SIDES = ("before", "after")


def _about(row: Audit, known: Known) -> Iterable[str]:
    """The day, the year, the organisation and the people a line is about; never a text."""
    number: dict[str, Any] = {row.object: row.object_id}
    duty, member = known.get("duty", number.get("duty")), known.get("membership", number.get("membership"))
    cycle = known.get("cycle", number.get("cycle"))
    meeting = known.get("meeting", duty.meeting_id if duty else number.get("meeting") or row.values.get("meeting"))
    place = member or (duty if duty and row.verb != "reassigned" else None)
    organisation = place.organisation_id if place else number.get("organisation") or row.values.get("organisation")
    if meeting:
        yield str(format_date(meeting.day, "long"))
    if duty:
        yield _("Host") if duty.kind == "host" else _("Preparation")
    if cycle:
        yield known.get("network", cycle.network_id).year_name(cycle.year)
    yield known.named("organisation", organisation)
    for whom in (number.get("person"), *(row.values.get(key) for key in PERSON_KEYS)):
        yield known.person(whom)
    if "role" in row.values:
        yield str(log_words.ROLES[row.values["role"]])


def _changed(values: Mapping[str, Any], known: Known) -> Iterable[tuple[str, str, str]]:
    before, after = (values.get(side, {}) for side in _SIDES)
    for name, value in after.items():
        yield str(log_words.FIELDS.get(name, name)), _said(name, before.get(name), known), _said(name, value, known)


def _said(name: str, value: log_words.Value, known: Known) -> str:
    return known.named("organisation", value) or "–" if name == "organisation" else log_words.said(name, value)
