"""The log page: each reads what is theirs to read, in words, and nothing of anybody else's."""

import re
from pathlib import Path

import pytest
from flask import Flask

from app.audit import Audit
from app.extensions import db
from app.networks.models import Membership
from app.people.models import Person
from app.privacy.actions import erase
from app.privacy.log_words import DONE, FIELDS, ROLES, WAYS
from tests import make
from tests.make import NOW


@pytest.fixture
def member(app: Flask) -> Membership:
    return make.membership(network=make.network(name="Noord"), people=2)


def noted(person: Person | None, verb: str, **more: object) -> Audit:
    """A line of the log as it is kept."""
    given = {"via": "page", "object": "network", "object_id": 1, "values": {}, **more}
    row = Audit(at=NOW, person_id=person.id if person else None, verb=verb, **given)
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
