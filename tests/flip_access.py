"""Weaken one guard at a time and expect the matrix to be red: `python -m pytest tests/flip_access.py`.

Each endpoint in turn lets in more people than its mark says; the mark itself stays, so that only what people get to see
can betray the change. `-k WORD` tries the endpoints that hold it.
"""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from flask import Flask

from app.edge import web
from app.networks import access, queries
from tests.everything import World
from tests.test_routes import (
    MATRIX,
    laid_up,
    mark,
    world,
)
from tests.test_routes import (
    test_only_those_in_the_matrix_get_in_and_a_refusal_changes_nothing as only_those_get_in,
)
from tests.test_routes import (
    test_those_in_the_matrix_are_let_in as those_are_let_in,
)

Guard = Callable[[web.View], web.View]
WEAKER: dict[str, Guard] = {
    "network_manager": access._guard("network_manager", access._may_read),
    "own_organisation": access._guard("own_organisation", access._may_read),
    "participant": access._guard("participant", lambda network: True),
    "programme_manager": access._programme_guard("programme_manager", access._managed_or_all),
    "programme_admin": access._programme_guard("programme_admin", queries.programmes),
    "manager": lambda view: web.access("manager")(web.signed_in(view)),
    "signed_in": web.access("signed_in"),
}
# Here the view asks once more whose it is: with a weaker guard nobody gets in who did not before.
ASKS_AGAIN = {
    "attendance.count",
    "attendance.save_count",
    "deputies.withdraw",
    "mail.arrived",
    "mail.mail",
    "mail.mail_page",
    "mail.save_text",
    "mail.send_again",
    "mail.send_now",
    "mail.skip",
    "preparing.choose_room",
    "preparing.programme",
    "preparing.room",
    "preparing.save_programme",
    "preparing.save_room",
    "results.save",
    "swaps.accept",
    "swaps.ask",
    "swaps.decline",
    "swaps.send",
    "swaps.undo",
    "swaps.withdraw",
    "topics.propose",
    "topics.remove",
    "topics.take",
    "topics.unwish",
    "topics.wish",
    "turns.answer",
    "turns.confirm",
    "turns.hand_back",
    "turns.tick",
    "visits.take",
}


@pytest.fixture
def errors_are_answers(app: Flask) -> Iterator[None]:
    """As in production: what breaks answers 500, which the matrix does not expect either."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield
    app.config["PROPAGATE_EXCEPTIONS"] = None


def unguarded(view: web.View) -> web.View:
    """The view below its guard, as something else than what others hold."""
    return partial(view.__wrapped__)  # type: ignore[attr-defined]


def red(test: Callable[[Flask, World, str], None], app: Flask, world: World, endpoint: str) -> bool:
    try:
        test(app, world, endpoint)
    except AssertionError:
        return True
    return False


@pytest.mark.usefixtures("errors_are_answers")
@pytest.mark.parametrize("endpoint", sorted(ASKS_AGAIN))
def test_where_the_view_asks_again_its_guard_alone_opens_nothing(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    monkeypatch.setitem(app.view_functions, endpoint, WEAKER[mark(endpoint)](unguarded(app.view_functions[endpoint])))

    assert not red(only_those_get_in, app, world, endpoint)


@pytest.mark.usefixtures("errors_are_answers")
@pytest.mark.parametrize("endpoint", sorted(name for name in MATRIX if mark(name) in WEAKER and name not in ASKS_AGAIN))
def test_the_matrix_notices(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    weaker = WEAKER[mark(endpoint)](unguarded(app.view_functions[endpoint]))
    monkeypatch.setitem(app.view_functions, endpoint, weaker)

    assert red(only_those_get_in, app, world, endpoint) or red(those_are_let_in, app, world, endpoint)


@pytest.mark.parametrize("endpoint", sorted(name for name in MATRIX if mark(name) == "personal_link"))
def test_the_matrix_notices_a_link_that_opens_nothing(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    view = app.view_functions[endpoint]
    monkeypatch.setitem(app.view_functions, endpoint, web.public(partial(view)))

    assert red(those_are_let_in, app, world, endpoint)


__all__ = ["laid_up", "world"]
