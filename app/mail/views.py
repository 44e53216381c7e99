"""The outbox page, and the link that stops mails."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from app.clock import now
from app.edge import web
from app.edge.bounds import row_number
from app.extensions import csrf, db
from app.letters.names import NAMES
from app.mail import actions, queries
from app.mail.forms import TextForm, WriteForm
from app.mail.kind_of_mail import Letter, kind_of, kinds
from app.mail.models import Message
from app.meetings.models import Meeting
from app.networks.access import manager
from app.networks.queries import managed_networks
from app.people.actions import change_preferences
from app.people.links import who_stops_mails
from app.people.models import Person
from app.reminders.manager_mails import try_mail, write_to

pages = Blueprint("mail", __name__)
# A mail carries its styles in itself. Beside them it loads and runs nothing.
AS_A_MAIL = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"


def _by_id(model: type[Any], ids: Sequence[int | None]) -> dict[int, Any]:
    wanted = {number for number in ids if number is not None}
    return {row.id: row for row in db.session.scalars(select(model).where(model.id.in_(wanted)))}


@pages.get("/outbox")
@manager
def outbox() -> tuple[str, int]:
    return _listed(_write_form())


def _listed(form: WriteForm, status: int = 200, wrong: str = "") -> tuple[str, int]:
    networks = managed_networks(g.person)
    chosen = [each for each in networks if each.slug == request.args.get("network")] or networks
    kind = request.args.get("kind") if request.args.get("kind") in NAMES else None
    ids, at = [network.id for network in chosen], now()
    troubled = queries.troubled([network.id for network in networks], g.person.id)
    messages = queries.outbox(ids, g.person.id, at, kind)
    shown, zone = [*troubled, *messages], ZoneInfo(web.settings().timezone)
    return web.page(
        "outbox/list.html",
        status,
        networks={network.id: network for network in networks},
        people=_by_id(Person, [each.person_id for each in shown]),
        meetings=_by_id(Meeting, [each.meeting_id for each in shown]),
        troubled=troubled,
        groups=_by_day_and_kind(messages, zone),
        names=NAMES,
        relay=queries.relay_trouble(),
        zone=zone,
        form=form,
        wrong=wrong,
    )


def _by_day_and_kind(messages: Sequence[Message], zone: ZoneInfo) -> list[tuple[date, str, list[Message]]]:
    """(day, kind, mails) in the order in which they leave."""
    groups: dict[tuple[date, str], list[Message]] = {}
    for message in messages:
        groups.setdefault((message.due_at.astimezone(zone).date(), message.kind), []).append(message)
    return [(day, kind, mails) for (day, kind), mails in sorted(groups.items(), key=lambda each: each[0])]


def _write_form(**given: object) -> WriteForm:
    form = WriteForm(**given)
    form.to_network.choices = [SelectChoice(network.slug, network.name) for network in managed_networks(g.person)]
    return form


@pages.post("/outbox/message")
@manager
def write() -> tuple[str, int] | Response:
    form = _write_form()
    if not form.validate():
        return _listed(form, 422)
    network = next(each for each in managed_networks(g.person) if each.slug == form.to_network.data)
    count = write_to(network, form.audience.data, form.subject.data or "", form.text.data or "", now())
    return _done(ngettext("%(num)s mail leaves now.", "%(num)s mails leave now.", count))


@pages.post("/outbox/test")
@manager
def try_out() -> Response:
    try_mail(g.person, now())
    return _done(_("A test mail to you leaves within a minute."))


def _mine(number: int) -> Message:
    """The message, when it is of a network the person manages or the person's own digest; else 404."""
    message = db.session.get(Message, number)
    if message is None:
        abort(404)
    own = message.kind == "M1" and message.person_id == g.person.id
    if not own and message.network_id not in {network.id for network in managed_networks(g.person)}:
        abort(404)
    return message


def _letter(message: Message) -> Letter | None:
    """As it would leave when it is due; None when there is nobody to write to, or nothing that this version knows."""
    at = max(message.due_at, now())
    writable = message.kind in kinds() and _has_reader(message, at)
    return kind_of(message.kind).render([message], at) if writable else None


