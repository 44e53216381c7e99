"""A stranger asks to take part: by a form, a mail to confirm, an answer; nobody sees what was not confirmed."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.clock import now
from app.extensions import db
from app.joining.models import JoinRequest
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.networks.models import Membership, Network, Programme
from app.people.models import NOBODY_YET, Person
from app.privacy.actions import erase, erase_everywhere, keep_house
from app.privacy.queries import data_of
from tests import make
from tests.forms import forms_of

NOW = make.NOW
SAID = {"organisation": "De Nieuwe", "town": "Zwolle", "first_name": "Noor", "last_name": "Smit", "words": "Wij ook."}
EMAIL = "noor@denieuwe.example.org"


class Door:
    """A public programme in which one may ask for everything, with its manager."""

    def __init__(self, app: Flask, clock: time_machine.Traveller) -> None:
        self.app, self.clock = app, clock
        self.programme: Programme = make.programme(name="Samen leren", public=True, open_to_start=True, language="en")
        self.network: Network = make.network(programme=self.programme, name="Noord", public=True, open_to_join=True)
        self.member: Membership = make.membership(network=self.network, people=1)
        self.manager: Person = make.programme_manager(programme=self.programme)
        db.session.commit()

    @property
    def path(self) -> str:
        return f"/p/{self.programme.slug}/{self.network.slug}/join"

    @property
    def start_path(self) -> str:
        return f"/p/{self.programme.slug}/start"

    @property
    def desk(self) -> FlaskClient:
        return make.browser(self.app, self.manager)

    def ask(self, path: str = "", **values: str) -> tuple[int, str]:
        """The form as a person sends it who looked at it for a while."""
        path = path or self.path
        phone = self.app.test_client()
        form = max(forms_of(phone.get(path).text), key=lambda each: len(each.same))
        self.clock.shift(timedelta(seconds=20))
        answer = phone.post(path, data={**form.same, **SAID, "email": EMAIL, **values}, follow_redirects=True)
        db.session.expire_all()
        return answer.status_code, answer.text

    def mail(self, kind: str) -> str:
        """What the newest mail of this kind says, as it would leave now."""
        query = select(Message).where(Message.kind == kind).order_by(Message.id.desc())
        message = db.session.scalars(query).first()
        assert message is not None
        assert KINDS[kind].still_true(message, now())
        return KINDS[kind].render([message], now()).text

    def confirm(self) -> None:
        link = re.search(r"http://localhost(/requests/\S+)", self.mail("J1"))
        assert link
        page = self.app.test_client().get(link[1]).text
        action = re.search(r'action="([^"]+/confirm[^"]*)"', page)
        assert action
        assert self.app.test_client().post(action[1]).status_code == 302
        db.session.expire_all()

    @property
    def row(self) -> JoinRequest:
        return db.session.scalars(select(JoinRequest).order_by(JoinRequest.id.desc())).one()

    def press(self, what: str, **data: str) -> int:
        where = f"/networks/{self.network.slug}" if self.row.network_id else f"/programmes/{self.programme.slug}"
        status = self.desk.post(f"{where}/requests/{self.row.id}/{what}", data=data).status_code
        db.session.expire_all()
        return status


@pytest.fixture
def door(app: Flask) -> Iterator[Door]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield Door(app, clock)


def test_nobody_sees_what_is_not_confirmed(door: Door) -> None:
    said = door.ask()[1]
    desk = door.desk
    pages = [f"/networks/{door.network.slug}/requests", "/"]
    before = ["De Nieuwe" in desk.get(pages[0]).text, "asks to join" in desk.get(pages[1]).text]
    unconfirmed = door.press("accept", joined="2026-12-10")
    door.confirm()
    after = ["De Nieuwe" in desk.get(pages[0]).text, "one organisation asks to join" in desk.get(pages[1]).text]

    assert "A mail is on its way to the address you gave." in said
    assert (before, unconfirmed, after) == ([False, False], 404, [True, True])


def test_the_mail_to_confirm_holds_nothing_that_a_stranger_typed(door: Door) -> None:
    door.ask(organisation="Cheap pills", words="https://cheap.example", first_name="Click", last_name="here")

    said = door.mail("J1")

    assert "take part in Noord" in said
    assert [word for word in ("Cheap", "cheap", "Click", "here") if re.search(rf"\b{word}\b", said)] == []


def test_looking_at_the_link_confirms_nothing(door: Door) -> None:
    door.ask()
    link = re.search(r"http://localhost(/requests/\S+)", door.mail("J1"))
    assert link
    for _time in range(3):
        assert door.app.test_client().get(link[1]).status_code == 200
    db.session.expire_all()

    assert door.row.state == "unconfirmed"
    assert door.app.test_client().get("/requests/made-up").status_code == 404


def test_accepted_in_one_press_it_is_a_member_with_its_person(door: Door) -> None:
    door.ask()
    door.confirm()
    form = next(
        f for f in forms_of(door.desk.get(f"/networks/{door.network.slug}/requests").text) if "joined" in f.same
    )

    status = door.desk.post(form.action, data=form.same).status_code
    db.session.expire_all()

    member = door.network.memberships[-1]
    assert status == 302
    assert (member.organisation.name, member.organisation.town, member.joined) == ("De Nieuwe", "Zwolle", NOW.date())
    assert [(p.name, p.email, p.as_typed) for p in member.people] == [("Noor Smit", EMAIL, False)]
    assert "De Nieuwe takes part from" in door.mail("J3")


def test_who_answers_twice_is_told_so(door: Door) -> None:
    door.ask()
    door.confirm()
    first = door.press("accept", joined="2026-12-10")
    again = door.desk.post(
        f"/networks/{door.network.slug}/requests/{door.row.id}/answer",
        data={"state": "declined", "line": "No."},
        follow_redirects=True,
    )

    assert (first, again.status_code, "Somebody has answered this already." in again.text) == (302, 422, True)
    assert db.session.scalar(select(func.count()).where(Membership.network_id == door.network.id)) == 2


@pytest.mark.parametrize(
    ("what", "line", "sentence"),
    [
        ("waiting", "In september weer.", "There is no place just now."),
        ("declined", "Te ver weg.", "It is not possible"),
    ],
)
def test_the_answer_goes_out_with_its_line(door: Door, what: str, line: str, sentence: str) -> None:
    door.ask()
    door.confirm()
    door.press("answer", state=what, line=line)

    said = door.mail("J3")

    assert (line in said, sentence in said) == (True, True)
    assert [m.organisation.name for m in door.network.memberships] == [door.member.organisation.name]


def test_what_waits_can_still_be_accepted(door: Door) -> None:
    door.ask()
    door.confirm()
    door.press("answer", state="waiting", line="")

    assert (door.press("accept", joined="2026-12-10"), door.row.state) == (302, "accepted")


def test_who_takes_part_already_gets_a_colleague(door: Door) -> None:
    name = door.member.organisation.name
    door.ask(organisation=name)
    door.confirm()
    said = door.desk.get(f"/networks/{door.network.slug}/requests").text
    door.press("accept", joined="2026-12-10")

    assert f"{name} takes part already." in said
    assert [len(m.people) for m in door.network.memberships] == [2]


def test_a_request_for_a_network_makes_an_idea_and_the_last_makes_it_ready(door: Door) -> None:
    door.ask(door.start_path, subject="Vrijwilligers binden")
    door.confirm()
    desk_page = door.desk.get("/").text
    door.press("accept", into="", name="Vrijwilligers", joined="2026-12-10")
    idea = door.row.network
    assert idea is not None
    idea.size_wanted = 2
    db.session.commit()
    before = "as many as wanted" in door.desk.get("/").text
    door.clock.shift(timedelta(days=1))
    door.ask(door.start_path, subject="Ook zoiets", organisation="De Tweede", email="t@tweede.example.org")
    door.confirm()
    second = db.session.scalars(select(JoinRequest).where(JoinRequest.organisation == "De Tweede")).one()
    path = f"/programmes/{door.programme.slug}/requests/{second.id}/accept"
    answer = door.desk.post(path, data={"into": str(idea.id), "joined": "2026-12-10"})
    after = door.desk.get("/").text

    assert "one organisation asks for a new network" in desk_page
    assert (idea.name, idea.state, answer.status_code) == ("Vrijwilligers", "idea", 302)
    assert (before, "2 organisations take part: as many as wanted" in after) == (False, True)


def test_a_new_network_needs_a_name(door: Door) -> None:
    door.ask(door.start_path, subject="Vrijwilligers binden")
    door.confirm()

    assert (door.press("accept", into="", name="", joined="2026-12-10"), door.row.state) == (422, "open")


@pytest.mark.parametrize("off", ["programme", "network", "switch", "resting"])
def test_switched_off_there_is_no_form_within_one_request(door: Door, off: str) -> None:
    before = door.app.test_client().get(door.path).status_code
    changed: dict[str, tuple[Programme | Network, str, object]] = {
        "programme": (door.programme, "public", False),
        "network": (door.network, "public", False),
        "switch": (door.network, "open_to_join", False),
        "resting": (door.network, "state", "resting"),
    }
    row, name, value = changed[off]
    setattr(row, name, value)
    db.session.commit()
    phone = door.app.test_client()

    assert (before, phone.get(door.path).status_code, phone.post(door.path, data=SAID).status_code) == (200, 404, 404)


def test_nobody_may_ask_for_a_network_before_it_is_switched_on(door: Door) -> None:
    door.programme.open_to_start = False
    db.session.commit()

    assert door.app.test_client().get(door.start_path).status_code == 404
    assert door.start_path not in door.app.test_client().get(f"/p/{door.programme.slug}").text


def test_the_same_is_said_whether_the_address_is_known_or_not(door: Door) -> None:
    known = door.ask(email=door.member.people[0].email or "")
    unknown = door.ask()

    assert known == unknown
    assert db.session.scalar(select(func.count(JoinRequest.id))) == 2


def test_a_bad_address_keeps_what_was_typed(door: Door) -> None:
    status, said = door.ask(email="noor")

    assert (status, "This is not an e-mail address" in said, 'value="De Nieuwe"' in said) == (422, True, True)
    assert db.session.scalar(select(func.count(JoinRequest.id))) == 0


def test_a_form_says_what_is_wrong_in_the_language_of_its_page(door: Door) -> None:
    door.programme.language = "nl"
    db.session.commit()

    assert (
        "Dit is geen e-mailadres" in door.ask(email="noor")[1],
        "Dit is geen" in door.ask(f"{door.path}?lang=en", email="noor")[1],
    ) == (True, False)


def test_a_robot_leaves_nothing(door: Door) -> None:
    phone = door.app.test_client()
    fast = phone.post(door.path, data={**SAID, "email": EMAIL, "homepage": "https://x.example"})

    assert (fast.status_code, db.session.scalar(select(func.count(Message.id)))) == (422, 0)


def test_the_sixth_of_an_hour_from_one_address_is_refused(door: Door) -> None:
    statuses = [door.ask()[0] for _time in range(6)]

    assert statuses == [200] * 5 + [429]
    assert db.session.scalar(select(func.count(JoinRequest.id))) == 1


def test_a_link_older_than_three_days_asks_once_more(door: Door) -> None:
    door.ask()
    link = re.search(r"/requests/[^\s?]+", door.mail("J1"))
    assert link
    door.clock.shift(timedelta(days=3, minutes=1))

    answer = door.app.test_client().post(f"{link[0]}/confirm")

    assert (answer.status_code, "This link is too old. Please ask once more." in answer.text) == (422, True)
    assert door.row.state == "unconfirmed"


def test_taken_back_nothing_is_left(door: Door) -> None:
    door.ask()
    door.confirm()
    message = db.session.scalars(select(Message).where(Message.kind == "J1")).one()
    link = re.search(r"/requests/[^\s?]+", KINDS["J1"].render([message], now()).text)
    assert link
    door.app.test_client().post(f"{link[0]}/take-back")

    assert db.session.scalar(select(func.count(JoinRequest.id))) == 0
    assert "De Nieuwe" not in door.desk.get(f"/networks/{door.network.slug}/requests").text


@pytest.mark.parametrize(("confirmed", "days"), [(False, 3), (True, 90)])
def test_what_nothing_came_of_is_erased(door: Door, confirmed: bool, days: int) -> None:
    door.ask()
    if confirmed:
        door.confirm()
    door.clock.shift(timedelta(days=days, minutes=-5))
    keep()
    before = db.session.scalar(select(func.count(JoinRequest.id)))
    door.clock.shift(timedelta(minutes=10))
    keep()

    assert (before, db.session.scalar(select(func.count(JoinRequest.id)))) == (1, 0)


def test_a_member_keeps_everything_when_the_request_is_erased(door: Door) -> None:
    door.ask()
    door.confirm()
    door.press("accept", joined="2026-12-10")
    door.clock.shift(timedelta(days=91))
    keep()

    (person,) = door.network.memberships[-1].people
    assert (person.name, person.email) == ("Noor Smit", EMAIL)
    assert db.session.scalar(select(func.count(JoinRequest.id))) == 0


def test_my_data_hold_what_i_asked(door: Door) -> None:
    me = make.person(email=EMAIL)
    door.ask()

    (row,) = data_of(me)["requests"]
    erase_everywhere(me, now())
    db.session.flush()

    assert db.session.scalar(select(func.count(JoinRequest.id))) == 0
    assert (row["organisation"], row["words"], row["state"]) == ("De Nieuwe", "Wij ook.", "unconfirmed")


def test_what_waits_outlives_what_another_programme_forgets_of_a_former_member(door: Door) -> None:
    me = make.person(email=EMAIL)
    door.ask()
    erase(me, now())
    db.session.commit()

    assert (me.email, door.row.state) == (None, "unconfirmed")


@pytest.mark.parametrize("wishes", [True, False])
def test_a_manager_is_mailed_at_once_who_wishes_so(door: Door, wishes: bool) -> None:
    data = {"language": "en", "questions": "next", "tone": ""} | ({"requests_at_once": "y"} if wishes else {})
    door.desk.post("/preferences", data=data)
    door.ask()
    door.confirm()

    mailed = db.session.scalars(select(Message.person_id).where(Message.kind == "J2")).all()
    assert mailed == ([door.manager.id] if wishes else [])
    if wishes:
        assert "De Nieuwe" in door.mail("J2")


def test_a_manager_of_another_programme_sees_and_answers_nothing(door: Door) -> None:
    door.ask()
    door.confirm()
    stranger = make.browser(door.app, make.programme_manager(programme=make.programme(name="Anders")))
    own = make.network(programme=make.programme(name="Derde"))
    db.session.commit()
    paths = [f"/networks/{slug}/requests/{door.row.id}/accept" for slug in (door.network.slug, own.slug)]

    assert [stranger.post(path, data={"joined": "2026-12-10"}).status_code for path in paths] == [404, 404]
    assert stranger.get(f"/networks/{door.network.slug}/requests").status_code == 404
    assert door.row.state == "open"


def test_who_signs_in_already_keeps_their_own_name(door: Door) -> None:
    known = make.person(first_name="Eleonora", last_name="Smit", email=EMAIL)
    db.session.commit()
    door.ask()
    door.confirm()
    door.press("accept", joined="2026-12-10")

    assert [p.id for p in door.network.memberships[-1].people] == [known.id]
    assert known.name == "Eleonora Smit"


def test_accepted_where_a_year_is_published_the_welcome_says_it(door: Door) -> None:
    make.meeting(network=door.network, starts_at=NOW + timedelta(days=40))
    db.session.commit()
    door.ask()
    door.confirm()
    door.press("accept", joined=date(2026, 12, 10).isoformat())
    mails = {m.kind: KINDS[m.kind].still_true(m, now()) for m in db.session.scalars(select(Message))}
    assert (mails["W0"], "J3" in mails) == (True, False)


def keep() -> None:
    keep_house(now())
    db.session.commit()
    db.session.expire_all()


def test_a_manager_who_looks_at_the_mail_cannot_confirm_for_the_stranger(door: Door) -> None:
    door.ask()
    message = db.session.scalars(select(Message).where(Message.kind == "J1")).one()

    looked_at = door.desk.get(f"/outbox/{message.id}/page")

    assert (looked_at.status_code, "/requests/" in looked_at.text) == (200, False)
    assert "/requests/" in door.mail("J1")


def test_the_answer_is_never_to_be_answered_to_an_address_that_is_nobodys(door: Door) -> None:
    nobody = make.programme_manager(programme=door.programme, email=NOBODY_YET)
    door.manager.email = None
    db.session.commit()
    door.ask()
    door.confirm()
    message = make.message(person=nobody, kind="J3", network_id=door.network.id, params={"request_id": door.row.id})
    door.row.state, door.row.decided_at = "declined", now()

    assert KINDS["J3"].render([message], now()).reply_to == ()


def test_a_reply_reaches_who_decides_and_never_its_own_writer(door: Door) -> None:
    door.manager.requests_at_once = True
    db.session.commit()
    door.ask()
    door.confirm()
    door.press("answer", state="declined", line="Te ver weg.")
    told, answered = (db.session.scalars(select(Message).where(Message.kind == kind)).one() for kind in ("J2", "J3"))

    assert KINDS["J2"].render([told], now()).reply_to == ()
    assert [email for _name, email in KINDS["J3"].render([answered], now()).reply_to] == [door.manager.email]
