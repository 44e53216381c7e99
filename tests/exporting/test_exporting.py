"""What goes out: the contract's JSON and back, tables a spreadsheet cannot run, a calendar."""

import csv
import json
from datetime import UTC, date, datetime, time
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from icalendar import Calendar
from openpyxl import load_workbook
from sqlalchemy import delete

from app import cli as commands
from app.closing.models import Stay
from app.errors import Refused
from app.exporting import network_json
from app.exporting.files import written
from app.exporting.restoring import restore
from app.extensions import Base, db
from app.importing import actions
from app.meetings.row import Origin, Row, RowKey
from app.networks.models import Network
from app.planning import drafts
from app.planning.year_request import Wishes
from app.pulse.models import Pulse
from app.reports.models import YearWords
from app.results.models import Result
from tests import make
from tests.importing import world
from tests.statements import statements

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def network() -> Network:
    """A network with everything an export knows."""
    row = make.network(name="Kring Oost", slug="kring-oost", goal="Leren", state="active", region="NL-Midden")
    alfa = make.membership(network=row, people=2, organisation=make.organisation(programme=row.programme, name="Alfa"))
    beta = make.membership(network=row, seats=None, hosts=False, joined=date(2026, 5, 1), left=date(2027, 5, 1))
    beta.network.memberships[-1].contacts[0].person.email = None
    make.membership(network=row, seats=None, people=0).hosts = None
    make.absence(organisation=alfa.organisation, first=date(2027, 5, 1), last=date(2027, 5, 9), reason="mei")
    make.absence(organisation=alfa.organisation, weekday=2, only="host")
    meeting = make.meeting(network=row, starts_at=datetime(2027, 3, 4, 12, tzinfo=UTC), topic="Onboarding", sequence=2)
    make.duty(meeting=meeting, organisation=alfa.organisation)
    make.duty(meeting=meeting, organisation=beta.organisation, kind="preparation")
    meeting.room = alfa.organisation.rooms[0]
    meeting.notes_at = datetime(2027, 3, 5, 9, tzinfo=UTC)
    texts = {"outcomes": "Een maatje helpt\nElke week bellen", "next_time": "Begin met een rondje"}
    recording = {"recording": "https://video.example/1", "recording_until": date(2027, 6, 1), "recording_consent": "Ja"}
    db.session.add(Result(meeting=meeting, saved_at=meeting.notes_at, **texts, **recording))
    by_may = {"due": date(2027, 5, 1), "done_at": datetime(2027, 4, 1, 9, tzinfo=UTC)}
    make.agreement(meeting=meeting, text="Alfa schrijft het op", organisation=alfa.organisation, **by_may)
    make.agreement(meeting=meeting, text="Iedereen leest het")
    sums = {"asked": 9, "answers": 4, "atmosphere": [0, 0, 1, 2, 1], "goal": [0, 1, 1, 1, 1], "sentences": ["Fijn"]}
    db.session.add(Pulse(meeting=meeting, closed_at=datetime(2027, 3, 14, 9, tzinfo=UTC), **sums))
    row.year_begins = 3
    db.session.add(YearWords(programme_id=row.programme_id, network_id=row.id, year=2027, words="Een *mooi* jaar"))
    db.session.add(YearWords(programme_id=row.programme_id, year=2027, words="Alle *netwerken*"))
    said = {"answer": "leave", "answered_at": datetime(2027, 10, 5, 9, tzinfo=UTC)}
    db.session.add(Stay(membership=alfa, year=2028, asked_at=datetime(2027, 10, 4, 9, tzinfo=UTC), **said))
    meeting.cycle.closed_at = datetime(2027, 12, 27, 9, tzinfo=UTC)
    people = [*alfa.people, *beta.people]
    make.topic(network=row, title="Onboarding", meeting=meeting, person_id=people[0].id, matters_to=people)
    make.topic(network=row, title="Wachtlijsten", matters_to=people[1:])
    cycle = make.meeting(network=row, starts_at=datetime(2028, 3, 4, 12, tzinfo=UTC)).cycle
    db.session.delete(cycle.meetings[0])
    cycle.published = None
    line = Row(
        key=RowKey(Origin.RESTORED, 1),
        date=date(2028, 3, 9),
        start=time(13, 30),
        minutes=180,
        mode="in-person",
        host=alfa.organisation_id,
    )
    drafts.store(cycle, drafts.Draft(Wishes(), (line,)))
    db.session.flush()
    db.session.expire_all()
    return row


