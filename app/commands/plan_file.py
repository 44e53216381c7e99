"""`toerbeurt plan`: the planner on a file, no database."""

import json
import sys
from pathlib import Path

import click

from app.commands.progress import halves, shown
from scheduling import planner
from scheduling.model.from_json import Unreadable
from scheduling.model.instance import Instance
from scheduling.model.plan import Plan
from scheduling.rules import reasons as explain

EXIT = {"optimal": 0, "feasible": 0, "infeasible": 3, "unknown": 4}


def plan_file(instance: Path, output: Path | None, budget: float, joint: bool) -> None:
    """Plan INSTANCE; exit 0 planned, 3 infeasible, 4 unknown within the budget, 2 unreadable."""
    try:
        read = Instance.from_json(json.loads(instance.read_text(encoding="utf-8")))
    except (OSError, ValueError, Unreadable) as error:
        click.echo(f"{instance} cannot be read: {error}", err=True)
        sys.exit(2)
    with shown("Planning") as tell:
        made = planner.plan(read, budget=budget, joint=joint, tell=halves(tell))
    text = json.dumps(_with_reasons(read, made), indent=1, ensure_ascii=False)
    if output is None:
        click.echo(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")
    sys.exit(EXIT[made.status])


def _with_reasons(instance: Instance, made: Plan) -> dict[str, object]:
    found = {"reasons": explain.reasons(instance, made), "warnings": explain.warnings(instance, made)}
    listed = {
        key: [{"network": r.network, "meeting": r.meeting, "code": r.code, **r.params} for r in reasons]
        for key, reasons in found.items()
    }
    return made.to_json() | (listed if made.networks else {})
