"""What guests hear after they have a place, what the host counts, and what is left of them: nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.calendars.links import token_of
from app.extensions import db
from app.guests.models import Guest
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.privacy.actions import erase, erase_everywhere
from app.privacy.queries import data_of
from app.results.models import Result
from tests import make
from tests.guests.asking import NOW, Open, text_of

START = NOW + timedelta(days=9)


def subjects(there: Open, email: str = "gast@example.org") -> list[str]:
    return [str(mail["Subject"]) for mail in there.mails(email)]


def test_shortly_before_the_meeting_a_guest_is_told_what_one_needs_on_the_day(there: Open) -> None:
    there.host.primary.phone = "06 1234"  # type: ignore[union-attr]
    there.comes("gast@example.org")
    there.at(START - timedelta(days=2, hours=2))
    there.mails("gast@example.org")
    there.at(START - timedelta(days=2) + timedelta(hours=1))
    last = there.mails("gast@example.org")[-1]

    assert last["Subject"] == "See you in two days: Noord, 10:00"
    assert "Laan 1" in text_of(last)
    assert "06 1234" in text_of(last)
    assert subjects(there).count(last["Subject"]) == 1


def test_who_waits_or_gave_back_is_not_told_that(there: Open) -> None:
    there.meeting.guest_seats = 1
    db.session.commit()
    first = there.comes("a@example.org")
    there.comes("b@example.org")
    there.comes("c@example.org")
    there.press(first)
    there.at(START - timedelta(days=1))

    assert [subjects(there, f"{who}@example.org")[-1][:7] for who in "bc"] == ["See you", "You are"]
    assert subjects(there, "a@example.org") == []


def test_a_meeting_that_was_moved_is_said_once_and_reminded_of_on_its_new_day(there: Open) -> None:
    there.comes("gast@example.org")
    there.meeting.starts_at += timedelta(days=7)
    there.meeting.ends_at += timedelta(days=7)
    there.network.changed(NOW)
    db.session.commit()
    moved = there.mails("gast@example.org")[-1]
    there.at(START - timedelta(days=1))
    between = subjects(there)
    there.at(START + timedelta(days=6))

    assert moved["Subject"] == "Changed: Noord on Thu 10 December"
    assert "It was to be: Thursday, 3 December 2026, 10:00–13:00" in text_of(moved)
    assert between[-1] == moved["Subject"]
    assert subjects(there)[-1] == "See you tomorrow: Noord, 10:00"


def test_a_meeting_that_is_cancelled_is_said_to_guests_and_to_who_waits(there: Open) -> None:
    there.meeting.guest_seats = 1
    db.session.commit()
    for who in "ab":
        there.comes(f"{who}@example.org")
    there.meeting.status = "cancelled"
    there.network.changed(NOW)
    db.session.commit()

    assert [subjects(there, f"{who}@example.org")[-1] for who in "ab"] == ["Cancelled: Noord on Thu 3 December"] * 2


@pytest.mark.parametrize("allowed", [True, False])
def test_what_came_out_reaches_guests_where_the_network_lets_it(there: Open, allowed: bool) -> None:
    there.network.guests_get_notes = allowed
    there.comes("gast@example.org")
    there.at(START + timedelta(days=2))
    db.session.add(Result(meeting=there.meeting, outcomes="We share a van", saved_at=START))
    there.meeting.notes_at = START + timedelta(days=2)
    db.session.commit()
    last = there.mails("gast@example.org")[-1]

    assert (last["Subject"] == "Notes of Thu 3 December are ready") is allowed
    assert ("We share a van" in text_of(last)) is allowed


def test_thirty_days_after_the_meeting_the_worker_forgets_the_guest_and_the_files_of_the_mails(there: Open) -> None:
    path = there.comes("gast@example.org")
    there.mails()
    there.at(START + timedelta(days=30))
    there.night()
    kept = db.session.scalars(select(Guest.email)).all()
    there.at(START + timedelta(days=30, hours=4))
    there.night()

    assert kept == ["gast@example.org"]
    assert db.session.scalars(select(Guest)).all() == []
    assert there.app.test_client().get(path).status_code == 404
    assert there.mails("gast@example.org") == []
    assert "gast@example.org" not in str([vars(row) for row in db.session.scalars(select(Message))])


def test_the_host_counts_guests_and_finds_their_names_at_the_door(there: Open) -> None:
    at = f"/networks/{there.network.slug}/meetings/{there.meeting.id}"
    there.comes("gast@example.org", organisation="De Buren")
    host = make.browser(there.app, there.host.people[0])
    row = make.message(person=there.host.people[0], kind="H3", network_id=there.network.id, meeting_id=there.meeting.id)

    assert "3 people are expected so far." in KINDS["H3"].render([row], NOW).text
    assert "One guest comes too." in host.get(at).text
    for page in ("people", "sheet", "guests"):
        assert "De Buren" in host.get(f"{at}/{page}").text


def test_other_members_see_the_number_and_no_name(there: Open) -> None:
    at = f"/networks/{there.network.slug}/meetings/{there.meeting.id}"
    member = make.membership(network=there.network).people[0]
    there.comes("gast@example.org", organisation="De Buren")
    client = make.browser(there.app, member)
    feed = make.feed_link(person=there.manager)
    db.session.commit()
    shown = [client.get(f"{at}{page}").text for page in ("", "/people")]

    assert "One guest comes too." in shown[0]
    assert [word for word in ("De Buren", "Gerda Gast") if word in "".join(shown)] == []
    assert client.get(f"{at}/guests").status_code == 404
    assert feed.person_id == there.manager.id


def test_an_erased_person_is_a_guest_no_more_and_who_waits_has_the_seat(there: Open) -> None:
    there.meeting.guest_seats = 1
    person = make.membership(network=make.network(programme=there.programme)).people[0]
    person.email = "gast@example.org"
    db.session.commit()
    there.comes("gast@example.org")
    there.comes("b@example.org")
    known = data_of(person)["guest"]
    erase_everywhere(person, NOW)
    db.session.commit()

    assert known == [
        {"network": "Noord", "day": "2026-12-03", "name": "Gerda Gast", "organisation": "", "place": "seat"}
    ]
    assert there.guests() == {"b@example.org": 1}


@pytest.mark.parametrize(("language", "subject"), [
    ("nl", "Je hebt een plaats op do 3 december: Noord"),
    ("de", "Sie haben einen Platz am 3. Dezember: Noord"),
    ("en", "You have a place on Thu 3 December: Noord"),
])  # fmt: skip
def test_mails_to_a_guest_speak_the_language_of_the_page(there: Open, language: str, subject: str) -> None:
    there.comes("gast@example.org", language=language)

    assert subjects(there)[-1] == subject


def test_a_place_to_come_outlives_what_a_programme_forgets_of_a_former_member(there: Open) -> None:
    person = make.person(email="gast@example.org")
    there.comes("gast@example.org")
    erase(person, NOW)
    db.session.commit()

    assert person.email is None
    assert there.guests() == {"gast@example.org": 1}


def test_before_the_address_is_confirmed_no_mail_says_what_somebody_typed(there: Open) -> None:
    there.ask("gast@example.org", name="Win a prize at cheap.example", organisation="Cheap")

    assert [word for word in ("prize", "heap") if word in there.mails("gast@example.org")[0].as_string()] == []


def test_no_calendar_of_others_names_a_guest(there: Open) -> None:
    there.comes("gast@example.org", name="Gerda Gast", organisation="Het Gastenhuis")
    link = make.feed_link(person=there.host.people[0])
    db.session.commit()

    feeds = [f"/feeds/{token_of(link)}.ics", f"/p/{there.programme.slug}/open.ics"]
    texts = [there.app.test_client().get(each).text.replace("\r\n ", "") for each in feeds]

    assert ["Vrijwilligers" in text for text in texts] == [True, True]
    assert [word for word in ("Gerda", "Gastenhuis", "gast@") for text in texts if word in text] == []
