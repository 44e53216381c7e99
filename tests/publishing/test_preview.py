"""What a manager saw on the preview is what is published and mailed; anything else is shown first."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Cycle
from app.meetings.queries import meetings_of_year
from app.networks.models import Network, Organisation
from app.planning import actions, drafts
from app.publishing import actions as publishing
from scheduling.rules.check import check
from tests import make
from tests.forms import forms_of
from tests.planning import years
from tests.planning.years import NOW

LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_december() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def silent_person(network: Network) -> None:
    """One of the contacts has no address."""
    network.memberships[0].people[0].email = None
    db.session.commit()


def path_of(network: Network) -> str:
    return f"/networks/{network.slug}/years/2027/publication"


def address_added(network: Network) -> None:
    network.memberships[0].people[0].email = "new@example.org"
    db.session.commit()


def mails() -> int:
    return db.session.scalar(select(func.count(Message.id))) or 0


@contextmanager
def judged() -> Iterator[list[int]]:
    """How often the rules are checked meanwhile."""
    count = [0]

    def called(frame: FrameType, event: str, _argument: object) -> None:
        count[0] += event == "call" and frame.f_code is check.__code__

    sys.setprofile(called)
    try:
        yield count
    finally:
        sys.setprofile(None)


def seen_and_changed(app: Flask) -> tuple[Network, FlaskClient, TestResponse]:
    """Somebody's address is added after the manager looked and before the manager publishes."""
    network = years.network()
    silent_person(network)
    years.drafted(network, number=2)
    client = make.browser(app, make.manager(network=network))
    shown = years.hidden(client.get(path_of(network)).text)
    address_added(network)
    return network, client, client.post(path_of(network), data=shown)


def test_an_address_added_meanwhile_is_shown_before_anybody_is_mailed(app: Flask) -> None:
    network, _client, answer = seen_and_changed(app)

    assert answer.status_code == 409
    assert "Something changed meanwhile." in answer.text
    assert "Publish and mail 16 people" in answer.text
    assert mails() == 0
    assert db.session.scalars(select(Cycle.published).where(Cycle.network_id == network.id)).one() is None


def test_the_new_preview_can_be_published(app: Flask) -> None:
    network, client, answer = seen_and_changed(app)

    done = client.post(path_of(network), data=years.hidden(answer.text))

    assert done.status_code == 302
    assert mails() == 16


def test_what_was_shown_is_published(app: Flask) -> None:
    network = years.network()
    silent_person(network)
    cycle = years.drafted(network, number=2)
    client = make.browser(app, make.manager(network=network))

    page = client.get(path_of(network)).text
    answer = client.post(path_of(network), data=years.hidden(page))

    assert "Publish and mail 15 people" in page
    assert answer.status_code == 302
    assert mails() == 15
    assert len(meetings_of_year(cycle)) == 2


def test_a_form_that_shows_nothing_publishes_nothing(app: Flask) -> None:
    network = years.network()
    cycle = years.drafted(network, number=2)
    client = make.browser(app, make.manager(network=network))

    answer = client.post(path_of(network), data={"version": cycle.draft_version})

    assert answer.status_code == 409
    assert mails() == 0


def test_a_rule_broken_by_hand_is_asked_about_on_the_same_page(app: Flask) -> None:
    network = years.network()
    cycle = years.drafted(network, number=2)
    draft = dict(cycle.draft or {})
    draft["rows"] = [draft["rows"][0] | {"date": "2027-03-07"}, *draft["rows"][1:]]
    cycle.draft = draft
    db.session.commit()
    client = make.browser(app, make.manager(network=network))
    shown = years.hidden(client.get(path_of(network)).text)

    refused = client.post(path_of(network), data=shown)
    unseen = client.post(path_of(network), data={**shown, "override": "\u202e\x00"})
    done = client.post(path_of(network), data={**shown, "override": "the only day"})

    assert (refused.status_code, unseen.status_code) == (422, 422)
    assert "Say in one line why this is right all the same." in refused.text
    assert done.status_code == 302


