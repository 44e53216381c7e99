"""Previewing, publishing and taking back a year; changing what is published."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.clock import now
from app.edge import bounds, web
from app.errors import Refused, Stale
from app.extensions import db
from app.jobs import queries as jobs
from app.meetings import phrases
from app.meetings.forms import MeetingForm
from app.meetings.models import Cycle, Meeting
from app.meetings.queries import cycle_of, versions_of
from app.meetings.row import Edit, Row, of_meeting
from app.meetings.views import changed_form, meeting_page
from app.networks import access
from app.networks.models import Network, Programme
from app.networks.queries import with_members
from app.planning import actions
from app.planning.job import PLAN_ALL
from app.planning.views import existing_cycle
from app.publishing import actions as publishing
from app.publishing import page, programme_page
from app.text import one_line

pages = Blueprint("publishing", __name__)
Answer = str | tuple[str, int] | Response


def _line(name: str) -> str:
    """A reason as it stands in mails and the log: one clean line."""
    return (one_line(request.form.get(name)) or "")[:200]


def _publication_page(network: Network, cycle: Cycle, status: int = 200, refusal: Refused | None = None) -> Answer:
    view = page.of_publication(cycle, now())
    return web.page("publishing/publication.html", status, network=network, cycle=cycle, view=view, refusal=refusal)


@pages.get("/networks/<slug>/years/<int:year>/publication")
@access.network_manager
def publication(network: Network, year: int) -> Answer:
    return _publication_page(network, existing_cycle(network, year))


@pages.post("/networks/<slug>/years/<int:year>/publication")
@access.network_manager
def publish(network: Network, year: int) -> Answer:
    network = with_members([network.id])[0]
    cycle = existing_cycle(network, year)
    if cycle.draft:
        actions.check_version(cycle, request.form.get("version", type=bounds.row_number) or 0, _("Publish"))
    override = _line("override")
    try:
        made = publishing.publish(cycle, now(), g.person, override, shown=request.form.get("digest", ""))
    except (publishing.NeedsReason, Stale) as refusal:
        return _publication_page(network, cycle, refusal.status, refusal)
    db.session.commit()
    said = _("Published as version %(n)s.", n=made.number) if made else _("Nothing has changed, so nobody is mailed.")
    flash(said)
    return redirect(url_for("networks.show", slug=network.slug, year=year))


@pages.get("/networks/<slug>/years/<int:year>/versions")
@access.network_manager
def versions(network: Network, year: int) -> Answer:
    cycle = existing_cycle(network, year)
    return render_template("publishing/versions.html", network=network, cycle=cycle, versions=versions_of(cycle))


def _undo_page(network: Network, cycle: Cycle, refusal: Refused | None = None) -> Answer:
    view = page.of_undo(cycle, now())
    status = refusal.status if refusal else 200
    return web.page("publishing/undo.html", status, network=network, cycle=cycle, view=view, refusal=refusal)


@pages.get("/networks/<slug>/years/<int:year>/publication/undo")
@access.network_manager
def preview_undo(network: Network, year: int) -> Answer:
    return _undo_page(network, existing_cycle(network, year))


@pages.post("/networks/<slug>/years/<int:year>/publication/undo")
@access.network_manager
def undo(network: Network, year: int) -> Answer:
    cycle = existing_cycle(network, year)
    if request.form.get("published", type=bounds.row_number) != cycle.published:
        raise Stale(_("This version is not the one in force any more."))
    try:
        publishing.undo(cycle, now(), g.person, shown=request.form.get("digest", ""))
    except Stale as refusal:
        return _undo_page(network, cycle, refusal)
    db.session.commit()
    flash(_("The last publication is taken back. Who had been told is told again."))
    return redirect(url_for("planning.show", slug=network.slug, year=year))


@pages.post("/networks/<slug>/meetings/<int:number>/change")
@access.network_manager
def change_meeting(network: Network, number: int) -> Answer:
    found = access.within(network, Meeting, number)
    form = changed_form(found)
    if not form.validate():
        return meeting_page(network, found, 422, change_form=form)
    actions.change_meeting(found, _changed(form, of_meeting(found)), form.reason.data or "", now())
    db.session.commit()
    return redirect(url_for("publishing.publication", slug=network.slug, year=found.cycle.year))


def _changed(form: MeetingForm, row: Row) -> Edit:
    """Only the fields that differ from the meeting as it is."""
    posted: Edit = {
        "date": form.date.data,
        "start": form.start.data,
        "minutes": form.minutes.data,
        "mode": form.mode.data,
        "place": form.place.data or "",
        "link": form.link.data or "",
    }
    if form.host:
        posted["host"] = int(form.host.data) if form.host.data and form.mode.data != "online" else None
        posted["room_id"] = int(form.room_id.data) if form.room_id.data else None
    return row.only_changed(posted)


@pages.post("/networks/<slug>/meetings/<int:number>/cancellation")
@access.network_manager
def cancel_meeting(network: Network, number: int) -> Answer:
    found = access.within(network, Meeting, number)
    key = next((r.key for r in actions.draft_for_change(found.cycle, now()).rows if r.meeting_id == found.id), None)
    actions.remove(found.cycle, key or abort(404), _line("reason"), now())
    db.session.commit()
    return redirect(url_for("publishing.publication", slug=network.slug, year=found.cycle.year))


@pages.get("/programmes/<programme>/years/<int:year>")
@access.programme_manager
def programme_year(programme: Programme, year: int) -> Answer:
    lines = programme_page.of_programme(programme, year, now())
    job = jobs.open_job(PLAN_ALL, programme)
    return render_template("publishing/programme_year.html", programme=programme, year=year, lines=lines, job=job)


@pages.post("/programmes/<programme>/years/<int:year>/publications")
@access.programme_manager
def publish_all(programme: Programme, year: int) -> Answer:
    done, left = 0, []
    for network in with_members([network.id for network in programme.networks]):
        cycle, shown = cycle_of(network, year), request.form.get(f"digest-{network.slug}")
        if shown and cycle and network.state == "active" and publishing.publish_shown(cycle, now(), g.person, shown):
            done += 1
        elif shown:
            left.append(network.name)
    db.session.commit()
    flash(ngettext("One year is published.", "%(num)s years are published.", done))
    if left:
        names = phrases.joined(left)
        flash(
            _("Not published, because something changed after you looked: %(names)s. Please look again.", names=names)
        )
    return redirect(url_for("publishing.programme_year", programme=programme.slug, year=year))
