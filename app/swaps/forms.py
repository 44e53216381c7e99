"""Whom to ask, for which turn in return."""

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import DataRequired, ValidationError

from app.networks.forms import text
from app.planning.forms import Ticks
from app.publishing.ways_out import Option
from app.swaps.queries import Partner

USUALLY = timedelta(days=3)


class AskForm(FlaskForm):
    """Ticks: "12-34" = organisation 12 with its turn at meeting 34 in return, "12-0" = it covers."""

    wanted = Ticks(_l("Whom do you ask?"))
    words = text(_l("A few words to them, if you like"), 300)

    def offer(self, partners: tuple[Partner, ...]) -> None:
        """Only these can be ticked."""
        turns = [f"{each.organisation.id}-{turn.meeting_id}" for each in partners for turn in each.turns]
        self.wanted.choices = [(value, value) for value in (*turns, *(f"{p.organisation.id}-0" for p in partners))]

    @property
    def chosen(self) -> list[tuple[int, int | None]]:
        pairs = [value.split("-") for value in self.wanted.data or ()]
        return [(int(organisation), int(meeting) or None) for organisation, meeting in pairs]


class FirstForm(FlaskForm):
    """Organisations a manager asks before giving one of them a turn, and the day by which they answer."""

    wanted = Ticks(_l("Whom do you ask?"), coerce=int)
    until = DateField(_l("Please answer by"), validators=[DataRequired(_l("Please fill in a day."))])
    words = text(_l("A few words to them, if you like"), 300)

    def offer(self, options: tuple[Option, ...], today: date, meeting: date) -> None:
        """Only these can be ticked, and an answer has to come before the meeting."""
        self.wanted.choices = [(o.organisation.id, o.organisation.name) for o in options if o.organisation]
        self.first, self.last = today + timedelta(days=1), meeting - timedelta(days=1)
        if not self.until.raw_data:
            self.until.data = min(today + USUALLY, self.last)

    def validate_wanted(self, field: Ticks) -> None:
        if not field.data:
            raise ValidationError(_l("Tick at least one."))

    def validate_until(self, field: DateField) -> None:
        if not self.first <= field.data <= self.last:
            raise ValidationError(_l("A day from tomorrow on, before the meeting."))