def empty() -> None:
    db.session.expunge_all()
    for table in reversed(Base.metadata.sorted_tables):
        db.session.execute(delete(table))


def rows_of(kind: str, export: dict[str, Any]) -> list[list[str]]:
    assert kind == "csv"
    return list(csv.reader(StringIO(written("csv", export, "").decode("utf-8-sig")), delimiter=";"))


def test_the_export_is_what_the_contract_says(app: Flask) -> None:
    [found] = network_json.export([network().id], NOW)["networks"]
    [alfa, beta, _gamma] = found["organisations"]
    [published, draft] = found["cycles"]
    assert (found["slug"], found["state"], found["timezone"]) == ("kring-oost", "active", "Europe/Amsterdam")
    assert [member["name"] for member in found["organisations"]] == sorted(
        member["name"] for member in found["organisations"]
    )
    assert (beta["joined"], beta["left"], beta["hosts"], beta["rooms"]) == ("2026-05-01", "2027-05-01", False, [])
    assert [(a["from"], a["until"], a["weekday"], a["only"]) for a in alfa["absences"]] == [
        ("2027-05-01", "2027-05-09", None, None),
        (None, None, 2, "host"),
    ] or len(alfa["absences"]) == 2
    meeting = published["meetings"][0]
    assert (published["year"], published["version"], draft["version"]) == (2027, 1, None)
    assert (meeting["start"], meeting["end"]) == ("2027-03-04T13:00:00+01:00", "2027-03-04T16:00:00+01:00")
    assert (meeting["host"], meeting["preparers"], meeting["sequence"]) == ("Alfa", [beta["name"]], 2)
    assert meeting["uid"].startswith("meeting-")
    assert (draft["meetings"][0]["host"], draft["meetings"][0]["uid"]) == ("Alfa", None)


def test_out_and_in_again_is_equal(app: Flask) -> None:
    before = network_json.export([network().id], NOW)
    empty()
    assert restore(json.loads(json.dumps(before)), NOW) == 1
    db.session.expire_all()
    assert network_json.export([number for (number,) in db.session.query(Network.id)], NOW) == before


def test_words_of_a_programme_a_closed_year_and_who_stays_come_along(app: Flask) -> None:
    found = network_json.export([network().id], NOW)
    [row] = found["networks"]
    assert found["programmes"][0]["words"] == {"2027": "Alle *netwerken*"}
    assert row["cycles"][0]["closed"] == "2027-12-27T09:00:00+00:00"
    assert [stay["answer"] for member in row["organisations"] for stay in member["stays"]] == ["leave"]


def test_what_an_older_version_wrote_down_comes_in_as_agreements(app: Flask) -> None:
    export = json.loads(json.dumps(network_json.export([network().id], NOW)))
    empty()
    meeting = next(each for cycle in export["networks"][0]["cycles"] for each in cycle["meetings"] if each["uid"])
    del meeting["result"], meeting["pulse"], export["networks"][0]["pulse"]
    at = "2027-03-05T09:00:00+00:00"
    meeting["notes"] = {"outcomes": "Een\nTwee", "agreements": "Alfa belt\n\nBeta ook", "next_time": "Rondje", "at": at}

    restore(export, NOW)
    db.session.expire_all()
    [again] = network_json.export([number for (number,) in db.session.query(Network.id)], NOW)["networks"]

    result = next(each["result"] for cycle in again["cycles"] for each in cycle["meetings"] if each["uid"])
    assert (result["outcomes"], result["next_time"], result["recording"]) == (["Een", "Twee"], "Rondje", None)
    assert [(each["text"], each["done"]) for each in result["agreements"]] == [("Alfa belt", None), ("Beta ook", None)]
    assert again["pulse"] is True


def test_the_imported_workbook_goes_out_and_in_again(app: Flask) -> None:
    programme = make.programme()
    row = actions.receive(programme, [world.file(world.WORKBOOK)], NOW)
    actions.complete(row, NOW)
    db.session.expire_all()
    before = network_json.export(network_json.networks_of(programme), NOW)
    empty()
    restore(json.loads(json.dumps(before)), NOW)
    db.session.expire_all()
    assert network_json.export([number for (number,) in db.session.query(Network.id)], NOW) == before


