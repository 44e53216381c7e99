"""The start pages: what needs a manager, and a participant's own page."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.attendance.models import Attendance
from app.extensions import db
from app.meetings.queries import meetings_of_year
from app.people.links import personal_token
from app.portfolio.queries import portfolio
from tests import make
from tests.planning import years
from tests.planning.years import NOW
from tests.statements import statements


def needs(network_ids: list[int], now: object = NOW) -> list[str]:
    db.session.expire_all()
    return [need.what for need in portfolio(network_ids, now).needs]


def test_a_network_without_a_plan_for_next_year_needs_the_manager(app: Flask) -> None:
    assert needs([years.network().id]) == ["plan"]


def test_a_draft_waits_to_be_published(app: Flask) -> None:
    network = years.network()
    years.drafted(network)

    assert needs([network.id]) == ["publish"]


def test_an_impossible_draft_and_a_missing_region_are_said(app: Flask) -> None:
    impossible = years.network(members=1, people=1)
    years.drafted(impossible, number=3)
    nowhere = make.network(programme=make.programme(region=None))

    assert sorted(needs([impossible.id, nowhere.id])) == ["impossible", "no_region"]


def test_four_weeks_before_it_host_and_topic_are_asked_for(app: Flask) -> None:
    network = years.network()
    meeting = meetings_of_year(years.published(network))[0]

    assert needs([network.id], meeting.starts_at - timedelta(days=40)) == []
    assert needs([network.id], meeting.starts_at - timedelta(days=20)) == ["no_host_word", "no_topic"]


def test_networks_stand_among_those_that_wait_in_formation_or_quiet(app: Flask) -> None:
    network = years.network()
    meeting = meetings_of_year(years.published(network))[0]
    forming = make.network(state="forming")
    db.session.commit()

    soon = portfolio([network.id, forming.id], meeting.starts_at - timedelta(days=20))
    quiet = portfolio([network.id, forming.id], NOW)

    assert [line.network.id for line in soon.waiting] == [network.id]
    assert soon.coming == 1
    assert [n.id for n in soon.forming] == [forming.id]
    assert [(line.network.id, line.next_meeting) for line in quiet.quiet] == [(network.id, meeting)]


def test_what_hurts_first_stands_first(app: Flask) -> None:
    calm, given_back = years.network(), years.network()
    years.drafted(calm)
    duty = meetings_of_year(years.published(given_back))[0].host_duty
    assert duty is not None
    duty.handed_back_at = NOW
    db.session.commit()

    view = portfolio([calm.id, given_back.id], NOW)

    assert [line.needs[0].what for line in view.waiting] == ["handed_back", "publish"]


def test_the_same_need_of_several_networks_is_one_row_for_who_can_do_it_at_once(app: Flask) -> None:
    programme = make.programme(region="NL-Midden")
    make.programme_manager(programme=programme)
    ids = [years.network(programme=programme).id for _n in range(3)]

    whole, single = portfolio(ids, NOW, [programme.id]), portfolio(ids, NOW)

    assert [(need.what, len(need.networks)) for need in whole.together] == [("plan", 3)]
    assert whole.waiting == []
    assert [line.needs[0].what for line in single.waiting] == ["plan"] * 3


def test_years_that_wait_for_the_same_are_one_row_with_one_button_and_others_stay_apart(app: Flask) -> None:
    programme = make.programme(region="NL-Midden")
    for _n in range(2):
        years.drafted(years.network(programme=programme, members=1, people=1), number=3)
        years.drafted(years.network(programme=programme, members=3, people=1), number=2)
    years.network(programme=programme, members=1, people=1, name="Kring Later")
    calm = years.network(programme=programme, members=3, people=1, name="Kring Calm")
    years.published(calm, number=2)
    client = make.browser(app, make.programme_manager(programme=programme))

    page = client.get("/").text

    assert "2 networks: 2027 cannot be planned as asked" in page
    assert "2 networks: the draft of 2027 waits to be published" in page
    assert page.count("See what stands in the way") == page.count("Look and publish") == 1
    assert "Kring Later" in page
    assert "5 wait for you" in page
    assert re.findall(r'<a href="/networks/[^"]+">([^<]+)</a>', page.split("<h2>Quiet</h2>")[1]) == ["Kring Calm"]
    assert page.count("2027 is not planned yet") == 1


def test_an_organisation_that_leaves_with_turns_stands_on_the_start_page(app: Flask) -> None:
    network = years.network()
    last = meetings_of_year(years.published(network))[-1]
    member = next(m for m in network.memberships if m.organisation_id == last.duties[0].organisation_id)
    before = needs([network.id])
    member.left = last.day - timedelta(days=1)
    db.session.commit()

    assert "left_turn" not in before
    assert needs([network.id]).count("left_turn") == 1


def test_an_open_date_round_says_how_many_have_answered(app: Flask) -> None:
    network = years.network(members=3, people=1)
    make.date_round(network=network, days=[date(2027, 2, 4)])

    need = next(each for each in portfolio([network.id], NOW).needs if each.what == "round")

    assert (need.count, need.of) == (0, 3)


def test_one_network_and_three_take_the_same_number_of_queries(app: Flask) -> None:
    ids = []
    for _n in range(3):
        network = years.network(members=5, people=1)
        years.published(network, number=3)
        ids.append(network.id)
    counts = []
    for some in (ids[:1], ids):
        db.session.expire_all()
        db.session.rollback()
        with statements() as seen:
            portfolio(some, NOW)
        counts.append(len([text for text in seen if text.startswith("SELECT")]))

    assert counts[0] == counts[1]


def test_the_personal_page_opens_from_a_mail_and_one_save_stores_the_answer(app: Flask) -> None:
    network = years.network()
    with time_machine.travel(NOW, tick=False):
        meeting = meetings_of_year(years.published(network))[0]
        person = network.memberships[0].people[0]
        client, token = app.test_client(), personal_token(person)

        page = client.get(f"/me/{token}").text
        client.post(f"/me/{token}/answers", data={f"answer-{meeting.id}": "no"})
        after = client.get(f"/me/{token}").text

    answers = [(a.meeting_id, a.person_id, a.answer) for a in db.session.scalars(select(Attendance))]
    assert "Thursday, 11 February 2027" in page
    assert answers == [(meeting.id, person.id, "no")]
    assert "You are not coming on Thu 11 February." in after
    assert "Saved at 10:00." in after


@time_machine.travel(NOW, tick=False)
def test_the_meeting_of_the_link_comes_first_and_says_what_was_answered(app: Flask) -> None:
    network = years.network()
    second = meetings_of_year(years.published(network))[1]
    person = network.memberships[0].people[0]
    client, link = app.test_client(), f"/me/{personal_token(person)}"

    asked = client.get(f"{link}?meeting={second.id}&answer=yes").text
    data = {"meeting": second.id, f"answer-{second.id}": "yes"}
    said = client.post(f"{link}/answers", data=data, follow_redirects=True).text

    for page in (asked, said):
        assert page.index(f'id="meeting-{second.id}"') < page.index("My turns")
    assert "You are coming" not in asked
    assert "You are coming on" in said


@time_machine.travel(NOW, tick=False)
def test_a_colleague_is_named_where_the_answer_is_said(app: Flask) -> None:
    network = years.network()
    meeting = meetings_of_year(years.published(network))[0]
    link = f"/me/{personal_token(network.memberships[0].people[0])}"
    data = {"meeting": meeting.id, f"answer-{meeting.id}": "colleague", f"name-{meeting.id}": "Noor Bakker"}

    page = app.test_client().post(f"{link}/answers", data=data, follow_redirects=True).text

    assert "Noor Bakker comes in your place on Thu 11 February." in page


SHORT = {
    None: "no answer yet",
    "yes": "you are coming",
    "no": "you are not coming",
    "colleague": "a colleague comes",
    "Noor": "Noor comes instead",
}


@pytest.mark.parametrize("said", SHORT)
@time_machine.travel(NOW, tick=False)
def test_the_line_of_a_later_meeting_says_what_was_answered_and_nothing_else(app: Flask, said: str | None) -> None:
    network = years.network()
    person, later = network.memberships[0].people[0], meetings_of_year(years.published(network, number=2))[1]
    if said:
        name, word = (said, "colleague") if said == "Noor" else ("", said)
        make.attendance(meeting=later, person=person, answer=word).colleague_name = name
        db.session.commit()

    page = app.test_client().get(f"/me/{personal_token(person)}").text
    line = page.split(f'id="meeting-{later.id}"')[1].split("</summary>")[0]

    assert [words for words in SHORT.values() if words in line] == [SHORT[said]]


@time_machine.travel(NOW, tick=False)
def test_fewer_mails_and_the_language_are_two_presses_from_a_mail(app: Flask) -> None:
    network = years.network()
    years.published(network)
    person = network.memberships[0].people[0]
    client, link = app.test_client(), f"/me/{personal_token(person)}"

    offered = client.get(link).text
    client.post(f"{link}/mails", data={"language": "de", "tone": "", "wants_reminders": "y"})

    assert f'{link}/mails"' in offered
    db.session.expire_all()
    assert (person.language, person.wants_mail, person.wants_reminders) == ("de", False, True)


@time_machine.travel(NOW, tick=False)
def test_own_turns_are_promised_in_the_strip_only_to_who_has_some(app: Flask) -> None:
    network = years.network()
    busy_ones = {
        duty.organisation_id for m in meetings_of_year(years.published(network, number=2)) for duty in m.duties
    }
    busy = next(m for m in network.memberships if m.organisation_id in busy_ones)
    idle = next(m for m in network.memberships if m.organisation_id not in busy_ones)
    pages = [app.test_client().get(f"/me/{personal_token(m.people[0])}").text for m in (idle, busy)]
    assert ["your own turns in another colour" in page for page in pages] == [False, True]


def test_an_answer_for_a_meeting_that_is_not_ones_own_is_not_stored(app: Flask) -> None:
    network, other = years.network(), years.network()
    with time_machine.travel(NOW, tick=False):
        foreign = meetings_of_year(years.published(other))[0]
        token = personal_token(network.memberships[0].people[0])
        app.test_client().post(f"/me/{token}/answers", data={f"answer-{foreign.id}": "no"})

    assert db.session.scalars(select(Attendance)).all() == []


def test_a_turn_is_confirmed_from_the_personal_page(app: Flask) -> None:
    network = years.network()
    with time_machine.travel(NOW, tick=False):
        duty = meetings_of_year(years.published(network))[0].host_duty
        assert duty is not None
        members = {m.organisation_id: m for m in network.memberships}
        own = members.pop(duty.organisation_id).people[0]
        foreign = next(iter(members.values())).people[0]

        refused = app.test_client().post(f"/me/{personal_token(foreign)}/duties/{duty.id}/confirmation")
        app.test_client().post(f"/me/{personal_token(own)}/duties/{duty.id}/confirmation")

    db.session.refresh(duty)
    assert (refused.status_code, duty.confirmed_by_id) == (404, own.id)


def test_a_participants_page_weighs_less_than_60_kilobytes_and_loads_no_script(app: Flask) -> None:
    network = years.network(members=10)
    with time_machine.travel(NOW, tick=False):
        years.published(network)
        client = app.test_client()
        page = client.get(f"/me/{personal_token(network.memberships[0].people[0])}")
    files = ["/bootstrap/static/css/bootstrap.min.css", "/static/toerbeurt.css", "/static/icon.svg"]
    zipped = {"Accept-Encoding": "gzip"}
    weights = [len(client.get(path, headers=zipped).data) for path in files]

    assert all(path in page.text for path in files)
    assert "<script" not in page.text
    assert len(page.data) + sum(weights) <= 60_000


@time_machine.travel(NOW, tick=False)
def test_whoever_prepares_sets_the_topic_with_the_same_save(app: Flask) -> None:
    network = years.network()
    meeting = meetings_of_year(years.published(network))[0]
    preparer = next(m for m in network.memberships if m.organisation_id == meeting.preparers[0].id).primary
    bystander = next(
        m for m in network.memberships if m.organisation_id not in {d.organisation_id for d in meeting.duties}
    ).primary
    data = {f"answer-{meeting.id}": "yes", f"topic-{meeting.id}": " Working  with volunteers "}

    app.test_client().post(f"/me/{personal_token(bystander)}/answers", data=data)
    untouched = meeting.topic
    app.test_client().post(f"/me/{personal_token(preparer)}/answers", data=data)

    assert (untouched, meeting.topic) == ("", "Working with volunteers")


@time_machine.travel(NOW, tick=False)
def test_a_page_left_open_takes_no_newer_topic_back(app: Flask) -> None:
    network = years.network()
    meeting = meetings_of_year(years.published(network))[0]
    meeting.topic = "Night shifts"
    db.session.commit()
    host = next(m for m in network.memberships if m.organisation_id == meeting.host.id).primary
    data = {f"topic-{meeting.id}": "", f"topic-was-{meeting.id}": ""}

    app.test_client().post(f"/me/{personal_token(host)}/answers", data=data)

    assert meeting.topic == "Night shifts"


def test_without_a_network_the_time_of_saving_is_that_of_the_site(app: Flask) -> None:
    with time_machine.travel(NOW, tick=False):
        client = make.browser(app, make.person())
        page = client.post("/me/answers", follow_redirects=True).text

    assert NOW.astimezone(ZoneInfo("Europe/Amsterdam")).strftime("Saved at %H:%M.") in page
