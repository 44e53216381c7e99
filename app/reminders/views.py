"""The page of a network's reminder ladder."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app import web
from app.attendance.queries import answers_for
from app.clock import now
from app.errors import Refused
from app.extensions import db
from app.letters.names import NAMES
from app.meetings.models import Meeting
from app.networks.access import network_manager, within
from app.networks.models import Network
from app.reminders import actions, queries
from app.reminders.forms import LadderForm, rules_in, values_of
from app.versions import Versioned
from scheduling.reminding.ladder import LADDER

pages = Blueprint("reminders", __name__)


def _shown(network: Network) -> Versioned:
    shown: Versioned = LadderForm(formdata=None, data=values_of(queries.ladder_of(network.id))).showing()
    return shown


@pages.get("/networks/<slug>/reminders")
@network_manager
def ladder(network: Network) -> str:
    form = _shown(network)
    return render_template("reminders/ladder.html", network=network, form=form, steps=LADDER, names=NAMES)


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
def save_ladder(network: Network) -> tuple[str, int] | Response:
    form = LadderForm().over(network, _shown)
    if not form.validate():
        return web.page("reminders/ladder.html", 422, network=network, form=form, steps=LADDER, names=NAMES)
    actions.change_rules(network, rules_in(form), now())
    db.session.commit()
    flash(_("Saved. Planned mails follow within a minute."))
    return redirect(url_for("reminders.ladder", slug=network.slug))
