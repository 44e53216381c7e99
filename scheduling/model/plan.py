"""The nouns all others speak, and their JSON: `toerbeurt-instance/1` and `toerbeurt-plan/1`.

Spans are (first, last) pairs of dates, both included. Numbers that may be broken are exact fractions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from fractions import Fraction
from typing import Any

from scheduling.model import from_json as reading
from scheduling.model.from_json import (
    Unreadable,
    as_list,
    as_table,
    day,
    number,
    required,
    spans,
    text,
    unique,
    whole,
)
from scheduling.model.instance import (
    ANY,
    DEFAULT_WEIGHTS,
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

__all__ = [
    "ANY", "DEFAULT_WEIGHTS", "IN_PERSON", "ONLINE", "STATUSES", "TIERS", "Certificate", "Instance", "Lock",
    "Manager", "Meeting", "Member",
    "Network", "Organisation", "Plan", "PlannedMeeting", "Previous", "Reason", "Span", "Spans", "Unreadable",
]  # fmt: skip

INSTANCE_FORMAT, PLAN_FORMAT = "toerbeurt-instance/1", "toerbeurt-plan/1"
STATUSES = ("optimal", "feasible", "infeasible", "unknown")
TIERS = ("stability", "attendance", "unfairness", "preference", "spacing")


@dataclass(frozen=True, slots=True)
class Instance:
    name: str
    networks: tuple[Network, ...]
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    managers: Mapping[str, Manager] = field(default_factory=dict)
    calendars: Mapping[str, Spans] = field(default_factory=dict)
    known_until: Mapping[str, date] = field(default_factory=dict)

    def manager(self, network: Network) -> Manager:
        return self.managers.get(network.manager) or Manager(network.manager)

    @staticmethod
    def from_json(data: Any) -> "Instance":
        """Raises Unreadable with one sentence for anything malformed. Unknown keys are ignored."""
        top = as_table(data, "the instance")
        if top.get("format") != INSTANCE_FORMAT:
            raise Unreadable(f"The instance is not of the format {INSTANCE_FORMAT}.")
        calendars = {k: spans(v, f"calendar {k}") for k, v in as_table(top.get("calendars") or {}, "calendars").items()}
        known = {
            k: day(v, f"known_until of {k}") for k, v in as_table(top.get("known_until") or {}, "known_until").items()
        }
        organisations = {
            k: reading.organisation(k, v)
            for k, v in as_table(required(top, "organisations", "the instance"), "organisations").items()
        }
        managers = {k: reading.manager(k, v) for k, v in as_table(top.get("managers") or {}, "managers").items()}
        networks = tuple(reading.network(n) for n in as_list(required(top, "networks", "the instance"), "networks"))
        unique([n.id for n in networks], "networks")
        for network in networks:
            reading.known_names(network, organisations, calendars)
        return Instance(text(top.get("name") or "", "name"), networks, organisations, managers, calendars, known)

    def to_json(self) -> dict[str, Any]:
        return {
            "format": INSTANCE_FORMAT,
            "name": self.name,
            "calendars": {k: _spans_json(v) for k, v in self.calendars.items()},
            "known_until": {k: v.isoformat() for k, v in self.known_until.items()},
            "organisations": {
                o.id: {"unavailable": _spans_json(o.unavailable), "school": o.school, "one_per_day": o.one_per_day}
                for o in self.organisations.values()
            },
            "managers": {
                m.id: {"unavailable": _spans_json(m.unavailable), "max_per_day": m.max_per_day}
                for m in self.managers.values()
            },
            "networks": [_network_json(n) for n in self.networks],
        }


@dataclass(frozen=True, slots=True)
class Certificate:
    """How a plan was found, and the five tiers below which no plan exists."""

    method: str
    bound: tuple[Fraction, ...]


Simple = str | int | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is so, without words: a code and simple values (numbers that may be broken are strings of
    fractions)."""

    code: str
    params: Mapping[str, Simple] = field(default_factory=dict)
    network: str | None = None
    meeting: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    instance: str
    status: str
    networks: Mapping[str, tuple[PlannedMeeting, ...]] = field(default_factory=dict)
    objective: tuple[Fraction, ...] | None = None
    certificate: Certificate | None = None
    conflict: tuple[str, ...] | None = None
    relax: tuple[str, ...] | None = None
    relax_cost: int | None = None

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"format": PLAN_FORMAT, "instance": self.instance, "status": self.status}
        if self.objective is not None:
            out["objective"] = [str(x) for x in self.objective]
        if self.certificate is not None:
            out["certificate"] = {"method": self.certificate.method, "bound": [str(x) for x in self.certificate.bound]}
        out["networks"] = {n: [row_json(r) for r in rows] for n, rows in self.networks.items()}
        if self.status == "infeasible":
            out["conflict"] = None if self.conflict is None else list(self.conflict)
            out["relax"] = None if self.relax is None else list(self.relax)
            out["relax_cost"] = self.relax_cost
        return out

    @staticmethod
    def from_json(data: Any) -> "Plan":
        """Raises Unreadable with one sentence for anything malformed. Unknown keys are ignored."""
        top = as_table(data, "the plan")
        if top.get("format") != PLAN_FORMAT or top.get("status") not in STATUSES:
            raise Unreadable(f"The plan is not of the format {PLAN_FORMAT} with a known status.")
        rows = {
            n: tuple(reading.row(r, f"a row of {n}") for r in as_list(v, f"the rows of {n}"))
            for n, v in as_table(required(top, "networks", "the plan"), "networks").items()
        }
        cost = top.get("relax_cost")
        return Plan(
            text(top.get("instance") or "", "instance"),
            top["status"],
            rows,
            _tiers(top.get("objective"), "objective"),
            _certificate(top.get("certificate")),
            _names(top.get("conflict"), "conflict"),
            _names(top.get("relax"), "relax"),
            None if cost is None else whole(cost, "relax_cost"),
        )


