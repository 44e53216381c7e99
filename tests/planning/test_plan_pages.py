"""Planning and publishing in the browser, without script."""

import re
from datetime import date, time, timedelta
from fractions import Fraction
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.mail.models import Message
from app.meetings.drawings.badges import Badge, deal
from app.meetings.drawings.turn_balance import Turns, balance
from app.meetings.models import Cycle
from app.meetings.queries import cycle_of, meetings_of_year
from app.networks.models import Network, Organisation
from app.planning import actions, drafts, sentences
from app.planning.shown import plan_page
from app.publishing import actions as publishing
from scheduling.model.plan import Reason
from tests import make
from tests.planning import years
from tests.planning.years import NOW
from tests.statements import statements


def manager(app: Flask, network: Network) -> FlaskClient:
    return make.browser(app, make.manager(network=network, language="en"))


def reload(network: Network, year: int = 2027) -> Cycle:
    db.session.expire_all()
    cycle = cycle_of(network, year)
    assert cycle is not None
    return cycle


def wishes(**changes: object) -> dict[str, object]:
    return {
        "number": 2,
        "months": ["2", "4"],
        "weekdays": ["3"],
        "nth": "2",
        "start": "13:30",
        "minutes": 180,
        "mode": "in-person",
        "preparers": 1,
        "min_gap": 14,
        "version": 0,
        **changes,
    }


def cells(cycle: Cycle, **changes: str) -> dict[str, str]:
    """The table as the page posts it back, with some cells changed."""
    draft = drafts.of(cycle)
    assert draft is not None
    out = {"version": str(cycle.draft_version)}
    for row in draft.rows:
        out |= {
            f"{row.key}-date": str(row.date or ""),
            f"{row.key}-start": f"{row.start:%H:%M}",
            f"{row.key}-mode": row.mode or "",
        }
        out |= {f"{row.key}-host": str(row.host or ""), f"{row.key}-prep1": str(row.preparers[0])}
    return out | {key.replace("_", "-"): value for key, value in changes.items()}


def test_from_empty_page_to_published_year_in_three_presses(app: Flask) -> None:
    network = years.network()
    with time_machine.travel(NOW, tick=False):
        client = manager(app, network)
        client.post(f"/networks/{network.slug}/years/2027/proposal", data=wishes())
        preview = client.get(f"/networks/{network.slug}/years/2027/publication").text
        client.post(f"/networks/{network.slug}/years/2027/publication", data=years.hidden(preview))

    assert "Publish and mail 16 people" in preview
    assert [m.day.isoformat() for m in meetings_of_year(reload(network))] == ["2027-02-11", "2027-04-08"]


def test_bad_wishes_are_said_and_nothing_is_lost(app: Flask) -> None:
    network = years.network()
    client = manager(app, network)

    response = client.post(
        f"/networks/{network.slug}/years/2027/proposal", data=wishes(number=0, start="14:45", weekdays=[])
    )

    assert response.status_code == 422
    assert "From 1 to 52 meetings." in response.text
    assert 'value="14:45"' in response.text
    assert "Choose at least one weekday." in response.text


def test_a_cell_changed_by_hand_is_kept(app: Flask) -> None:
    network = years.network()
    cycle = years.drafted(network)
    client = manager(app, network)

    response = client.post(
        f"/networks/{network.slug}/years/2027/cells", data=cells(cycle, m1_start="10:00", m2_date="2027-04-15")
    )

    draft = drafts.of(reload(network))
    assert draft is not None
    assert response.status_code == 302
    assert draft.row(years.M1).start == time(10)
    assert (draft.row(years.M2).date, draft.row(years.M2).locked) == (date(2027, 4, 15), ("date",))


def test_a_whole_line_can_be_kept_and_let_go(app: Flask) -> None:
    network = years.network()
    years.drafted(network)
    client = manager(app, network)
    path = f"/networks/{network.slug}/years/2027/cells"

    client.post(path, data=cells(reload(network), m1_keep="on"))
    kept = drafts.of(reload(network))
    client.post(path, data=cells(reload(network)))
    free = drafts.of(reload(network))

    assert kept is not None
    assert free is not None
    assert (len(kept.row(years.M1).locked), free.row(years.M1).locked) == (4, ())


