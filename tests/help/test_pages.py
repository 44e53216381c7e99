"""Help for each role, in three languages, from every page and every mail."""

import html
import re

import pytest
from flask import Flask

from app.help.texts import PAGES
from app.letters.names import NAMES
from tests import make
from tests.letters.written import wide_world, written

TITLES = {
    "en": ["For participants", "For who hosts or prepares", "For managers"],
    "nl": ["Voor deelnemers", "Voor wie ontvangt of voorbereidt", "Voor netwerkmanagers"],
    "de": ["Für Teilnehmende", "Für Gastgebende und Vorbereitung", "Für die Netzwerkkoordination"],
}


def title(page: str) -> str:
    return html.unescape(re.findall(r"<h1>(.*?)</h1>", page)[0])


@pytest.mark.parametrize("language", TITLES)
def test_each_role_has_its_page_in_each_language_without_signing_in(app: Flask, language: str) -> None:
    client = app.test_client()
    pages = [client.get(f"/help/{role}", headers={"Accept-Language": language}).text for role in PAGES]
    assert [title(page) for page in pages] == TITLES[language]


@pytest.mark.parametrize("role", PAGES)
def test_a_page_says_how_it_goes_what_mails_mean_and_what_turns_mean(app: Flask, role: str) -> None:
    page = html.unescape(app.test_client().get(f"/help/{role}", headers={"Accept-Language": "en"}).text)
    assert "What the turns mean" in page
    assert all(str(sentence) in page for sentence in PAGES[role].year)
    assert all(f"<dt>{NAMES[kind]}</dt>" in page for kind, _what in PAGES[role].mails)


@pytest.mark.parametrize("role", PAGES)
def test_each_page_leads_to_the_others_and_says_which_it_is(app: Flask, role: str) -> None:
    page = app.test_client().get(f"/help/{role}").text
    assert [f"/help/{each}" in page for each in PAGES] == [True] * 3
    assert re.findall(r'href="/help/(\w+)" aria-current="page"', page) == [role]


def test_a_role_nobody_has_has_no_page(app: Flask) -> None:
    assert app.test_client().get("/help/visitor").status_code == 404


def test_every_mail_that_a_page_explains_is_one_there_is() -> None:
    assert {kind for page in PAGES.values() for kind, _what in page.mails} <= NAMES.keys()


@pytest.mark.parametrize("path", ["/sign-in", "/help", "/nowhere", "/"])
def test_a_question_mark_on_every_page_leads_to_help(app: Flask, path: str) -> None:
    manager = make.manager(network=make.network())
    assert '<a href="/help"' in make.browser(app, manager).get(path).text


def test_the_question_mark_of_a_manager_opens_the_manager_s_page(app: Flask) -> None:
    network = make.network()
    assert title(make.browser(app, make.manager(network=network, language="en")).get("/help").text) == "For managers"


def test_the_question_mark_of_anybody_else_opens_the_participant_s_page(app: Flask) -> None:
    member = make.membership(network=make.network()).people[0]
    member.language = "en"
    assert title(make.browser(app, member).get("/help").text) == "For participants"
    assert title(app.test_client().get("/help", headers={"Accept-Language": "en"}).text) == "For participants"


@pytest.mark.parametrize(("sort", "role"), [("D1", "participant"), ("H1", "host"), ("M2", "manager")])
def test_a_mail_leads_to_the_help_of_its_reader(app: Flask, sort: str, role: str) -> None:
    assert f"Hulp: http://localhost/help/{role}\n" in written(sort, wide_world()).text
