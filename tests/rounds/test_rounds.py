"""A date round: asked, answered by link or by telephone, reminded, closed, and used by the plan."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.errors import Refused
from app.extensions import db
from app.mail.models import Message
from app.networks.models import Network
from app.people.links import personal_token
from app.people.models import Person
from app.planning import actions as cycles
from app.planning import drafts
from app.planning.year_request import Wishes
from app.rounds import actions, letters
from app.rounds.models import DateAnswer, DateRound
from app.rounds.queries import said
from tests import make
from tests.planning import years

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
DAYS = [date(2027, 2, 4), date(2027, 2, 11), date(2027, 2, 18)]
PATH = "/networks/{}/years/2027/dates"


@pytest.fixture
def network(app: Flask) -> Network:
    return years.network(members=3, people=2)


def asked(network: Network, days: list[date] | None = None) -> DateRound:
    row = actions.ask(network, 2027, days or DAYS, date(2026, 12, 15), "Do say when you are on leave.", NOW)
    db.session.commit()
    return row


def people(network: Network) -> list[Person]:
    members = sorted(network.memberships, key=lambda each: each.id)
    return [person for member in members for person in member.people]


def answers() -> list[tuple[int, str]]:
    db.session.expire_all()
    rows = db.session.scalars(select(DateAnswer).order_by(DateAnswer.candidate_id, DateAnswer.person_id))
    return [(row.person_id, row.answer) for row in rows]


def kinds() -> dict[str, int]:
    rows = db.session.scalars(select(Message.kind)).all()
    return {kind: rows.count(kind) for kind in sorted(set(rows))}


@time_machine.travel(NOW, tick=False)
def test_the_manager_is_offered_open_days_and_asks_everybody(app: Flask, network: Network) -> None:
    browser, path = make.browser(app, make.manager(network=network)), PATH.format(network.slug)
    cycles.open_year(network, 2027)
    network.wishes = Wishes(number=2, months=(2, 5), weekdays=(3,)).to_json()
    db.session.commit()

    page = browser.get(path).text
    browser.post(path, data={"day": [d.isoformat() for d in DAYS], "until": "2026-12-15", "note": ""})

    assert len(re.findall(r'type="checkbox"\s+name="day"', page)) == 6
    assert kinds() == {"R1": 6, "R2": 12}


@time_machine.travel(NOW, tick=False)
def test_the_silent_are_reminded_on_working_days(app: Flask, network: Network) -> None:
    sunday = date(2026, 12, 13)
    actions.ask(network, 2027, DAYS, sunday, "", NOW)
    days = {message.due_at.date() for message in db.session.scalars(select(Message).where(Message.kind == "R2"))}
    assert days == {date(2026, 12, 10), date(2026, 12, 11)}


@time_machine.travel(NOW, tick=False)
def test_days_of_another_year_and_no_day_at_all_are_said_and_nothing_typed_is_lost(
    app: Flask, network: Network
) -> None:
    browser, path = make.browser(app, make.manager(network=network)), PATH.format(network.slug)

    nothing = browser.post(path, data={"until": "2026-12-15", "note": "Bring cake"})
    wrong = browser.post(path, data={"day": "2028-02-03", "until": "2026-12-15", "note": ""})

    assert (nothing.status_code, wrong.status_code, kinds()) == (422, 422, {})
    assert "Tick at least one day, or type one." in nothing.text
    assert "Bring cake" in nothing.text
    assert "Choose days in 2027 that are not past." in wrong.text


@time_machine.travel(NOW, tick=False)
def test_a_person_answers_by_the_link_and_what_is_left_open_stays_open(app: Flask, network: Network) -> None:
    row, person = asked(network), people(network)[0]
    path = f"/me/{personal_token(person)}/dates/{row.id}"
    first, second = row.dates[0].id, row.dates[1].id

    opened = app.test_client().get(path)
    saved = app.test_client().post(path, data={f"date-{first}": "no", f"date-{second}": "rather_not"})

    assert (opened.status_code, saved.status_code) == (200, 302)
    assert answers() == [(person.id, "no"), (person.id, "rather_not")]


@time_machine.travel(NOW, tick=False)
def test_a_round_of_another_network_does_not_exist(app: Flask, network: Network) -> None:
    row, stranger = asked(network), people(years.network(members=1))[0]

    assert app.test_client().get(f"/me/{personal_token(stranger)}/dates/{row.id}").status_code == 404


@time_machine.travel(NOW, tick=False)
def test_a_telephoned_answer_is_written_down_by_the_manager(app: Flask, network: Network) -> None:
    row, person = asked(network), people(network)[3]
    browser = make.browser(app, make.manager(network=network))
    path = f"{PATH.format(network.slug)}/people/{person.id}"

    browser.post(path, data={f"date-{row.dates[2].id}": "yes"})
    page = browser.get(PATH.format(network.slug)).text

    assert answers() == [(person.id, "yes")]
    assert "by telephone" in page


def test_only_the_silent_are_reminded(app: Flask, network: Network) -> None:
    row = asked(network)
    eager, partly, *silent = people(network)
    actions.answer(row, eager, {each.id: "yes" for each in row.dates}, NOW)
    actions.answer(row, partly, {row.dates[0].id: "yes"}, NOW)
    db.session.commit()
    later = datetime(2026, 12, 12, 8, tzinfo=UTC)
    reminders = db.session.scalars(select(Message).where(Message.kind == "R2", Message.due_at <= later)).all()

    leaving = [message for message in reminders if letters.KINDS["R2"].still_true(message, later)]
    letter = letters.KINDS["R2"].render([next(each for each in leaving if each.person_id == partly.id)], later)

    assert sorted(each.person_id for each in leaving) == sorted(person.id for person in [partly, *silent])
    assert letter.subject == f"Still open: your dates for {network.name} in 2027"
    assert "2 dates wait for your answer." in letter.text
    assert "Do say when you are on leave." in letter.text


def test_more_dates_ask_those_who_have_not_answered_them(app: Flask, network: Network) -> None:
    row = asked(network)
    actions.answer(row, people(network)[0], {each.id: "yes" for each in row.dates}, NOW)

    actions.ask(network, 2027, [date(2027, 3, 4)], date(2026, 12, 20), "", NOW + timedelta(days=1))

    assert kinds()["R1"] == 12
    with pytest.raises(Refused):
        actions.ask(network, 2027, DAYS, date(2026, 12, 20), "", NOW)


def test_nobody_answers_a_closed_round(app: Flask, network: Network) -> None:
    row = asked(network)
    actions.close(row, NOW)

    with pytest.raises(Refused):
        actions.answer(row, people(network)[0], {row.dates[0].id: "yes"}, NOW)


def test_an_organisation_cannot_when_all_who_answered_for_it_cannot(app: Flask, network: Network) -> None:
    row = asked(network)
    one, colleague, other, _silent, *_rest = people(network)
    actions.answer(row, one, {row.dates[0].id: "no", row.dates[1].id: "no"}, NOW)
    actions.answer(row, colleague, {row.dates[1].id: "rather_not"}, NOW)
    actions.answer(row, other, {row.dates[2].id: "no"}, NOW)
    first, second, _third = [each.organisation_id for each in sorted(network.memberships, key=lambda m: m.id)]

    meant = said(network, 2027)

    assert meant.cannot == {first: {DAYS[0]}, second: {DAYS[2]}}
    assert meant.rather_not == {first: {DAYS[1]}}


def test_the_plan_takes_only_days_that_were_asked_and_avoids_a_no(app: Flask, network: Network) -> None:
    row = asked(network)
    actions.answer(row, people(network)[0], {row.dates[0].id: "no"}, NOW)
    actions.answer(row, people(network)[2], {row.dates[2].id: "no"}, NOW)
    db.session.commit()
    cycle = cycles.open_year(network, 2027)

    draft = cycles.propose(cycle, Wishes(number=1, months=(2,), weekdays=(0, 1, 2, 3, 4)), NOW)

    assert [each.date for each in draft.rows] == [DAYS[1]]


def test_a_year_without_a_good_day_says_that_only_asked_days_count(app: Flask, network: Network) -> None:
    asked(network, [date(2027, 2, 4)])
    cycle = cycles.open_year(network, 2027)

    draft = cycles.propose(cycle, Wishes(number=1, months=(2,), weekdays=(0,)), NOW)

    assert draft.status == "infeasible"
    assert any(wish.endswith("not-asked") for wish in draft.conflict)
    assert drafts.of(cycle) is not None


@time_machine.travel(NOW, tick=False)
def test_one_button_says_that_all_dates_suit(app: Flask, network: Network) -> None:
    row, person = asked(network), people(network)[0]
    browser = app.test_client()

    browser.post(f"/me/{personal_token(person)}/dates/{row.id}", data={"all": "yes"})

    assert answers() == [(person.id, "yes")] * 3


@time_machine.travel(NOW, tick=False)
def test_the_best_day_stands_on_top_and_names_who_cannot(app: Flask, network: Network) -> None:
    row, (first, second, *_others) = asked(network), people(network)
    actions.answer(row, first, {row.dates[0].id: "no", row.dates[2].id: "yes"}, NOW)
    actions.answer(row, second, {row.dates[1].id: "rather_not"}, NOW)
    db.session.commit()

    page = make.browser(app, make.manager(network=network)).get(PATH.format(network.slug)).text

    days = re.findall(r'<span class="date">([^<]*)</span>', page)
    assert days == ["Thu 18 February", "Thu 11 February", "Thu 4 February"]
    assert page.index("Thu 4 February") < page.index(f"{first.name} <span")
