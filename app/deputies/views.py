"""The page on which managers say who stands in for them."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clock import now, today
from app.deputies import actions, queries
from app.deputies.forms import DeputyForm
from app.edge import web
from app.extensions import db
from app.networks.access import manager
from app.networks.queries import own_roles_of

pages = Blueprint("deputies", __name__)


def _form(**values: object) -> DeputyForm:
    colleagues, hands = queries.colleagues(g.person), queries.in_their_hands(g.person)
    away = [role for role in colleagues if (role.programme_id, role.person_id) in hands]
    return DeputyForm(away, colleagues, today(web.settings().timezone), **values)


def _given(form: DeputyForm) -> dict[str, Any]:
    rows = queries.coming(g.person, form.today)
    mine = {row.id for row in rows if (row.programme_id, row.manager_id) in queries.in_their_hands(g.person)}
    own = {role.programme_id: role for role in own_roles_of(g.person)}.values()
    return {"form": form, "rows": rows, "mine": mine, "own": own}


@pages.get("/deputies")
@manager
def show() -> str:
    return render_template("deputies/show.html", **_given(_form()))


@pages.post("/deputies")
@manager
def stand_in() -> tuple[str, int] | Response:
    form = _form()
    if not form.validate():
        return web.page("deputies/show.html", 422, **_given(form))
    away, deputy = form.pair
    actions.stand_in(away.programme, away.person, deputy.person, form.first.data, form.last.data, now())
    db.session.commit()
    flash(_("Saved. On these days mails about the networks go to %(name)s.", name=deputy.person.name))
    return redirect(url_for("deputies.show"))


@pages.post("/deputies/<int:number>/removal")
@manager
def withdraw(number: int) -> Response:
    actions.withdraw(queries.withdrawable(g.person, number) or abort(404), now())
    db.session.commit()
    flash(_("Withdrawn."))
    return redirect(url_for("deputies.show"))
