"""From files to rows: once, not twice, and back again."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit import Audit
from app.availability.models import Absence
from app.errors import Refused
from app.extensions import Base, db
from app.importing import actions
from app.importing.models import Import
from app.importing.personal import forget, personal_data
from app.meetings.models import Cycle, Duty, Meeting, PublishedVersion
from app.networks.models import Contact, Membership, Network, Organisation, Programme, Room
from app.networks.queries import network_by_slug
from app.people.models import Person
from tests import make
from tests.importing import world

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
HEAD = "Organisatie;Contactpersoon;E-mail;Netwerk;Zaal;Cap.\n"
TWO = HEAD + "Alfa;Ann Aalders;a@alfa.example;Kring Oost;De Serre;20\nBeta;Bob de Boer;b@beta.example;Kring Oost;;\n"


def imported(programme: Programme, *files: tuple[str, bytes], answers: dict[str, Any] | None = None) -> Import:
    row = actions.receive(programme, files, NOW)
    actions.answer(row, answers or {}, NOW)
    actions.complete(row, NOW)
    return row


def text(content: str) -> tuple[str, bytes]:
    return "leden.csv", content.encode()


def rows(model: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def counted() -> dict[str, int]:
    models = (Network, Organisation, Membership, Person, Contact, Room, Absence, Meeting, Duty, Cycle)
    return {model.__tablename__: rows(model) for model in models}


def test_the_workbook_becomes_rows(app: Flask) -> None:
    row = imported(make.programme(), world.file(world.WORKBOOK))
    assert row.report is not None
    assert row.report["added"] == {
        "networks": 20,
        "organisations": 67,
        "memberships": 153,
        "people": 226,
        "rooms": 84,
        "absences": 16,
        "meetings": 84,
    }
    assert counted() | row.report["added"] == counted() | {
        "networks": rows(Network),
        "organisations": rows(Organisation),
        "memberships": rows(Membership),
        "people": rows(Person),
        "rooms": rows(Room),
        "absences": rows(Absence),
        "meetings": rows(Meeting),
    }


def test_a_second_upload_adds_and_changes_nothing(app: Flask) -> None:
    programme = make.programme()
    imported(programme, world.file(world.WORKBOOK))
    before = counted(), {network.slug: network.revision for network in programme.networks}
    again = imported(programme, world.file(world.WORKBOOK))
    assert again.report is not None
    assert set(again.report["added"].values()) == {0}
    assert (counted(), {network.slug: network.revision for network in programme.networks}) == before


def test_other_encodings_of_what_is_there_add_nothing(app: Flask) -> None:
    programme = make.programme()
    best = "deelnemers_export_utf8bom.csv"
    answers = {item.question or "": item.proposal or None for item in world.reading(best).questions}
    imported(programme, world.file(best), answers=answers)
    for name in world.EXPORTS["files"]:
        report = imported(programme, world.file(name)).report
        assert report is not None
        assert (name, set(report["added"].values()), report["open"]) == (name, {0}, 0)


def test_past_meetings_have_their_turns_and_are_never_mailed(app: Flask) -> None:
    imported(make.programme(), world.file(world.WORKBOOK))
    network = network_by_slug("vrijwilligerscoordinatoren-oost")
    meetings = db.session.scalars(select(Meeting).where(Meeting.network == network).order_by(Meeting.starts_at)).all()
    first = meetings[0]
    assert (first.day, first.topic, first.attended, first.imported) == (
        date(2026, 2, 12),
        "Bezoek aan de locatie",
        8,
        True,
    )
    assert first.host is not None
    assert first.host.name == "IJsselbeemd Ouderenzorg"
    assert {o.name for o in first.preparers} == {"Stichting ’t Wevershuys", "Zorggroep Twentelinde"}
    assert [meeting.status for meeting in meetings] == ["confirmed", "cancelled", "confirmed", "confirmed", "confirmed"]


def test_what_is_asked_is_not_stored_until_it_is_answered(app: Flask) -> None:
    programme = make.programme()
    lossy = text(HEAD + "Alfa;Ay?e Feenstra;a@alfa,example;Kring Oost;;\n")
    row = imported(programme, lossy)
    person = db.session.scalars(select(Person)).one_or_none()
    assert person is None or (person.name, person.email) == ("", None)
    questions = {item["code"]: item["question"] for item in (row.report or {})["items"] if item["action"] == "asked"}
    imported(
        programme,
        lossy,
        answers={questions["name_unreadable"]: "Ayşe Feenstra", questions["address_wrong"]: "a@alfa.example"},
    )
    assert ("Ayşe Feenstra", "a@alfa.example") in {(p.name, p.email) for p in db.session.scalars(select(Person))}


def test_an_answer_is_not_asked_for_again_in_the_next_upload(app: Flask) -> None:
    programme = make.programme()
    doubtful = text(HEAD + "Alfa;Ann Aalders;a@alfa,example;Kring Oost;;\n")
    question = (imported(programme, doubtful).report or {})["items"][0]["question"]
    imported(programme, doubtful, answers={question: "a@alfa.example"})
    assert (imported(programme, doubtful).report or {})["open"] == 0


def test_whether_they_host_stays_open_where_the_list_does_not_say(app: Flask) -> None:
    head = "Organisatie;Kan ontvangen;Netwerk\n"
    imported(make.programme(), text(head + "Alfa;ja;Kring\nBeta;nee;Kring\nGamma;;Kring\nDelta;?;Kring\n"))
    db.session.expire_all()
    found = {m.organisation.name: m.hosts for m in db.session.scalars(select(Membership))}
    assert found == {"Alfa": True, "Beta": False, "Gamma": None, "Delta": None}


def test_what_was_changed_by_hand_is_kept(app: Flask) -> None:
    programme = make.programme()
    imported(programme, text(TWO))
    person = db.session.scalars(select(Person).where(Person.email == "a@alfa.example")).one()
    person.email, person.first_name = "anna@alfa.example", "Ann"
    room = db.session.scalars(select(Room)).one()
    room.seats = 12
    membership = db.session.scalars(select(Membership).join(Organisation).where(Organisation.name == "Beta")).one()
    membership.left = membership.joined
    db.session.flush()
    again = imported(programme, text(TWO))
    assert set((again.report or {})["added"].values()) == {0}
    assert (person.email, room.seats, membership.left) == ("anna@alfa.example", 12, membership.joined)


def test_an_organisation_renamed_by_hand_is_asked_for_and_not_added_again(app: Flask) -> None:
    programme = make.programme()
    imported(programme, text(TWO.replace("Alfa;", "Alfa Zorg;").replace("Beta;", "Beta;")))
    names = {o.name: o for o in programme.organisations}
    names["Alfa Zorg"].name, names["Beta"].name = "Alfa", "Thuis in Beek"
    db.session.flush()
    db.session.expire_all()
    again = imported(programme, text(TWO.replace("Alfa;", "Alfa Zorg;")))
    asked = {item["found"]: item["proposed"] for item in (again.report or {})["items"] if item["action"] == "asked"}
    assert asked == {"Alfa Zorg": "Alfa", "Beta": "Thuis in Beek"}
    assert rows(Organisation) == 2


def test_an_address_typed_by_hand_is_not_asked_for_again(app: Flask) -> None:
    programme = make.programme()
    nameless = text(HEAD + "Alfa;Ann Aalders;;Kring Oost;;\n")
    assert (imported(programme, nameless).report or {})["open"] == 1
    db.session.scalars(select(Person)).one().email = "ann@alfa.example"
    db.session.flush()
    again = imported(programme, nameless)
    assert ((again.report or {})["open"], rows(Person)) == (0, 1)


def test_somebody_known_elsewhere_keeps_their_name_and_is_kept_as_the_file_says(app: Flask) -> None:
    known = make.person(email="a@alfa.example", first_name="Anna", last_name="van Aalders")
    imported(make.programme(), text(TWO))
    typed = {person.name: person.as_typed for person in db.session.scalars(select(Person))}
    assert known.name == "Anna van Aalders"
    assert typed == {"Anna van Aalders": False, "Ann Aalders": True, "Bob de Boer": False}


def test_a_later_file_completes_a_room_without_adding_it(app: Flask) -> None:
    programme = make.programme()
    imported(programme, text(TWO))
    imported(programme, text("Organisatie;Zaal;Adres\nAlfa;de serre;Laan 1, Zwolle\n"))
    assert [(room.name, room.seats, room.address) for room in db.session.scalars(select(Room))] == [
        ("De Serre", 20, "Laan 1, Zwolle")
    ]


def test_every_network_touched_is_changed_once(app: Flask) -> None:
    programme = make.programme()
    untouched = make.network(programme=programme, name="Kring West")
    touched = make.network(programme=programme, name="Kring Oost")
    imported(programme, text(TWO))
    assert (untouched.revision, touched.revision) == (1, 2)


def test_the_log_names_the_import_and_nobody_in_it(app: Flask) -> None:
    imported(make.programme(), text(TWO))
    entry = db.session.scalars(select(Audit).where(Audit.verb == "imported")).one()
    assert entry.values["added"]["memberships"] == 2
    assert "alfa" not in json.dumps(entry.values).lower()


def test_undo_leaves_nothing_behind(app: Flask) -> None:
    programme = make.programme()
    before = counted()
    row = imported(programme, world.file(world.WORKBOOK))
    assert actions.undo(row, LATER) == 0
    assert (counted(), row.state, row.report) == (before, "undone", None)


def test_undo_leaves_what_was_there_before(app: Flask) -> None:
    network = make.network(name="Kring Oost")
    make.membership(
        network=network, organisation=make.organisation(programme=network.programme, name="Alfa"), seats=None
    )
    before = counted()
    row = imported(network.programme, text(TWO))
    actions.undo(row, LATER)
    assert counted() == before


def test_undo_keeps_what_somebody_built_on(app: Flask) -> None:
    row = imported(make.programme(), text(TWO))
    network = db.session.scalars(select(Network)).one()
    make.membership(network=network, people=0, seats=None)
    assert actions.undo(row, LATER) == 1
    assert db.session.scalars(select(Network.name)).all() == ["Kring Oost"]


def test_undo_is_refused_once_a_year_was_published(app: Flask) -> None:
    row = imported(make.programme(), text(TWO))
    cycle = Cycle(network=db.session.scalars(select(Network)).one(), year=2027, published=1)
    db.session.add(PublishedVersion(cycle=cycle, number=1, at=LATER, rows=[]))
    db.session.flush()
    before = counted()
    with pytest.raises(Refused, match="Kring Oost"):
        actions.undo(row, LATER)
    assert counted() == before


def test_after_undo_the_same_file_can_be_imported_again(app: Flask) -> None:
    programme = make.programme()
    actions.undo(imported(programme, text(TWO)), LATER)
    again = imported(programme, text(TWO))
    assert (again.report or {})["added"]["memberships"] == 2


def test_an_import_is_done_once(app: Flask) -> None:
    row = imported(make.programme(), text(TWO))
    with pytest.raises(Refused):
        actions.complete(row, NOW)
    assert [file.content for file in row.files] == [None]


def test_a_new_upload_takes_the_place_of_the_old_preview(app: Flask) -> None:
    programme = make.programme()
    person = make.programme_manager(programme=programme)
    actions.receive(programme, [text(TWO)], NOW, by=person)
    actions.receive(programme, [text(TWO)], NOW, by=person)
    assert rows(Import) == 1


def test_who_leaves_takes_along_what_imports_said_of_them(app: Flask) -> None:
    programme = make.programme()
    manager = make.programme_manager(programme=programme)
    doubtful = text(HEAD + "Alfa;Ann Aalders;a@alfa,example;Kring Oost;;\n")
    question = (imported(programme, doubtful).report or {})["items"][0]["question"]
    about_ann = imported(programme, doubtful, answers={question: "a@alfa.example"})
    about_bob = imported(programme, text(HEAD + "Beta;Bob de Boer;b@beta.example;Kring Oost;;\n"))
    preview = actions.receive(programme, [doubtful], NOW, by=manager)
    ann = db.session.scalars(select(Person).where(Person.email == "a@alfa.example")).one()
    assert "a@alfa.example" in json.dumps(about_ann.report)
    forget(ann, [programme.id])
    db.session.flush()
    assert (about_ann.report, about_ann.answers, about_bob.report is None) == (None, {}, False)
    assert db.session.get(Import, preview.id) is None


def test_my_data_names_the_imports_i_made(app: Flask) -> None:
    programme = make.programme()
    manager = make.programme_manager(programme=programme)
    actions.receive(programme, [text(TWO)], NOW, by=manager)
    assert personal_data(manager) == [{"at": NOW.isoformat(), "files": ["leden.csv"], "state": "preview"}]
