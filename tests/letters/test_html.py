"""A letter as HTML: it says what the text says, weighs little, and has one button."""

import re

import pytest
from flask import Flask

from app.mail.kind_of_mail import Letter
from app.mail.mime import compose
from app.mail.models import Message
from app.publishing.year_in_letter import TONES
from tests import make
from tests.letters.written import HOSTILE, SORTS, seen
from tests.make import NOW
from tests.test_house import ROOT

WITHOUT_BUTTON = {"A4", "X1", "test"}


@pytest.mark.parametrize("sort", SORTS)
def test_the_text_holds_every_word_and_every_link_of_the_html(letters: dict[str, Letter], sort: str) -> None:
    letter = letters[sort]
    found, text = seen(letter), f"{letter.subject} {' '.join(letter.text.split())}"
    assert [words for words in found.words if words != "·" and words not in text] == []
    assert [link for link, _label in found.links if link not in letter.text] == []


@pytest.mark.parametrize("sort", SORTS)
def test_a_letter_has_one_button_or_none(letters: dict[str, Letter], sort: str) -> None:
    assert seen(letters[sort]).buttons == (sort not in WITHOUT_BUTTON)


@pytest.mark.parametrize("sort", SORTS)
def test_a_mail_weighs_at_most_thirty_kilobytes(letters: dict[str, Letter], sort: str) -> None:
    assert len(compose(Message(id=1, generation=1), letters[sort], NOW).body) <= 30_000


@pytest.mark.parametrize("sort", SORTS)
def test_names_are_text_and_never_tags(letters: dict[str, Letter], sort: str) -> None:
    letter = letters[sort]
    assert HOSTILE in letter.text
    assert {"b", "i", "u"} & set(seen(letter).tags) == set()
    assert "&lt;b&gt;Ruth &amp; " in letter.html


def test_the_network_stands_above_and_the_day_is_the_title(letters: dict[str, Letter]) -> None:
    html = letters["D1"].html
    assert re.search(r"<h1[^>]*>donderdag 15 april 2027</h1>\s*<p[^>]*>13:00–16:00 uur</p>", html)
    assert html.index("Vrijwilligerscoördinatoren") < html.index("<h1")


def test_what_is_cancelled_has_no_day_as_its_title(letters: dict[str, Letter]) -> None:
    letter = letters["C1x"]
    assert re.search(r"<h1[^>]*>Gaat niet door: ", letter.html)
    assert "donderdag 15 april 2027" not in re.findall(r"<h1[^>]*>(.*?)</h1>", letter.html)


def strip_of(letter: Letter) -> list[str]:
    """Each month of the strip in words, top to bottom."""
    table = re.search(r'<table[^>]*class="strip line"[^>]*>(.*?)</table>', letter.html, re.S)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", table[1], re.S) if table else []
    return [" ".join(re.sub(r"<[^>]+>|&nbsp;", " ", cell).split()) for cell in cells]


def test_the_year_is_a_strip_of_twelve_months_with_preparers_host_and_day(letters: dict[str, Letter]) -> None:
    months = ["DB 6 jan", "feb", "mrt", "DB 6 DB ST 15 apr", "mei", "jun", "jul", "aug", "sep", "okt"]
    assert strip_of(letters["Y0"]) == [*months, "DB 6 ST 20 nov", "dec"]


def test_a_turn_of_one_s_own_is_circled_and_another_s_is_not(letters: dict[str, Letter]) -> None:
    html = letters["Y0"].html
    assert html.count('class="own"') == 2  # host on 15 April, preparation of the call
    assert html.count('class="ring"') == 1
    assert "transparent" in html


@pytest.mark.parametrize("sort", ["D1", "C1", "M1", "W0"])
def test_only_the_year_has_a_strip(letters: dict[str, Letter], sort: str) -> None:
    assert strip_of(letters[sort]) == []


def test_the_colours_of_organisations_are_those_of_the_pages() -> None:
    pages = (ROOT / "app/static/toerbeurt.css").read_text()
    assert re.findall(r"--tone: (#\w+)", pages) == list(TONES)


def test_the_letter_holds_without_its_style_block(letters: dict[str, Letter]) -> None:
    """Programs that drop it show the light letter: each colour of the dark one has a light one in the thing itself."""
    html = letters["D1"].html
    rest = re.sub(r"<style>.*?</style>", "", html, flags=re.S)
    for light in ("#ece8e0", "#ffffff", "#1f2a30", "#56636b", "#0b6670", "#d9d4ca"):
        assert light in rest
    assert "prefers-color-scheme: dark" in html
    assert "prefers-color-scheme" not in rest


def test_the_page_of_a_mail_may_use_its_own_styles_and_nothing_else(app: Flask) -> None:
    network = make.network()
    manager = make.manager(network=network)
    row = make.message(person=manager, kind="test", network_id=network.id)
    answer = make.browser(app, manager).get(f"/outbox/{row.id}/page")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; style-src 'unsafe-inline'" in policy
    assert "script-src" not in policy
