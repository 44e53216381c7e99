"""Planning a year, publishing it, and the page of a meeting."""

from datetime import time
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from app import web
from app.attendance.queries import answers_for
from app.clock import now
from app.errors import Refused, Stale
from app.extensions import db
from app.jobs import queries as jobs
from app.jobs.actions import ask
from app.meetings import phrases
from app.meetings.models import Cycle, Duty, Meeting
from app.meetings.queries import cycle_of
from app.meetings.row import of_meeting
from app.networks import access
from app.networks.models import Network
from app.networks.queries import with_members
from app.planning import actions, day_map, drafts, plan_page, posted_table
from app.planning.forms import ContentForm, ExtraForm, MeetingForm, WishesForm
from app.planning.job import PLAN_ALL
from app.planning.year_request import Wishes
from app.publishing import actions as publishing
from app.publishing import ways_out as repairing
from app.publishing.ways_out import Option
from app.swaps.queries import of_meeting as swaps_of
from app.text import one_line

pages = Blueprint("cycles", __name__)
Answer = str | tuple[str, int] | Response


def _wishes_form(network: Network, year: int) -> WishesForm:
    wishes = actions.wishes_for(network, year)
    values = wishes.to_json() | {"start": time.fromisoformat(wishes.start), "months": list(wishes.in_months)}
    return WishesForm(formdata=None, data=values, month_names=phrases.month_names())


def _plan_page(network: Network, year: int, status: int = 200, **forms: Any) -> Answer:
    network = with_members([network.id])[0]
    cycle = cycle_of(network, year)
    view = plan_page.of_year(network, year, cycle, now())
    wishes = forms.pop("form", None) or _wishes_form(network, year)
    extra = forms.pop("extra", None) or ExtraForm(formdata=None, start=wishes.start.data, minutes=wishes.minutes.data)
    return web.page("planning/plan.html", status, network=network, year=year, form=wishes, extra=extra, view=view)


@pages.get("/networks/<slug>/years/<int:year>/plan")
@access.network_manager
def plan(network: Network, year: int) -> Answer:
    return _plan_page(network, _possible(year))


@pages.get("/networks/<slug>/years/<int:year>/days")
@access.network_manager
def days(network: Network, year: int) -> Answer:
    months = day_map.of_year(with_members([network.id])[0], _possible(year))
    cycle = cycle_of(network, year)
    planned = {row.day for row in plan_page.rows_of(cycle) if not row.cancelled} if cycle else set()
    summary = day_map.open_days(months)
    return render_template(
        "planning/day_map.html", network=network, year=year, months=months, planned=planned, summary=summary
    )


def _possible(year: int) -> int:
    return year if 2000 <= year <= 2100 else abort(404)


def _cycle(network: Network, year: int) -> Cycle:
    return cycle_of(network, year) or abort(404)


def _to_plan(cycle: Cycle) -> Response:
    db.session.commit()
    return redirect(url_for("cycles.plan", slug=cycle.network.slug, year=cycle.year) + "#plan")


@pages.post("/networks/<slug>/years/<int:year>/proposal")
@access.network_manager
def propose(network: Network, year: int) -> Answer:
    form = WishesForm(month_names=phrases.month_names())
    if not form.validate():
        return _plan_page(network, _possible(year), 422, form=form)
    wishes: Wishes = form.wishes()
    cycle = actions.open_year(network, _possible(year))
    actions.check_version(cycle, request.form.get("version", type=int) or 0, _("A new proposal"))
    actions.propose(cycle, wishes, now())
    return _to_plan(cycle)


@pages.post("/networks/<slug>/years/<int:year>/cells")
@access.network_manager
def edit_cells(network: Network, year: int) -> Answer:
    cycle = _cycle(network, year)
    draft = actions.draft_for_change(cycle, now())
    posted = posted_table.read(request.form, draft, network)
    actions.check_version(cycle, request.form.get("version", type=int) or 0, posted.text)
    actions.edit(cycle, posted.changes, posted.locks, now())
    return _to_plan(cycle)


