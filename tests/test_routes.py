"""Who may open what: every endpoint in one matrix, asked from fourteen points of view."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import Base, db
from app.people.models import Person
from tests import make
from tests.everything import NOW, World, build_world
from tests.kept import kept

EVERYBODY = {
    "public",
    "feed holder",
    "participant",
    "contact",
    "network manager",
    "programme manager",
    "site admin",
    "foreign participant",
    "foreign contact",
    "foreign manager",
    "manager elsewhere",
    "same people elsewhere",
    "former member",
    "memberless",
}
SIGNED_IN = EVERYBODY - {"public", "feed holder"}
MANAGERS = {"network manager", "programme manager"}
MARKS = {
    "public": EVERYBODY,
    "signed_in": SIGNED_IN,
    "personal_link": EVERYBODY,  # whoever holds the link; a wrong one is 404 for all
    "participant": {"participant", "contact", "site admin", *MANAGERS},
    "network_manager": MANAGERS,
    "own_organisation": {"contact", *MANAGERS},
    "manager": {*MANAGERS, "site admin", "foreign manager", "manager elsewhere", "same people elsewhere"},
    "programme_manager": {"programme manager"},
    "programme_admin": {"programme manager", "site admin"},
}
# endpoint: (mark, who is let in when that is fewer than the mark says)
MATRIX: dict[str, str | tuple[str, set[str]]] = {
    "people.sign_in": "public",
    "people.ask_link": "public",
    "people.open_link": "public",
    "people.use_link": "public",
    "people.use_code": "public",
    "people.sign_out": "public",
    "people.preferences": "signed_in",
    "people.save_preferences": "signed_in",
    "people.save_name": "signed_in",
    "people.end_session": ("signed_in", set()),  # the session of the matrix is nobody's who looks
    "people.end_other_sessions": "signed_in",
    "people.ask_address": "signed_in",
    "people.open_address": "public",
    "people.confirm_address": "public",
    "people.renew_link": "signed_in",
    "people.mail_link": "public",  # whoever holds a link of ours, old or not; what it mails goes to its person
    "help.start": "public",
    "help.show": "public",
    "portfolio.start": "signed_in",
    "portfolio.glance": "manager",
    "closing.show": "network_manager",
    "closing.ask_members": "network_manager",
    "closing.note": "network_manager",
    "closing.close": "network_manager",
    "closing.reopen": "network_manager",
    "closing.show_all": "programme_manager",
    "closing.ask_all_members": "programme_manager",
    "closing.close_all": "programme_manager",
    "closing.staying": "participant",
    "closing.staying_by_link": "personal_link",
    "closing.say": ("participant", {"contact"}),
    "closing.say_by_link": "personal_link",
    "reports.network": "network_manager",
    "reports.say": "network_manager",
    "reports.network_file": "network_manager",
    "reports.programme": "programme_manager",
    "reports.say_of_all": "programme_manager",
    "reports.programme_file": "programme_manager",
    "portfolio.mine": "signed_in",
    "portfolio.save_mine": "signed_in",
    "portfolio.personal": "personal_link",
    "portfolio.save": "personal_link",
    "portfolio.recognise": ("signed_in", {"participant"}),
    "portfolio.refuse": ("signed_in", {"participant"}),
    "people.mails_by_link": "personal_link",
    "people.save_mails_by_link": "personal_link",
    "networks.new": "programme_manager",
    "networks.create": "programme_manager",
    "networks.show": "participant",
    "networks.turns": "participant",
    "networks.settings": "network_manager",
    "networks.save_settings": "network_manager",
    "networks.add_organisation": "network_manager",
    "networks.begin": "network_manager",
    "networks.member": "own_organisation",
    "networks.save_member": "network_manager",
    "networks.save_organisation": "network_manager",
    "networks.add_contact": "own_organisation",
    "networks.edit_contact": "network_manager",
    "networks.save_contact": "network_manager",
    "networks.ask_contact": "network_manager",
    "networks.contact_first": "own_organisation",
    "networks.remove_contact": "own_organisation",
    "networks.add_room": "own_organisation",
    "networks.edit_room": "own_organisation",
    "networks.save_room": "own_organisation",
    "networks.remove_room": "own_organisation",
    "networks.save_absence": "own_organisation",
    "networks.drop_absence": "own_organisation",
    "rounds.manager": "network_manager",
    "rounds.ask": "network_manager",
    "rounds.remove_date": "network_manager",
    "rounds.close": "network_manager",
    "rounds.reopen": "network_manager",
    "rounds.telephoned": "network_manager",
    "rounds.save_telephoned": "network_manager",
    "rounds.mine": ("signed_in", {"participant", "contact"}),
    "rounds.save_mine": ("signed_in", {"participant", "contact"}),
    "rounds.by_link": "personal_link",
    "rounds.save_by_link": "personal_link",
    "jobs.show": "programme_manager",
    "jobs.stop": "programme_manager",
    "deputies.show": "manager",
    "deputies.stand_in": "manager",
    "deputies.withdraw": ("manager", MANAGERS),
    "handover.show": ("manager", {"programme manager", "site admin"}),
    "handover.hand_over": ("manager", {"programme manager", "site admin"}),
    "turn_requests.ask": "own_organisation",
    "turn_requests.remove": "own_organisation",
    "turn_requests.answer": "network_manager",
    "planning.show": "network_manager",
    "planning.days": "network_manager",
    "planning.propose": "network_manager",
    "planning.edit_table": "network_manager",
    "planning.add_extra": "network_manager",
    "planning.remove_row": "network_manager",
    "planning.relax": "network_manager",
    "planning.drop_draft": "network_manager",
    "planning.undo_change": "network_manager",
    "publishing.publication": "network_manager",
    "publishing.publish": "network_manager",
    "publishing.versions": "network_manager",
    "publishing.preview_undo": "network_manager",
    "publishing.undo": "network_manager",
    "meetings.meeting": "participant",
    "publishing.change_meeting": "network_manager",
    "publishing.cancel_meeting": "network_manager",
    "turns.credit": "network_manager",
    "preparing.programme": ("participant", {"contact", *MANAGERS}),
    "preparing.programme_by_link": "personal_link",
    "preparing.save_programme": ("participant", {"contact", *MANAGERS}),
    "preparing.save_programme_by_link": "personal_link",
    "preparing.room": ("participant", {"contact", *MANAGERS}),
    "preparing.room_by_link": "personal_link",
    "preparing.save_room": ("participant", {"contact", *MANAGERS}),
    "preparing.save_room_by_link": "personal_link",
    "preparing.choose_room": ("participant", {"contact", *MANAGERS}),
    "preparing.choose_room_by_link": "personal_link",
    "turns.answer": ("participant", {"contact", *MANAGERS}),
    "turns.answer_by_link": "personal_link",
    "turns.confirm": ("participant", {"contact", *MANAGERS}),
    "turns.confirm_by_link": "personal_link",
    "turns.hand_back": ("participant", {"contact", *MANAGERS}),
    "turns.hand_back_by_link": "personal_link",
    "turns.tick": ("participant", {"contact", *MANAGERS}),
    "turns.tick_by_link": "personal_link",
    "swaps.ask": ("participant", {"contact", *MANAGERS}),
    "swaps.ask_by_link": "personal_link",
    "swaps.send": ("participant", {"contact", *MANAGERS}),
    "swaps.send_by_link": "personal_link",
    "swaps.accept": ("participant", {"contact", *MANAGERS}),
    "swaps.accept_by_link": "personal_link",
    "swaps.decline": ("participant", {"contact", *MANAGERS}),
    "swaps.decline_by_link": "personal_link",
    "swaps.withdraw": ("participant", {"contact", *MANAGERS}),
    "swaps.withdraw_by_link": "personal_link",
    "swaps.undo": ("participant", {"contact", *MANAGERS}),
    "swaps.undo_by_link": "personal_link",
    "publishing.repair": "network_manager",
    "publishing.ask_first": "network_manager",
    "publishing.preview_repair": "network_manager",
    "publishing.do_repair": "network_manager",
    "publishing.programme_year": "programme_manager",
    "planning.propose_all": "programme_manager",
    "publishing.publish_all": "programme_manager",
    "attendance.people": "participant",
    "attendance.save_people": ("participant", {"participant", "contact", *MANAGERS}),
    "attendance.sheet": ("participant", {"contact", "site admin", *MANAGERS}),
    "attendance.count": ("participant", {"contact", *MANAGERS}),
    "attendance.save_count": ("participant", {"contact", *MANAGERS}),
    "public.programme": "public",
    "public.network": "public",
    "public.members": "public",
    "public.mark": "public",
    "public.meeting": "public",
    "public.buffet": "public",
    "public.buffet_feed": "public",
    "guests.ask": "public",
    "guests.send": "public",
    "guests.place": "public",
    "guests.confirm": "public",
    "guests.give_back": "public",
    "visits.desk": ("participant", {"contact", "site admin", *MANAGERS}),
    "visits.save": ("participant", {"contact", *MANAGERS}),
    "visits.take_off": "network_manager",
    "visits.others": "participant",
    "visits.others_by_link": "personal_link",
    "visits.take": ("participant", {"participant", "contact"}),
    "visits.take_by_link": "personal_link",
    "public.legal": "public",
    "public.robots": "public",
    "public.sitemap": "public",
    "joining.join": "public",
    "joining.ask_to_join": "public",
    "joining.start": "public",
    "joining.ask_to_start": "public",
    "joining.sent": "public",
    "joining.mine": "public",
    "joining.confirm": "public",
    "joining.take_back": "public",
    "joining.network": "network_manager",
    "joining.accept": "network_manager",
    "joining.answer": "network_manager",
    "joining.programme": "programme_manager",
    "joining.accept_start": "programme_manager",
    "joining.answer_start": "programme_manager",
    "door.network": "network_manager",
    "door.name_me": ("network_manager", {"network manager"}),
    "door.name_me_for_all": ("programme_manager", {"programme manager"}),
    "door.save_network": "network_manager",
    "door.programme": "programme_manager",
    "door.save_programme": "programme_manager",
    "door.listing": "own_organisation",
    "door.save_listing": "own_organisation",
    "door.legal": ("signed_in", {"site admin"}),
    "door.save_legal": ("signed_in", {"site admin"}),
    "topics.show": "participant",
    "topics.show_by_link": "personal_link",
    "topics.propose": ("participant", {"participant", "contact", *MANAGERS}),
    "topics.propose_by_link": "personal_link",
    "topics.wish": ("participant", {"participant", "contact"}),
    "topics.wish_by_link": "personal_link",
    "topics.unwish": ("participant", {"participant", "contact"}),
    "topics.unwish_by_link": "personal_link",
    "topics.release": ("participant", {"contact", *MANAGERS}),
    "topics.release_by_link": "personal_link",
    "topics.themes": "manager",
    "topics.topic": "participant",
    "topics.topic_by_link": "personal_link",
    "topics.reply": ("participant", {"participant", "contact", *MANAGERS}),
    "topics.reply_by_link": "personal_link",
    "topics.edit": ("participant", {"contact"}),
    "topics.edit_by_link": "personal_link",
    "topics.close": ("participant", {"contact", *MANAGERS}),
    "topics.close_by_link": "personal_link",
    "topics.reopen": ("participant", {"contact", *MANAGERS}),
    "topics.reopen_by_link": "personal_link",
    "topics.withdraw": ("participant", {"contact"}),
    "topics.withdraw_by_link": "personal_link",
    "topics.hide": "network_manager",
    "topics.unhide": "network_manager",
    "topics.edit_reply": ("participant", {"contact"}),
    "topics.edit_reply_by_link": "personal_link",
    "topics.withdraw_reply": ("participant", {"contact"}),
    "topics.withdraw_reply_by_link": "personal_link",
    "topics.hide_reply": "network_manager",
    "topics.unhide_reply": "network_manager",
    "library.show": "participant",
    "library.show_by_link": "personal_link",
    "library.keep": ("participant", {"participant", "contact", *MANAGERS}),
    "library.keep_by_link": "personal_link",
    "library.settle": ("participant", {"participant", "contact", *MANAGERS}),
    "library.settle_by_link": "personal_link",
    "library.change": ("participant", {"participant", "contact", *MANAGERS}),
    "library.change_by_link": "personal_link",
    "library.remove": ("participant", {"participant", "contact", *MANAGERS}),
    "library.remove_by_link": "personal_link",
    "library.export": "participant",
    "library.export_by_link": "personal_link",
    "topics.take": ("participant", {"contact", *MANAGERS}),
    "topics.take_by_link": "personal_link",
    "results.show": "participant",
    "results.show_by_link": "personal_link",
    "results.save": ("participant", {"contact", *MANAGERS}),
    "results.save_by_link": "personal_link",
    "results.tick": ("participant", {"participant", "contact", *MANAGERS}),
    "results.tick_by_link": "personal_link",
    "results.learnt": "participant",
    "results.learnt_by_link": "personal_link",
    "results.learnt_anywhere": "manager",
    "pulse.show": ("participant", {"participant", "contact"}),
    "pulse.show_by_link": "personal_link",
    "pulse.answer": ("participant", {"participant", "contact"}),
    "pulse.answer_by_link": "personal_link",
    "calendars.mine": "signed_in",
    "calendars.make_mine": ("signed_in", {"participant", "contact", "foreign participant", "foreign contact"}),
    "calendars.renew": "signed_in",
    "calendars.subscribe": "personal_link",
    "calendars.make": "personal_link",
    "calendars.reset": "network_manager",
    "calendars.choose_mine": "signed_in",
    "calendars.choose": "personal_link",
    "calendars.one": "participant",
    "calendars.one_by_link": "personal_link",
    "calendars.sheet": "participant",
    "mail.outbox": "manager",
    "mail.mail": ("manager", MANAGERS),
    "mail.mail_page": ("manager", MANAGERS),
    "mail.save_text": ("manager", MANAGERS),
    "mail.skip": ("manager", MANAGERS),
    "mail.send_now": ("manager", MANAGERS),
    "mail.send_again": ("manager", MANAGERS),
    "mail.arrived": ("manager", MANAGERS),
    "mail.settle": "manager",
    "mail.write": "manager",
    "mail.try_out": "manager",
    "mail.unsubscribe": "public",
    "mail.stop_mails": "public",
    "importing.upload": "programme_manager",
    "importing.template": "programme_manager",
    "importing.receive": "programme_manager",
    "importing.show": "programme_manager",
    "importing.answer": "programme_manager",
    "importing.appoint": "programme_manager",
    "importing.complete": "programme_manager",
    "importing.undo": "programme_manager",
    "importing.discard": "programme_manager",
    "importing.report": "programme_manager",
    "exporting.network": "network_manager",
    "exporting.programme": "programme_admin",
    "reminders.ask_again": "network_manager",
    "reminders.ladder": "network_manager",
    "reminders.save_ladder": "network_manager",
    "reminders.text": "network_manager",
    "reminders.save_text": "network_manager",
    "privacy.my_data": "signed_in",
    "privacy.my_file": "signed_in",
    "privacy.log": "signed_in",  # each reads what is theirs; tests/privacy/test_log.py
    "privacy.log_file": "signed_in",
    "privacy.my_dates": "signed_in",
    "privacy.leave": ("signed_in", {"contact"}),
    "privacy.erase_me": "signed_in",
    "privacy.retention": "programme_manager",
    "privacy.save_retention": "programme_manager",
    "privacy.keep": "programme_manager",
    "privacy.register": "programme_admin",
    "styleguide.show": "public",  # for whoever builds this; elsewhere it does not exist
    "admin.healthz": "public",
    "admin.readyz": "public",
    "admin.figures": "public",  # with the token of the settings; without it does not exist
    "backups.show": ("signed_in", {"site admin"}),
    "backups.save": ("signed_in", {"site admin"}),
    "backups.ask": ("signed_in", {"site admin"}),
    "admin.first_run": ("signed_in", {"site admin"}),
    "admin.found": ("signed_in", {"site admin"}),
    "admin.load_sample": ("signed_in", {"site admin"}),
    "admin.programme": "programme_admin",
    "admin.save_programme": "programme_manager",
    "admin.grant_role": "programme_admin",
    "admin.withdraw_role": "programme_admin",
    "admin.add_period": "programme_manager",
    "admin.remove_period": "programme_manager",
    "admin.merge_organisations": "programme_manager",
    "admin.merge_people": "programme_manager",
    "admin.reset_calendars": "programme_admin",
}
FEED = "/feeds/<token>.ics"  # in front of Flask: entered by hand, its tests stand in tests/calendars
FINE = (200, 302, 409, 422, 503)
# The matrix asks for links that do not exist.
UNKNOWN_LINK = ("people.open_link", "people.use_link", "people.open_address", "people.confirm_address", "admin.figures")


def mark(endpoint: str) -> str:
    entry = MATRIX[endpoint]
    return entry if isinstance(entry, str) else entry[0]


def let_in(endpoint: str) -> set[str]:
    entry = MATRIX[endpoint]
    return MARKS[entry] if isinstance(entry, str) else entry[1]


@pytest.fixture(scope="module")
def laid_up(_app: Flask) -> Iterator[Callable[[], World]]:
    """The world, made once."""
    with time_machine.travel(NOW, tick=False):
        made = build_world()
        numbers = {name: person and person.id for name, person in made.people.items()}
        with kept() as put_back:

            def again() -> World:
                put_back()
                people = {name: number and db.session.get_one(Person, number) for name, number in numbers.items()}
                return replace(made, people=people)

            yield again


@pytest.fixture
def world(app: Flask, laid_up: Callable[[], World]) -> World:
    return laid_up()


def url_of(app: Flask, world: World, endpoint: str) -> str:
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    number = world.numbers.get(endpoint, world.numbers.get(endpoint.split(".", maxsplit=1)[0], 1))
    values = world.values | {"number": number}
    if endpoint in ("mail.unsubscribe", "mail.stop_mails"):
        values["token"] = values["stop"]
    if endpoint in ("guests.place", "guests.confirm", "guests.give_back"):
        values["token"] = values["guest"]
    return app.url_map.bind("localhost").build(endpoint, {name: values[name] for name in rule.arguments})


def method_of(app: Flask, endpoint: str) -> str:
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    return "POST" if "POST" in (rule.methods or ()) else "GET"


def endpoints(app: Flask) -> list[str]:
    own = {rule.endpoint for rule in app.url_map.iter_rules()}
    return sorted(name for name in own if not name.endswith("static") and not name.startswith("bootstrap"))


def browser(app: Flask, person: Person | None) -> FlaskClient:
    return make.browser(app, person) if person else app.test_client()


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """All tables but the notes a visit leaves."""
    db.session.expire_all()
    tables = [t for t in Base.metadata.sorted_tables if t.name not in ("browser_session", "limit_count")]
    return {table.name: sorted(map(repr, db.session.execute(select(table)))) for table in tables}


def test_every_endpoint_stands_in_the_matrix_with_its_mark(app: Flask) -> None:
    marks = {name: getattr(app.view_functions[name], "access", None) for name in endpoints(app)}

    assert marks == {name: mark(name) for name in MATRIX}


@pytest.mark.parametrize("endpoint", sorted(MATRIX))
def test_only_those_in_the_matrix_get_in_and_a_refusal_changes_nothing(app: Flask, world: World, endpoint: str) -> None:
    path, method = url_of(app, world, endpoint), method_of(app, endpoint)
    refused = sorted(EVERYBODY - let_in(endpoint))
    with time_machine.travel(NOW, tick=False):
        browsers = {name: browser(app, world.people[name]) for name in refused}
        before = contents()
        data = {"which": "mine", "organisation": world.values["organisation"]}
        answers = {name: browsers[name].open(path, method=method, data=data).status_code for name in refused}
        after = contents()

    expected = {name: 302 if name in ("public", "feed holder") else 404 for name in refused}
    assert (answers, after) == (expected, before)


@pytest.mark.parametrize("endpoint", sorted(MATRIX))
def test_those_in_the_matrix_are_let_in(app: Flask, world: World, endpoint: str) -> None:
    path, method = url_of(app, world, endpoint), method_of(app, endpoint)
    with time_machine.travel(NOW, tick=False):
        names = sorted(let_in(endpoint) - {"feed holder"})[: 1 if method == "POST" else None]
        browsers = {name: browser(app, world.people[name]) for name in names}
        data = {"which": "mine", "subject": "x", "note": "", "organisation": world.values["organisation"]}
        answers = {name: browsers[name].open(path, method=method, data=data) for name in names}

    if endpoint not in UNKNOWN_LINK:
        assert {name: answer.status_code for name, answer in answers.items() if answer.status_code not in FINE} == {}
    sent_away = [n for n, answer in answers.items() if (answer.location or "").endswith("/sign-in")]
    assert sent_away == [] or endpoint == "people.sign_out"


def test_the_same_404_for_what_is_foreign_and_what_does_not_exist(app: Flask, world: World) -> None:
    client = make.browser(app, world.people["foreign manager"])

    foreign = client.get(f"/networks/{world.values['slug']}")
    absent = client.get("/networks/there-is-none")

    assert (foreign.status_code, foreign.data) == (absent.status_code, absent.data)


def test_get_changes_nothing(app: Flask, world: World) -> None:
    reading = [name for name in MATRIX if method_of(app, name) == "GET"]
    with time_machine.travel(NOW, tick=False):
        clients = [make.browser(app, person) for person in world.people.values() if person]
        before = contents()
        for endpoint in reading:
            for client in clients:
                client.get(url_of(app, world, endpoint))
            clients[0].head(url_of(app, world, endpoint))

    assert contents() == before


def test_every_post_needs_the_csrf_token(app: Flask, world: World) -> None:
    writing = [name for name in MATRIX if method_of(app, name) == "POST" and name != "mail.stop_mails"]
    client = make.browser(app, world.people["programme manager"])
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answers = {name: client.post(url_of(app, world, name)).status_code for name in writing}
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert answers == dict.fromkeys(writing, 400)


def test_an_unknown_host_is_refused(app: Flask) -> None:
    assert app.test_client().get("/sign-in", base_url="http://elsewhere.example").status_code == 400


def test_a_form_larger_than_a_megabyte_is_too_big(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": "x" * 1_100_000})

    assert answer.status_code == 413


def test_endpoints_are_named_after_the_room_that_defines_them(app: Flask) -> None:
    rooms = {name: pages.import_name.split(".") for name, pages in app.blueprints.items()}
    elsewhere = {name: room[1] for name, room in rooms.items() if room[0] == "app" and name != room[1]}

    assert {rule.endpoint.partition(".")[0] for rule in app.url_map.iter_rules()} - {"static"} <= rooms.keys()
    assert elsewhere == {
        "turn_requests": "planning",
        "backups": "admin",
        "styleguide": "admin",
        "door": "public",
        "visits": "guests",
    }
