"""Erasing takes a person out of the programmes that knew them, whole, and reaches into nobody else's rows."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import JSON, Text, select

from app import clock
from app.availability.models import Absence
from app.cli import backup, restore
from app.extensions import db
from app.importing.models import Import
from app.library.models import Link
from app.mail.models import Message
from app.meetings.models import Meeting
from app.networks.models import Membership, Role
from app.people.models import Person
from app.privacy import actions, erased, words
from app.pulse.models import Pulse, PulseAnswer
from app.reminders.models import MailText
from app.reports.models import YearWords
from app.results.models import Agreement, Result
from app.rounds.models import DateRemark
from app.topics.models import Topic
from app.worker import deliver
from tests import make
from tests.admin.conftest import here
from tests.make import NOW

NAME = {"first_name": "Quirine", "last_name": "Zonderland", "email": "quirine@zonderland.example.org"}
SENTENCE = "Thanks to Quirine Zonderland"


@pytest.fixture
def place(app: Flask) -> Membership:
    row = make.membership(network=make.network(), people=0)
    make.contact(membership=row, person=make.person(**NAME))
    return row


def test_an_erased_deputy_takes_no_role_of_who_is_away_along(app: Flask) -> None:
    programme = make.programme()
    away, deputy = (make.programme_manager(programme=programme) for _n in range(2))
    today = clock.today("Europe/Amsterdam")
    make.deputy(programme=programme, manager=away, deputy=deputy, first=today, last=today)

    actions.erase(deputy, NOW)

    assert [role.person_id for role in db.session.scalars(select(Role))] == [away.id]


def test_what_people_wrote_about_somebody_stays_without_the_name(place: Membership) -> None:
    network, organisation = place.network, place.organisation
    meeting = make.meeting(network=network, starts_at=NOW, topic="Walk with Quirine Zonderland", running_order="- tea")
    make.absence(organisation=organisation, weekday=1, reason="Quirine Zonderland teaches")
    make.topic(network=network, title="What quirine zonderland said")
    notes = {"outcomes": "It went well.", "recording_consent": "Quirine Zonderland and all others"}
    db.session.add(Result(meeting=meeting, saved_at=NOW, **notes))
    make.agreement(meeting=meeting, text="Quirine Zonderland: book a room")
    db.session.add(PulseAnswer(meeting=meeting, person=make.person(), atmosphere=5, goal=5, sentence=SENTENCE))
    held = make.meeting(network=network, starts_at=NOW - timedelta(days=60))
    db.session.add(Pulse(meeting=held, answers=4, sentences=["Cold", SENTENCE], closed_at=NOW))
    make.message(person=make.person(), network_id=network.id, note="Ask quirine@zonderland.example.org")
    db.session.add(MailText(network_id=network.id, kind="D1", opening="Greetings of Quirine Zonderland"))
    asked = make.date_round(network=network, days=[NOW.date()])
    asked.remarks.append(DateRemark(person_id=make.person().id, words="Not without Quirine Zonderland"))
    db.session.flush()

    actions.erase(place.people[0], NOW)

    assert (meeting.topic, meeting.running_order) == ("Walk with …", "- tea")
    assert db.session.scalars(select(Absence.reason)).one() == "… teaches"
    assert db.session.scalars(select(Topic.title)).one() == "What … said"
    assert db.session.scalars(select(Result.recording_consent)).one() == "… and all others"
    assert db.session.scalars(select(Agreement.text)).one() == "…: book a room"
    assert db.session.scalars(select(PulseAnswer.sentence)).one() == "Thanks to …"
    assert db.session.scalars(select(Pulse.sentences)).one() == ["Cold", "Thanks to …"]
    assert db.session.scalars(select(Message.note)).all() == ["Ask …"]
    assert db.session.scalars(select(MailText.opening)).one() == "Greetings of …"
    assert db.session.scalars(select(DateRemark.words)).one() == "Not without …"


def test_a_part_of_another_name_is_nobodys(place: Membership) -> None:
    person = place.people[0]
    person.first_name, person.last_name = "Jan", "Mol"
    make.absence(organisation=place.organisation, weekday=1, reason="Jan Molenaar and Arjan Mol are away, so is Jan.")

    actions.erase(person, NOW)

    said = "Jan Molenaar and Arjan Mol are away, so is Jan."
    assert db.session.scalars(select(Absence.reason)).one() == said


def test_texts_imports_and_previews_of_other_programmes_stay(place: Membership) -> None:
    elsewhere = make.membership(network=make.network())
    programme = elsewhere.network.programme
    make.absence(organisation=elsewhere.organisation, weekday=1, reason="Quirine Zonderland, another one")
    make.message(person=elsewhere.people[0], network_id=elsewhere.network_id, note="Quirine Zonderland")
    preview, done = make.import_(programme=programme), make.import_(programme=programme)
    done.state, done.report = "done", {"items": ["Quirine Zonderland"]}
    db.session.flush()

    actions.erase(place.people[0], NOW)
    db.session.expire_all()

    assert db.session.scalars(select(Absence.reason)).one() == "Quirine Zonderland, another one"
    assert db.session.scalars(select(Message.note)).one() == "Quirine Zonderland"
    assert [row.id for row in db.session.scalars(select(Import).order_by(Import.id))] == [preview.id, done.id]
    assert done.report == {"items": ["Quirine Zonderland"]}


def test_who_is_erased_leaves_what_others_typed_with_the_address_too(place: Membership) -> None:
    typed = make.contact(
        membership=make.membership(network=make.network(), people=0), person=make.person(**NAME, as_typed=True)
    ).person

    actions.erase_everywhere(place.people[0], NOW)

    assert (typed.name, typed.email) == ("", None)


def test_when_a_programme_lets_somebody_go_others_keep_whom_they_typed(place: Membership) -> None:
    member = make.membership(network=make.network(), people=0)
    typed = make.contact(membership=member, person=make.person(**NAME, as_typed=True)).person
    actions.leave(place.contacts[0], NOW)

    actions.keep_house(NOW + timedelta(days=400))

    assert typed.name == "Quirine Zonderland"


def test_after_the_months_of_a_programme_its_texts_forget_too(place: Membership) -> None:
    person, network = place.people[0], place.network
    make.absence(organisation=place.organisation, weekday=1, reason="Quirine Zonderland")
    actions.leave(place.contacts[0], NOW)

    actions.keep_house(NOW + timedelta(days=400))

    assert network.programme.keep_people == 12
    assert (person.name, db.session.scalars(select(Absence.reason)).one()) == ("", "…")


def mails(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "mail").glob("*.eml"))


def test_the_files_of_mails_go_where_they_name_the_person(here: Flask) -> None:
    place = make.membership(network=make.network(), people=0)
    network, person = place.network, make.person(**NAME)
    make.contact(membership=place, person=person)
    other = make.contact(membership=place).person
    for to, note in ((person, "Hello"), (other, "Ask Quirine Zonderland"), (other, "Hello")):
        values = {"kind": "X1", "note": note, "subject": "x", "params": {"audience": "all"}, "due_at": clock.now()}
        make.message(person=to, network_id=network.id, **values)
    db.session.commit()
    deliver(5)
    folder = here.config["SETTINGS"].instance
    before = mails(folder)

    actions.erase(person, NOW)

    assert len(before) == 3
    assert mails(folder) == before[2:]


def test_the_file_of_the_database_holds_nothing_of_who_is_erased(here: Flask) -> None:
    person = make.contact(membership=make.membership(network=make.network()), person=make.person(**NAME)).person
    db.session.commit()
    folder = here.config["SETTINGS"].instance

    actions.erase(person, clock.now())
    db.session.commit()
    erased.keep()

    stored = b"".join(file.read_bytes() for file in folder.glob("toerbeurt.sqlite3*"))
    assert b"onderland" not in stored
    assert b"Network" in stored


def names() -> dict[int, str]:
    db.session.expire_all()
    return {person.id: person.name for person in db.session.scalars(select(Person))}


def saved(here: Flask, file: Path) -> None:
    db.session.commit()
    answer = here.test_cli_runner().invoke(backup, [str(file)])
    assert answer.exit_code == 0, answer.output


def test_who_was_erased_since_a_backup_is_erased_again_by_its_restore(here: Flask, tmp_path: Path) -> None:
    member = make.membership(network=make.network())
    person = make.contact(membership=member, person=make.person(**NAME)).person
    others = {member.people[0].id: member.people[0].name}
    saved(here, tmp_path / "before.zip")
    number = person.id
    actions.erase(person, clock.now())
    db.session.commit()
    erased.keep()

    answer = here.test_cli_runner().invoke(restore, [str(tmp_path / "before.zip"), "--yes"])

    assert answer.exit_code == 0, answer.output
    assert names() == {number: ""} | others


def test_it_is_enough_that_the_list_lies_beside_the_backups(here: Flask, tmp_path: Path) -> None:
    number = make.person(**NAME).id
    saved(here, tmp_path / "before.zip")
    (tmp_path / "here" / "backups").mkdir(exist_ok=True)
    later = (clock.now() + timedelta(minutes=1)).isoformat()
    (tmp_path / "here" / "backups" / "erased.json").write_text(f'{{"{number}": "{later}"}}')

    answer = here.test_cli_runner().invoke(restore, [str(tmp_path / "before.zip"), "--yes"])

    assert answer.exit_code == 0, answer.exception
    assert list(names().values()) == [""]


def test_who_came_after_an_erasure_with_the_same_number_stays(here: Flask, tmp_path: Path) -> None:
    person = make.person(**NAME)
    (tmp_path / "here" / "backups").mkdir(exist_ok=True)
    earlier = (clock.now() - timedelta(days=1)).isoformat()
    (tmp_path / "here" / "backups" / "erased.json").write_text(f'{{"{person.id}": "{earlier}"}}')
    saved(here, tmp_path / "since.zip")

    here.test_cli_runner().invoke(restore, [str(tmp_path / "since.zip"), "--yes"])

    assert list(names().values()) == ["Quirine Zonderland"]


def test_a_published_year_names_nobody_either(place: Membership) -> None:
    make.meeting(network=place.network, starts_at=datetime(2027, 3, 4, 12, tzinfo=NOW.tzinfo))
    cycle = db.session.scalars(select(Meeting)).one().cycle
    cycle.draft = {"rows": [{"place": "Quirine Zonderland, Laan 1"}], "on": str(date(2027, 3, 4))}
    db.session.flush()

    actions.erase(place.people[0], NOW)

    assert cycle.draft == {"rows": [{"place": "…, Laan 1"}], "on": "2027-03-04"}


__all__ = ["here"]


def test_later_texts_forget_a_name_too(place: Membership) -> None:
    network, name = place.network, "Quirine Zonderland"
    network.programme.about = network.usual_programme = place.organisation.offers = f"Ask {name}"
    topic = make.topic(network=network, why=f"{name} asked", answer=f"{name} knows")
    make.reply(topic=topic, text=f"Call {name}")
    make.link(network=network, title=f"Film of {name}")
    db.session.add(YearWords(programme_id=network.programme_id, year=2026, words=f"Thanks to {name}"))
    make.message(person=make.person(), kind="X3", params={"text": f"{name} writes"})
    db.session.flush()

    actions.erase(place.people[0], NOW)

    assert [network.programme.about, network.usual_programme, place.organisation.offers] == ["Ask …"] * 3
    assert (topic.why, topic.answer, topic.replies[0].text) == ("… asked", "… knows", "Call …")
    assert db.session.scalars(select(Link.title)).one() == "Film of …"
    assert db.session.scalars(select(YearWords.words)).one() == "Thanks to …"
    assert db.session.scalars(select(Message.params)).one() == {"text": "… writes"}


# Long columns that hold no sentence about people.
NO_SENTENCE = {
    # names and addresses of their own, which go with their row
    *("address_change.email", "attendance.colleague_email", "person.email", "programme.sender_email"),
    *(
        "guest.email",
        "join_request.email",
        "join_request.organisation",
        "network.name",
        "organisation.name",
        "programme.name",
        "programme.sender_name",
        "room.name",
    ),
    "legal_text.text",  # of who runs the site, and says so
    *("link.url", "meeting.link", "network.link", "result.recording"),
    # numbers, choices, paths and what programs say
    *(
        "audit.values",
        "guest.told",
        "job.outcome",
        "job.params",
        "meeting.owed",
        "network.wishes",
        "pulse.atmosphere",
        "pulse.goal",
    ),
    *("backup_plan.error", "backup_plan.file", "browser_session.browser", "relay.error"),
    # imports that name somebody go as a whole (app/importing/personal.py)
    *("import.answers", "import.created", "import.only_network", "import.report", "import_file.name"),
}


def test_every_text_that_people_write_can_forget_a_name(app: Flask) -> None:
    covered = {(model.__tablename__, name) for model, _condition, names in words._texts([0]) for name in names}
    long = {
        (table.name, column.name)
        for table in db.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Text | JSON) or (getattr(column.type, "length", None) or 0) >= 150
    }
    assert {".".join(each) for each in long - covered} == NO_SENTENCE
