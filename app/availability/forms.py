"""When somebody cannot, as a manager types it."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, ValidationError

from app.networks.forms import day, text

WEEKDAYS = [
    SelectChoice("", _l("every day of the period")),
    SelectChoice("0", _l("Mondays")),
    SelectChoice("1", _l("Tuesdays")),
    SelectChoice("2", _l("Wednesdays")),
    SelectChoice("3", _l("Thursdays")),
    SelectChoice("4", _l("Fridays")),
]


class AbsenceForm(FlaskForm):
    first = day(_l("From"))
    last = day(_l("Until and including"))
    weekday = SelectField(_l("On"), choices=WEEKDAYS)
    only = SelectField(
        _l("What"), choices=[SelectChoice("", _l("cannot come")), SelectChoice("host", _l("the room is closed"))]
    )
    reason = text(_l("Reason"), 200)

    def validate_last(self, field: SelectField) -> None:
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(_l("The last day lies before the first."))

    def validate_weekday(self, field: SelectField) -> None:
        if not field.data and not (self.first.data and self.last.data):
            raise ValidationError(_l("Give a first and a last day, or choose a weekday."))


class ClosedPeriodForm(FlaskForm):
    name = text(_l("Name"), 100, required=True)
    first = day(_l("From"), required=True)
    last = day(_l("Until and including"), required=True)
    source = text(_l("Where this comes from"), 200)

    def validate_last(self, field: SelectField) -> None:
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(_l("The last day lies before the first."))
