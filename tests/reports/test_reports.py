"""A year told: its numbers are those of the pages, its files open right, and nobody's name is in it."""

import csv
import io
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import Result
from flask import Flask
from flask_babel import force_locale
from openpyxl import load_workbook
from openpyxl.cell import Cell

from app.cli import cli
from app.exporting import report_files
from app.extensions import db
from app.meetings import year_page
from app.meetings.models import Cycle, Meeting
from app.meetings.queries import meetings_of_year
from app.networks.models import Network
from app.reports import queries
from app.results.models import Agreement
from app.results.models import Result as Notes
from tests import make
from tests.planning import years
from tests.planning.test_plan_pages import manager
from tests.statements import statements

AFTER = datetime(2028, 1, 3, 9, tzinfo=UTC)


def told(network: Network, number: int = 4) -> Cycle:
    """A published year of which everything was written down."""
    cycle = years.published(network, number=number, nth="")
    for n, meeting in enumerate(meetings_of_year(cycle)):
        meeting.topic, meeting.attended = f"Größe {n}", 10 + n
        written(meeting)
    db.session.commit()
    return cycle


def written(meeting: Meeting) -> None:
    meeting.notes_at = meeting.ends_at + timedelta(1)
    db.session.add(Notes(meeting=meeting, outcomes="=1+1\nWij schrijven over", saved_at=meeting.notes_at))
    for text, done in (("Alfa belt", AFTER), ("Beta schrijft", None)):
        agreed = Agreement(network_id=meeting.network_id, meeting=meeting, text=text, done_at=done)
        db.session.add(agreed)


def report_of(network: Network) -> queries.NetworkReport:
    return queries.of_network(network, 2027, AFTER)


def test_the_numbers_are_those_of_the_network_s_own_page(app: Flask) -> None:
    network = years.network()
    cycle = told(network)
    page, numbers = year_page.of_network(network, AFTER, 2027), report_of(network).numbers
    duties = [duty for meeting in meetings_of_year(cycle) for duty in meeting.duties]
    assert len(numbers.held) == len(page.meetings) == 4
    assert numbers.hosts == len({duty.organisation_id for duty in duties if duty.kind == "host"})
    assert numbers.preparers == len({duty.organisation_id for duty in duties if duty.kind == "preparation"})
    assert [line.day for line in numbers.lines] == [meeting.day for meeting in page.meetings]
    assert numbers.minutes == 4 * 180


def test_what_came_of_it_is_counted(app: Flask) -> None:
    network = years.network()
    told(network)
    numbers = report_of(network).numbers
    assert (numbers.people, len(numbers.counted)) == (10 + 11 + 12 + 13, 4)
    assert (numbers.topics, numbers.outcomes) == (4, 8)
    assert (numbers.agreed, numbers.kept) == (8, 4)


def test_a_meeting_to_come_is_not_counted_as_held(app: Flask) -> None:
    network = years.network()
    cycle = told(network)
    second = meetings_of_year(cycle)[1]
    numbers = queries.of_network(network, 2027, second.starts_at).numbers
    assert (len(numbers.held), numbers.ahead) == (1, 3)


def test_a_cancelled_meeting_counts_as_cancelled_only(app: Flask) -> None:
    network = years.network()
    meetings_of_year(told(network))[0].status = "cancelled"
    db.session.commit()
    numbers = report_of(network).numbers
    assert (len(numbers.held), numbers.cancelled) == (3, 1)


def test_a_programme_is_the_sum_of_its_networks_and_counts_an_organisation_once(app: Flask) -> None:
    first = years.network(members=4)
    second = years.network(programme=first.programme, members=3)
    make.membership(network=second, organisation=first.memberships[0].organisation, people=1, seats=40)
    db.session.commit()
    db.session.expire_all()
    told(first)
    told(second, number=2)
    report = queries.of_programme(first.programme, 2027, AFTER)
    parts = [part.numbers for part in report.parts]
    assert len(report.numbers.held) == sum(len(part.held) for part in parts) == 6
    assert report.numbers.people == sum(part.people for part in parts)
    assert report.numbers.organisations == 7


