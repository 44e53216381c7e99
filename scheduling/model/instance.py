"""What is to be planned: networks, and the people and calendars they share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from scheduling.model import from_json, to_json
from scheduling.model.from_json import Unreadable, as_day, as_list, as_spans, as_table, as_text, required
from scheduling.model.network import Manager, Network, Organisation, Spans
from scheduling.model.to_json import Table

INSTANCE_FORMAT = "toerbeurt-instance/1"


@dataclass(frozen=True, slots=True)
class Instance:
    """Networks that are planned for one span of time. `known_until`: {calendar: the last day it knows}."""

    name: str
    networks: tuple[Network, ...]
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    managers: Mapping[str, Manager] = field(default_factory=dict)
    calendars: Mapping[str, Spans] = field(default_factory=dict)
    known_until: Mapping[str, date] = field(default_factory=dict)

    def manager(self, network: Network) -> Manager:
        """Return the network's manager; one the instance says nothing of is always free, for one meeting a day."""
        return self.managers.get(network.manager) or Manager(network.manager)

    @staticmethod
    def from_json(data: object) -> "Instance":
        """Read an instance of the format `toerbeurt-instance/1` (docs/formats.md); unknown keys are ignored.

        Raises Unreadable, with one sentence for a person, for anything malformed.
        """
        top = as_table(data, "the instance")
        if top.get("format") != INSTANCE_FORMAT:
            raise Unreadable(f"The instance is not of the format {INSTANCE_FORMAT}.")
        calendars = {k: as_spans(v, f"calendar {k}") for k, v in _table(top, "calendars").items()}
        known = {k: as_day(v, f"known_until of {k}") for k, v in _table(top, "known_until").items()}
        listed = as_table(required(top, "organisations", "the instance"), "organisations")
        organisations = {k: from_json.organisation(k, v) for k, v in listed.items()}
        managers = {k: from_json.manager(k, v) for k, v in _table(top, "managers").items()}
        networks = tuple(from_json.network(n) for n in as_list(required(top, "networks", "the instance"), "networks"))
        from_json.require_different([n.id for n in networks], "networks")
        for network in networks:
            from_json.require_known(network, organisations, calendars)
        return Instance(as_text(top.get("name") or "", "name"), networks, organisations, managers, calendars, known)

    def to_json(self) -> Table:
        """Return the instance as `from_json` reads it, every optional key written out."""
        return {
            "format": INSTANCE_FORMAT,
            "name": self.name,
            "calendars": {k: to_json.spans(v) for k, v in self.calendars.items()},
            "known_until": {k: v.isoformat() for k, v in self.known_until.items()},
            "organisations": {o.id: to_json.organisation(o) for o in self.organisations.values()},
            "managers": {m.id: to_json.manager(m) for m in self.managers.values()},
            "networks": [to_json.network(n) for n in self.networks],
        }


def _table(top: Mapping[str, object], key: str) -> dict[str, object]:
    return as_table(top.get(key) or {}, key)
