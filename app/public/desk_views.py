"""Where managers, organisations and site admins say what strangers may read, and see it before anybody else does."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clock import now, today
from app.edge import web
from app.edge.versions import Versioned
from app.extensions import db
from app.networks import access
from app.networks.models import Membership, Network, Programme
from app.public import actions, queries
from app.public.forms import LegalForm, ListingForm, NetworkPageForm, ProgrammePageForm
from app.public.meeting_queries import seen_buffet
from app.public.models import LEGAL

pages = Blueprint("door", __name__)
Answer = tuple[str, int] | Response


def _saved(page: str) -> Response:
    db.session.commit()
    flash(_("Saved."))
    return redirect(page)


def _values(form: Versioned) -> dict[str, Any]:
    """Its columns: a switch is on or off, a text may be empty."""
    return {each.short_name: each.data or ("" if each.type != "BooleanField" else False) for each in form.typed()}


def _network_form(network: Network) -> NetworkPageForm:
    return NetworkPageForm(formdata=None, obj=network).showing()


def _network_page(network: Network, form: NetworkPageForm | None = None) -> Answer:
    shown = queries.seen_of_network(network, now())
    given = {"network": network, "form": form or _network_form(network), "shown": shown}
    given["role"] = queries.own_role(g.person, network.programme, network)
    return web.page("public/desk_network.html", 422 if form else 200, **given)


@pages.get("/networks/<slug>/public")
@access.network_manager
def network(network: Network) -> Answer:
    return _network_page(network)


@pages.post("/networks/<slug>/public")
@access.network_manager
def save_network(network: Network) -> Answer:
    form = NetworkPageForm().over(network, _network_form)
    if not form.validate():
        return _network_page(network, form)
    actions.open_network(network, _values(form), now())
    return _saved(url_for("door.network", slug=network.slug))


@pages.post("/networks/<slug>/public/name")
@access.network_manager
def name_me(network: Network) -> Answer:
    role = queries.own_role(g.person, network.programme, network) or abort(404)
    actions.show_name(role, request.form.get("named") == "yes", now())
    return _saved(url_for("door.network", slug=network.slug))


@pages.post("/programmes/<programme>/public/name")
@access.programme_manager
def name_me_for_all(programme: Programme) -> Answer:
    role = queries.own_role(g.person, programme) or abort(404)
    actions.show_name(role, request.form.get("named") == "yes", now())
    return _saved(url_for("door.programme", programme=programme.slug))


def _programme_form(programme: Programme) -> ProgrammePageForm:
    return ProgrammePageForm(formdata=None, obj=programme).showing()


def _programme_page(programme: Programme, form: ProgrammePageForm | None = None) -> Answer:
    day = today(web.settings().timezone)
    return web.page(
        "public/desk_programme.html",
        422 if form else 200,
        programme=programme,
        form=form or _programme_form(programme),
        shown=queries.seen_of_programme(programme, now()),
        buffet=seen_buffet(programme, now()),
        members=queries.listed(programme, day),
        role=queries.own_role(g.person, programme),
    )


@pages.get("/programmes/<programme>/public")
@access.programme_manager
def programme(programme: Programme) -> Answer:
    """What is public here: the programme's page as strangers see it, and what hangs on it."""
    return _programme_page(programme)


@pages.post("/programmes/<programme>/public")
@access.programme_manager
def save_programme(programme: Programme) -> Answer:
    form = ProgrammePageForm().over(programme, _programme_form)
    if not form.validate():
        return _programme_page(programme, form)
    actions.open_programme(programme, _values(form), now())
    return _saved(url_for("door.programme", programme=programme.slug))


def _member(network: Network, number: int) -> Membership:
    return access.within(network, Membership, number)


def _listing_form(member: Membership) -> ListingForm:
    return ListingForm(formdata=None, obj=member.organisation).showing()


def _listing(member: Membership, form: ListingForm | None = None) -> Answer:
    given = {"member": member, "network": member.network, "form": form or _listing_form(member)}
    return web.page("public/listing.html", 422 if form else 200, **given)


@pages.get("/networks/<slug>/members/<int:number>/listing")
@access.own_organisation
def listing(network: Network, number: int) -> Answer:
    return _listing(_member(network, number))


@pages.post("/networks/<slug>/members/<int:number>/listing")
@access.own_organisation
def save_listing(network: Network, number: int) -> Answer:
    member = _member(network, number)
    form = ListingForm().over(member, _listing_form)
    if not form.validate():
        return _listing(member, form)
    values = {"offers": form.offers.data or "", "website": form.website.data or "", "listed": form.listed.data}
    actions.list_organisation(member.organisation, values, network, now())
    return _saved(url_for("door.listing", slug=network.slug, number=member.id))


def _legal_form() -> LegalForm:
    return LegalForm(formdata=None, data=queries.legal()).showing()


def _site_admin() -> None:
    if not g.person.site_admin:
        abort(404)


@pages.get("/site/legal")
@web.signed_in
def legal() -> Answer:
    _site_admin()
    return web.page("public/desk_legal.html", form=_legal_form())


@pages.post("/site/legal")
@web.signed_in
def save_legal() -> Answer:
    _site_admin()
    form = LegalForm()
    form.stood = _legal_form()
    if not form.validate():
        return web.page("public/desk_legal.html", 422, form=form)
    for kind in LEGAL:
        actions.write_legal(kind, form[kind].data or "", now())
    return _saved(url_for("door.legal"))
