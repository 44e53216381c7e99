"""The drawings as a browser lays them out: nothing overlaps, however many organisations there are."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from fractions import Fraction

import pytest
from flask import Flask, render_template_string
from playwright.sync_api import Browser, Page

from app.meetings.drawings.badges import Badge, deal
from app.meetings.drawings.turn_balance import Turns, balance
from app.meetings.drawings.year_strip import Strip, strip
from app.meetings.row import Origin, Row, RowKey
from app.networks.models import Organisation
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
NAMES = ("De Linde", "De Lindeboom", "'t Wevershuys", "Twentelinde", "Thuiszorg Wevershuys", "Het Veerhuis")
TODAY = date(2027, 5, 3)
# Pairs of boxes of these elements that share more than a hair.
OVERLAPS = """selector => {
  const boxes = [...document.querySelectorAll(selector)].map(
    e => [e.outerHTML.slice(0, 70), e.getBoundingClientRect()]);
  return boxes.flatMap(([a, p], n) => boxes.slice(n + 1).filter(([, q]) =>
    p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1 && q.top < p.bottom - 1).map(([b]) => [a, b]));
}"""


def organisations(number: int) -> dict[int, Badge]:
    return deal(Organisation(id=n, name=f"{NAMES[n % 6]}{f' {n}' if n > 5 else ''}") for n in range(number))


def drawn(number: int, meetings: int) -> Strip:
    """Meetings spread over a year from today's on, each prepared by two."""
    rows = []
    for n in range(meetings):
        day = TODAY + timedelta(n * 240 // meetings) if n % 2 else TODAY - timedelta(n * 120 // meetings)
        who = (n % number, (n + 1) % number, (n + 2) % number)
        mode = "online" if n % 3 == 2 else "in-person"
        rows.append(Row(RowKey(Origin.PUBLISHED, n), day, time(13), 120, mode, who[0], who[1:]))
    return strip(2027, rows, organisations(number), today=TODAY, mine=[1], open_turns=[3])


@pytest.fixture
def wide(chrome: Browser, site: Site) -> Iterator[Page]:
    context = chrome.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{site.url}/sign-in")
    yield page
    context.close()


def shown(page: Page, app: Flask, source: str, **values: object) -> None:
    with app.test_request_context():
        html = render_template_string(source, **values)
    page.evaluate("html => { document.querySelector('main').outerHTML = '<main class=wide>' + html + '</main>' }", html)


@pytest.mark.parametrize(("number", "meetings"), [(3, 6), (10, 12), (60, 52)])
def test_no_mark_and_no_initials_of_a_year_overlap(wide: Page, site: Site, number: int, meetings: int) -> None:
    source = "{% from 'meetings/_strip.html' import strip %}{{ strip(s, 'The year') }}"

    shown(wide, site.app, source, s=drawn(number, meetings))

    assert wide.locator("svg.strip circle.mark").count() == meetings
    assert wide.evaluate(OVERLAPS, "svg.strip text") == []
    assert wide.evaluate(OVERLAPS, "svg.strip circle.mark, svg.strip line.today") == []


def test_overlaps_would_be_found(wide: Page, site: Site) -> None:
    shown(wide, site.app, "<svg><text y=20>AB</text><text y=20 x=5>CD</text></svg>")

    assert len(wide.evaluate(OVERLAPS, "text")) == 1


@pytest.mark.parametrize("number", [3, 10, 60])
def test_no_name_and_no_bar_of_the_balance_overlap(wide: Page, site: Site, number: int) -> None:
    turns = [
        Turns(n, badge, (n % 4, n % 3), (Fraction(n % 7 - 3, 2), Fraction(3 - n % 7, 2)), n % 5 > 0)
        for n, badge in organisations(number).items()
    ]
    source = "{% from 'meetings/_balance.html' import balance %}{{ balance(lines, 'Until today') }}"

    shown(wide, site.app, source, lines=balance(turns))

    assert wide.locator("svg.balance rect.bar.preparing").count() == number
    assert wide.evaluate(OVERLAPS, "svg.balance text:not(.on-tone), svg.balance rect") == []


@pytest.mark.parametrize("number", [3, 12, 60])
def test_initials_of_a_network_are_all_different(number: int) -> None:
    badges = organisations(number)

    assert len({badge.initials for badge in badges.values()}) == number
    assert len({(badge.tone, badge.ringed) for badge in badges.values()}) == min(number, 24)


def test_initials_are_those_that_people_would_choose() -> None:
    said = [deal([Organisation(id=1, name=name)])[1].initials for name in NAMES]

    assert said == ["DL", "DL", "WE", "TW", "TW", "HV"]
