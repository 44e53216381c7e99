"""The log page: each reads what is theirs to read, in words, and nothing of anybody else's."""

import csv
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import insert, select

from app.audit import Audit
from app.extensions import db
from app.importing import actions as importing
from app.networks.models import Membership, Role
from app.people.models import Person
from app.privacy.actions import erase
from app.privacy.log_words import DONE, FIELDS, ROLES, WAYS
from app.topics.models import Topic
from tests import make
from tests.make import NOW
from tests.statements import statements


@pytest.fixture
def member(app: Flask) -> Membership:
    return make.membership(network=make.network(name="Noord"), people=2)


def noted(person: Person | None, verb: str, **more: object) -> Audit:
    """A line of the log as it is kept."""
    given = {"via": "page", "object": "network", "object_id": 1, "values": {}, "at": NOW, **more}
    row = Audit(person_id=person.id if person else None, verb=verb, **given)
    db.session.add(row)
    db.session.flush()
    return row


def read(app: Flask, person: Person) -> str:
    return make.browser(app, person).get("/log").text


def lines(app: Flask, person: Person) -> set[str]:
    """Which of the four places of this test stand on the person's page."""
    page = read(app, person)
    return {place for place, verb in PLACES.items() if str(DONE[verb]) in page}


PLACES = {"colleague": "ticks", "network": "reminder-rules", "sister": "room-saved", "elsewhere": "retention"}


def test_each_reads_what_is_theirs(app: Flask, member: Membership) -> None:
    network, programme = member.network, member.network.programme
    sister, elsewhere = make.network(programme=programme), make.network()
    other = make.membership(network=network)
    noted(member.people[1], "ticks", network_id=network.id)
    noted(other.people[0], "reminder-rules", network_id=network.id)
    noted(None, "room-saved", network_id=sister.id, programme_id=programme.id)
    noted(None, "retention", programme_id=elsewhere.programme_id)
    seen = {
        "memberless": lines(app, make.person()),
        "colleague": lines(app, member.people[0]),
        "other organisation": lines(app, other.people[0]),
        "network manager": lines(app, make.manager(network=network)),
        "programme manager": lines(app, make.programme_manager(programme=programme)),
        "manager elsewhere": lines(app, make.programme_manager(programme=elsewhere.programme)),
        "site admin": lines(app, make.person(site_admin=True)),
    }

    assert seen == {
        "memberless": set(),
        "colleague": {"colleague"},
        "other organisation": {"network"},
        "network manager": {"colleague", "network"},
        "programme manager": {"colleague", "network", "sister"},
        "manager elsewhere": {"elsewhere"},
        "site admin": {"colleague", "network", "sister", "elsewhere"},
    }


def test_a_line_says_who_as_what_by_which_way_where_and_what_changed(app: Flask, member: Membership) -> None:
    person = member.people[0]
    values = {"before": {"seats": 20}, "after": {"seats": 40}}
    noted(person, "room-saved", network_id=member.network_id, role="participant", via="link", values=values)

    page = " ".join(read(app, person).split())

    for said in (person.name, "as participant by a link in a mail", "Noord", "Seats: 20 → 40", DONE["room-saved"]):
        assert str(said) in page


def test_who_was_erased_is_a_former_participant(app: Flask, member: Membership) -> None:
    person, manager = member.people[1], make.manager(network=member.network)
    noted(person, "ticks", network_id=member.network_id)
    name = person.name
    erase(person, NOW)

    page = read(app, manager)

    assert "former participant" in page
    assert name not in page


def test_older_lines_are_a_page_further(app: Flask, member: Membership) -> None:
    person = member.people[0]
    first = noted(person, "retention")
    for _line in range(100):
        noted(person, "ticks")
    client = make.browser(app, person)
    page = client.get("/log").text
    more = re.search(r'href="(/log\?before=\d+)"', page)
    assert more
    older = client.get(more[1]).text

    assert str(DONE[first.verb]) not in page
    assert str(DONE[first.verb]) in older
    assert "/log?before=" not in older


def test_whatever_is_noted_has_its_words() -> None:
    sources = [path.read_text() for path in Path("app").rglob("*.py")]
    noted_verbs = set(re.findall(r'\b(?:record|record_of|_noted)\(\s*"([a-z-]+)"', "\n".join(sources)))

    assert noted_verbs | {"backup-made", "backup-failed"} == set(DONE)
    assert set(ROLES) >= {"participant", "network_manager", "programme_manager", "site_admin"}
    assert set(WAYS) == {"page", "web", "link", "command", "job"}


