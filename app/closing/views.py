"""Closing a year and going on with the next: of one network, of all of a programme, and what members say by link."""

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.clock import now, today
from app.closing import actions, page, queries
from app.closing.forms import StayForm
from app.closing.models import Stay
from app.edge import web
from app.errors import Refused
from app.extensions import db
from app.jobs import queries as jobs
from app.jobs.actions import ask
from app.meetings.models import Cycle
from app.meetings.queries import cycle_of
from app.networks import access
from app.networks.models import Membership, Network, Programme
from app.networks.queries import with_members
from app.people.models import Person
from app.planning.actions import refuse_closed
from app.planning.drafts import Draft
from app.planning.job import PLAN_ALL
from app.planning.whole_programme import to_do
from app.reports import queries as reports

pages = Blueprint("closing", __name__)
Answer = str | tuple[str, int] | Response


def _cycle(network: Network, year: int) -> Cycle:
    cycle = cycle_of(network, year)
    return cycle if cycle is not None and cycle.published else abort(404)


@pages.get("/networks/<slug>/years/<int:year>/closing")
@access.network_manager
def show(network: Network, year: int) -> Answer:
    network, cycle = with_members([network.id])[0], _cycle(network, year)
    view, report = page.of_network(network, cycle, now()), reports.of_network(network, year, now())
    return web.page("closing/network.html", network=network, view=view, n=report.numbers)


def _back(network: Network, year: int) -> Response:
    return redirect(url_for("closing.show", slug=network.slug, year=year))


def _said(count: int) -> None:
    nobody = _("Everybody is asked already; nobody is mailed twice.")
    flash(ngettext("One person is asked.", "%(num)s people are asked.", count) if count else nobody)


@pages.post("/networks/<slug>/years/<int:year>/staying")
@access.network_manager
def ask_members(network: Network, year: int) -> Answer:
    refuse_closed(_cycle(network, year))
    count = actions.ask_who_stays(with_members([network.id]), year, now())
    db.session.commit()
    _said(count)
    return _back(network, year)


@pages.post("/networks/<slug>/years/<int:year>/members/<int:number>/staying")
@access.network_manager
def note(network: Network, year: int, number: int) -> Answer:
    """What a member told its manager."""
    member, form = access.within(network, Membership, number), StayForm()
    row = next((row for row in queries.stays_of(member) if row.year == year + 1), None) or abort(404)
    if not form.validate():
        abort(422)
    actions.answer(row, form.answer.data, None, now())
    db.session.commit()
    return _back(network, year)


@pages.post("/networks/<slug>/years/<int:year>/closing")
@access.network_manager
def close(network: Network, year: int) -> Answer:
    """Close the year, propose the next one, and go on to its mails when it can be published as it is."""
    network = with_members([network.id])[0]
    closed = actions.close(_cycle(network, year), now())
    db.session.commit()  # while the next year is reckoned nobody waits for our lock
    name = network.year_name(year)
    flash(_("%(year)s is closed.", year=name) if closed else _("%(year)s was closed already.", year=name))
    try:
        draft = actions.roll_over(network, year, now())
    except Refused as refusal:
        db.session.rollback()
        flash(str(refusal))
        return _back(network, year)
    db.session.commit()
    return redirect(_next(network, year + 1, draft))


def _next(network: Network, year: int, draft: Draft | None) -> str:
    if draft is None:
        return url_for("networks.show", slug=network.slug, year=year)
    ready = draft.publishable and not draft.clashes
    return url_for("publishing.publication" if ready else "planning.show", slug=network.slug, year=year)


@pages.post("/networks/<slug>/years/<int:year>/closing/undoing")
@access.network_manager
def reopen(network: Network, year: int) -> Answer:
    actions.reopen(_cycle(network, year), now())
    db.session.commit()
    return _back(network, year)


@pages.get("/programmes/<programme>/years/<int:year>/closing")
@access.programme_manager
def show_all(programme: Programme, year: int) -> Answer:
    job = jobs.open_job(PLAN_ALL, programme)
    return web.page(
        "closing/programme.html",
        view=page.of_programme(programme, year, now()),
        job=job,
        today=today(programme.timezone),
    )


@pages.post("/programmes/<programme>/years/<int:year>/staying")
@access.programme_manager
def ask_all_members(programme: Programme, year: int) -> Answer:
    view = page.of_programme(programme, year, now())
    count = actions.ask_who_stays(view.asking, year, now())
    db.session.commit()
    _said(count)
    return redirect(url_for("closing.show_all", programme=programme.slug, year=year))


@pages.post("/programmes/<programme>/years/<int:year>/closing")
@access.programme_manager
def close_all(programme: Programme, year: int) -> Answer:
    """Close every year that is over, and have the next one planned where it is not."""
    at = now()
    over = [_cycle(line.network, year) for line in page.of_programme(programme, year, at).over]
    count = sum(actions.close(cycle, at) for cycle in over)
    flash(ngettext("One year is closed.", "%(num)s years are closed.", count))
    to = url_for("publishing.programme_year", programme=programme.slug, year=year + 1)
    if to_do(programme, year + 1):
        job = ask(PLAN_ALL, programme, {"year": year + 1, "again": False}, at)
        to = url_for("jobs.show", programme=programme.slug, number=job.id)
    db.session.commit()
    return redirect(to)


def _asked(person: Person, network: Network | None, at: datetime) -> list[Stay]:
    rows = queries.asked_of(person, at.date())
    return [row for row in rows if network is None or row.membership.network_id == network.id]


@access.own(pages, "/staying", methods=["GET"])
def staying(person: Person, network: Network | None) -> Answer:
    return web.page("closing/staying.html", rows=_asked(person, network, now()), network=network)


@access.own(pages, "/staying/<int:number>", methods=["POST"])
def say(person: Person, network: Network | None, number: int) -> Answer:
    row, form = db.session.get(Stay, number) or abort(404), StayForm()
    where = row.membership.network
    if network not in (None, where) or not queries.speaks_for(person, row.membership, today(where.timezone)):
        abort(404)
    if not form.validate():
        abort(422)
    actions.answer(row, form.answer.data, person, now())
    db.session.commit()
    flash(_("Saved. You can change it until the year is closed."))
    return redirect(web.own_url("closing.staying", where.slug))
