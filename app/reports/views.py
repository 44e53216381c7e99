"""The year told: a page to print, a workbook and a table, of a network and of a whole programme."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from app.clock import now
from app.edge import web
from app.exporting import report_files
from app.extensions import db
from app.networks import access
from app.networks.models import Network, Programme
from app.reports import actions, queries
from app.reports.forms import WordsForm
from app.reports.models import YearWords
from app.reports.queries import NetworkReport, ProgrammeReport

pages = Blueprint("reports", __name__)
Answer = str | tuple[str, int] | Redirect


def _form(row: YearWords | None) -> WordsForm:
    return WordsForm(formdata=None, words=row.words if row else "").showing()


def _of(network: Network, year: int) -> NetworkReport:
    return queries.of_network(network, year, now())


def _of_all(programme: Programme, year: int) -> ProgrammeReport:
    return queries.of_programme(programme, year, now())


@pages.get("/networks/<slug>/years/<int:year>/report")
@access.network_manager
def network(network: Network, year: int) -> Answer:
    row = queries.words_of(network.programme_id, network.id, year)
    report = _of(network, year)
    return render_template("reports/network.html", network=network, report=report, form=_form(row), row=row)


@pages.post("/networks/<slug>/years/<int:year>/report")
@access.network_manager
def say(network: Network, year: int) -> Answer:
    row = actions.words_row(network.programme, network, year)
    form = WordsForm().over(row, _form)
    if not form.validate():
        page = {"network": network, "report": _of(network, year), "form": form, "row": row}
        return web.page("reports/network.html", 422, **page)
    actions.say(row, form.words.data or "", now())
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("reports.network", slug=network.slug, year=year))


@pages.get("/networks/<slug>/years/<int:year>/report/file")
@access.network_manager
def network_file(network: Network, year: int) -> Response:
    row = queries.words_of(network.programme_id, network.id, year)
    report = _of(network, year)
    return _file(report.network.name, [report], report.name, row, f"{network.slug}-{year}")


@pages.get("/programmes/<programme>/years/<int:year>/report")
@access.programme_manager
def programme(programme: Programme, year: int) -> Answer:
    row = queries.words_of(programme.id, None, year)
    report = _of_all(programme, year)
    return render_template("reports/programme.html", programme=programme, report=report, form=_form(row), row=row)


@pages.post("/programmes/<programme>/years/<int:year>/report")
@access.programme_manager
def say_of_all(programme: Programme, year: int) -> Answer:
    row = actions.words_row(programme, None, year)
    form = WordsForm().over(row, _form)
    if not form.validate():
        page = {"programme": programme, "report": _of_all(programme, year), "form": form, "row": row}
        return web.page("reports/programme.html", 422, **page)
    actions.say(row, form.words.data or "", now())
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("reports.programme", programme=programme.slug, year=year))


@pages.get("/programmes/<programme>/years/<int:year>/report/file")
@access.programme_manager
def programme_file(programme: Programme, year: int) -> Response:
    row = queries.words_of(programme.id, None, year)
    report = _of_all(programme, year)
    return _file(programme.name, report.parts, report.name, row, f"{programme.slug}-{year}")


def _file(
    title: str, parts: list[NetworkReport] | tuple[NetworkReport, ...], year: str, row: YearWords | None, name: str
) -> Response:
    """The report in the format asked for; a workbook when none is."""
    kind = request.args.get("format", "xlsx")
    if kind not in report_files.KINDS:
        abort(404)
    body = report_files.written(kind, parts, f"{title} {year}", row.words if row else "")
    headers = {"Content-Disposition": f"attachment; filename={name}.{kind}"}
    return Response(body, content_type=report_files.TYPES[kind], headers=headers)
