"""Asking for a turn in the organisation's corner, and granting it on the plan."""

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clock import now
from app.extensions import db
from app.meetings import phrases
from app.meetings.models import TurnWish
from app.meetings.queries import cycle_of
from app.networks import access
from app.networks.models import Membership, Network
from app.planning.turn_requests import actions
from app.planning.turn_requests.forms import TurnWishForm

pages = Blueprint("turn_requests", __name__)


def _back(network: Network, number: int, said: str) -> Response:
    db.session.commit()
    flash(said)
    return redirect(url_for("networks.member", slug=network.slug, number=number) + "#wishes")


@pages.post("/networks/<slug>/members/<int:number>/turn-wishes")
@access.own_organisation
def ask(network: Network, number: int) -> Response:
    form = TurnWishForm(month_names=phrases.month_names(), hosted=network.hosted)
    membership = access.within(network, Membership, number)
    if not form.validate():
        return _back(network, number, _("Choose what you would like to do, and when."))
    actions.ask(
        membership, network.year_to_plan(now().date()), form.kind.data, form.month.data or None, g.person, now()
    )
    return _back(network, number, _("Noted. The manager sees it when planning the year."))


@pages.post("/networks/<slug>/members/<int:number>/turn-wishes/<int:wish>/removal")
@access.own_organisation
def remove(network: Network, number: int, wish: int) -> Response:
    membership, row = access.within(network, Membership, number), access.within(network, TurnWish, wish)
    if row.organisation_id != membership.organisation_id or row.answer:
        abort(404)
    actions.take_back(row, now())
    return _back(network, number, _("Removed."))


@pages.post("/networks/<slug>/turn-wishes/<int:number>/answer")
@access.network_manager
def answer(network: Network, number: int) -> Response:
    wish = access.within(network, TurnWish, number)
    key = request.form.get("key", "")
    if key:
        actions.grant(wish, cycle_of(network, wish.year) or abort(404), key, now())
    else:
        actions.decline(wish, now())
    db.session.commit()
    return redirect(url_for("planning.show", slug=network.slug, year=wish.year) + "#plan")
