from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from app.mail.kind_of_mail import Letter
from app.mail.message_ids import message_id
from app.mail.mime import Mail, compose
from app.mail.models import Message
from app.mail.transports import Files
from app.networks.models import Role
from app.people.links import unsubscribe_token
from app.worker import deliver
from tests import make
from tests.fakes import Relay
from tests.make import NOW
from tests.reminders.world import world


def headers(mail: EmailMessage) -> dict[str, str]:
    """Unfolded: a long link begins on a line of its own."""
    return {
        name: str(value).strip() for name, value in mail.items() if name not in ("MIME-Version", "Content-Type", "Date")
    }


def test_a_mail_about_a_turn_carries_every_header_and_cannot_be_stopped(app: Flask, relay: Relay) -> None:
    w = world()
    row = w.message("H3", w.host)
    deliver(5)
    assert headers(relay.received[0]) == {
        "From": "Samen <samen@example.org>",
        "To": "Anna de Vries <anna@example.org>",
        "Subject": "Soon at your place: the practical points for Thu 15 April",
        "Message-ID": f"<{message_id(row)}>",
        "Content-Language": "en",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Reply-To": f"Mia Mol <{w.manager.email}>",
    }


def test_a_reply_goes_to_all_managers_of_a_programme_when_no_one_is_named_for_the_network(relay: Relay) -> None:
    w = world()
    db.session.query(Role).delete()
    names = ("Mia Møl-Ångström", "Noor")
    people = [make.programme_manager(programme=w.network.programme, first_name=name, last_name="") for name in names]
    w.message("D2", w.host)
    deliver(5)
    found = getaddresses([headers(relay.received[0])["Reply-To"]])
    assert found == [(person.name, person.email) for person in people]


def test_a_mail_to_participants_can_be_stopped_with_one_click(relay: Relay) -> None:
    w = world()
    w.message("D2", w.host)
    deliver(5)
    found = headers(relay.received[0])
    link = f"<http://localhost/stop-mails/{unsubscribe_token(w.host.id)}>"
    assert (found["List-Unsubscribe"], found["List-Unsubscribe-Post"]) == (link, "List-Unsubscribe=One-Click")


def test_a_mail_is_text_and_html_and_the_text_says_everything_the_html_says(relay: Relay) -> None:
    w = world()
    w.message("H3", w.host)
    deliver(5)
    mail = relay.received[0]
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for words in (
        "Lindelaan 1",
        "Complete the place",
        "/me/",
        f"/meetings/{w.meeting.id}/room",
        "Mia Mol",
        "coffee or lunch",
    ):
        assert words in text
        assert words in html


def test_the_manager_s_own_words_replace_the_subject_and_stand_above_the_text(relay: Relay) -> None:
    w = world()
    w.message("H3", w.host, subject="About\r\nlunch", note="We bring <soup>.")
    deliver(5)
    text, html = (relay.received[0].get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert relay.subjects == ["About lunch"]
    assert text.split("\r\n\r\n")[:2] == ["Dear Anna,", "We bring <soup>."]
    assert "We bring &lt;soup&gt;." in html


def test_names_from_everywhere_arrive(relay: Relay) -> None:
    w = world()
    w.host.first_name, w.host.last_name = "Ελένη", 'Şahin, "Łuk"'
    w.message("H3", w.host)
    deliver(5)
    mail = relay.received[0]
    assert mail["To"].addresses[0].display_name == 'Ελένη Şahin, "Łuk"'
    assert mail.get_body(("plain",)).get_content().startswith("Dear Ελένη,")


@pytest.mark.parametrize("length", range(1, 120, 7))
def test_a_long_name_arrives_letter_by_letter_wherever_its_line_ends(app: Flask, length: int) -> None:
    """Read by the standard's rules: the parser of email.policy doubles spaces between encoded words."""
    name = f"{'Lernkreis für Größe ' * 6}"[:length].strip() + ' – "Übergänge, Nord" und mehr'
    letter = Letter((name, "anna@example.org"), "Hello", "text", "html", "de", sender=(name, "a@b.example"))
    mail = compose(Message(id=1, generation=1), letter, NOW).body
    found = message_from_bytes(mail, policy=policy.compat32)
    said = [str(make_header(decode_header(found[header]))) for header in ("From", "To")]
    assert said == [f"{name} <a@b.example>", f"{name} <anna@example.org>"]
    assert max(map(len, mail.split(b"\r\n"))) <= 76


def test_as_files_there_is_one_whole_file_for_each_mail(folder: Path) -> None:
    w = world()
    rows = [w.message("D2", person) for person in (w.host, w.preparer)]
    assert deliver(5) == 2
    assert {path.name for path in folder.iterdir()} == {f"m-{row.id}-g1.eml" for row in rows}
    mail = message_from_bytes((folder / f"m-{rows[0].id}-g1.eml").read_bytes(), policy=policy.default)
    assert str(mail["To"]) == "Anna de Vries <anna@example.org>"


def test_a_mail_that_is_not_to_leave_any_more_leaves_nothing_in_the_folder(folder: Path) -> None:
    line, mail = Files(folder), Mail("samen@example.org", "anna@example.org", "m-1-g1", b"Subject: one\r\n\r\n")
    line.begin(mail)
    line.abandon()
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_a_relay_that_is_down(folder: Path) -> None:
    w = world()
    row = w.message("D2", w.host)
    folder.write_text("a file where a folder should be")
    assert deliver(5) == 0
    db.session.refresh(row)
    assert (row.state, row.attempts) == ("planned", 0)


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_a_mail_says_its_language(relay: Relay, language: str) -> None:
    w = world(language)
    w.message("D2", w.host)
    deliver(5)
    assert str(relay.received[0]["Content-Language"]) == language


def test_pressing_the_link_in_a_mail_program_changes_nothing_until_the_button(app: Flask) -> None:
    person = make.person(wants_mail=True)
    db.session.commit()
    client, link = app.test_client(), f"/stop-mails/{unsubscribe_token(person.id)}"
    assert client.get(link).status_code == 200
    db.session.refresh(person)
    assert person.wants_mail is True
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post(link, data={"List-Unsubscribe": "One-Click"})
    app.config["WTF_CSRF_ENABLED"] = False
    db.session.refresh(person)
    assert (answer.status_code, person.wants_mail) == (200, False)


def test_a_link_that_is_not_ours_stops_nobody(app: Flask) -> None:
    person = make.person()
    db.session.commit()
    token = unsubscribe_token(person.id).swapcase()
    assert [app.test_client().post(f"/stop-mails/{each}").status_code for each in (token, "1", "~")] == [404, 404, 404]


def test_who_stopped_the_mails_is_not_invited_but_hears_of_turns(relay: Relay) -> None:
    w = world()
    w.host.wants_mail = False
    for kind in ("D1", "H3"):
        w.message(kind, w.host)
    deliver(5)
    assert relay.subjects == ["Soon at your place: the practical points for Thu 15 April"]
    assert "Invitation" not in relay.received[0].as_string()