@pages.post("/networks/<slug>/years/<int:year>/extra")
@access.network_manager
def add_extra(network: Network, year: int) -> Answer:
    cycle, form = _cycle(network, year), ExtraForm()
    if not form.validate() or form.date.data.year != year:
        if not form.errors:
            form.date.errors = [_("Choose a day in %(year)s.", year=year)]
        return _plan_page(network, year, 422, extra=form)
    start = form.start.data.strftime("%H:%M")
    actions.add_extra(cycle, form.date.data, start, form.minutes.data, form.mode.data, now())
    return _to_plan(cycle)


@pages.post("/networks/<slug>/years/<int:year>/rows/<key>/removal")
@access.network_manager
def remove_row(network: Network, year: int, key: str) -> Answer:
    cycle = _cycle(network, year)
    if key not in {row.key for row in actions.draft_for_change(cycle, now()).rows}:
        abort(404)
    actions.remove(cycle, key, "", now())
    return _to_plan(cycle)


@pages.post("/networks/<slug>/years/<int:year>/relaxation")
@access.network_manager
def relax(network: Network, year: int) -> Answer:
    cycle = _cycle(network, year)
    draft = drafts.of(cycle)
    asked = request.form.getlist("wish")
    if draft is None or not asked or not set(asked) <= {*draft.relax, *draft.conflict}:
        raise Refused(_("This wish does not stand in the way any more. Look at the plan again."))
    for wish in asked:
        actions.relax(cycle, wish, now())
    return _to_plan(cycle)


@pages.post("/networks/<slug>/years/<int:year>/draft/removal")
@access.network_manager
def drop_draft(network: Network, year: int) -> Answer:
    cycle = _cycle(network, year)
    actions.drop_draft(cycle, now())
    flash(_("The draft is gone. What is published stays as it is."))
    return _to_plan(cycle)


def _publication_page(network: Network, cycle: Cycle, status: int = 200, problem: str = "") -> Answer:
    view = plan_page.of_publication(cycle, now())
    return web.page("publishing/publication.html", status, network=network, cycle=cycle, view=view, problem=problem)


@pages.get("/networks/<slug>/years/<int:year>/publication")
@access.network_manager
def publication(network: Network, year: int) -> Answer:
    return _publication_page(network, _cycle(network, year))


@pages.post("/networks/<slug>/years/<int:year>/publication")
@access.network_manager
def publish(network: Network, year: int) -> Answer:
    cycle = _cycle(network, year)
    if drafts.of(cycle) is not None:
        actions.check_version(cycle, request.form.get("version", type=int) or 0, _("Publish"))
    override = request.form.get("override", "").strip()[:200]
    if plan_page.needs_override(cycle) and not override:
        return _publication_page(network, cycle, 422, _("Say in one line why this is right all the same."))
    made = publishing.publish(cycle, now(), g.person, override)
    db.session.commit()
    said = _("Published as version %(n)s.", n=made.number) if made else _("Nothing has changed, so nobody is mailed.")
    flash(said)
    return redirect(url_for("networks.show", slug=network.slug, year=year))


@pages.post("/networks/<slug>/years/<int:year>/publication/undo")
@access.network_manager
def undo(network: Network, year: int) -> Answer:
    cycle = _cycle(network, year)
    if request.form.get("published", type=int) != cycle.published:
        raise Stale(_("This version is not the one in force any more."))
    publishing.undo(cycle, now(), g.person)
    db.session.commit()
    flash(_("The last publication is taken back. Who had been told is told again."))
    return redirect(url_for("networks.show", slug=network.slug, year=year))


def _meeting_page(network: Network, meeting: Meeting, status: int = 200, **forms: Any) -> Answer:
    view = plan_page.of_meeting(network, meeting, g.person, now())
    given = {"content_form": ContentForm(formdata=None, obj=meeting), "change_form": _change_form(network, meeting)}
    given |= {"people": answers_for(meeting), "swaps": swaps_of(meeting, view.organisations, now())}
    return web.page("meetings/meeting.html", status, network=network, meeting=meeting, view=view, **given | forms)


