"""Signing in by mail link or code, signing out, preferences, own sessions."""

from types import SimpleNamespace

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.clock import now
from app.config import LANGUAGES
from app.edge import strangers, web
from app.errors import Refused
from app.extensions import db
from app.invitations import actions as invitations
from app.networks.queries import roles_of
from app.people import actions, browsers, queries
from app.people.forms import TONES, AddressForm, CodeForm, MailsForm, NameForm, PreferencesForm, SignInForm, tone_of
from app.people.links import address_change_of, opened
from app.people.models import Person, SignInLink

pages = Blueprint("people", __name__)
PER_ADDRESS = 10  # tries in an hour


def _count_try(kind: str, email: str) -> None:
    strangers.allow(kind, email, now(), PER_ADDRESS)


def _enter(link: SignInLink) -> Response:
    secret = actions.use(link, request.user_agent.string, now())
    db.session.commit()
    wanted = str(session.get("wanted", ""))
    session.clear()  # a new id at sign-in
    session["sid"] = secret
    return redirect(wanted if wanted.startswith("/") else url_for("portfolio.start"))


@pages.get("/sign-in")
@web.public
def sign_in() -> str:
    return render_template("people/sign_in.html", form=SignInForm())


@pages.post("/sign-in")
@web.public
def ask_link() -> tuple[str, int] | str:
    form = SignInForm()
    if not form.validate():
        return web.page("people/sign_in.html", 422, form=form)
    _count_try("sign-in", form.email.data)
    actions.ask_to_sign_in(form.email.data, now())
    db.session.commit()
    return render_template("people/link_sent.html", form=CodeForm(formdata=None, email=form.email.data))


@pages.get("/sign-in/<secret>")
@web.public
def open_link(secret: str) -> tuple[str, int] | str:
    link = queries.open_link(secret, now())
    if link is None:
        return web.page("people/link_old.html", 404)
    return render_template("people/link_open.html", person=link.person, secret=secret)


@pages.post("/sign-in/<secret>")
@web.public
def use_link(secret: str) -> tuple[str, int] | Response:
    link = queries.open_link(secret, now())
    return web.page("people/link_old.html", 404) if link is None else _enter(link)


@pages.post("/sign-in/code")
@web.public
def use_code() -> tuple[str, int] | Response:
    form = CodeForm()
    if not form.validate():
        return web.page("people/link_sent.html", 422, form=form)
    _count_try("code", form.email.data)
    link = queries.open_code(form.code.data, form.email.data, now())
    if link is None:
        db.session.commit()
        form.code.errors = [_("This code is not right, or older than 20 minutes.")]
        return web.page("people/link_sent.html", 422, form=form)
    return _enter(link)


@pages.post("/sign-out")
@web.public
def sign_out() -> Response:
    if g.session is not None:
        actions.end_session(g.session, now())
        db.session.commit()
    session.clear()
    return redirect(url_for("people.sign_in"))


OF_MAILS = (
    "language",
    "phone",
    "wants_mail",
    "wants_reminders",
    "questions",
    "programme_questions",
    "requests_at_once",
)


def _as_chosen(person: Person) -> SimpleNamespace:
    """What a form shows: as it is, but for what the link in a mail chose. Only its Save keeps that."""
    kept = {name: getattr(person, name) for name in OF_MAILS}
    chosen = request.args.get("language", "")
    language = {"language": chosen} if chosen in LANGUAGES else {}
    less = {"wants_mail": False, "wants_reminders": False} if request.args.get("wants_mail") == "no" else {}
    return SimpleNamespace(**kept | language | less)


def _preferences(status: int = 200, **forms: FlaskForm) -> tuple[str, int]:
    given = {
        "form": PreferencesForm(formdata=None, obj=_as_chosen(g.person), tone=tone_of(g.person.formal)),
        "name_form": NameForm(formdata=None, obj=g.person),
        "address_form": AddressForm(formdata=None),
    } | forms
    asked, sessions = queries.change_of(g.person), queries.sessions_of(g.person)
    about = {"sessions": sessions, "called": browsers.name, "asked": asked, "manages": bool(roles_of(g.person))}
    return web.page("people/preferences.html", status, **about, **given)


@pages.get("/preferences")
@web.signed_in
def preferences() -> tuple[str, int]:
    return _preferences()