def test_a_network_that_changed_meanwhile_stays_a_draft_when_all_are_published(app: Flask) -> None:
    programme = make.programme()
    changed, same = (years.network(programme=programme, members=4, name=name) for name in ("Noord", "Zuid"))
    for each in (changed, same):
        silent_person(each)
        years.drafted(each, number=2, repeat_host=True)
    make.programme_manager(programme=programme)  # of two managers neither has to sit in both
    client = make.browser(app, make.programme_manager(programme=programme))
    path = f"/programmes/{programme.slug}/years/2027"
    shown = years.hidden(client.get(path).text)
    address_added(changed)

    answer = client.post(f"{path}/publications", data=shown, follow_redirects=True)

    published = {cycle.network_id: cycle.published for cycle in db.session.scalars(select(Cycle))}
    assert published == {changed.id: None, same.id: 1}
    assert "One year is published." in answer.text
    assert "Not published, because something changed after you looked: Noord. Please look again." in answer.text


def away_on_its_day(network: Network) -> None:
    """Somebody enters an absence of the first host after the page was shown."""
    row = drafts.rows_of(db.session.scalars(select(Cycle).where(Cycle.network_id == network.id)).one())[0]
    host = db.session.get_one(Organisation, row.host)
    make.absence(organisation=host, first=row.date, last=row.date)
    db.session.commit()


def test_a_clash_that_came_meanwhile_is_shown_before_anything_is_published(app: Flask) -> None:
    network = years.network()
    years.drafted(network, number=2)
    client = make.browser(app, make.manager(network=network))
    shown = years.hidden(client.get(path_of(network)).text)
    away_on_its_day(network)

    answer = client.post(path_of(network), data={**shown, "override": "we agreed on it"})

    assert answer.status_code == 409
    assert "Something changed meanwhile." in answer.text
    assert mails() == 0


def test_a_clash_that_came_meanwhile_keeps_no_other_network_from_being_published(app: Flask) -> None:
    programme = make.programme()
    clashing, same = (years.network(programme=programme, members=4, name=name) for name in ("Noord", "Zuid"))
    for each in (clashing, same):
        years.drafted(each, number=2, repeat_host=True)
    make.programme_manager(programme=programme)  # of two managers neither has to sit in both
    client = make.browser(app, make.programme_manager(programme=programme))
    path = f"/programmes/{programme.slug}/years/2027"
    shown = years.hidden(client.get(path).text)
    away_on_its_day(clashing)

    answer = client.post(f"{path}/publications", data=shown, follow_redirects=True)

    published = {cycle.network_id: cycle.published for cycle in db.session.scalars(select(Cycle))}
    assert published == {clashing.id: None, same.id: 1}
    assert "something changed after you looked: Noord." in answer.text
    assert "digest-zuid" not in answer.text
    assert "digest-noord" not in answer.text  # it is shown with its clash, and published on its own page


def test_publishing_judges_the_plan_once_and_asks_for_no_reasons(app: Flask) -> None:
    network = years.network()
    years.drafted(network, number=3)
    client = make.browser(app, make.manager(network=network))

    with judged() as looking:
        page = client.get(path_of(network)).text
    with judged() as publishing:
        answer = client.post(path_of(network), data=years.hidden(page))

    assert answer.status_code == 302
    assert looking[0] > 1
    assert publishing[0] == 1


def test_a_meeting_put_online_is_said_to_have_no_host_and_back_on_site_who_hosts(app: Flask) -> None:
    network = years.network()
    cycle = years.published(network, number=2)
    meeting = meetings_of_year(cycle)[0]
    duty, host = meeting.host_duty, meeting.host
    assert duty is not None
    assert host is not None
    client = make.browser(app, make.manager(network=network))

    path = f"/networks/{network.slug}/duties/{duty.id}/repair/online"
    online = client.get(path).text
    client.post(path, data=years.hidden(online))
    row = actions.draft_for_change(cycle, NOW).rows[0]
    actions.edit(cycle, {row.key: {"mode": "in-person", "host": host.id}}, {}, NOW)
    db.session.commit()
    on_site = client.get(path_of(network)).text

    assert f"{host.name} does not host any more" in online
    assert "that a turn is not theirs any more" in online
    assert f"{host.name} hosts" in on_site
    assert "instead of –" not in online + on_site


