"""What the planner answers: a plan with its proof, or why there is none; and reasons, in codes without words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduling.model import from_json, to_json
from scheduling.model.from_json import Unreadable, as_list, as_number, as_table, as_text, as_whole, required
from scheduling.model.network import Rows
from scheduling.model.tiers import Objective, Tier
from scheduling.model.to_json import Table

PLAN_FORMAT = "toerbeurt-plan/1"
STATUSES = ("optimal", "feasible", "infeasible", "unknown")


@dataclass(frozen=True, slots=True)
class Certificate:
    """How a plan was found, and the five tiers below which no plan exists."""

    method: str
    bound: Objective


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
    """The answer for an instance: `networks` {id: its rows}, empty where there is no plan.

    `status`, one of STATUSES, is what is promised (docs/planner.md). Infeasible: `conflict` names wishes that cannot
    all stand, `relax` the cheapest to give up at `relax_cost`; None where nothing helps or the steps ran out.
    """

    instance: str
    status: str
    networks: Mapping[str, Rows] = field(default_factory=dict)
    objective: Objective | None = None
    certificate: Certificate | None = None
    conflict: tuple[str, ...] | None = None
    relax: tuple[str, ...] | None = None
    relax_cost: int | None = None

    def to_json(self) -> Table:
        """Return the plan in the format `toerbeurt-plan/1` (docs/formats.md)."""
        out: Table = {"format": PLAN_FORMAT, "instance": self.instance, "status": self.status}
        if self.objective is not None:
            out["objective"] = [str(x) for x in self.objective]
        if self.certificate is not None:
            out["certificate"] = {"method": self.certificate.method, "bound": [str(x) for x in self.certificate.bound]}
        out["networks"] = {n: [to_json.row(r) for r in rows] for n, rows in self.networks.items()}
        if self.status == "infeasible":
            out["conflict"] = None if self.conflict is None else list(self.conflict)
            out["relax"] = None if self.relax is None else list(self.relax)
            out["relax_cost"] = self.relax_cost
        return out

    @staticmethod
    def from_json(data: object) -> "Plan":
        """Read a plan of the format `toerbeurt-plan/1`; unknown keys are ignored.

        Raises Unreadable, with one sentence for a person, for anything malformed.
        """
        top = as_table(data, "the plan")
        if top.get("format") != PLAN_FORMAT or top.get("status") not in STATUSES:
            raise Unreadable(f"The plan is not of the format {PLAN_FORMAT} with a known status.")
        rows = {
            n: tuple(from_json.row(r, f"a row of {n}") for r in as_list(v, f"the rows of {n}"))
            for n, v in as_table(required(top, "networks", "the plan"), "networks").items()
        }
        cost = top.get("relax_cost")
        return Plan(
            as_text(top.get("instance") or "", "instance"),
            as_text(top["status"], "status"),
            rows,
            _objective(top.get("objective"), "objective"),
            _certificate(top.get("certificate")),
            _wishes(top.get("conflict"), "conflict"),
            _wishes(top.get("relax"), "relax"),
            None if cost is None else as_whole(cost, "relax_cost"),
        )


def _wishes(data: object, where: str) -> tuple[str, ...] | None:
    return None if data is None else tuple(as_text(x, where) for x in as_list(data, where))


def _objective(data: object, where: str) -> Objective | None:
    if data is None:
        return None
    values = tuple(as_number(x, where) for x in as_list(data, where))
    if len(values) != len(Tier):
        raise Unreadable(f"The {where} must have {len(Tier)} numbers.")
    return values


def _certificate(data: object) -> Certificate | None:
    if data is None:
        return None
    table = as_table(data, "the certificate")
    bound = _objective(required(table, "bound", "the certificate"), "bound")
    return None if bound is None else Certificate(as_text(table.get("method") or "", "method"), bound)
