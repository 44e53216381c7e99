"""How people are addressed: by their own choice, else as their network or programme does."""

import pytest
import time_machine
from babel.support import Translations
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.importing import actions as transfer
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.networks import actions
from app.networks.models import Network
from app.people.models import Person
from tests import make
from tests.planning import years
from tests.planning.years import NOW


@pytest.fixture
def network(app: Flask) -> Network:
    network = years.network(members=2, people=1)
    for language, membership in zip(("de", "nl"), sorted(network.memberships, key=lambda m: m.id), strict=True):
        person = membership.people[0]
        person.language, person.first_name, person.last_name, person.title = language, "Anouk", "Brands", "Dr."
    db.session.commit()
    return network


def people(network: Network) -> tuple[Person, Person]:
    german, dutch = (each.people[0] for each in sorted(network.memberships, key=lambda m: m.id))
    return german, dutch


def change(network: Network, formal: bool | None) -> None:
    actions.change_network(network, {"name": network.name, "formal": formal}, NOW)


def test_by_default_german_says_sie_and_dutch_je(network: Network) -> None:
    assert [str(person.locale) for person in people(network)] == ["de_DE", "nl_NL"]


def test_a_network_says_du_or_u_and_the_programme_where_it_says_nothing(network: Network) -> None:
    change(network, False)
    informal = [str(person.locale) for person in people(network)]
    network.formal = None
    actions.change_sender(network.programme, {"formal": True}, NOW)

    assert informal == ["de_DE@informal", "nl_NL"]
    assert [str(person.locale) for person in people(network)] == ["de_DE", "nl_NL@formal"]


def test_the_own_choice_comes_first_and_newcomers_are_addressed_like_the_others(network: Network) -> None:
    german, dutch = people(network)
    german.formal = True
    change(network, False)
    newcomer = make.person(language="de")
    actions.add_contact(min(network.memberships, key=lambda m: m.id), newcomer, NOW)

    assert [str(each.locale) for each in (german, dutch, newcomer)] == ["de_DE", "nl_NL", "de_DE@informal"]


def test_people_from_a_list_are_addressed_as_the_programme_does(app: Flask) -> None:
    programme = make.programme(formal=True)
    list_of_one = b"organisation;first name;last name;e-mail;network\nHuize Zon;Ann;Mol;ann@zon.example;Care\n"

    transfer.complete(transfer.receive(programme, [("list.csv", list_of_one)], NOW), NOW)

    ann = db.session.scalars(select(Person).where(Person.email == "ann@zon.example")).one()
    assert str(ann.locale) == "nl_NL@formal"


@time_machine.travel(NOW, tick=False)
def test_mails_and_pages_follow(app: Flask, network: Network) -> None:
    years.published(network, number=2)
    mails = {m.person_id: m for m in db.session.scalars(select(Message).where(Message.kind == "Y0"))}
    german, dutch = people(network)
    usual = [KINDS["Y0"].render([mails[each.id]], NOW) for each in (german, dutch)]
    german.formal, dutch.formal = False, True
    other = [KINDS["Y0"].render([mails[each.id]], NOW) for each in (german, dutch)]
    db.session.commit()
    page = make.browser(app, german).get("/me/data").text

    assert [letter.text.split("\n")[0] for letter in usual] == ["Guten Tag Dr. Anouk Brands,", "Beste Anouk,"]
    assert [letter.text.split("\n")[0] for letter in other] == ["Hallo Anouk,", "Beste Dr. Anouk Brands,"]
    assert other[0].subject.endswith("Termine und eure Aufgaben")
    assert other[1].subject.endswith("data en uw beurten")
    assert "dein" in page
    assert "Sie " not in page


def test_a_plural_of_a_variant_is_the_variants(app: Flask) -> None:
    folder = f"{app.root_path}/translations/variants"
    found = Translations.load(folder, ["de_DE@informal"])

    assert found.ungettext("One date waits for your answer.", "%(num)s dates wait for your answer.", 2) == (
        "%(num)s Termine warten auf deine Antwort."
    )
