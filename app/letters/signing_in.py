"""The mails about a person's own way in: the link to sign in, a change of address (A1 to the old, A2 to the new one),
a new link to their page (A5)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _

from app.edge.web import absolute
from app.extensions import db
from app.letters.layout import Frame, Section, addressee, personal_page, recipient, speaking, write
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.people.links import address_token, sign_in_secrets
from app.people.models import AddressChange, SignInLink


def _sign_in_true(message: Message, now: datetime) -> bool:
    link = db.session.get(SignInLink, message.params["link_id"])
    return recipient(message) is not None and link is not None and link.used_at is None and link.expires_at > now


def _sign_in(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, link = addressee(message), db.session.get_one(SignInLink, message.params["link_id"])
    secret, code = sign_in_secrets(link)
    with speaking(person):
        section = Section(
            sentences=[_("Press the button to sign in. It works once, for 20 minutes.")],
            button=(_("Sign in"), absolute("people.open_link", secret=secret)),
            closing=[
                _("Or type this code on the page where you asked: %(code)s", code=f"{code[:4]} {code[4:]}"),
                _("Did you not ask for this? Then you need not do anything."),
            ],
        )
        frame = Frame(_("You get this mail because somebody asked to sign in with your address."), by_link=False)
        return write(person, _("Your sign-in link"), [section], frame, [message.note])


def _change_true(message: Message, now: datetime) -> bool:
    change = db.session.get(AddressChange, message.params["change_id"])
    if recipient(message) is None or change is None:
        return False
    asked = message.params.get("to", change.email) == change.email
    return asked and (change.new_confirmed_at if message.kind == "A2" else change.old_confirmed_at) is None


def _new_address(messages: Sequence[Message], now: datetime) -> Letter:
    """To the old address (A1) and to the new one (A2): each confirms the change by its own link."""
    message = messages[0]
    person, change = addressee(message), db.session.get_one(AddressChange, message.params["change_id"])
    side = "new" if message.kind == "A2" else "old"
    with speaking(person):
        sentence = _("Your mails are to go to %(address)s from now on.", address=change.email)
        section = Section(
            sentences=[sentence, _("Both addresses confirm this: press the button in both mails.")],
            button=(_("Confirm"), absolute("people.open_address", token=address_token(change, side))),
            closing=[_("Did you not ask for this? Then do not press it, and nothing changes.")],
        )
        frame = Frame(_("You get this mail because somebody signed in as you asked for a new address."), by_link=False)
        letter = write(person, _("Please confirm your new address"), [section], frame, [message.note])
    return replace(letter, to=(person.name, change.email)) if side == "new" else letter


def _reachable(message: Message, now: datetime) -> bool:
    return recipient(message) is not None


def _new_link(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person = addressee(message)
    with speaking(person):
        section = Section(
            sentences=[_("The link you opened was old. This one opens your page.")],
            button=(_("Open my page"), personal_page()),
            closing=[_("Did you not ask for this? Then you need not do anything.")],
        )
        frame = Frame(_("You get this mail because somebody opened an old link from one of your mails."))
        return write(person, _("A new link to your page"), [section], frame, [message.note])


KINDS = {
    "sign_in": Kind(_sign_in_true, _sign_in),
    "A1": Kind(_change_true, _new_address),
    "A2": Kind(_change_true, _new_address),
    "A5": Kind(_reachable, _new_link),
}
