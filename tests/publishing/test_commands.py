"""A year from the command line."""

import json
from datetime import time
from pathlib import Path

import pytest
import time_machine
from click.testing import Result
from flask import Flask

from app.cli import cli
from app.extensions import db
from app.meetings.queries import cycle_of, meetings_of_year
from app.networks.models import Network
from app.planning import drafts
from tests import make
from tests.planning import years
from tests.planning.years import NOW


def run(app: Flask, *words: object) -> Result:
    db.session.commit()
    with time_machine.travel(NOW, tick=False):
        return app.test_cli_runner().invoke(cli, [str(word) for word in words])


def plan(app: Flask, network: Network, *more: object) -> Result:
    options = ("--meetings", 2, "--months", "2,4", "--weekday", "thu", "--nth", 2, "--start", "10:00", "--minutes", 90)
    return run(app, "cycle", "plan", network.slug, 2027, *options, *more)


def days(network: Network) -> list[str]:
    db.session.expire_all()
    cycle = cycle_of(network, 2027)
    return [f"{m.local_start:%Y-%m-%d %H:%M} {m.status}" for m in meetings_of_year(cycle)] if cycle else []


def test_a_year_is_planned_written_and_published(app: Flask, tmp_path: Path) -> None:
    network, file = years.network(), tmp_path / "plan.json"

    planned = plan(app, network, "-o", file)
    published = run(app, "cycle", "publish", network.slug, 2027)
    again = run(app, "cycle", "publish", network.slug, 2027)

    written = json.loads(file.read_text())
    names = {m.organisation.name for m in network.memberships}
    assert (planned.exit_code, published.exit_code, again.exit_code) == (0, 0, 0)
    assert (written["format"], written["status"]) == ("toerbeurt-plan/1", "optimal")
    assert {row["host"] for row in written["networks"][network.slug]} <= names
    assert days(network) == ["2027-02-11 10:00 confirmed", "2027-04-08 10:00 confirmed"]
    assert "nobody is mailed" in again.output


def test_what_is_given_is_kept_for_the_network(app: Flask) -> None:
    network = years.network()
    plan(app, network)

    run(app, "cycle", "plan", network.slug, 2027)

    draft = drafts.of(cycle_of(network, 2027))
    assert draft is not None
    assert (draft.wishes.start, draft.wishes.months, draft.wishes.minutes) == (time(10), (2, 4), 90)


def test_an_impossible_year_exits_with_3_and_names_what_clashes(app: Flask, tmp_path: Path) -> None:
    network, file = years.network(members=1, people=1), tmp_path / "plan.json"
    make.membership(network=network, seats=None)

    answer = plan(app, network, "--meetings", 3, "-o", file)

    written = json.loads(file.read_text())
    assert answer.exit_code == 3
    assert (written["status"], written["networks"]) == ("infeasible", {})
    assert all(wish in answer.output for wish in written["conflict"])


def test_a_published_meeting_is_moved_cancelled_and_swapped_at_once(app: Flask) -> None:
    network = years.network()
    plan(app, network)
    run(app, "cycle", "publish", network.slug, 2027)
    hosts = [m.host.id for m in meetings_of_year(cycle_of(network, 2027)) if m.host]

    swapped = run(app, "duty", "swap", network.slug, "host", "2027-02-11", "2027-04-08")
    moved = run(app, "meeting", "move", network.slug, "2027-02-11", "2027-02-18T11:30")
    cancelled = run(app, "meeting", "cancel", network.slug, "2027-04-08")

    assert (swapped.exit_code, moved.exit_code, cancelled.exit_code) == (0, 0, 0)
    assert days(network) == ["2027-02-18 11:30 confirmed", "2027-04-08 10:00 cancelled"]
    after = [m.host.id for m in meetings_of_year(cycle_of(network, 2027)) if m.host]
    assert after == hosts[::-1]


@pytest.mark.parametrize(
    "words",
    [
        ("cycle", "plan", "nowhere", 2027),
        ("cycle", "publish", "nowhere", 2027),
        ("cycle", "plan", "nowhere", 27),
        ("meeting", "move", "nowhere", "2027-02-11", "2027-02-18"),
        ("meeting", "cancel", "nowhere", "yesterday"),
        ("feed", "nobody@example.org"),
        ("sign-in", "nobody@example.org"),
        ("manager", "add", "no-address", "--name", "X", "--programme", "Y"),
    ],
)
def test_bad_usage_is_one_sentence_and_exit_2(app: Flask, words: tuple[object, ...]) -> None:
    answer = run(app, *words)

    assert answer.exit_code == 2
    assert "Traceback" not in answer.output


def test_the_feed_command_prints_the_address_of_a_person(app: Flask) -> None:
    network = years.network()
    person = network.memberships[0].people[0]

    mine = run(app, "feed", person.email)
    one = run(app, "feed", person.email, "--scope", network.slug)

    addresses = [answer.output.strip() for answer in (mine, one)]
    assert all(each.startswith("http://localhost/feeds/") and each.endswith(".ics") for each in addresses)
    assert addresses[0] != addresses[1]