def test_an_organisation_of_another_network_is_refused_in_a_cell(app: Flask) -> None:
    network = years.network()
    foreign = make.membership(network=make.network())
    cycle = years.drafted(network)
    client = manager(app, network)

    response = client.post(
        f"/networks/{network.slug}/years/2027/cells", data=cells(cycle, m1_host=str(foreign.organisation_id))
    )

    draft = drafts.of(reload(network))
    assert draft is not None
    assert response.status_code == 422
    assert foreign.organisation_id not in {row.host for row in draft.rows}


def test_two_people_editing_at_once_get_both_texts(app: Flask) -> None:
    network = years.network()
    cycle = years.drafted(network)
    posted = cells(cycle, m1_date="2027-02-18")
    client = manager(app, network)
    client.post(f"/networks/{network.slug}/years/2027/cells", data=cells(cycle, m1_start="09:15"))

    response = client.post(f"/networks/{network.slug}/years/2027/cells", data=posted)

    assert response.status_code == 409
    assert "09:15" in response.text
    assert "Thu 18 February, 13:30, " in response.text


def test_the_impossible_year_is_said_with_buttons_that_help(app: Flask) -> None:
    network = years.network(members=1, people=1)
    make.membership(network=network, seats=None)
    db.session.commit()
    years.drafted(network, number=3)
    client = manager(app, network)

    page = client.get(f"/networks/{network.slug}/years/2027/plan").text
    wish = re.findall(r'name="wish" value="([^"]+)"', page)
    client.post(f"/networks/{network.slug}/years/2027/relaxation", data={"wish": wish})

    draft = drafts.of(reload(network))
    assert "This year cannot be planned as asked" in page
    assert "Allow the same host twice in a row" in page
    assert draft is not None
    assert draft.planned


def test_who_has_a_room_is_said_only_where_there_are_fewer_of_them_than_meetings(app: Flask) -> None:
    few, many = years.network(members=2, people=1), years.network(people=1)
    years.drafted(few, number=3, months=(1,))
    years.drafted(many, number=3, months=(1,))

    pages = [manager(app, each).get(f"/networks/{each.slug}/years/2027/plan").text for each in (few, many)]

    assert ["This year cannot be planned as asked" in page for page in pages] == [True, True]
    assert ["so 3 meetings have 2 hosts at most" in page for page in pages] == [True, False]
    assert ["have a room for all" in page for page in pages] == [True, False]


def test_the_plan_page_asks_the_same_number_of_queries_for_three_and_for_nine_members(app: Flask) -> None:
    counts = []
    for members in (3, 9):
        network = years.network(members=members, people=1)
        years.drafted(network, number=2)
        client = manager(app, network)
        client.get(f"/networks/{network.slug}/years/2027/plan")
        db.session.expire_all()
        with statements() as seen:
            client.get(f"/networks/{network.slug}/years/2027/plan")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_confirming_a_turn_needs_one_press(app: Flask) -> None:
    network = years.network()
    with time_machine.travel(NOW + timedelta(days=20), tick=False):
        meeting = meetings_of_year(years.published(network))[0]
        duty = meeting.host_duty
        assert duty is not None
        member = next(m for m in network.memberships if m.organisation_id == duty.organisation_id)
        client = make.browser(app, member.people[0])

        client.post(f"/networks/{network.slug}/duties/{duty.id}/confirmation")

    db.session.refresh(duty)
    assert (duty.confirmed_at, duty.confirmed_by_id) == (NOW + timedelta(days=20), member.people[0].id)


def test_preparers_write_topic_and_programme_and_others_do_not(app: Flask) -> None:
    network = years.network()
    with time_machine.travel(NOW, tick=False):
        meeting = meetings_of_year(years.published(network))[0]
        members = {m.organisation_id: m for m in network.memberships}
        preparer = members.pop(meeting.preparers[0].id).people[0]
        members.pop(meeting.host.id)
        outsider = next(iter(members.values())).people[0]
        path = f"/networks/{network.slug}/meetings/{meeting.id}/preparation"

        refused = make.browser(app, outsider).post(path, data={"topic": "Nothing"})
        make.browser(app, preparer).post(
            path,
            data={
                "topic": "Rouw en verlies",
                "running_order": "- *13:30* inloop\n<script>",
                "question": "Wie mist wie?",
            },
        )
        page = make.browser(app, outsider).get(f"/networks/{network.slug}/meetings/{meeting.id}").text

    assert refused.status_code == 404
    assert "Rouw en verlies" in page
    assert ">To think about beforehand: Wie mist wie?<" in page
    assert "<em>13:30</em>" in page
    assert "<script>" not in page


