"""The settings: the only reader of the environment. Refuses nonsense with a sentence."""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo

from app.errors import BadSetting

LANGUAGES = ("nl", "de", "en")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
DEFAULT_PORT = 8000
USUAL = f"http://127.0.0.1:{DEFAULT_PORT}"  # where the pages are unless something else is set
OLD_KEYS = "secret_key_fallbacks"  # the file beside the secret key


@dataclass(frozen=True)
class Settings:
    instance: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    secret_file: Path | None  # where the key stands, unless the environment holds it
    old_keys: tuple[tuple[str, str], ...] = field(repr=False)  # (last day, key); without a day as long as they are set
    feed_key: str = field(repr=False)
    feed_file: Path
    base_url: str
    mail_url: str = field(repr=False)
    mail_from: str
    feed_domain: str
    language: str
    timezone: str
    proxy_hops: int
    log_level: str
    dispatch_seconds: int
    metrics_token: str = field(repr=False)
    inbox_url: str = field(repr=False)  # the mailbox in which answers arrive; empty = none is read
    debug: bool  # whoever builds this: FLASK_DEBUG

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
    base_url = get("BASE_URL", USUAL).rstrip("/")
    database_url = get("DATABASE_URL", f"sqlite:///{instance / 'toerbeurt.sqlite3'}")
    secret_file = None if get("SECRET_KEY") else Path(get("SECRET_KEY_FILE", str(instance / "secret_key")))
    settings = Settings(
        instance=instance,
        database_url=database_url,
        secret_key=_secret(get("SECRET_KEY"), get("SECRET_KEY_FILE"), instance / "secret_key"),
        secret_file=secret_file,
        old_keys=_old_keys(get("SECRET_KEY_FALLBACKS"), secret_file),
        feed_key=_secret("", get("FEED_KEY_FILE"), instance / "feed_key"),
        feed_file=Path(get("FEED_KEY_FILE", str(instance / "feed_key"))),
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
        inbox_url=get("INBOX_URL"),
        debug=bool(env.get("FLASK_DEBUG", "").strip("0 ")),
    )
    _check(settings)
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


def _old_keys(given: str, secret_file: Path | None) -> tuple[tuple[str, str], ...]:
    """Those given, separated by commas, and those `keys renew` left beside the key."""
    kept = secret_file.with_name(OLD_KEYS) if secret_file else None
    lines = kept.read_text().splitlines() if kept and kept.exists() else []
    left = [(day, key) for day, _space, key in (line.partition(" ") for line in lines) if key]
    return (*[("", key.strip()) for key in given.split(",") if key.strip()], *left)


def _check(settings: Settings) -> None:
    for name, secret in (("SECRET_KEY", settings.secret_key), ("FEED_KEY_FILE", settings.feed_key)):
        if len(secret) < 32 or len(set(secret)) < 8:
            raise BadSetting(f"TOERBEURT_{name} is too weak: use at least 32 random characters.")
    _check_base_url(settings.base_url)
    _check_instance(settings)
    if not settings.https and not settings.loopback:
        raise BadSetting("TOERBEURT_BASE_URL must begin with https:// unless it is this machine itself.")
    if settings.debug and not settings.loopback:
        raise BadSetting("FLASK_DEBUG is on while TOERBEURT_BASE_URL is a public address.")
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting("TOERBEURT_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.")
    _check_mail_url(settings.mail_url)
    _check_inbox_url(settings.inbox_url)
    _check_sender(settings.mail_from)
    _check_small_things(settings)


def _check_small_things(settings: Settings) -> None:
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


def _check_base_url(address: str) -> None:
    """Only scheme, host and port: links are made by appending a path."""
    parts = _split("BASE_URL", address)
    more = parts.path or parts.query or parts.fragment or parts.username or re.search(r"\s", address)
    if parts.scheme not in ("http", "https") or not parts.hostname or more:
        raise BadSetting("TOERBEURT_BASE_URL must be an address like https://host, without a path or anything more.")


def _check_instance(settings: Settings) -> None:
    if settings.database_url.startswith("sqlite:") and set(str(settings.instance)) & set("?%#"):
        raise BadSetting("The instance folder's name must not contain ?, % or #: the database's address could not.")


def _split(name: str, address: str) -> SplitResult:
    """The parts of an address; a port must be a number of 1 to 65535. What it holds is never repeated: passwords."""
    try:
        parts = urlsplit(address)
        usable = parts.port is None or parts.port > 0
    except ValueError:
        usable = False
    if not usable:
        raise BadSetting(f"TOERBEURT_{name} is not an address: its port must be a number from 1 to 65535.")
    return parts


def _check_inbox_url(address: str) -> None:
    if not address:
        return
    parts = _split("INBOX_URL", address)
    known = parts.scheme in ("imap", "imaps") and parts.hostname and parts.username
    if not known or parts.query or parts.fragment:
        raise BadSetting(
            "TOERBEURT_INBOX_URL must be imaps://user:password@host:port/FOLDER: in user and password write %2F for /, "
            "%40 for @, %3A for : and %25 for %."
        )


def _check_mail_url(address: str) -> None:
    if address.startswith("file:"):
        return
    if not address.startswith(("smtp://", "smtps://")):
        raise BadSetting("TOERBEURT_MAIL_URL must begin with file:, smtp:// or smtps://.")
    written_out = BadSetting(
        "TOERBEURT_MAIL_URL must be smtp://user:password@host:port: in user and password write %2F for /, %23 for #, "
        "%3F for ?, %40 for @, %3A for : and %25 for %."
    )
    user, at, host = address.partition("://")[2].rpartition("@")
    if set("#[") & set(user) or "#" in host or "/" in user + host or "?" in user or user.count(":") != bool(at):
        raise written_out
    parts = _split("MAIL_URL", address)
    if not parts.hostname or re.search(r"%(?![0-9A-Fa-f]{2})", user):
        raise written_out
    if not unquote(user).isascii() or re.search(r"[\s\0]", unquote(user)):
        raise BadSetting("TOERBEURT_MAIL_URL: user and password must be of plain letters, digits and signs (ASCII).")


def _check_sender(sender: str) -> None:
    """One mailbox, as relays take it: `name@host` or `Name <name@host>`."""
    if not sender:
        return
    _name, address = parseaddr(sender)
    try:
        parsed = Address(addr_spec=address)
        usable = bool(parsed.username) and "." in parsed.domain.strip(".") and address.isascii()
    except (ValueError, IndexError):
        usable = False
    if not usable or re.search(r"[\r\n\0]", sender):
        raise BadSetting("TOERBEURT_MAIL_FROM must be one address, like Toerbeurt <toerbeurt@example.org>.")