def test_why_there_is_nothing_to_publish_is_said(app: Flask) -> None:
    known, impossible = years.network(), years.network(members=1, people=1)
    years.published(known, number=2)
    years.drafted(impossible, number=3)

    pages = [make.browser(app, make.manager(network=each)).get(path_of(each)).text for each in (known, impossible)]

    assert ["the plan is as people know it" in page for page in pages] == [True, False]
    assert ["the plan is not complete yet" in page for page in pages] == [False, True]


def test_a_way_out_is_shown_again_when_somebody_else_would_be_mailed(app: Flask) -> None:
    network = years.network()
    silent_person(network)
    meeting = meetings_of_year(years.published(network, number=2))[0]
    assert meeting.host_duty is not None
    client = make.browser(app, make.manager(network=network))
    path = f"/networks/{network.slug}/duties/{meeting.host_duty.id}/repair/online"
    shown = years.hidden(client.get(path).text)
    address_added(network)

    again = client.post(path, data=shown)
    done = client.post(path, data=years.hidden(again.text))

    assert again.status_code == 409
    assert "Do it and mail 16 people" in again.text
    assert done.status_code == 302


def test_why_a_meeting_is_cancelled_is_one_clean_line(app: Flask) -> None:
    network = years.network()
    cycle = years.published(network, number=2)
    meeting = meetings_of_year(cycle)[0]
    client = make.browser(app, make.manager(network=network))

    client.post(
        f"/networks/{network.slug}/meetings/{meeting.id}/cancellation", data={"reason": "the\x00 flu\u202e\r\nBcc: x"}
    )

    db.session.expire_all()
    assert (cycle.draft or {})["reason"] == "the flu Bcc: x"


SENTENCES = ("other place or link", "prepared by", "takes place after all", "is cancelled")


def preview_with(app: Flask, network: Network, path: str, data: dict[str, str]) -> set[str]:
    """Which of the sentences stand on the preview after a change of a meeting."""
    client = make.browser(app, make.manager(network=network))
    assert client.post(f"/networks/{network.slug}/{path}", data=data).status_code == 302
    page = client.get(path_of(network)).text
    return {sentence for sentence in SENTENCES if sentence in page.split("<main")[1]}


def test_the_preview_says_of_a_meeting_only_what_changes_of_it(app: Flask) -> None:
    network = years.network()
    meeting = meetings_of_year(years.published(network, number=2))[0]
    page = make.browser(app, make.manager(network=network)).get(f"/networks/{network.slug}/meetings/{meeting.id}").text
    form = next(each for each in forms_of(page) if each.action.endswith("/change"))
    moved = preview_with(app, network, f"meetings/{meeting.id}/change", form.same | {"place": "The mill"})

    assert moved == {"other place or link"}


def test_the_preview_says_who_prepares_instead_of_whom(app: Flask) -> None:
    network = years.network()
    cycle = years.published(network, number=2)
    row = actions.draft_for_change(cycle, NOW).rows[0]
    other = next(m.organisation for m in network.memberships if m.organisation_id not in (*row.preparers, row.host))
    was = db.session.get_one(Organisation, row.preparers[0]).name
    actions.edit(cycle, {row.key: {"preparers": (other.id,)}}, {}, NOW)
    db.session.commit()

    page = make.browser(app, make.manager(network=network)).get(path_of(network)).text

    assert f"prepared by {other.name} instead of {was}" in page
    assert "other place or link" not in page


def test_the_preview_says_that_a_cancelled_meeting_takes_place_after_all(app: Flask) -> None:
    network = years.network()
    cycle = years.published(network, number=2)
    cancelled = preview_with(
        app, network, f"meetings/{meetings_of_year(cycle)[0].id}/cancellation", {"reason": "Nobody can come"}
    )
    publishing.publish(cycle, NOW, None)
    db.session.commit()

    undone = make.browser(app, make.manager(network=network)).get(f"{path_of(network)}/undo").text

    assert cancelled == {"is cancelled"}
    assert "takes place after all" in undone
    assert "is cancelled" not in undone
