"""The library of a network: links by theme, found again by words, taken along; what was written down is offered."""

from flask import Blueprint, abort, flash, make_response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clock import now, today
from app.edge import web
from app.errors import Refused
from app.extensions import db
from app.library import actions, queries, taken_along
from app.library.forms import AboutForm, LinkForm
from app.library.models import Link
from app.networks import access
from app.networks.models import Network
from app.networks.queries import manages, takes_part
from app.people.models import Person
from app.text import one_line

pages = Blueprint("library", __name__)
Answer = tuple[str, int] | Response
OFFERED = 10  # addresses offered at a time
KINDS = {"csv": "text/csv; charset=utf-8", "html": "text/html; charset=utf-8"}


def _keeps(person: Person, network: Network) -> bool:
    """Whether the person may change it: who takes part, and signed in its managers."""
    by_link = bool((request.view_args or {}).get("token"))
    return takes_part(person, network, today(network.timezone)) or (not by_link and manages(person, network))


def _may_keep(person: Person, network: Network) -> Network:
    return network if _keeps(person, network) else abort(404)


def _page(person: Person, network: Network, form: LinkForm | None = None) -> Answer:
    search = (one_line(request.args.get("q")) or "")[:100]
    keeps = _keeps(person, network)
    return web.page(
        "library/show.html",
        422 if form else 200,
        network=network,
        themes=queries.kept(network, search),
        known=queries.themes_of(network),
        offered=queries.written_down(network) if keeps else [],
        most=OFFERED,
        search=search,
        keeps=keeps,
        form=form or LinkForm(formdata=None),
    )


def _done(network: Network, said: str) -> Response:
    slug = network.slug
    db.session.commit()
    flash(said)
    return redirect(web.own_url("library.show", slug))


@access.own_network(pages, "/library", methods=["GET"])
def show(person: Person, network: Network) -> Answer:
    return _page(person, network)


@access.own_network(pages, "/library", methods=["POST"])
def keep(person: Person, network: Network) -> Answer:
    """One typed by hand."""
    form = LinkForm()
    _may_keep(person, network)
    if not form.validate():
        return _page(person, network, form)
    actions.keep(network, form.url.data, form.title.data, form.theme.data or "", person, now())
    return _done(network, _("It stands in the library."))


@access.own_network(pages, "/library/offered", methods=["POST"])
def settle(person: Person, network: Network) -> Answer:
    """Those ticked of the ones offered are kept; those said not to belong here are offered no more."""
    offered, at, count = queries.written_down(_may_keep(person, network))[:OFFERED], now(), 0
    for number, found in enumerate(offered):
        said = request.form.get(f"url-{number}") == found.url and request.form.get(f"what-{number}")
        if said == "keep":
            title = (one_line(request.form.get(f"title-{number}")) or found.title)[:200]
            theme = (one_line(request.form.get(f"theme-{number}")) or "")[:60]
            actions.keep(network, found.url, title, theme, person, at)
        elif said == "no":
            actions.decline(network, found.url, person, at)
        count += bool(said)
    return _done(network, _("Saved.") if count else _("Nothing was ticked, so nothing changed."))


@access.own_network(pages, "/library/<int:number>", methods=["POST"])
def change(person: Person, network: Network, number: int) -> Answer:
    link, form = access.within(_may_keep(person, network), Link, number), AboutForm()
    if not form.validate():
        raise Refused(_("A link needs a title."))
    actions.change(link, form.title.data, form.theme.data or "", now())
    return _done(network, _("Saved."))


@access.own_network(pages, "/library/<int:number>/removal", methods=["POST"])
def remove(person: Person, network: Network, number: int) -> Answer:
    actions.remove(access.within(_may_keep(person, network), Link, number), now())
    return _done(network, _("It is out of the library."))


@access.own_network(pages, "/library/files/<form>", methods=["GET"])
def export(person: Person, network: Network, form: str) -> Response:
    """The whole library as a table or as bookmarks."""
    if form not in KINDS:
        abort(404)
    themes = queries.kept(network)
    body = taken_along.table(themes) if form == "csv" else taken_along.bookmarks(themes, network.name)
    answer = make_response(body)
    answer.headers["Content-Type"] = KINDS[form]
    answer.headers["Content-Disposition"] = f'attachment; filename="{network.slug}.{form}"'
    return answer
