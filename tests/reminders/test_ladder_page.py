from flask import Flask

from app.extensions import db
from app.reminders.models import ReminderRule
from app.reminders.queries import ladder_of
from scheduling.reminding.ladder import LADDER
from tests.mail.test_outbox import signed_in
from tests.reminders.world import world

USUAL = {
    name: str(value)
    for step in LADDER
    for name, value in (
        (f"{step.id}_on", "y"),
        (f"{step.id}_in_person", abs(step.in_person or 0)),
        (f"{step.id}_online", abs(step.online or 0)),
    )
    if value != 0
}


def test_the_page_shows_the_usual_ladder_and_saving_it_changes_nothing(app: Flask) -> None:
    w = world()
    client = signed_in(app, w.manager)
    page = client.get(f"/networks/{w.network.slug}/reminders").text
    assert 'value="42"' in page
    assert page.count("online: Opening the call: is the link ready?") == 1
    client.post(f"/networks/{w.network.slug}/reminders", data=USUAL)
    assert ladder_of(w.network.id) == LADDER
    assert db.session.query(ReminderRule).count() == 0


def test_a_manager_moves_one_step_and_switches_off_another(app: Flask) -> None:
    w = world()
    before = w.network.revision
    data = {key: value for key, value in USUAL.items() if key != "P4_on"} | {"H1_in_person": "50"}
    answer = signed_in(app, w.manager).post(f"/networks/{w.network.slug}/reminders", data=data)
    ladder = {step.id: step for step in ladder_of(w.network.id)}
    db.session.refresh(w.network)
    assert (answer.status_code, ladder["H1"].in_person, ladder["P4"].on) == (302, -50, False)
    assert w.network.revision == before + 1


def test_the_notes_are_asked_for_days_after_the_meeting(app: Flask) -> None:
    w = world()
    signed_in(app, w.manager).post(f"/networks/{w.network.slug}/reminders", data=USUAL | {"N2_online": "14"})
    assert next(step for step in ladder_of(w.network.id) if step.id == "N2").online == 14


def test_days_that_are_no_days_are_refused(app: Flask) -> None:
    w = world()
    data = USUAL | {"H1_in_person": "0", "H2_in_person": ""}
    answer = signed_in(app, w.manager).post(f"/networks/{w.network.slug}/reminders", data=data)
    assert (answer.status_code, answer.text.count('class="error"')) == (422, 2)
    assert ladder_of(w.network.id) == LADDER


def test_a_participant_may_not_see_the_ladder(app: Flask) -> None:
    w = world()
    assert signed_in(app, w.host).get(f"/networks/{w.network.slug}/reminders").status_code == 404
