"""Import in two clicks: upload, look it over, store. Undo as a whole. Export in one."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from app.clock import now
from app.edge import web
from app.errors import Refused
from app.exporting.files import written
from app.exporting.sheets import TYPES
from app.extensions import db
from app.importing import actions, first_year, queries
from app.importing import report as account
from app.importing.forms import ENCODINGS, UploadForm, answers_in, choices_in
from app.importing.models import Import
from app.importing.proposal import Proposal
from app.importing.sentences import ADDED, ANSWERS, FIELD_NAMES, MENU
from app.networks import access
from app.networks.models import Programme

MANAGES = re.compile(r"manager-(\d{1,9})-(\d{1,9})", re.ASCII)
TEMPLATES = {"nl": "Nederlands", "de": "Deutsch", "en": "English"}
pages = Blueprint("importing", __name__)
Answer = str | tuple[str, int] | Response | Redirect


@pages.get("/programmes/<programme>/import")
@access.programme_manager
def upload(programme: Programme) -> Answer:
    return _upload_page(programme, UploadForm(programme))


def _upload_page(programme: Programme, form: UploadForm, trouble: object = None) -> Answer:
    imports = queries.imports_of(programme)
    context = {"programme": programme, "form": form, "imports": imports, "trouble": trouble, "templates": TEMPLATES}
    return web.page("importing/upload.html", 422 if trouble else 200, **context)


@pages.get("/programmes/<programme>/import/template")
@access.programme_manager
def template(programme: Programme) -> Answer:
    """An empty workbook with the headings the import knows, in the language asked for."""
    language = request.args.get("language", programme.language)
    if language not in TEMPLATES:
        abort(404)
    with force_locale(language):
        body = written("xlsx", {"networks": []}, "")
    headers = {"Content-Disposition": f"attachment; filename=toerbeurt-{language}.xlsx"}
    return Response(body, content_type=TYPES["xlsx"], headers=headers)


@pages.post("/programmes/<programme>/import")
@access.programme_manager
def receive(programme: Programme) -> Answer:
    form = UploadForm(programme)
    files = form.contents() if form.validate() else []
    return look_over(programme, form, files)


def look_over(programme: Programme, form: UploadForm, files: Sequence[tuple[str, bytes]]) -> Answer:
    """On to the preview of what was uploaded or pasted; back to the form, with all of it, when that cannot be read."""
    if not files:
        return _upload_page(programme, form, _("Choose a file first, or paste your rows."))
    try:
        row = actions.receive(programme, files, now(), by=g.person, only_network=form.network.data or "")
    except Refused as error:
        db.session.rollback()
        return _upload_page(programme, form, error.sentence)
    db.session.commit()
    return redirect(url_for("importing.show", programme=programme.slug, number=row.id))


def _import(programme: Programme, number: int) -> Import:
    return queries.import_in(programme, number, to_change=request.method == "POST") or abort(404)


@pages.get("/programmes/<programme>/imports/<int:number>")
@access.programme_manager
def show(programme: Programme, number: int) -> Answer:
    """The preview while nothing is stored, the result afterwards; with what is open, as long as it can be answered."""
    row = _import(programme, number)
    if row.state == "preview":
        proposal, comparison = actions.compared(row, now())
        items = [item.as_json() for item in proposal.items if item.action != "asked"]
        return render_template("importing/preview.html", comparison=comparison, **_looked_over(row, items, proposal))
    still_open = actions.proposal_of(row, now()) if row.unanswered else None
    items = (row.report or {}).get("items", ())
    done = row.state == "done"
    return render_template(
        "importing/result.html",
        unmanaged=first_year.networks_without_manager(row) if done else (),
        managers=first_year.who_may_manage(programme),
        missing=[first_year.MISSING[name](count) for name, count in first_year.missing(row).items()] if done else (),
        **_looked_over(row, items, still_open),
    )


def _looked_over(row: Import, items: Sequence[Mapping[str, Any]], proposal: Proposal | None) -> dict[str, Any]:
    """What both pages show: how cells were read, and what is open."""
    guesses, usual = account.guesses(items)
    return {
        "row": row,
        "at": {"programme": row.programme.slug, "number": row.id},
        "proposal": proposal,
        "kinds": account.kinds(proposal.questions) if proposal else (),
        "guesses": guesses,
        "usual": usual,
        "chapters": [each for each in account.chapters(items) if each.action in account.IN_SHORT],
        "account": account,
        "encodings": ENCODINGS,
        "menu_of_meanings": MENU,
        "meanings": FIELD_NAMES,
        "words": ANSWERS,
        "added": ADDED,
    }


@pages.post("/programmes/<programme>/imports/<int:number>/answers")
@access.programme_manager
def answer(programme: Programme, number: int) -> Answer:
    """Keep the answers and show what they change; after the import, store what they add."""
    row = _import(programme, number)
    _keep_answers(row)
    if row.unanswered:
        actions.store_answered(row, now())
        flash(_("Stored what you answered."))
    db.session.commit()
    return redirect(url_for("importing.show", programme=programme.slug, number=number))


def _keep_answers(row: Import) -> None:
    if row.state == "preview" or row.unanswered:
        proposal = actions.proposal_of(row, now())
        found = answers_in(request.form, proposal.questions) | choices_in(request.form, proposal)
        actions.answer(row, found, now())
        if request.form.get("proposals") == "all":
            actions.accept_proposals(row, now())


@pages.post("/programmes/<programme>/imports/<int:number>/completion")
@access.programme_manager
def complete(programme: Programme, number: int) -> Answer:
    """Store it. A second press finds it done and shows the result."""
    row = _import(programme, number)
    if row.state == "preview":
        _keep_answers(row)
        actions.complete(row, now())
        db.session.commit()
    return redirect(url_for("importing.show", programme=programme.slug, number=number))


@pages.post("/programmes/<programme>/imports/<int:number>/managers")
@access.programme_manager
def appoint(programme: Programme, number: int) -> Answer:
    """Who manages the networks the import made: {"manager-<network>": person}."""
    row = _import(programme, number)
    chosen = (f"{name}-{value}" for name, value in request.form.items())
    pairs = (found.groups() for each in chosen if (found := MANAGES.fullmatch(each)))
    count = actions.appoint(row, {int(network): int(person) for network, person in pairs}, now())
    db.session.commit()
    flash(ngettext("One network has its manager.", "%(num)s networks have their manager.", count))
    return redirect(url_for("importing.show", programme=programme.slug, number=number))


@pages.post("/programmes/<programme>/imports/<int:number>/undoing")
@access.programme_manager
def undo(programme: Programme, number: int) -> Answer:
    kept = actions.undo(_import(programme, number), now())
    db.session.commit()
    flash(_("Taken back. Everything is as it was before this import."))
    if kept:
        flash(
            ngettext(
                "One row stayed, because something newer hangs on it.",
                "%(num)s rows stayed, because something newer hangs on them.",
                kept,
            )
        )
    return redirect(url_for("importing.show", programme=programme.slug, number=number))


@pages.post("/programmes/<programme>/imports/<int:number>/removal")
@access.programme_manager
def discard(programme: Programme, number: int) -> Answer:
    actions.discard(_import(programme, number), now())
    db.session.commit()
    return redirect(url_for("importing.upload", programme=programme.slug))


@pages.get("/programmes/<programme>/imports/<int:number>/report.json")
@access.programme_manager
def report(programme: Programme, number: int) -> Answer:
    """The report as the contract describes it, to keep or to hand on."""
    row = _import(programme, number)
    if row.report is None:
        abort(404)
    body = json.dumps(row.report, ensure_ascii=False, indent=1)
    name = f"import-{row.id}.json"
    return Response(body, mimetype="application/json", headers={"Content-Disposition": f"attachment; filename={name}"})
