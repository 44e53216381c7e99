"""A school year as one year where it is asked about, compared, reminded of and imported into."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from app.cli import cli
from app.extensions import db
from app.importing import actions as importing
from app.mail.models import Message
from app.meetings.queries import cycle_of, meetings_of, meetings_of_year
from app.networks.models import Network
from app.planning import actions, drafts
from app.publishing import page as publication
from app.reminders.actions import reconcile
from app.rounds.queries import round_of
from tests import make
from tests.planning import years
from tests.planning.test_plan_pages import manager

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_summer() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def school() -> Network:
    return years.network(year_begins=9)


def published() -> Network:
    network = school()
    years.published(network, NOW, year=2026, number=6, nth="")
    return network


def test_a_network_is_founded_with_the_month_of_its_year(app: Flask) -> None:
    programme = make.programme(region="NL-Midden")
    desk = make.browser(app, make.programme_manager(programme=programme))
    values = {"name": "Schoolkring", "region": "NL-Midden", "mode": "in-person", "state": "active", "size_wanted": "7"}
    desk.post(f"/programmes/{programme.slug}/networks/new", data={**values, "year_begins": "9"})
    network = db.session.scalars(select(Network).where(Network.name == "Schoolkring")).one()
    assert network.year_begins == 9
    assert network.year_name(2026) == "2026/27"


def test_the_command_plans_a_year_from_the_month_it_is_told(app: Flask) -> None:
    network = years.network(members=4)
    said = CliRunner().invoke(cli, ["cycle", "plan", network.slug, "2026", "--meetings", "5", "--begins", "9"])
    db.session.expire_all()
    assert said.exit_code == 0
    assert said.output.split()[0].startswith("2026-")
    assert said.output.splitlines()[-1].startswith("2027-")
    assert network.year_begins == 9


def test_a_date_round_asks_for_days_on_both_sides_of_new_year(app: Flask) -> None:
    network = school()
    path = f"/networks/{network.slug}/years/2026/dates"
    desk = manager(app, network)
    desk.post(path, data={"day": ["2026-11-12", "2027-02-11"], "until": "2026-08-14", "note": ""})
    found = round_of(network, 2026)
    assert "2026/27" in desk.get(path).text
    assert found is not None
    assert [candidate.day for candidate in found.dates] == [date(2026, 11, 12), date(2027, 2, 11)]


def test_a_change_over_new_year_is_compared_within_its_year(app: Flask) -> None:
    network = published()
    cycle = cycle_of(network, 2026)
    assert cycle is not None
    last = meetings_of_year(cycle)[-1]
    actions.change_meeting(last, {"date": last.day + timedelta(7)}, "Later", NOW)
    db.session.commit()
    view = publication.of_publication(cycle, NOW)
    assert last.day.year == 2027
    assert len(view.changes) == 1
    assert drafts.of(cycle) is not None


def test_reminders_go_out_for_meetings_on_both_sides_of_new_year(app: Flask) -> None:
    network = published()
    reconcile(network, NOW)
    db.session.commit()
    assert {each.day.year for each in meetings_of([network.id]) if each.id in reminded()} == {2026, 2027}


def reminded() -> set[int]:
    return {number for number in db.session.scalars(select(Message.meeting_id)) if number}


def test_a_list_with_past_meetings_comes_into_a_network_that_begins_in_september(app: Flask) -> None:
    programme = make.programme(region="NL-Midden")
    network = make.network(programme=programme, name="Schoolkring", year_begins=9)
    make.membership(network=network).organisation.name = "Alfa"
    db.session.commit()
    text = "Netwerk;Datum;Gastheer;Thema\n" + "".join(
        f"Schoolkring;{day};Alfa;Onboarding\n" for day in ("8-10-2025", "11-2-2026", "13-5-2026", "7-10-2024")
    )
    row = importing.receive(programme, [("historie.csv", text.encode())], NOW)
    importing.complete(row, NOW)
    db.session.expire_all()
    found = {meeting.day: meeting.cycle.year for meeting in meetings_of([network.id])}
    assert network.year_begins == 9
    assert found == {
        date(2024, 10, 7): 2024,
        date(2025, 10, 8): 2025,
        date(2026, 2, 11): 2025,
        date(2026, 5, 13): 2025,
    }
