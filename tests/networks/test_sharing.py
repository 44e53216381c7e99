"""People are shared by programmes: whoever manages one cannot write, read or take over what belongs to the others."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.calendars import actions as calendars
from app.calendars.models import FeedLink
from app.extensions import db
from app.importing import actions as importing
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.networks.models import Contact, Membership, Role
from app.people.links import personal_token
from app.people.models import BrowserSession, Person
from app.people.queries import by_email
from tests import make
from tests.make import NOW

LIST = "Organisatie;Contactpersoon;E-mail;Netwerk\nAlfa;Ann Attack;known@there.example;Kring\n"


@dataclass
class Two:
    """A programme with its manager, and somebody who is known in another one."""

    member: Membership
    client: FlaskClient
    known: Person

    @property
    def path(self) -> str:
        return f"/networks/{self.member.network.slug}/members/{self.member.id}"

    def written(self) -> list[Person]:
        """Everybody with the known address, the owner first."""
        query = select(Person).where(Person.email == "known@there.example").order_by(Person.as_typed)
        return list(db.session.scalars(query))

    def add(self, **data: str) -> str:
        """The known address is typed into the page of the member; what the answer says."""
        data = {"first_name": "Typed", "last_name": "Name", "email": "known@there.example", **data}
        return self.client.post(f"{self.path}/contacts", data=data, follow_redirects=True).text


@pytest.fixture
def two(app: Flask) -> Two:
    known = make.person(first_name="Secret", last_name="Surname", email="known@there.example")
    make.contact(membership=make.membership(network=make.network(), people=0), person=known)
    member = make.membership(network=make.network())
    manager = make.programme_manager(programme=member.network.programme, language="en")
    return Two(member, make.browser(app, manager), known)


def row(person: Person) -> tuple[str, str | None, int]:
    db.session.refresh(person)
    return person.name, person.email, person.link_counter


def recognised(app: Flask, two: Two) -> Contact:
    """Somebody of both programmes, by their own word; their place in the second."""
    two.add()
    typed = two.written()[1]
    make.browser(app, two.known).post(f"/me/written-down/{typed.id}/recognition")
    return db.session.scalars(
        select(Contact).where(Contact.person_id == two.known.id, Contact.membership_id == two.member.id)
    ).one()


def test_a_known_address_is_answered_like_a_new_one_and_shown_as_typed(two: Two) -> None:
    known = two.add()
    new = two.add(email="new@there.example")

    assert "Typed Name takes part from now on." in known
    assert "Secret" not in known
    assert "Typed Name takes part from now on." in new
    assert [person.name for person in two.written()] == ["Secret Surname", "Typed Name"]


def test_a_contact_who_adds_an_address_of_another_network_sees_what_they_typed(app: Flask, two: Two) -> None:
    sister = make.membership(network=make.network(programme=two.member.network.programme), people=0)
    make.contact(membership=sister, person=make.person(first_name="Hidden", email="sister@there.example"))
    contact = make.browser(app, two.member.people[0])
    data = {"first_name": "Typed", "email": "sister@there.example"}

    page = contact.post(f"{two.path}/contacts", data=data, follow_redirects=True).text

    assert "Hidden" not in page
    assert "Typed takes part from now on." in page


def test_changing_a_typed_contact_changes_nothing_of_the_owner(two: Two) -> None:
    two.add()
    before, place = row(two.known), two.member.contacts[-1]
    data = {"first_name": "Mine", "last_name": "Now", "email": "attacker@evil.example"}

    answer = two.client.post(f"{two.path}/contacts/{place.id}", data=data)

    assert answer.status_code == 302
    assert row(two.known) == before
    assert by_email("known@there.example") is two.known


def test_a_known_address_for_a_contact_here_is_answered_like_a_new_one(two: Two) -> None:
    before, place = row(two.known), two.member.contacts[0]

    answer = two.client.post(
        f"{two.path}/contacts/{place.id}", data={"first_name": "A", "email": "known@there.example"}
    )

    assert answer.status_code == 302
    assert place.person.as_typed
    assert row(two.known) == before


def test_whose_places_lie_elsewhere_too_is_asked_to_change_it(app: Flask, two: Two) -> None:
    place = recognised(app, two)
    before = row(two.known)

    page = two.client.get(f"{two.path}/contacts/{place.id}").text
    refused = two.client.post(f"{two.path}/contacts/{place.id}", data={"first_name": "X", "email": "x@evil.example"})
    asked = two.client.post(f"{two.path}/contacts/{place.id}/asking")
    again = two.client.post(f"{two.path}/contacts/{place.id}/asking")

    assert "Ask them to change it" in page
    assert refused.status_code == 422
    assert row(two.known) == before
    assert (asked.status_code, again.status_code) == (302, 302)
    mail = db.session.scalars(select(Message).where(Message.kind == "A3")).one()
    assert KINDS["A3"].render([mail], NOW).to == ("Secret Surname", "known@there.example")


@pytest.mark.parametrize("role", ["site admin", "programme manager", "another network"])
def test_nobody_writes_who_has_a_role_above(app: Flask, role: str) -> None:
    member = make.membership(network=make.network())
    network, person = member.network, member.people[0]
    if role == "site admin":
        person.site_admin = True
    else:
        within = make.network(programme=network.programme) if role == "another network" else None
        kind = "network_manager" if within else "programme_manager"
        db.session.add(Role(person=person, programme=network.programme, network=within, role=kind))
    client = make.browser(app, make.manager(network=network))

    answer = client.post(
        f"/networks/{network.slug}/members/{member.id}/contacts/{member.contacts[0].id}",
        data={"first_name": "Mine", "email": "x@evil.example"},
    )

    assert answer.status_code == 422
    assert row(person)[1] != "x@evil.example"


def test_a_manager_changes_nobodys_address_unnoticed(app: Flask) -> None:
    member = make.membership(network=make.network())
    person, old = member.people[0], member.people[0].email
    browser, token = make.browser(app, person), personal_token(person)
    calendars.feed_link(person, "mine", None, NOW)
    client = make.browser(app, make.manager(network=member.network))

    client.post(
        f"/networks/{member.network.slug}/members/{member.id}/contacts/{member.contacts[0].id}",
        data={"first_name": "Ada", "last_name": "Bos", "email": "ada@new.example"},
    )

    told = db.session.scalars(select(Message).where(Message.kind == "A4")).one()
    letter = KINDS["A4"].render([told], NOW)
    assert letter.to == ("Ada Bos", old)
    assert "ada@new.example" not in letter.text
    assert browser.get("/me").location == "/sign-in"
    assert app.test_client().get(f"/me/{token}").status_code in (404, 410)
    assert [link.replaced_at is not None for link in db.session.scalars(select(FeedLink))] == [True]


def test_ones_own_name_and_address_are_changed_in_the_preferences_alone(app: Flask) -> None:
    network = make.network()
    manager = make.manager(network=network, language="en")
    member = make.membership(network=network, people=0)
    place = make.contact(membership=member, person=manager)
    client, path = make.browser(app, manager), f"/networks/{network.slug}/members/{member.id}/contacts/{place.id}"

    page = client.get(path).text
    refused = client.post(path, data={"first_name": "X", "email": "x@evil.example"})
    client.post("/preferences/name", data={"title": "Dr.", "first_name": "Own", "last_name": "Word"})

    assert "This is you." in page
    assert refused.status_code == 422
    db.session.refresh(manager)
    assert (manager.title, manager.name) == ("Dr.", "Own Word")


def merge(two: Two, keep: Person, drop: Person) -> int:
    path = f"/programmes/{two.member.network.programme.slug}/people/merge"
    return two.client.post(path, data={"person-keep": keep.id, "person-drop": drop.id}).status_code


def test_nobody_known_elsewhere_is_merged_either_way(app: Flask, two: Two) -> None:
    recognised(app, two)
    puppet, before = two.member.people[0], row(two.known)
    make.browser(app, two.known)

    answers = merge(two, puppet, two.known), merge(two, two.known, puppet)

    assert answers == (422, 422)
    assert row(two.known) == before
    assert {each.person_id for each in db.session.scalars(select(BrowserSession))} >= {two.known.id}


def test_of_two_merged_the_dropped_ones_sessions_and_calendars_end_and_roles_stay(app: Flask, two: Two) -> None:
    network = two.member.network
    keep, drop = two.member.people[0], make.contact(membership=two.member).person
    browser, kept = make.browser(app, drop), keep.site_admin
    calendars.feed_link(drop, "mine", None, NOW)
    manages = make.role(programme=network.programme, network=network).person
    make.contact(membership=two.member, person=manages)
    db.session.commit()

    merged, refused = merge(two, keep, drop), merge(two, keep, manages)

    assert (merged, refused) == (302, 422)
    assert browser.get("/me").location == "/sign-in"
    assert db.session.scalars(select(FeedLink)).all() == []
    assert keep.site_admin == kept


def test_a_list_renames_nobody_whom_another_programme_knows(app: Flask, two: Two) -> None:
    place = recognised(app, two)
    place.membership.organisation.name, place.membership.network.name = "Alfa", "Kring"
    db.session.commit()
    programme, before = two.member.network.programme, row(two.known)
    received = importing.receive(programme, [("list.csv", LIST.encode())], NOW)
    questions = importing.proposal_of(received, NOW).questions
    importing.answer(received, {each.question: "file" for each in questions if each.code == "value_changed"}, NOW)

    report = importing.complete(received, NOW)

    assert row(two.known) == before
    assert [each["code"] for each in report["items"] if each["code"] in ("name_own", "answered")] == ["name_own"]


def test_undoing_an_import_gives_no_name_back_to_whom_others_know_by_now(app: Flask, two: Two) -> None:
    person = make.person(email="known@here.example", first_name="Old", last_name="Name")
    make.contact(membership=two.member, person=person)
    changed = [{"table": "person", "id": person.id, "field": "first_name", "was": "Oldest", "now": "Old"}]
    done = make.import_(programme=two.member.network.programme)
    done.state, done.created = "done", {"changed": changed}
    make.contact(membership=make.membership(network=make.network()), person=person)

    importing.undo(done, NOW)

    assert person.first_name == "Old"


def test_how_a_programme_addresses_people_changes_nobody_known_elsewhere(app: Flask, two: Two) -> None:
    recognised(app, two)
    programme = two.member.network.programme
    data = {"name": programme.name, "language": "nl", "region": "NL-Midden", "tone": "formal"}

    two.client.post(f"/programmes/{programme.slug}", data=data)

    db.session.expire_all()
    assert [person.formal_here for person in two.member.people] == [True, None]


def test_a_typed_address_signs_nobody_in_but_its_owner(two: Two) -> None:
    two.add()

    two.client.post("/sign-in", data={"email": "known@there.example"})

    asked = db.session.scalars(select(Message).where(Message.kind == "sign_in")).one()
    assert asked.person_id == two.known.id


def test_an_address_its_owner_gave_up_belongs_to_whom_it_was_typed_for(two: Two) -> None:
    two.add()
    two.known.email = None
    db.session.commit()

    two.client.post("/sign-in", data={"email": "known@there.example"})

    (typed,) = two.written()
    asked = db.session.scalars(select(Message).where(Message.kind == "sign_in")).one()
    assert asked.person_id == typed.id
    assert not typed.as_typed


def test_who_says_that_is_me_has_both_on_one_page(app: Flask, two: Two) -> None:
    two.add()
    browser = make.browser(app, two.known)
    asked = browser.get("/me").text
    typed = two.written()[1]

    browser.post(f"/me/written-down/{typed.id}/recognition")

    assert two.member.network.name in asked
    assert [person.name for person in two.written()] == ["Secret Surname"]
    assert two.known in two.member.people
    assert "Is that you?" not in browser.get("/me").text


def test_a_role_given_to_a_known_address_counts_once_its_owner_says_so(app: Flask, two: Two) -> None:
    programme = two.member.network.programme
    two.client.post(f"/programmes/{programme.slug}/roles", data={"first_name": "Typed", "email": "known@there.example"})
    browser = make.browser(app, two.known)
    before = browser.get(f"/programmes/{programme.slug}").status_code

    browser.post(f"/me/written-down/{two.written()[1].id}/recognition")

    assert before == 404
    assert browser.get(f"/programmes/{programme.slug}").status_code == 200


def test_who_says_that_is_not_me_is_written_to_no_more(app: Flask, two: Two) -> None:
    two.add()
    typed = two.written()[1]

    make.browser(app, two.known).post(f"/me/written-down/{typed.id}/refusal")

    db.session.refresh(typed)
    assert (typed.name, typed.email) == ("Typed Name", None)


@pytest.mark.parametrize("word", ["recognition", "refusal"])
def test_nobody_else_says_that_it_is_them(app: Flask, two: Two, word: str) -> None:
    two.add()
    typed = two.written()[1]

    answer = make.browser(app, two.member.people[0]).post(f"/me/written-down/{typed.id}/{word}")

    assert answer.status_code == 404
    assert row(typed)[0] == "Typed Name"


def test_nothing_that_lets_somebody_in_moves_with_a_typed_place(app: Flask, two: Two) -> None:
    """A manager reads a calendar with an address of their own, then types somebody else's for it."""
    place = make.contact(membership=two.member, person=make.person(email="mine@evil.example"))
    calendars.feed_link(place.person, "mine", None, NOW)
    db.session.commit()
    two.client.post(f"{two.path}/contacts/{place.id}", data={"first_name": "T", "email": "known@there.example"})

    make.browser(app, two.known).post(f"/me/written-down/{place.person_id}/recognition")

    assert db.session.scalars(select(FeedLink)).all() == []
