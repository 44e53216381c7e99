"""Upload, look it over, import, take back: over HTTP, without script."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.importing.models import Import, ImportFile
from app.meetings.models import Meeting
from app.networks.models import Contact, Membership, Network, Programme
from app.people.models import Person
from tests import make
from tests.importing import world

HEAD = "Organisatie;Contactpersoon;E-mail;Netwerk\n"
GOOD = HEAD + "Alfa;Ann Aalders;a@alfa.example;Kring Oost\nBeta;Bob de Boer;b@beta.example;Kring Oost\n"
DOUBTFUL = HEAD + "Alfa;Ann Aalders;a@alfa,example;Kring Oost\n"


@pytest.fixture
def programme(app: Flask) -> Programme:
    return make.programme()


@pytest.fixture
def manager(app: Flask, programme: Programme) -> FlaskClient:
    return make.browser(app, make.programme_manager(programme=programme))


def send(client: FlaskClient, programme: Programme, *files: tuple[str, bytes], **fields: str) -> str:
    """Upload; where that leads."""
    data = {"files": [(BytesIO(content), name) for name, content in files], **fields}
    return client.post(f"/programmes/{programme.slug}/import", data=data).location or ""


def rows(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def addresses() -> set[str | None]:
    """Of the contacts."""
    return {contact.person.email for contact in db.session.scalars(select(Contact))}


def kept_files() -> list[bytes | None]:
    return list(db.session.scalars(select(ImportFile.content).order_by(ImportFile.id)))


def fields(page: str) -> dict[str, str]:
    """What a browser would send back untouched: the proposals."""
    inputs = re.findall(
        r'<input class="form-control"\s+type="[a-z]+"\s+id="(answer-[^"]+)"[^>]*\svalue="([^"]*)"', page
    )
    selects = re.findall(r'<select [^>]*name="(answer-[^"]+)".*?</select>', page, re.DOTALL)
    assert all(name for name in selects)
    return dict(inputs)


def test_upload_then_one_button_and_the_list_is_in(manager: FlaskClient, programme: Programme) -> None:
    where = send(manager, programme, ("leden.csv", GOOD.encode()))
    assert rows(Membership) == 0
    manager.post(f"{where}/completion")
    page = manager.get(where).text
    assert rows(Membership) == 2
    assert "Imported" in page


def test_one_of_a_kind_is_told_as_one(manager: FlaskClient, programme: Programme) -> None:
    where = send(manager, programme, ("list.csv", GOOD.encode()))

    told = manager.post(f"{where}/completion", follow_redirects=True).text

    assert [f"<li>{each}</li>" in told for each in ("1 network", "2 organisations", "0 rooms")] == [True] * 3


def test_pasted_rows_are_a_file_too(manager: FlaskClient, programme: Programme) -> None:
    where = send(manager, programme, pasted=GOOD.replace(";", "\t"))
    manager.post(f"{where}/completion")
    assert rows(Membership) == 2


def test_of_many_questions_without_a_proposal_five_are_seen_and_the_others_folded(
    manager: FlaskClient, programme: Programme
) -> None:
    people = [f"Huis {n};Ann Aalders {n};geen{n};Kring Oost\n" for n in range(8)]
    few, many = (
        manager.get(send(manager, programme, ("leden.csv", (HEAD + "".join(each)).encode()))).text
        for each in (people[:5], people)
    )

    before, after = re.split(r"<summary>\s*3 more\s*</summary>", many)

    assert "8 questions" in many
    assert before.partition("8 questions")[2].count('name="answer-') == 5
    assert after.count('name="answer-') == 3
    assert (few.partition("5 questions")[2].count('name="answer-'), " more</summary>" in few) == (5, False)


def test_the_workbook_goes_in_with_its_proposals_in_two_clicks(manager: FlaskClient, programme: Programme) -> None:
    where = send(manager, programme, world.file(world.WORKBOOK), world.file(world.CLOSED))
    page = manager.get(where).text
    assert "19 questions" in page
    manager.post(f"{where}/completion", data=fields(page))
    assert (rows(Network), rows(Membership), rows(Meeting)) == (20, 153, 97)


def test_a_doubtful_cell_is_marked_and_its_proposal_stands_ready(manager: FlaskClient, programme: Programme) -> None:
    page = manager.get(send(manager, programme, ("leden.csv", DOUBTFUL.encode()))).text
    assert "<mark>a@alfa,example</mark>" in page
    assert list(fields(page).values()) == ["a@alfa.example"]


def test_answers_are_kept_when_one_looks_again(manager: FlaskClient, programme: Programme) -> None:
    where = send(manager, programme, ("leden.csv", DOUBTFUL.encode()))
    manager.post(f"{where}/answers", data=fields(manager.get(where).text))
    page = manager.get(where).text
    assert "<mark>" not in page
    assert "As you answered" in page


def test_what_is_left_out_is_not_asked_again(manager: FlaskClient, programme: Programme) -> None:
    where = send(manager, programme, ("leden.csv", DOUBTFUL.encode()))
    [name] = fields(manager.get(where).text)
    manager.post(f"{where}/completion", data={name.replace("answer-", "leave-"): "1"})
    assert "<mark>" not in manager.get(send(manager, programme, ("leden.csv", DOUBTFUL.encode()))).text
    assert [person.email for person in db.session.scalars(select(Person)) if person.last_name == "Aalders"] == [None]


def test_what_stayed_open_is_answered_on_the_same_page_and_stored(manager: FlaskClient, programme: Programme) -> None:
    where = send(manager, programme, ("leden.csv", DOUBTFUL.encode()))
    manager.post(f"{where}/completion", data={})
    page = manager.get(where).text
    assert addresses() == {None}
    assert "<mark>a@alfa,example</mark>" in page
    manager.post(f"{where}/answers", data=fields(page))
    page = manager.get(where).text
    assert addresses() == {"a@alfa.example"}
    assert "<mark>a@alfa,example</mark>" not in page


def test_what_was_answered_later_goes_when_the_import_is_taken_back(manager: FlaskClient, programme: Programme) -> None:
    rows_of = DOUBTFUL + "Beta;;b@beta,example;Kring Oost\n"
    where = send(manager, programme, ("leden.csv", rows_of.encode()))
    manager.post(f"{where}/completion", data={})
    manager.post(f"{where}/answers", data=fields(manager.get(where).text))
    assert addresses() == {"a@alfa.example", "b@beta.example"}
    manager.post(f"{where}/undoing")
    assert (addresses(), rows(Membership)) == (set(), 0)


def test_files_are_kept_only_while_something_is_open(manager: FlaskClient, programme: Programme) -> None:
    where = send(manager, programme, ("leden.csv", DOUBTFUL.encode()))
    manager.post(f"{where}/completion", data={})
    assert kept_files() == [DOUBTFUL.encode()]
    manager.post(f"{where}/answers", data=fields(manager.get(where).text))
    assert kept_files() == [None]


def test_days_are_shown_as_people_write_them(manager: FlaskClient, programme: Programme) -> None:
    content = "Organisatie;Netwerk;Verhinderd\nAlfa;Kring;22-2 t/m 28-2\nBeta;Kring;schoolvakanties Noord\n"
    page = manager.get(send(manager, programme, ("leden.csv", content.encode()))).text
    assert "22 February 2027 until 28 February 2027" in page
    assert not re.findall(r"20\d\d-\d\d-\d\d", page)


def test_an_unreadable_file_is_refused_with_one_sentence(manager: FlaskClient, programme: Programme) -> None:
    data = {"files": [(BytesIO(b"%PDF-1.7 nonsense"), "leden.pdf")]}
    answer = manager.post(f"/programmes/{programme.slug}/import", data=data)
    assert answer.status_code == 422
    assert "leden.pdf is no list. Save the list as .xlsx or .csv." in answer.text
    assert rows(Import) == 0


def test_without_a_file_nothing_happens(manager: FlaskClient, programme: Programme) -> None:
    answer = manager.post(f"/programmes/{programme.slug}/import", data={})
    assert (answer.status_code, rows(Import)) == (422, 0)


def test_more_than_five_megabytes_are_too_big(manager: FlaskClient, programme: Programme) -> None:
    body = b"x" * (5 * 1024 * 1024 + 1)
    kind = "multipart/form-data; boundary=x"
    assert manager.post(f"/programmes/{programme.slug}/import", data=body, content_type=kind).status_code == 413


def test_taking_back_from_the_result_page(manager: FlaskClient, programme: Programme) -> None:
    where = send(manager, programme, ("leden.csv", GOOD.encode()))
    manager.post(f"{where}/completion")
    page = manager.post(f"{where}/undoing", follow_redirects=True).text
    assert "Taken back" in page
    assert (rows(Membership), rows(Network)) == (0, 0)


def test_pressing_import_twice_imports_once(manager: FlaskClient, programme: Programme) -> None:
    where = send(manager, programme, ("leden.csv", GOOD.encode()))
    answers = [manager.post(f"{where}/completion").status_code for _ in range(2)]
    assert (answers, rows(Membership)) == ([302, 302], 2)


def test_a_preview_can_be_dropped(manager: FlaskClient, programme: Programme) -> None:
    where = send(manager, programme, ("leden.csv", GOOD.encode()))
    manager.post(f"{where}/removal")
    assert (rows(Import), rows(Membership)) == (0, 0)


def test_the_report_can_be_kept(manager: FlaskClient, programme: Programme) -> None:
    where = send(manager, programme, ("leden.csv", GOOD.encode()))
    manager.post(f"{where}/completion")
    kept = manager.get(f"{where}/report.json").json
    assert kept is not None
    assert (kept["files"], kept["added"]["people"]) == ([{"file": "leden.csv", "encoding": "utf-8"}], 2)


def test_an_import_of_another_programme_is_not_there(app: Flask, manager: FlaskClient, programme: Programme) -> None:
    where = send(manager, programme, ("leden.csv", GOOD.encode()))
    other = make.programme()
    stranger = make.browser(app, make.programme_manager(programme=other))
    number = where.rpartition("/")[2]
    paths = [
        where,
        f"/programmes/{other.slug}/imports/{number}",
        f"/programmes/{other.slug}/imports/{number}/report.json",
    ]
    assert [stranger.get(path).status_code for path in paths] == [404, 404, 404]
    assert stranger.post(f"/programmes/{other.slug}/imports/{number}/completion").status_code == 404
    assert rows(Membership) == 0


def test_what_a_cell_says_is_shown_as_text(manager: FlaskClient, programme: Programme) -> None:
    nasty = HEAD + "<script>alert(1)</script>;Ann Aalders;a@alfa,example<b>;Kring Oost\n"
    page = manager.get(send(manager, programme, ("<img src=x>.csv", nasty.encode()))).text
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx", "ics"])
def test_a_programme_is_exported_with_one_link(manager: FlaskClient, programme: Programme, kind: str) -> None:
    make.network(programme=programme, slug="kring-oost")
    db.session.commit()
    answer = manager.get(f"/programmes/{programme.slug}/export?format={kind}")
    assert (answer.status_code, answer.headers["Content-Disposition"]) == (
        200,
        f"attachment; filename={programme.slug}.{kind}",
    )
    assert answer.data


def test_a_network_manager_exports_their_network_only(app: Flask, programme: Programme) -> None:
    own, other = make.network(programme=programme, name="Kring Oost"), make.network(programme=programme, name="Geheim")
    client = make.browser(app, make.manager(network=own))
    assert [n["name"] for n in (client.get(f"/networks/{own.slug}/export").json or {})["networks"]] == ["Kring Oost"]
    assert client.get(f"/networks/{other.slug}/export").status_code == 404
    assert client.get(f"/programmes/{programme.slug}/export").status_code == 404
