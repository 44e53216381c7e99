from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clock import now
from app.errors import Refused
from app.extensions import db
from app.letters.kinds import KINDS
from app.letters.names import NAMES
from app.mail import actions
from app.mail.models import Message, Relay
from app.people.actions import make_link, use
from app.people.links import personal_token
from app.people.models import Person
from tests import make
from tests.reminders.world import NOW, world
from tests.statements import statements


def signed_in(app: Flask, person: Person) -> FlaskClient:
    link, _, _ = make_link(person, now())
    secret = use(link, "", now())
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as session:
        session["sid"] = secret
    return client


def add(**values: object) -> Message:
    person = make.person()
    given = {"kind": "H1", "key": "one", "person_id": person.id, "due_at": NOW, "now": NOW}
    return actions.add(**{**given, **values})


def test_every_kind_of_mail_has_a_name_on_the_outbox_page(app: Flask) -> None:
    assert set(KINDS) - set(NAMES) == set()


def test_the_same_key_is_the_same_mail(app: Flask) -> None:
    first = add()
    assert add(kind="H2", due_at=NOW + timedelta(days=1)) is first
    assert (first.kind, first.due_at, first.state) == ("H1", NOW, "planned")


def test_withdrawing_leaves_what_was_sent(app: Flask) -> None:
    planned, sent = add(), add(key="two")
    sent.state = "sent"
    actions.cancel([planned, sent], NOW)
    assert (planned.state, planned.cancelled_because, sent.state) == ("cancelled", "withdrawn", "sent")


def test_what_has_left_cannot_be_changed_skipped_or_hurried(app: Flask) -> None:
    message = add()
    message.state = "sent"
    for change in (actions.skip, actions.send_now, actions.send_again, actions.arrived):
        with pytest.raises(Refused):
            change(message, NOW)


def test_what_may_have_arrived_is_sent_again_as_another_mail_or_known_to_have_arrived(app: Flask) -> None:
    again, seen = add(), add(key="two")
    for message in (again, seen):
        message.state, message.ambiguous = "uncertain", True
    actions.send_again(again, NOW)
    actions.arrived(seen, NOW)
    assert (again.state, again.generation, again.ambiguous) == ("planned", 2, False)
    assert (seen.state, seen.generation) == ("sent", 1)


def test_a_manager_sees_what_leaves_in_fourteen_days_and_failures_on_top(app: Flask) -> None:
    w = world()
    w.message("H1", w.host)
    w.message("P1", w.preparer, due_at=NOW + timedelta(days=15))
    w.message("H2", w.substitute, state="failed", error="550 unknown here")
    text = signed_in(app, w.manager).get("/outbox").text
    assert [word in text for word in ("Anna de Vries", "Cas de Vries", "550 unknown here")] == [True, False, True]
    assert text.index("550 unknown here") < text.index("Anna de Vries")


def test_the_outbox_shows_one_network_or_one_kind(app: Flask) -> None:
    w = world()
    other = make.network(programme=w.network.programme, name="Zuid")
    w.message("H1", w.host)
    w.message("D1", w.preparer, network_id=other.id, meeting_id=None)
    client = signed_in(app, make.programme_manager(programme=w.network.programme))
    pages = [client.get(f"/outbox?{query}").text for query in ("", f"network={other.slug}", "kind=H1")]
    found = [("Anna de Vries" in page, "Cas de Vries" in page) for page in pages]
    assert found == [(True, True), (False, True), (True, False)]


def test_a_relay_that_is_down_is_said(app: Flask) -> None:
    w = world()
    db.session.add(Relay(id=1, failures=2, error="Connection refused"))
    db.session.commit()
    assert "Connection refused" in signed_in(app, w.manager).get("/outbox").text


