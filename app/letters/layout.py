"""How every letter is put together.

A letter is sections of plain values; two templates, text and HTML, lay out the same sections. Whoever writes one does
it inside `speaking(person)`, so that every sentence is in that person's language.
"""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import Any

from babel import Locale
from flask import current_app, has_request_context
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import escape
from sqlalchemy import column, select, table

from app.batch import once
from app.config import LANGUAGES
from app.edge.web import absolute
from app.extensions import db
from app.mail.kind_of_mail import Letter
from app.mail.models import Message
from app.people.links import personal_token, unsubscribe_token
from app.people.models import LOCALES, Person


@dataclass(frozen=True)
class Item:
    """A line of a list; `own` stands out, `link` opens a page with this line chosen."""

    text: str
    own: bool = False
    link: str = ""


@dataclass(frozen=True)
class YearMark:
    """A meeting on the strip of a year: the day of the month, initials of the host and of who prepares."""

    day: int
    host: str  # nobody's when it is online
    preparers: str
    colour: str
    own: bool


@dataclass(frozen=True)
class Section:
    """One subject of a mail. `button`: (label, link). A mail has one button: the first section's."""

    sentences: Sequence[str] = ()
    moment: tuple[str, str] | None = None  # day and time of what it is about: the title of the page; also among `facts`
    facts: Sequence[tuple[str, str]] = ()
    list_title: str = ""
    items: Sequence[Item] = ()
    year: Sequence[tuple[str, Sequence[YearMark]]] = ()  # twelve months; the items say the same in words
    button: tuple[str, str] | None = None
    links: Sequence[tuple[str, str]] = ()  # beside the button, each with a choice made that the page's button confirms
    roles: Sequence[str] = ()
    closing: Sequence[str] = ()
    heading: str = ""  # shown when a mail has more than one section


@dataclass(frozen=True)
class Frame:
    """What surrounds the sections: from whom, who answers, why."""

    why: str
    name: str = "Toerbeurt"  # of the network, above everything
    sender: tuple[str, str] | None = None
    answers: tuple[Person, ...] = ()  # who has the replies
    participant: bool = False  # such mails can be stopped
    urgent: bool = False
    role: str = "participant"  # whose help page stands at the foot
    outside: bool = False  # to a stranger, who has nothing here to change
    by_link: bool = True  # whether this address may open the reader's own pages

    @property
    def answering(self) -> list[str]:
        """Whom a reply reaches, as people know them: by name, by address who has none."""
        return [person.name or person.email or "" for person in self.answers]


@dataclass(frozen=True)
class Stranger:
    """Whom a mail goes to who is no person here: nothing of theirs is behind a link but what the mail is about."""

    name: str
    email: str
    language: str

    @property
    def locale(self) -> str:
        return LOCALES[self.language]


@dataclass(frozen=True)
class Page:
    """A letter that is ready but for what is personal: one serves all who read the same in the same language."""

    subject: str
    text: str
    html: str
    stop: str | None
    frame: Frame


LEGAL = {"imprint": _l("Imprint"), "privacy": _l("Privacy"), "accessibility": _l("Accessibility")}
LEGAL_TEXTS = table("legal_text", column("kind"), column("text"))
LANGUAGE_NAMES = {code: Locale(code).display_name for code in LANGUAGES}  # each in itself: who reads no other finds it
# Where a page has room for what is personal. Nobody can write these words: each process makes its own.
GREETED, TOKEN, STOP = (f"{word}-{token_hex(16)}" for word in ("greeted", "token", "stop"))


def speaking(person: Person | Stranger) -> AbstractContextManager[None]:
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


def personal_page(about: int | None = None, **chosen: str | int) -> str:
    """The link to the reader's own page, at the meeting it is about; an answer or a topic is chosen but not given.

    With what is chosen goes the meeting's `version`: once it has been changed, the link is old.
    """
    place = {"_anchor": f"meeting-{about}"} if about else {}
    choice = {"meeting": about, **chosen} if chosen else {}
    return personal_link("portfolio.personal", "portfolio.mine", **place, **choice)


