"""The settings: the only reader of the environment. Refuses nonsense with a sentence."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from app.errors import BadSetting

LANGUAGES = ("nl", "de", "en")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
DEFAULT_PORT = 8000


@dataclass(frozen=True)
class Settings:
    instance: Path
    database_url: str
    secret_key: str
    feed_key: str
    base_url: str
    mail_url: str
    mail_from: str
    feed_domain: str
    language: str
    timezone: str
    proxy_hops: int
    log_level: str
    dispatch_seconds: int
    metrics_token: str

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc

    @property
    def hostname(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    @property
    def loopback(self) -> bool:
        return self.hostname in ("localhost", "127.0.0.1", "::1")


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings from `TOERBEURT_*`; raises BadSetting with one sentence."""
    if not __debug__:
        raise BadSetting("Toerbeurt does not run under python -O: calendar entries would lose their checks.")
    env = os.environ if environ is None else environ

    def get(name: str, default: str = "") -> str:
        return env.get(f"TOERBEURT_{name}", "").strip() or default

    instance = Path(get("INSTANCE", "instance")).resolve()
    base_url = get("BASE_URL", f"http://127.0.0.1:{DEFAULT_PORT}").rstrip("/")
    database_url = get("DATABASE_URL", f"sqlite:///{instance / 'toerbeurt.sqlite3'}")
    settings = Settings(
        instance=instance,
        database_url=database_url,
        secret_key=_secret(get("SECRET_KEY"), get("SECRET_KEY_FILE"), instance / "secret_key"),
        feed_key=_secret("", get("FEED_KEY_FILE"), instance / "feed_key"),
        base_url=base_url,
        mail_url=get("MAIL_URL", f"file:{instance / 'mail'}"),
        mail_from=get("MAIL_FROM"),
        feed_domain=get("FEED_DOMAIN", urlsplit(base_url).hostname or "localhost"),
        language=get("LANGUAGE", "nl"),
        timezone=get("TIMEZONE", "Europe/Amsterdam"),
        proxy_hops=_number("PROXY_HOPS", get("PROXY_HOPS", "0")),
        log_level=get("LOG_LEVEL", "INFO").upper(),
        dispatch_seconds=_number("DISPATCH_SECONDS", get("DISPATCH_SECONDS", "30")),
        metrics_token=get("METRICS_TOKEN"),
    )
    _check(settings, debug=bool(env.get("FLASK_DEBUG", "").strip("0 ")))
    return settings


def _number(name: str, text: str) -> int:
    if not text.isdecimal():
        raise BadSetting(f"TOERBEURT_{name} must be a whole number, not {text!r}.")
    return int(text)


def _secret(value: str, file: str, default: Path) -> str:
    """A secret given, in a given file, or made on first start in the instance folder."""
    if value:
        return value
    path = Path(file) if file else default
    if not path.exists() and not file:
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_hex(32))
        with suppress(FileExistsError):  # two processes that start together agree on one secret
            os.link(made, path)
        made.unlink()
    try:
        return path.read_text().strip()
    except OSError as error:
        raise BadSetting(f"The secret in {path} cannot be read: {error.strerror}.") from error


def _check(settings: Settings, *, debug: bool) -> None:
    for name, secret in (("SECRET_KEY", settings.secret_key), ("FEED_KEY_FILE", settings.feed_key)):
        if len(secret) < 32 or len(set(secret)) < 8:
            raise BadSetting(f"TOERBEURT_{name} is too weak: use at least 32 random characters.")
    parts = urlsplit(settings.base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadSetting(f"TOERBEURT_BASE_URL must be an address like https://host, not {settings.base_url!r}.")
    if not settings.https and not settings.loopback:
        raise BadSetting("TOERBEURT_BASE_URL must begin with https:// unless it is this machine itself.")
    if debug and not settings.loopback:
        raise BadSetting("FLASK_DEBUG is on while TOERBEURT_BASE_URL is a public address.")
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting("TOERBEURT_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.")
    if not settings.mail_url.startswith(("file:", "smtp://", "smtps://")):
        raise BadSetting("TOERBEURT_MAIL_URL must begin with file:, smtp:// or smtps://.")
    if settings.language not in LANGUAGES:
        raise BadSetting(f"TOERBEURT_LANGUAGE must be one of {', '.join(LANGUAGES)}.")
    if settings.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise BadSetting("TOERBEURT_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
    if settings.metrics_token and len(settings.metrics_token) < 16:
        raise BadSetting("TOERBEURT_METRICS_TOKEN is too weak: use at least 16 random characters.")
    if not 1 <= settings.dispatch_seconds <= 3600:
        raise BadSetting("TOERBEURT_DISPATCH_SECONDS must be between 1 and 3600.")
    try:
        ZoneInfo(settings.timezone)
    except (KeyError, ValueError) as error:
        raise BadSetting(f"TOERBEURT_TIMEZONE {settings.timezone!r} is not a time zone.") from error
