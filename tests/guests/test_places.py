"""A stranger's place at a meeting: asked for, confirmed by mail, taken, waited for, given back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from app.extensions import db
from app.guests.models import Guest
from app.mail.models import Message
from app.people.models import Person
from tests.guests.asking import NOW, Open, text_of


def test_a_place_is_taken_when_the_address_is_confirmed_and_not_before(there: Open) -> None:
    asked = there.ask("gast@example.org")
    path = there.link_to("gast@example.org")
    looked = there.app.test_client().get(path).text
    before = there.guests()
    there.press(path)

    assert "A mail is on its way to gast@example.org" in asked.text
    assert "The place is not yours yet" in looked
    assert before == {}
    assert there.guests() == {"gast@example.org": 1}
    assert "Laan 1" not in looked
    assert "Laan 1" in there.app.test_client().get(path).text


def test_who_has_a_place_is_told_where_and_how_to_give_it_back(there: Open) -> None:
    there.comes("gast@example.org")
    asked, placed = there.mails("gast@example.org")

    assert asked["Subject"] == "Please confirm: a place on Thu 3 December"
    assert placed["Subject"] == "You have a place on Thu 3 December: Noord"
    assert "Laan 1" in text_of(placed)
    assert "Achterom" in text_of(placed)
    assert "I cannot come after all:\nhttp://localhost/guest/" in text_of(placed)
    assert "Laan 1" not in text_of(asked)
    assert there.manager.name not in text_of(asked)


def test_no_guest_is_a_person_and_no_mail_leads_them_to_a_page_they_have_not(there: Open) -> None:
    people = set(db.session.scalars(select(Person.id)))
    there.comes("gast@example.org")
    text = text_of(there.mails("gast@example.org")[-1])
    there.app.test_client().post("/sign-in", data={"email": "gast@example.org"})

    assert set(db.session.scalars(select(Person.id))) == people
    assert len(there.mails("gast@example.org")) == 2
    assert [word for word in ("/me/", "/preferences", "unsubscribe", "my-data") if word in text] == []


def test_the_third_of_two_seats_waits_and_has_the_one_that_is_given_back(there: Open) -> None:
    first = there.comes("a@example.org")
    there.comes("b@example.org")
    waiting = there.comes("c@example.org")
    told = there.mails("c@example.org")[-1]
    before = there.guests()
    page = there.app.test_client().get(f"{there.page}?lang=en").text
    there.press(first)
    moved = there.mails("c@example.org")[-1]

    assert before == {"a@example.org": 1, "b@example.org": 2, "c@example.org": None}
    assert told["Subject"] == "You are on the waiting list for Thu 3 December"
    assert "Laan 1" not in text_of(told)
    assert "All seats for guests are taken." in page
    assert there.guests() == {"b@example.org": 2, "c@example.org": 1}
    assert moved["Subject"] == "You have a place on Thu 3 December: Noord"
    assert "You have a place." in there.app.test_client().get(waiting).text


def test_a_place_given_back_leaves_nothing(there: Open) -> None:
    path = there.comes("gast@example.org")
    gone = there.press(path)

    assert "Nothing of you is kept here any more." in gone.text
    assert db.session.scalars(select(Guest)).all() == []
    assert there.app.test_client().get(path).status_code == 404
    assert there.mails("gast@example.org") == []


def test_of_two_at_once_one_has_the_last_seat_and_the_other_waits(there: Open) -> None:
    there.meeting.guest_seats = 1
    db.session.commit()
    paths = []
    for email in ("a@example.org", "b@example.org"):
        there.ask(email)
        paths.append(there.link_to(email))
    db.session.commit()
    together = Barrier(2)

    def press(path: str) -> tuple[int, str]:
        together.wait()
        answer = there.app.test_client().post(f"{path.partition('?')[0]}?lang=en")
        return answer.status_code, answer.text

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, paths))

    assert sorted(there.guests().values(), key=str) == [1, None]
    assert [status for status, _text in answers] == [200, 200]
    assert sum("You have a place." in text for _status, text in answers) == 1
    assert sum("You are on the waiting list." in text for _status, text in answers) == 1


def test_looking_at_the_link_changes_nothing_and_pressing_twice_is_once(there: Open) -> None:
    there.ask("gast@example.org")
    path = there.link_to("gast@example.org")
    for _n in range(2):
        there.app.test_client().get(path)
    before = there.guests()
    for _n in range(2):
        there.app.test_client().post(path)

    assert before == {}
    assert there.guests() == {"gast@example.org": 1}
    assert [mail["Subject"] for mail in there.mails("gast@example.org")][1:] == [
        "You have a place on Thu 3 December: Noord"
    ]


def test_who_asks_twice_has_one_place_and_nobody_else_changes_their_name(there: Open) -> None:
    there.comes("gast@example.org", name="Gerda Gast")
    again = there.ask("gast@example.org", name="Somebody Else")

    assert "A mail is on its way" in again.text
    assert db.session.scalars(select(Guest.name)).all() == ["Gerda Gast"]
    assert there.mails("gast@example.org")[-1]["Subject"] == "You have a place on Thu 3 December: Noord"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"waits": 1}, "That went very fast."),
        ({"homepage": "https://cheap.example"}, "A field that nobody sees was filled in."),
        ({"email": "nobody"}, "This is not an e-mail address"),
        ({"name": ""}, "Please fill this in."),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_kept(there: Open, sent: dict[str, str], said: str) -> None:
    answer = there.ask(**{"email": "gast@example.org", **sent})  # type: ignore[arg-type]

    assert (answer.status_code, said in answer.text) == (422, True)
    assert db.session.scalars(select(Guest)).all() == []
    assert db.session.scalars(select(Message).where(Message.person_id.is_(None))).all() == []


def test_the_sixth_request_for_an_address_in_an_hour_is_refused(there: Open) -> None:
    answers = [there.ask("gast@example.org").status_code for _n in range(6)]

    assert answers == [200] * 5 + [429]


def test_a_request_nobody_confirms_is_gone_after_three_days(there: Open) -> None:
    there.ask("gast@example.org")
    path = there.link_to("gast@example.org")
    there.at(NOW + timedelta(days=3, minutes=1))
    kept = there.app.test_client().get(path).status_code
    there.night()

    assert kept == 200
    assert db.session.scalars(select(Guest)).all() == []
    assert there.app.test_client().get(path).status_code == 404


def test_a_door_that_closes_meanwhile_takes_nobody(there: Open) -> None:
    there.ask("gast@example.org")
    path = there.link_to("gast@example.org")
    there.meeting.open_to = None
    db.session.commit()
    answer = there.app.test_client().post(path)

    assert (answer.status_code, "This meeting takes no guests any more." in answer.text) == (422, True)
    assert there.guests() == {}


def test_the_outbox_shows_a_manager_the_mail_and_not_the_link_of_the_guest(there: Open) -> None:
    there.ask("gast@example.org")
    number = db.session.scalars(select(Message.id)).one()
    listed, shown = there.desk.get("/outbox").text, there.desk.get(f"/outbox/{number}").text

    assert "somebody outside" in listed
    assert "Please confirm: a place on Thu 3 December" in shown
    assert "/guest/" not in shown


def test_no_place_is_promised_when_there_is_none(there: Open) -> None:
    there.meeting.guest_seats = 1
    first = there.ask("a@example.org").text
    there.press(there.link_to("a@example.org"))
    form = there.app.test_client().get(f"{there.page}/place?lang=en").text
    second = there.ask("b@example.org").text
    mail = text_of(there.mails("b@example.org")[-1])

    assert "The place is yours" in first
    assert [("place is yours" in page, "on the waiting list" in page) for page in (form, second)] == [(False, True)] * 2
    assert "the place is yours, as long as one is free" in " ".join(mail.split())