def test_what_changed_is_said_as_its_page_says_it(app: Flask, member: Membership) -> None:
    network, programme = member.network, member.network.programme
    manager = make.programme_manager(programme=programme)
    client = make.browser(app, manager)
    settings = {"name": "Noord", "region": "NL-Zuid", "mode": "hybrid", "state": "resting", "size_wanted": "9"}
    settings |= {"timezone": "Europe/Berlin", "tone": "formal", "minimum": "4", "keeps_names": "y"}
    answers = [
        client.post(f"/networks/{network.slug}/settings", data=settings),
        client.post(
            f"/networks/{network.slug}/members/{member.id}",
            data={"joined": "2026-03-01", "left": "2027-05-31", "duties_from": "2026-09-01", "hosts": "no"},
        ),
        client.post(f"/programmes/{programme.slug}", data={"name": "X", "language": "de", "region": "NL-Noord"}),
        client.post("/preferences", data={"language": "en", "tone": "informal"}),
    ]

    assert [answer.status_code for answer in answers] == [302] * 4
    page = client.get("/log").text
    changed = re.findall(r'<span class="soft">([^<:]+): ([^<]*) → ([^<]*)</span>', page)
    assert ("State", "active", "paused") in changed
    assert ("How it meets", "in person", "hybrid") in changed
    assert ("Last day", "–", "31 May 2027") in changed
    assert ("Hosts", "yes", "no") in changed
    assert ("Names of who was there are kept", "no", "yes") in changed
    assert ("How people are addressed", "–", "u, Sie") in changed
    assert ("How people are addressed", "–", "je, du") in changed
    assert ("Language", "nl", "Deutsch") not in changed
    assert {name for name, _before, _after in changed} <= {str(label) for label in FIELDS.values()}
    assert len({name for name, _before, _after in changed}) > 12


def links(page: str) -> dict[str, str]:
    """{XLSX or CSV: where it is taken along}."""
    return {name: unescape(path) for path, name in re.findall(r'href="(/log/file[^"]*)">(XLSX|CSV)', page)}


def table(app: Flask, person: Person, path: str = "/log/file?format=csv") -> list[list[str]]:
    text = make.browser(app, person).get(path).data.decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))


@pytest.mark.parametrize("kind", ["network", "person", "days"])
def test_lines_are_looked_for_by_network_person_and_days_and_the_others_stay_out(
    app: Flask, member: Membership, kind: str
) -> None:
    network, (one, other) = member.network, member.people
    sister = make.network(programme=network.programme, name="Zuid")
    noted(one, "ticks", network_id=network.id)
    noted(other, "room-saved", network_id=sister.id, at=NOW - timedelta(days=9))
    day = (NOW - timedelta(days=9)).date().isoformat()
    asked = {"network": f"network={sister.id}", "person": f"person={other.id}", "days": f"first={day}&last={day}"}[kind]
    client = make.browser(app, make.programme_manager(programme=network.programme))

    page = client.get(f"/log?{asked}").text

    assert str(DONE["room-saved"]) in page
    assert str(DONE["ticks"]) not in page
    assert asked in links(page)["CSV"].partition("format=csv&")[2]
    taken = client.get(links(page)["CSV"]).text
    assert str(DONE["room-saved"]) in taken
    assert str(DONE["ticks"]) not in taken


def test_a_day_begins_at_midnight_where_the_installation_stands(app: Flask, member: Membership) -> None:
    manager = make.manager(network=member.network)
    late, early = datetime(2026, 11, 20, 22, 59, tzinfo=UTC), datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    noted(None, "ticks", network_id=member.network_id, at=late)
    noted(None, "room-saved", network_id=member.network_id, at=early)

    page = make.browser(app, manager).get("/log?first=2026-11-21").text

    assert str(DONE["room-saved"]) in page
    assert str(DONE["ticks"]) not in page


def test_nobody_looks_for_what_they_may_not_read(app: Flask, member: Membership) -> None:
    elsewhere = make.membership(network=make.network(name="Elsewhere"))
    noted(elsewhere.people[0], "ticks", network_id=elsewhere.network_id)
    client = make.browser(app, make.programme_manager(programme=member.network.programme))
    paths = (f"network={elsewhere.network_id}", f"person={elsewhere.people[0].id}", "person=x", "first=9999-01-01")

    pages = [client.get(f"/log?{path}") for path in paths]
    files = [client.get(f"/log/file?format=csv&{path}") for path in paths]

    assert [page.status_code for page in pages] == [422] * 4
    assert [answer.status_code for answer in files] == [404] * 4
    assert str(DONE["ticks"]) not in "".join(page.text for page in pages)
    assert elsewhere.people[0].name not in "".join(page.text for page in pages)


