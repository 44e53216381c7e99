"""The pure core: plans the year of learning networks. No Flask, no database, no clock, no network, no randomness.

    plan(Instance.from_json(data)).to_json()

`check` judges any plan by the same rules; a Reason says why a date or a turn is as it is. docs/planner.md has the model
and the method, docs/formats.md the two JSON formats.
"""

from scheduling.model.instance import Instance
from scheduling.model.plan import Plan, Reason
from scheduling.planner import plan
from scheduling.rules.check import check

__all__ = ["Instance", "Plan", "Reason", "check", "plan"]
