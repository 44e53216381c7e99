"""What somebody wrote to an address of the program, passed on to who can answer (X3)."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from app.extensions import db
from app.letters.layout import Frame, Section, addressee, recipient, speaking, write
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.networks.letters import frame
from app.networks.models import Network


def _true(message: Message, now: datetime) -> bool:
    return recipient(message) is not None


def _passed_on(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, given = addressee(message), message.params
    network = db.session.get(Network, message.network_id) if message.network_id else None
    with speaking(person):
        why = _("You get this mail because answers to mails of this site are read by nobody else.")
        around = frame(network, why, answered=False) if network else Frame(why)
        facts = [(_("From"), given["sender"]), (_("Subject"), given["subject"])]
        lines = [line for line in given["text"].splitlines() if line.strip()]
        section = Section(
            sentences=[_("This came to the mailbox of the site. Nobody has answered it.")],
            facts=[(label, text) for label, text in facts if text],
            closing=lines[:60],
        )
        subject = _("Passed on: %(subject)s", subject=given["subject"] or _("a mail without a subject"))
        return write(person, subject, [section], around, [message.note])


KINDS = {"X3": Kind(_true, _passed_on)}
