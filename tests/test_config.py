"""Settings: sensible without any, refused with one sentence when they make no sense."""

from pathlib import Path

import pytest

from app import config
from app.errors import BadSetting

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
