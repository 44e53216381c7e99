"""How often a network meets, where a list says so, becomes its wishes for a year."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.importing import actions
from app.importing.cells.rhythm import rhythm
from app.networks.models import Network
from tests import make
from tests.importing import sheets
from tests.importing.test_importing import LATER, imported

NETWORKS = (
    "Netzwerk;Rhythmus\n"
    "Austausch;monatlich online, 60 Min.\nWerkstatt;vierteljährlich\n"
    "Abendkreis;abends ab 19 Uhr\nRunde;nach Absprache\n"
)


@pytest.mark.parametrize(
    ("written", "wishes"),
    [
        ("monatlich, 60 Min.", {"number": 12, "minutes": 60}),
        ("elke 2e donderdag 13:30-16:30", {"weekdays": [3], "nth": "2", "start": "13:30", "minutes": 180}),
        ("vierteljährlich", {"number": 4}),
        ("abends ab 19 Uhr", {"start": "19:00"}),
        ("maandelijks online, 1 uur", {"number": 12, "minutes": 60}),
        ("jeden ersten Dienstag im Monat 17-18 Uhr", {"weekdays": [1], "nth": "1", "start": "17:00", "minutes": 60}),
        ("laatste donderdag, 9.30 - 12.00 uur", {"weekdays": [3], "nth": "last", "start": "09:30", "minutes": 150}),
        ("6x per jaar, dinsdagmiddag", {"number": 6, "weekdays": [1]}),
        ("om 8 uur", {"start": "08:00"}),
        ("halbjährlich, 2 Stunden", {"number": 2, "minutes": 120}),
        ("2-3 keer per jaar", {}),
        ("in overleg", {}),
        ("", {}),
    ],
)
def test_what_is_said_plainly_is_read(written: str, wishes: dict[str, object]) -> None:
    assert rhythm(written).wishes == wishes


def test_a_list_of_networks_gives_their_wishes_and_tells_it() -> None:
    proposal = sheets.of_text(NETWORKS)
    assert [str(network.rhythm) for network in proposal.networks.values()] == ["12×, 60 min", "4×", "19:00", ""]
    assert sheets.codes(proposal, "told", "ignored") == ["rhythm_read"] * 3 + ["rhythm_unclear"]


def test_wishes_are_stored_and_the_next_year_begins_with_them(app: Flask) -> None:
    imported(make.programme(), ("netze.csv", NETWORKS.encode()))
    network = db.session.scalars(select(Network).where(Network.name == "Austausch")).one()
    assert (network.mode, network.wishes["number"], network.wishes["minutes"]) == ("online", 12, 60)


def test_wishes_somebody_gave_stay_and_read_ones_are_undone(app: Flask) -> None:
    programme = make.programme()
    given = make.network(programme=programme, name="Werkstatt", wishes={"number": 5})
    bare = make.network(programme=programme, name="Abendkreis")
    row = imported(programme, ("netze.csv", NETWORKS.encode()))
    assert (given.wishes, bare.wishes["start"]) == ({"number": 5}, "19:00")
    actions.undo(row, LATER)
    assert (given.wishes, bare.wishes) == ({"number": 5}, {})


def test_a_column_beside_the_members_is_read_once_for_their_network() -> None:
    rows = "".join(f"Huis {n};Kring;elke 2e donderdag 13:30-16:30\n" for n in range(3))
    proposal = sheets.of_text("Organisatie;Netwerk;Ritme\n" + rows)
    assert sheets.codes(proposal, "told").count("rhythm_read") == 1