def test_a_planned_mail_is_shown_as_it_will_leave(app: Flask) -> None:
    w = world()
    row = w.message("H1", w.host, note="Soup at noon.")
    client = signed_in(app, w.manager)
    text, page = client.get(f"/outbox/{row.id}").text, client.get(f"/outbox/{row.id}/page").text
    assert "please confirm the room" in text
    assert ("Soup at noon." in page, "Lindelaan 1" in page) == (True, True)


def test_whoever_looks_at_a_mail_does_not_get_the_recipient_s_own_links(app: Flask) -> None:
    w = world()
    year = w.message("Y0", w.host, params={"version": 1, "cycle_id": w.meeting.cycle_id}, meeting_id=None)
    rows = [w.message("H1", w.host), year]
    own = personal_token(w.host)
    db.session.commit()
    client = signed_in(app, w.manager)
    pages = [client.get(f"/outbox/{row.id}{page}").text for row in rows for page in ("", "/page")]
    pages = [page.replace("/me/data", "") for page in pages]  # asks whoever opens it to sign in
    assert [("/me/" in page, own.split(".")[0] in page) for page in pages] == [(False, False)] * 4


def test_a_mail_that_is_not_true_any_more_says_so(app: Flask) -> None:
    w = world(status="cancelled")
    row = w.message("H1", w.host)
    assert "this mail will not leave" in signed_in(app, w.manager).get(f"/outbox/{row.id}").text


def test_reading_the_outbox_changes_nothing(app: Flask) -> None:
    w = world()
    row = w.message("H1", w.host)
    client = signed_in(app, w.manager)
    before = tuple(db.session.execute(Message.__table__.select()).one())
    for page in ("/outbox", f"/outbox/{row.id}", f"/outbox/{row.id}/page"):
        assert client.get(page).status_code == 200
    assert tuple(db.session.execute(Message.__table__.select()).one()) == before


def test_a_manager_edits_hurries_and_skips(app: Flask) -> None:
    w = world()
    later = NOW + timedelta(days=3)
    row, other = w.message("H1", w.host, due_at=later), w.message("P1", w.preparer, due_at=later)
    client = signed_in(app, w.manager)
    client.post(f"/outbox/{row.id}/text", data={"subject": "Soup", "note": "At noon"})
    client.post(f"/outbox/{row.id}/now")
    client.post(f"/outbox/{other.id}/skip")
    db.session.expire_all()
    assert (row.subject, row.note, row.due_at.date(), row.pinned) == ("Soup", "At noon", NOW.date(), True)
    assert (other.state, other.cancelled_because) == ("cancelled", "skipped")


def test_a_subject_that_is_too_long_is_refused_with_what_was_typed(app: Flask) -> None:
    w = world()
    row = w.message("H1", w.host)
    answer = signed_in(app, w.manager).post(f"/outbox/{row.id}/text", data={"subject": "x" * 201, "note": ""})
    assert (answer.status_code, "x" * 201 in answer.text) == (422, True)


def test_a_digest_in_doubt_can_be_settled_by_its_manager(app: Flask) -> None:
    w = world()
    rows = [w.message("M1", w.manager, state="uncertain", network_id=None, meeting_id=None) for _ in range(2)]
    client = signed_in(app, w.manager)
    client.post(f"/outbox/{rows[0].id}/again")
    client.post(f"/outbox/{rows[1].id}/arrival")
    db.session.expire_all()
    assert [row.state for row in rows] == ["planned", "sent"]


def test_another_network_s_mails_are_not_there(app: Flask) -> None:
    w = world()
    row = w.message("H1", w.host)
    client = signed_in(app, make.manager(network=make.network()))
    assert "Anna de Vries" not in client.get("/outbox").text
    pages = [client.get(f"/outbox/{row.id}"), client.get(f"/outbox/{row.id}/page"), client.get("/outbox/0")]
    posts = [client.post(f"/outbox/{row.id}/{verb}") for verb in ("text", "skip", "now", "again", "arrival")]
    assert [answer.status_code for answer in (*pages, *posts)] == [404] * 8
    db.session.refresh(row)
    assert row.state == "planned"