def test_a_school_year_is_told_as_one(app: Flask) -> None:
    network = years.network(year_begins=9)
    cycle = years.published(network, datetime(2026, 7, 1, tzinfo=UTC), year=2026, number=6, nth="")
    report = queries.of_network(network, 2026, AFTER)
    assert (report.name, len(report.numbers.held)) == ("2026/27", 6)
    assert [line.day for line in report.numbers.lines] == [meeting.day for meeting in meetings_of_year(cycle)]


def test_twenty_networks_take_no_more_statements_than_one(app: Flask) -> None:
    first = years.network(members=3)
    programme = first.programme
    told(first)
    counts = []
    for _more in range(2):
        db.session.expunge_all()
        programme = db.session.merge(programme)
        with statements() as asked:
            queries.of_programme(programme, 2027, AFTER)
        counts.append(len(asked))
        another = years.network(programme=programme, members=3)
        told(another)
    assert counts[0] == counts[1]


def workbook(network: Network, language: str = "nl") -> dict[str, list[list[object]]]:
    with force_locale(language):
        body = report_files.written("xlsx", [report_of(network)], "Titel", "=Woorden")
    book = load_workbook(io.BytesIO(body))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


def test_in_a_workbook_numbers_are_numbers_days_are_days_and_nothing_is_a_formula(app: Flask) -> None:
    network = years.network()
    cycle = told(network)
    sheets = workbook(network)
    names = list(sheets)
    first = sheets[names[1]][1]
    assert first[1] == datetime.combine(meetings_of_year(cycle)[0].day, datetime.min.time())
    assert (first[2], first[6], first[7]) == ("Größe 0", 10, 3)
    assert sheets[names[0]][1][0] == "'=Woorden"
    assert "'=1+1" in {row[3] for row in sheets[names[2]]}


@pytest.mark.parametrize(("language", "day", "half"), [("nl", "%d-%m-%Y", "1,5"), ("de", "%d.%m.%Y", "1,5")])
def test_a_table_has_days_and_decimals_as_its_language_writes_them(
    app: Flask, language: str, day: str, half: str
) -> None:
    network = years.network()
    meetings = meetings_of_year(told(network))
    meetings[0].ends_at = meetings[0].starts_at + timedelta(minutes=90)
    db.session.commit()
    with force_locale(language):
        body = report_files.written("csv", [report_of(network)], "", "")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert body.startswith(b"\xef\xbb\xbf")
    assert rows[1][1] == meetings[0].day.strftime(day)
    assert (rows[1][2], rows[1][7]) == ("Größe 0", half)


def opened(file: Path, language: str) -> list[list[Cell]]:
    """What LibreOffice makes of a file for somebody of that language, stored as a workbook: rows of its last sheet."""
    locale = {"nl": "1043", "de": "1031"}[language]
    reads = [f"--infilter=Text - txt - csv (StarCalc):59,34,76,1,,{locale},false,true"] if file.suffix == ".csv" else []
    profile, out = f"-env:UserInstallation=file://{file.parent}/profile", file.parent / "opened"
    call = ["soffice", profile, "--headless", *reads, "--convert-to", "xlsx", "--outdir", str(out), str(file)]
    subprocess.run(call, check=True, capture_output=True)
    book = load_workbook(out / f"{file.stem}.xlsx")
    return [list(row) for row in book.worksheets[-1 if file.suffix == ".csv" else 1].iter_rows()]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed here")
