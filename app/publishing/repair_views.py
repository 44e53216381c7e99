"""A turn that somebody cannot do: the ways out, asking first, and doing it."""

from datetime import time

from flask import abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from app.attendance.queries import answers_for
from app.clock import now
from app.edge import web
from app.errors import Refused, Stale
from app.extensions import db
from app.meetings.models import Duty
from app.meetings.row import wall
from app.networks import access
from app.networks.models import Network, Organisation
from app.planning import actions, drafts
from app.publishing import actions as publishing
from app.publishing import page
from app.publishing import ways_out as repairing
from app.publishing.views import Answer, pages
from app.publishing.ways_out import Option, Repair
from app.swaps import actions as asking
from app.swaps import queries as swaps
from app.swaps import views as swap_views
from app.swaps.forms import FirstForm
from app.text import one_line

LAST_MINUTE = time(23, 59)  # of the day by which to answer


def _turn(network: Network, number: int) -> Duty:
    duty = db.session.get(Duty, number) or abort(404)
    return duty if duty.meeting.network_id == network.id and duty.meeting.ahead(now()) else abort(404)


@pages.get("/networks/<slug>/duties/<int:number>/repair")
@access.network_manager
def repair(network: Network, number: int) -> Answer:
    duty = _turn(network, number)
    return _repair_page(duty, _ways(duty))


def _ways(duty: Duty) -> Repair:
    return repairing.options(duty, answers_for(duty.meeting).expected, now())


def _repair_page(duty: Duty, ways: Repair, form: FirstForm | None = None, status: int = 200) -> Answer:
    form = form or FirstForm(formdata=None)
    form.offer(ways.substitutes, now().astimezone(duty.meeting.network.zone).date(), duty.meeting.day)
    asked = swaps.open_about(duty, now())
    given = {"network": duty.meeting.network, "duty": duty, "ways": ways, "form": form, "asked": asked}
    return web.page("publishing/repair.html", status, **given)


@pages.post("/networks/<slug>/duties/<int:number>/repair")
@access.network_manager
def ask_first(network: Network, number: int) -> Answer:
    """The manager asks before giving somebody a turn; nothing changes until one says yes."""
    duty, form, at = _turn(network, number), FirstForm(), now()
    ways = _ways(duty)
    form.offer(ways.substitutes, at.astimezone(network.zone).date(), duty.meeting.day)
    if not form.validate():
        return _repair_page(duty, ways, form, 422)
    until = wall(form.until.data, LAST_MINUTE, network.zone)
    swap = asking.ask(duty, [(each, None) for each in form.wanted.data], form.words.data or "", g.person, at, until)
    said = swap_views.asked(swap)
    db.session.commit()
    flash(said)
    return redirect(url_for("publishing.repair", slug=network.slug, number=duty.id))


def _repaired(duty: Duty, choice: str) -> tuple[Option, drafts.Draft]:
    option = _ways(duty).chosen(choice)
    if option is None:
        raise Refused(_("This way out is not open any more. Look at the others."))
    reason = (one_line(request.form.get("reason")) or "")[:200]
    changes = {duty.meeting_id: option.values}
    return option, actions.amended(duty.meeting.cycle, changes, reason, now())


def _amendment_page(duty: Duty, option: Option, draft: drafts.Draft, refusal: Refused | None = None) -> Answer:
    view = page.of_amendment(duty.meeting.cycle, draft, now())
    given = {"network": duty.meeting.network, "duty": duty, "option": option, "view": view, "refusal": refusal}
    return web.page("publishing/amendment.html", refusal.status if refusal else 200, **given)


@pages.get("/networks/<slug>/duties/<int:number>/repair/<choice>")
@access.network_manager
def preview_repair(network: Network, number: int, choice: str) -> Answer:
    duty = _turn(network, number)
    return _amendment_page(duty, *_repaired(duty, choice))


@pages.post("/networks/<slug>/duties/<int:number>/repair/<choice>")
@access.network_manager
def do_repair(network: Network, number: int, choice: str) -> Answer:
    duty = _turn(network, number)
    meeting, (option, draft) = duty.meeting, _repaired(duty, choice)
    shown = request.form.get("digest", "")
    open_request, owed_by = swaps.open_about(duty, now()), duty.owed_by
    try:
        publishing.amend(meeting.cycle, draft, now(), g.person, override=option.title, shown=shown)
    except Stale as refusal:
        return _amendment_page(duty, option, draft, refusal)
    if open_request and "date" not in option.values:
        asking.withdraw(open_request, now(), taken_by=option.organisation)
    db.session.commit()
    flash(_said(option, owed_by))
    return redirect(url_for("meetings.meeting", slug=network.slug, number=meeting.id))


def _said(option: Option, owed_by: Organisation | None) -> str:
    """On another day the same organisation does its turn: then nothing stays open."""
    if owed_by is None or "date" in option.values:
        return _("Done. Everybody concerned is told.")
    return _("Done. Everybody concerned is told; the turn of %(name)s stays open.", name=owed_by.short)
