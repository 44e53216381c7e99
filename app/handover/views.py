"""The page on which a manager leaves: what is open, and who takes over."""

from flask import Blueprint, abort, flash, g, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clock import now
from app.edge import web
from app.extensions import db
from app.handover import actions, queries
from app.handover.forms import NEW, SuccessorForm
from app.networks import access
from app.networks.actions import person_for
from app.networks.models import Programme, Role
from app.networks.queries import own_roles_of, programmes
from app.people.models import Person

pages = Blueprint("handover", __name__)
Answer = str | tuple[str, int] | Response
HANDOVER = "/programmes/<programme>/roles/<int:number>/handover"


def _found(slug: str, number: int) -> tuple[Programme, Person, bool]:
    """Whose roles go over, and whether anybody may have them: whoever manages the programme, or a site admin, says so
    for everybody there. Others hand over their own, to colleagues. A deputy hands over nothing."""
    programme = next((each for each in programmes() if each.slug == slug), None) or abort(404)
    role = access.within(programme, Role, number)
    held = {(each.programme_id, each.network_id) for each in own_roles_of(g.person)}
    whole = (programme.id, None) in held
    if not (whole or g.person.site_admin or role.person_id == g.person.id):
        abort(404)
    g.programme_id = programme.id
    return programme, role.person, whole or g.person.site_admin


def _page(programme: Programme, person: Person, form: SuccessorForm, status: int = 200) -> Answer:
    networks, at = queries.networks_of(person, programme), now()
    roles = queries.roles_in(person, programme)
    return web.page(
        "handover/show.html",
        status,
        programme=programme,
        person=person,
        role=roles[0],
        whole=any(role.network_id is None for role in roles),
        requests=queries.requests_to_start(programme),
        points=queries.open_points(networks, at),
        deputies=queries.deputies_with(person, programme, at),
        form=form,
    )


@pages.get(HANDOVER)
@access.manager
def show(programme: str, number: int) -> Answer:
    found, person, anybody = _found(programme, number)
    form = SuccessorForm(queries.successors(person, found), anybody=anybody, formdata=None)
    return _page(found, person, form)


@pages.post(HANDOVER)
@access.manager
def hand_over(programme: str, number: int) -> Answer:
    found, person, anybody = _found(programme, number)
    choice, at = queries.successors(person, found), now()
    form = SuccessorForm(choice, anybody=anybody)
    if not form.validate():
        return _page(found, person, form, 422)
    if form.successor.data == NEW:
        successor = person_for(found, form.first_name.data, form.last_name.data or "", form.email.data, at)
    else:
        successor = next(each for each in choice if each.id == form.successor.data)
    actions.hand_over(person, found, successor, at)
    db.session.commit()
    flash(_("Handed over. %(name)s manages it now, and is told by mail.", name=successor.name or successor.email))
    return redirect(url_for("portfolio.start"))
