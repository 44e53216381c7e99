"""A date round: asked, answered by link or by telephone, reminded, closed, and used by the plan."""

import re
from datetime import UTC, date, datetime, time, timedelta

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
from app.rounds import actions, letters, personal
from app.rounds.models import DateAnswer, DateRemark, DateRound
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
    row = actions.ask(
        network, 2027, dict.fromkeys(days or DAYS), date(2026, 12, 15), "Do say when you are on leave.", NOW
    )
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


def left(kind: str, person: Person | None = None) -> None:
    """Mails of this kind are on their way, to one person or to everybody."""
    for message in db.session.scalars(select(Message).where(Message.kind == kind)):
        if person is None or message.person_id == person.id:
            message.state = "sent"
    db.session.commit()


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
    actions.ask(network, 2027, dict.fromkeys(DAYS), sunday, "", NOW)
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
    left("R1")
    actions.answer(row, people(network)[0], {each.id: "yes" for each in row.dates}, NOW)

    actions.ask(network, 2027, {date(2027, 3, 4): None}, date(2026, 12, 20), "", NOW + timedelta(days=1))

    assert kinds()["R1"] == 12
    with pytest.raises(Refused):
        actions.ask(network, 2027, dict.fromkeys(DAYS), date(2026, 12, 20), "", NOW)


def test_more_dates_before_the_first_question_has_left_go_with_it_in_one_mail(app: Flask, network: Network) -> None:
    asked(network)
    heard, *others = people(network)
    left("R1", heard)

    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        browser = make.browser(app, make.manager(network=network))
        more = {"day": "2027-03-04", "until": "2026-12-20", "note": ""}
        answer = browser.post(PATH.format(network.slug), data=more, follow_redirects=True)
    asks = select(Message).where(Message.kind == "R1").order_by(Message.id)
    mails = {each.person_id: each for each in db.session.scalars(asks)}
    first, second = (letters.KINDS["R1"].render([mails[each.id]], NOW) for each in (others[0], heard))

    assert "6 people are asked." in answer.text
    assert kinds()["R1"] == 7
    assert first.subject == f"{network.name} in 2027: which dates suit you?"
    assert "4 dates wait for your answer." in first.text
    assert second.subject == f"More dates for {network.name} in 2027: which suit you?"


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


@time_machine.travel(NOW, tick=False)
def test_a_remark_reaches_the_manager_and_nobody_else(app: Flask, network: Network) -> None:
    row, (person, colleague, *_others) = asked(network), people(network)
    browser, path = app.test_client(), f"/me/{personal_token(person)}/dates/{row.id}"

    browser.post(path, data={"remark": " Only after \n ten ", f"date-{row.dates[0].id}": "yes"})

    assert "Only after ten" in make.browser(app, make.manager(network=network)).get(PATH.format(network.slug)).text
    assert "Only after ten" in browser.get(path).text
    others = app.test_client().get(f"/me/{personal_token(colleague)}/dates/{row.id}")
    assert "Only after ten" not in others.text
    assert "Only the manager of the network reads it." in others.text


@time_machine.travel(NOW, tick=False)
def test_a_remark_changes_goes_again_and_is_only_a_line(app: Flask, network: Network) -> None:
    row, person = asked(network), people(network)[0]
    browser, path = app.test_client(), f"/me/{personal_token(person)}/dates/{row.id}"

    browser.post(path, data={"remark": "Not in May"})
    browser.post(path, data={"remark": "Not in June"})
    changed = browser.get(path).text
    long = browser.post(path, data={"remark": "x" * 201, f"date-{row.dates[0].id}": "no"})
    browser.post(path, data={"remark": ""})

    assert 'value="Not in June"' in changed
    assert long.status_code == 422
    assert re.search(rf'name="date-{row.dates[0].id}"\s+value="no"\s+checked', long.text)  # what was ticked is there
    assert answers() == []
    assert "Not in June" not in browser.get(path).text


@time_machine.travel(NOW, tick=False)
def test_a_closed_round_shows_what_was_said_and_takes_nothing_more(app: Flask, network: Network) -> None:
    row, person = asked(network), people(network)[0]
    actions.answer(row, person, {row.dates[0].id: "no"}, NOW, remark="Not in May")
    actions.close(row, NOW)
    db.session.commit()
    browser, path = app.test_client(), f"/me/{personal_token(person)}/dates/{row.id}"

    page = browser.get(path).text
    refused = browser.post(path, data={"all": "yes", "remark": "All of May"})

    assert "This round is closed: nobody can answer any more." in page
    assert page.count("no answer") == 2
    assert "Not in May" in page
    assert "<button" not in page.split("<main")[1]
    assert refused.status_code == 422
    assert "This round is closed: nobody can answer any more." in refused.text
    assert answers() == [(person.id, "no")]


