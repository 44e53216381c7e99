"""The manager's Monday mail says, as the start page does, that a year can be closed; once, and with the way there."""

import re
from datetime import datetime

import pytest
import time_machine
from flask import Flask

from app.extensions import db
from app.letters.kinds import KINDS
from app.people.models import Person
from tests import make
from tests.closing.test_closing import NEARLY, OVER, at, held


def monday_mail(person: Person, now: datetime) -> str:
    """What the Monday mail says at this moment; empty when it stays away."""
    with time_machine.travel(now, tick=False):
        row = make.message(person=person, kind="M1")
        return KINDS["M1"].render([row], now).text if KINDS["M1"].still_true(row, now) else ""


def test_the_monday_mail_says_once_that_a_year_can_be_closed_and_leads_there(app: Flask) -> None:
    network = held()
    network.name = "Noord"
    manager = make.manager(network=network)
    db.session.commit()
    before, over = monday_mail(manager, NEARLY), monday_mail(manager, OVER)
    link = re.search(r"- Noord: 2027 is over: close it:\n  http://localhost(\S+)", over)
    assert link
    with time_machine.travel(OVER, tick=False):
        page = make.browser(app, manager).get(link[1]).text
        make.browser(app, manager).post(at(network, "closing"))
    db.session.expire_all()

    assert over.count("is over: close it") == 1
    assert "Close 2027 and propose 2028" in page
    assert "is over: close it" not in before
    assert "is over: close it" not in monday_mail(manager, OVER)


@pytest.mark.parametrize("whole", [True, False])
def test_of_several_networks_the_monday_mail_has_one_line_for_who_manages_the_programme(
    app: Flask, whole: bool
) -> None:
    programme = make.programme(region="NL-Midden", name="Samen leren")
    networks = [held(programme) for _n in range(3)]
    person = make.programme_manager(programme=programme) if whole else make.manager(network=networks[0])
    if not whole:
        make.role_of(person, network=networks[1])
    db.session.commit()
    text = monday_mail(person, OVER)

    assert ("- Samen leren: 3 networks: 2027 is over: close it:" in text) is whole
    assert text.count("2027 is over: close it") == (1 if whole else 2)
    assert (f"/programmes/{programme.slug}/years/2027/closing" in text) is whole