def test_participants_have_no_outbox(app: Flask) -> None:
    w = world()
    assert signed_in(app, w.host).get("/outbox").status_code == 404


def queries_for(app: Flask, mails: int) -> int:
    w = world()
    for _ in range(mails):
        w.message("H1", w.host)
    client = signed_in(app, w.manager)
    with statements() as seen:
        client.get("/outbox")
    return len(seen)


def test_one_mail_or_three_cost_the_same_number_of_queries(app: Flask) -> None:
    one = queries_for(app, 1)
    db.session.rollback()
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(table.delete())
    db.session.commit()
    assert queries_for(app, 3) == one


def test_a_manager_writes_to_a_network_from_the_outbox(app: Flask) -> None:
    w = world()
    words = {"to_network": w.network.slug, "audience": "duty", "subject": "Parking", "text": "The gate is closed."}
    answer = signed_in(app, w.manager).post("/outbox/message", data=words, follow_redirects=True)
    rows = db.session.query(Message).filter_by(kind="X1").all()
    assert "3 mails leave now." in answer.text
    assert {(row.subject, row.note, row.state) for row in rows} == {("Parking", "The gate is closed.", "planned")}


@pytest.mark.parametrize("change", [{"text": ""}, {"to_network": "another"}, {"audience": "nobody"}])
def test_a_message_that_is_not_complete_or_to_another_network_is_not_sent(app: Flask, change: dict[str, str]) -> None:
    w, _other = world(), make.network(slug="another")
    words = {"to_network": w.network.slug, "audience": "all", "subject": "Parking", "text": "Closed."}
    answer = signed_in(app, w.manager).post("/outbox/message", data={**words, **change})
    assert (answer.status_code, db.session.query(Message).count()) == (422, 0)


def test_a_manager_can_try_out_whether_mail_works(app: Flask) -> None:
    w = world()
    assert signed_in(app, w.manager).post("/outbox/test").status_code == 302
    assert [(row.kind, row.person_id) for row in db.session.query(Message)] == [("test", w.manager.id)]


def test_several_are_settled_in_one_press_and_what_does_not_fit_stays(app: Flask) -> None:
    w = world()
    states = {"refused": "failed", "doubtful": "uncertain", "gone": "sent"}
    ids = [w.message("H1", w.host, key=key, state=state, error="550").id for key, state in states.items()]
    client = signed_in(app, w.manager)
    page = client.post("/outbox/several", data={"mail": ids, "what": "arrived"}, follow_redirects=True).text
    assert ["1 mail is done." in page, "2 mails stayed as they were" in page] == [True, True]
    client.post("/outbox/several", data={"mail": ids[:1], "what": "again"})
    assert [db.session.get_one(Message, number).state for number in ids] == ["planned", "sent", "sent"]


def test_nothing_ticked_and_an_unknown_wish_are_said_and_change_nothing(app: Flask) -> None:
    w = world()
    number = w.message("H1", w.host, state="failed", error="550").id
    client = signed_in(app, w.manager)
    answers = [client.post("/outbox/several", data=data) for data in ({"what": "skip"}, {"mail": number, "what": "x"})]
    assert [(a.status_code, "Tick at least one mail." in a.text) for a in answers] == [(422, True), (422, True)]
    assert db.session.get_one(Message, number).state == "failed"


def test_a_mail_of_another_network_among_the_ticked_is_404_for_all(app: Flask) -> None:
    w, foreign = world(), make.message(person=make.person(), network_id=make.network().id, state="failed")
    own = w.message("H1", w.host, state="failed", error="550").id
    answer = signed_in(app, w.manager).post("/outbox/several", data={"mail": [own, foreign.id], "what": "skip"})
    assert (answer.status_code, db.session.get_one(Message, own).state) == (404, "failed")
