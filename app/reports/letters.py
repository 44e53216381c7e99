"""The mail of a year (Y0): its dates, and what the year before brought."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.batch import once
from app.extensions import db
from app.letters.layout import Item, Section, addressee, speaking
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.meetings.letters import gather
from app.meetings.models import Cycle
from app.publishing import letters as publishing
from app.reports.queries import NetworkReport, Numbers, of_network


def _year(messages: Sequence[Message], now: datetime) -> Letter:
    cycle = db.session.get_one(Cycle, messages[0].params["cycle_id"])
    before = once(("brought", cycle.id), lambda: of_network(cycle.network, cycle.year - 1, now))
    with speaking(addressee(messages[0])):
        return publishing.year(messages, now, _brought(before))


def _brought(report: NetworkReport) -> list[Section]:
    """Nothing of a year in which nothing was held, or of which only days are known."""
    n = report.numbers
    if not (n.people or n.topics or n.outcomes or n.agreed):
        return []
    title = _("What %(year)s brought", year=report.name)
    return [Section(heading=title, items=[Item(line) for line in _lines(n)])]


def _lines(n: Numbers) -> list[str]:
    lines = (
        (len(n.held), ngettext("One meeting", "%(num)s meetings", len(n.held))),
        (n.people, ngettext("one person there", "%(num)s people there, all together", n.people)),
        (n.topics, ngettext("One topic", "%(num)s topics", n.topics)),
        (n.outcomes, ngettext("One outcome", "%(num)s outcomes", n.outcomes)),
        (n.agreed, _("%(kept)s of %(made)s agreements kept", kept=n.kept, made=n.agreed)),
    )
    return [line for count, line in lines if count]


KINDS = {"Y0": Kind(publishing.in_force, _year, gather=gather)}
