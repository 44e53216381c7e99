"""Each day of the year says why it is closed or dear."""

from datetime import date

from flask import Flask

from app.extensions import db
from app.networks.models import Network
from app.planning.shown import day_map
from tests import make
from tests.planning import years


def day(network: Network, month: int, number: int) -> day_map.Day:
    return day_map.of_year(network, 2027)[month - 1][number - 1]


def test_holidays_weekends_and_closed_periods_are_closed(app: Flask) -> None:
    network = years.network()
    make.closed_period(programme=network.programme, name="Carnaval", first=date(2027, 2, 9), last=date(2027, 2, 9))
    db.session.commit()

    assert (day(network, 4, 27).shade, day(network, 4, 27).why) == ("closed", "Koningsdag")
    assert (day(network, 2, 9).shade, day(network, 2, 9).why) == ("closed", "Carnaval")
    assert day(network, 2, 13).shade == "weekend"


def test_a_day_is_dearer_the_more_cannot_come(app: Flask) -> None:
    network = years.network(members=4)
    for member in network.memberships[:1]:
        make.absence(organisation=member.organisation, first=date(2027, 6, 1), last=date(2027, 6, 2))
    for member in network.memberships[1:4]:
        make.absence(organisation=member.organisation, first=date(2027, 6, 2), last=date(2027, 6, 2))
    db.session.commit()

    assert [day(network, 6, n).shade for n in (1, 2, 3)] == ["dear-2", "dear-4", "open"]
    assert network.memberships[0].organisation.short in day(network, 6, 1).why


def test_the_page_draws_the_year_with_its_meetings(app: Flask) -> None:
    network = years.network()
    years.drafted(network)
    client = make.browser(app, make.manager(network=network, language="en"))

    page = client.get(f"/networks/{network.slug}/years/2027/days").text

    assert page.count("●") == 5
    assert "Koningsdag" in page
