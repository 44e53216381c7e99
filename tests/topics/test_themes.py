"""What moves several networks: words that their topics share, whatever case and accents."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.extensions import db
from app.networks.models import Network
from app.topics.themes import themes
from tests import make

NOW = make.NOW


@pytest.fixture
def networks(app: Flask) -> Iterator[list[Network]]:
    with time_machine.travel(NOW, tick=False):
        programme = make.programme()
        yield [make.network(programme=programme, name=name) for name in ("Noord", "Zuid", "West")]


def said(networks: list[Network]) -> list[tuple[tuple[str, ...], int]]:
    return [(theme.words, theme.networks) for theme in themes([each.id for each in networks], NOW)]


def test_words_of_several_networks_are_found_whatever_case_and_accents(networks: list[Network]) -> None:
    make.topic(network=networks[0], title="Rol en positie van de coördinator")
    make.topic(network=networks[1], title="COORDINATOR: welke positie?")
    make.topic(network=networks[2], title="De positie van vrijwilligers")

    assert said(networks) == [(("positie",), 3), (("coördinator",), 2)]


def test_words_that_always_stand_together_are_one_theme(networks: list[Network]) -> None:
    for network in networks[:2]:
        make.topic(network=network, title="Waardering zonder budget")

    assert said(networks) == [(("waardering", "budget"), 2)]


def test_one_network_alone_is_no_theme(networks: list[Network]) -> None:
    for title in ("Roosters maken", "Roosters delen"):
        make.topic(network=networks[0], title=title)

    assert said(networks) == []


@pytest.mark.parametrize(
    "values",
    [{"hidden_at": NOW}, {"withdrawn_at": NOW}, {"created_at": NOW - timedelta(days=600)}],
    ids=["hidden", "withdrawn", "long ago"],
)
def test_what_nobody_sees_or_was_long_ago_is_left_out(networks: list[Network], values: dict[str, object]) -> None:
    make.topic(network=networks[0], title="Roosters")
    make.topic(network=networks[1], title="Roosters", **values)

    assert said(networks) == []


def test_a_manager_sees_those_of_their_networks_alone(app: Flask, networks: list[Network]) -> None:
    for network in networks:
        make.topic(network=network, title="Roosters")
    two, one = make.manager(network=networks[0]), make.manager(network=networks[2])
    make.role_of(two, network=networks[1])
    db.session.commit()

    page = make.browser(app, two).get("/themes").text
    alone = make.browser(app, one).get("/themes").text

    assert ("roosters" in page, "in 2 networks" in page, "West" in page) == (True, True, False)
    assert "No two of your networks share a word in their topics yet." in alone
