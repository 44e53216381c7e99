"""While a year is reckoned, others write; what they changed is not overwritten."""

import pytest
from flask import Flask
from sqlalchemy import event, text

from app.errors import Stale
from app.extensions import db, unlocked
from app.meetings.models import Cycle
from app.networks.models import Network
from app.planning import actions
from app.planning.year_request import Wishes
from tests import make
from tests.planning import years


@pytest.fixture
def cycle(app: Flask) -> Cycle:
    network = make.network()
    cycle = Cycle(network=network, year=2027)
    db.session.add(cycle)
    db.session.commit()
    return cycle


def _somebody_writes() -> None:
    with db.engine.connect() as other:
        other.execute(text("UPDATE network SET revision = revision + 1"))
        other.commit()


def test_what_only_read_lets_others_write_meanwhile(cycle: Cycle) -> None:
    seen = cycle.network.revision
    with unlocked():
        _somebody_writes()
    assert cycle.network.revision == seen + 1


def test_what_has_written_keeps_what_it_wrote(cycle: Cycle) -> None:
    cycle.network.goal = "to learn"
    db.session.flush()
    with unlocked():
        pass
    db.session.commit()
    assert db.session.get_one(Network, cycle.network_id).goal == "to learn"


def test_a_statement_that_changes_rows_counts_as_written(cycle: Cycle) -> None:
    db.session.execute(text("SELECT 1"))
    db.session.query(Network).update({"goal": "to learn"})
    with unlocked():
        pass
    db.session.commit()
    assert cycle.network.goal == "to learn"


def test_a_year_that_somebody_changed_while_it_was_reckoned_is_not_overwritten(app: Flask) -> None:
    cycle = years.drafted(years.network())
    before = cycle.draft
    db.session.commit()
    written: list[bool] = []

    def meanwhile(*_: object) -> None:
        if not written:
            written.append(True)
            _somebody_writes()

    event.listen(db.engine, "checkin", meanwhile)
    with pytest.raises(Stale):
        actions.propose(cycle, Wishes(number=3, weekdays=(1,)), years.NOW)
    event.remove(db.engine, "checkin", meanwhile)
    db.session.rollback()
    assert (written, cycle.draft) == ([True], before)
