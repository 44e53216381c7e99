"""Mails about calendar links: a manager ended them (F1), or new keys end them in thirty days (F2)."""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import format_date
from flask_babel import gettext as _

from app.calendars.links import all_current
from app.letters.layout import Frame, Section, addressee, personal_link, recipient, speaking, write
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message


def _true(message: Message, now: datetime) -> bool:
    """Who has made a new one since knows it already."""
    person = recipient(message)
    return person is not None and (message.kind == "F2" or not all_current(person))


def _ended(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person = addressee(message)
    with speaking(person):
        if message.kind == "F2":
            day = format_date(date.fromisoformat(message.params["until"]), "full")
            said = _(
                "Whoever runs this site has made new keys: the address your calendar reads its dates from ends on "
                "%(day)s.",
                day=day,
            )
        else:
            said = _("The address your calendar read its dates from is no longer used: somebody else may have had it.")
        section = Section(
            sentences=[said, _("Subscribe once more, and take the old calendar away.")],
            button=(_("Subscribe again"), personal_link("calendars.subscribe", "calendars.mine")),
        )
        frame = Frame(_("You get this mail because you put the dates into your own calendar."))
        return write(person, _("Your calendar needs a new address"), [section], frame, [message.note])


KINDS = {kind: Kind(_true, _ended) for kind in ("F1", "F2")}
