"""The mail that asks who stays (Y1): one for each person, whatever number of networks is asked about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _

from app.closing.models import Stay
from app.closing.queries import asked_of, stays_numbered
from app.letters.layout import Item, Section, addressee, personal_link, recipient, speaking, write
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.networks.letters import frame, member_why
from app.networks.network_year import shared_name
from app.people.models import Person


def _open(message: Message, person: Person, now: datetime) -> list[Stay]:
    """What was asked with this mail and has no answer."""
    asked = {row.id for row in asked_of(person, now.date())}
    return [row for row in stays_numbered(message.params["stays"]) if row.id in asked and row.answer is None]


def _true(message: Message, now: datetime) -> bool:
    person = recipient(message)
    return person is not None and bool(_open(message, person, now))


def _who_stays(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person = addressee(message)
    rows = _open(message, person, now)
    networks = [row.membership.network for row in rows]
    year = shared_name(rows[0].year, [network.year_begins for network in networks])
    name = networks[0].name if len(set(networks)) == 1 else networks[0].programme.name
    with speaking(person):
        section = Section(
            sentences=[_("Soon %(year)s is planned. Does your organisation stay?", year=year)],
            items=[Item(f"{row.membership.network.name} – {row.membership.organisation.name}") for row in rows],
            button=(_("Say whether you stay"), personal_link("closing.staying_by_link", "portfolio.mine")),
            closing=[_("One press is enough, and you can change it later. Whoever says nothing stays.")],
        )
        around = replace(frame(networks[0], member_why(networks[0])), name=name)
        subject = _("%(network)s in %(year)s: do you stay?", network=name, year=year)
        return write(person, subject, [section], around, [message.note])


KINDS = {"Y1": Kind(_true, _who_stays)}
