"""Asking to take part, as a stranger; and the answer, as a manager."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clock import now, today
from app.edge import strangers, web
from app.extensions import db
from app.joining import actions, queries
from app.joining.forms import AcceptForm, AnswerForm, JoinForm, StartedForm, StartForm
from app.joining.links import number_in
from app.joining.models import JoinRequest
from app.networks import access
from app.networks import queries as networks
from app.networks.models import Network, Programme
from app.public import queries as public
from app.public.views import body, speaking, spoken

pages = Blueprint("joining", __name__)
Answer = str | tuple[str, int] | Response


def _joinable(programme: str, network: str) -> public.NetworkPage:
    shown = public.network_page(programme, network, now())
    if shown is None or not shown.card.joins:
        abort(404)
    return shown


def _startable(programme: str) -> public.ProgrammePage:
    shown = public.programme_page(programme, now())
    if shown is None or not shown.starts:
        abort(404)
    return shown


@pages.get("/p/<programme>/<network>/join")
@web.public
def join(programme: str, network: str) -> Answer:
    return body("joining/join.html", shown=_joinable(programme, network), form=JoinForm(formdata=None))


@pages.post("/p/<programme>/<network>/join")
@web.public
def ask_to_join(programme: str, network: str) -> Answer:
    shown, form = _joinable(programme, network), JoinForm()
    if not _fine(form, shown.language):
        return body("joining/join.html", shown=shown, form=form), 422
    found = networks.network_by_slug(network) or abort(404)
    return _asked(form, found.programme, found)


@pages.get("/p/<programme>/start")
@web.public
def start(programme: str) -> Answer:
    return body("joining/start.html", shown=_startable(programme), form=StartForm(formdata=None))


@pages.post("/p/<programme>/start")
@web.public
def ask_to_start(programme: str) -> Answer:
    shown, form = _startable(programme), StartForm()
    if not _fine(form, shown.language):
        return body("joining/start.html", shown=shown, form=form), 422
    return _asked(form, networks.public_programme(programme) or abort(404), None)


def _fine(form: JoinForm, language: str) -> bool:
    with speaking(language):
        return bool(form.validate())


def _asked(form: JoinForm, programme: Programme, network: Network | None) -> Response:
    """The same whoever the address belongs to."""
    email = form.email.data or ""
    strangers.allow("ask", email, now())
    language = spoken(programme.language)
    actions.ask(programme, network, email, form.said(), language, now())
    db.session.commit()
    return redirect(url_for("joining.sent", programme=programme.slug, lang=language))


@pages.get("/p/<programme>/asked")
@web.public
def sent(programme: str) -> Answer:
    shown = public.programme_page(programme, now()) or abort(404)
    return body("joining/asked.html", shown=shown)


def _by_link(token: str) -> JoinRequest:
    return queries.by_number(number_in(token)) or abort(404)


@pages.get("/requests/<asked>")
@web.public
def mine(asked: str) -> Answer:
    row = _by_link(asked)
    return body("joining/request.html", shown=queries.shown_to_asker(row), link=asked)


@pages.post("/requests/<asked>/confirm")
@web.public
def confirm(asked: str) -> Response:
    actions.confirm(_by_link(asked), now())
    db.session.commit()
    return redirect(url_for("joining.mine", asked=asked, lang=request.args.get("lang")))


@pages.post("/requests/<asked>/take-back")
@web.public
def take_back(asked: str) -> Answer:
    actions.take_back(_by_link(asked), now())
    db.session.commit()
    return body("joining/taken_back.html")


def _one(owner: Network | Programme, number: int) -> JoinRequest:
    """One that its managers may see: confirmed, and of a network or of none as the page is."""
    row = access.within(owner, JoinRequest, number)
    if row.state == "unconfirmed" or (isinstance(owner, Programme) and not row.subject):
        abort(404)
    return row


def _network_page(network: Network, form: AcceptForm | AnswerForm | None = None, number: int = 0) -> Answer:
    day = today(network.timezone)
    rows = [(row, queries.is_member(row, network, day)) for row in queries.of_network(network)]
    usual = AcceptForm(formdata=None, joined=day), AnswerForm(formdata=None)
    sent = {"form": form, "number": number}
    return web.page("joining/network.html", 422 if form else 200, network=network, rows=rows, usual=usual, **sent)


@pages.get("/networks/<slug>/requests")
@access.network_manager
def network(network: Network) -> Answer:
    return _network_page(network)


@pages.post("/networks/<slug>/requests/<int:number>/accept")
@access.network_manager
def accept(network: Network, number: int) -> Answer:
    row, form = _one(network, number), AcceptForm()
    if not form.validate() or form.joined.data is None:
        return _network_page(network, form, number)
    actions.accept(row, network, form.joined.data, now())
    return _answered(url_for("joining.network", slug=network.slug), _("%(who)s takes part.", who=row.organisation))


def _answered(back: str, said: str) -> Response:
    db.session.commit()
    flash(said)
    return redirect(back)


@pages.post("/networks/<slug>/requests/<int:number>/answer")
@access.network_manager
def answer(network: Network, number: int) -> Answer:
    """Let it wait, or decline it."""
    row, form = _one(network, number), AnswerForm()
    if not form.validate():
        return _network_page(network, form, number)
    actions.answer(row, form.state.data, form.line.data or "", now())
    return _answered(url_for("joining.network", slug=network.slug), _("The answer is on its way."))


def _programme_page(programme: Programme, form: StartedForm | AnswerForm | None = None, number: int = 0) -> Answer:
    day, forming = today(web.settings().timezone), queries.in_formation(programme)
    rows = [
        (row, StartedForm(formdata=None).offer(forming, row.subject, day)) for row in queries.of_programme(programme)
    ]
    given = {"programme": programme, "rows": rows, "usual": AnswerForm(formdata=None), "form": form, "number": number}
    return web.page("joining/programme.html", 422 if form else 200, **given)


@pages.get("/programmes/<programme>/requests")
@access.programme_manager
def programme(programme: Programme) -> Answer:
    return _programme_page(programme)


@pages.post("/programmes/<programme>/requests/<int:number>/accept")
@access.programme_manager
def accept_start(programme: Programme, number: int) -> Answer:
    row, forming = _one(programme, number), queries.in_formation(programme)
    form = StartedForm().offer(forming, row.subject, today(web.settings().timezone))
    if not form.validate() or form.joined.data is None:
        return _programme_page(programme, form, number)
    into = next((each for each in forming if str(each.id) == form.into.data), None)
    member = actions.start(row, into, form.name.data or "", form.joined.data, now())
    page = url_for("networks.show", slug=member.network.slug)
    said = _("%(who)s is there, in %(network)s.", who=row.organisation, network=member.network.name)
    return _answered(page, said)


@pages.post("/programmes/<programme>/requests/<int:number>/answer")
@access.programme_manager
def answer_start(programme: Programme, number: int) -> Answer:
    row, form = _one(programme, number), AnswerForm()
    if not form.validate():
        return _programme_page(programme, form, number)
    actions.answer(row, form.state.data, form.line.data or "", now())
    return _answered(url_for("joining.programme", programme=programme.slug), _("The answer is on its way."))