def _change_form(network: Network, meeting: Meeting, *, posted: bool = False) -> MeetingForm:
    row = of_meeting(meeting)
    values = {
        "date": row.day,
        "start": meeting.local_start.time(),
        "minutes": row.minutes,
        "mode": row.mode,
        "host": str(row.host or ""),
        "room_id": str(row.room_id or ""),
        "place": row.place,
        "link": row.link,
    }
    form = MeetingForm(**({} if posted else {"formdata": None}), data=values)
    members = network.members_on(meeting.day)
    rooms = [room for member in members for room in member.organisation.rooms]
    nobody = SelectChoice("", "–")
    form.host.choices = [nobody, *[SelectChoice(str(m.organisation_id), m.organisation.name) for m in members]]
    form.room_id.choices = [nobody, *[SelectChoice(str(r.id), f"{r.organisation.short}: {r.name}") for r in rooms]]
    return form


@pages.get("/networks/<slug>/meetings/<int:number>")
@access.participant
def meeting(network: Network, number: int) -> Answer:
    return _meeting_page(network, access.within(network, Meeting, number))


@pages.post("/networks/<slug>/meetings/<int:number>/change")
@access.network_manager
def change_meeting(network: Network, number: int) -> Answer:
    found = access.within(network, Meeting, number)
    form = _change_form(network, found, posted=True)
    if not form.validate():
        return _meeting_page(network, found, 422, change_form=form)
    actions.change_meeting(found, _changed(form, of_meeting(found)), form.reason.data or "", now())
    db.session.commit()
    return redirect(url_for("cycles.publication", slug=network.slug, year=found.cycle.year))


def _changed(form: MeetingForm, row: Any) -> dict[str, Any]:
    """Only the fields that differ from the meeting as it is."""
    posted = {
        "date": form.date.data.isoformat(),
        "start": form.start.data.strftime("%H:%M"),
        "minutes": form.minutes.data,
        "mode": form.mode.data,
        "host": int(form.host.data) if form.host.data and form.mode.data != "online" else None,
        "room_id": int(form.room_id.data) if form.room_id.data else None,
        "place": form.place.data or "",
        "link": form.link.data or "",
    }
    return {name: value for name, value in posted.items() if value != getattr(row, name)}


@pages.post("/networks/<slug>/meetings/<int:number>/cancellation")
@access.network_manager
def cancel_meeting(network: Network, number: int) -> Answer:
    found = access.within(network, Meeting, number)
    key = next((r.key for r in actions.draft_for_change(found.cycle, now()).rows if r.meeting_id == found.id), None)
    actions.remove(found.cycle, key or abort(404), request.form.get("reason", "").strip()[:200], now())
    db.session.commit()
    return redirect(url_for("cycles.publication", slug=network.slug, year=found.cycle.year))


@pages.post("/networks/<slug>/meetings/<int:number>/credit")
@access.network_manager
def credit(network: Network, number: int) -> Answer:
    found = access.within(network, Meeting, number)
    members = {member.organisation_id for member in network.members_on(found.day)}
    organisation = request.form.get("organisation", type=int)
    actions.credit(found, organisation if organisation in members else abort(404), now())
    db.session.commit()
    flash(_("Counted as a turn to host."))
    return redirect(url_for("cycles.meeting", slug=network.slug, number=number))


