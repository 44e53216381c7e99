"""What tests of the planner share: examples that hypothesis makes up count for no coverage."""

from pathlib import Path

import pytest


@pytest.hookimpl(trylast=True)  # the plugin marks its tests in this hook too
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every branch is to be reached by an example one can read; tracing thousands of others takes a minute more."""
    for item in items:
        if Path(__file__).parent in item.path.parents and item.get_closest_marker("hypothesis"):
            item.add_marker("no_cover")