def test_a_change_of_a_meeting_is_shown_before_it_is_mailed(app: Flask) -> None:
    network = years.network()
    with time_machine.travel(NOW, tick=False):
        meeting = meetings_of_year(years.published(network))[0]
        client = manager(app, network)
        data = {
            "date": "2027-02-18",
            "start": "13:30",
            "minutes": 180,
            "mode": "in-person",
            "host": meeting.host.id,
            "room_id": meeting.room_id,
            "reason": "verbouwing",
        }
        answer = client.post(f"/networks/{network.slug}/meetings/{meeting.id}/change", data=data)
        preview = client.get(answer.location).text

    db.session.refresh(meeting)
    assert "moves to Thu 18 February" in preview
    assert meeting.day.isoformat() == "2027-02-11"


def test_taking_back_a_version_that_is_not_in_force_is_stale(app: Flask) -> None:
    network = years.network()
    years.published(network)

    answer = manager(app, network).post(
        f"/networks/{network.slug}/years/2027/publication/undo", data={"published": "2"}
    )

    assert (answer.status_code, "As it is now" in answer.text) == (409, False)


def test_what_was_typed_is_taken_along_to_the_mails(app: Flask) -> None:
    network = years.network()
    cycle = years.drafted(network)
    client = manager(app, network)

    answer = client.post(
        f"/networks/{network.slug}/years/2027/cells", data=cells(cycle, m1_date="2027-02-18", look="yes")
    )
    preview = client.get(answer.location).text

    assert answer.location == f"/networks/{network.slug}/years/2027/publication"
    assert "One change of yours." in preview
    assert "Thu 18 February" in preview
    assert "Thu 11 February" not in preview


def test_looking_at_the_mails_without_a_change_leaves_the_draft_as_it_is(app: Flask) -> None:
    network = years.network()
    cycle = years.drafted(network)
    before = cycle.draft_version
    client = manager(app, network)

    answer = client.post(f"/networks/{network.slug}/years/2027/cells", data=cells(cycle, look="yes"))

    assert reload(network).draft_version == before
    assert "of yours" not in client.get(answer.location).text


def test_a_year_that_was_never_published_is_never_called_announced(app: Flask) -> None:
    network = years.network()
    cycle = years.drafted(network)
    client = manager(app, network)

    client.post(f"/networks/{network.slug}/years/2027/cells", data=cells(cycle, m1_date="2027-02-18"))
    page = client.get(f"/networks/{network.slug}/years/2027/plan").text

    assert "announced" not in page
    assert "People have this day in their calendars." not in page
    assert "You fixed this day." in page


def test_a_published_year_says_what_people_know(app: Flask) -> None:
    network = years.network()
    cycle = years.published(network)
    client = manager(app, network)
    actions.change_meeting(meetings_of_year(cycle)[0], {"start": time(10)}, "", NOW)
    actions.propose(cycle, actions.wishes_for(network, 2027), NOW)
    db.session.commit()

    page = client.get(f"/networks/{network.slug}/years/2027/plan").text

    assert "already announced" in page


def test_a_meeting_that_was_held_is_not_called_fixed_by_anybody(app: Flask) -> None:
    network = years.network()
    cycle = years.published(network)
    with time_machine.travel(meetings_of_year(cycle)[1].ends_at + timedelta(days=1), tick=False):
        page = manager(app, network).get(f"/networks/{network.slug}/years/2027/plan").text

    assert page.count("has been") == 2
    assert "fixed this" not in page


def test_the_last_change_is_undone_once(app: Flask) -> None:
    network = years.network()
    cycle = years.drafted(network)
    client = manager(app, network)
    path = f"/networks/{network.slug}/years/2027"
    client.post(f"{path}/cells", data=cells(cycle, m1_start="10:00"))
    changed = client.get(f"{path}/plan").text

    client.post(f"{path}/draft/undoing", data={"version": reload(network).draft_version})
    again = client.post(f"{path}/draft/undoing", data={"version": reload(network).draft_version})

    draft = drafts.of(reload(network))
    assert draft is not None
    assert "One change of yours" in changed
    assert draft.row(years.M1).start == time(13, 30)
    assert "There is no change to undo." in again.text


def test_undoing_the_first_change_of_a_published_year_leaves_what_is_in_force(app: Flask) -> None:
    network = years.network()
    cycle = years.published(network)
    actions.change_meeting(meetings_of_year(cycle)[0], {"start": time(10)}, "", NOW)
    db.session.commit()
    client = manager(app, network)

    client.post(f"/networks/{network.slug}/years/2027/draft/undoing", data={"version": cycle.draft_version})

    assert reload(network).draft is None
    assert "Version 1 is in force." in client.get(f"/networks/{network.slug}/years/2027/plan").text