def _names(data: Any, where: str) -> tuple[str, ...] | None:
    return None if data is None else tuple(text(x, where) for x in as_list(data, where))


def _tiers(data: Any, where: str) -> tuple[Fraction, ...] | None:
    if data is None:
        return None
    values = tuple(number(x, where) for x in as_list(data, where))
    if len(values) != len(TIERS):
        raise Unreadable(f"The {where} must have {len(TIERS)} numbers.")
    return values


def _certificate(data: Any) -> Certificate | None:
    if data is None:
        return None
    table = as_table(data, "the certificate")
    bound = _tiers(required(table, "bound", "the certificate"), "bound")
    return None if bound is None else Certificate(text(table.get("method") or "", "method"), bound)


def row_json(row: PlannedMeeting) -> dict[str, Any]:
    return {
        "meeting": row.meeting,
        "date": row.date.isoformat(),
        "format": row.format,
        "host": row.host,
        "preparers": list(row.preparers),
    }


def _spans_json(value: Spans) -> list[Any]:
    return [a.isoformat() if a == b else [a.isoformat(), b.isoformat()] for a, b in value]


def _plain(value: Any) -> Any:
    """Dates, fractions and dataclasses as JSON has them."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else str(value)
    return [_plain(x) for x in value] if isinstance(value, tuple) else value


def _fields(value: Any) -> dict[str, Any]:
    return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}


def _member_json(member: Member) -> dict[str, Any]:
    out = _fields(member)
    out["from"] = out.pop("since")
    balances = {"host_balance": str(member.host_balance), "prep_balance": str(member.prep_balance)}
    return out | balances | {k: _spans_json(getattr(member, k)) for k in ("host_avoid", "host_unavailable")}


def _meeting_json(meeting: Meeting) -> dict[str, Any]:
    out = {k: v for k, v in _fields(meeting).items() if v is not None}
    out["locked"] = {k: _plain(getattr(meeting.locked, k)) for k in sorted(meeting.locked.fields)}
    if meeting.published:
        out["published"] = row_json(meeting.published)
    return out


def _network_json(network: Network) -> dict[str, Any]:
    out = {k: v for k, v in _fields(network).items() if v is not None}
    return out | {
        "members": [_member_json(m) for m in network.members],
        "meetings": [_meeting_json(m) for m in network.meetings],
        "weekdays": {str(k): _plain(v) for k, v in network.weekdays.items()},
        "weights": {k: _plain(v) for k, v in network.weights.items()},
        "previous": _fields(network.previous),
    }
