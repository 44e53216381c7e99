"""The command line: `toerbeurt`, also `flask --app app`."""

import os
import sys
from functools import partial

import click
from flask import Flask, current_app
from flask.cli import AppGroup, ScriptInfo
from flask.globals import app_ctx
from flask_migrate import downgrade, upgrade
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError, ProgrammingError

from app import config, create_app
from app.admin import commands as admin
from app.admin import doctor as doctor_checks
from app.admin import sample
from app.calendars import actions as calendars
from app.calendars import links
from app.clock import now
from app.errors import BadRequest, BadSetting, Refused
from app.exporting import commands as exporting
from app.extensions import db
from app.importing import commands as importing
from app.jobs.commands import job
from app.mail import commands as mail
from app.networks import actions as networks
from app.networks.queries import network_by_slug
from app.people.actions import make_link, person_with
from app.people.addresses import receiving
from app.people.models import NOBODY_YET, Person
from app.people.queries import by_email
from app.planner_command import plan
from app.privacy import commands as privacy
from app.publishing import commands as cycles
from app.serving import serve_pages, together
from app.worker import run as run_worker

NO_TABLES = "The database has no tables yet, or older ones: run `toerbeurt db upgrade` first."


@click.group(cls=AppGroup)
@click.version_option(package_name="toerbeurt")
def cli() -> None:
    """Toerbeurt plans the year of learning networks, by turns."""


