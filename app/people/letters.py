"""How every letter is put together, and the sign-in mail.

A letter is sections of plain values; two templates, text and HTML, lay out the same sections. Whoever writes one does
it inside `speaking(person)`, so that every sentence is in that person's language.
"""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from flask import current_app, has_request_context
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from markupsafe import escape

from app.extensions import db
from app.mail.letter import Kind, Letter
from app.mail.links import unsubscribe_token
from app.mail.models import Message
from app.people.links import address_token, personal_token, sign_in_secrets
from app.people.models import AddressChange, Person, SignInLink
from app.web import absolute


@dataclass(frozen=True)
class Item:
    """A line of a list; `own` stands out, `link` opens a page with this line chosen."""

    text: str
    own: bool = False
    link: str = ""


@dataclass(frozen=True)
class Section:
    """One subject of a mail. `button`: (label, link). A mail has one button: the first section's."""

    sentences: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    list_title: str = ""
    items: Sequence[Item] = ()
    button: tuple[str, str] | None = None
    links: Sequence[tuple[str, str]] = ()  # beside the button, each with a choice made that the page's button confirms
    roles: Sequence[str] = ()
    closing: Sequence[str] = ()
    heading: str = ""  # shown when a mail has more than one section


@dataclass(frozen=True)
class Frame:
    """What surrounds the sections: from whom, who answers, why."""

    why: str
    sender: tuple[str, str] | None = None
    manager: Person | None = None
    participant: bool = False  # such mails can be stopped
    urgent: bool = False


@dataclass(frozen=True)
class Page:
    """A letter that is ready but for what is personal: one serves all who read the same in the same language."""

    subject: str
    text: str
    html: str
    stop: str | None
    frame: Frame


# Where a page has room for what is personal. Nobody can write these words: each process makes its own.
GREETED, TOKEN, STOP = (f"{word}-{token_hex(16)}" for word in ("greeted", "token", "stop"))


def speaking(person: Person) -> AbstractContextManager[None]:
    """Everything said inside is in the person's language."""
    return force_locale(str(person.locale))


def recipient(message: Message) -> Person | None:
    """Whom the message is for, as long as there is an address."""
    person = db.session.get(Person, message.person_id)
    return person if person is not None and person.email else None


def addressee(message: Message) -> Person:
    person = recipient(message)
    assert person is not None, "still_true comes before render"
    return person


def pair(person: Person) -> tuple[str, str]:
    """Display name and address."""
    return person.name, person.email or ""


def personal_page(about: int | None = None, **chosen: str) -> str:
    """The link to the reader's own page, at the meeting it is about; an answer or a topic is chosen but not given."""
    place = {"_anchor": f"meeting-{about}"} if about else {}
    choice = {"meeting": about, **chosen} if chosen else {}
    return personal_link("portfolio.personal", "portfolio.mine", **place, **choice)


def personal_link(endpoint: str, signed_in: str, **values: Any) -> str:
    """A page of the reader's own. In a request a letter is only looked at, by somebody else: no token then."""
    if has_request_context():
        return absolute(signed_in, **values)
    return absolute(endpoint, token=TOKEN, **values)


def write(
    person: Person, subject: str, sections: Sequence[Section], frame: Frame, notes: Sequence[str | None]
) -> Letter:
    """The letter of these sections to this person. Call it inside `speaking(person)`."""
    return fill(lay_out(subject, sections, frame, notes), person)


def lay_out(subject: str, sections: Sequence[Section], frame: Frame, notes: Sequence[str | None] = ()) -> Page:
    """The sections as text and as HTML, in the language spoken now."""
    context = {
        "language": get_locale().language,
        "who": GREETED,
        "sections": sections,
        "frame": frame,
        "notes": [note for note in notes if note],
        "preferences": absolute("people.preferences"),
        "subject": subject,
    }
    text, html = _laid_out("mail/letter.txt", context), _laid_out("mail/letter.html", context)
    stop = absolute("mail.unsubscribe", token=STOP) if frame.participant else None
    return Page(subject, text, html, stop, frame)


def fill(page: Page, person: Person) -> Letter:
    """The page with this person's name and links put in."""
    frame, who, token = page.frame, greeted(person), personal_token(person)
    return Letter(
        to=pair(person),
        subject=page.subject,
        text=page.text.replace(GREETED, who).replace(TOKEN, token),
        html=page.html.replace(GREETED, escape(who)).replace(TOKEN, token),
        language=person.language,
        sender=frame.sender,
        reply_to=pair(frame.manager) if frame.manager and frame.manager.email else None,
        unsubscribe=page.stop.replace(STOP, unsubscribe_token(person.id)) if page.stop else None,
        urgent=frame.urgent,
    )


def greeted(person: Person) -> str:
    """The name after the greeting: first name, or the whole name with its title where people say u or Sie."""
    if person.first_name and not person.addressed_formally:
        return person.first_name
    return f"{person.title} {person.name}".strip() if person.name else person.email or ""


def _laid_out(template: str, context: dict[str, Any]) -> str:
    text = current_app.jinja_env.get_template(template).render(context).strip()
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"


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
        frame = Frame(_("You get this mail because somebody asked to sign in with your address."))
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
        frame = Frame(_("You get this mail because somebody signed in as you asked for a new address."))
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
