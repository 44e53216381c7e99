"""New keys: what the old ones opened goes on for thirty days, and no longer."""

import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app import clock, create_app
from app.admin.commands import renew_keys
from app.calendars.links import token_of
from app.calendars.models import FeedLink
from app.config import read
from app.errors import Refused
from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.people.actions import make_link
from app.people.links import personal_token, sign_in_secrets
from app.people.models import Person, SignInLink
from tests import make
from tests.conftest import KEYS


def started(folder: Path, **more: str) -> Flask:
    """The application as its processes start it, with keys in files."""
    given = {name: value for name, value in KEYS.items() if name != "TOERBEURT_SECRET_KEY"}
    return create_app(read({**given, "TOERBEURT_INSTANCE": str(folder), **more}))


@pytest.fixture
def folder(here: Flask) -> Iterator[Path]:
    path = here.config["SETTINGS"].instance
    with started(path).app_context():
        yield path
        db.session.remove()
        db.engine.dispose()


def status(folder: Path, path: str, days: int = 0) -> int:
    db.session.commit()
    app = started(folder)
    with time_machine.travel(clock.now() + timedelta(days=days)), app.app_context():
        answer = app.test_client().get(path).status_code
        db.session.remove()
        db.engine.dispose()
    return answer


def member() -> Person:
    return make.membership(network=make.network()).people[0]


def test_links_of_the_old_key_open_for_thirty_days(folder: Path) -> None:
    person = member()
    old = personal_token(person)
    db.session.commit()

    renew_keys(feed=False)

    assert status(folder, f"/me/{old}") == 200
    assert status(folder, f"/me/{old}", days=31) == 404


def test_links_of_the_new_key_are_signed_with_it_alone(folder: Path) -> None:
    person = member()
    db.session.commit()
    old_key = (folder / "secret_key").read_text()

    renew_keys(feed=False)

    with started(folder).app_context():
        token = personal_token(db.session.scalars(select(Person)).one())
    assert (folder / "secret_key").read_text() != old_key
    assert status(folder, f"/me/{token}", days=31) == 200
    assert person.link_counter == 0


def test_a_sign_in_mail_written_after_a_new_key_holds_the_link_that_was_stored(folder: Path) -> None:
    _link, secret, _code = make_link(member(), clock.now())
    db.session.commit()

    renew_keys(feed=False)

    with started(folder).app_context():
        assert sign_in_secrets(db.session.scalars(select(SignInLink)).one())[0] == secret


def test_only_their_owner_reads_the_keys(folder: Path) -> None:
    renew_keys(feed=True)

    for name in ("secret_key", "secret_key_fallbacks", "feed_key"):
        assert stat.S_IMODE(os.stat(folder / name).st_mode) == 0o600, name


def test_old_calendar_addresses_end_after_thirty_days_and_people_hear(folder: Path) -> None:
    person = member()
    old = token_of(make.feed_link(person=person))
    db.session.commit()

    renew_keys(feed=True)

    mail = db.session.scalars(select(Message).where(Message.kind == "F2")).one()
    letter = KINDS["F2"].render([mail], clock.now())
    assert letter.to[1] == person.email
    assert "Whoever runs this site has made new keys" in letter.text
    assert "somebody else may have had it" not in letter.text
    assert (clock.now() + timedelta(days=30)).strftime("%B %Y") in letter.text
    assert status(folder, f"/feeds/{old}.ics") == 200
    assert status(folder, f"/feeds/{old}.ics", days=29) == 200
    assert status(folder, f"/feeds/{old}.ics", days=31) == 404


def test_the_page_offers_the_address_of_the_new_key(folder: Path) -> None:
    make.feed_link(person=member())
    db.session.commit()

    renew_keys(feed=True)

    with started(folder).app_context():
        new = db.session.scalars(select(FeedLink).where(FeedLink.ends_at.is_(None))).one()
        token = token_of(new)
    assert status(folder, f"/feeds/{token}.ics", days=31) == 200


def test_without_feed_calendar_addresses_stay(folder: Path) -> None:
    token = token_of(make.feed_link(person=member()))
    db.session.commit()

    renew_keys(feed=False)

    assert status(folder, f"/feeds/{token}.ics", days=31) == 200


def test_a_key_of_the_environment_is_renewed_there(here: Flask) -> None:
    with pytest.raises(Refused, match="TOERBEURT_SECRET_KEY_FALLBACKS"):
        renew_keys(feed=False)


def test_old_keys_are_taken_from_the_environment_too(folder: Path) -> None:
    number = member().id
    db.session.commit()
    renew_keys(feed=False)
    old = (folder / "secret_key").read_text()
    with started(folder).app_context():
        token = personal_token(db.session.get_one(Person, number))
        db.session.remove()
        db.engine.dispose()
    app = started(
        folder, TOERBEURT_SECRET_KEY="another key of 32 characters, not less", TOERBEURT_SECRET_KEY_FALLBACKS=old
    )

    with app.app_context():
        assert app.test_client().get(f"/me/{token}").status_code == 200
        db.session.remove()
        db.engine.dispose()