def test_the_reason_of_a_line_has_twelve_words_at_most(app: Flask) -> None:
    network = years.network(members=4)
    cycle = years.drafted(network, number=5, preparers=2, repeat_host=True, repeat_preparer=True)

    view = plan_page.of_year(network, 2027, cycle, NOW)

    assert all(line.short for line in view.lines)
    assert max(len(line.short.split()) for line in view.lines) <= 12


def test_who_had_no_turn_last_year_catches_up(app: Flask) -> None:
    network = years.network(members=3)
    first = years.published(network, NOW.replace(year=2025), year=2026, number=2)
    hosts = {meeting.host.id for meeting in meetings_of_year(first) if meeting.host}
    cycle = years.drafted(network, number=2)

    said = {line.row.host: line.short for line in plan_page.of_year(network, 2027, cycle, NOW).lines}

    (left_out,) = {m.organisation_id for m in network.memberships} - hosts
    assert said[left_out] == "catches up: had none last year"
    assert [short for host, short in said.items() if host in hosts if "catches up" in short] == []


def test_taking_back_a_version_shows_who_is_mailed_before_anybody_is(app: Flask) -> None:
    network = years.network()
    with time_machine.travel(NOW, tick=False):
        years.published(network)
        for message in db.session.scalars(select(Message)):
            message.state = "sent"
        db.session.commit()
        client = manager(app, network)
        path = f"/networks/{network.slug}/years/2027/publication/undo"

        page = client.get(path).text
        before = db.session.scalar(select(func.count(Message.id)))
        blind = client.post(path, data={"published": "1"})
        seen = client.post(path, data=years.hidden(page), follow_redirects=True).text

    after = db.session.scalar(select(func.count(Message.id)))
    assert "Take it back and mail 16 people" in page
    assert blind.status_code == 409
    assert after == before + 16
    assert "is in force" not in seen


def test_versions_stand_in_a_list_of_their_own(app: Flask) -> None:
    network = years.network()
    years.published(network)
    client = manager(app, network)

    page = client.get(f"/networks/{network.slug}/years/2027/versions").text

    assert "Version 1" in page
    assert "in force" in page
    assert "publication/undo" not in client.get(f"/networks/{network.slug}").text


def test_what_was_amended_beside_an_open_draft_is_not_undone_with_it(app: Flask) -> None:
    network = years.network()
    cycle = years.published(network)
    first, second = meetings_of_year(cycle)[:2]
    actions.change_meeting(second, {"start": time(10)}, "", NOW)
    amended = actions.amended(cycle, {first.id: {"start": time(9)}}, "", NOW)
    publishing.amend(cycle, amended, NOW, None)
    db.session.commit()
    client = manager(app, network)
    path = f"/networks/{network.slug}/years/2027"

    answer = client.post(f"{path}/draft/undoing", data={"version": reload(network).draft_version})

    draft = drafts.of(reload(network))
    assert draft is not None
    assert "There is no change to undo." in answer.text
    assert "Undo the last change" not in client.get(f"{path}/plan").text
    assert [row.start for row in draft.rows[:2]] == [time(9), time(10)]


def test_only_who_is_owed_most_is_said_to_be_next() -> None:
    params: dict[str, Any] = {"organisation": "1", "ahead": "2"}
    known = {1: "De Linde", 2: "Zonnehoek"}

    said = [
        sentences.in_short(Reason(f"host_{why}", params, "oost", "m1"), 2, False, known)
        for why in ("most_owed", "others_have_turns")
    ]

    assert said == [
        "turn 2 this year: nobody else is owed one here",
        "Zonnehoek, owed more, comes at another meeting",
    ]


def test_nobody_is_next_while_two_owe_as_much() -> None:
    badges = deal(Organisation(id=n, name=f"Huis {n}") for n in range(3))
    owed = {"tied": (-1, -1, 2), "one": (-2, -1, 3)}

    said = {name: [line.preparing.side for line in balance(_turns(badges, values))] for name, values in owed.items()}

    assert said == {"tied": ["due", "due", "ahead"], "one": ["next", "due", "ahead"]}


def _turns(badges: dict[int, Badge], values: tuple[int, ...]) -> list[Turns]:
    return [
        Turns(n, badges[n], (0, 0), (Fraction(value), Fraction(value)), may_host=True) for n, value in enumerate(values)
    ]
