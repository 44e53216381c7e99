"""A manager takes a guest off a meeting: the guest is told, who waits has the seat, and it bars nobody."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.audit import Audit
from app.extensions import db
from app.guests.models import Guest
from tests import make
from tests.forms import forms_of
from tests.guests.asking import Open, text_of

START = "Thu 3 December"


def desk(there: Open) -> str:
    return f"/networks/{there.network.slug}/meetings/{there.meeting.id}/guests"


def way_off(there: Open, email: str) -> str:
    return f"{desk(there)}/{db.session.scalars(select(Guest.id).where(Guest.email == email)).one()}/removal"


def take_off(there: Open, email: str) -> Any:
    """By the button beside the name."""
    path, client = way_off(there, email), there.desk
    form = next(each for each in forms_of(client.get(desk(there)).text) if each.action == path)
    return client.post(form.action, data=form.same, follow_redirects=True)


def test_who_is_taken_off_is_told_and_who_waits_longest_has_the_seat(there: Open) -> None:
    path = there.comes("a@example.org", name="Anna")
    for who in "bcd":
        there.comes(f"{who}@example.org")
    page = take_off(there, "a@example.org").text
    told, moved = there.mails("a@example.org")[-1], there.mails("c@example.org")[-1]

    assert "Anna is off the list, and gets a mail that says so." in page
    assert there.guests() == {"a@example.org": None, "b@example.org": 2, "c@example.org": 1, "d@example.org": None}
    assert told["Subject"] == f"Your place on {START} is taken away: Noord"
    assert "Who manages Noord took you off the list of guests of this meeting." in text_of(told)
    assert there.manager.email in str(told["Reply-To"])
    assert "Laan 1" not in text_of(told)
    assert moved["Subject"] == f"You have a place on {START}: Noord"
    assert there.mails("d@example.org")[-1]["Subject"] == f"You are on the waiting list for {START}"
    assert "Your place was taken away by who manages Noord." in there.app.test_client().get(path).text


def test_who_waited_is_taken_off_and_nobody_moves(there: Open) -> None:
    for who in "abc":
        there.comes(f"{who}@example.org")
    take_off(there, "c@example.org")

    assert there.guests() == {"a@example.org": 1, "b@example.org": 2, "c@example.org": None}
    assert there.mails("c@example.org")[-1]["Subject"] == f"Your place on {START} is taken away: Noord"
    assert "gets a mail" not in there.desk.get(desk(there)).text
    assert "Waiting for one" not in there.desk.get(desk(there)).text


def test_nothing_that_was_on_its_way_to_them_leaves_any_more(there: Open) -> None:
    there.comes("a@example.org")
    take_off(there, "a@example.org")
    there.mails()
    there.at(there.meeting.starts_at - timedelta(hours=20))
    subjects = [str(mail["Subject"]) for mail in there.mails("a@example.org")]

    assert subjects[-1] == f"Your place on {START} is taken away: Noord"


def test_a_second_press_says_and_changes_nothing_more(there: Open) -> None:
    there.comes("a@example.org")
    path, client = way_off(there, "a@example.org"), there.desk
    for _n in range(2):
        there.clock.shift(timedelta(seconds=5))
        client.post(path)
    log = db.session.scalars(select(Audit.values).where(Audit.verb == "guest-taken-off")).all()

    assert [str(mail["Subject"])[:10] for mail in there.mails("a@example.org")].count("Your place") == 1
    assert log == [{"seat": True}]


def test_the_old_link_takes_no_place_back_and_asking_again_does(there: Open) -> None:
    path = there.comes("a@example.org", name="Anna")
    take_off(there, "a@example.org")
    there.mails()
    there.app.test_client().post(path.partition("?")[0])
    before = there.guests()
    there.comes("a@example.org", name="Anna B.")

    assert before == {"a@example.org": None}
    assert there.guests() == {"a@example.org": 1}
    assert there.mails("a@example.org")[-1]["Subject"] == f"You have a place on {START}: Noord"
    assert "Anna B." in there.desk.get(desk(there)).text


def test_somebody_of_the_programme_sees_that_the_place_is_gone_and_may_come_after_all(there: Open) -> None:
    elsewhere = make.membership(network=make.network(programme=there.programme))
    person, page = elsewhere.people[0], f"/networks/{elsewhere.network.slug}/open-meetings"
    person.email = "gast@example.org"
    db.session.commit()
    client = make.browser(there.app, person)
    client.post(f"{page}/{there.meeting.id}")
    take_off(there, "gast@example.org")
    client = make.browser(there.app, person)
    shown = client.get(page).text
    client.post(f"{page}/{there.meeting.id}")

    assert "I come as a guest" in shown
    assert "You are on the waiting list." not in shown
    assert there.guests() == {"gast@example.org": 1}


def test_three_days_later_nothing_is_kept_of_them_and_who_has_a_place_stays(there: Open) -> None:
    for who in "ab":
        there.comes(f"{who}@example.org")
    take_off(there, "a@example.org")
    there.mails()
    there.clock.shift(timedelta(days=3, minutes=1))
    there.night()

    assert db.session.scalars(select(Guest.email)).all() == ["b@example.org"]
    assert there.mails("a@example.org") == []


@pytest.mark.parametrize("who", ["host", "stranger", "manager of another network"])
def test_nobody_but_a_manager_of_the_network_takes_a_guest_off(there: Open, who: str) -> None:
    there.comes("a@example.org")
    path = way_off(there, "a@example.org")
    person = {"host": there.host.people[0], "manager of another network": make.manager(network=make.network())}.get(who)
    client = make.browser(there.app, person) if person else there.app.test_client()
    client.post(path)
    shown = make.browser(there.app, there.host.people[0]).get(desk(there)).text

    assert there.guests() == {"a@example.org": 1}
    assert ("Gerda Gast" in shown, "/removal" in shown) == (True, False)


def test_a_guest_of_another_meeting_is_none_of_this_one(there: Open) -> None:
    there.comes("a@example.org")
    path = way_off(there, "a@example.org")
    other = make.meeting(network=there.network, starts_at=there.meeting.starts_at + timedelta(days=30))
    db.session.commit()
    answer = there.desk.post(path.replace(f"/{there.meeting.id}/", f"/{other.id}/"))

    assert answer.status_code == 404
    assert there.guests() == {"a@example.org": 1}


def test_after_the_meeting_nobody_is_taken_off_any_more(there: Open) -> None:
    there.comes("a@example.org")
    path = way_off(there, "a@example.org")
    there.at(there.meeting.ends_at + timedelta(minutes=1))
    answer = there.desk.post(path)

    assert (answer.status_code, "This meeting is over or does not take place." in answer.text) == (422, True)
    assert there.guests() == {"a@example.org": 1}
    assert "/removal" not in there.desk.get(desk(there)).text
