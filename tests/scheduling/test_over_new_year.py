"""New Year's is a day like others: the same year moved by whole weeks gets the same plan, proven as often."""

import pytest

from bench.years import INSIDE, START, shifted, typical
from scheduling.model.instance import Instance
from scheduling.planner import plan


@pytest.mark.parametrize("number", range(25))
def test_a_year_moved_from_over_new_year_to_inside_one_gets_the_same_plan(number):
    over = typical(number)
    made = plan(Instance.from_json(over)).to_json()
    inside = plan(Instance.from_json(shifted(over, INSIDE))).to_json()
    assert shifted(made, INSIDE) == inside


def test_the_moved_year_lies_inside_one_and_the_other_over_new_year():
    windows = [meeting["window"] for meeting in typical(0)["networks"][0]["meetings"]]
    days = [day for window in windows for day in window]
    assert {day[:4] for day in days} == {"2030", "2031"}
    assert {day[:4] for day in shifted(days, INSIDE)} == {"2030"}
    assert START.weekday() == (START + INSIDE).weekday()