@time_machine.travel(NOW, tick=False)
def test_a_new_round_closes_those_of_earlier_years_and_no_others(app: Flask, network: Network) -> None:
    earlier, later = (make.date_round(network=network, days=[date(year, 5, 4)]) for year in (2026, 2028))
    elsewhere = make.date_round(network=years.network(members=1), days=[date(2026, 5, 4)])

    asked(network)
    page = make.browser(app, make.manager(network=network)).get(PATH.format(network.slug)).text

    assert (earlier.closed_at, later.closed_at, elsewhere.closed_at) == (NOW, None, None)
    assert re.search(r">2026</a>\s*<span class=\"soft\">\s*closed on 1 December 2026", page)
    assert re.search(r">2028</a>\s*<span class=\"soft\">\s*open until Thursday, 4 May 2028", page)


@time_machine.travel(NOW, tick=False)
def test_each_day_can_have_an_hour_that_mails_and_pages_say(app: Flask, network: Network) -> None:
    browser, path = make.browser(app, make.manager(network=network)), PATH.format(network.slug)
    form = {"day": ["2027-02-04"], "starts": "09:30", "until": "2026-12-15", "note": ""}
    own = {"own-day": ["2027-02-11", "2027-02-18", ""], "own-starts": ["14:00", "", "16:00"]}

    browser.post(path, data={**form, **own})
    row, person = db.session.scalars(select(DateRound)).one(), people(network)[0]
    own_page = app.test_client().get(f"/me/{personal_token(person)}/dates/{row.id}").text
    mail = db.session.scalars(select(Message).where(Message.kind == "R1", Message.person_id == person.id)).one()
    letter = letters.KINDS["R1"].render([mail], NOW)

    said = ["Thursday, 4 February 2027, from 09:30", "Thursday, 11 February 2027, from 14:00"]
    legends = re.findall(r"<legend>(.*?)</legend>", own_page, re.DOTALL)
    assert [" ".join(re.sub("<[^>]*>", "", legend).split()) for legend in legends] == [
        *(words.replace("2027,", "2027") for words in said),
        "Thursday, 18 February 2027",
    ]
    assert [line[2:] for line in letter.text.splitlines() if line.startswith("- T")] == [
        *said,
        "Thursday, 18 February 2027",
    ]
    assert len(re.findall(r"from (09:30|14:00)", browser.get(path).text)) == 2


def test_the_plan_begins_at_the_hour_a_day_was_asked_for(app: Flask, network: Network) -> None:
    hours: dict[date, time | None] = {DAYS[0]: None, DAYS[1]: time(9, 30), DAYS[2]: time(16)}
    row = actions.ask(network, 2027, hours, date(2026, 12, 15), "", NOW)
    cycle = cycles.open_year(network, 2027)
    wishes = Wishes(number=1, months=(2,), weekdays=(3,))
    found = []
    for _each in DAYS:
        planned = cycles.propose(cycle, wishes, NOW).rows[0]
        found.append((planned.date, planned.start))
        chosen = next(each for each in row.dates if each.day == planned.date)
        for person in people(network):
            actions.answer(row, person, {chosen.id: "no"}, NOW)

    assert sorted(found) == [(DAYS[0], wishes.start), (DAYS[1], time(9, 30)), (DAYS[2], time(16))]


def test_a_remark_is_part_of_my_data_and_goes_with_me(app: Flask, network: Network) -> None:
    row, (person, other, *_others) = asked(network), people(network)
    actions.answer(row, person, {}, NOW, remark="Not in May")
    actions.answer(row, other, {}, NOW, remark="Not in June")

    mine = personal.personal_data(person)
    personal.forget(person, NOW)

    assert mine == [{"network": network.name, "year": 2027, "remark": "Not in May"}]
    assert db.session.scalars(select(DateRemark.words)).all() == ["Not in June"]


def test_the_second_question_asks_about_more_dates_and_only_the_new_ones(app: Flask, network: Network) -> None:
    row, person = asked(network), people(network)[0]
    actions.answer(row, person, {each.id: "yes" for each in row.dates}, NOW)
    first = db.session.scalars(select(Message).where(Message.kind == "R1", Message.person_id == person.id)).one()
    other = db.session.scalars(select(Message).where(Message.kind == "R1", Message.person_id != person.id)).first()
    assert other is not None
    subject = letters.KINDS["R1"].render([other], NOW).subject
    first.state = "sent"
    actions.ask(network, 2027, {date(2027, 3, 4): None}, date(2026, 12, 20), "", NOW + timedelta(days=1))
    theirs = select(Message).where(Message.kind == "R1", Message.person_id == person.id)
    mails = db.session.scalars(theirs.order_by(Message.id)).all()
    letter = letters.KINDS["R1"].render([mails[-1]], NOW)

    assert subject == f"{network.name} in 2027: which dates suit you?"
    assert letter.subject == f"More dates for {network.name} in 2027: which suit you?"
    assert "One date waits for your answer." in letter.text
    assert [line for line in letter.text.splitlines() if line.startswith("- T")] == ["- Thursday, 4 March 2027"]
