"""The page about backups, for the site admin."""

from flask import Blueprint, abort, flash, g, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.admin import backups
from app.admin.forms import BackupForm
from app.admin.models import BackupPlan
from app.clock import now
from app.edge import web
from app.extensions import db

pages = Blueprint("backups", __name__)
Answer = tuple[str, int] | Response


def _form(plan: BackupPlan) -> BackupForm:
    return BackupForm(formdata=None, obj=plan).showing()


def _shown(form: BackupForm, status: int = 200) -> Answer:
    plan = backups.the_plan()
    return web.page("admin/backups.html", status, form=form, plan=plan, trouble=backups.trouble(plan, now()))


@pages.get("/backups")
@web.signed_in
def show() -> Answer:
    _site_admin()
    return _shown(_form(backups.the_plan()))


@pages.post("/backups")
@web.signed_in
def save() -> Answer:
    _site_admin()
    form = BackupForm().over(backups.kept(), _form)
    if not form.validate():
        return _shown(form, 422)
    backups.change(form.days.data or 0, form.weeks.data or 0, now())
    return _done(_("Saved."))


@pages.post("/backups/now")
@web.signed_in
def ask() -> Answer:
    _site_admin()
    backups.ask(now())
    return _done(_("A backup is made within a minute."))


def _site_admin() -> None:
    if not g.person.site_admin:
        abort(404)


def _done(sentence: str) -> Response:
    db.session.commit()
    flash(sentence)
    return redirect(url_for("backups.show"))
