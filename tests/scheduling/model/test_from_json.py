"""What is no instance or plan is refused with one sentence."""

import copy
from fractions import Fraction

import pytest

from scheduling.model.from_json import Unreadable
from scheduling.model.instance import Instance
from scheduling.model.network import Lock, Previous
from scheduling.model.plan import Certificate, Plan
from tests.scheduling.made import START, days, instance, meeting, network, row

FULL = instance(
    network(
        meetings=(
            meeting("m1", 0, 6, prefer="online", format="any", published=row("m1", 2, "a", "b"), roll=days(0, 1)),
            meeting("m2", 14, 20, locked=Lock(frozenset({"date", "host"}), date=START, host=None)),
        ),
        closed=("feast",),
        target_gap=14,
        in_person=(0, 2),
        max_turns=3,
        previous=Previous(START, "c", ("a",)),
        weights={"absent": Fraction(7, 2)},
    ),
    calendars={"feast": (days(3, 3), days(5, 6))},
    known_until={"feast": START},
)


def broken(*path_and_value):
    """The instance as JSON with one place changed; a value of KeyError takes the place away."""
    *path, last, value = path_and_value
    data = copy.deepcopy(FULL.to_json())
    place = data
    for step in path:
        place = place[step]
    if value is KeyError:
        del place[last]
    else:
        place[last] = value
    return data


N = ("networks", 0)
WRONG = [
    broken("format", "toerbeurt-instance/2"),
    broken("organisations", KeyError),
    broken("organisations", []),
    broken("organisations", "a", []),
    broken("organisations", "a", "school", 3),
    broken("organisations", "a", "one_per_day", "yes"),
    broken("organisations", "a", "unavailable", "2026-09-01"),
    broken("organisations", "a", "unavailable", [["2026-09-01"]]),
    broken("organisations", "a", "unavailable", [["2026-09-01", "2026-13-01"]]),
    broken("managers", "boss", "max_per_day", -1),
    broken("managers", "boss", "max_per_day", True),
    broken("networks", {}),
    broken("networks", [None]),
    broken("networks", [FULL.to_json()["networks"][0]] * 2),
    broken("name", 3),
    broken(*N, "id", KeyError),
    broken(*N, "manager", None),
    broken(*N, "members", KeyError),
    broken(*N, "members", 0, "org", "nobody"),
    broken(*N, "members", 0, "org", "b"),
    broken(*N, "members", 0, "from", KeyError),
    broken(*N, "members", 0, "from", 20260901),
    broken(*N, "members", 0, "host_balance", "1/0"),
    broken(*N, "members", 0, "host_balance", "x"),
    broken(*N, "members", 0, "prep_balance", None),
    broken(*N, "members", 0, "seats", 1.5),
    broken(*N, "meetings", 0, "window", ["2026-09-01"]),
    broken(*N, "meetings", 0, "window", KeyError),
    broken(*N, "meetings", 0, "format", "hybrid"),
    broken(*N, "meetings", 0, "prefer", "any"),
    broken(*N, "meetings", 0, "id", "m2"),
    broken(*N, "meetings", 0, "locked", []),
    broken(*N, "meetings", 0, "locked", {"date": None}),
    broken(*N, "meetings", 0, "locked", {"format": "any"}),
    broken(*N, "meetings", 0, "locked", {"host": 3}),
    broken(*N, "meetings", 0, "locked", {"preparers": "a"}),
    broken(*N, "meetings", 0, "published", "date", KeyError),
    broken(*N, "meetings", 0, "published", "date", "20260903"),
    broken(*N, "weekdays", {"2": "x"}),
    broken(*N, "weekdays", {"2": -1}),
    broken(*N, "closed", ["nothing"]),
    broken(*N, "in_person", [1]),
    broken(*N, "min_gap", 0),
    broken(*N, "previous", "m0"),
    None,
    [],
]


def lists_are_not_tables(data):
    return data if data != broken(*N, "meetings", 0, "locked", []) else {**data, "networks": [{}]}


@pytest.mark.parametrize("data", [lists_are_not_tables(w) for w in WRONG])
def test_a_malformed_instance_is_refused_with_a_sentence(data):
    with pytest.raises(Unreadable, match=r"^(The|There|Network|No) .*\.$"):
        Instance.from_json(data)


def test_an_instance_with_everything_in_it_survives_json():
    assert Instance.from_json(FULL.to_json()) == FULL


def test_what_may_be_left_out_may_be_null_too():
    data = broken(*N, "previous", None)
    for key in ("closed", "in_person", "weights", "target_gap"):
        data["networks"][0][key] = None
    one = Instance.from_json(data).networks[0]
    assert (one.previous, one.closed, one.in_person, one.weights, one.target_gap) == (Previous(), (), None, {}, None)


PLAN = Plan(
    "made",
    "feasible",
    {"n1": (row("m1", 0, "a", "b"),)},
    (Fraction(1, 2),) * 5,
    Certificate("by hand", (Fraction(0),) * 5),
)


@pytest.mark.parametrize(
    "plan",
    [
        PLAN,
        Plan("made", "infeasible", conflict=("room:n1",), relax=("room:n1",), relax_cost=6),
        Plan("made", "infeasible", conflict=()),
        Plan("made", "unknown"),
    ],
)
def test_a_plan_survives_json(plan):
    assert Plan.from_json(plan.to_json()) == plan


@pytest.mark.parametrize(
    "change",
    [
        {"format": "x"},
        {"status": "perfect"},
        {"networks": []},
        {"networks": {"n1": [{}]}},
        {"networks": {"n1": [{"meeting": "m1", "date": "2026-09-01", "format": "any"}]}},
        {"objective": ["1"]},
        {"objective": ["x"] * 5},
        {"certificate": {}},
        {"conflict": [1]},
        {"relax_cost": "1"},
    ],
)
def test_a_malformed_plan_is_refused_with_a_sentence(change):
    with pytest.raises(Unreadable, match=r"^The .*\.$"):
        Plan.from_json({**PLAN.to_json(), **change})


def test_a_plan_may_be_without_a_bound():
    assert Plan.from_json({**PLAN.to_json(), "certificate": {"bound": None}}).certificate is None