def test_what_is_here_already_is_refused_and_changes_nothing(app: Flask) -> None:
    before = network_json.export([network().id], NOW)
    with pytest.raises(Refused, match="kring-oost"):
        restore(before, NOW)
    assert network_json.export([number for (number,) in db.session.query(Network.id)], NOW) == before


@pytest.mark.parametrize("nonsense", [[], {}, {"networks": [{}]}, {"networks": "x"}, 3, None])
def test_what_is_no_export_is_refused(app: Flask, nonsense: Any) -> None:
    with pytest.raises(Refused):
        restore(nonsense, NOW)
    assert db.session.query(Network).count() == 0


def test_no_cell_of_a_table_can_be_calculated(app: Flask) -> None:
    row = network()
    row.memberships[0].organisation.name = '=HYPERLINK("https://phish.example")'
    row.memberships[0].people[0].first_name = "@Ann"
    db.session.flush()
    export = network_json.export([row.id], NOW)
    cells = [cell for line in rows_of("csv", export) for cell in line]
    book = load_workbook(BytesIO(written("xlsx", export, "")))
    cells += [
        str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None
    ]
    assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))] == []
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)


@pytest.mark.parametrize("language", ["nl_NL", "de_DE", "en_GB"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_read_back_adds_nothing(app: Flask, kind: str, language: str) -> None:
    row = network()
    with force_locale(language):
        data = written(kind, network_json.export([row.id], NOW), "")
    again = actions.receive(row.programme, [(f"export.{kind}", data)], NOW)
    report = actions.complete(again, NOW)
    assert (set(report["added"].values()), report["open"]) == ({0}, 1)  # an address nobody knows


def test_the_calendar_holds_the_published_meetings(app: Flask) -> None:
    data = written("ics", network_json.export([network().id], NOW), "Kring Oost")
    [entry] = Calendar.from_ical(data).walk("VEVENT")
    assert (str(entry["SUMMARY"]), str(entry["LOCATION"]), int(entry["SEQUENCE"])) == (
        "Kring Oost: Onboarding",
        "Garden room",
        2,
    )


def test_an_export_of_one_network_says_nothing_of_another(app: Flask) -> None:
    row = network()
    other = make.network(programme=row.programme, name="Geheim")
    make.membership(network=other, organisation=make.organisation(programme=row.programme, name="Verborgen"))
    data = b"".join(written(kind, network_json.export([row.id], NOW), row.name) for kind in ("json", "csv", "ics"))
    assert (b"Geheim" in data, b"Verborgen" in data) == (False, False)


def test_the_number_of_queries_does_not_grow_with_the_networks(app: Flask) -> None:
    def count(ids: list[int]) -> int:
        db.session.expire_all()
        with statements() as seen:
            network_json.export(ids, NOW)
        return len(seen)

    ids = [
        make.membership(network=make.network(programme=programme)).network_id for programme in [make.programme()] * 3
    ]
    assert count(ids[:1]) == count(ids)


def test_the_command_writes_a_file_and_reads_it_back(app: Flask, tmp_path: Path) -> None:
    network()
    db.session.commit()
    run = app.test_cli_runner().invoke
    assert run(commands.export, ["kring-oost", "-o", str(tmp_path / "one.json")]).exit_code == 0
    assert run(commands.export, ["--all", "--format", "xlsx", "-o", str(tmp_path / "all.xlsx")]).exit_code == 0
    assert run(commands.import_json, [str(tmp_path / "one.json")]).exit_code == 2
    empty()
    db.session.commit()
    assert run(commands.import_json, [str(tmp_path / "one.json")]).exit_code == 0
    assert db.session.query(Network.slug).all() == [("kring-oost",)]


@pytest.mark.parametrize("args", [[], ["--all", "kring-oost"], ["nowhere"]])
def test_a_command_that_names_nothing_is_exit_2(app: Flask, tmp_path: Path, args: list[str]) -> None:
    result = app.test_cli_runner().invoke(commands.export, [*args, "-o", str(tmp_path / "x.json")])
    assert (result.exit_code, (tmp_path / "x.json").exists()) == (2, False)
