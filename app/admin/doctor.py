"""Whether this installation is in order, line by line."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import Migrate
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.admin import backups
from app.admin.monitoring import metrics
from app.admin.monitoring.health import state
from app.config import Settings
from app.edge.web import settings
from app.errors import BadSetting
from app.extensions import db
from app.inbox.mailbox import Unreadable, opened
from app.mail.mime import sender_of
from app.mail.transports import RelayDown, Smtp, TurnedAway, folder_of

SECONDS = 5


@dataclass(frozen=True)
class Checked:
    what: str
    good: bool
    says: str


def look(now: datetime) -> list[Checked]:
    """Every check in turn; clock and backup can only be looked at when the database answers."""
    database = _database()
    sender = sender_of(None)[1] if database.good or settings().mail_from else f"noreply@{settings().feed_domain}"
    lines = [_settings(settings()), database, _mail(settings(), sender)]
    lines += [_inbox(settings())] if settings().inbox_url else []
    return [*lines, _clock(now), _backup(now)] if database.good else lines


def _settings(found: Settings) -> Checked:
    if found.metrics_token and not metrics.available():
        return Checked("settings", False, "METRICS_TOKEN is set, but the extra is not installed: toerbeurt[metrics].")
    sender = found.mail_from or "the programme's own"
    return Checked("settings", True, f"{found.base_url}, {found.timezone}, mail from {sender}")


def _database() -> Checked:
    try:
        with db.engine.connect() as connection:
            at = MigrationContext.configure(connection).get_current_revision()
            kind = connection.dialect.name
            if kind == "sqlite" and connection.execute(text("PRAGMA quick_check")).scalar() != "ok":
                return Checked("database", False, "SQLite says the file is damaged; restore the last backup.")
    except SQLAlchemyError as error:
        return Checked("database", False, f"cannot be opened: {type(error).__name__}")
    wanted = head()
    if at != wanted:
        return Checked(
            "database", False, f"is at version {at}, this program needs {wanted}: run `toerbeurt db upgrade`."
        )
    return Checked("database", True, f"{kind}, version {at}")


def _scripts() -> ScriptDirectory:
    migrate: Migrate = current_app.extensions["migrate"].migrate
    config = Config()
    config.set_main_option("script_location", str(migrate.directory))
    return ScriptDirectory.from_config(config)


def head() -> str | None:
    """The newest migration of this program."""
    return _scripts().get_current_head()


def made_by_newer() -> bool:
    """Whether the database stands at a migration this program does not know."""
    with db.engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    return at is not None and at not in {script.revision for script in _scripts().walk_revisions()}


def _mail(found: Settings, sender: str) -> Checked:
    """As a mail would, up to its sender; what the relay says is shown without what it was told to get in."""
    if folder := folder_of(found.mail_url):
        return Checked("mail", True, f"to files in {folder}; nobody gets mail until a relay is set")
    relay = Smtp(found.mail_url, SECONDS)
    host, secrets = relay.parts.hostname, (relay.parts.password, unquote(relay.parts.password or ""))
    try:
        relay.greet(sender)
    except (RelayDown, TurnedAway) as error:
        said = str(error)
        for secret in filter(None, secrets):
            said = said.replace(secret, "…")
        return Checked("mail", False, f"the relay {host} takes no mail from {sender}: {said}")
    return Checked("mail", True, f"the relay {host} takes mail from {sender}")


def _inbox(found: Settings) -> Checked:
    """As the clock would, up to how many mails wait."""
    host = urlsplit(found.inbox_url).hostname
    try:
        with opened(found.inbox_url) as box:
            waiting = len(box.waiting())
    except (Unreadable, BadSetting) as error:
        return Checked("inbox", False, f"the mailbox on {host} cannot be read: {error}")
    says = f"{waiting} mails wait" if waiting else "nothing waits"
    return Checked("inbox", True, f"the mailbox on {host} can be read; {says} in it")


def _clock(now: datetime) -> Checked:
    seen = state(now)
    if seen["clock_seconds"] is None:
        return Checked("clock", False, "has never run: start `toerbeurt serve` or `toerbeurt worker`.")
    says = f"last tick {seen['clock_seconds']} s ago, oldest overdue mail {seen['overdue_seconds']} s"
    return Checked("clock", seen["status"] == "ok", says)


def _backup(now: datetime) -> Checked:
    plan = backups.the_plan()
    last = f"the last good one is of {plan.made_at:%Y-%m-%d %H:%M} UTC, {plan.file}" if plan.made_at else "none yet"
    if plan.error:
        return Checked("backup", False, f"the last try failed: {plan.error}; {last}")
    return Checked("backup", not backups.trouble(plan, now), last)