@pages.post("/preferences")
@web.signed_in
def save_preferences() -> tuple[str, int] | Response:
    form = PreferencesForm()
    if not form.validate():
        return _preferences(422, form=form)
    actions.change_preferences(
        g.person,
        language=form.language.data,
        wants_mail=form.wants_mail.data,
        wants_reminders=form.wants_reminders.data,
        questions=form.questions.data,
        programme_questions=form.programme_questions.data,
        requests_at_once=form.requests_at_once.data,
        formal=TONES[form.tone.data],
        phone=form.phone.data or "",
        now=now(),
    )
    invitations.catch_up(g.person, now())
    db.session.commit()
    flash(_("Your preferences are saved."))
    return redirect(url_for("people.preferences"))


@pages.post("/preferences/name")
@web.signed_in
def save_name() -> tuple[str, int] | Response:
    form = NameForm()
    if not form.validate():
        return _preferences(422, name_form=form)
    actions.change_name(g.person, {name: form[name].data or "" for name in ("title", "first_name", "last_name")}, now())
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("people.preferences"))


def _mails(token: str, person: Person, status: int = 200, form: FlaskForm | None = None) -> tuple[str, int]:
    form = form or MailsForm(formdata=None, obj=_as_chosen(person), tone=tone_of(person.formal))
    return web.page("people/mails.html", status, token=token, form=form)


@pages.get("/me/<token>/mails")
@web.access("personal_link")
def mails_by_link(token: str) -> tuple[str, int]:
    return _mails(token, g.reader or abort(404))


@pages.post("/me/<token>/mails")
@web.access("personal_link")
def save_mails_by_link(token: str) -> tuple[str, int] | Response:
    person, form = g.reader or abort(404), MailsForm()
    if not form.validate():
        return _mails(token, person, 422, form)
    actions.change_preferences(
        person,
        language=form.language.data,
        wants_mail=form.wants_mail.data,
        wants_reminders=form.wants_reminders.data,
        questions=form.questions.data,
        programme_questions=form.programme_questions.data,
        formal=TONES[form.tone.data],
        phone=person.phone,
        now=now(),
    )
    invitations.catch_up(person, now())
    db.session.commit()
    flash(_("Your preferences are saved."))
    return redirect(url_for("people.mails_by_link", token=token))


@pages.post("/preferences/address")
@web.signed_in
def ask_address() -> tuple[str, int] | Response:
    form = AddressForm()
    if not form.validate():
        return _preferences(422, address_form=form)
    _count_try("address", g.person.email or "")
    actions.ask_new_address(g.person, form.email.data, now())
    db.session.commit()
    flash(_("Two mails are on their way. Your address changes when both are confirmed."))
    return redirect(url_for("people.preferences"))


@pages.get("/address/<token>")
@web.public
def open_address(token: str) -> tuple[str, int]:
    found = address_change_of(token)
    return web.page("people/address.html", 200 if found else 404, change=found and found[0], token=token)


@pages.post("/address/<token>")
@web.public
def confirm_address(token: str) -> tuple[str, int]:
    found = address_change_of(token)
    if found is None:
        return web.page("people/address.html", 404, change=None, token=token)
    change, side = found
    email, changed = change.email, actions.confirm_address(change, side, now())
    db.session.commit()
    return web.page("people/address_confirmed.html", 200, email=email, changed=changed)


@pages.post("/preferences/link")
@web.signed_in
def renew_link() -> Response:
    actions.renew_personal_link(g.person, now())
    db.session.commit()
    flash(_("Done. Links in mails you got until now no longer open your page."))
    return redirect(url_for("people.preferences"))


@pages.post("/me/<token>/new-link")
@web.public
def mail_link(token: str) -> tuple[str, int]:
    """For who holds a link of ours that is old: the new one goes to the address on file, whoever asked."""
    found = opened(token) or abort(404)
    _count_try("link", str(found.person.id if found.person else 0))
    if found.person:
        actions.mail_personal_link(found.person, now())
    db.session.commit()
    return web.page("people/personal_link_sent.html", 200)


@pages.post("/preferences/sessions/<int:number>/end")
@web.signed_in
def end_session(number: int) -> Response:
    found = next((each for each in queries.sessions_of(g.person) if each.id == number), None) or abort(404)
    actions.end_session(found, now())
    db.session.commit()
    flash(_("That browser is signed out."))
    return redirect(url_for("people.preferences"))


@pages.post("/preferences/other-sessions/end")
@web.signed_in
def end_other_sessions() -> Response:
    if g.session is None:
        raise Refused(_("There is no session to keep."))
    actions.end_other_sessions(g.person, g.session.id, now())
    db.session.commit()
    flash(_("All other browsers are signed out."))
    return redirect(url_for("people.preferences"))
