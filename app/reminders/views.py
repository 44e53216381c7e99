"""The page of a network's reminder ladder, and one for the words of each of its mails."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.attendance.queries import answers_for
from app.clock import now
from app.edge import web
from app.edge.versions import Versioned
from app.errors import Refused
from app.extensions import db
from app.meetings.models import Meeting
from app.networks.access import network_manager, within
from app.networks.models import Network
from app.networks.queries import with_members
from app.reminders import actions, queries
from app.reminders.forms import LadderForm, MailTextForm, rules_in, values_of, words_of
from app.reminders.models import MailText
from app.reminders.wording import example_mail, own_words
from scheduling.reminding.ladder import LADDER

pages = Blueprint("reminders", __name__)
Answer = tuple[str, int] | Response


def _shown(network: Network) -> Versioned:
    shown: Versioned = LadderForm(formdata=None, data=values_of(queries.ladder_of(network.id))).showing()
    return shown


@pages.get("/networks/<slug>/reminders")
@network_manager
def ladder(network: Network) -> str:
    return _page(network, _shown(network))[0]


def _page(network: Network, form: Versioned, status: int = 200) -> tuple[str, int]:
    kinds = example_mail.kinds_of(network)
    steps = [step for step in LADDER if network.hosted or step.online is not None]
    return web.page(
        "reminders/ladder.html",
        status,
        network=network,
        form=form,
        mails=[(step, [kind for kind in kinds if kind.removesuffix("o") == step.id]) for step in steps],
        unseen=[step for step in LADDER if step not in steps],
        names=example_mail.names_in(network),
        online=example_mail.NAMES_ONLINE,
        own=own_words.texts_of(network.id),
    )


@pages.post("/networks/<slug>/meetings/<int:number>/people/reminder")
@network_manager
def ask_again(network: Network, number: int) -> Response:
    meeting, at = within(network, Meeting, number), now()
    if not meeting.ahead(at):
        raise Refused(_("This meeting is over or does not take place."))
    count = actions.ask_again(meeting, answers_for(meeting).silent, at)
    db.session.commit()
    flash(
        ngettext("One mail leaves now.", "%(num)s mails leave now.", count)
        if count
        else _("Nobody is mailed: they were asked today, the invitation has not left yet, or they want no mail.")
    )
    return redirect(url_for("attendance.people", slug=network.slug, number=meeting.id))


@pages.post("/networks/<slug>/reminders")
@network_manager
def save_ladder(network: Network) -> Answer:
    form = LadderForm().over(network, _shown)
    if not form.validate():
        return _page(network, form, 422)
    actions.change_rules(network, rules_in(form), now())
    db.session.commit()
    flash(_("Saved. Planned mails follow within a minute."))
    return redirect(url_for("reminders.ladder", slug=network.slug))


def _shown_text(network: Network, kind: str) -> MailTextForm:
    form = MailTextForm(kind, formdata=None, data=words_of(kind, own_words.text_of(network.id, kind)))
    return form.showing()


def _text_page(network: Network, form: MailTextForm, words: MailText | None, status: int = 200) -> tuple[str, int]:
    at, stored = now(), own_words.text_of(network.id, form.kind)
    network = with_members([network.id])[0]
    return web.page(
        "reminders/text.html",
        status,
        network=network,
        form=form,
        name=example_mail.names_in(network)[form.kind],
        fields=example_mail.fields(network, form.kind, at),
        usual=example_mail.usual(network, form.kind, at),
        stored=stored,
        unsaved=words_of(form.kind, words) != words_of(form.kind, stored),
        letter=example_mail.example(network, form.kind, words, at),
    )


@pages.get("/networks/<slug>/reminders/<kind>")
@network_manager
def text(network: Network, kind: str) -> Answer:
    if kind not in example_mail.kinds_of(network):
        abort(404)
    return _text_page(network, _shown_text(network, kind), own_words.text_of(network.id, kind))


@pages.post("/networks/<slug>/reminders/<kind>")
@network_manager
def save_text(network: Network, kind: str) -> Answer:
    """Stored, or with the button for it only looked at; or the usual again."""
    if kind not in example_mail.kinds_of(network):
        abort(404)
    form = MailTextForm(kind).over(network, lambda row: _shown_text(row, kind))
    if "usual" in request.form:
        form.empty()
    if not form.validate():
        return _text_page(network, form, own_words.text_of(network.id, kind), 422)
    if "look" in request.form:
        return _text_page(network, form, form.words())
    actions.change_text(network, form.words(), now())
    db.session.commit()
    flash(_("Saved. This is how it will leave."))
    return redirect(url_for("reminders.text", slug=network.slug, kind=kind))
