"""One person says that an organisation leaves: its manager sees who and when before closing, and can put it right."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from app.closing.models import Stay
from app.extensions import db
from app.networks.models import Network
from tests import make
from tests.closing.test_closing import NEARLY, OVER, at, desk, nearly, say, stays, year
from tests.forms import forms_of

__all__ = ["nearly"]


def said_by_the_substitute(app: Flask, network: Network) -> Stay:
    row = stays(network)[0]
    row.membership.organisation.short_name = "Zuid"
    substitute = make.person(first_name="Sanne", last_name="Bos")
    make.contact(membership=row.membership, person=substitute, position=2)
    db.session.commit()
    with time_machine.travel(NEARLY + timedelta(days=1), tick=False):
        assert say(app, row, "leave", substitute) == 302
    return row


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))


def test_before_closing_the_manager_sees_who_said_that_an_organisation_leaves_and_when(
    app: Flask, nearly: Network
) -> None:
    before = plain(desk(app, nearly).get(at(nearly, "closing")).text)
    said_by_the_substitute(app, nearly)
    with time_machine.travel(OVER, tick=False):
        page = plain(desk(app, nearly).get(at(nearly, "closing")).text)

    assert "Sanne Bos" not in before
    assert "until 31 December 2027 leaves, 5 October 2027, Sanne Bos" in page


def test_the_page_of_the_whole_programme_says_so_too(app: Flask, nearly: Network) -> None:
    said_by_the_substitute(app, nearly)
    told = stays(nearly)[1].membership
    told.organisation.short_name, told.left = "Noord", date(2027, 12, 31)
    db.session.commit()
    with time_machine.travel(OVER, tick=False):
        manager = make.browser(app, make.programme_manager(programme=nearly.programme))
        page = plain(manager.get(f"/programmes/{nearly.programme.slug}/years/2027/closing").text)

    (leavers,) = re.findall(r"leaves: (.*?October\)(?:, Noord)?)", page)
    assert sorted(leavers.replace("Bos, ", "Bos ").split(", ")) == ["Noord", "Zuid (Sanne Bos Tue 5 October)"]


@pytest.mark.parametrize("word", ["stay", "unsure"])
def test_the_manager_puts_it_right_and_the_organisation_is_there_next_year(
    app: Flask, nearly: Network, word: str
) -> None:
    row = said_by_the_substitute(app, nearly)
    with time_machine.travel(OVER, tick=False):
        manager, path = desk(app, nearly), at(nearly, f"members/{row.membership_id}/staying")
        form = next(each for each in forms_of(manager.get(at(nearly, "closing")).text) if each.action == path)
        manager.post(path, data={**form.same, "answer": word})
        page = plain(manager.get(at(nearly, "closing")).text)
        manager.post(at(nearly, "closing"))
    db.session.expire_all()
    rows = (year(nearly, 2028).draft or {})["rows"]
    turns = {each["host"] for each in rows} | {number for each in rows for number in each["preparers"]}

    assert row.membership.left is None
    assert "Sanne Bos" not in page
    assert row.membership.organisation_id in turns


def test_once_the_year_is_closed_nobody_is_overruled_any_more(app: Flask, nearly: Network) -> None:
    row = said_by_the_substitute(app, nearly)
    path = at(nearly, f"members/{row.membership_id}/staying")
    with time_machine.travel(OVER, tick=False):
        manager = desk(app, nearly)
        manager.post(at(nearly, "closing"))
        answer = manager.post(path, data={"answer": "stay"})
        page = manager.get(at(nearly, "closing")).text
    db.session.expire_all()

    assert answer.status_code == 422
    assert path not in page
    assert row.membership.left == date(2027, 12, 31)
