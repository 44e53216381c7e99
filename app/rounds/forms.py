"""What people type in a date round."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, time

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField, TimeField
from wtforms.validators import Length, Optional

from app.networks.forms import day
from app.networks.models import Network
from app.rounds.models import WORDS, CandidateDate
from app.text import clean, one_line

MOST = 120  # days in one round


class RoundForm(FlaskForm):
    """Days are boxes to tick, with one hour for all of them, and a few more to type, each with its own.

    `days` are those that were meant, {day: hour if there is one}.
    """

    until = day(_l("Last day to answer"), required=True)
    note = TextAreaField(_l("A few words above the dates"), filters=[clean], validators=[Length(max=1000)])
    starts = TimeField(_l("These days start at"), validators=[Optional()])
    days: Mapping[date, time | None] = {}
    trouble = ""

    def good(self, network: Network, year: int, today: date) -> bool:
        """Whether all is filled in; `trouble` says in one sentence what is wrong with the days."""
        fine = self.validate()
        ticked = dict.fromkeys(_days(request.form.getlist("day")), self.starts.data)
        typed = zip(request.form.getlist("own-day"), request.form.getlist("own-starts"), strict=False)
        self.days = {**ticked, **{day: hour for text, at in typed for day, hour in _timed(text, at)}}
        if self.until.data and self.until.data < today:
            self.until.errors = [_("This day is past.")]
            fine = False
        self.trouble = self._wrong_days(network, year, today)
        return fine and not self.trouble

    def _wrong_days(self, network: Network, year: int, today: date) -> str:
        if not self.days:
            return _("Tick at least one day, or type one.")
        if any(network.year_of(each) != year or each <= today for each in self.days):
            return _("Choose days in %(year)s that are not past.", year=network.year_name(year))
        return _("At most %(number)s days at once.", number=MOST) if len(self.days) > MOST else ""


def _timed(day: str, at: str) -> Iterable[tuple[date, time | None]]:
    """A typed day with its hour; nothing without a day."""
    with suppress(ValueError):
        meant = date.fromisoformat(day)
        yield meant, _hour(at)


def _hour(text: str) -> time | None:
    with suppress(ValueError):
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - an hour on whatever day
    return None


def _days(texts: Iterable[str]) -> Iterable[date]:
    for text in texts:
        with suppress(ValueError):  # an empty field
            yield date.fromisoformat(text)


def answers(dates: Iterable[CandidateDate]) -> dict[int, str]:
    """{candidate date: word} as posted; what is not ticked is not there. One button says yes to all."""
    if request.form.get("all") == "yes":
        return {candidate.id: "yes" for candidate in dates}
    said = {candidate.id: request.form.get(f"date-{candidate.id}", "") for candidate in dates}
    return {number: word for number, word in said.items() if word in WORDS}


class RemarkForm(FlaskForm):
    """What somebody adds to their answers."""

    remark = StringField(_l("Something the manager should know?"), filters=[one_line], validators=[Length(max=200)])
