"""The page on which a year is planned, and its buttons."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clock import now
from app.edge import web
from app.edge.bounds import row_number
from app.errors import Refused
from app.extensions import db
from app.jobs.actions import ask
from app.meetings import phrases
from app.meetings.models import Cycle
from app.meetings.queries import cycle_of
from app.networks import access
from app.networks.models import Network, Programme
from app.networks.queries import with_members
from app.planning import actions, drafts, posted_table
from app.planning.forms import ExtraForm, WishesForm
from app.planning.job import PLAN_ALL
from app.planning.shown import day_map, plan_page
from app.planning.year_request import Wishes

pages = Blueprint("planning", __name__)
Answer = str | tuple[str, int] | Response


def _wishes_form(network: Network, year: int) -> WishesForm:
    wishes = actions.wishes_for(network, year)
    values = wishes.to_json() | {"start": wishes.start, "months": list(wishes.in_months)}
    values["max_turns"] = "" if wishes.max_turns is None else str(wishes.max_turns)
    names = phrases.month_names()
    return WishesForm(formdata=None, data=values, month_names=names, begins=network.year_begins)


def _plan_page(network: Network, year: int, status: int = 200, **forms: WishesForm | ExtraForm) -> Answer:
    network = with_members([network.id])[0]
    cycle = cycle_of(network, year)
    view = plan_page.of_year(network, year, cycle, now())
    wishes = forms.pop("form", None) or _wishes_form(network, year)
    extra = forms.pop("extra", None) or ExtraForm(formdata=None, start=wishes.start.data, minutes=wishes.minutes.data)
    return web.page("planning/plan.html", status, network=network, year=year, form=wishes, extra=extra, view=view)


@pages.get("/networks/<slug>/years/<int:year>/plan")
@access.network_manager
def show(network: Network, year: int) -> Answer:
    return _plan_page(network, year)


@pages.get("/networks/<slug>/years/<int:year>/days")
@access.network_manager
def days(network: Network, year: int) -> Answer:
    months = day_map.of_year(with_members([network.id])[0], year)
    cycle = cycle_of(network, year)
    planned = {row.date for row in plan_page.rows_of(cycle) if not row.cancelled} if cycle else set()
    summary = day_map.open_days(months)
    return render_template(
        "planning/day_map.html", network=network, year=year, months=months, planned=planned, summary=summary
    )


def existing_cycle(network: Network, year: int) -> Cycle:
    return cycle_of(network, year) or abort(404)


def _to_plan(cycle: Cycle) -> Response:
    db.session.commit()
    return redirect(url_for("planning.show", slug=cycle.network.slug, year=cycle.year) + "#plan")


@pages.post("/networks/<slug>/years/<int:year>/proposal")
@access.network_manager
def propose(network: Network, year: int) -> Answer:
    form = WishesForm(month_names=phrases.month_names(), begins=network.year_begins)
    if not form.validate():
        return _plan_page(network, year, 422, form=form)
    wishes: Wishes = form.wishes()
    cycle = actions.open_year(network, year)
    actions.check_version(cycle, request.form.get("version", type=row_number) or 0, _("A new proposal"))
    db.session.commit()  # a year without a plan: while it is reckoned nobody waits for our lock
    actions.propose(cycle, wishes, now())
    return _to_plan(cycle)


def _as_shown(cycle: Cycle, yours: str) -> None:
    """Raises Stale when the plan is not the one the button stood on."""
    if "version" in request.form:
        actions.check_version(cycle, request.form.get("version", type=row_number) or 0, yours)


@pages.post("/networks/<slug>/years/<int:year>/cells")
@access.network_manager
def edit_table(network: Network, year: int) -> Answer:
    """Apply what was typed; the button that looks at the mails goes on to them, with it."""
    cycle = existing_cycle(network, year)
    draft = actions.draft_for_change(cycle, now())
    posted = posted_table.read(request.form, draft, network)
    actions.check_version(cycle, request.form.get("version", type=row_number) or 0, posted.text)
    if posted.differs_from(draft):
        draft = actions.edit(cycle, posted.changes, posted.locks, now())
    if "look" not in request.form or not draft.publishable:
        return _to_plan(cycle)
    db.session.commit()
    return redirect(url_for("publishing.publication", slug=network.slug, year=year))


@pages.post("/networks/<slug>/years/<int:year>/draft/undoing")
@access.network_manager
def undo_change(network: Network, year: int) -> Answer:
    cycle = existing_cycle(network, year)
    actions.check_version(cycle, request.form.get("version", type=row_number) or 0, _("Undo the last change"))
    actions.undo_change(cycle, now())
    return _to_plan(cycle)


@pages.post("/networks/<slug>/years/<int:year>/extra")
@access.network_manager
def add_extra(network: Network, year: int) -> Answer:
    cycle, form = existing_cycle(network, year), ExtraForm()
    if not form.validate() or network.year_of(form.date.data) != year:
        if not form.errors:
            form.date.errors = [_("Choose a day in %(year)s.", year=network.year_name(year))]
        return _plan_page(network, year, 422, extra=form)
    actions.add_extra(cycle, form.date.data, form.start.data, form.minutes.data, form.mode.data, now())
    return _to_plan(cycle)


@pages.post("/networks/<slug>/years/<int:year>/rows/<key>/removal")
@access.network_manager
def remove_row(network: Network, year: int, key: str) -> Answer:
    cycle = existing_cycle(network, year)
    _as_shown(cycle, _("Take a meeting out"))
    row = actions.draft_for_change(cycle, now()).named(key) or abort(404)
    actions.remove(cycle, row.key, "", now())
    return _to_plan(cycle)


@pages.post("/networks/<slug>/years/<int:year>/relaxation")
@access.network_manager
def relax(network: Network, year: int) -> Answer:
    cycle = existing_cycle(network, year)
    _as_shown(cycle, _("Give up a wish"))
    draft = drafts.of(cycle)
    asked = request.form.getlist("wish")
    if draft is None or not asked or not set(asked) <= {*draft.relax, *draft.conflict}:
        raise Refused(_("This wish does not stand in the way any more. Look at the plan again."))
    actions.relax(cycle, asked, now())
    return _to_plan(cycle)


@pages.post("/networks/<slug>/years/<int:year>/draft/removal")
@access.network_manager
def drop_draft(network: Network, year: int) -> Answer:
    cycle = existing_cycle(network, year)
    _as_shown(cycle, _("Throw this draft away"))
    actions.drop_draft(cycle, now())
    flash(_("The draft is gone. What is published stays as it is."))
    return _to_plan(cycle)


@pages.post("/programmes/<programme>/years/<int:year>/proposals")
@access.programme_manager
def propose_all(programme: Programme, year: int) -> Answer:
    params = {"year": year, "again": "again" in request.form}
    job = ask(PLAN_ALL, programme, params, now())
    db.session.commit()
    return redirect(url_for("jobs.show", programme=programme.slug, number=job.id))
