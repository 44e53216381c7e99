"""What stands at the foot of every mail leads where it says, in two clicks."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.clock import now
from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.kind_of_mail import Letter
from app.mail.models import Message
from app.people.actions import make_link
from app.people.links import personal_token
from app.people.models import Person
from tests import make
from tests.letters.written import SORTS, seen, wide_world, written
from tests.make import NOW

LABELS = ["Minder mails", "Deutsch", "English", "Mijn gegevens", "Hulp"]


def foot(letter: Letter) -> dict[str, str]:
    """The links at the foot, by what they are called."""
    return {label: link.removeprefix("http://localhost") for link, label in seen(letter).links[-5:]}


def foot_of(sort: str) -> dict[str, str]:
    return foot(written(sort, wide_world()))


def saved(client: FlaskClient, link: str) -> Person:
    """Press Save on the page of a link, with what stands there."""
    page = client.get(link).text
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', each)) | {"": each} for each in re.findall(r"<input[^>]*>", page)]
    ticked = [each for each in inputs if re.search(r"\bchecked\b", each[""])]
    values: dict[str, Any] = {each["name"]: each["value"] for each in ticked}
    answer = client.post(link.partition("?")[0], data={"tone": "", **values})
    assert answer.status_code == 302
    db.session.expire_all()
    token = link.split("/")[2]
    return next(each for each in db.session.scalars(select(Person)) if personal_token(each)[:12] == token[:12])


@pytest.mark.parametrize("sort", SORTS)
def test_every_mail_has_less_mail_the_other_languages_my_data_and_help(letters: dict[str, Letter], sort: str) -> None:
    assert list(foot(letters[sort])) == LABELS


@pytest.mark.parametrize(("sort", "answers"), [("D1", [200, 200, 200, 302, 200]), ("A4", [302, 302, 302, 302, 200])])
def test_every_link_at_the_foot_opens_without_changing_anything(app: Flask, sort: str, answers: list[int]) -> None:
    """A4 goes to an address that is not the reader's any more: there each link asks to sign in."""
    links = foot_of(sort)
    before = [(p.language, p.wants_mail, p.wants_reminders) for p in db.session.scalars(select(Person))]
    assert [app.test_client().get(link).status_code for link in links.values()] == answers
    db.session.expire_all()
    assert [(p.language, p.wants_mail, p.wants_reminders) for p in db.session.scalars(select(Person))] == before


def test_less_mail_is_a_link_and_a_button(app: Flask) -> None:
    person = saved(app.test_client(), foot_of("D1")["Minder mails"])
    assert (person.wants_mail, person.wants_reminders, person.language) == (False, False, "nl")


def test_another_language_is_a_link_and_a_button(app: Flask) -> None:
    person = saved(app.test_client(), foot_of("D1")["Deutsch"])
    assert (person.language, person.wants_mail, person.wants_reminders) == ("de", True, True)


def test_a_language_nobody_speaks_here_is_not_chosen(app: Flask) -> None:
    person = saved(app.test_client(), foot_of("D1")["Deutsch"].replace("=de", "=xx"))
    assert person.language == "nl"


def test_my_data_asks_to_sign_in_and_then_opens(app: Flask) -> None:
    link, client = foot_of("D1")["Mijn gegevens"], app.test_client()
    person = make.person()
    _link, secret, _code = make_link(person, now())
    db.session.commit()
    assert client.get(link).location == "/sign-in"
    assert client.post(f"/sign-in/{secret}").location == link


def test_who_wanted_nothing_special_begins_at_the_start(app: Flask) -> None:
    _link, secret, _code = make_link(make.person(), now())
    db.session.commit()
    assert app.test_client().post(f"/sign-in/{secret}").location == "/"


def test_an_address_that_is_not_the_reader_s_any_more_gets_no_link_to_their_page(letters: dict[str, Letter]) -> None:
    assert "/me/" not in letters["A4"].text.replace("/me/data", "")


def test_an_address_that_is_the_reader_s_gets_one(letters: dict[str, Letter]) -> None:
    assert "/me/" in letters["A3"].text.replace("/me/data", "")


def test_a_link_to_sign_in_opens_nothing_else(app: Flask) -> None:
    person = make.person(email="eva@example.org")
    db.session.commit()
    app.test_client().post("/sign-in", data={"email": "eva@example.org"})
    message = db.session.scalars(select(Message).where(Message.kind == "sign_in")).one()
    assert personal_token(person)[:8] not in KINDS["sign_in"].render([message], NOW).text