@pytest.mark.parametrize("language", ["nl", "de"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_libreoffice_finds_numbers_days_and_umlauts_and_calculates_nothing(
    app: Flask, tmp_path: Path, language: str, kind: str
) -> None:
    network = years.network()
    meetings = meetings_of_year(told(network))
    meetings[0].ends_at = meetings[0].starts_at + timedelta(minutes=90)
    meetings[0].topic = "=1+1"
    db.session.commit()
    file = tmp_path / f"report.{kind}"
    with force_locale(language):
        file.write_bytes(report_files.written(kind, [report_of(network)], "Titel", ""))

    first, second = opened(file, language)[1:3]

    days = [datetime.combine(meeting.day, datetime.min.time()) for meeting in meetings[:2]]
    assert [row[1].value for row in (first, second)] == days
    assert [(row[6].value, row[7].value) for row in (first, second)] == [(10, 1.5), (11, 3)]
    assert (str(first[2].value).lstrip("'"), second[2].value) == ("=1+1", "Größe 1")
    assert {cell.data_type for cell in (*first, *second)} <= {"s", "n", "d", "inlineStr"}


def test_the_page_says_the_manager_s_words_and_no_person_s_name(app: Flask) -> None:
    network = years.network()
    told(network)
    address = f"/networks/{network.slug}/years/2027/report"
    with time_machine.travel(AFTER, tick=False):
        browser = manager(app, network)
        page = browser.get(address).text
        browser.post(address, data=years.hidden(page) | {"words": "Een **mooi** jaar"})
        page = browser.get(address).text
        files = [browser.get(f"{address}/file?format={kind}") for kind in ("xlsx", "csv", "html")]
        unknown = browser.get(f"{address}/file?format=exe").status_code
    people = {person.last_name for m in network.memberships for person in m.people}
    assert "Een <strong>mooi</strong> jaar" in page
    assert not [name for name in people if f" {name}" in page]
    assert [answer.status_code for answer in files] == [200] * 3
    assert b"Een <strong>mooi</strong> jaar" in files[2].data
    assert unknown == 404


def test_a_programme_has_its_report_and_words_of_its_own(app: Flask) -> None:
    network = years.network()
    told(network)
    programme = network.programme
    address = f"/programmes/{programme.slug}/years/2027/report"
    with time_machine.travel(AFTER, tick=False):
        browser = make.browser(app, make.programme_manager(programme=programme, language="en"))
        browser.post(address, data=years.hidden(browser.get(address).text) | {"words": "All of us"})
        page = browser.get(address).text
        own = browser.get(f"/networks/{network.slug}/years/2027/report").text
        sheet = browser.get(f"{address}/file").data
    assert "All of us" in page
    assert "All of us" not in own
    assert load_workbook(io.BytesIO(sheet)).worksheets[0]["A2"].value == "All of us"


def test_the_words_of_two_at_once_are_both_shown(app: Flask) -> None:
    network = years.network()
    told(network)
    address = f"/networks/{network.slug}/years/2027/report"
    browser = manager(app, network)
    shown = years.hidden(browser.get(address).text)
    browser.post(address, data=shown | {"words": "first"})
    answer = browser.post(address, data=shown | {"words": "second"})
    assert answer.status_code == 409
    assert "first" in answer.text
    assert "second" in answer.text


def test_too_many_words_are_said(app: Flask) -> None:
    network = years.network()
    address = f"/networks/{network.slug}/years/2027/report"
    assert manager(app, network).post(address, data={"words": "x" * 10_001}).status_code == 422


def run(app: Flask, *words: object) -> Result:
    with time_machine.travel(AFTER, tick=False):
        return app.test_cli_runner().invoke(cli, [str(word) for word in words])


def test_the_command_writes_the_report_of_a_network_and_of_a_programme(app: Flask, tmp_path: Path) -> None:
    network = years.network()
    told(network)
    name, programme = network.name, network.programme.name
    for kind in ("xlsx", "csv", "html"):
        one = run(app, "report", network.slug, 2027, "--format", kind, "-o", tmp_path / f"one.{kind}")
        assert one.exit_code == 0, one.output
    all_ = run(app, "report", 2027, "--programme", programme, "-o", tmp_path / "all.xlsx")
    assert all_.exit_code == 0, all_.output
    assert name in (tmp_path / "one.html").read_text()
    assert name in (tmp_path / "one.csv").read_text("utf-8-sig")
    assert load_workbook(tmp_path / "all.xlsx").worksheets[0]["A1"].value == f"{programme} 2027"


@pytest.mark.parametrize("words", [["2027"], ["nowhere", "2027"], ["a", "b", "2027"], ["2027", "--programme", "None"]])
def test_a_report_of_nothing_known_is_refused_in_a_sentence(app: Flask, tmp_path: Path, words: list[str]) -> None:
    answer = run(app, "report", *words, "-o", tmp_path / "none.xlsx")
    assert answer.exit_code != 0
    assert not (tmp_path / "none.xlsx").exists()
