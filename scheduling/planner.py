"""Instance -> Plan: optimal, feasible, infeasible or unknown, with its certificate.

Nothing here reads a clock: the budget in seconds is a number of steps at a fixed rate, so the same instance has the
same plan on every machine.
"""

from scheduling.joint.many_networks import Tell, plan_together, untold
from scheduling.model.instance import Instance
from scheduling.model.network import Rows
from scheduling.model.plan import Certificate, Plan
from scheduling.model.tiers import NO_COST
from scheduling.model.year import Year
from scheduling.rules.check import check
from scheduling.rules.relaxing import explain
from scheduling.search.feasible import Answer, possible
from scheduling.search.one_network import plan_network
from scheduling.search.turn_order import spread

STEPS_PER_SECOND = 500_000  # of plain Python on a usual machine; fixed, so that no clock decides


def plan(instance: Instance, budget: float = 10.0, joint: bool = False, tell: Tell = untold) -> Plan:
    """Return the best plan for the instance within a budget of seconds, counted in steps.

    One network: proven optimal where the budget allows. Several: one after another, or with `joint` all together,
    proven if the optional extra is there or they are few. What each status promises: docs/planner.md.
    `tell` hears how far it is: "alone" counts networks, "together" the steps of the budget.
    """
    allowance = int(budget * STEPS_PER_SECOND)
    year = Year(instance)
    rows: dict[str, Rows] | None
    if len(instance.networks) == 1:
        network = instance.networks[0]
        outcome = plan_network(year, network, year.standing(), allowance)
        rows, bound = {network.id: outcome.rows} if outcome.rows is not None else None, outcome.bound
        method, may_be_optimal = "layers of dates and turns", True
    else:
        together = plan_together(year, allowance, joint, tell=tell)
        rows, bound = together.rows, together.bound
        method, may_be_optimal = together.method, joint or not instance.networks
    report = check(instance, rows) if rows is not None else None
    # A search's plan is judged like anybody's; one that broke a rule would not be offered.
    if rows is None or report is None or report.violations:
        answer = Answer(True) if bound is None else possible(instance)
        report = check(instance, answer.rows or {})
        if answer.rows is None or report.violations:
            return _without_plan(instance, answer)
        rows, method = answer.rows, "any plan"
    # No rule and no tier changes by it, so it may come after the proof and the check.
    rows = {n.id: spread(year, n, rows[n.id]) for n in instance.networks}
    status = "optimal" if may_be_optimal and bound == report.objective else "feasible"
    return Plan(instance.name, status, rows, report.objective, Certificate(method, bound or NO_COST))


def _without_plan(instance: Instance, answer: Answer) -> Plan:
    if not answer.known or answer.rows is not None:
        return Plan(instance.name, "unknown")
    why = explain(instance, _has_plan)
    return Plan(instance.name, "infeasible", conflict=why.conflict, relax=why.relax, relax_cost=why.cost)


def _has_plan(instance: Instance) -> bool | None:
    answer = possible(instance)
    return answer.rows is not None if answer.known else None