def test_a_line_says_what_it_is_about_as_long_as_one_may_read_that(app: Flask, member: Membership) -> None:
    meeting = make.meeting(network=member.network, starts_at=datetime(2027, 3, 4, 12, tzinfo=UTC))
    duty = make.duty(meeting=meeting, organisation=member.organisation)
    manager = make.manager(network=member.network)
    role = db.session.scalars(select(Role).where(Role.person_id == manager.id)).one()
    passed = {"before": {"organisation": member.organisation_id}, "after": {"organisation": member.organisation_id}}
    noted(manager, "confirmation", network_id=member.network_id, object="duty", object_id=duty.id)
    noted(manager, "reassigned", network_id=member.network_id, object="duty", object_id=duty.id, values=passed)
    noted(manager, "role-granted", network_id=member.network_id, values={"person": member.people[1].id})
    name = member.organisation.name

    before = table(app, manager)
    db.session.delete(role)
    db.session.commit()
    after = table(app, manager)

    assert [line[2] for line in before[1:]] == [
        member.people[1].name,
        "4 March 2027, Host",
        f"4 March 2027, Host, {name}",
    ]
    assert before[2][3] == f"Turn of: {name} → {name}"
    assert [line[2] for line in after[1:]] == ["", "", ""]


def test_nothing_in_a_file_is_calculated(app: Flask, member: Membership) -> None:
    member.network.name = '=HYPERLINK("http://evil.example")'
    member.people[0].first_name = "@SUM(1)"
    noted(member.people[0], "ticks", network_id=member.network_id)
    client = make.browser(app, make.manager(network=member.network))

    rows = table(app, make.manager(network=member.network))
    sheet = load_workbook(BytesIO(client.get("/log/file?format=xlsx").data))["Log"]

    assert rows[1][4].startswith("'@SUM(1)")
    assert rows[1][7] == "'" + member.network.name
    assert rows[1][0] == "2026-11-24 10:00"
    assert sheet["H2"].data_type == "s"
    assert sheet["A2"].value == datetime(2026, 11, 24, 10)
    assert [sheet["A2"].is_date, sheet["A2"].number_format] == [True, "yyyy-mm-dd hh:mm"]


@pytest.mark.parametrize("path", ["/log", "/log/file?format=csv"])
def test_as_many_statements_for_a_line_as_for_five_thousand(app: Flask, member: Membership, path: str) -> None:
    client = make.browser(app, make.programme_manager(programme=member.network.programme))

    def counted() -> int:
        db.session.commit()
        db.session.expire_all()
        with statements() as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    counts = []
    for count in (1, 4_999):
        meeting = make.meeting(network=member.network, starts_at=NOW + timedelta(days=count))
        duty = make.duty(meeting=meeting, organisation=make.membership(network=member.network).organisation)
        row = {"at": NOW, "via": "page", "verb": "confirmation", "object": "duty", "object_id": duty.id}
        row |= {"network_id": member.network_id, "programme_id": member.network.programme_id, "values": {}}
        db.session.execute(insert(Audit), [row] * count)
        counts.append(counted())

    assert counts[0] == counts[1]
    assert counts[0] <= 24


def test_who_asks_without_a_name_is_in_nobodys_log(app: Flask, member: Membership) -> None:
    """A question with a name stands there; one without leaves no line, whatever its author does to it."""
    client, admin = make.browser(app, member.people[0]), make.person(site_admin=True)
    base = f"/networks/{member.network.slug}/topics"
    for title, unnamed in (("Asked openly", ""), ("Asked quietly", "y")):
        client.post(base, data={"title": title, "kind": "question", "unnamed": unnamed})
    quiet = db.session.scalars(select(Topic.id).where(Topic.unnamed)).one()
    answers = [
        client.post(f"{base}/{quiet}/text", data={"own-title": "Other", "own-why": ""}),
        client.post(f"{base}/{quiet}/closing", data={"answer": "Found"}),
        client.post(f"{base}/{quiet}/reopening"),
        client.post(f"{base}/{quiet}/withdrawal"),
    ]

    assert [answer.status_code for answer in answers] == [302] * 4
    assert db.session.scalars(select(Topic.title)).all() == ["Asked openly"]
    lines = [line[1] for line in table(app, admin)[1:] if line[4] == member.people[0].name]
    assert lines == [str(DONE["topic-wished"]), str(DONE["topic-proposed"])]
    assert set(db.session.scalars(select(Audit.object_id).where(Audit.object == "topic"))) == {quiet - 1}


def test_an_answered_list_stands_in_the_log(member: Membership) -> None:
    row = make.import_(programme=member.network.programme)

    importing.answer(row, {}, NOW)
    importing.answer(row, {"column-1": "name"}, NOW)
    db.session.flush()

    lines = db.session.scalars(select(Audit).where(Audit.verb == "import-answered")).all()
    assert [line.values for line in lines] == [{"answers": 1}]
