"""Settings: sensible without any, refused with one sentence when they make no sense."""

import re
from pathlib import Path

import pytest

from app import config, create_app
from app.errors import BadSetting
from app.extensions import db

GOOD = {"TOERBEURT_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz"}


def test_without_any_setting_it_runs_on_this_machine(tmp_path: Path) -> None:
    settings = config.read({"TOERBEURT_INSTANCE": str(tmp_path)})

    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{tmp_path / 'toerbeurt.sqlite3'}"
    assert settings.mail_url == f"file:{tmp_path / 'mail'}"


def test_secrets_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    first, second = (config.read({"TOERBEURT_INSTANCE": str(tmp_path)}) for _n in range(2))

    assert (first.secret_key, first.feed_key) == (second.secret_key, second.feed_key)
    assert first.secret_key != first.feed_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 40),
        ("BASE_URL", "http://planning.example.org"),
        ("BASE_URL", "planning.example.org"),
        ("DATABASE_URL", "mysql://x"),
        ("MAIL_URL", "imap://x"),
        ("MAIL_URL", "smtp://user:pass#word@relay.example.org:587"),
        ("MAIL_URL", "smtp://user:pass/word@relay.example.org:587"),
        ("MAIL_URL", "smtp://user:pass?word@relay.example.org:587"),
        ("MAIL_URL", "smtp://user:50%off@relay.example.org:587"),
        ("MAIL_URL", "smtp://user:p%C3%A4sswort@relay.example.org:587"),
        ("MAIL_URL", "smtp://user:pässwort@relay.example.org:587"),
        ("MAIL_URL", "smtp://user:password@relay.example.org:70000"),
        ("MAIL_URL", "smtp://user:password@relay.example.org:no"),
        ("MAIL_URL", "smtp://:25"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "Toerbeurt <toer beurt@example.org>"),
        ("MAIL_FROM", "Töerbeurt <tö@example.org>"),
        ("BASE_URL", "https://example.org/planning"),
        ("BASE_URL", "https://example.org?x=1"),
        ("BASE_URL", "https://me@example.org"),
        ("BASE_URL", "https://exam ple.org"),
        ("BASE_URL", "https://example.org:99999"),
        ("INSTANCE", "/tmp/what?"),
        ("INSTANCE", "/tmp/a%41b"),
        ("LANGUAGE", "fr"),
        ("TIMEZONE", "Mars/Olympus"),
        ("PROXY_HOPS", "many"),
        ("DISPATCH_SECONDS", "0"),
        ("LOG_LEVEL", "LOUD"),
        ("SECRET_KEY_FILE", "/does/not/exist"),
    ],
)
def test_nonsense_is_refused_with_the_name_of_the_setting(tmp_path: Path, name: str, value: str) -> None:
    environment = {"TOERBEURT_INSTANCE": str(tmp_path), **({} if name == "SECRET_KEY_FILE" else GOOD)}

    with pytest.raises(BadSetting) as refusal:
        config.read({**environment, f"TOERBEURT_{name}": value})

    assert "\n" not in str(refusal.value)


def test_debugging_on_a_public_address_is_refused(tmp_path: Path) -> None:
    environment = {"TOERBEURT_INSTANCE": str(tmp_path), "TOERBEURT_BASE_URL": "https://x.example", "FLASK_DEBUG": "1"}

    with pytest.raises(BadSetting):
        config.read(environment)


def test_behind_https_a_form_without_referrer_is_accepted_and_the_cookie_is_bound_to_the_host(tmp_path: Path) -> None:
    environment = {**GOOD, "TOERBEURT_INSTANCE": str(tmp_path), "TOERBEURT_BASE_URL": "https://planning.example"}
    app = create_app(config.read({**environment, "TOERBEURT_PROXY_HOPS": "1"}))
    with app.app_context():
        db.create_all()
    client = app.test_client()
    through = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "planning.example", "X-Forwarded-For": "192.0.2.1"}
    page = client.get("/sign-in", headers=through, base_url="http://127.0.0.1:8000")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    cookie = page.headers["Set-Cookie"]
    data = {"email": "eve@example.org", "csrf_token": token[1] if token else ""}

    session = {"Cookie": cookie.split(";")[0]}
    answer = client.post("/sign-in", headers={**through, **session}, data=data, base_url="http://127.0.0.1:8000")

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert answer.status_code == 200
    assert "Strict-Transport-Security" in answer.headers


@pytest.mark.parametrize("sign", "/#?[")
def test_a_password_that_cannot_work_is_told_how_to_write_it_and_never_repeated(tmp_path: Path, sign: str) -> None:
    environment = {"TOERBEURT_INSTANCE": str(tmp_path), **GOOD}
    with pytest.raises(BadSetting) as refusal:
        config.read({**environment, "TOERBEURT_MAIL_URL": f"smtp://user:secret{sign}word@relay.example.org"})
    assert "TOERBEURT_MAIL_URL" in str(refusal.value)
    assert "%2F" in str(refusal.value)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "address",
    [
        "smtp://user:pass%2Fword%23@relay.example.org:587",
        "smtps://user%40example.org:password@relay.example.org:465?rate=300",
        "smtp://[::1]:25",
        "smtp://relay.example.org",
    ],
)
def test_a_relay_written_rightly_is_taken(tmp_path: Path, address: str) -> None:
    settings = config.read({"TOERBEURT_INSTANCE": str(tmp_path), **GOOD, "TOERBEURT_MAIL_URL": address})
    assert settings.mail_url == address


def test_no_secret_is_in_the_settings_repr(tmp_path: Path) -> None:
    secrets = {
        "MAIL_URL": "smtp://user:a-secret@relay",
        "METRICS_TOKEN": "a-token-of-sixteen",
        "SECRET_KEY": "x" * 8 + GOOD["TOERBEURT_SECRET_KEY"],
    }
    settings = config.read({"TOERBEURT_INSTANCE": str(tmp_path), **{f"TOERBEURT_{k}": v for k, v in secrets.items()}})
    shown = repr(settings)
    assert not [value for value in (*secrets.values(), settings.feed_key) if value in shown]
