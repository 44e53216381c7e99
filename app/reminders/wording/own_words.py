"""A manager's own words in the mails of a network's ladder: a subject, how a mail begins, how it ends.

Facts stand in such words as fields, {day}, and are filled in when the mail leaves. The fields are these and no others;
whatever else stands between braces is refused in the form, and left as it stands by a mail.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.batch import once
from app.extensions import db
from app.meetings.letters import from_to, where
from app.networks.letters import full_day, short_day
from app.reminders.models import MailText
from app.reminders.queries import opener
from app.reminders.subject_lines import SUBJECTS, About

FIELD = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True)
class Place:
    """A field as people write it, what it says in a text, and in a subject where there is less room."""

    word: Any
    said: Callable[[About], str]
    short: Callable[[About], str]
    only: str = ""  # the one kind of mail that has it


def _time(about: About) -> str:
    return from_to(about.meeting.local_start, about.meeting.local_end)


def _topic(about: About) -> str:
    return about.meeting.topic or _("a topic still to be chosen")


def _organisation(about: About) -> str:
    organisation = opener(about.meeting)
    return organisation.name if organisation else where(about.meeting)


def _town(about: About) -> str:
    host = about.meeting.host
    return host.town or host.name if host else where(about.meeting)


def _number(about: About) -> str:
    return str(about.expected)


PLACES = {
    "day": Place(_l("{day}"), lambda about: full_day(about.meeting.day), lambda about: about.d),
    "time": Place(_l("{time}"), _time, lambda about: about.time),
    "topic": Place(_l("{topic}"), _topic, _topic),
    "network": Place(_l("{network}"), lambda about: about.network, lambda about: about.network),
    "organisation": Place(_l("{organisation}"), _organisation, _organisation),
    "place": Place(_l("{place}"), lambda about: where(about.meeting), _town),
    "number": Place(_l("{number}"), _number, _number),
    "deadline": Place(
        _l("{deadline}"), lambda about: full_day(about.deadline), lambda about: short_day(about.deadline), "P3"
    ),
}


def places_of(kind: str) -> dict[str, Place]:
    return {name: place for name, place in PLACES.items() if place.only in ("", kind)}


def text_of(network_id: int, kind: str) -> MailText | None:
    return texts_of(network_id).get(kind)


def texts_of(network_id: int) -> dict[str, MailText]:
    """{kind: own words} of a network, read once for all mails of one go."""

    def read() -> dict[str, MailText]:
        rows = db.session.scalars(select(MailText).where(MailText.network_id == network_id))
        return {row.kind: row for row in rows}

    return once(("texts", network_id), read)


def kept(text: str, kind: str) -> str:
    """What is stored of what was typed: each field by its name, in whatever language it was written."""
    names = {str(place.word): name for name, place in places_of(kind).items()}
    return FIELD.sub(lambda found: f"{{{names.get(_word(found), found[1].strip().lower())}}}", text)


def _word(found: re.Match[str]) -> str:
    return f"{{{found[1].strip().lower()}}}"


def typed(text: str, kind: str) -> str:
    """What was stored as the reader of a page writes it."""
    places = places_of(kind)
    return FIELD.sub(lambda found: str(places[found[1]].word) if found[1] in places else found[0], text)


def unknown(text: str, kind: str) -> str:
    """The first thing of a stored text that is no field: its name in braces, or a brace that stands alone."""
    places = places_of(kind)
    found = next((each[0] for each in FIELD.finditer(text) if each[1] not in places), "")
    alone = re.search("[{}]", FIELD.sub("", text))
    return found or (alone[0] if alone else "")


def said(name: str, about: About) -> str:
    return PLACES[name].said(about)


def subject(about: About) -> str:
    own = about.own.subject if about.own else ""
    return _filled(own, about, lambda place: place.short) or SUBJECTS[about.kind](about)


def beginning(about: About, usual: str = "") -> list[str]:
    """The manager's first words, or the usual ones."""
    return _words(about.own.opening if about.own else "", about) or _none_empty([usual])


def end(about: About) -> list[str]:
    return _words(about.own.closing if about.own else "", about)


def _words(own: str, about: About) -> list[str]:
    return _none_empty([_filled(own, about, lambda place: place.said)])


def _none_empty(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if text]


def _filled(text: str, about: About, way: Callable[[Place], Callable[[About], str]]) -> str:
    places = places_of(about.kind)
    return FIELD.sub(lambda found: way(places[found[1]])(about) if found[1] in places else found[0], text)