@pages.post("/networks/<slug>/meetings/<int:number>/content")
@access.participant
def save_content(network: Network, number: int) -> Answer:
    found = access.within(network, Meeting, number)
    if not plan_page.may_write(network, found, g.person):
        abort(404)
    form = ContentForm()
    if not form.validate():
        return _meeting_page(network, found, 422, content_form=form)
    actions.set_content(
        found,
        topic=form.topic.data or "",
        running_order=form.running_order.data or "",
        open_agenda=form.open_agenda.data,
        question=form.question.data or "",
        now=now(),
    )
    db.session.commit()
    flash(_("Saved at %(time)s.", time=now().astimezone(network.zone).strftime("%H:%M")))
    return redirect(url_for("cycles.meeting", slug=network.slug, number=number))


def _turn(network: Network, number: int) -> Duty:
    duty = db.session.get(Duty, number) or abort(404)
    return duty if duty.meeting.network_id == network.id and duty.meeting.ahead(now()) else abort(404)


@pages.get("/networks/<slug>/duties/<int:number>/repair")
@access.network_manager
def repair(network: Network, number: int) -> Answer:
    duty = _turn(network, number)
    ways = repairing.options(duty, answers_for(duty.meeting).expected, now())
    return render_template("publishing/repair.html", network=network, duty=duty, ways=ways)


def _repaired(duty: Duty, choice: str) -> tuple[Option, drafts.Draft]:
    option = repairing.options(duty, answers_for(duty.meeting).expected, now()).chosen(choice)
    if option is None:
        raise Refused(_("This way out is not open any more. Look at the others."))
    reason = (one_line(request.form.get("reason")) or "")[:200]
    changes = {duty.meeting_id: option.values}
    return option, actions.amended(duty.meeting.cycle, changes, reason, now())


@pages.get("/networks/<slug>/duties/<int:number>/repair/<choice>")
@access.network_manager
def preview_repair(network: Network, number: int, choice: str) -> Answer:
    duty = _turn(network, number)
    option, draft = _repaired(duty, choice)
    view = plan_page.of_amendment(duty.meeting.cycle, draft, now())
    return render_template("publishing/amendment.html", network=network, duty=duty, option=option, view=view)


@pages.post("/networks/<slug>/duties/<int:number>/repair/<choice>")
@access.network_manager
def do_repair(network: Network, number: int, choice: str) -> Answer:
    duty = _turn(network, number)
    cycle, meeting = duty.meeting.cycle, duty.meeting
    if request.form.get("published", type=int) != cycle.published:
        raise Stale(_("Somebody else published something meanwhile. Look again who will be mailed."))
    option, draft = _repaired(duty, choice)
    publishing.amend(cycle, draft, now(), g.person, override=option.title)
    db.session.commit()
    flash(_("Done. Everybody concerned is told, and the turn stays owed."))
    return redirect(url_for("cycles.meeting", slug=network.slug, number=meeting.id))


@pages.get("/programmes/<programme>/years/<int:year>")
@access.programme_manager
def programme_year(programme: Any, year: int) -> Answer:
    lines = plan_page.of_programme(programme, _possible(year), now())
    job = jobs.open_job(PLAN_ALL, programme)
    return render_template("publishing/programme_year.html", programme=programme, year=year, lines=lines, job=job)


@pages.post("/programmes/<programme>/years/<int:year>/proposals")
@access.programme_manager
def propose_all(programme: Any, year: int) -> Answer:
    params = {"year": _possible(year), "again": "again" in request.form}
    job = ask(PLAN_ALL, programme, params, now())
    db.session.commit()
    return redirect(url_for("jobs.show", programme=programme.slug, number=job.id))


@pages.post("/programmes/<programme>/years/<int:year>/publications")
@access.programme_manager
def publish_all(programme: Any, year: int) -> Answer:
    versions = {key: value for key, value in request.form.items() if key.startswith("version-")}
    done = 0
    for line in plan_page.of_programme(programme, _possible(year), now()):
        if line.ready and versions.get(f"version-{line.network.slug}") == str(line.version):
            done += publishing.publish(line.cycle, now(), g.person) is not None
    db.session.commit()
    flash(ngettext("One year is published.", "%(num)s years are published.", done))
    return redirect(url_for("cycles.programme_year", programme=programme.slug, year=year))