def personal_link(endpoint: str, signed_in: str, **values: Any) -> str:
    """A page of the reader's own. In a request a letter is only looked at, by somebody else: no token then."""
    if has_request_context():
        return absolute(signed_in, **values)
    return absolute(endpoint, token=TOKEN, **values)


def own_page(endpoint: str, *, slug: str, **values: Any) -> str:
    """A page that stands in its network and below the reader's link alike (`access.own`)."""
    if has_request_context():
        return absolute(endpoint, slug=slug, **values)
    return absolute(f"{endpoint}_by_link", token=TOKEN, **values)


def network_page(endpoint: str, *, slug: str, **values: object) -> str:
    """A page of one network that stands below the reader's link alike (`access.own_network`)."""
    return personal_link(f"{endpoint}_by_link", endpoint, slug=slug, **values)


def write(
    person: Person, subject: str, sections: Sequence[Section], frame: Frame, notes: Sequence[str | None]
) -> Letter:
    """The letter of these sections to this person. Call it inside `speaking(person)`."""
    return fill(lay_out(subject, sections, frame, notes), person)


def write_to_stranger(
    stranger: Stranger, subject: str, sections: Sequence[Section], frame: Frame, notes: Sequence[str | None] = ()
) -> Letter:
    """The letter of these sections to somebody who has no page here. Call it inside `speaking(stranger)`."""
    page = lay_out(subject, sections, replace(frame, outside=True), notes)
    who = stranger.name or stranger.email
    return Letter(
        to=(stranger.name, stranger.email),
        subject=page.subject,
        text=page.text.replace(GREETED, who),
        html=page.html.replace(GREETED, escape(who)),
        language=stranger.language,
        sender=frame.sender,
        reply_to=tuple(pair(person) for person in frame.answers),
        urgent=frame.urgent,
    )


def lay_out(subject: str, sections: Sequence[Section], frame: Frame, notes: Sequence[str | None] = ()) -> Page:
    """The sections as text and as HTML, in the language spoken now."""
    context = {
        "language": get_locale().language,
        "who": GREETED,
        "sections": sections,
        "frame": frame,
        "notes": [note for note in notes if note],
        "foot": _foot(frame),
        "subject": subject,
    }
    text, html = _laid_out("mail/letter.txt", context), _laid_out("mail/letter.html", context)
    stop = absolute("mail.unsubscribe", token=STOP) if frame.participant else None
    return Page(subject, text, html, stop, frame)


def _foot(frame: Frame) -> list[tuple[str, str]]:
    """What a reader may change, each with the choice made that the page's Save confirms: less mail, language, data."""
    spoken = get_locale().language
    about = [(str(LEGAL[kind]), absolute("public.legal", about=kind, lang=spoken)) for kind in legal_kinds()]
    if frame.outside:
        return about
    return [
        (_("Fewer mails"), _mails(frame, wants_mail="no")),
        *((name, _mails(frame, language=code)) for code, name in LANGUAGE_NAMES.items() if code != spoken),
        (_("My data"), absolute("privacy.my_data")),
        *about,
        (_("Help"), absolute("help.show", role=frame.role)),
    ]


def legal_kinds() -> list[str]:
    """Which legal texts of the site are written."""
    written = once(
        ("legal",), lambda: set(db.session.scalars(select(LEGAL_TEXTS.c.kind).where(LEGAL_TEXTS.c.text != "")))
    )
    return [kind for kind in LEGAL if kind in written]


def _mails(frame: Frame, **chosen: str) -> str:
    if frame.by_link:
        return personal_link("people.mails_by_link", "people.preferences", **chosen)
    return absolute("people.preferences", **chosen)


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
        reply_to=tuple(pair(person) for person in frame.answers),
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
