"""Instance and Plan under the name by which programs outside this repository know them; inside, import `scheduling`."""

from scheduling.model.instance import Instance
from scheduling.model.plan import Plan

__all__ = ["Instance", "Plan"]
