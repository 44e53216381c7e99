"""The notes of a meeting: read by the whole network, written by who hosts, prepares or manages it."""

from flask import Blueprint, abort, flash, g, redirect, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.clock import now, today
from app.edge import web
from app.extensions import db
from app.meetings.models import Meeting
from app.meetings.page import may_write
from app.networks import access
from app.networks.models import Network, Organisation
from app.networks.queries import managed_networks, sits_for, sits_from, takes_part
from app.people.models import Person
from app.pulse.trend import trend
from app.pulse.views import shown
from app.results import actions, queries
from app.results.forms import ResultForm, form_of
from app.results.models import Agreement
from app.text import one_line

pages = Blueprint("results", __name__)
Answer = tuple[str, int] | Response
RULE = "/meetings/<int:number>/notes"


def _meeting(person: Person, network: Network | None, number: int) -> Meeting:
    """By link: a meeting of a network in which the person took part that day."""
    if network is not None:
        return access.within(network, Meeting, number)
    meeting = db.session.get(Meeting, number) or abort(404)
    return meeting if takes_part(person, meeting.network, meeting.day) else abort(404)


def _writes(person: Person, network: Network | None, meeting: Meeting) -> bool:
    if network is not None:
        return may_write(network, meeting, person)
    return any(sits_for(person, meeting.network, duty.organisation_id, meeting.day) for duty in meeting.duties)


def _organisations(meeting: Meeting) -> list[Organisation]:
    """Whom an agreement can be about: who was a member then or is now."""
    network = meeting.network
    now_and_then = [*network.members_on(meeting.day), *network.members_on(today(network.timezone))]
    return list({member.organisation_id: member.organisation for member in now_and_then}.values())


def _notes(meeting: Meeting) -> ResultForm:
    agreed = queries.agreed_at([meeting.id]).get(meeting.id, [])
    form = form_of(meeting, queries.result_of(meeting), agreed)
    return form.offering(_organisations(meeting)).showing()


def _page(person: Person, network: Network | None, meeting: Meeting, form: ResultForm | None = None) -> Answer:
    return web.page(
        "results/notes.html",
        422 if form else 200,
        meeting=meeting,
        result=queries.result_of(meeting),
        agreements=queries.agreed_at([meeting.id]).get(meeting.id, []),
        form=form or _notes(meeting),
        writes=_writes(person, network, meeting),
        past=meeting.starts_at <= now() and not meeting.cancelled,
        told=len(actions.readers(meeting)),
        pulse=shown(meeting, person) if takes_part(person, meeting.network, meeting.day) else None,
        today=today(meeting.network.timezone),
        by_link=network is None,
    )


@access.own(pages, RULE, methods=["GET"])
def show(person: Person, network: Network | None, number: int) -> Answer:
    return _page(person, network, _meeting(person, network, number))


@access.own(pages, RULE, methods=["POST"])
def save(person: Person, network: Network | None, number: int) -> Answer:
    meeting, at = _meeting(person, network, number), now()
    if not _writes(person, network, meeting):
        abort(404)
    form = ResultForm().offering(_organisations(meeting)).over(meeting, _notes)
    if not form.validate():
        return _page(person, network, meeting, form)
    result = actions.save(meeting, form.notes, person, at)
    told = actions.publish(result, at) if "publish" in request.form else 0
    said = _("Saved at %(time)s.", time=at.astimezone(meeting.network.zone).strftime("%H:%M"))
    if told:
        said = ngettext("Published. One person hears of it.", "Published. %(num)s people hear of it.", told)
    return _done(meeting, said)


@access.own(pages, "/agreements/<int:number>", methods=["POST"])
def tick(person: Person, network: Network | None, number: int) -> Response:
    """Done, or open after all: by anybody who sits in the network."""
    row = access.within(network, Agreement, number) if network else db.session.get(Agreement, number) or abort(404)
    where = row.meeting.network
    changes = network is not None and g.changes  # a site admin who manages nothing only reads
    if row.meeting.notes_at is None or not (changes or sits_from(person, where, today(where.timezone))):
        abort(404)
    actions.tick(row, person, now(), done=request.form.get("done") == "1")
    db.session.commit()
    flash(_("Done: %(what)s", what=row.text) if row.done_at else _("Open again: %(what)s", what=row.text))
    return redirect(web.own_url("results.learnt", where.slug, _anchor=f"meeting-{row.meeting_id}"))


@access.own_network(pages, "/learnt")
def learnt(person: Person, network: Network) -> tuple[str, int]:
    """What the network learnt, newest first, and found by words."""
    search, number = _searched(), max(1, request.args.get("page", 1, type=int))
    found = queries.learnt([network.id], search, number)
    return web.page(
        "results/learnt.html",
        network=network,
        found=found,
        trend=trend(found.pulses),
        open_agreements=queries.open_agreements(network),
        search=search,
        page_number=number,
        today=today(network.timezone),
    )


@pages.get("/learnt")
@access.manager
def learnt_anywhere() -> tuple[str, int]:
    """What is found by words in all networks one manages."""
    search, networks = _searched(), managed_networks(g.person)
    found = queries.learnt([each.id for each in networks], search) if search else None
    day = today(web.settings().timezone)
    return web.page("results/found.html", found=found, search=search, networks=len(networks), today=day)


def _searched() -> str:
    return (one_line(request.args.get("q")) or "")[:100]


def _done(meeting: Meeting, said: str) -> Response:
    db.session.commit()
    flash(said)
    return redirect(web.own_url("results.show", meeting.network.slug, number=meeting.id))
