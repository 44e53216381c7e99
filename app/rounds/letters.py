"""The mails of a date round: the question (R1), and a reminder to those who are silent (R2)."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.extensions import db
from app.letters.layout import Item, Section, addressee, personal_link, recipient, speaking, write
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.networks.letters import frame, full_day, member_why
from app.rounds.models import CandidateDate, DateRound
from app.rounds.queries import asked, open_dates

SHOWN = 30  # days listed in a mail; the page has them all


def _round(message: Message) -> DateRound | None:
    return db.session.get(DateRound, message.params["round_id"])


def _true(message: Message, now: datetime) -> bool:
    """Open, still a member, and something left to answer: whoever has answered hears no more."""
    person, row = recipient(message), _round(message)
    if person is None or row is None or row.closed_at is not None:
        return False
    today = now.astimezone(row.network.zone).date()
    members = {each.id for member in asked(row, today) for each in member.people}
    return person.id in members and bool(open_dates(row, person.id))


def _said(candidate: CandidateDate) -> str:
    """The day, with its hour when people are asked about one."""
    if candidate.starts is None:
        return full_day(candidate.day)
    return _("%(day)s, from %(time)s", day=full_day(candidate.day), time=f"{candidate.starts:%H:%M}")


def _question(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, row = addressee(message), db.session.get_one(DateRound, message.params["round_id"])
    dates = open_dates(row, person.id)
    names = {"network": row.network.name, "year": row.network.year_name(row.year)}
    with speaking(person):
        if message.kind == "R2":
            subject = _("Still open: your dates for %(network)s in %(year)s", **names)
        elif message.params.get("asked", row.asked) > 1:
            subject = _("More dates for %(network)s in %(year)s: which suit you?", **names)
        else:
            subject = _("%(network)s in %(year)s: which dates suit you?", **names)
        count = ngettext("One date waits for your answer.", "%(num)s dates wait for your answer.", len(dates))
        section = Section(
            sentences=[count, _("Please answer until %(day)s; it takes two minutes.", day=full_day(row.until))],
            items=[Item(_said(candidate)) for candidate in dates[:SHOWN]],
            button=(
                _("Say which dates suit me"),
                personal_link("rounds.by_link", "rounds.mine", number=row.id),
            ),
            closing=[_("A date is set only when the year is published.")],
        )
        return write(person, subject, [section], frame(row.network, member_why(row.network)), [message.note, row.note])


KINDS = {"R1": Kind(_true, _question), "R2": Kind(_true, _question)}
