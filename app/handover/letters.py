"""What a successor is told: which networks are theirs now, and from whom (M4)."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app.edge.web import absolute
from app.extensions import db
from app.letters.layout import Item, Section, addressee, recipient, speaking, write
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.networks.letters import frame
from app.networks.models import Network
from app.networks.queries import managed_networks
from app.people.models import Person


def _theirs(message: Message, person: Person) -> list[Network]:
    """Those of the networks handed over that are the reader's still."""
    return [network for network in managed_networks(person) if network.id in message.params["networks"]]


def _still_true(message: Message, now: datetime) -> bool:
    person = recipient(message)
    return person is not None and bool(_theirs(message, person))


def _handed_over(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person = addressee(message)
    networks = _theirs(message, person)
    with speaking(person):
        name = db.session.scalars(select(Person).where(Person.id == message.params["from"])).one().name
        section = Section(
            sentences=[
                _("%(name)s hands these networks over to you.", name=name)
                if name
                else _("These networks are handed over to you."),
                _("Plans, open questions and mails stand where they stood; your start page says what waits."),
            ],
            items=[Item(network.name) for network in networks],
            button=(_("Open my networks"), absolute("portfolio.start")),
        )
        why = _("You get this mail because you manage %(network)s.", network=networks[0].name)
        around = frame(networks[0], why, answered=False)
        return write(person, _("Networks are yours now"), [section], around, [message.note])


KINDS = {"M4": Kind(_still_true, _handed_over)}
