"""Five digital networks as a buffet: look at what there is, taste, leave; everybody brings something."""

import re
from datetime import timedelta

from icalendar import Calendar

from app.extensions import db
from app.meetings.models import Meeting
from app.networks.models import Membership, Network
from tests import make
from tests.guests.asking import NOW, Open, text_of

NAMES = ("Rekenen", "Tekenen", "Schrijven", "Zingen", "Koken")


def laid_out(there: Open) -> list[tuple[Network, Membership]]:
    """Each network meets online and brings something: a meeting, and what it offers or asks, over its own pages."""
    found = []
    for number, name in enumerate(NAMES):
        network = make.network(programme=there.programme, name=name, mode="online", public=True)
        member, manager = make.membership(network=network), make.manager(network=network)
        at = NOW + timedelta(days=10 + number)
        meeting = make.meeting(
            network=network,
            starts_at=at,
            mode="online",
            topic=f"Proeven van {name}",
            link=f"https://call.example/{name}",
        )
        make.duty(meeting=meeting, organisation=member.organisation, kind="preparation")
        db.session.commit()
        desk = make.browser(there.app, manager)
        path = f"/networks/{network.slug}"
        desk.post(f"{path}/meetings/{meeting.id}/guests", data={"open_to": "everybody", "guest_seats": "1"})
        brings = {"shared": "y", "public": "y", "kind": "offer", "title": f"Een uur {name}"}
        asks = {**brings, "kind": "question", "title": f"Wat gebruikt wie voor {name}?", "choices": "pen\npapier\n"}
        client = make.browser(there.app, member.people[0])
        for data in (brings, asks):
            assert client.post(f"{path}/topics", data=data).status_code == 302
        found.append((network, member))
    return found


def test_a_stranger_looks_tastes_and_leaves(there: Open) -> None:
    there.meeting.open_to = None
    networks = laid_out(there)
    client, slug = there.app.test_client(), there.programme.slug
    table = client.get(f"/p/{slug}/open?lang=nl").text
    order = re.findall(r"Proeven van (\w+)", table)
    first = re.findall(rf"/p/{slug}/[\w-]+/(\d+)", table)[0]
    there.network, there.meeting = networks[0][0], db.session.get_one(Meeting, int(first))
    tasted = there.comes("proever@example.org", language="nl")
    other = there.comes("later@example.org", language="nl")
    placed, waits = (there.mails(f"{who}@example.org")[-1] for who in ("proever", "later"))
    full = client.get(f"/p/{slug}/open?lang=nl").text
    there.press(tasted)
    moved = there.mails("later@example.org")[-1]

    assert order == list(NAMES)
    assert [f"Een uur {name}" in table for name in NAMES] == [True] * 5
    assert [f"Wat gebruikt wie voor {name}?" in table for name in NAMES] == [True] * 5
    assert "https://call.example/Rekenen" in text_of(placed)
    assert "https://call.example/Rekenen" not in text_of(waits)
    assert "Alle plaatsen voor gasten zijn bezet." in full
    assert "https://call.example/Rekenen" in text_of(moved)
    assert "Je hebt een plaats." in client.get(other).text


def test_nothing_on_the_table_names_a_person_or_gives_a_link_to_a_call(there: Open) -> None:
    networks = laid_out(there)
    client, slug = there.app.test_client(), there.programme.slug
    shown = client.get(f"/p/{slug}/open").text + client.get(f"/p/{slug}/open.ics").text
    people = [person for _network, member in networks for person in member.people]

    assert [word for person in people for word in (person.last_name, person.email) if word and word in shown] == []
    assert "call.example" not in shown


def test_the_calendar_of_the_buffet_has_all_five_in_order(there: Open) -> None:
    there.meeting.open_to = None
    laid_out(there)
    calendar = there.app.test_client().get(f"/p/{there.programme.slug}/open.ics?lang=nl").text

    events = Calendar.from_ical(calendar).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == [f"{name}: Proeven van {name}" for name in NAMES]
    assert {str(event["LOCATION"]) for event in events} == {"online"}