def main() -> None:
    """The program; every expected trouble is one sentence on stderr."""
    os.umask(0o077)  # what it writes is its owner's
    try:
        code = cli(prog_name="toerbeurt", standalone_mode=False, obj=ScriptInfo(create_app=create_app))
    except (BadSetting, Refused) as error:
        _say_and_leave(str(error), 2)
    except (OperationalError, ProgrammingError) as error:
        _say_and_leave(_about_database(error), 2)
    except OSError as error:
        _say_and_leave(f"{error.filename or 'A file'} cannot be used: {error.strerror or error}.", 2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        _say_and_leave("Stopped.", 1)
    sys.exit(code if isinstance(code, int) else 0)


def _about_database(error: OperationalError | ProgrammingError) -> str:
    """Tables that were never made, or of an older version, are the usual trouble; else what the driver says."""
    said = str(error.orig).strip().partition("\n")[0]
    if isinstance(error.orig, (UndefinedColumn, UndefinedTable)) or said.startswith(
        ("no such table", "no such column")
    ):
        return NO_TABLES
    if isinstance(error, ProgrammingError):
        raise error  # our own mistake, to be seen whole
    return f"The database cannot be used now: {said}."


def _say_and_leave(sentence: str, code: int) -> None:
    click.echo(sentence, err=True)
    sys.exit(code)


@cli.group(name="db")
def database() -> None:
    """The database's migrations."""


@database.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to this version."""
    upgrade()


@database.command("downgrade")
@click.argument("revision")
def db_downgrade(revision: str) -> None:
    """Take the database back to REVISION."""
    downgrade(revision=revision)


@cli.group()
def manager() -> None:
    """The people who manage programmes."""


@manager.command("add")
@click.argument("email")
@click.option("--name", required=True, help="First and last name.")
@click.option("--programme", required=True, help="Made when it does not exist yet.")
@click.option("--language", type=click.Choice(config.LANGUAGES), default=None)
@click.option("--site-admin", is_flag=True)
def manager_add(email: str, name: str, programme: str, language: str | None, site_admin: bool) -> None:
    """Make EMAIL a manager of a programme."""
    address = receiving(email.strip())
    if address is None:
        raise click.BadParameter(f"{email} is not an e-mail address.")
    at, language = now(), language or config.read().language
    first, _space, last = name.strip().partition(" ")
    person = person_with(first, last, address, language=language, now=at)
    person.site_admin = person.site_admin or site_admin
    networks.grant(person, networks.found_programme(programme, language=language, now=at), None, at)
    db.session.commit()
    click.echo(f"{person.name} manages {programme}.")


@cli.command("sign-in")
@click.argument("email")
def sign_in(email: str) -> None:
    """Print a one-time sign-in link for EMAIL."""
    person = by_email(email)
    if person is None:
        raise BadRequest(f"Nobody here has the address {email}.")
    click.echo(sign_in_url(person))


def sign_in_url(person: Person) -> str:
    """A fresh sign-in link, valid for twenty minutes."""
    _link, secret, _code = make_link(person, now())
    db.session.commit()
    return f"{current_app.config['SETTINGS'].base_url}/sign-in/{secret}"


@cli.command("feed")
@click.argument("email")
@click.option("--scope", default="mine", help="mine, all, or the slug of a network.")
def feed(email: str, scope: str) -> None:
    """Print the calendar address of EMAIL."""
    person = by_email(email)
    if person is None:
        raise BadRequest(f"Nobody here has the address {email}.")
    network = None if scope in ("mine", "all") else network_by_slug(scope)
    if network is None and scope not in ("mine", "all"):
        raise BadRequest(f"There is no network {scope}.")
    link = calendars.feed_link(person, "network" if network else scope, network, now())
    db.session.commit()
    click.echo(f"{current_app.config['SETTINGS'].base_url}/feeds/{links.token_of(link)}.ics")


@cli.command()
def doctor() -> None:
    """Check settings, database, mail and clock; exit 1 on trouble."""
    found = doctor_checks.look(now())
    for line in found:
        click.echo(f"{'ok     ' if line.good else 'TROUBLE'} {line.what}: {line.says}")
    sys.exit(0 if all(line.good for line in found) else 1)


@cli.command()
def demo() -> None:
    """Load a sample programme."""
    programme = sample.load(now())
    db.session.commit()
    click.echo(f"The sample programme {programme.name} is loaded. Its manager is {sample.MANAGER_EMAIL}.")


@cli.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=config.DEFAULT_PORT, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, type=click.IntRange(1, 64))
def web(host: str, port: int, workers: int) -> None:
    """Serve the pages and feeds."""
    _refuse_newer_schema()
    _refuse_no_tables()
    serve_pages(_app(), host, port, workers)


@cli.command()
def worker() -> None:
    """Run the clock: send what is due, plan reminders."""
    _refuse_newer_schema()
    _refuse_no_tables()
    run_worker(_app())


@cli.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=lambda: int(os.environ.get("PORT", config.DEFAULT_PORT)), type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Web and clock under one command, on one machine."""
    os.environ.setdefault("TOERBEURT_BASE_URL", f"http://127.0.0.1:{port}")
    current_app.config["SETTINGS"] = config.read()
    _refuse_newer_schema()
    upgrade()
    _first_link()
    asked = together([partial(serve_pages, _app(), host, port, 2), partial(run_worker, _app())])
    sys.exit(0 if asked else 1)


def _app() -> Flask:
    return app_ctx.app


def _refuse_newer_schema() -> None:
    """A database that a newer program has changed is left alone."""
    if doctor_checks.made_by_newer():
        raise BadSetting("The database was changed by a newer version of Toerbeurt; start that one.")


def _refuse_no_tables() -> None:
    if not inspect(db.engine).has_table("person"):
        raise BadSetting(NO_TABLES)


def _first_link() -> None:
    """A way in for whoever runs this machine: the first manager, made when there is nobody."""
    person = db.session.query(Person).filter_by(site_admin=True).order_by(Person.id).first()
    if person is None:
        person = Person(email=NOBODY_YET, site_admin=True, language=config.read().language)
        db.session.add(person)
        db.session.flush()
    click.echo(f"\n  Toerbeurt runs. Sign in here, once, within 20 minutes:\n\n  {sign_in_url(person)}\n", err=False)
    sys.stdout.flush()


# The same commands as `flask --app app` finds them, through pyproject.toml.
for command in (
    *cycles.COMMANDS,
    mail.outbox,
    *importing.COMMANDS,
    *exporting.COMMANDS,
    *admin.COMMANDS,
    *privacy.COMMANDS,
    job,
    plan,
):
    cli.add_command(command)

if __name__ == "__main__":
    main()
