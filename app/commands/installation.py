"""What the commands do that belong to no area, and how every command runs within the application."""

import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo, with_appcontext
from flask.globals import app_ctx
from flask_migrate import downgrade, upgrade
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError, ProgrammingError

from app import config
from app.admin import doctor as doctor_checks
from app.admin import sample
from app.application import create_app
from app.calendars import actions as calendars
from app.calendars import links
from app.clock import now
from app.commands.progress import say
from app.edge.web import absolute
from app.errors import BadRequest, BadSetting
from app.extensions import db
from app.invitations import actions as invitations
from app.networks import actions as networks
from app.networks.queries import network_by_slug
from app.people.actions import make_link, person_with
from app.people.addresses import receiving
from app.people.models import NOBODY_YET, Person
from app.people.queries import by_email
from app.serving import address, reachable, serve_pages, together
from app.worker import run as run_worker

NO_TABLES = "The database has no tables yet, or older ones: run `toerbeurt db upgrade` first."


def run(work: Callable[..., object], given: Mapping[str, object]) -> object:
    """Do `work` within the application; a database that cannot be used is said in one sentence."""
    context = click.get_current_context()
    if context.find_object(ScriptInfo) is None:
        context.obj = ScriptInfo(create_app=create_app)
    try:
        return with_appcontext(work)(**given)
    except (OperationalError, ProgrammingError) as error:
        raise BadSetting(_about_database(error)) from error


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


def upgrade_tables() -> None:
    """Bring the database to this version."""
    upgrade()


def downgrade_tables(revision: str) -> None:
    """Take the database back to REVISION."""
    downgrade(revision=revision)


def add_manager(email: str, name: str, programme: str, language: str | None, site_admin: bool) -> None:
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
    return f"{_pages()}/sign-in/{secret}"


def _pages() -> str:
    """Where the pages are: what is set, else where the server that runs here was told to listen."""
    found: config.Settings = current_app.config["SETTINGS"]
    return found.base_url if found.base_url != config.USUAL else address(found.base_url, found.instance)


def feed(email: str, scope: str) -> None:
    """Print the calendar address of EMAIL."""
    person = by_email(email)
    if person is None:
        raise BadRequest(f"Nobody here has the address {email}.")
    network = None if scope in ("mine", "all") else network_by_slug(scope)
    if network is None and scope not in ("mine", "all"):
        raise BadRequest(f"There is no network {scope}.")
    invitations.choose(person, False, now())
    link = calendars.feed_link(person, "network" if network else scope, network, now())
    db.session.commit()
    click.echo(f"{_pages()}/feeds/{links.token_of(link)}.ics")


def doctor() -> None:
    """Check settings, database, mail and clock; exit 1 on trouble."""
    found = doctor_checks.look(now())
    for line in found:
        say(f"{'ok     ' if line.good else 'TROUBLE'} {line.what}: {line.says}", hang=8)
    sys.exit(0 if all(line.good for line in found) else 1)


def demo() -> None:
    """Load a sample programme."""
    programme = sample.load(now(), public=True)
    db.session.commit()
    click.echo(f"The sample programme {programme.name} is loaded. Its manager is {sample.MANAGER_EMAIL}.")
    if programme.public:
        click.echo(f"What strangers read of it: {absolute('public.programme', programme=programme.slug)}")


def web(host: str, port: int, workers: int) -> None:
    """Serve the pages and feeds."""
    _refuse_newer_schema()
    _refuse_no_tables()
    with _reachable():
        serve_pages(_app(), host, port, workers)


def worker() -> None:
    """Run the clock: send what is due, plan reminders."""
    _refuse_newer_schema()
    _refuse_no_tables()
    run_worker(_app())


def serve(host: str, port: int) -> None:
    """Web and clock under one command, on one machine."""
    current_app.config["SETTINGS"] = config.read()
    _refuse_newer_schema()
    upgrade()
    _first_link()
    with _reachable():
        asked = together([partial(serve_pages, _app(), host, port, 2), partial(run_worker, _app())])
    sys.exit(0 if asked else 1)


def _reachable() -> AbstractContextManager[None]:
    found: config.Settings = current_app.config["SETTINGS"]
    return reachable(found.base_url, found.instance)


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
