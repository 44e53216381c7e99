"""A year is closed and the next one begun: who stays is asked by link, and one mail says what it brought."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.audit import Audit
from app.cli import cli
from app.closing.models import Stay
from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.meetings.models import Cycle
from app.meetings.queries import cycle_of, meetings_of_year
from app.networks.models import Network, Programme
from app.people.links import personal_token
from app.people.models import Person
from app.portfolio.queries import Need, portfolio
from tests import make
from tests.planning import years
from tests.reports.test_reports import written
from tests.statements import statements

BEFORE = datetime(2026, 12, 1, 9, tzinfo=UTC)
NEARLY = datetime(2027, 10, 4, 9, tzinfo=UTC)  # the last meeting of 2027 is still to come
OVER = datetime(2027, 12, 27, 9, tzinfo=UTC)


def held(programme: Programme | None = None, **values: object) -> Network:
    """A network whose year 2027 was published, with seven members."""
    network = years.network(members=7, **({"programme": programme} if programme else {}), **values)
    years.published(network, BEFORE, number=5, nth="")
    return network


def year(network: Network, number: int = 2027) -> Cycle:
    cycle = cycle_of(network, number)
    assert cycle is not None
    return cycle


def desk(app: Flask, network: Network) -> FlaskClient:
    return make.browser(app, make.manager(network=network))


def at(network: Network, what: str, number: int = 2027) -> str:
    return f"/networks/{network.slug}/years/{number}/{what}"


def stays(network: Network) -> list[Stay]:
    ids = [member.id for member in network.memberships]
    return list(db.session.scalars(select(Stay).where(Stay.membership_id.in_(ids)).order_by(Stay.id)))


def needs(network: Network, now: datetime) -> list[str]:
    return [need.what for need in all_needs([network.id], now)]


def all_needs(ids: list[int], now: datetime, together: list[int] | None = None) -> list[Need]:
    db.session.expire_all()
    return portfolio(ids, now, together or []).needs


def mails(kind: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))


def first_contact(row: Stay) -> Person:
    return row.membership.contacts[0].person


def say(app: Flask, row: Stay, word: str, person: Person | None = None) -> int:
    token = personal_token(person or first_contact(row))
    return app.test_client().post(f"/me/{token}/staying/{row.id}", data={"answer": word}).status_code


@pytest.fixture
def nearly(app: Flask) -> Network:
    """Members were asked in October who stays in 2028."""
    network = held()
    with time_machine.travel(NEARLY, tick=False):
        desk(app, network).post(at(network, "staying"))
    db.session.expire_all()
    return network


def test_contact_and_substitute_of_each_member_are_asked_once(app: Flask) -> None:
    network = held()
    make.contact(membership=network.memberships[0], position=2)
    db.session.commit()
    with time_machine.travel(NEARLY, tick=False):
        manager = desk(app, network)
        manager.post(at(network, "staying"))
        manager.post(at(network, "staying"))
    assert len(stays(network)) == 7
    assert len(mails("Y1")) == len({mail.person_id for mail in mails("Y1")}) == 14


def test_who_sits_in_several_networks_gets_one_mail(app: Flask) -> None:
    programme = make.programme(region="NL-Midden")
    networks = [held(programme), held(programme)]
    somebody = make.person()
    for network in networks:
        make.contact(membership=network.memberships[0], person=somebody, position=-1)
    db.session.commit()
    with time_machine.travel(NEARLY, tick=False):
        make.browser(app, make.programme_manager(programme=programme)).post(
            f"/programmes/{programme.slug}/years/2027/staying"
        )
    (mail,) = [each for each in mails("Y1") if each.person_id == somebody.id]
    letter = KINDS["Y1"].render([mail], NEARLY)
    assert all(network.name in letter.text for network in networks)


def test_the_mail_leads_to_the_question_and_is_silent_once_it_is_answered(app: Flask, nearly: Network) -> None:
    row = stays(nearly)[0]
    mail = next(each for each in mails("Y1") if row.id in each.params["stays"])
    letter = KINDS["Y1"].render([mail], NEARLY)
    link = next(word for word in letter.text.split() if word.endswith("/staying"))
    page = app.test_client().get(link.removeprefix("http://localhost:5000"))
    assert KINDS["Y1"].still_true(mail, NEARLY)
    assert f'/staying/{row.id}"' in page.text
    assert say(app, row, "stay") == 302
    assert not KINDS["Y1"].still_true(mail, NEARLY)


def test_looking_at_the_question_answers_nothing(app: Flask, nearly: Network) -> None:
    row = stays(nearly)[0]
    app.test_client().get(f"/me/{personal_token(first_contact(row))}/staying?answer=leave")
    assert app.test_client().get(f"/me/{personal_token(first_contact(row))}/staying/{row.id}").status_code == 405
    db.session.expire_all()
    assert {each.answer for each in stays(nearly)} == {None}


def test_one_press_leaves_at_the_end_of_the_year_and_another_stays_after_all(app: Flask, nearly: Network) -> None:
    row = stays(nearly)[0]
    with time_machine.travel(NEARLY, tick=False):
        say(app, row, "leave")
        db.session.expire_all()
        assert row.membership.left == date(2027, 12, 31)
        say(app, row, "stay")
    db.session.expire_all()
    assert row.membership.left is None


def test_a_last_day_the_manager_wrote_down_stands(app: Flask, nearly: Network) -> None:
    row = stays(nearly)[0]
    row.membership.left = date(2028, 3, 31)
    db.session.commit()
    with time_machine.travel(NEARLY, tick=False):
        say(app, row, "leave")
    db.session.expire_all()
    assert row.membership.left == date(2028, 3, 31)


def test_nobody_speaks_for_another_organisation(app: Flask, nearly: Network) -> None:
    first, second = stays(nearly)[:2]
    with time_machine.travel(NEARLY, tick=False):
        assert say(app, first, "leave", first_contact(second)) == 404
    db.session.expire_all()
    assert first.answer is None


def test_other_words_are_no_answer(app: Flask, nearly: Network) -> None:
    row = stays(nearly)[0]
    assert say(app, row, "perhaps") == 422
    db.session.expire_all()
    assert row.answer is None


def test_the_manager_writes_down_what_was_said_by_telephone(app: Flask, nearly: Network) -> None:
    row = stays(nearly)[0]
    with time_machine.travel(NEARLY, tick=False):
        desk(app, nearly).post(at(nearly, f"members/{row.membership_id}/staying"), data={"answer": "unsure"})
    db.session.expire_all()
    assert (row.answer, row.answered_by_id) == ("unsure", None)


def test_who_leaves_or_joins_next_year_is_not_asked(app: Flask) -> None:
    network = held()
    network.memberships[0].left = date(2027, 11, 30)
    make.membership(network=network, joined=date(2028, 1, 1))
    db.session.commit()
    with time_machine.travel(NEARLY, tick=False):
        desk(app, network).post(at(network, "staying"))
    assert {row.membership_id for row in stays(network)} == {m.id for m in network.memberships[1:7]}


def test_the_start_page_asks_then_counts_then_closes(app: Flask) -> None:
    network = held()
    assert {"who_stays", "plan"} <= set(needs(network, NEARLY))
    with time_machine.travel(NEARLY, tick=False):
        desk(app, network).post(at(network, "staying"))
    assert "who_stays" not in needs(network, NEARLY)
    counted = next(need for need in all_needs([network.id], NEARLY) if need.what == "staying")
    assert (counted.count, counted.of) == (0, 7)
    assert "close" not in needs(network, NEARLY)
    over = needs(network, OVER)
    assert "close" in over
    assert "plan" not in over


def test_several_networks_at_their_end_are_one_row(app: Flask) -> None:
    programme = make.programme(region="NL-Midden")
    networks = [held(programme) for _n in range(3)]
    rows = [n for n in all_needs([n.id for n in networks], OVER, [programme.id]) if n.what == "close"]
    assert [len(need.networks) for need in rows] == [3]
    with time_machine.travel(OVER, tick=False):
        page = make.browser(app, make.programme_manager(programme=programme)).get("/").text
    assert "3 networks: 2027 is over: close it" in page


def test_closing_proposes_the_next_year_with_the_same_wishes(app: Flask) -> None:
    network = held()
    with time_machine.travel(OVER, tick=False):
        answer = desk(app, network).post(at(network, "closing"))
    db.session.expire_all()
    draft = year(network, 2028).draft or {}
    assert year(network).closed_at == OVER
    assert answer.location == at(network, "publication", 2028)
    assert (draft["wishes"]["number"], draft["wishes"]["weekdays"]) == (5, [3])


def test_a_leaver_has_no_turn_in_the_next_year_and_a_joiner_is_expected(app: Flask, nearly: Network) -> None:
    row = stays(nearly)[0]
    with time_machine.travel(NEARLY, tick=False):
        say(app, row, "leave")
    joiner = make.membership(network=nearly, joined=date(2028, 1, 1), people=2, seats=40)
    db.session.commit()
    with time_machine.travel(OVER, tick=False):
        desk(app, nearly).post(at(nearly, "closing"))
    db.session.expire_all()
    rows = (year(nearly, 2028).draft or {})["rows"]
    turns = {each["host"] for each in rows} | {number for each in rows for number in each["preparers"]}
    assert row.membership.organisation_id not in turns
    assert len(turns - {None}) > 1
    with time_machine.travel(OVER, tick=False):
        page = desk(app, nearly).get(at(nearly, "closing")).text
    assert f"{joiner.organisation.name}" in page
    assert "from 1 January 2028" in page
    assert "until 31 December 2027" in page


def test_closing_twice_closes_once_and_keeps_the_draft(app: Flask) -> None:
    network = held()
    with time_machine.travel(OVER, tick=False):
        manager = desk(app, network)
        manager.post(at(network, "closing"))
        db.session.expire_all()
        version = year(network, 2028).draft_version
        manager.post(at(network, "closing"))
    db.session.expire_all()
    closings = select(func.count()).where(Audit.verb == "year-closed")
    assert db.session.scalar(closings) == 1
    assert year(network, 2028).draft_version == version


def test_a_year_with_a_meeting_ahead_is_not_closed(app: Flask) -> None:
    network = held()
    with time_machine.travel(NEARLY, tick=False):
        answer = desk(app, network).post(at(network, "closing"))
    db.session.expire_all()
    assert answer.status_code == 422
    assert year(network).closed_at is None


def test_a_closed_year_is_read_and_not_planned(app: Flask) -> None:
    network = held()
    with time_machine.travel(OVER, tick=False):
        manager = desk(app, network)
        manager.post(at(network, "closing"))
        assert manager.get(f"/networks/{network.slug}?year=2027").status_code == 200
        assert manager.get(at(network, "report")).status_code == 200
        extra = {"date": "2027-12-30", "start": "10:00", "minutes": "60", "mode": "online"}
        assert manager.post(at(network, "extra"), data=extra).status_code == 422


def test_a_closed_year_opens_again_until_the_next_is_published(app: Flask) -> None:
    network = held()
    with time_machine.travel(OVER, tick=False):
        manager = desk(app, network)
        manager.post(at(network, "closing"))
        manager.post(at(network, "closing/undoing"))
        db.session.expire_all()
        assert year(network).closed_at is None
        manager.post(at(network, "closing"))
        manager.post(
            at(network, "publication", 2028), data=years.hidden(manager.get(at(network, "publication", 2028)).text)
        )
        answer = manager.post(at(network, "closing/undoing"))
    db.session.expire_all()
    assert answer.status_code == 422
    assert "2028 is published" in answer.text
    assert year(network).closed_at == OVER


def test_what_a_member_says_after_closing_is_for_its_manager(app: Flask, nearly: Network) -> None:
    row = stays(nearly)[0]
    with time_machine.travel(OVER, tick=False):
        desk(app, nearly).post(at(nearly, "closing"))
        assert say(app, row, "leave") == 422
    db.session.expire_all()
    assert row.membership.left is None


def test_nobody_is_asked_about_a_year_after_a_closed_one(app: Flask) -> None:
    network = held()
    with time_machine.travel(OVER, tick=False):
        manager = desk(app, network)
        manager.post(at(network, "closing"))
        assert manager.post(at(network, "staying")).status_code == 422
    assert stays(network) == []
    assert mails("Y1") == []


def test_a_programme_asks_only_where_the_year_ends_and_the_next_one_is_not_published(app: Flask) -> None:
    """A school year that has just begun and one that is published already are asked nothing; the page counts so."""
    programme = make.programme(region="NL-Midden")
    ends, told, begun = held(programme), held(programme), held(programme, year_begins=8)
    years.published(told, NEARLY, year=2028, number=5, nth="")
    path = f"/programmes/{programme.slug}/years/2027"
    with time_machine.travel(NEARLY, tick=False):
        chief = make.browser(app, make.programme_manager(programme=programme))
        page = chief.get(f"{path}/closing").text
        assert "who stays" not in desk(app, told).get(at(told, "closing")).text
        chief.post(f"{path}/staying")
    db.session.expire_all()
    assert "Ask 14 people who stays" in page
    assert [len(stays(network)) for network in (ends, told, begun)] == [7, 0, 0]


def test_one_mail_says_what_the_year_brought_and_the_new_dates(app: Flask) -> None:
    network = held()
    for meeting in meetings_of_year(year(network)):
        meeting.topic, meeting.attended = f"Topic {meeting.id}", 10
        written(meeting)
    db.session.commit()
    with time_machine.travel(OVER, tick=False):
        manager = desk(app, network)
        manager.post(at(network, "closing"))
        before = len(mails("Y0"))
        manager.post(
            at(network, "publication", 2028), data=years.hidden(manager.get(at(network, "publication", 2028)).text)
        )
    db.session.expire_all()
    new = mails("Y0")[before:]
    text = KINDS["Y0"].render([new[0]], OVER).text
    assert len(new) == 14
    for line in (
        "What 2027 brought",
        "5 meetings",
        "50 people there",
        "5 topics",
        "10 outcomes",
        "5 of 10 agreements kept",
    ):
        assert line in text
    assert f"{meetings_of_year(year(network, 2028))[0].day.day} " in text


def test_the_first_year_s_mail_says_nothing_of_a_year_before(app: Flask) -> None:
    held()
    assert "brought" not in KINDS["Y0"].render([mails("Y0")[0]], BEFORE).text


def test_the_page_says_what_goes_along(app: Flask) -> None:
    network = held()
    first = meetings_of_year(year(network))[0]
    first.notes_at = first.ends_at
    make.agreement(meeting=first, text="Buy a kettle")
    make.topic(network=network, title="Who has a cook?")
    db.session.commit()
    with time_machine.travel(OVER, tick=False):
        page = desk(app, network).get(at(network, "closing")).text
    assert "Buy a kettle" in page
    assert "Who has a cook?" in page
    assert "owed" in page
    assert "Without notes" in page


def test_closing_all_networks_closes_those_that_are_over_and_plans_them_all(app: Flask) -> None:
    programme = make.programme(region="NL-Midden")
    over, later = held(programme), held(programme)
    meetings_of_year(year(later))[-1].ends_at = OVER + timedelta(2)
    meetings_of_year(year(later))[-1].starts_at = OVER + timedelta(1)
    make.network(programme=programme, state="forming", name="Nearly there")
    db.session.commit()
    with time_machine.travel(OVER, tick=False):
        chief = make.browser(app, make.programme_manager(programme=programme))
        page = chief.get(f"/programmes/{programme.slug}/years/2027/closing").text
        answer = chief.post(f"/programmes/{programme.slug}/years/2027/closing")
    db.session.expire_all()
    assert "Nearly there" in page
    assert (year(over).closed_at, year(later).closed_at) == (OVER, None)
    assert "/jobs/" in (answer.location or "")


@pytest.mark.parametrize("what", ["start", "closing"])
def test_the_pages_of_one_network_and_of_twenty_ask_the_database_as_often(app: Flask, what: str) -> None:
    programme = make.programme(region="NL-Midden")
    chief = make.browser(app, make.programme_manager(programme=programme))
    held(programme)
    path = "/" if what == "start" else f"/programmes/{programme.slug}/years/2027/closing"
    with time_machine.travel(OVER, tick=False):
        chief = make.browser(app, make.programme_manager(programme=programme))
        chief.get(path)
        with statements() as one:
            chief.get(path)
        for _n in range(3):
            held_at(programme)
        db.session.expire_all()
        with statements() as many:
            chief.get(path)
    assert len(many) == len(one)


def held_at(programme: Programme) -> Network:
    """The same, published while the clock stood where it began."""
    with time_machine.travel(BEFORE, tick=False):
        return held(programme)


def test_the_commands_ask_and_close_as_the_pages_do(app: Flask) -> None:
    network, run = held(), CliRunner().invoke
    with time_machine.travel(NEARLY, tick=False):
        asking = run(cli, ["cycle", "who-stays", network.slug, "2027"])
        again = run(cli, ["cycle", "who-stays", network.slug, "2027"])
        early = run(cli, ["cycle", "close", network.slug, "2027"])
    with time_machine.travel(OVER, tick=False):
        closing = run(cli, ["cycle", "close", network.slug, "2027"])
    db.session.expire_all()
    assert [asking.output, again.output] == ["14 people are asked.\n", "0 people are asked.\n"]
    assert early.exit_code != 0
    assert closing.output == "2027 is closed.\n2028: optimal.\n"
    assert year(network).closed_at == OVER


def test_the_command_says_which_year_is_not_there(app: Flask) -> None:
    network = held()
    said = CliRunner().invoke(cli, ["cycle", "close", network.slug, "2029"])
    assert said.exit_code == 2
    assert "has no published year 2029" in said.output