def _has_reader(message: Message, at: datetime) -> bool:
    """A person with an address; a stranger as long as there is something to say to them."""
    if message.person_id is None:
        return kind_of(message.kind).still_true(message, at)
    person = db.session.get(Person, message.person_id)
    return bool(person and person.email)


def _shown(message: Message, form: TextForm, status: int = 200) -> tuple[str, int]:
    return web.page(
        "outbox/mail.html",
        status,
        message=message,
        form=form,
        letter=_letter(message),
        still_true=kind_of(message.kind).still_true(message, max(message.due_at, now())),
        names=NAMES,
    )


@pages.get("/outbox/<int:number>")
@manager
def mail(number: int) -> tuple[str, int]:
    message = _mine(number)
    return _shown(message, TextForm(obj=message))


@pages.get("/outbox/<int:number>/page")
@manager
def mail_page(number: int) -> tuple[str, dict[str, str]]:
    """The mail as a mail program shows it: with its own styles, and with nothing else."""
    letter = _letter(_mine(number)) or abort(404)
    return letter.html, {"Content-Security-Policy": AS_A_MAIL}


@pages.post("/outbox/<int:number>/text")
@manager
def save_text(number: int) -> tuple[str, int] | Response:
    message, form = _mine(number), TextForm()
    if not form.validate():
        return _shown(message, form, 422)
    actions.edit(message, subject=form.subject.data or "", note=form.note.data or "", now=now())
    db.session.commit()
    flash(_("Saved. This is how it will leave."))
    return redirect(url_for("mail.mail", number=number))


def _done(sentence: str) -> Response:
    db.session.commit()
    flash(sentence)
    return redirect(url_for("mail.outbox"))


@pages.post("/outbox/<int:number>/skip")
@manager
def skip(number: int) -> Response:
    actions.skip(_mine(number), now())
    return _done(_("This mail will not be sent."))


@pages.post("/outbox/<int:number>/now")
@manager
def send_now(number: int) -> Response:
    actions.send_now(_mine(number), now())
    return _done(_("This mail leaves within a minute."))


@pages.post("/outbox/<int:number>/again")
@manager
def send_again(number: int) -> Response:
    actions.send_again(_mine(number), now())
    return _done(_("This mail is sent once more."))


@pages.post("/outbox/<int:number>/arrival")
@manager
def arrived(number: int) -> Response:
    actions.arrived(_mine(number), now())
    return _done(_("Noted: it arrived."))


@pages.post("/outbox/several")
@manager
def settle() -> tuple[str, int] | Response:
    ticked = [_mine(number) for number in dict.fromkeys(request.form.getlist("mail", type=row_number))]
    if not ticked or request.form.get("what") not in actions.WAYS:
        return _listed(_write_form(formdata=None), 422, wrong=_("Tick at least one mail."))
    done = actions.settle(ticked, request.form["what"], now())
    left = len(ticked) - done
    if left:
        flash(_left_alone(left))
    return _done(ngettext("%(num)s mail is done.", "%(num)s mails are done.", done))


def _left_alone(count: int) -> str:
    return ngettext(
        "%(num)s mail stayed as it was: that does not fit it, or somebody was ahead.",
        "%(num)s mails stayed as they were: that does not fit them, or somebody was ahead.",
        count,
    )


def _stopper(token: str) -> Person:
    person = who_stops_mails(token)
    if person is None:
        abort(404)
    return person


@pages.get("/stop-mails/<token>")
@web.public
def unsubscribe(token: str) -> str:
    return render_template("outbox/stop.html", person=_stopper(token), token=token)


@pages.post("/stop-mails/<token>")
@csrf.exempt
@web.public
def stop_mails(token: str) -> str:
    """One press, or the mail program's own button (RFC 8058), which knows no CSRF token."""
    person = _stopper(token)
    if person.wants_mail:
        change_preferences(person, language=person.language, wants_mail=False, phone=person.phone, now=now())
        db.session.commit()
    return render_template("outbox/stopped.html", person=person)
