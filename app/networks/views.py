"""A network: its page, its settings, its turns, and whoever joins it."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.attendance.queries import answers_for
from app.calendars.queries import subscribers
from app.clock import now, today
from app.edge import web
from app.edge.bounds import row_number
from app.extensions import db
from app.importing.forms import UploadForm
from app.importing.views import look_over
from app.meetings import phrases, year_page
from app.meetings.queries import turns_from
from app.meetings.year_begins import begin_year_in
from app.networks import access, actions
from app.networks.forms import (
    NetworkForm,
    NewNetworkForm,
    OrganisationForm,
)
from app.networks.models import Network, Programme
from app.people.forms import TONES, tone_of
from app.portfolio.queries import portfolio
from app.publishing.actions import welcome
from app.results.queries import open_agreements

pages = Blueprint("networks", __name__)
Answer = str | tuple[str, int] | Response


def _values(form: Any, *names: str) -> dict[str, Any]:
    """The named fields; an empty choice or text that may be null is null."""
    return {name: form[name].data for name in names}


@pages.get("/programmes/<programme>/networks/new")
@access.programme_manager
def new(programme: Programme) -> Answer:
    form = NewNetworkForm(region=programme.region or "", timezone=programme.timezone)
    return render_template("networks/new.html", form=form, programme=programme)


@pages.post("/programmes/<programme>/networks/new")
@access.programme_manager
def create(programme: Programme) -> Answer:
    form = NewNetworkForm()
    if not form.validate():
        return web.page("networks/new.html", 422, form=form, programme=programme)
    values = _network_values(form) | {"year_begins": form.year_begins.data}
    network = actions.found_network(programme, values, now())
    db.session.commit()
    upload = UploadForm(programme, formdata=None, pasted=form.pasted.data or "", network=network.name)
    pasted = upload.contents()
    return look_over(programme, upload, pasted) if pasted else redirect(url_for("networks.show", slug=network.slug))


def _network_values(form: NetworkForm) -> dict[str, Any]:
    values = _values(form, "name", "goal", "region", "mode", "state", "size_wanted", "link", "timezone")
    values |= _values(form, "minimum", "keeps_names", "pulse") | {"formal": TONES[form.tone.data]}
    return values | {name: form[name].data or "" for name in ("goal", "link", "usual_programme")}


@pages.get("/networks/<slug>")
@access.participant
def show(network: Network) -> Answer:
    form = OrganisationForm(hosted=network.hosted, joined=today(network.timezone)) if g.manages else None
    return _network_page(network, request.args.get("year", type=row_number), form)


def _network_page(network: Network, shown: int | None, form: OrganisationForm | None, status: int = 200) -> Answer:
    own, at = access.own_membership(network), now()
    year = year_page.of_network(network, at, shown, [own.organisation_id] if own else [])
    upcoming = year.next_meeting
    return web.page(
        "networks/show.html",
        status,
        network=network,
        year=year,
        form=form,
        answers=answers_for(upcoming) if upcoming else None,
        needs=portfolio([network.id], at).needs if g.manages else (),
        subscribers=subscribers(network, network.members_on(year.today), at) if g.manages else None,
        open_agreements=open_agreements(network),
        today=year.today,
        at=at,
    )


@pages.get("/networks/<slug>/turns")
@access.participant
def turns(network: Network) -> Answer:
    return render_template("networks/turns.html", network=network, view=year_page.queues_of(network, now()))


@pages.get("/networks/<slug>/settings")
@access.network_manager
def settings(network: Network) -> Answer:
    return render_template("networks/settings.html", network=network, form=_settings(network))


def _settings(network: Network) -> NetworkForm:
    return NetworkForm(formdata=None, obj=network, tone=tone_of(network.formal)).showing()


@pages.post("/networks/<slug>/settings")
@access.network_manager
def save_settings(network: Network) -> Answer:
    form = NetworkForm().over(network, _settings)
    if not form.validate():
        return web.page("networks/settings.html", 422, network=network, form=form)
    if form.year_begins.raw_data:
        begin_year_in(network, form.year_begins.data, now())
    actions.change_network(network, _network_values(form), now())
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("networks.show", slug=network.slug))


@pages.post("/networks/<slug>/beginning")
@access.network_manager
def begin(network: Network) -> Answer:
    """From in formation to active; then its first year is asked for or planned."""
    slug = network.slug
    actions.begin(network, now())
    db.session.commit()
    flash(_("It is active from now on. Ask everybody which dates suit, or plan the year at once."))
    return redirect(url_for("planning.show", slug=slug, year=network.year_to_plan(today(network.timezone))))


@pages.post("/networks/<slug>/organisations")
@access.network_manager
def add_organisation(network: Network) -> Answer:
    form = OrganisationForm(hosted=network.hosted)
    if not form.validate():
        return _network_page(network, None, form, 422)
    at = now()
    organisation = actions.organisation_for(network.programme, form.organisation.data, at)
    joined = form.joined.data
    membership = actions.join(network, organisation, joined, at, duties_from=turns_from(network, joined))
    if form.email.data or form.last_name.data or form.first_name.data:
        names = form.first_name.data or "", form.last_name.data or ""
        person = actions.person_for(network.programme, *names, form.email.data, at)
        actions.add_contact(membership, person, at)
        welcome(membership, person, at)
    if form.room and form.room.data:
        actions.add_room(organisation, {"name": form.room.data, "seats": form.seats.data}, at)
    db.session.commit()
    flash(
        _("%(organisation)s takes part from %(day)s on.", organisation=organisation.name, day=phrases.full_day(joined))
        if joined > today(network.timezone)
        else _("%(organisation)s takes part from now on.", organisation=organisation.name)
    )
    return redirect(url_for("networks.member", slug=network.slug, number=membership.id))
