"""What people type in a date round."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from app.networks.forms import day
from app.rounds.models import WORDS, CandidateDate
from app.text import clean

MOST = 120  # days in one round


class RoundForm(FlaskForm):
    """Days are boxes to tick, and a few more to type; `days` are those that were meant."""

    until = day(_l("Last day to answer"), required=True)
    note = TextAreaField(_l("A few words above the dates"), filters=[clean], validators=[Length(max=1000)])
    days: tuple[date, ...] = ()
    trouble = ""

    def good(self, year: int, today: date) -> bool:
        """Whether all is filled in; `trouble` says in one sentence what is wrong with the days."""
        fine = self.validate()
        self.days = tuple(sorted(set(_days(request.form.getlist("day")))))
        if self.until.data and self.until.data < today:
            self.until.errors = [_("This day is past.")]
            fine = False
        self.trouble = self._wrong_days(year, today)
        return fine and not self.trouble

    def _wrong_days(self, year: int, today: date) -> str:
        if not self.days:
            return _("Tick at least one day, or type one.")
        if any(each.year != year or each <= today for each in self.days):
            return _("Choose days in %(year)s that are not past.", year=year)
        return _("At most %(number)s days at once.", number=MOST) if len(self.days) > MOST else ""


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
